"""What the field is for that a person is at, said in the head of the form."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication, QWidget

from cnnstudio.gui.fields.row import FieldRow
from cnnstudio.gui.pages.builder.form.header import FormHeader


class FieldHelp(QObject):
    """Follows the mouse, or else the keyboard, through the rows of a form."""

    def __init__(self, form: QWidget, header: FormHeader) -> None:
        super().__init__(form)
        self._header = header
        self._pointed: FieldRow | None = None
        self._focused: FieldRow | None = None
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._on_focus_changed)

    @Slot(object)
    def point_at(self, row: FieldRow | None) -> None:
        """The mouse is over that row now, or over none."""
        self._pointed = row
        self._show()

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        # A menu or another window takes the keyboard for a moment only.
        if now is not None:
            self._focused = self._row_around(now)
            self._show()

    def _row_around(self, widget: QWidget) -> FieldRow | None:
        around: QWidget | None = widget
        while around is not None and not isinstance(around, FieldRow):
            around = around.parentWidget()
        return around if around is not None and self._form().isAncestorOf(around) else None

    def _show(self) -> None:
        row = self._pointed or self._focused
        is_shown = row is not None and row.isVisibleTo(self._form())
        self._header.show_help(row.setting if row is not None and is_shown else None)

    def _form(self) -> QWidget:
        # Asked for, not kept: a form that is held by its own part is not freed when it goes.
        form = self.parent()
        assert isinstance(form, QWidget)
        return form
