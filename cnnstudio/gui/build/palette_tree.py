"""The layer types as a tree of families, drawn with icon tiles."""

import html
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QDrag, QFont, QKeyEvent, QPainter, QPen, QPixmap, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from cnnstudio.core.layers import LAYER_BY_TYPE, Family, Layer
from cnnstudio.gui.build.catalogue import FAMILY_TITLES, addable_types, by_family, summary, type_name
from cnnstudio.gui.build.mime import layer_mime
from cnnstudio.gui.build.stack.card import card_pixmap
from cnnstudio.gui.build.stack.content import SMALL_FAMILIES, Content
from cnnstudio.gui.build.stack.ink import Ink
from cnnstudio.gui.build.stack.looks import SHADOW_REACH
from cnnstudio.gui.theme.fonts import MEDIUM, SEMIBOLD
from cnnstudio.gui.theme.theme import Theme

_TYPE = Qt.ItemDataRole.UserRole
_FAMILY = Qt.ItemDataRole.UserRole + 1
_FOLDED_AT_FIRST: tuple[Family, ...] = ("preprocessing", "augmentation")
_ROW, _HEADING = 35, 36
_TILE = 26
_SMOOTH = QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform

Index = QModelIndex | QPersistentModelIndex


class PaletteTree(QTreeView):
    """Families that fold, with their layers below them; layers can be dragged out.

    Signals: chosen(str) with the type of a layer that was double-clicked or confirmed by a key,
    left_upwards() when the up arrow leaves the first row.
    """

    chosen = Signal(str)
    left_upwards = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setModel(_model(self))
        self.setItemDelegate(_Delegate(theme, self))
        self._set_up()
        self._unfold()
        self.activated.connect(self._on_activated)
        self.clicked.connect(self._on_clicked)
        theme.changed.connect(self._on_theme_changed)

    def show_only(self, types: tuple[type[Layer], ...] | None) -> None:
        """Show these types, all unfolded; `None` shows every type."""
        wanted = None if types is None else {type_name(layer) for layer in types}
        model, root = self.model(), QModelIndex()
        for row in range(model.rowCount(root)):
            family = model.index(row, 0, root)
            shown = [
                wanted is None or model.index(at, 0, family).data(_TYPE) in wanted
                for at in range(model.rowCount(family))
            ]
            for at, is_shown in enumerate(shown):
                self.setRowHidden(at, family, not is_shown)
            self.setRowHidden(row, root, not any(shown))
            if wanted is not None:
                self.expand(family)

    def mark_first(self) -> None:
        """Put the keyboard on the first layer that is shown."""
        index = self.model().index(0, 0, QModelIndex())
        if self.isRowHidden(0, QModelIndex()):
            index = self.indexBelow(index)
        while index.isValid() and index.data(_TYPE) is None:
            index = self.indexBelow(index)
        self.setCurrentIndex(index)

    def startDrag(self, actions: Qt.DropAction) -> None:
        """Drag the marked layer as a card."""
        name = self.currentIndex().data(_TYPE)
        if name is None:
            return
        drag = QDrag(self)
        drag.setMimeData(layer_mime(name))
        picture = drag_picture(LAYER_BY_TYPE[name], self._theme, self.devicePixelRatioF())
        drag.setPixmap(picture)
        drag.setHotSpot(QPoint(SHADOW_REACH + 30, SHADOW_REACH + 30))
        drag.exec(Qt.DropAction.CopyAction)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, index = Qt.Key(event.key()), self.currentIndex()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._confirm(index)
        elif key == Qt.Key.Key_Up and not self.indexAbove(index).isValid():
            self.left_upwards.emit()
        else:
            super().keyPressEvent(event)

    def _unfold(self) -> None:
        for row in range(self.model().rowCount()):
            index = self.model().index(row, 0)
            self.setExpanded(index, index.data(_FAMILY) not in _FOLDED_AT_FIRST)

    def _set_up(self) -> None:
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setMouseTracking(True)
        self.setExpandsOnDoubleClick(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Layers by family")

    def _confirm(self, index: Index) -> None:
        """Add a layer, or fold a family."""
        self._on_activated(index)
        self._on_clicked(index)

    @Slot(QModelIndex)
    def _on_activated(self, index: Index) -> None:
        if (name := index.data(_TYPE)) is not None:
            self.chosen.emit(name)

    @Slot(QModelIndex)
    def _on_clicked(self, index: Index) -> None:
        if index.isValid() and index.data(_TYPE) is None:
            self.setExpanded(index, not self.isExpanded(index))

    @Slot()
    def _on_theme_changed(self) -> None:
        self.scheduleDelayedItemsLayout()
        self.viewport().update()


def drag_picture(layer: type[Layer], theme: Theme, dpr: float) -> QPixmap:
    """The card that follows the pointer while a layer of this type is dragged."""
    content = Content(
        name=layer.title,
        family=layer.family,
        icon=layer.icon,
        about=FAMILY_TITLES[layer.family],
        shape="",
        parameters="",
        is_small=layer.family in SMALL_FAMILIES,
    )
    return card_pixmap(content, theme, dpr)


def _model(parent: QObject) -> QStandardItemModel:
    model = QStandardItemModel(parent)
    for family, layers in by_family(addable_types()).items():
        heading = _item(FAMILY_TITLES[family], "", None, family)
        heading.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        for layer in layers:
            heading.appendRow(_item(layer.title, summary(layer), type_name(layer), family))
        model.appendRow(heading)
    return model


def _item(text: str, about: str, type_name: str | None, family: Family) -> QStandardItem:
    item = QStandardItem(text)
    item.setEditable(False)
    item.setData(type_name, _TYPE)
    item.setData(family, _FAMILY)
    item.setToolTip(f"<qt>{html.escape(about)}</qt>" if about else "")
    item.setData(about, Qt.ItemDataRole.AccessibleDescriptionRole)
    return item


class _Delegate(QStyledItemDelegate):
    """Paints families as headings with an arrow, layers as an icon tile with a title."""

    def __init__(self, theme: Theme, parent: QTreeView) -> None:
        super().__init__(parent)
        self._theme, self._tree = theme, parent

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, self._theme.scaled(_HEADING if index.data(_TYPE) is None else _ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHints(_SMOOTH)
        look = _look(option)
        self._paint_ground(painter, look)
        ink = Ink(painter, self._theme, self._tree.devicePixelRatioF())
        if index.data(_TYPE) is None:
            self._paint_heading(ink, look.rect, index)
        else:
            self._paint_layer(ink, look.rect, index)
        painter.restore()

    def _paint_ground(self, painter: QPainter, look: "_Look") -> None:
        theme = self._theme
        if look.is_marked or look.is_hovered:
            painter.setPen(QPen(theme.color("accent"), 2) if look.has_focus else QPen(Qt.PenStyle.NoPen))
            painter.setBrush(theme.color("accent_soft" if look.is_marked else "hover"))
            painter.drawRoundedRect(look.rect.adjusted(1, 1, -1, -1), 8, 8)

    def _paint_heading(self, ink: Ink, rect: QRectF, index: Index) -> None:
        scaled = self._theme.scaled
        name = "chevron-down" if self._tree.isExpanded(index) else "chevron-right"
        text = rect.adjusted(scaled(4), scaled(6), -scaled(26), 0)
        ink.icon(name, "text3", QPointF(rect.right() - scaled(16), text.center().y()), 13)
        ink.left(text, str(index.data()).upper(), _overline(self._theme), "text3")

    def _paint_layer(self, ink: Ink, rect: QRectF, index: Index) -> None:
        theme, scaled = self._theme, self._theme.scaled
        layer = LAYER_BY_TYPE[index.data(_TYPE)]
        side = scaled(_TILE)
        tile = QRectF(rect.left() + scaled(5), rect.center().y() - side / 2, side, side)
        ink.painter.setPen(Qt.PenStyle.NoPen)
        ink.painter.setBrush(theme.tile_color(layer.family))
        ink.painter.drawRoundedRect(tile, 7, 7)
        ink.icon(layer.icon, layer.family, tile.center(), 15)
        text = rect.adjusted(scaled(5) + side + scaled(11), 0, -scaled(6), 0)
        ink.left(text, layer.title, theme.font(13, MEDIUM), "text")


@dataclass(frozen=True, slots=True)
class _Look:
    rect: QRectF
    is_marked: bool
    is_hovered: bool
    has_focus: bool


def _look(option: Any) -> _Look:
    # The type stubs leave out the fields of QStyleOption that hold rectangle and state.
    state = option.state
    return _Look(
        QRectF(option.rect),
        bool(state & QStyle.StateFlag.State_Selected),
        bool(state & QStyle.StateFlag.State_MouseOver),
        bool(state & QStyle.StateFlag.State_HasFocus),
    )


def _overline(theme: Theme) -> QFont:
    font = QFont(theme.font(11, SEMIBOLD))
    font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.6)
    return font
