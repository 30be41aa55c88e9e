"""The layers of a file that hold weights, in the network's order."""

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from cnnstudio.core.values.shape import shown
from cnnstudio.core.values.words import crossed
from cnnstudio.engine.weights import LayerWeights, WeightsFile
from cnnstudio.gui.theme import fonts
from cnnstudio.gui.theme.theme import Theme

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_ROW_PX = 48
_TILE_PX = 30
LAYER_ROLE = Qt.ItemDataRole.UserRole
KERNEL_ROLE = Qt.ItemDataRole.UserRole + 1


class LayerModel(QAbstractListModel):
    """One row per layer; `LAYER_ROLE` is its LayerWeights, `KERNEL_ROLE` whether it has kernels."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layers: tuple[LayerWeights, ...] = ()
        self._with_kernels: frozenset[str] = frozenset()

    def set_file(self, file: WeightsFile) -> None:
        """Show the layers of another file."""
        self.beginResetModel()
        self._layers = tuple(layer for layer in file.layers if layer.weights)
        self._with_kernels = frozenset(kernel.layer for kernel in file.kernels)
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._layers)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        layer = self._layers[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return layer.name
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._description(layer)
            case _ if role == LAYER_ROLE:
                return layer
            case _ if role == KERNEL_ROLE:
                return layer.name in self._with_kernels
        return None

    def preferred_row(self) -> int:
        """The first layer with kernels, else the first."""
        rows = (row for row, layer in enumerate(self._layers) if layer.name in self._with_kernels)
        return next(rows, 0)

    def row_of(self, name: str) -> int | None:
        """Where a layer stands, None when the file has none of that name."""
        return next((row for row, layer in enumerate(self._layers) if layer.name == name), None)

    def _description(self, layer: LayerWeights) -> str:
        weights = "\n".join(f"{weight.name}: {crossed(shown(weight.shape))}" for weight in layer.weights)
        kernels = ", has kernels" if layer.name in self._with_kernels else ""
        return f"{layer.name}{f' ({layer.type})' if layer.type else ''}{kernels}\n{weights}"


class _LayerDelegate(QStyledItemDelegate):
    """Icon tile, name, shapes; a layer with kernels has the grid icon in the convolutions' hue."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, self._theme.scaled(_ROW_PX))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        rect = QRect(option.rect).adjusted(2, 1, -2, -1)
        self._paint_ground(painter, option, rect)
        side = self._theme.scaled(_TILE_PX)
        tile = QRect(rect.left() + 7, rect.center().y() - side // 2, side, side)
        layer = index.data(LAYER_ROLE)
        self._paint_tile(painter, tile, *_looks(layer, bool(index.data(KERNEL_ROLE))))
        self._paint_texts(painter, rect.adjusted(side + 17, 0, -8, 0), layer)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect) -> None:
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if selected or hovered:
            painter.setBrush(self._theme.color("accent_soft" if selected else "hover"))
            painter.drawRoundedRect(rect, 8, 8)
        if selected:
            painter.setBrush(self._theme.color("accent"))
            painter.drawRoundedRect(QRect(rect.left(), rect.top() + 10, 3, rect.height() - 20), 1.5, 1.5)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(self._theme.color("accent"))
            painter.drawRoundedRect(rect, 8, 8)

    def _paint_tile(self, painter: QPainter, tile: QRect, icon: str, family: str) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.tile_color(family))
        painter.drawRoundedRect(tile, 7, 7)
        dpr = painter.device().devicePixelRatioF()
        drawn = self._theme.pixmap(icon, family, 16, dpr)
        size = self._theme.scaled(16)
        place = QRect(0, 0, size, size)
        place.moveCenter(tile.center())
        painter.drawPixmap(place, drawn)

    def _paint_texts(self, painter: QPainter, rect: QRect, layer: LayerWeights) -> None:
        name_font, shape_font = self._theme.font(13, fonts.MEDIUM), self._theme.font(11, tabular=True)
        middle = rect.center().y()
        painter.setFont(name_font)
        painter.setPen(self._theme.color("text"))
        name = QFontMetrics(name_font).elidedText(layer.name, Qt.TextElideMode.ElideMiddle, rect.width())
        upper = QRect(rect.left(), rect.top(), rect.width(), middle - rect.top() + 1)
        painter.drawText(upper, Qt.AlignmentFlag.AlignBottom, name)
        painter.setFont(shape_font)
        painter.setPen(self._theme.color("text2"))
        shapes = ",  ".join(crossed(shown(weight.shape)) for weight in layer.weights)
        shapes = QFontMetrics(shape_font).elidedText(shapes, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect.adjusted(0, middle - rect.top() + 2, 0, 0), Qt.AlignmentFlag.AlignTop, shapes)


def _looks(layer: LayerWeights, has_kernels: bool) -> tuple[str, str]:
    """The icon of a layer and the family that gives its hue: by what it holds, as old files tell no type."""
    if has_kernels:
        return "grid-3x3", "convolution"
    if any(len(weight.shape) > 1 for weight in layer.weights):
        return "table-2", "dense"
    return "chart-column", "normalization"


class LayerList(QListView):
    """Arrow keys fly through the layers; `layer_chosen` carries the LayerWeights that is current now."""

    layer_chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.layers = LayerModel(self)
        self.setModel(self.layers)
        self.setItemDelegate(_LayerDelegate(theme, self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Layers with weights")
        self.selectionModel().currentChanged.connect(self._on_current_changed)
        theme.changed.connect(self._on_theme_changed)

    def show_file(self, file: WeightsFile, *wanted: str) -> None:
        """Show another file's layers; the first of the wanted ones that it has is chosen."""
        self.layers.set_file(file)
        rows = (row for row in map(self.layers.row_of, wanted) if row is not None)
        self.setCurrentIndex(self.layers.index(next(rows, self.layers.preferred_row()), 0))

    def choose(self, name: str) -> None:
        """Choose a layer; nothing changes where the file has none of that name."""
        row = self.layers.row_of(name)
        if row is not None:
            self.setCurrentIndex(self.layers.index(row, 0))

    @Slot(QModelIndex, QModelIndex)
    def _on_current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            self.layer_chosen.emit(current.data(LAYER_ROLE))

    @Slot()
    def _on_theme_changed(self) -> None:
        self.scheduleDelayedItemsLayout()
        self.viewport().update()
