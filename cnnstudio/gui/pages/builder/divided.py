"""Two parts with a movable line between them, one of which keeps its size."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from cnnstudio.gui.theme.theme import Theme


def kept_pixels(room: int, designed: int, rest: int, chosen: int = 0) -> int:
    """The pixels of the part that keeps its size, where both have `room` together.

    It has what a person chose; without a choice (0) it has its `designed` pixels, or fewer where the other
    part would have less than `rest`.
    """
    return min(chosen or min(designed, room - rest), room) if room > rest or chosen else room // 2


class Divided(QSplitter):
    """The part at `kept` has its designed pixels, or those a person gave it, and the others the rest.

    All pixels are designed ones: they grow with the text.
    """

    def __init__(
        self,
        theme: Theme,
        orientation: Qt.Orientation,
        kept: int,
        designed: int,
        rest: int,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(orientation, parent)
        self._theme, self._kept, self._designed, self._rest = theme, kept, designed, rest
        self._chosen = 0
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)
        self.splitterMoved.connect(self._on_moved)
        theme.changed.connect(self.share)

    @property
    def chosen(self) -> int:
        """The pixels a person gave to the part; 0 while it has those it was designed with."""
        return self._chosen

    def choose(self, pixels: int) -> None:
        """Give the part these pixels; 0 gives it those it was designed with."""
        self._chosen = pixels
        self.share()

    def set_rest(self, rest: int) -> None:
        """Leave the other part at least so much while a person has not chosen."""
        if rest != self._rest:
            self._rest = rest
            self.share()

    @Slot()
    def share(self) -> None:
        """Share the room anew, as after a part has been shown or hidden."""
        room = self.height() if self.orientation() == Qt.Orientation.Vertical else self.width()
        scaled = self._theme.scaled
        kept = kept_pixels(room, scaled(self._designed), scaled(self._rest), scaled(self._chosen))
        sizes = [max(room - kept - self.handleWidth(), 1)] * self.count()
        if self._kept < len(sizes):
            sizes[self._kept] = kept
            self.setSizes(sizes)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.share()

    @Slot()
    def _on_moved(self) -> None:
        self._chosen = round(self.sizes()[self._kept] / self._theme.text_scale)
