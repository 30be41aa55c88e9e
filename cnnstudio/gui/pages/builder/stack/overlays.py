"""The small widgets over and beside the canvas: zoom, map, search box, name field."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRect, Signal, Slot
from PySide6.QtWidgets import QApplication, QGraphicsView

from cnnstudio.core.network import edits
from cnnstudio.core.network.edits import Edited, Stack
from cnnstudio.core.values.errors import StudioError
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.pages.builder.stack.group_item import GroupItem
from cnnstudio.gui.pages.builder.stack.minimap import MiniMap
from cnnstudio.gui.pages.builder.stack.scene import StackScene
from cnnstudio.gui.pages.builder.stack.stack_item import StackItem
from cnnstudio.gui.pages.builder.stack.zoom import STEPS, Zoom
from cnnstudio.gui.pages.builder.stack.zoom_pill import ZoomPill
from cnnstudio.gui.theme.theme import Theme

if TYPE_CHECKING:
    from cnnstudio.gui.pages.builder.stack.name_editor import NameEditor
    from cnnstudio.gui.pages.builder.stack.quick_add import QuickAdd

_EDGE, _NARROW_EDGE = 18, 2
_MAPPED = 1.5
"""So many times the height of the view a stack is long before it gets a map."""
_BESIDE_COLUMN = 200
"""Designed pixels beside the column in which the zoom buttons stand clear of it."""


class Overlays(QObject):
    """Puts them in place and does what they ask for.

    Signals: refused(str) when a layer cannot be added or renamed; why.
    """

    refused = Signal(str)

    def __init__(
        self, view: QGraphicsView, scene: StackScene, zoom: Zoom, document: Document, theme: Theme
    ) -> None:
        super().__init__(view)
        self._view, self._scene, self._zoom = view, scene, zoom
        self._document, self._theme = document, theme
        self._place_of_new = 1
        self._named: StackItem | None = None
        self.pill = ZoomPill(theme, view)
        self.pill.stepped.connect(self._on_stepped)
        self.pill.reset.connect(zoom.reset)
        self.pill.fit_requested.connect(self._on_fit_requested)
        self.map = MiniMap(scene, document, theme, view)
        self.map.hide()
        self.map.asked.connect(self._on_asked_for)
        zoom.changed.connect(self._on_zoomed)
        scene.sceneRectChanged.connect(self._on_scene_grown)

    @cached_property
    def search(self) -> "QuickAdd":
        """The box that asks for a layer to add, made when it is first wanted."""
        from cnnstudio.gui.pages.builder.stack.quick_add import QuickAdd

        search = QuickAdd(self._theme, self._view.viewport())
        search.chosen.connect(self._on_chosen)
        search.closed.connect(self._on_closed)
        return search

    @cached_property
    def name_editor(self) -> "NameEditor":
        """The field that asks for another name, made when it is first wanted."""
        from cnnstudio.gui.pages.builder.stack.name_editor import NameEditor

        editor = NameEditor(self._view.viewport())
        editor.closed.connect(self._on_closed)
        editor.refused.connect(self.refused)
        return editor

    def place(self) -> None:
        """The canvas has another size, or shows something else: put all where it belongs now."""
        self._place_map()
        self.map.update()
        self._place_pill()
        if self._named is not None:
            self.name_editor.place(self._room_for_name(self._named))
        if self._is_searching:
            self._place_search()

    def restyle(self) -> None:
        """The cards have other measures: the room for a new layer is kept open."""
        if self._is_searching:
            self._scene.open_room(self._place_of_new, self._scene.metrics.height)

    @property
    def _is_searching(self) -> bool:
        return "search" in vars(self) and self.search.isVisible()

    def _place_map(self) -> None:
        """A stack that is much longer than what is seen has a map at its right."""
        port = self._view.viewport().geometry()
        is_wanted = self._scene.column.bottom * self._zoom.scale > _MAPPED * port.height()
        width = self.map.wanted_width if is_wanted else 0
        if self._view.viewportMargins().right() != width:
            self._view.setViewportMargins(0, 0, width, 0)
            port = self._view.viewport().geometry()
        self.map.setVisible(is_wanted)
        self.map.setGeometry(port.right() + 1, port.top(), width, port.height())

    def _place_pill(self) -> None:
        """The zoom stands beside the column, or flat in the corner."""
        port = self._view.viewport().geometry()
        # As at 100 %: the buttons shall not move away from under the mouse that zooms.
        beside = (port.width() - self._scene.metrics.width) / 2
        is_narrow = beside < self._theme.scaled(_BESIDE_COLUMN)
        edge = _NARROW_EDGE if is_narrow else _EDGE
        self.pill.set_compact(is_narrow)
        self.pill.adjustSize()
        self.pill.move(
            port.right() - self.pill.width() - edge + 1, port.bottom() - self.pill.height() - edge + 1
        )
        self.pill.raise_()

    def open_search(self, text: str) -> None:
        """Ask for a layer to add below the selection."""
        self._place_of_new = edits.place_below_selection(self._document.stack)
        self._scene.open_room(self._place_of_new, self._scene.metrics.height)
        metrics = self._scene.metrics
        self._view.ensureVisible(metrics.left, self._scene.column.hole_top, metrics.width, 320, 0, 0)
        self.search.open(text)
        self._place_search()

    def _place_search(self) -> None:
        """Over the room that is kept for the new layer."""
        left, top = self._scene.metrics.left, self._scene.column.hole_top
        corner = self._view.mapFromScene(QPointF(left, top))
        lowest = self._view.viewport().height() - self.search.height() - 8
        self.search.move(max(8, corner.x() + 8), max(8, min(corner.y() + 8, lowest)))

    def open_name_editor(self) -> None:
        """Ask for another name for the current block."""
        name = self._document.current
        if name is None:
            return
        item = self._scene.shower_of(name)
        if isinstance(item, GroupItem):
            self._edit_name(item, item.name, edits.rename_group)
        else:
            self._edit_name(item, name, edits.rename)

    def open_group_editor(self) -> None:
        """Ask for another name for the group of the current layer."""
        head = self._scene.folding.head_of(self._document.current or "")
        if head is not None:
            self._edit_name(head, head.name, edits.rename_group)

    def _edit_name(self, item: StackItem, name: str, edit: Callable[[Stack, str, str], Edited]) -> None:
        document = self._document

        def rename(new_name: str) -> None:
            document.edit(edit, name, new_name)

        self._view.ensureVisible(item.mapRectToScene(item.card_rect), 0, 20)
        self.name_editor.open(name, self._room_for_name(item), rename)
        self._named = item

    def _room_for_name(self, item: StackItem) -> QRect:
        """Over all of the texts of its card: half of a number would be another number."""
        texts = self._view.mapFromScene(item.mapRectToScene(item.texts_rect)).boundingRect()
        height, aside = self._theme.scaled(34), self._theme.scaled(8)
        width = max(self._theme.scaled(160), texts.width() + aside)
        return QRect(max(0, texts.left() - aside), texts.center().y() - height // 2, width, height)

    def close_all(self) -> None:
        """The network is another one: what was asked about the old one goes."""
        if "search" in vars(self):
            self.search.close_box()
        if "name_editor" in vars(self):
            self.name_editor.close_field()

    @Slot(int)
    def _on_stepped(self, direction: int) -> None:
        self._zoom.step(direction)

    @Slot()
    def _on_fit_requested(self) -> None:
        """Collapse the groups before the cards become too small to be read."""
        if self._zoom.fitting_scale < STEPS[0]:
            self._document.collapse_all()
        self._zoom.fit()

    @Slot()
    def _on_zoomed(self) -> None:
        self.pill.show_scale(self._zoom.scale, self._zoom.can_shrink, self._zoom.can_grow)
        self.place()

    @Slot()
    def _on_scene_grown(self) -> None:
        self.map.renew()
        self._place_map()

    @Slot(float)
    def _on_asked_for(self, y: float) -> None:
        middle = self._view.mapToScene(self._view.viewport().rect().center())
        self._view.centerOn(middle.x(), y)

    @Slot(str)
    def _on_chosen(self, type_name: str) -> None:
        try:
            self._document.add_layer(type_name, self._place_of_new)
        except StudioError as error:
            self.refused.emit(str(error))

    @Slot()
    def _on_closed(self) -> None:
        self._named = None
        self._scene.close_room()
        # Only Escape and Enter give the focus back: a click elsewhere has taken it already.
        focused = QApplication.focusWidget()
        if focused is None or self._view.isAncestorOf(focused):
            self._view.setFocus()
