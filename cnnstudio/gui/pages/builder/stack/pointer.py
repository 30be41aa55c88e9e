"""The mouse on the canvas: turns presses and moves into selection and gestures."""

from collections.abc import Callable, Sequence
from typing import Literal

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QGraphicsView, QRubberBand, QWidget

from cnnstudio.core.values.errors import StudioError
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.pages.builder.stack.autoscroll import AutoScroll
from cnnstudio.gui.pages.builder.stack.block import Block
from cnnstudio.gui.pages.builder.stack.gestures import Connecting, Gesture, Reordering
from cnnstudio.gui.pages.builder.stack.group_item import GroupItem
from cnnstudio.gui.pages.builder.stack.scene import StackScene
from cnnstudio.gui.pages.builder.stack.stack_item import StackItem
from cnnstudio.gui.theme.theme import Theme

_CTRL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
How = Literal["only", "toggle", "range"]
"""What a click or an arrow key does to the selection."""


class Pointer:
    """One per view; holds what the pressed button does until it is let go.

    At most one of these is under way:
    - nothing: the mouse hovers;
    - pressed on a card: a click if let go here, a lift once the mouse is far enough away;
    - a gesture: a lifted card, a new line, or a layer from the palette;
    - a band, which selects as it grows.

    `release` ends each of them by doing it, `cancel` by taking it back, and `end` too, but for what a band
    has selected.
    """

    def __init__(
        self,
        view: QGraphicsView,
        scene: StackScene,
        document: Document,
        theme: Theme,
        on_refused: Callable[[str], None],
    ) -> None:
        self._on_refused = on_refused
        self._view, self._scene, self._document, self._theme = view, scene, document, theme
        self._gesture: Gesture | None = None
        # The card below the pressed button, and where on the viewport it was pressed.
        self._pressed: tuple[StackItem, QPoint] | None = None
        # Where the band began, in the scene: it stays there while the canvas scrolls below it.
        self._band_start: QPointF | None = None
        # What stays selected whatever the band holds, and what `cancel` selects again.
        self._kept_by_band: tuple[str, ...] = ()
        self._before_band: tuple[str, ...] = ()
        self._band = _Band(theme, view.viewport())
        # Kept for scrolling and for the key for copies: both carry on without the mouse moving.
        self._last = QPoint()
        self._copying = False
        # Where a range of a click with Shift begins.
        self.anchor: str | None = None
        self._scroll = AutoScroll(view, self._again)

    @property
    def is_busy(self) -> bool:
        """Whether something is being dragged."""
        return self._gesture is not None or self._band_start is not None

    def begin(self, gesture: Gesture) -> None:
        """Let a gesture that comes from outside, such as a drag from the palette, take the pointer."""
        self.cancel()
        self._gesture = gesture

    def press(self, event: QMouseEvent) -> None:
        """The left button went down."""
        self._last = event.position().toPoint()
        point = self._view.mapToScene(self._last)
        port, fold = self._scene.port_at(point), self._scene.fold_at(point)
        entry = self._scene.entry_at(point)
        if port is not None:
            self.begin(Connecting(self._scene, self._document, self._theme, port))
        elif fold is not None:
            self._document.fold(fold.name, not fold.is_collapsed)
        elif entry is not None:
            self._pressed = (entry, self._last)
            # A press on a selected card may begin a drag of all that is selected: `release` is the click.
            is_chosen = set(entry.names).issubset(self._document.selection)
            if not is_chosen and not event.modifiers() & _CTRL:
                self.pick(entry, _how(event.modifiers()))
        else:
            self._band_start = point
            self._before_band = self._document.selection
            self._kept_by_band = self._before_band if event.modifiers() & (_CTRL | _SHIFT) else ()

    def move(self, event: QMouseEvent) -> None:
        """The mouse moved, with or without the button."""
        self._last = event.position().toPoint()
        self._copying = bool(event.modifiers() & _CTRL)
        if not event.buttons() & Qt.MouseButton.LeftButton and not self.is_busy:
            self._hover()
            return
        if self._pressed is not None and self._is_far(self._pressed[1]):
            self._lift(*self._pressed)
        self.drag_to(self._last, self._copying)

    def drag_to(self, position: QPoint, copying: bool) -> None:
        """Carry what is dragged to a position of the viewport."""
        self._last, self._copying = position, copying
        if self.is_busy:
            self._scroll.follow(position)
            self._again()

    def set_copying(self, copying: bool) -> None:
        """The key for copies went down or up while something is dragged."""
        if self.is_busy:
            self.drag_to(self._last, copying)

    def release(self, event: QMouseEvent) -> None:
        """The left button was let go."""
        pressed, self._pressed = self._pressed, None
        if self._gesture is not None:
            self.drop()
        elif self._band_start is not None:
            self._select_in_band(self._band_rect())
            self._end_band()
        elif pressed is not None:
            self._click(pressed[0], event.modifiers())
        self._hover()

    def drop(self) -> None:
        """Do what the gesture is about."""
        # Forgotten before it is done: any edit calls `end`, the one of the gesture itself too.
        gesture, self._gesture = self._gesture, None
        self._scroll.stop()
        if gesture is None:
            return
        try:
            gesture.drop()
        except StudioError as error:
            self._on_refused(str(error))

    def cancel(self) -> bool:
        """Leave everything as it was before the button went down; tells whether there was anything."""
        had_band = self._band_start is not None
        busy = self.end()
        if had_band:
            self._document.select(self._before_band)
        return busy

    def end(self) -> bool:
        """Drop what goes on; what a band has selected stays so. Tells whether there was anything."""
        busy = self.is_busy
        gesture, self._gesture, self._pressed = self._gesture, None, None
        self._scroll.stop()
        if gesture is not None:
            gesture.cancel()
        self._end_band()
        return busy

    def leave(self) -> None:
        """The mouse left the canvas."""
        self._scene.highlights.hover(None, None, None)
        self._scene.highlights.hover_head(None)

    def pick(self, entry: StackItem, how: How) -> None:
        """Select what stands in the column as a click does; the head of a group stands for all its layers."""
        order = [block.name for block in self._scene.order]
        before = self._document.selection
        self._document.select_whole(_picked(order, before, self.anchor, entry.names, how))
        if how != "range" or self.anchor not in order:
            self.anchor = entry.names[0]

    def _click(self, entry: StackItem, modifiers: Qt.KeyboardModifier) -> None:
        if modifiers & (_CTRL | _SHIFT) == Qt.KeyboardModifier.NoModifier or modifiers & _CTRL:
            self.pick(entry, _how(modifiers))

    def _is_far(self, start: QPoint) -> bool:
        return (self._last - start).manhattanLength() >= QApplication.startDragDistance()

    def _lift(self, entry: StackItem, start: QPoint) -> None:
        self._pressed = None
        selection = set(self._document.selection)
        names = selection if selection.issuperset(entry.names) else set(entry.names)
        order = [other.name for other in self._scene.order[1:] if other.name in names]
        if order:
            grabbed = self._view.mapToScene(start)
            self.begin(Reordering(self._scene, self._document, self._theme, order, entry, grabbed))
            self.leave()

    def _again(self) -> None:
        """Carry on at the pointer's place: it moved, or the canvas moved below it."""
        if self._gesture is not None:
            self._gesture.move(self._view.mapToScene(self._last), self._copying)
        elif self._band_start is not None:
            self._band.setGeometry(self._view.mapFromScene(self._band_rect()).boundingRect())
            self._band.show()
            self._select_in_band(self._band_rect())

    def _band_rect(self) -> QRectF:
        start = self._band_start or QPointF()
        return QRectF(start, self._view.mapToScene(self._last)).normalized()

    def _select_in_band(self, rect: QRectF) -> None:
        inside = self._scene.names_in(rect) | set(self._kept_by_band)
        self._document.select(tuple(block.name for block in self._scene.order if block.name in inside))

    def _end_band(self) -> None:
        self._band_start = None
        self._band.hide()

    def _hover(self) -> None:
        point = self._view.mapToScene(self._last)
        port, entry = self._scene.port_at(point), self._scene.entry_at(point)
        arc = self._scene.arc_at(point) if entry is None and port is None else None
        block = entry if isinstance(entry, Block) else None
        over = port or block
        self._scene.highlights.hover(
            block.name if block else None, over.name if over else None, arc.arc if arc else None
        )
        self._scene.highlights.hover_head(entry if isinstance(entry, GroupItem) else None)
        self._view.viewport().setCursor(_cursor(port, entry, self._scene.fold_at(point)))


