"""The head of the form: the layer's name, which can be changed in place, its type, and what it does."""

from collections.abc import Sequence
from inspect import getdoc

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from cnnstudio.core.forms.fields import Setting
from cnnstudio.core.layers import Layer
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.labels import label
from cnnstudio.gui.widgets.undo_keys import UndoKeys, claims_undo, is_undo
from cnnstudio.gui.widgets.validity import mark_invalid

_INSET_PX = 5
_LINES = 2
_NAME_STYLE = """
QLineEdit {{ background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 0 2px;
    font-size: {size}px; font-weight: 600; min-height: {height}px; }}
QLineEdit:hover:!read-only {{ border-color: {outline}; }}
QLineEdit:focus:!read-only {{ border: 2px solid {accent}; padding: 0 1px; background: {field}; }}
QLineEdit[invalid="true"] {{ border: 2px solid {danger}; padding: 0 1px; color: {danger}; }}
"""


class NameEdit(QLineEdit):
    """A heading that can be typed over; Escape gives the old text back, and so does undo in its header."""

    given_up = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.isModified():
            self.given_up.emit()
        else:
            super().keyPressEvent(event)


class FormHeader(QWidget):
    """Signals:
    renaming(object): the name as written so far, on every keystroke.
    renamed(object): the name a person settled on.
    """

    renaming = Signal(object)
    renamed = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._name = self._about = ""
        self.name = NameEdit(self)
        self.badge = label("", "pill", self)
        self.reason = label("", "error", self, wrap=True)
        self.about = label("", "secondary", self, wrap=True)
        self.about.setTextFormat(Qt.TextFormat.PlainText)
        self.about.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._lay_out()
        UndoKeys(self.name, self.name)
        self.name.textEdited.connect(self._on_text_edited)
        self.name.editingFinished.connect(self._on_editing_finished)
        self.name.given_up.connect(self._on_given_up)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def show_layers(self, layers: Sequence[Layer]) -> None:
        """Show one layer, or how many layers of one type are edited together."""
        layer, alone = layers[-1], len(layers) == 1
        self._name = layer.name if alone else f"{len(layers)} layers"
        self.name.setReadOnly(not alone)
        self._show_start()
        self.name.setAccessibleName("Name of the layer" if alone else "How many layers are edited together")
        hint = f"{layer.name}\nType to rename the layer" if alone else "A change is made in all of them"
        self.name.setToolTip(hint)
        self.badge.setText(layer.title)
        self._about = about(type(layer))
        self.show_help(None)
        self.show_reason("")

    def show_help(self, setting: Setting | None) -> None:
        """Say what a setting is for, and for none what the layer does."""
        self.about.setText(self._about if setting is None else f"{setting.title}: {setting.help}")

    def show_name(self, name: str) -> None:
        """Show the name of one layer where it is another than the one shown."""
        if name != self._name:
            self._name = name
            self._on_given_up()

    def show_reason(self, reason: str) -> None:
        """Say why the name is refused; an empty text takes that back."""
        self.reason.setText(reason)
        self.reason.setVisible(bool(reason))
        mark_invalid(self.name, bool(reason))

    def event(self, event: QEvent) -> bool:
        if claims_undo(event) and self.name.isModified():
            self._on_given_up()
            # That was what is undone; a redo goes on to the document.
            if is_undo(event):
                event.accept()
                return True
        return super().event(event)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.name, 1)
        row.addWidget(self.badge)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.reason)
        column.addWidget(self.about)
        # In line with the text of the name, which stands inside its frame.
        for text in (self.reason, self.about):
            text.setContentsMargins(_INSET_PX, 0, 0, 0)
        self.reason.hide()

    @Slot(str)
    def _on_text_edited(self, text: str) -> None:
        self.name.setModified(text != self._name)
        self.renaming.emit(text)

    @Slot()
    def _on_editing_finished(self) -> None:
        if self.name.text() != self._name and not self.name.isReadOnly():
            self.renamed.emit(self.name.text())
        self.name.setCursorPosition(0)

    def _show_start(self) -> None:
        self.name.setText(self._name)
        # Otherwise a long name shows its end.
        self.name.setCursorPosition(0)

    @Slot()
    def _on_given_up(self) -> None:
        self._show_start()
        self.show_reason("")

    @Slot()
    def _on_theme_changed(self) -> None:
        tokens, scaled = self._theme.tokens, self._theme.scaled
        # Room for the longest sentence: the fields below shall not move when it changes.
        self.about.setMinimumHeight(_LINES * self.about.fontMetrics().lineSpacing())
        self.name.setStyleSheet(
            _NAME_STYLE.format(
                size=scaled(15),
                height=scaled(26),
                outline=tokens.outline,
                accent=tokens.accent,
                field=tokens.field,
                danger=tokens.danger,
            )
        )


def about(model: type[Layer]) -> str:
    """The first sentence a layer class says of itself."""
    lines = (getdoc(model) or "").partition("\n\n")[0]
    return " ".join(lines.split())
