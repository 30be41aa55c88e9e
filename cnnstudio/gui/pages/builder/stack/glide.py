"""Moves many items to their new places at once, with one animation."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QEasingCurve, QObject, QVariantAnimation, Slot
from PySide6.QtWidgets import QGraphicsObject

from cnnstudio.gui.theme.theme import Theme


class Glide(QVariantAnimation):
    """Carries items along y; `on_step` is called after every step. Its time is `theme.animation_ms`."""

    def __init__(self, theme: Theme, on_step: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._theme, self._on_step = theme, on_step
        self._ways: dict[QGraphicsObject, tuple[float, float]] = {}
        self.setStartValue(0.0)
        self.setEndValue(1.0)
        self.setEasingCurve(QEasingCurve.Type.OutCubic)
        self.valueChanged.connect(self._on_value)
        self.finished.connect(self._on_finished)

    def go(self, targets: Mapping[QGraphicsObject, float]) -> None:
        """Bring each item to its y; items that were on their way to another place turn around."""
        self.stop()
        ways = {item: (item.y(), end) for item, (_, end) in self._ways.items() if item not in targets}
        ways |= {item: (item.y(), y) for item, y in targets.items()}
        self._ways = ways
        if self._theme.animation_ms <= 0:
            self.finish()
        elif ways:
            self.setDuration(self._theme.animation_ms)
            self.start()

    def finish(self) -> None:
        """Put everything where it belongs, now."""
        self.stop()
        self._move(1.0)
        self._ways.clear()

    def carries(self, item: QGraphicsObject) -> bool:
        """Whether an item is on its way."""
        return item in self._ways

    def drop(self, item: QGraphicsObject) -> None:
        """Forget an item that leaves the scene."""
        self._ways.pop(item, None)

    def _move(self, share: float) -> None:
        for item, (start, end) in self._ways.items():
            item.setY(start + (end - start) * share)
        if self._ways:
            self._on_step()

    @Slot(object)
    def _on_value(self, share: Any) -> None:
        self._move(float(share))

    @Slot()
    def _on_finished(self) -> None:
        self._ways.clear()
