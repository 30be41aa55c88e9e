"""Where the sizes of a layer's output came from, with links to the layers that made them."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QLabel, QWidget

from cnnstudio.core.analysis.origins import Origin
from cnnstudio.core.values.words import with_signs

_Flag = Qt.TextInteractionFlag


class OriginLines(QLabel):
    """A sentence a size; the layer's name in it is a link for the mouse and for Tab and Enter.

    Signals:
        layer_chosen(str): the name of the layer whose link was followed.
    """

    layer_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._origins: tuple[Origin, ...] = ()
        self.setProperty("role", "secondary")
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setTextInteractionFlags(_Flag.LinksAccessibleByMouse | _Flag.LinksAccessibleByKeyboard)
        self.setWordWrap(True)
        self.linkActivated.connect(self._on_link)

    def show_origins(self, origins: Sequence[Origin]) -> None:
        """Show these; hidden while there are none."""
        if tuple(origins) != self._origins:
            self._origins = tuple(origins)
            self.setText("<br>".join(_line(at, one) for at, one in enumerate(origins)))
            self.setAccessibleName(" ".join(f"{with_signs(one.text)}." for one in origins))
        self.setVisible(bool(origins))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        # Qt would give the keyboard to the label first and to a link with the next Tab only.
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.focusNextPrevChild(event.reason() == Qt.FocusReason.TabFocusReason)

    @Slot(str)
    def _on_link(self, link: str) -> None:
        self.layer_chosen.emit(self._origins[int(link)].layer)


def _line(at: int, origin: Origin) -> str:
    before, after = (with_signs(part) for part in origin.around)
    return f'{escape(before)}<a href="{at}">{escape(origin.layer)}</a>{escape(after)}.'
