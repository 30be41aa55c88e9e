"""One plot of a training: the training line, the validation line, and a star on the best epoch."""

from dataclasses import dataclass
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.train.curve import Curve, thinned
from cnnstudio.gui.train.legend import LegendKey
from cnnstudio.gui.train.plot_style import calm, dress_axis, dress_line
from cnnstudio.gui.train.scale import Scale, epochs_shown, tick_step, y_range
from cnnstudio.gui.widgets.labels import label

MAX_BATCH_POINTS = 700
"""Points drawn of a per-batch line; more than pixels only cost time."""
MAX_EPOCH_POINTS = 300
"""Points drawn of an epoch line: thick lines are dear."""
MAX_SYMBOLS = 60
"""Epochs up to which each has a symbol; beyond, symbols would touch and hide the line."""
_HINT = "Thin line: batches. Point, or press ← →, to read an epoch."
_THIN_LINE = (
    "The thin line is one batch after the other, or the mean of a few. "
    "The first batches leave the plot once epochs can be compared."
)
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


@dataclass(frozen=True, eq=False)
class Lines:
    """What one plot shows of a run of `epochs` epochs; `best` is the epoch that gets the star."""

    batches: Curve
    train: Curve
    validation: Curve
    epochs: int
    best: int | None
    is_over: bool

    @property
    def last(self) -> int:
        """The newest complete epoch; 0 before there is one."""
        return int(self.train.xs[-1]) if len(self.train) else 0


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
        self._lines = Lines(Curve(), Curve(), Curve(), 1, None, False)
        self._read: int | None = None
        self._plot = pg.PlotWidget(self)
        self.reading = label(_HINT, "hint", self)
        self.reading.setToolTip(_THIN_LINE)
        self.reading.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        calm(self._plot)
        self._make_items()
        self._lay_out()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._connect()
        self._on_theme_changed()
        self.show_lines(self._lines)

    def show_lines(self, lines: Lines) -> None:
        """Draw these lines instead of those before."""
        self._lines = lines
        self._batch_item.setData(*thinned(lines.batches, MAX_BATCH_POINTS), connect="finite")
        symbols = lines.last <= MAX_SYMBOLS
        for item, curve, symbol in (
            (self._train_item, lines.train, "o"),
            (self._validation_item, lines.validation, "s"),
        ):
            item.setData(
                *thinned(curve, MAX_EPOCH_POINTS), connect="finite", symbol=symbol if symbols else None
            )
        self._fit()
        self._show_star()
        self.show_reading(self._read)

    def show_reading(self, epoch: int | None) -> None:
        """Put the crosshair on an epoch and say its values; an epoch without values takes it away."""
        values = None if epoch is None else self._values(epoch)
        self._read = epoch if values is not None else None
        self._cross.setVisible(values is not None)
        self.reading.setText(_HINT if epoch is None or values is None else self._sentence(epoch, *values))
        if self._read is not None:
            self._cross.setPos(self._read)
        self.setAccessibleDescription(self.reading.text())

    @property
    def star(self) -> tuple[float, float] | None:
        """Where the star stands: epoch and value."""
        xs, ys = self._star_item.getData()
        return (float(xs[0]), float(ys[0])) if xs is not None and len(xs) else None

    @property
    def points(self) -> tuple[int, int, int]:
        """How many points are drawn: of the batches, of training and of validation epochs."""
        drawn = (item.getData()[0] for item in (self._batch_item, self._train_item, self._validation_item))
        batches, train, validation = (0 if xs is None else len(xs) for xs in drawn)
        return batches, train, validation

    def place_of(self, epoch: float, value: float) -> QPointF:
        """Where a point is drawn, in pixels of this widget."""
        scene = self._plot.getPlotItem().vb.mapViewToScene(QPointF(epoch, value))
        return QPointF(self._plot.mapTo(self, self._plot.mapFromScene(scene)))

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

    def _make_items(self) -> None:
        item = self._plot.getPlotItem()
        self._batch_item = self._plot.plot()
        self._train_item = self._plot.plot(symbolSize=6, antialias=True)
        self._validation_item = self._plot.plot(symbolSize=6, antialias=True)
        self._cross = pg.InfiniteLine(angle=90, movable=False)
        item.addItem(self._cross, ignoreBounds=True)
        self._star_item = self._plot.plot(pen=None, symbol="star", symbolSize=18, antialias=True)
        self._star_text = pg.TextItem()
        item.addItem(self._star_text, ignoreBounds=True)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(14)
        head.addWidget(label(self._title, "heading", self))
        head.addStretch(1)
        for name, color, mark in self._key_rows():
            head.addWidget(LegendKey(self._theme, name, color, mark, self))
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 11, 14, 8)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.reading)
        column.addWidget(self._plot, 1)

    def _key_rows(self) -> tuple[tuple[str, str, Any], ...]:
        train, validation = self._names
        return (
            (train, "train", "circle"),
            (validation, "validation", "square"),
        )

    def _connect(self) -> None:
        self._plot.scene().sigMouseMoved.connect(self._on_mouse_moved)
        self._plot.scene().sigMouseClicked.connect(self._on_mouse_clicked)
        self._theme.changed.connect(self._on_theme_changed)

    def _values(self, epoch: int) -> tuple[float, float] | None:
        train, validation = self._lines.train.at(epoch), self._lines.validation.at(epoch)
        return None if train is None or validation is None else (train, validation)

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

    def _fit(self) -> None:
        lines, item = self._lines, self._plot.getPlotItem()
        passed = float(lines.batches.xs[-1]) if len(lines.batches) else 0.0
        shown = epochs_shown(lines.epochs, max(passed, lines.last), lines.is_over)
        low, high = y_range(lines.batches, (lines.train, lines.validation), self._scale)
        item.setXRange(0, shown, padding=0.03)
        item.setYRange(low, high, padding=0)
        step = tick_step(shown)
        item.getAxis("bottom").setTickSpacing(step, step)

    def _show_star(self) -> None:
        best = self._lines.best
        value = None if best is None else self._lines.validation.at(best)
        self._star_text.setVisible(value is not None)
        if best is None or value is None:
            self._star_item.setData([], [])
            return
        self._star_item.setData([best], [value])
        self._star_text.setText(f"best: epoch {best:,}")
        self._star_text.setAnchor(self._anchor(best, value))
        self._star_text.setPos(best, value)

    def _anchor(self, x: float, y: float) -> tuple[float, float]:
        """Keeps the star's text inside the plot: on the side of the star where there is room."""
        (left, right), (bottom, top) = self._plot.getPlotItem().viewRange()
        across, up = (x - left) / (right - left), (y - bottom) / (top - bottom)
        beside = 0.0 if across < 0.2 else 1.0 if across > 0.8 else 0.5
        return beside, -0.45 if up > 0.5 else 1.45

    @Slot(object)
    def _on_mouse_moved(self, place: QPointF) -> None:
        item = self._plot.getPlotItem()
        inside = item.vb.sceneBoundingRect().contains(place)
        epoch = round(item.vb.mapSceneToView(place).x())
        self._read_epoch(min(max(epoch, 1), self._lines.last) if inside and self._lines.last else None)

    @Slot(object)
    def _on_mouse_clicked(self, click: Any) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        star = self.star
        if not click.double() or star is None:
            return
        view = self._plot.getPlotItem().vb
        distance = view.mapViewToScene(QPointF(*star)) - click.scenePos()
        if distance.manhattanLength() <= self._theme.scaled(24):
            self.best_opened.emit()

    @Slot()
    def _on_theme_changed(self) -> None:
        theme = self._theme
        self._plot.setBackground(theme.color("panel"))
        for name in ("left", "bottom"):
            dress_axis(self._plot.getPlotItem().getAxis(name), theme)
        self._batch_item.setPen(QPen(theme.color("train", 0.35), 0))
        dress_line(self._train_item, theme.color("train"), Qt.PenStyle.SolidLine)
        dress_line(self._validation_item, theme.color("validation"), Qt.PenStyle.DashLine)
        self._star_item.setSymbolBrush(theme.color("warning"))
        self._star_item.setSymbolPen(pg.mkPen(theme.color("panel"), width=1))
        self._star_text.setColor(theme.color("text"))
        self._star_text.setFont(theme.font(11))
        self._cross.setPen(QPen(theme.color("outline"), 0))
        style = {"color": theme.color("text3").name(), "font-size": f"{theme.scaled(11)}px"}
        self._plot.getPlotItem().setLabel("bottom", "epoch", **style)
        self.update()
