"""The canvas of the Build page: the network as a stack of blocks."""

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsView, QWidget

from cnnstudio.gui.document.document import Document
from cnnstudio.gui.pages.builder.previews import PreviewSource
from cnnstudio.gui.pages.builder.stack import accessible
from cnnstudio.gui.pages.builder.stack.arrivals import Arrivals
from cnnstudio.gui.pages.builder.stack.commands import StackCommands
from cnnstudio.gui.pages.builder.stack.group_item import GroupItem
from cnnstudio.gui.pages.builder.stack.keys import Keys
from cnnstudio.gui.pages.builder.stack.menu import StackMenus
from cnnstudio.gui.pages.builder.stack.overlays import Overlays
from cnnstudio.gui.pages.builder.stack.pointer import Pointer
from cnnstudio.gui.pages.builder.stack.scene import StackScene
from cnnstudio.gui.pages.builder.stack.stack_item import StackItem
from cnnstudio.gui.pages.builder.stack.zoom import Zoom
from cnnstudio.gui.theme.theme import Theme

_CTRL = Qt.KeyboardModifier.ControlModifier


class StackView(accessible.BlockList):
    """Shows the document's network and takes what a person does to it by mouse, keys and drops.

    Signals:
        edit_requested(): the settings of the selected layer are wanted (double click, Enter).
        refused(str): an edit cannot be made; one sentence.
    """

    edit_requested = Signal()
    refused = Signal(str)

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        accessible.install()
        self._document, self._theme = document, theme
        self.stack = StackScene(document, theme, self)
        self.setScene(self.stack)
        self.zoom = Zoom(self)
        self.pointer = Pointer(self, self.stack, document, theme, self.refused.emit)
        self._arrivals = Arrivals(self.stack, document, self.pointer)
        self.overlays = Overlays(self, self.stack, self.zoom, document, theme)
        self._keys = Keys(self, self.stack, self.pointer, self.overlays, document)
        self.commands = StackCommands(self.stack, self.overlays, document)
        self.menus = StackMenus(document, theme, self.commands, self)
        self._set_up()
        self._connect()
        self._show_selection()

    def listed(self) -> list[StackItem]:
        return self.stack.shown

    def show_top(self) -> None:
        """Scroll to the Input."""
        self.verticalScrollBar().setValue(self.verticalScrollBar().minimum())

    def show_previews(self, source: PreviewSource) -> None:
        """Show a source's pictures inside the blocks, from now on and as long as it is on."""
        source.toggled.connect(self.stack.show_slots)
        source.changed.connect(self.stack.show_pictures)
        self.stack.show_slots(source.is_on)
        self.stack.show_pictures(source.pictures)

    def _set_up(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self.setAcceptDrops(True)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumWidth(320)
        self.setAccessibleName(accessible.NAME)

    def _connect(self) -> None:
        self._document.opened.connect(self._on_opened)
        self._document.changed.connect(self._on_changed)
        self._document.selection_changed.connect(self._on_selection_changed)
        self._document.collapsed_changed.connect(self._on_collapsed_changed)
        self._theme.changed.connect(self._on_theme_changed)
        self._keys.edit_requested.connect(self.edit_requested)
        self._keys.walked.connect(self.reveal)
        self.zoom.changed.connect(self._on_seen_changed)
        self.menus.edit_requested.connect(self.edit_requested)
        self.menus.refused.connect(self.refused)
        self.overlays.refused.connect(self.refused)
        self.verticalScrollBar().valueChanged.connect(self._on_seen_changed)

    # What the document says.

    @Slot()
    def _on_opened(self) -> None:
        self.zoom.forget_fit()
        self.show_top()

    @Slot(object)
    def _on_changed(self, _project: object) -> None:
        self.pointer.end()
        self.overlays.close_all()
        self.stack.sync()
        self._show_selection()

    @Slot(object)
    def _on_selection_changed(self, _names: object) -> None:
        self._show_selection()
        self.reveal(self._document.current)

    @Slot(object)
    def _on_collapsed_changed(self, _names: object) -> None:
        self.stack.refold()

    @Slot()
    def _on_theme_changed(self) -> None:
        current = self._document.current
        is_seen = self._shows(current)
        self.stack.restyle()
        self.overlays.restyle()
        if is_seen:
            # Larger text moves the cards down.
            self.reveal(current)
        self._on_seen_changed()

    def _shows(self, name: str | None) -> bool:
        """Whether something of the card of that layer is in sight."""
        if name not in self.stack.blocks:
            return False
        item = self.stack.shower_of(name)
        return item.mapRectToScene(item.card_rect).intersects(self.stack.seen)

    @Slot()
    def _on_seen_changed(self) -> None:
        self.stack.set_seen(self.mapToScene(self.viewport().rect()).boundingRect())
        self.overlays.place()

    def _show_selection(self) -> None:
        focused = self._document.current if self.hasFocus() else None
        self.stack.highlights.select(self._document.selection, focused)

    @Slot(str)
    def reveal(self, name: str | None) -> None:
        """Scroll as little as needed to show what stands for a layer, with some room around it."""
        if name not in self.stack.blocks or self.pointer.is_busy:
            return
        item = self.stack.shower_of(name)
        top, room = self.stack.top_of(item), self.stack.metrics.gap + 4
        # A line in the middle of what is seen: the stack shall not move sideways.
        middle = self.mapToScene(self.viewport().rect().center()).x()
        self.ensureVisible(QRectF(middle, top - room, 1, item.height + 2 * room), 0, 0)
        if item.highlight.focused:
            self.announce_focus(item)

    # What a person does.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.pointer.press(event)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.pointer.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.pointer.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        point = self.mapToScene(event.position().toPoint())
        entry = self.stack.entry_at(point)
        if self.stack.fold_at(point) is not None:
            self.pointer.press(event)
        elif isinstance(entry, GroupItem):
            self._document.fold(entry.name, not entry.is_collapsed)
        elif entry is not None:
            self.edit_requested.emit()

    def leaveEvent(self, event: QEvent) -> None:
        del event
        self.pointer.leave()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & _CTRL:
            self.zoom.turn(event.angleDelta().y(), self.mapToScene(event.position().toPoint()))
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Control:
            self.pointer.set_copying(True)
        if not self._keys.takes(event):
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Control:
            self.pointer.set_copying(False)
        super().keyReleaseEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        point = self.mapToScene(event.pos())
        asked_by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        arc = None if asked_by_key else self.stack.arc_at(point)
        entry = None if asked_by_key else self.stack.entry_at(point)
        if entry is not None and not set(entry.names).issubset(self._document.selection):
            self.pointer.pick(entry, "only")
        if arc is not None and entry is None:
            self.menus.for_arc(arc.arc).popup(event.globalPos())
        else:
            self.menus.for_selection().popup(self._menu_place(event, asked_by_key))

    def _menu_place(self, event: QContextMenuEvent, asked_by_key: bool) -> QPoint:
        if not asked_by_key or self._document.current is None:
            return event.globalPos()
        item = self.stack.shower_of(self._document.current)
        corner = item.mapToScene(QPointF(item.card_rect.left() + 40, item.height))
        return self.viewport().mapToGlobal(self.mapFromScene(corner))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._show_selection()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._show_selection()

    def hideEvent(self, event: QHideEvent) -> None:
        self.pointer.cancel()
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.stack.set_room(self.viewport().width())
        if not event.oldSize().isValid():
            self.show_top()
        self._on_seen_changed()

    # A layer that comes from the palette.

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._arrivals.enter(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._arrivals.move(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.pointer.cancel()
        event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        if self._arrivals.drop(event):
            self.setFocus()
