"""What a person can do to the stack, without a window."""

import json

import pytest
from pytestqt.qtbot import QtBot

from cnnstudio.core.layers import Conv2D, Dense
from cnnstudio.core.network import EditError
from cnnstudio.core.project import Project
from cnnstudio.core.values.errors import StudioError
from cnnstudio.gui.document.document import Document
from tests.core.pictures import names, stack
from tests.gui import edits


def opened(picture: str, *selected: str) -> Document:
    document = Document(Project(network=stack(picture)))
    document.select(selected)
    return document


def shown(document: Document) -> str:
    return names(document.network)


@pytest.fixture(autouse=True)
def _needs_qt(qtbot: QtBot) -> None:
    """A document is a QObject."""


def test_a_layer_lands_below_the_selection_and_is_selected() -> None:
    document = opened("a=conv b=flatten c=dense(4)", "a")
    edits.add_layer(document, "MaxPooling2D")
    assert shown(document) == "a pool1 b c"
    assert document.selection == ("pool1",)
    assert document.undo_stack.undoText() == "Add MaxPooling2D"


def test_without_a_selection_a_layer_lands_at_the_end() -> None:
    document = opened("a=conv")
    edits.add_layer(document, "Flatten")
    assert shown(document) == "a flatten"


def test_names_are_numbered_by_kind() -> None:
    document = opened("")
    for type_name in ("Conv2D", "Conv2D", "MaxPooling2D", "AveragePooling2D", "BatchNormalization"):
        edits.add_layer(document, type_name)
    assert shown(document) == "conv1 conv2 pool1 pool2 bn1"


def test_filters_double_after_a_pooling_and_stay_the_same_without_one() -> None:
    document = opened("a=conv(16) p=maxpool", "p")
    edits.add_layer(document, "Conv2D")
    edits.add_layer(document, "Conv2D")
    filters = [layer.filters for layer in document.network.layers if isinstance(layer, Conv2D)]
    assert filters == [16, 32, 32]


def test_the_last_dense_has_a_unit_for_each_class_and_answers_in_shares() -> None:
    document = opened("a=conv f=flatten", "f")
    edits.add_layer(document, "Dense")
    last = document.network.layers[-1]
    assert isinstance(last, Dense)
    assert (last.units, last.activation) == (10, "softmax")


def test_a_dense_above_others_is_a_plain_one() -> None:
    document = opened("f=flatten d=dense(10,softmax)", "f")
    edits.add_layer(document, "Dense")
    new = document.network.layer("dense1")
    assert isinstance(new, Dense)
    assert (new.units, new.activation) == (64, "relu")


def test_a_merge_layer_takes_the_layer_above_and_the_nearest_one_of_the_same_shape() -> None:
    document = opened("a=conv(8,3,same) p=maxpool b=conv(8,3,same) c=conv(8,3,same)", "c")
    edits.add_layer(document, "Add")
    assert document.network.layer("add1").inputs == ("c", "b")
    assert document.analysis.row("add1").stands


def test_a_merge_layer_without_a_partner_says_so_in_a_finding() -> None:
    document = opened("a=conv(8,3,valid)", "a")
    edits.add_layer(document, "Add")
    assert document.network.layer("add1").inputs == ()
    assert any(finding.layer == "add1" for finding in document.findings)


def test_a_layer_put_into_a_line_takes_its_place_in_what_the_layer_below_names() -> None:
    document = opened("a=conv(8,3,same) b=conv(8,3,same) s=add<-b,a", "b")
    edits.add_layer(document, "Activation")
    assert document.network.layer("s").inputs == ("act1", "a")


def test_deleting_selects_the_neighbour_and_undo_brings_all_back() -> None:
    document = opened("a=conv b=conv c=flatten d=dense(2)", "b", "c")
    before = document.project
    edits.delete_selected(document)
    assert shown(document) == "a d"
    assert document.selection == ("d",)
    assert document.undo_stack.undoText() == "Delete 2 layers"
    document.undo_stack.undo()
    assert document.project == before


def test_the_input_is_not_deleted_with_the_others() -> None:
    document = opened("a=conv", "input", "a")
    edits.delete_selected(document)
    assert shown(document) == ""