class _Band(QRubberBand):
    """The rectangle that selects what it touches, which is seen through it; Qt's own nearly covers it."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(QRubberBand.Shape.Rectangle, parent)
        self._theme = theme

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QPen(self._theme.color("accent"), 1))
        painter.setBrush(self._theme.color("accent", 0.1))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


def _picked(
    order: Sequence[str], selection: Sequence[str], anchor: str | None, names: Sequence[str], how: How
) -> tuple[str, ...]:
    """The selection after neighbours were picked, in stack order; a range reaches from the anchor."""
    if how == "toggle":
        before = set(selection)
        chosen = before.difference(names) if before.issuperset(names) else before.union(names)
    elif how == "range" and anchor in order:
        places = [order.index(anchor), order.index(names[0]), order.index(names[-1])]
        chosen = set(order[min(places) : max(places) + 1])
    else:
        chosen = set(names)
    return tuple(name for name in order if name in chosen)


def _how(modifiers: Qt.KeyboardModifier) -> How:
    if modifiers & _CTRL:
        return "toggle"
    return "range" if modifiers & _SHIFT else "only"


def _cursor(port: Block | None, entry: StackItem | None, fold: GroupItem | None) -> Qt.CursorShape:
    if port is not None:
        return Qt.CursorShape.CrossCursor
    if fold is not None:
        return Qt.CursorShape.PointingHandCursor
    if entry is not None and entry.content.can_move:
        return Qt.CursorShape.OpenHandCursor
    return Qt.CursorShape.ArrowCursor
