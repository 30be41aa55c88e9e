"""A row for each field of a frozen model."""

from collections.abc import Callable, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError
from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnnstudio.core.forms.draft import Draft
from cnnstudio.core.forms.field_values import reason_of
from cnnstudio.core.forms.fields import Setting
from cnnstudio.core.forms.model_settings import TYPE, settings_of
from cnnstudio.gui.fields.row import FieldRow
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.section import MORE, Section


class ModelRows(QWidget):
    """The fields of a model, one below the other; what the model refuses is said below its field.

    `apply` gets the name of the field a person changed and the whole changed model, on every keystroke or
    click that gives one; once the model refuses one, the model from before the gesture. It is given as a
    bound method of a QObject and not kept alive. Fields that are `without` a row are edited elsewhere; with
    a `theme`, those that are seldom set are folded away.

    Signals:
        edited(str, object): what `apply` gets.
        finished(): the gesture is over; the next edit is another step.
    """

    edited = Signal(str, object)
    finished = Signal()

    def __init__(
        self,
        model: type[BaseModel],
        make_row: Callable[[Setting], FieldRow],
        apply: Callable[[str, Any], object],
        gap: int = 0,
        parent: QWidget | None = None,
        without: frozenset[str] = TYPE,
        theme: Theme | None = None,
    ) -> None:
        super().__init__(parent)
        self._draft = Draft[BaseModel | None](None)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(gap)
        self.rows = {setting.name: make_row(setting) for setting in settings_of(model, without)}
        self.more: Section | None = None
        for row in self.rows.values():
            row.edited.connect(self._on_edited)
            row.taken_back.connect(self._on_taken_back)
            row.finished.connect(self._on_finished)
        seldom = [row for row in self.rows.values() if theme is not None and row.setting.advanced]
        for row in self.rows.values():
            if row not in seldom:
                self._column.addWidget(row)
        if theme is not None and seldom:
            self.more = self._folded(seldom, theme)
        self.edited.connect(apply)

    def _folded(self, rows: Sequence[FieldRow], theme: Theme) -> Section:
        content = QWidget(self)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self._column.spacing())
        for row in rows:
            column.addWidget(row)
        section = Section(theme, MORE, content, self)
        self._column.addWidget(section)
        return section

    def show_model(self, value: BaseModel, afresh: bool = False) -> None:
        """Show a model; only what differs from what is shown unless `afresh`."""
        shown = self._draft.value
        if afresh or value != shown:
            # What `apply` was given comes back within the gesture, and does not begin another.
            self._draft.show(value)
        for name, row in self.rows.items():
            one = getattr(value, name)
            if afresh or shown is None or one != getattr(shown, name):
                row.show_values([one])

    def insert_below(self, name: str, widget: QWidget) -> None:
        """Put a widget between the row of that field and the next."""
        self._column.insertWidget(self._column.indexOf(self.rows[name]) + 1, widget)

    @Slot(str, object)
    def _on_edited(self, name: str, value: object) -> None:
        model = self._draft.value
        assert model is not None
        try:
            changed = type(model).model_validate({**dict(model), name: value})
        except ValidationError as error:
            reason = reason_of(error)
            if self._draft.refuse(reason):
                self.edited.emit(name, self._draft.value)
            self.rows[name].show_reason(reason)
            return
        if self._draft.take(changed):
            self.edited.emit(name, changed)

    @Slot(str)
    def _on_taken_back(self, name: str) -> None:
        self.rows[name].show_values([getattr(self._draft.value, name)])

    @Slot(str)
    def _on_finished(self, _name: str) -> None:
        self._draft.end()
        self.finished.emit()
