"""How large the stack is shown."""

from PySide6.QtCore import QObject, QPointF, Signal
from PySide6.QtWidgets import QGraphicsView

STEPS = (0.5, 0.67, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0)
SMALLEST_FIT = 0.15
NOTCH = 120


class Zoom(QObject):
    """Scales a view between 50 and 200%; `changed` follows every change of the scale."""

    changed = Signal()

    def __init__(self, view: QGraphicsView) -> None:
        super().__init__(view)
        self._view = view
        self._turned = 0
        self._is_fitted = False

    @property
    def scale(self) -> float:
        """1.0 is as designed."""
        return self._view.transform().m11()

    @property
    def can_grow(self) -> bool:
        """Whether a larger step is left."""
        return self.scale < STEPS[-1] - 1e-6

    @property
    def can_shrink(self) -> bool:
        """Whether a smaller step is left."""
        return self.scale > STEPS[0] + 1e-6

    def step(self, direction: int, at: QPointF | None = None) -> None:
        """Go to the next step, larger for 1 and smaller for -1; the scene point `at` stays where it is."""
        if direction > 0:
            nearest = next((step for step in STEPS if step > self.scale + 1e-6), STEPS[-1])
        else:
            nearest = next((step for step in reversed(STEPS) if step < self.scale - 1e-6), STEPS[0])
        self.set_scale(nearest, at)

    def turn(self, angle: int, at: QPointF) -> None:
        """The wheel turned by eighths of a degree; fine wheels and touchpads need several turns a step."""
        self._turned += angle
        steps = int(self._turned / NOTCH)
        self._turned -= steps * NOTCH
        for _ in range(abs(steps)):
            self.step(1 if steps > 0 else -1, at)

    def reset(self) -> None:
        """Back to 100%."""
        self.set_scale(1.0)

    def forget_fit(self) -> None:
        """Back to 100 % where a fit chose the scale, which is meant for one network; else it stays."""
        if self._is_fitted or self.scale < STEPS[0] - 1e-6:
            self.reset()

    @property
    def fitting_scale(self) -> float:
        """The scale at which the whole stack is seen."""
        rect, port = self._view.sceneRect(), self._view.viewport().size()
        return min(port.width() / rect.width(), port.height() / rect.height())

    def fit(self) -> None:
        """Show the whole stack; the one place that goes below 50%."""
        self.set_scale(max(SMALLEST_FIT, min(self.fitting_scale, 1.0)))
        self._is_fitted = True
        self._view.centerOn(self._view.sceneRect().center())

    def set_scale(self, scale: float, at: QPointF | None = None) -> None:
        """Show the stack at a scale."""
        self._is_fitted = False
        if abs(scale - self.scale) < 1e-6:
            return
        view = self._view
        fixed = view.mapToScene(view.viewport().rect().center()) if at is None else at
        before = view.mapFromScene(fixed)
        view.resetTransform()
        view.scale(scale, scale)
        self.changed.emit()
        drift = view.mapFromScene(fixed) - before
        view.horizontalScrollBar().setValue(view.horizontalScrollBar().value() + drift.x())
        view.verticalScrollBar().setValue(view.verticalScrollBar().value() + drift.y())
