"""What all editors have in common."""

from collections.abc import Callable
from typing import Any, TypeAlias

from msgspec import Struct
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cnnstudio.core.forms.fields import Kind
from cnnstudio.gui.theme.theme import Theme

MIXED = "mixed"
"""What an editor shows while the values that are edited together differ."""


class Editor(QWidget):
    """Shows one value and says what a person makes of it; it never tells of what it was told to show.

    It shows by itself what it tells of: its row does not show it a value that comes back meanwhile.

    Signals:
        edited(object): the new value, on every keystroke or click that gives one; once a text is refused,
            the value from before it was written.
        refused(object): why the text cannot be read, as a sentence; empty once it can be.
        reverted(): the values edited together are to differ again, as they did before the gesture.
        finished(): the gesture is over; the next edit is another step.
    """

    edited = Signal(object)
    refused = Signal(object)
    reverted = Signal()
    finished = Signal()

    details: QWidget | None = None
    """More of the editor, which its row lays out below over the whole width."""

    has_lines = False
    """Whether the editor is several lines high; its title then stands beside the first."""

    def show_value(self, value: Any) -> None:
        """Show a value of the editor's kind."""
        raise NotImplementedError

    def show_mixed(self, value: Any) -> None:
        """Show that the values edited together differ; `value` is the last of them."""
        raise NotImplementedError

    def set_texts(self, name: str, explanation: str) -> None:
        """Name and explain the editor to screen readers, in its tooltip and in What's This."""
        self.setAccessibleName(name)
        self.setAccessibleDescription(explanation)
        self.setToolTip(explanation)
        self.setWhatsThis(explanation)


class EditorContext(Struct, frozen=True):
    """What an editor is made with; `make` gives the editors of its parts.

    With `several`, values that differ may be edited together.
    """

    theme: Theme
    several: bool
    make: "Callable[[Kind, EditorContext], Editor]"


MakeEditor: TypeAlias = Callable[[Any, EditorContext], Editor]


def explain(widget: QWidget, name: str, explanation: str) -> None:
    """Name and explain the widget that takes the keyboard."""
    widget.setAccessibleName(name)
    widget.setAccessibleDescription(explanation)
    widget.setToolTip(explanation)
    widget.setWhatsThis(explanation)
