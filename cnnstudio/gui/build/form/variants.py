"""The editor of a choice with settings of its own, such as an initializer."""

from typing import Any

from pydantic import BaseModel, ValidationError
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnnstudio.core.field_values import reason_of
from cnnstudio.core.fields import Choice, Setting, Variants, settings_of
from cnnstudio.gui.build.form.choices import ComboEditor
from cnnstudio.gui.build.form.editor import Editor, Workshop
from cnnstudio.gui.build.form.row import FieldRow
from cnnstudio.gui.build.form.simple import fill

_INDENT_PX = 12


class VariantsEditor(Editor):
    """A combo box of the models, and below it the fields of the one that is chosen."""

    def __init__(self, kind: Variants, workshop: Workshop) -> None:
        super().__init__()
        self._workshop = workshop
        self._value: BaseModel | None = None
        self._explanation = ""
        none: tuple[object, ...] = (None,) if kind.optional else ()
        self.choice = ComboEditor(Choice((*none, *kind.models)), workshop)
        self.rows: list[FieldRow] = []
        self._box = self.details = QWidget(self)
        self._box.hide()
        self._column = QVBoxLayout(self._box)
        self._column.setContentsMargins(_INDENT_PX, 0, 0, 0)
        self._column.setSpacing(0)
        fill(self, self.choice)
        self.choice.edited.connect(self._on_chosen)

    def show_value(self, value: Any) -> None:
        if type(value) is not type(self._value):
            self._make_rows(value)
        self._value = value
        self.choice.show_value(None if value is None else type(value))
        self._explain()
        for row in self.rows:
            row.show_values([getattr(value, row.setting.name)])

    def show_mixed(self, value: Any) -> None:
        del value
        self._make_rows(None)
        self._value = None
        self.choice.show_mixed(None)

    def set_texts(self, name: str, explanation: str) -> None:
        super().set_texts(name, explanation)
        self._explanation = explanation
        self._explain()

    def _explain(self) -> None:
        about = "" if self._value is None else f" {self._value.__doc__ or ''}"
        self.choice.set_texts(self.accessibleName(), (self._explanation + about).strip())

    def _make_rows(self, value: BaseModel | None) -> None:
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [] if value is None else [self._row(setting) for setting in settings_of(type(value))]
        self._box.setVisible(bool(self.rows))

    def _row(self, setting: Setting) -> FieldRow:
        row = FieldRow(setting, self._workshop, self._box)
        row.edited.connect(self._on_field_edited)
        row.finished.connect(self.finished)
        self._column.addWidget(row)
        return row

    @Slot(object)
    def _on_chosen(self, model: type[BaseModel] | None) -> None:
        value = None if model is None else model()
        self.show_value(value)
        self.edited.emit(value)
        self.finished.emit()

    @Slot(str, object)
    def _on_field_edited(self, name: str, value: object) -> None:
        assert self._value is not None
        try:
            changed = type(self._value).model_validate({**dict(self._value), name: value})
        except ValidationError as error:
            self._row_of(name).show_reason(reason_of(error))
            return
        self._value = changed
        self.edited.emit(changed)

    def _row_of(self, name: str) -> FieldRow:
        return next(row for row in self.rows if row.setting.name == name)
