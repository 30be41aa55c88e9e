"""The kernel gallery: every filter of a convolution as a tile."""

from typing import cast

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QListView, QVBoxLayout, QWidget

from cnnstudio.engine.interpret.gallery import Scale
from cnnstudio.engine.interpret.loaded import LoadedWeight, kernel_choice
from cnnstudio.gui.pages.inspector.scale_bar import ScaleBar
from cnnstudio.gui.pages.inspector.views.kernel_tiles import TileDelegate, TileModel
from cnnstudio.gui.pages.inspector.views.pager import Pager
from cnnstudio.gui.pages.inspector.views.view import ViewKind, WeightView
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.labels import label
from cnnstudio.gui.widgets.segmented import Segmented
from cnnstudio.gui.widgets.spin import IntSpin

PAGE = 256
_MEAN = -1
_BATCH = 128


class KernelGallery(WeightView):
    """Tiles of one input channel, or of the mean over all; arrow keys choose a filter.

    `kernel_chosen` fires for the chosen tile, also when the channel changes.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._weight: LoadedWeight | None = None
        self.channel = IntSpin(_MEAN, 0, name="Input channel", parent=self)
        self.scale = Segmented((("kernel", "Each kernel"), ("layer", "Whole layer")), "Color range", self)
        self.list = QListView(self)
        self.tiles = TileModel(self)
        self.legend = ScaleBar(theme, self)
        self.pager = Pager(theme, PAGE, "filters", self)
        self._set_up()
        self._lay_out()
        self._connect()

    def show_weight(self, weight: LoadedWeight) -> None:
        """Show another layer's kernels; filter and channel stay where the layer has them."""
        assert weight.filters is not None
        again = self._weight is not None and self._weight.filters is not None
        chosen = self.tiles.first + self.list.currentIndex().row() if again else 0
        self._weight = weight
        self._show_channels(weight.filters.shape[3])
        count = len(weight.filters)
        chosen = chosen if again and 0 <= chosen < count else 0
        self.pager.set_count(count, chosen)
        self._show_page(chosen)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_tiles()

    def channel_value(self) -> int | None:
        """The input channel whose slices are shown, None for the mean over all."""
        return None if self.channel.value() == _MEAN else self.channel.value()

    def choose(self, unit: int) -> None:
        """Choose a filter, on whichever page it is; one that the layer does not have is none."""
        if self._weight is not None and self._weight.filters is not None and unit < len(self._weight.filters):
            self.pager.show_item(unit)
            self._show_page(unit)

    def _set_up(self) -> None:
        self.channel.setValue(0)
        self.channel.setPrefix("Channel ")
        self.channel.setToolTip("Which input channel's slice of each filter is shown; below 0, their mean")
        self.scale.setToolTip("The number that gets the strongest color: each kernel's own, or the layer's")
        view = self.list
        view.setModel(self.tiles)
        self._delegate = TileDelegate(self._theme, self.tiles, view)
        view.setItemDelegate(self._delegate)
        view.setViewMode(QListView.ViewMode.IconMode)
        view.setMovement(QListView.Movement.Static)
        view.setResizeMode(QListView.ResizeMode.Adjust)
        view.setUniformItemSizes(True)
        view.setLayoutMode(QListView.LayoutMode.Batched)
        view.setBatchSize(_BATCH)
        view.setMouseTracking(True)
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        view.setAccessibleName("Kernels of the layer")

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(8)
        tools.addWidget(self.channel)
        tools.addStretch(1)
        tools.addWidget(label("Colors from", "secondary", self))
        tools.addWidget(self.scale)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self.legend, 1)
        foot.addWidget(self.pager)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(tools)
        column.addWidget(self.list, 1)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.channel.valueChanged.connect(self._on_shown_changed)
        self.scale.chosen.connect(self._on_shown_changed)
        self.pager.page_changed.connect(self._on_page_changed)
        self.list.selectionModel().currentChanged.connect(self._on_current_changed)
        self._theme.changed.connect(self._on_theme_changed)

    def _show_channels(self, channels: int) -> None:
        self.channel.blockSignals(True)
        self.channel.setRange(_MEAN if channels > 1 else 0, channels - 1)
        self.channel.setSpecialValueText(f"Mean of {channels}" if channels > 1 else "")
        self.channel.setVisible(channels > 1)
        self.channel.blockSignals(False)

    def _show_page(self, chosen: int) -> None:
        if self._weight is None:
            return
        scale = cast("Scale", self.scale.value())
        self.tiles.show_page(self._weight, self.channel_value(), scale, self.pager.first, PAGE)
        self._fit_tiles()
        index = self.tiles.index(chosen - self.tiles.first, 0)
        self.list.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.list.scrollTo(index)

    @Slot(object)
    def _on_shown_changed(self, _value: object) -> None:
        self._show_page(self.tiles.first + max(self.list.currentIndex().row(), 0))

    @Slot(object)
    def _on_page_changed(self, first: int) -> None:
        self._show_page(first)

    @Slot(QModelIndex, QModelIndex)
    def _on_current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        if self._weight is None or not current.isValid():
            return
        limit = self.tiles.limit(current.row())
        filter_index = self.tiles.first + current.row()
        whole = self.scale.value() == "layer"
        self.legend.show_scale("diverging", (-limit, limit), "layer" if whole else f"filter {filter_index}")
        self.kernel_chosen.emit(kernel_choice(self._weight, filter_index, self.channel_value()))

    def _fit_tiles(self) -> None:
        self._delegate.fit(self.list.contentsRect().size())
        if self.list.gridSize() != self._delegate.tile_size():
            self.list.setGridSize(self._delegate.tile_size())

    @Slot()
    def _on_theme_changed(self) -> None:
        self._fit_tiles()
        self.list.viewport().update()


def _is_kernel(weight: LoadedWeight) -> bool:
    return weight.filters is not None and weight.filters.size > 0


VIEW = ViewKind("Kernels", _is_kernel, KernelGallery)
