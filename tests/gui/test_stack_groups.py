"""Named groups on the canvas: made, collapsed, walked, dragged and renamed, by real mouse and key events."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cnnstudio.core.layers import Activation
from cnnstudio.core.network import EditError
from cnnstudio.core.network.arcs import Arc
from cnnstudio.core.network.repeats import SEEN_WHOLE
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.pages.builder.stack.block import Block
from cnnstudio.gui.pages.builder.stack.drag_items import NewArc
from cnnstudio.gui.pages.builder.stack.group_item import GroupItem
from cnnstudio.gui.theme.theme import Theme
from tests.gui import edits
from tests.gui.stack_driver import CTRL, LEFT, NONE, SHIFT, StackDriver

Key = Qt.Key
Driver = Callable[..., StackDriver]
PICTURE = "a=conv(8,3,same) b=conv(8,3,same) c=relu s=add<-c,a f=flatten d=dense(10)"


@pytest.fixture
def driven(qtbot: QtBot, theme: Theme) -> Driver:
    def open_with_group(*members: str, collapsed: bool = False) -> StackDriver:
        it = StackDriver(qtbot, theme, PICTURE)
        it.document.select(members)
        edits.group_selected(it.document)
        it.document.select(())
        if collapsed:
            click_fold(it)
        return it

    return open_with_group


def head(it: StackDriver) -> GroupItem:
    """The head of the only group."""
    (found,) = it.view.stack.folding.heads.values()
    return found


def on_head(it: StackDriver, x: float = -100.0) -> QPoint:
    return it.view.mapFromScene(QPointF(x, head(it).y() + head(it).height / 2))


def click_fold(it: StackDriver) -> None:
    x = head(it).fold_rect.center().x()
    QTest.mouseClick(it.view.viewport(), LEFT, NONE, on_head(it, x))


def standing(it: StackDriver) -> str:
    """`input [group1] d`: what stands in the column; a group in brackets, with a star while collapsed."""
    words = []
    for item in it.view.stack.shown:
        star = "*" if isinstance(item, GroupItem) and item.is_collapsed else ""
        words.append(item.name if isinstance(item, Block) else f"[{item.content.name}]{star}")
    return " ".join(words)


def test_a_group_has_a_head_above_its_layers(driven: Driver) -> None:
    it = driven("b", "c")
    assert standing(it) == "input a [group1] b c s f d"
    assert head(it).names == ("b", "c")
    tops = [item.y() for item in it.view.stack.shown]
    assert tops == sorted(tops)


def test_grouping_is_one_named_step_and_undone(driven: Driver) -> None:
    it = driven("b", "c")
    assert it.document.undo_stack.undoText() == "Group 2 layers"
    it.document.undo_stack.undo()
    assert standing(it) == "input a b c s f d"
    assert not it.view.stack.folding.heads


def test_only_neighbours_can_be_a_group(driven: Driver) -> None:
    it = driven("f")
    it.document.select(("a", "c"))
    with pytest.raises(EditError, match=r"1 layer between them is not selected\. Select all from a to c"):
        edits.group_selected(it.document)


def test_a_click_on_the_chevron_shows_one_card_and_another_the_layers_again(driven: Driver) -> None:
    it = driven("b", "c", "s")
    click_fold(it)
    assert standing(it) == "input a [group1]* f d"
    assert not it.view.stack.blocks["b"].isVisible()
    click_fold(it)
    assert standing(it) == "input a [group1] b c s f d"
    assert it.view.stack.blocks["b"].isVisible()


def test_collapsing_is_no_edit(driven: Driver) -> None:
    it = driven("b", "c")
    count = it.document.undo_stack.count()
    click_fold(it)
    assert it.document.undo_stack.count() == count


def test_the_card_says_what_the_group_is_as_a_whole(driven: Driver) -> None:
    content = head(driven("a", "b", "c", collapsed=True)).content
    assert (content.name, content.shape, content.parameters) == ("group1", "28 × 28 × 8", "664 params")
    assert content.about == "3 layers · Conv2D, Activation"


def test_the_card_follows_edits_of_its_layers(driven: Driver) -> None:
    it = driven("b", "c", collapsed=True)
    layer = it.document.network.layer("b").updated(filters=4)
    it.document.apply_network("Edit b", it.document.network.replaced("b", layer))
    assert head(it).content.shape == "28 × 28 × 4"
    assert head(it).is_collapsed


def test_what_is_wrong_inside_is_marked_on_the_card(driven: Driver) -> None:
    it = driven("b", "c", collapsed=True)
    layer = it.document.network.layer("b").updated(kernel_size=(99, 99), padding="valid")
    it.document.apply_network("Edit b", it.document.network.replaced("b", layer))
    assert head(it).content.severity == "error"
    assert "99" in head(it).toolTip()


def test_a_click_on_the_head_selects_all_its_layers(driven: Driver) -> None:
    it = driven("b", "c")
    QTest.mouseClick(it.view.viewport(), LEFT, NONE, on_head(it))
    assert it.selected == "b c"
    assert head(it).highlight.selected


def test_a_click_with_control_adds_the_group_and_takes_it_away(driven: Driver) -> None:
    it = driven("b", "c", collapsed=True)
    it.click("f")
    QTest.mouseClick(it.view.viewport(), LEFT, CTRL, on_head(it))
    assert it.selected == "b c f"
    QTest.mouseClick(it.view.viewport(), LEFT, CTRL, on_head(it))
    assert it.selected == "f"


def test_arrows_stop_once_at_a_collapsed_group(driven: Driver) -> None:
    it = driven("b", "c", collapsed=True)
    it.click("a")
    walked = []
    for _ in range(3):
        it.key(Key.Key_Down)
        walked.append(it.selected)
    assert walked == ["b c", "s", "f"]
    it.key(Key.Key_Up)
    it.key(Key.Key_Up, SHIFT)
    assert it.selected == "b c s"


def test_left_collapses_and_right_expands(driven: Driver) -> None:
    it = driven("b", "c")
    it.click("c")
    it.key(Key.Key_Left)
    assert standing(it) == "input a [group1]* s f d"
    it.key(Key.Key_Right)
    assert standing(it) == "input a [group1] b c s f d"


def test_selecting_one_layer_of_a_collapsed_group_elsewhere_expands_it(driven: Driver) -> None:
    it = driven("b", "c", collapsed=True)
    it.document.select(("c",))
    assert standing(it) == "input a [group1] b c s f d"


EDITS_BELOW: dict[str, Callable[[StackDriver], object]] = {
    "duplicate": lambda it: edits.duplicate_selected(it.document),
    "repeat": lambda it: edits.repeat_selected(it.document, 3),
    "add": lambda it: edits.add_layer(it.document, "Dropout"),
    "copy": lambda it: edits.copy_layers(it.document, it.document.selection, 4),
}


@pytest.mark.parametrize("edit", EDITS_BELOW)
def test_an_edit_right_below_a_collapsed_group_can_be_undone(driven: Driver, edit: str) -> None:
    it = driven("b", "c", collapsed=True)
    QTest.mouseClick(it.view.viewport(), LEFT, NONE, on_head(it))
    EDITS_BELOW[edit](it)
    it.document.undo_stack.undo()
    assert it.shown == "a b c s f d"
    assert standing(it) == "input a [group1]* s f d"
    assert it.selected == "b c"


def test_deleting_right_above_a_collapsed_group_selects_it_as_a_whole(driven: Driver) -> None:
    it = driven("f", "d", collapsed=True)
    it.click("s")
    edits.delete_selected(it.document)
    assert standing(it) == "input a b c [group1]*"
    assert it.selected == "f d"


def test_collapsing_around_a_selected_layer_selects_the_card(driven: Driver) -> None:
    it = driven("b", "c")
    it.document.select(("c",))
    it.key(Key.Key_Left)
    assert it.selected == "b c"
    assert head(it).highlight.selected


UNDONE: dict[str, Callable[[StackDriver], object]] = {
    "cut": lambda it: edits.cut_selected(it.document),
    "delete": lambda it: edits.delete_selected(it.document),
    "ungroup": lambda it: edits.ungroup_selected(it.document),
}


@pytest.mark.parametrize("edit", UNDONE)
def test_undo_brings_a_group_back_collapsed_as_it_was(driven: Driver, edit: str) -> None:
    it = driven("b", "c", collapsed=True)
    it.document.select(("b", "c"))
    UNDONE[edit](it)
    assert not it.view.stack.folding.heads
    it.document.undo_stack.undo()
    assert standing(it) == "input a [group1]* s f d"


COPIED: dict[str, Callable[[StackDriver], object]] = {
    "duplicate": lambda it: edits.duplicate_selected(it.document),
    "paste": lambda it: edits.paste(it.document, edits.copy_selected(it.document)),
    "copy": lambda it: edits.copy_layers(it.document, it.document.selection, 4),
}


@pytest.mark.parametrize("edit", COPIED)
def test_a_copy_of_a_collapsed_group_is_collapsed(driven: Driver, edit: str) -> None:
    it = driven("b", "c", collapsed=True)
    it.document.select(("b", "c"))
    COPIED[edit](it)
    assert standing(it) == "input a [group1]* [group2]* s f d"
    it.document.undo_stack.undo()
    it.document.undo_stack.redo()
    assert standing(it) == "input a [group1]* [group2]* s f d"


def test_all_copies_of_a_repeated_collapsed_group_are_collapsed(driven: Driver) -> None:
    it = driven("b", "c", collapsed=True)
    it.document.select(("b", "c"))
    edits.repeat_selected(it.document, 3)
    assert standing(it) == "input a [group1]* [group2]* [group3]* s f d"


def test_a_collapsed_group_that_is_cut_is_pasted_collapsed(driven: Driver) -> None:
    it = driven("b", "c", collapsed=True)
    it.document.select(("b", "c"))
    edits.paste(it.document, edits.cut_selected(it.document), 2)
    assert standing(it) == "input a [group1]* s f d"


def test_a_copy_of_an_expanded_group_is_expanded_even_if_one_of_its_name_was_collapsed(
    driven: Driver,
) -> None:
    it = driven("b", "c", collapsed=True)
    it.document.select(("b", "c"))
    edits.duplicate_selected(it.document)
    edits.delete_selected(it.document)
    it.document.fold("group1", False)
    it.document.select(("b", "c"))
    edits.duplicate_selected(it.document)
    assert standing(it) == "input a [group1] b c [group2] b2 c2 s f d"


def test_a_new_group_is_expanded_even_if_one_of_its_name_was_collapsed(driven: Driver) -> None:
    it = driven("b", "c", collapsed=True)
    it.document.select(("b", "c"))
    edits.ungroup_selected(it.document)
    edits.group_selected(it.document)
    assert standing(it) == "input a [group1] b c s f d"


def test_undoing_another_name_leaves_a_group_collapsed_or_not(driven: Driver) -> None:
    it = driven("b", "c", collapsed=True)
    edits.rename_group(it.document, "group1", "block")
    it.document.undo_stack.undo()
    assert standing(it) == "input a [group1]* s f d"
    it.document.undo_stack.redo()
    click_fold(it)
    it.document.undo_stack.undo()
    assert standing(it) == "input a [group1] b c s f d"


def test_a_small_project_opens_with_its_groups_expanded(driven: Driver) -> None:
    it = driven("b", "c", collapsed=True)
    it.document.open(it.document.project, None)
    assert standing(it) == "input a [group1] b c s f d"


def test_a_project_that_no_screen_shows_whole_opens_with_its_groups_collapsed(driven: Driver) -> None:
    it = driven("b", "c")
    network = it.document.network
    more = [Activation(name=f"more{at}") for at in range(SEEN_WHOLE)]
    it.document.open(it.document.project.with_network(network.inserted(len(network.layers), *more)), None)
    assert it.document.collapsed == {"group1"}
    assert standing(it).startswith("input a [group1]* s f d more0")


def test_no_line_goes_into_a_collapsed_group_beside_the_arrow_from_the_card_above(driven: Driver) -> None:
    it = driven("b", "c", "s")
    arcs = it.view.stack.arcs.items
    assert set(arcs) == {Arc("a", "s")}
    it.document.fold("group1", True)
    assert not arcs
    it.document.fold("group1", False)
    assert set(arcs) == {Arc("a", "s")}


@pytest.mark.parametrize(
    ("layer", "move", "once", "twice"),
    [
        ("f", edits.move_up, "input a f [group1]* d", "input f a [group1]* d"),
        ("a", edits.move_down, "input [group1]* a f d", "input [group1]* f a d"),
    ],
)
def test_a_moved_layer_jumps_over_a_collapsed_group(
    driven: Driver, layer: str, move: Callable[[Document], None], once: str, twice: str
) -> None:
    it = driven("b", "c", collapsed=True)
    it.document.apply_network("Cut the line", it.document.network.removed("s"))
    it.click(layer)
    move(it.document)
    assert standing(it) == once
    assert it.selected == layer
    move(it.document)
    assert standing(it) == twice


def test_a_collapsed_group_is_moved_over_one_layer(driven: Driver) -> None:
    it = driven("f", "d", collapsed=True)
    it.document.select(("f", "d"))
    edits.move_up(it.document)
    assert standing(it) == "input a b c [group1]* s"
    edits.move_down(it.document)
    assert standing(it) == "input a b c s [group1]*"


def test_a_layer_moved_up_below_an_expanded_group_joins_it(driven: Driver) -> None:
    it = driven("b", "c")
    it.document.apply_network("Cut the line", it.document.network.removed("s"))
    it.click("f")
    edits.move_up(it.document)
    assert standing(it) == "input a [group1] b f c d"


def test_a_collapsed_group_is_dragged_as_one_and_stays_collapsed(driven: Driver) -> None:
    it = driven("f", "d", collapsed=True)
    it.drag(on_head(it), it.at("s", 0.1))
    assert it.shown == "a b c f d s"
    assert standing(it) == "input a b c [group1]* s"
    it.document.undo_stack.undo()
    assert it.shown == "a b c s f d"


def test_the_bar_drags_all_layers_of_an_expanded_group(driven: Driver) -> None:
    it = driven("f", "d")
    it.press(on_head(it))
    it.move(on_head(it) - QPoint(0, 30), it.at("s", 0.1))
    assert standing(it) == "input a b c s"
    it.release(it.at("s", 0.1))
    assert it.shown == "a b c f d s"
    assert standing(it) == "input a b c [group1] f d s"


def test_a_layer_dropped_between_two_of_a_group_joins_it(driven: Driver) -> None:
    it = driven("b", "c")
    it.drag(it.at("f"), it.at("c", 0.1))
    assert it.document.network.layer("f").group == "group1"
    assert standing(it) == "input a [group1] b f c s d"


def test_a_layer_dropped_above_the_first_of_a_group_does_not_join_and_lands_above_the_head(
    driven: Driver,
) -> None:
    it = driven("b", "c")
    it.drag(it.at("f"), it.at("b", 0.1))
    assert standing(it) == "input a f [group1] b c s d"


def test_lines_go_to_the_card_and_none_runs_inside_it(driven: Driver) -> None:
    it = driven("a", "b", "c")
    arcs = it.view.stack.arcs.items
    assert set(arcs) == {Arc("a", "s")}
    click_fold(it)
    assert arcs[Arc("a", "s")].source is head(it)
    it.document.select(("a", "b", "c", "s"))
    edits.group_selected(it.document)
    it.document.fold(head(it).name, True)
    assert not arcs


def test_a_line_drawn_to_a_collapsed_group_says_what_to_do(driven: Driver) -> None:
    it = driven("f", "d", collapsed=True)
    it.press(it.handle("a"))
    it.move(it.handle("a") + QPoint(10, 40), on_head(it))
    (line,) = [item for item in it.view.stack.items() if isinstance(item, NewArc)]
    assert (line.text, line.is_legal) == ("expand group1 to connect to a layer in it", False)
    it.release(on_head(it))
    assert it.document.undo_stack.count() == 1


def test_a_group_is_renamed_in_place_and_stays_collapsed(driven: Driver) -> None:
    it = driven("b", "c", collapsed=True)
    QTest.mouseClick(it.view.viewport(), LEFT, NONE, on_head(it))
    it.key(Key.Key_F2)
    QTest.keyClicks(it.view.overlays.name_editor, "block")
    QTest.keyClick(it.view.overlays.name_editor, Key.Key_Return)
    assert standing(it) == "input a [block]* s f d"
    assert it.document.undo_stack.undoText() == "Rename group1"


def test_two_groups_cannot_have_one_name(driven: Driver) -> None:
    it = driven("b", "c")
    it.document.select(("f", "d"))
    edits.group_selected(it.document)
    with pytest.raises(EditError, match=r"Another group is named 'group1'"):
        edits.rename_group(it.document, "group2", "group1")


def test_ungrouping_leaves_the_layers(driven: Driver) -> None:
    it = driven("b", "c", collapsed=True)
    it.document.select(("b", "c"))
    edits.ungroup_selected(it.document)
    assert standing(it) == "input a b c s f d"
    with pytest.raises(EditError, match="No selected layer is in a group"):
        edits.ungroup_selected(it.document)


def test_a_repeated_group_is_a_group_of_its_own(driven: Driver) -> None:
    it = driven("b", "c")
    it.document.select(("b", "c"))
    edits.repeat_selected(it.document, 3)
    assert [group.name for group in it.document.network.groups] == ["group1", "group2", "group3"]


def test_a_double_click_on_the_bar_collapses(driven: Driver) -> None:
    it = driven("b", "c")
    QTest.mouseDClick(it.view.viewport(), LEFT, NONE, on_head(it))
    assert head(it).is_collapsed


def test_screen_readers_hear_of_a_group_and_whether_it_is_collapsed(driven: Driver) -> None:
    it = driven("b", "c", collapsed=True)
    found = QAccessible.queryAccessibleInterface(it.view).child(2)
    assert found.text(QAccessible.Text.Name).startswith("group1, 2 layers")
    assert found.state().collapsed
    click_fold(it)
    assert found.state().expanded


def test_a_band_over_a_collapsed_group_takes_all_its_layers(driven: Driver) -> None:
    it = driven("b", "c", collapsed=True)
    corner = it.view.mapFromScene(QPointF(it.view.stack.metrics.right + 20, head(it).y() + 10))
    it.press(corner)
    it.move(corner - QPoint(20, -4), corner - QPoint(80, -8))
    it.release(corner - QPoint(80, -8))
    assert it.selected == "b c"
