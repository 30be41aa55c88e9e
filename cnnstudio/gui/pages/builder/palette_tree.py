"""The layer types as a tree of families, drawn with icon tiles."""

import html

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPoint,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QDrag, QKeyEvent, QPixmap, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QTreeView,
    QWidget,
)

from cnnstudio.core.layers import LAYER_BY_TYPE, Layer, Section
from cnnstudio.core.layers.catalogue import FAMILY_TITLES, addable_types, by_section, summary, type_name
from cnnstudio.gui.pages.builder.mime import layer_mime
from cnnstudio.gui.pages.builder.palette_delegate import TYPE_ROLE, Index, PaletteDelegate
from cnnstudio.gui.pages.builder.stack.card import card_pixmap
from cnnstudio.gui.pages.builder.stack.content import SMALL_FAMILIES, Content
from cnnstudio.gui.pages.builder.stack.looks import SHADOW_REACH
from cnnstudio.gui.theme.theme import Theme

_SECTION = Qt.ItemDataRole.UserRole + 1
_FOLDED_AT_FIRST: tuple[Section, ...] = (
    "preprocessing",
    "augmentation",
    "recurrent",
    "attention",
    "volume",
)


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
        self.setItemDelegate(PaletteDelegate(theme, self))
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
                wanted is None or model.index(at, 0, family).data(TYPE_ROLE) in wanted
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
        while index.isValid() and index.data(TYPE_ROLE) is None:
            index = self.indexBelow(index)
        self.setCurrentIndex(index)

    def startDrag(self, actions: Qt.DropAction) -> None:
        """Drag the marked layer as a card."""
        name = self.currentIndex().data(TYPE_ROLE)
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
            self.setExpanded(index, index.data(_SECTION) not in _FOLDED_AT_FIRST)

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
        if (name := index.data(TYPE_ROLE)) is not None:
            self.chosen.emit(name)

    @Slot(QModelIndex)
    def _on_clicked(self, index: Index) -> None:
        if index.isValid() and index.data(TYPE_ROLE) is None:
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
        details="",
        shape="",
        parameters="",
        is_small=layer.family in SMALL_FAMILIES,
    )
    return card_pixmap(content, theme, dpr)


def _model(parent: QObject) -> QStandardItemModel:
    model = QStandardItemModel(parent)
    for section, layers in by_section(addable_types()).items():
        heading = _item(FAMILY_TITLES[section], "", None, section)
        heading.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        for layer in layers:
            heading.appendRow(_item(layer.title, summary(layer), type_name(layer), section))
        model.appendRow(heading)
    return model


def _item(text: str, about: str, type_name: str | None, section: Section) -> QStandardItem:
    item = QStandardItem(text)
    item.setEditable(False)
    item.setData(type_name, TYPE_ROLE)
    item.setData(section, _SECTION)
    item.setToolTip(f"<b>{html.escape(text)}</b><br>{html.escape(about)}" if about else "")
    item.setData(about, Qt.ItemDataRole.AccessibleDescriptionRole)
    return item
