"""What is drawn in a plot: a thin line of batches, the lines of the epochs, the star, the crosshair."""

import pyqtgraph as pg
from PySide6.QtCore import QObject, QPointF, Qt, Slot
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QWidget

from cnnstudio.engine.runs.curve import Lines, thinned
from cnnstudio.engine.runs.scale import Scale, epochs_shown, tick_step, y_range
from cnnstudio.gui.pages.train.plot_style import calm, dress_axis, dress_line
from cnnstudio.gui.theme.theme import Theme

MAX_BATCH_POINTS = 700
"""Points drawn of a per-batch line; more than pixels only cost time."""
MAX_EPOCH_POINTS = 300
"""Points drawn of an epoch line: thick lines are dear."""
MAX_SYMBOLS = 60
"""Epochs up to which each has a symbol; beyond, symbols would touch and hide the line."""
_STAR_REACH_PX = 24


class Drawing(QObject):
    """The lines of a run on axes; `plot` is what goes into a layout."""

    def __init__(self, scale: Scale, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._scale = theme, scale
        self.plot = pg.PlotWidget(parent)
        calm(self.plot)
        self._make_items()
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def set_scale(self, scale: Scale) -> None:
        """Take another scale for the lines that come."""
        self._scale = scale

    def show_lines(self, lines: Lines) -> None:
        """Draw these lines instead of those before."""
        self._batch_item.setData(*thinned(lines.batches, MAX_BATCH_POINTS), connect="finite")
        symbols = lines.last <= MAX_SYMBOLS
        for item, curve, symbol in (
            (self.train_item, lines.train, "o"),
            (self._validation_item, lines.validation, "s"),
        ):
            item.setData(
                *thinned(curve, MAX_EPOCH_POINTS), connect="finite", symbol=symbol if symbols else None
            )
        self._fit(lines)
        self._show_star(lines)

    def show_cross(self, epoch: int | None) -> None:
        """Put the crosshair on an epoch, or take it away."""
        self._cross.setVisible(epoch is not None)
        if epoch is not None:
            self._cross.setPos(epoch)

    @property
    def star(self) -> tuple[float, float] | None:
        """Where the star stands: epoch and value."""
        xs, ys = self._star_item.getData()
        return (float(xs[0]), float(ys[0])) if xs is not None and len(xs) else None

    @property
    def points(self) -> tuple[int, int, int]:
        """How many points are drawn: of the batches, of training and of validation epochs."""
        drawn = (item.getData()[0] for item in (self._batch_item, self.train_item, self._validation_item))
        batches, train, validation = (0 if xs is None else len(xs) for xs in drawn)
        return batches, train, validation

    def place_of(self, epoch: float, value: float) -> QPointF:
        """Where a point is drawn, in pixels of `plot`."""
        scene = self.plot.getPlotItem().vb.mapViewToScene(QPointF(epoch, value))
        return QPointF(self.plot.mapFromScene(scene))

    def epoch_at(self, place: QPointF) -> int | None:
        """The epoch nearest to a place of the scene; None outside the axes."""
        view = self.plot.getPlotItem().vb
        return round(view.mapSceneToView(place).x()) if view.sceneBoundingRect().contains(place) else None

    def is_on_star(self, place: QPointF) -> bool:
        """Whether a place of the scene is on the star, or close enough for a hand."""
        if self.star is None:
            return False
        distance = self.plot.getPlotItem().vb.mapViewToScene(QPointF(*self.star)) - place
        return bool(distance.manhattanLength() <= self._theme.scaled(_STAR_REACH_PX))

    def _make_items(self) -> None:
        item = self.plot.getPlotItem()
        self._batch_item = self.plot.plot()
        self.train_item = self.plot.plot(symbolSize=6, antialias=True)
        self._validation_item = self.plot.plot(symbolSize=6, antialias=True)
        self._cross = pg.InfiniteLine(angle=90, movable=False)
        item.addItem(self._cross, ignoreBounds=True)
        self._star_item = self.plot.plot(pen=None, symbol="star", symbolSize=18, antialias=True)

    def _fit(self, lines: Lines) -> None:
        item = self.plot.getPlotItem()
        passed = float(lines.batches.xs[-1]) if len(lines.batches) else 0.0
        shown = epochs_shown(lines.epochs, max(passed, lines.last), lines.is_over)
        low, high = y_range(lines.batches, (lines.train, lines.validation), self._scale)
        item.setXRange(0, shown, padding=0.03)
        item.setYRange(low, high, padding=0)
        step = tick_step(shown)
        item.getAxis("bottom").setTickSpacing(step, step)

    def _show_star(self, lines: Lines) -> None:
        best = lines.best
        value = None if best is None else lines.validation.at(best)
        if best is None or value is None:
            self._star_item.setData([], [])
            return
        self._star_item.setData([best], [value])

    @Slot()
    def _on_theme_changed(self) -> None:
        theme, item = self._theme, self.plot.getPlotItem()
        self.plot.setBackground(theme.color("panel"))
        for name in ("left", "bottom"):
            dress_axis(item.getAxis(name), theme)
        self._batch_item.setPen(QPen(theme.color("train", 0.35), 0))
        dress_line(self.train_item, theme.color("train"), Qt.PenStyle.SolidLine)
        dress_line(self._validation_item, theme.color("validation"), Qt.PenStyle.DashLine)
        self._star_item.setSymbolBrush(theme.color("star"))
        self._star_item.setSymbolPen(pg.mkPen(theme.color("panel"), width=1))
        self._cross.setPen(QPen(theme.color("outline"), 0))
        style = {"color": theme.color("text3").name(), "font-size": f"{theme.scaled(11)}px"}
        item.setLabel("bottom", "epoch", **style)
