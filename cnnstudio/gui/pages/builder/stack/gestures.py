"""What a pressed mouse button does on the canvas, one class a gesture; each can be cancelled at any time."""

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QPointF

from cnnstudio.core.layers import LAYER_BY_TYPE
from cnnstudio.core.network import EditError, edits
from cnnstudio.core.network.splicing import connected
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.pages.builder.stack.block import Block
from cnnstudio.gui.pages.builder.stack.content import SMALL_FAMILIES
from cnnstudio.gui.pages.builder.stack.drag_items import NewArc, Pile
from cnnstudio.gui.pages.builder.stack.group_item import GroupItem
from cnnstudio.gui.pages.builder.stack.scene import StackScene
from cnnstudio.gui.pages.builder.stack.stack_item import StackItem
from cnnstudio.gui.theme.theme import Theme

_SIDEWAYS = 0.2


class Gesture(Protocol):
    """Something that goes on while the button is held: any number of moves, then one `drop` or one `cancel`.

    Nothing of the document changes before `drop`; a drop may come without a move.
    """

    def move(self, point: QPointF, copying: bool) -> None:
        """The pointer is at a point of the scene; `copying` while the key for copies is held."""

    def drop(self) -> None:
        """The button was let go: do it."""

    def cancel(self) -> None:
        """Leave everything as it was."""


class Reordering:
    """Lifts blocks out of the column; the others make room where they would land."""

    def __init__(
        self,
        scene: StackScene,
        document: Document,
        theme: Theme,
        names: Sequence[str],
        entry: StackItem,
        grabbed: QPointF,
    ) -> None:
        self._scene, self._document = scene, document
        self._names = tuple(names)
        self._pile = Pile(theme, scene.metrics, scene.contents_of(self._names), len(self._names))
        self._grip = QPointF(grabbed.x(), min(max(grabbed.y() - entry.y(), 8.0), self._pile.height - 8))
        # The place below the pile and whether it is copied, as the room was opened last; None before a move.
        self._state: tuple[int, bool] | None = None
        scene.addItem(self._pile)

    def move(self, point: QPointF, copying: bool) -> None:
        self._pile.setPos((point.x() - self._grip.x()) * _SIDEWAYS, point.y() - self._grip.y())
        # Lifting blocks out, or putting them back for a copy, moves the others: look a second time then.
        for _ in range(2):
            place = self._scene.place_at(self._pile.y() + self._pile.height / 2)
            if self._state != (place, copying):
                self._open_room(place, copying)

    def _open_room(self, place: int, copying: bool) -> None:
        self._state = (place, copying)
        refusal = self._refusal(place, copying)
        self._pile.say("copy" if copying else "", refusal)
        away = () if copying else self._names
        self._scene.open_room(place, self._pile.height, refusal, away)

    def drop(self) -> None:
        # The room is closed first: the edit sends the blocks to their places, from where they are now.
        self._end()
        if self._state is None or self._scene.marker.refusal:
            return
        place, copying = self._state
        if copying:
            self._document.edit(edits.copy_layers, self._names, place)
        else:
            self._document.edit(edits.move_layers, self._names, place)

    def cancel(self) -> None:
        self._end()

    def _end(self) -> None:
        y = self._pile.y()
        # Blocks that were lifted out glide on from where the pile is let go; copied ones never left.
        if self._state and not self._state[1]:
            self._scene.land_from(y)
        self._scene.removeItem(self._pile)
        self._scene.close_room()

    def _refusal(self, place: int, copying: bool) -> str:
        if copying:
            return ""
        try:
            self._document.network.moved_together(self._names, place)
        except EditError as error:
            return str(error)
        return ""


class Arrival:
    """A layer comes in from the palette; room opens where it would land."""

    def __init__(self, scene: StackScene, document: Document, type_name: str) -> None:
        self._scene, self._document, self._type_name = scene, document, type_name
        # Where the room is open; None until the drag has been over the canvas.
        self._place: int | None = None
        is_small = LAYER_BY_TYPE[type_name].family in SMALL_FAMILIES
        self._height = scene.metrics.small_height if is_small else scene.metrics.height

    def move(self, point: QPointF, copying: bool) -> None:
        del copying
        place = self._scene.place_at(point.y())
        if place != self._place:
            self._place = place
            self._scene.open_room(place, self._height)

    def drop(self) -> None:
        self._scene.close_room()
        if self._place is not None:
            self._document.add_layer(self._type_name, self._place)

    def cancel(self) -> None:
        self._scene.close_room()


class Connecting:
    """Draws a line from a block's handle to a block below it, which takes it as an input."""

    def __init__(self, scene: StackScene, document: Document, theme: Theme, source: Block) -> None:
        self._scene, self._document = scene, document
        self._source = source.name
        # The block below the pointer, if letting go there connects.
        self._target: str | None = None
        self._line = NewArc(theme, source.port)
        scene.addItem(self._line)
        scene.highlights.offer(self._merging_below())

    def move(self, point: QPointF, copying: bool) -> None:
        del copying
        entry = self._scene.entry_at(point)
        if isinstance(entry, GroupItem):
            text, is_legal, over = f"expand {entry.name} to connect to a layer in it", False, None
        else:
            over = None if entry is None or self._source in entry.names else entry.names[0]
            text, is_legal = self._said_of(over)
        self._target = over if is_legal else None
        # Over a block that takes it the line ends at its edge, as it will: what one reads stays free.
        end = point if self._target is None else self._scene.shower_of(self._target).port
        self._line.reach_to(end, text, is_legal, self._scene.seen)

    def drop(self) -> None:
        # The line goes in either case; `_target` outlives it.
        self.cancel()
        if self._target is not None:
            self._document.edit(edits.connect, self._source, self._target)

    def cancel(self) -> None:
        self._scene.highlights.offer(())
        self._scene.removeItem(self._line)

    def _merging_below(self) -> list[str]:
        network = self._document.network
        start = network.position(self._source) + 1
        layers = network.layers[start:]
        return [layer.name for layer in layers if layer.takes_several and self._said_of(layer.name)[1]]

    def _said_of(self, target: str | None) -> tuple[str, bool]:
        """What letting go over a block does, in words, and whether it does anything."""
        if target is None:
            return "to a layer below", False
        network = self._document.network
        index = network.position(target)
        if self._source in network.inputs_of(index):
            return f"{target} takes {self._source} already", False
        try:
            connected(network, self._source, target)
        except EditError as error:
            return str(error), False
        if network.layers[index].takes_several:
            return f"{target} takes {self._source} too", True
        return f"{target} takes {self._source} instead of {network.inputs_of(index)[0]}", True
