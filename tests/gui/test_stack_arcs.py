"""The rules of the lines beside the column, and of the column itself."""

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from cnnstudio.core.network import Network
from cnnstudio.core.network.arcs import Arc, arcs_of, lanes_of, takes_the_one_above
from cnnstudio.gui.pages.builder.stack.drag_items import NewArc
from cnnstudio.gui.pages.builder.stack.layout import Hole, column
from cnnstudio.gui.theme.theme import Theme
from tests.core.pictures import stack
from tests.gui import edits
from tests.gui.stack_driver import StackDriver

RESIDUAL = "a=conv(8,3,same) b=conv(8,3,same) s=add<-b,a"


def lanes(network: Network) -> dict[tuple[str, str], int]:
    return {(arc.source, arc.target): lane for arc, lane in lanes_of(network, arcs_of(network)).items()}


def test_a_chain_has_lines_between_blocks_and_no_arcs() -> None:
    network = stack("a=conv b=conv")
    assert arcs_of(network) == ()
    assert [takes_the_one_above(network, index) for index in range(3)] == [False, True, True]


def test_a_skip_is_an_arc_and_the_layer_above_is_still_a_line() -> None:
    network = stack(RESIDUAL)
    assert arcs_of(network) == (Arc("a", "s"),)
    assert takes_the_one_above(network, 3)


def test_no_line_is_drawn_to_a_branch_that_starts_again_above() -> None:
    network = stack("a=conv b=conv c=conv<-a")
    assert arcs_of(network) == (Arc("a", "c"),)
    assert not takes_the_one_above(network, 3)


def test_arcs_that_run_beside_the_same_block_have_lanes_of_their_own() -> None:
    words = [f"c{index}=relu" for index in range(11)]
    targets = "s=add<-" + ",".join(f"c{index}" for index in range(11))
    found = lanes(stack(" ".join([*words, targets])))
    assert sorted(found.values()) == list(range(10))
    assert found["c9", "s"] == 0
    assert found["c0", "s"] == 9


def test_arcs_one_below_the_other_share_the_inner_lane() -> None:
    found = lanes(stack("a=relu b=relu s=add<-b,a c=relu d=relu t=add<-d,c"))
    assert set(found.values()) == {0}


@given(st.lists(st.tuples(st.integers(1, 12), st.integers(1, 12)), max_size=12))
def test_no_two_arcs_of_a_lane_ever_overlap(ends: list[tuple[int, int]]) -> None:
    network = stack(" ".join(f"c{index}=relu" for index in range(1, 13)))
    arcs = {Arc(f"c{min(pair)}", f"c{max(pair)}") for pair in ends if abs(pair[0] - pair[1]) > 1}
    found = lanes_of(network, arcs)
    for one in arcs:
        for other in arcs - {one}:
            if found[one] == found[other]:
                spans = sorted(
                    (network.position(arc.source), network.position(arc.target)) for arc in (one, other)
                )
                assert spans[0][1] < spans[1][0]


@given(st.lists(st.integers(20, 90), min_size=1, max_size=30), st.data())
def test_blocks_never_overlap_and_a_hole_keeps_its_room(heights: list[int], data: st.DataObject) -> None:
    index = data.draw(st.integers(1, len(heights)))
    plain, opened = column(heights, 26), column(heights, 26, Hole(index, 60))
    for at in range(1, len(heights)):
        assert plain.tops[at] == plain.tops[at - 1] + heights[at - 1] + 26
    assert opened.tops[:index] == plain.tops[:index]
    assert all(
        after == before + 86 for after, before in zip(opened.tops[index:], plain.tops[index:], strict=True)
    )
    assert opened.place_at(opened.hole_top + 30) == index
    for at, top in enumerate(opened.tops):
        assert opened.index_at(top + 1) == at


def test_arcs_follow_their_blocks_through_edits(qtbot: QtBot, theme: Theme) -> None:
    it = StackDriver(qtbot, theme, RESIDUAL)
    (arc,) = it.view.stack.arcs.items.values()
    before = arc.boundingRect()
    edits.add_layer(it.document, "Conv2D", 2)
    assert arc.boundingRect().height() > before.height()
    it.document.select(("s",))
    edits.delete_selected(it.document)
    assert not it.view.stack.arcs.items
    it.document.undo_stack.undo()
    assert len(it.view.stack.arcs.items) == 1


def test_a_renamed_layer_keeps_its_arcs(qtbot: QtBot, theme: Theme) -> None:
    it = StackDriver(qtbot, theme, RESIDUAL)
    edits.rename(it.document, "a", "stem")
    assert [(arc.source, arc.target) for arc in it.view.stack.arcs.items] == [("stem", "s")]


def test_the_context_menu_of_a_line_disconnects_it(qtbot: QtBot, theme: Theme) -> None:
    it = StackDriver(qtbot, theme, RESIDUAL)
    menu = it.view.menus.for_arc(Arc("a", "s"))
    menu.actions()[0].trigger()
    assert it.document.network.layer("s").inputs == ("b",)
    menu.deleteLater()


def test_one_can_scroll_to_every_arc_of_a_narrow_canvas(qtbot: QtBot, theme: Theme) -> None:
    driven = StackDriver(qtbot, theme, "a=conv(8,3,same)")
    driven.view.resize(460, 800)
    ends = " ".join(f"s{at}=add<-a,{'bcdefghij'[at]}" for at in range(9))
    layers = " ".join(f"{name}=conv(8,3,same)" for name in "abcdefghij")
    driven.document.apply_network("ten arcs", stack(f"{layers} {ends}"))
    bar = driven.view.horizontalScrollBar()
    bar.setValue(bar.maximum())
    seen = driven.view.mapToScene(driven.view.viewport().rect()).boundingRect()
    outermost = max(item.boundingRect().right() for item in driven.view.stack.arcs.items.values())
    assert outermost <= seen.right()


def test_a_new_line_ends_at_the_edge_of_a_layer_that_takes_it_and_its_words_stay_in_sight(
    qtbot: QtBot, theme: Theme
) -> None:
    driven = StackDriver(qtbot, theme, RESIDUAL)
    driven.view.resize(480, 800)
    driven.press(driven.handle("a"))
    target = driven.at("s") + QPoint(200, 0)
    driven.move(driven.handle("a") + QPoint(20, 20), target)
    scene = driven.view.stack
    line = next(item for item in scene.items() if isinstance(item, NewArc))
    assert scene.seen.contains(line.pill)
    driven.move(driven.at("b") + QPoint(150, 0))
    assert line.boundingRect().contains(scene.blocks["b"].port)
    driven.move(driven.at("input") + QPoint(200, 0))
    assert "can take only layers above it" in line.text or line.text.endswith("…")
    assert scene.seen.contains(line.pill)
    driven.key(Qt.Key.Key_Escape)
    driven.release(target)