def test_deleting_nothing_is_refused_with_the_reason() -> None:
    with pytest.raises(EditError, match="no layer is selected"):
        edits.delete_selected(opened("a=conv"))
    with pytest.raises(EditError, match="the Input stays"):
        edits.delete_selected(opened("a=conv", "input"))


def test_duplicates_stand_below_and_are_selected() -> None:
    document = opened("conv1=conv pool1=maxpool f=flatten", "conv1", "pool1")
    edits.duplicate_selected(document)
    assert shown(document) == "conv1 pool1 conv2 pool2 f"
    assert document.selection == ("conv2", "pool2")


def test_a_repeated_residual_block_is_a_chain_of_residual_blocks() -> None:
    document = opened("c0=conv(8,3,same) c1=conv(8,3,same) s1=add<-c1,c0 f=flatten", "c1", "s1")
    edits.repeat_selected(document, 3)
    assert shown(document) == "c0 c1 s1 c2 s2 c3 s3 f"
    assert document.network.layer("s2").inputs == ("c2", "s1")
    assert document.network.layer("s3").inputs == ("c3", "s2")
    assert document.undo_stack.count() == 1


def test_moving_several_layers_keeps_their_order() -> None:
    document = opened("a=conv b=conv c=conv d=conv e=conv")
    edits.move_layers(document, ("d", "a"), 3)
    assert shown(document) == "b a d c e"
    assert document.selection == ("a", "d")
    assert document.undo_stack.count() == 1


def test_moving_to_where_the_layers_are_is_no_step() -> None:
    document = opened("a=conv b=conv c=conv")
    edits.move_layers(document, ("b",), 2)
    edits.move_layers(document, ("b",), 3)
    assert document.undo_stack.count() == 0


def test_a_layer_cannot_be_moved_above_its_own_input() -> None:
    document = opened("a=conv(8,3,same) b=conv(8,3,same) s=add<-b,a")
    with pytest.raises(EditError, match="cannot stand above it"):
        edits.move_layers(document, ("s",), 1)
    assert document.undo_stack.count() == 0


def test_a_block_that_holds_both_ends_of_an_arc_moves_as_a_whole() -> None:
    document = opened("x=relu a=conv(8,3,same) b=conv(8,3,same) s=add<-b,a y=relu")
    edits.move_layers(document, ("a", "b", "s"), 1)
    assert shown(document) == "a b s x y"
    edits.move_layers(document, ("a", "b", "s"), 6)
    assert shown(document) == "x y a b s"


def test_moving_up_and_down_goes_one_place_and_stops_at_the_ends() -> None:
    document = opened("a=conv b=conv c=conv", "b")
    edits.move_up(document)
    assert shown(document) == "b a c"
    edits.move_up(document)
    assert shown(document) == "b a c"
    edits.move_down(document)
    edits.move_down(document)
    edits.move_down(document)
    assert shown(document) == "a c b"


def test_select_all_leaves_the_input_out() -> None:
    document = opened("a=conv b=flatten")
    edits.select_all(document)
    assert document.selection == ("a", "b")


def test_copied_layers_are_readable_json_and_paste_into_another_window() -> None:
    source = opened("a=conv(5) p=maxpool f=flatten", "a", "p")
    text = edits.copy_selected(source)
    assert json.loads(text)["layers"][0]["filters"] == 5
    other = opened("x=conv(2)", "x")
    edits.paste(other, text)
    assert shown(other) == "x a p"
    assert other.selection == ("a", "p")
    assert other.undo_stack.undoText() == "Paste 2 layers"


def test_a_pasted_arc_to_a_layer_that_is_not_above_is_left_out() -> None:
    source = opened("a=conv(8,3,same) b=conv(8,3,same) c=conv(8,3,same) s=add<-c,a", "s")
    text = edits.copy_selected(source)
    other = opened("x=conv")
    edits.paste(other, text)
    assert other.network.layer("s").inputs == ()
    assert other.network.inputs_of(2) == ("x",)


def test_cutting_removes_what_it_copies() -> None:
    document = opened("a=conv b=flatten", "a")
    text = edits.cut_selected(document)
    assert shown(document) == "b"
    edits.paste(document, text, 1)
    assert shown(document) == "a b"


