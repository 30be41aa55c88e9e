"""Scrolls the canvas while something is dragged near its upper or lower edge."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QTimer, Slot
from PySide6.QtWidgets import QAbstractScrollArea

EDGE = 46
_TICK_MS = 16
_FASTEST = 22


class AutoScroll(QObject):
    """Ticks only while the pointer is at an edge; `on_scrolled` is called after each step."""

    def __init__(self, view: QAbstractScrollArea, on_scrolled: Callable[[], None]) -> None:
        super().__init__(view)
        self._view, self._on_scrolled = view, on_scrolled
        self._speed = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self.step)

    @property
    def is_running(self) -> bool:
        """Whether the pointer is at an edge."""
        return self._timer.isActive()

    def follow(self, position: QPoint) -> None:
        """The pointer is here, in the viewport's coordinates."""
        self._speed = speed_at(position.y(), self._view.viewport().height())
        if self._speed and not self._timer.isActive():
            self._timer.start()
        elif not self._speed:
            self._timer.stop()

    def stop(self) -> None:
        """The drag is over."""
        self._timer.stop()

    @Slot()
    def step(self) -> None:
        """Scroll once."""
        bar = self._view.verticalScrollBar()
        bar.setValue(bar.value() + self._speed)
        self._on_scrolled()


def speed_at(y: int, height: int) -> int:
    """Pixels a step, negative upwards: faster the nearer the edge, 0 away from both."""
    over = EDGE - y if y < EDGE else y - (height - EDGE)
    if over <= 0 or height <= 2 * EDGE:
        return 0
    pixels = max(1, min(_FASTEST, round(_FASTEST * over / EDGE)))
    return -pixels if y < EDGE else pixels
