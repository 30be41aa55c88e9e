"""One plot of a training: the training line, the validation line, and a star on the best epoch."""

from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cnnstudio.engine.runs.curve import NO_LINES, Lines
from cnnstudio.engine.runs.scale import Scale
from cnnstudio.gui.pages.train.drawing import Drawing
from cnnstudio.gui.pages.train.legend import LegendKey
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.elided import ElidedLabel
from cnnstudio.gui.widgets.labels import label

_HINT = "Point, or press ← →, to read an epoch."
_THIN_LINE = (
    "The thin line is one batch after the other, or the mean of a few. "
    "The first batches leave the plot once epochs can be compared."
)
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class CurvePlot(QWidget):
    """A titled plot with a legend in words and line styles; `show_lines` redraws it.

    Signals:
        best_opened(): the star was double-clicked, or Enter was pressed on its epoch.
        epoch_read(object): the epoch under the crosshair, None when there is none.
    """

    best_opened = Signal()
    epoch_read = Signal(object)

    def __init__(
        self, title: str, name: str, scale: Scale, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme, self._title, self._scale = theme, title, scale
        self._names = (name, f"val_{name}")
        self._lines = NO_LINES
        self._read: int | None = None
        self.drawing = Drawing(scale, theme, self)
        self.reading = ElidedLabel("hint", parent=self)
        self._lay_out()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._connect()
        self.show_lines(self._lines)

    def show_metric(self, title: str, name: str, scale: Scale) -> None:
        """Be the plot of another metric."""
        self._title, self._scale = title, scale
        self._names = (name, f"val_{name}")
        self._heading.setText(title)
        for key, text in zip(self._keys, self._names, strict=True):
            key.set_name(text)
        self.drawing.set_scale(scale)

    def show_lines(self, lines: Lines) -> None:
        """Draw these lines instead of those before."""
        self._lines = lines
        self.drawing.show_lines(lines)
        self.show_reading(self._read)

    def show_reading(self, epoch: int | None) -> None:
        """Put the crosshair on an epoch and say its values; an epoch without values takes it away."""
        values = None if epoch is None else self._lines.values_at(epoch)
        self._read = epoch if values is not None else None
        self.drawing.show_cross(self._read)
        text = self._hint() if epoch is None or values is None else self._sentence(epoch, *values)
        self.reading.set_text(text, f"{text}\n{_THIN_LINE}")
        self.setAccessibleDescription(text)

    @property
    def star(self) -> tuple[float, float] | None:
        """Where the star stands: epoch and value."""
        return self.drawing.star

    @property
    def points(self) -> tuple[int, int, int]:
        """How many points are drawn: of the batches, of training and of validation epochs."""
        return self.drawing.points

    def place_of(self, epoch: float, value: float) -> QPointF:
        """Where a point is drawn, in pixels of this widget."""
        return QPointF(self.drawing.plot.mapTo(self, self.drawing.place_of(epoch, value).toPoint()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last, best, here = self._lines.last, self._lines.best, self._read
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Right if last:
                step = _STEPS[Qt.Key(event.key())]
                self._read_epoch(best or last if here is None else min(max(here + step, 1), last))
            case Qt.Key.Key_Home if last:
                self._read_epoch(1)
            case Qt.Key.Key_End if last:
                self._read_epoch(last)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if best is not None and here in (None, best):
                self.best_opened.emit()
            case _:
                super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color, width = ("accent", 2) if self.hasFocus() else ("border", 1)
        painter.setPen(QPen(self._theme.color(color), width))
        painter.setBrush(self._theme.color("panel"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 10, 10)
        painter.end()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(14)
        self._heading = label(self._title, "heading", self)
        head.addWidget(self._heading)
        head.addStretch(1)
        self._keys = [LegendKey(self._theme, *row, self) for row in self._key_rows()]
        for key in self._keys:
            head.addWidget(key)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 11, 14, 8)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.reading)
        column.addWidget(self.drawing.plot, 1)

    def _key_rows(self) -> tuple[tuple[str, str, Any], ...]:
        train, validation = self._names
        return (
            (train, "train", "circle"),
            (validation, "validation", "square"),
        )

    def _connect(self) -> None:
        self.drawing.plot.scene().sigMouseMoved.connect(self._on_mouse_moved)
        self.drawing.plot.scene().sigMouseClicked.connect(self._on_mouse_clicked)
        self._theme.changed.connect(self.update)

    def _hint(self) -> str:
        """What the star marks stands here, for beside it words would hide the lines."""
        best = self._lines.best
        return f"Thin line: batches. {_HINT}" if best is None else f"★ best: epoch {best:,}. {_HINT}"

    def _sentence(self, epoch: int, train: float, validation: float) -> str:
        text = self._scale.text
        words = f"Epoch {epoch:,}: {self._names[0]} {text(train)}, {self._names[1]} {text(validation)}"
        best = self._lines.best
        if best == epoch:
            return f"{words} (best)"
        value = None if best is None else self._lines.validation.at(best)
        return words if value is None else f"{words} ({self._scale.distance(validation - value)} to best)"

    def _read_epoch(self, epoch: int | None) -> None:
        if epoch != self._read:
            self.show_reading(epoch)
            self.epoch_read.emit(self._read)

    @Slot(object)
    def _on_mouse_moved(self, place: QPointF) -> None:
        epoch, last = self.drawing.epoch_at(place), self._lines.last
        self._read_epoch(None if epoch is None or not last else min(max(epoch, 1), last))

    @Slot(object)
    def _on_mouse_clicked(self, click: Any) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if click.double() and self.drawing.is_on_star(click.scenePos()):
            self.best_opened.emit()
