"""Dragging on the canvas by real mouse events, and dropping from the palette."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cnnstudio.gui.pages.builder.mime import LAYER_MIME, layer_mime, layer_type
from cnnstudio.gui.pages.builder.stack.autoscroll import EDGE, speed_at
from cnnstudio.gui.theme.theme import Theme
from tests.gui import edits
from tests.gui.stack_driver import CTRL, LEFT, StackDriver

Driver = Callable[[str], StackDriver]
RESIDUAL = "a=conv(8,3,same) b=conv(8,3,same) s=add<-b,a"


@pytest.fixture
def driven(qtbot: QtBot, theme: Theme) -> Driver:
    return lambda picture: StackDriver(qtbot, theme, picture)


def test_a_block_is_dragged_to_another_place_in_one_step(driven: Driver) -> None:
    it = driven("a=conv b=maxpool c=flatten")
    it.drag(it.at("a"), it.at("b", 0.95))
    assert it.shown == "b a c"
    assert it.selected == "a"
    assert it.document.undo_stack.count() == 1
    it.document.undo_stack.undo()
    assert it.shown == "a b c"


def test_the_others_make_room_while_a_block_is_dragged(driven: Driver) -> None:
    it = driven("a=conv b=conv c=conv")
    scene, before = it.view.stack, it.view.stack.blocks["b"].y()
    it.drag(it.at("c"), it.at("b", 0.1), let_go=False)
    assert scene.marker.isVisible()
    assert scene.blocks["b"].y() > before
    it.release(it.at("a"))
    assert not scene.marker.isVisible()


def test_a_small_tremble_is_a_click_and_no_drag(driven: Driver) -> None:
    it = driven("a=conv b=conv")
    it.press(it.at("a"))
    it.move(it.at("a") + QPoint(2, 2))
    it.release(it.at("a") + QPoint(2, 2))
    assert it.selected == "a"
    assert it.document.undo_stack.count() == 0


def test_several_selected_blocks_move_together(driven: Driver) -> None:
    it = driven("a=conv b=conv c=conv d=conv")
    it.click("a")
    it.click("c", CTRL)
    it.drag(it.at("a"), it.at("d", 0.95))
    assert it.shown == "b d a c"
    assert it.selected == "a c"


def test_escape_cancels_a_drag(driven: Driver) -> None:
    it = driven("a=conv b=conv c=conv")
    places = {name: block.y() for name, block in it.view.stack.blocks.items()}
    it.drag(it.at("a"), it.at("c", 0.9), let_go=False)
    it.key(Qt.Key.Key_Escape)
    assert {name: block.y() for name, block in it.view.stack.blocks.items()} == places
    assert all(block.isVisible() for block in it.view.listed())
    it.release(it.at("c"))
    assert it.shown == "a b c"
    assert it.document.undo_stack.count() == 0


def test_the_reason_of_a_refusal_stands_at_the_marker(driven: Driver) -> None:
    it = driven(RESIDUAL)
    it.drag(it.at("s"), it.at("a", 0.1), let_go=False)
    assert "cannot stand above it" in it.view.stack.marker.refusal
    it.release(it.at("a"))
    assert it.shown == "a b s"
    assert it.document.undo_stack.count() == 0


def test_the_input_cannot_be_dragged(driven: Driver) -> None:
    it = driven("a=conv b=conv")
    it.drag(it.at("input"), it.at("b", 0.9))
    assert it.shown == "a b"
    assert it.document.undo_stack.count() == 0


def test_ctrl_while_dragging_copies(driven: Driver) -> None:
    it = driven("conv1=conv b=flatten")
    it.drag(it.at("conv1"), it.at("b"), let_go=False)
    QTest.keyPress(it.view, Qt.Key.Key_Control)
    assert it.view.stack.blocks["conv1"].isVisible()
    # QTest.mouseMove carries no modifiers.
    end = it.at("b", 0.9)
    it.view.pointer.drag_to(end, copying=True)
    it.release(end, CTRL)
    assert it.shown == "conv1 b conv2"
    assert it.document.undo_stack.undoText() == "Copy conv1"


def test_an_edit_from_elsewhere_ends_a_drag(driven: Driver) -> None:
    it = driven("a=conv b=conv c=conv")
    it.drag(it.at("a"), it.at("c"), let_go=False)
    it.document.apply_network("gone", it.document.network.removed("a"))
    assert not it.view.pointer.is_busy
    it.release(it.at("c"))
    assert it.shown == "b c"


def test_the_canvas_scrolls_while_a_drag_is_at_its_edge(driven: Driver, qtbot: QtBot) -> None:
    it = driven(" ".join(["conv"] * 30))
    edge = QPoint(400, it.view.viewport().height() - 4)
    it.drag(it.at("conv1"), edge, let_go=False)
    bar = it.view.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.value() == bar.maximum())
    it.release(edge)
    assert it.document.network.layers[-1].name == "conv1"


def test_scrolling_is_faster_nearer_the_edge() -> None:
    assert speed_at(400, 800) == 0
    assert speed_at(5, 800) < speed_at(EDGE - 5, 800) < 0
    assert speed_at(799, 800) > speed_at(800 - EDGE + 5, 800) > 0


def test_a_line_drawn_from_a_handle_connects_to_a_merge_layer(driven: Driver) -> None:
    it = driven("a=conv(8,3,same) b=conv(8,3,same) s=add")
    it.drag(it.handle("a"), it.at("s"))
    assert it.document.network.layer("s").inputs == ("b", "a")
    assert it.document.undo_stack.undoText() == "Connect a to s"
    assert [(arc.source, arc.target) for arc in it.view.stack.arcs.items] == [("a", "s")]


def test_merge_layers_below_stand_out_while_a_line_is_drawn(driven: Driver) -> None:
    it = driven("a=conv(8,3,same) b=conv(8,3,same) s=add")
    it.drag(it.handle("a"), it.at("b"), let_go=False)
    highlights = {name: block.highlight.highlighted for name, block in it.view.stack.blocks.items()}
    assert highlights == {"input": False, "a": False, "b": False, "s": True}
    it.key(Qt.Key.Key_Escape)
    assert not it.view.stack.blocks["s"].highlight.highlighted
    assert it.document.undo_stack.count() == 0


def test_a_line_drawn_upwards_does_nothing(driven: Driver) -> None:
    it = driven(RESIDUAL + " c=conv")
    it.drag(it.handle("s"), it.at("a"))
    assert it.document.undo_stack.count() == 0


def test_a_drag_carries_the_type_of_the_layer() -> None:
    assert layer_type(layer_mime("MaxPooling2D")) == "MaxPooling2D"


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"{", b"[]", b'{"type": 3}', b'{"type": "Nonsense"}'])
def test_foreign_data_is_no_layer(data: bytes) -> None:
    mime = QMimeData()
    mime.setData(LAYER_MIME, data)
    assert layer_type(mime) is None


def test_a_layer_from_the_palette_lands_where_it_is_dropped(driven: Driver) -> None:
    it = driven("a=conv b=flatten")
    assert it.drop(layer_mime("MaxPooling2D"), it.at("b", 0.1))
    assert it.shown == "a pool1 b"
    assert it.selected == "pool1"


def test_a_marker_shows_where_a_layer_from_the_palette_would_land(driven: Driver) -> None:
    it = driven("a=conv b=flatten")
    mime, marker = layer_mime("MaxPooling2D"), it.view.stack.marker
    assert it.drag_in(mime, it.at("b", 0.1))
    assert marker.isVisible()
    assert it.view.stack.blocks["a"].y() < marker.y() < it.view.stack.blocks["b"].y()
    it.drag_out()
    assert not marker.isVisible()
    assert it.document.undo_stack.count() == 0


def test_a_layer_dropped_above_the_input_lands_below_it(driven: Driver) -> None:
    it = driven("a=conv")
    assert it.drop(layer_mime("Rescaling"), QPoint(450, 2))
    assert it.shown == "rescaling a"


def test_a_foreign_drag_is_not_welcome(driven: Driver) -> None:
    it = driven("a=conv")
    mime = QMimeData()
    mime.setText("hello")
    assert not it.drag_in(mime, it.at("a"))


def test_the_pointer_over_a_block_shows_its_handle_and_its_lines(driven: Driver) -> None:
    it = driven(RESIDUAL)
    QTest.mouseMove(it.view.viewport(), it.at("a"))
    assert it.view.stack.blocks["a"].highlight.hovered
    (arc,) = it.view.stack.arcs.items.values()
    assert arc.highlighted
    assert it.view.stack.blocks["s"].highlight.highlighted
    QTest.mousePress(it.view.viewport(), LEFT, pos=it.at("b"))
    QTest.mouseRelease(it.view.viewport(), LEFT, pos=it.at("b"))
    assert not arc.highlighted


def test_blocks_glide_to_their_places(driven: Driver, theme: Theme, qtbot: QtBot) -> None:
    it = driven("a=conv b=conv c=conv")
    theme.animation_ms = 30
    end = it.view.stack.blocks["b"].y()
    edits.move_layers(it.document, ("a",), 3)
    assert it.view.stack.blocks["a"].y() < end
    qtbot.waitUntil(lambda: it.view.stack.blocks["a"].y() == end)


def test_dragging_while_blocks_still_glide_ends_in_order(driven: Driver, theme: Theme, qtbot: QtBot) -> None:
    it = driven("a=conv b=conv c=conv d=conv")
    theme.animation_ms = 30
    it.drag(it.at("a"), it.at("c", 0.9))
    it.drag(it.at("b"), it.at("d", 0.9))
    it.document.undo_stack.undo()
    blocks = it.view.listed()
    qtbot.waitUntil(lambda: [block.y() for block in blocks] == list(it.view.stack.column.tops))


def test_a_stack_that_is_full_says_so_and_stays(
    driven: Driver, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    it = driven("a=conv b=flatten")
    monkeypatch.setattr("cnnstudio.core.network.edits.MAX_LAYERS", 3)
    with qtbot.waitSignal(it.view.refused) as refused:
        it.drop(layer_mime("Dropout"), it.at("b"))
    assert "at most 3" in refused.args[0]
    assert it.shown == "a b"
