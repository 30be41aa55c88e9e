"""Editors of a choice with settings of its own, such as an initializer."""

from functools import partial
from typing import Any

from pydantic import BaseModel
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnnstudio.core.forms.fields import Choice, Variants
from cnnstudio.gui.fields.choices import ComboEditor
from cnnstudio.gui.fields.editor import Editor, EditorContext
from cnnstudio.gui.fields.model_rows import ModelRows
from cnnstudio.gui.fields.row import FieldRow
from cnnstudio.gui.fields.simple import fill

_INDENT_PX = 12


class VariantChoice(ComboEditor):
    """A list of the models; choosing one gives a new value with that model's defaults."""

    def __init__(self, kind: Variants, context: EditorContext) -> None:
        none: tuple[object, ...] = (None,) if kind.optional else ()
        super().__init__(Choice((*none, *kind.models)), context)
        self._kind = kind

    def show_value(self, value: Any) -> None:
        super().show_value(None if value is None else type(value))

    def _chosen(self, entry: Any) -> object:
        return None if entry is None else self._kind.start(entry)


class VariantsEditor(Editor):
    """A list of the models, and below it the fields of the one that is chosen."""

    def __init__(self, kind: Variants, context: EditorContext) -> None:
        super().__init__()
        self._workshop = context
        self._kind = kind
        self._value: BaseModel | None = None
        self._explanation = ""
        self.choice = VariantChoice(kind, context)
        self._fields: ModelRows | None = None
        self._box = self.details = QWidget(self)
        self._box.hide()
        self._column = QVBoxLayout(self._box)
        self._column.setContentsMargins(_INDENT_PX, 0, 0, 0)
        fill(self, self.choice)
        self.choice.edited.connect(self._on_chosen)
        self.choice.finished.connect(self.finished)

    @property
    def rows(self) -> list[FieldRow]:
        """The rows of the chosen model's own fields."""
        return [] if self._fields is None else list(self._fields.rows.values())

    def show_value(self, value: Any) -> None:
        if type(value) is not type(self._value):
            self._make_rows(value)
        self._value = value
        self.choice.show_value(value)
        self._explain()
        if self._fields is not None:
            self._fields.show_model(value, afresh=True)

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
        if self._fields is not None:
            self._column.removeWidget(self._fields)
            self._fields.hide()
            self._fields.deleteLater()
            self._fields = None
        if value is not None:
            make_row = partial(FieldRow, context=self._workshop)
            self._fields = ModelRows(
                type(value),
                make_row,
                self._on_field_edited,
                parent=self._box,
                without=self._kind.hidden,
                theme=self._workshop.theme if self._kind.given else None,
            )
            self._fields.finished.connect(self.finished)
            self._column.addWidget(self._fields)
            # Left to the layout, rows that join a form in sight would be seen a turn of the event loop later.
            self._fields.show()
        self._box.setVisible(bool(self.rows))

    @Slot(object)
    def _on_chosen(self, value: object) -> None:
        self.show_value(value)
        self.edited.emit(value)

    @Slot(str, object)
    def _on_field_edited(self, _name: str, value: BaseModel) -> None:
        self._value = value
        self.edited.emit(value)