@pytest.mark.parametrize("text", ["", "hello", "[]", '{"layers": []}', '{"format": "cnnstudio layers"}'])
def test_pasting_something_else_says_what_to_do(text: str) -> None:
    document = opened("a=conv")
    with pytest.raises(StudioError, match="Copy layers of a stack first"):
        edits.paste(document, text)
    assert document.undo_stack.count() == 0


def test_what_has_no_weights_cannot_be_frozen() -> None:
    document = opened("a=conv p=maxpool", "a", "p")
    edits.toggle_frozen(document)
    assert [layer.trainable for layer in document.network.layers[1:]] == [False, True]
    document.select(("p",))
    with pytest.raises(EditError, match="nothing to freeze"):
        edits.toggle_frozen(document)


def test_cutting_is_named_as_such() -> None:
    document = opened("a=conv b=conv", "a", "b")
    edits.cut_selected(document)
    assert document.undo_stack.undoText() == "Cut 2 layers"


def test_undoing_a_copy_selects_what_was_copied() -> None:
    document = opened("a=conv b=maxpool c=flatten", "b")
    edits.duplicate_selected(document)
    document.undo_stack.undo()
    assert document.selection == ("b",)


def test_rubbish_on_the_clipboard_is_refused_in_plain_words() -> None:
    document = opened("a=conv")
    with pytest.raises(StudioError, match=r"^The clipboard holds no layers that can be pasted\. Copy layers"):
        edits.paste(document, "hello")
    wrong = edits.copy_selected(opened("a=conv(8)", "a")).replace('"filters": 8', '"filters": 0')
    with pytest.raises(StudioError, match=r"layers\.0\.filters: 0 was given"):
        edits.paste(document, wrong)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Conv2d", "'Conv2d' is no known type. Did you mean 'Conv2D', 'Conv3D' or 'Conv1D'?"),
        (
            "Quux",
            "'Quux' is no known type. Use a known one, such as 'CutMix', 'AugMix' or 'MixUp'.",
        ),
    ],
)
def test_of_an_unknown_type_one_fault_and_at_most_three_names_are_told(written: str, told: str) -> None:
    document = opened("a=conv b=conv")
    wrong = edits.copy_selected(opened("a=conv", "a")).replace('"Conv2D"', f'"{written}"')
    with pytest.raises(StudioError) as refused:
        edits.paste(document, wrong)
    assert str(refused.value) == f"These layers cannot be pasted: layers.0: {told}"


@pytest.mark.parametrize(
    ("text", "shown"), [("null", "null"), ("[1, 2]", "[1, 2]"), ("9" * 30, "other JSON")]
)
def test_json_of_something_else_is_refused_in_plain_words(text: str, shown: str) -> None:
    with pytest.raises(StudioError) as refused:
        edits.paste(opened("a=conv"), text)
    told = f"The clipboard holds {shown}, but layers are expected. Copy layers of a stack first."
    assert str(refused.value) == told


def test_freezing_takes_all_or_none() -> None:
    document = opened("a=conv b=conv", "a", "b")
    edits.toggle_frozen(document)
    assert not any(document.network.layer(name).trainable for name in "ab")
    assert document.undo_stack.undoText() == "Freeze 2 layers"
    edits.toggle_frozen(document)
    assert all(document.network.layer(name).trainable for name in "ab")


def test_renaming_is_followed_by_those_who_take_the_layer() -> None:
    document = opened("a=conv(8,3,same) b=conv(8,3,same) s=add<-b,a", "a")
    edits.rename(document, "a", "  stem ")
    assert document.network.layer("s").inputs == ("b", "stem")
    assert document.selection == ("stem",)
    with pytest.raises(EditError, match="Another layer is named"):
        edits.rename(document, "stem", "b")
    with pytest.raises(EditError, match="needs a name"):
        edits.rename(document, "stem", " ")


def test_connecting_adds_to_a_merge_layer_and_replaces_elsewhere() -> None:
    document = opened("a=conv(8,3,same) b=conv(8,3,same) c=conv(8,3,same) s=add<-c,b")
    edits.connect(document, "a", "s")
    assert document.network.layer("s").inputs == ("c", "b", "a")
    edits.connect(document, "a", "c")
    assert document.network.layer("c").inputs == ("a",)
    edits.disconnect(document, "b", "s")
    assert document.network.layer("s").inputs == ("c", "a")
    with pytest.raises(EditError, match="only layers above it"):
        edits.connect(document, "s", "a")
