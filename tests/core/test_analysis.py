"""The numbers of the live panel, with the course's own network as the example."""

import numpy as np
import pytest

from cnnstudio.core.analysis import analyze
from cnnstudio.core.layers import Conv2D, Input, ReLU
from tests.core.pictures import stack

COURSE = "conv1=conv(10,3,same) conv2=conv(10,3,same) flatten=flatten dense=dense(3)"


def test_the_course_counts_100_910_0_and_23523_parameters() -> None:
    analysis = analyze(stack(COURSE))
    assert [row.parameters for row in analysis.rows[1:]] == [100, 910, 0, 23_523]
    assert analysis.totals.parameters == 100 + 910 + 23_523


def test_the_course_shapes_follow_the_stack() -> None:
    shapes = [row.output_shape for row in analyze(stack(COURSE)).rows]
    assert shapes == [(28, 28, 1), (28, 28, 10), (28, 28, 10), (7840,), (3,)]


def test_multiplications_are_counted_per_weight_and_position() -> None:
    macs = [row.macs for row in analyze(stack(COURSE)).rows[1:]]
    assert macs == [28 * 28 * 9 * 10, 28 * 28 * 9 * 10 * 10, 0, 7840 * 3]


def test_the_arithmetic_is_written_out_with_its_numbers() -> None:
    sums = {one.label: one.text for one in analyze(stack(COURSE)).row("conv1").arithmetic()}
    assert sums["height"] == "floor((28 - 3 + 2*1) / 1) + 1 = 28"
    assert sums["parameters"] == "3*3*1*10 weights + 10 biases = 100"


def test_one_of_a_thing_is_written_in_the_singular() -> None:
    rows = analyze(stack("conv=conv(1,3,same) flatten=flatten dense=dense(1)")).rows
    conv, dense = ({one.label: one.text for one in rows[at].arithmetic()} for at in (1, 3))
    assert conv["channels"] == "1 filter = 1"
    assert conv["parameters"] == "3*3*1*1 weights + 1 bias = 10"
    assert dense["features"] == "1 unit"


def test_every_setting_named_by_a_term_is_a_field_of_the_layer() -> None:
    for row in analyze(stack(COURSE)).rows:
        named = {term.setting for one in row.arithmetic() for term in one.terms} - {None}
        assert named <= set(type(row.layer).model_fields)


@pytest.mark.parametrize("size", range(1, 40))
@pytest.mark.parametrize(("kernel", "stride"), [(1, 1), (3, 1), (3, 2), (5, 3), (2, 4)])
def test_output_size_is_the_number_of_places_a_kernel_can_stand(size: int, kernel: int, stride: int) -> None:
    layer = Conv2D(name="c", kernel_size=(kernel, kernel), strides=(stride, stride), padding="valid")
    places = len(np.arange(size)[: max(size - kernel + 1, 0) : stride])
    row = analyze(stack("", (size, size, 1)).inserted(1, layer)).row("c")
    assert row.output_shape == ((places, places, 32) if places else None)


def test_a_broken_layer_leaves_the_rows_above_and_names_what_those_below_wait_for() -> None:
    analysis = analyze(stack("a=conv(4,3,valid) b=conv(4,9,valid) c=relu d=flatten", (8, 8, 1)))
    assert [row.stands for row in analysis.rows] == [True, True, False, False, False]
    assert [row.waits_for for row in analysis.rows[3:]] == ["b", "b"]
    assert analysis.totals.parameters == analysis.row("a").parameters


def test_the_finding_of_a_kernel_that_does_not_fit_says_both_sizes_and_the_way_out() -> None:
    (finding,) = analyze(stack("conv2=conv(4,5,valid)", (3, 3, 1))).findings
    assert finding.code == "S01"
    assert finding.message == (
        "conv2 (Conv2D): A 5 x 5 kernel does not fit a 3 x 3 input. "
        "Use padding 'same', or a kernel of at most 3."
    )


def test_merged_branches_of_other_sizes_are_named_with_their_sizes() -> None:
    (finding,) = analyze(stack("a=conv(4,3,same) b=maxpool s=add<-a,b", (8, 8, 1))).findings
    assert finding.code == "S03"
    assert "8 x 8 x 4 from a, 4 x 4 x 4 from b" in finding.message


def test_an_edit_takes_over_the_rows_it_does_not_touch() -> None:
    before = stack("a=conv b=conv c=conv")
    first = analyze(before)
    after = before.replaced("b", before.layer("b").updated(filters=16))
    second = analyze(after, first)
    assert second.row("a") is first.row("a")
    assert second.row("c").input_shapes == ((28, 28, 16),)


def test_incremental_analysis_equals_analysis_from_scratch() -> None:
    network, analysis = stack("a=conv b=conv(8,3,same) s=add<-a,b p=maxpool f=flatten"), None
    for name, kernel in (("a", 5), ("b", 7), ("a", 3)):
        size = (kernel, kernel)
        network = network.replaced(name, network.layer(name).updated(kernel_size=size))
        analysis = analyze(network, analysis)
        fresh = analyze(network)
        for row, other in zip(analysis.rows, fresh.rows, strict=True):
            assert (row.output_shape, row.parameters, row.receptive_field) == (
                other.output_shape,
                other.parameters,
                other.receptive_field,
            )


def test_the_receptive_field_grows_as_the_published_recurrence_says() -> None:
    rows = analyze(stack("a=conv(4,3,same) p=maxpool b=conv(4,3,same) f=flatten")).rows
    sizes = [row.receptive_field and row.receptive_field[0].size for row in rows]
    assert sizes == [1, 3, 4, 8, None]


def test_frozen_layers_count_as_not_trainable() -> None:
    network = stack("a=conv(8,3)")
    frozen = network.replaced("a", network.layer("a").updated(trainable=False))
    row = analyze(frozen).row("a")
    assert (row.trainable, row.non_trainable) == (0, 80)


def test_open_sizes_stay_open_through_a_fully_convolutional_stack() -> None:
    analysis = analyze(stack("a=conv(8,3) p=maxpool g=gap d=dense(10)", (None, None, 3)))
    assert [row.output_shape for row in analysis.rows[1:]] == [(None, None, 8), (None, None, 8), (8,), (10,)]


def test_an_edit_that_changes_no_shape_and_no_view_keeps_all_other_rows() -> None:
    before = stack("a=conv b=conv c=conv s=add<-b,c f=flatten")
    first = analyze(before)
    after = analyze(before.replaced("b", before.layer("b").updated(activation="tanh")), first)
    assert [row is other for row, other in zip(after.rows, first.rows, strict=True)] == [
        row.name != "b" for row in first.rows
    ]


def test_a_wider_kernel_widens_the_view_of_every_layer_below() -> None:
    before = stack("a=conv b=conv(8,3,same) c=conv(8,3,same) s=add<-b,c")
    wider = before.replaced("a", before.layer("a").updated(kernel_size=(5, 5)))
    analysis = analyze(wider, analyze(before))
    assert [row.receptive_field and row.receptive_field[0].size for row in analysis.rows] == [1, 5, 7, 9, 9]


def test_a_layer_that_is_rewired_is_worked_out_anew() -> None:
    before = stack("a=conv(8,3) p=maxpool b=conv(4,3)")
    after = before.connected("b", ["a"])
    assert analyze(after, analyze(before)).row("b").output_shape == (28, 28, 4)


def test_rows_are_found_by_type_and_by_what_they_take() -> None:
    analysis = analyze(stack("a=conv b=conv s=add<-a,b"))
    assert [row.name for row in analysis.by_type[Conv2D]] == ["a", "b"]
    assert {name: [row.name for row in rows] for name, rows in analysis.takers.items()} == {
        "input": ["a"],
        "a": ["b", "s"],
        "b": ["s"],
    }


def test_sizes_that_double_without_end_stop_at_what_can_be_counted() -> None:
    twice = " ".join(f"c{i}=concat<-{above},{above}" for i, above in enumerate(["a", *_names(9_000)]))
    analysis = analyze(stack(f"a=relu {twice}"))
    (finding,) = analysis.findings
    assert (finding.code, finding.severity) == ("S01", "error")
    assert analysis.rows[-1].waits_for == finding.layer


def _names(count: int) -> list[str]:
    return [f"c{i}" for i in range(count - 1)]


def test_what_waits_is_taken_over_while_the_break_above_it_is_edited() -> None:
    network = stack("a=conv(8,3) b=conv(8,99,valid) c=relu d=conv(4,3)")
    first = analyze(network)
    still_broken = network.replaced("b", network.layer("b").updated(kernel_size=(98, 98)))
    second = analyze(still_broken, first)
    assert [second.row(name) is first.row(name) for name in "abcd"] == [True, False, True, True]
    other_break = still_broken.replaced(
        "a", network.layer("a").updated(kernel_size=(77, 77), padding="valid")
    )
    assert [row.waits_for for row in analyze(other_break, second).rows] == [None, None, "a", "a", "a"]


def test_a_mended_break_gives_the_rows_below_back_without_working_them_out_again() -> None:
    whole = stack("a=conv(8,3) b=conv(8,3) c=relu d=conv(4,3) e=dense(7)")
    first = analyze(whole)
    kernels = [whole.layer("b").updated(kernel_size=(size, size), padding="valid") for size in (99, 98)]
    broken = analyze(whole.replaced("b", kernels[0]), first)
    still = analyze(whole.replaced("b", kernels[1]), broken)
    mended = analyze(whole.replaced("b", whole.layer("b")), still)
    assert [mended.row(name) is first.row(name) for name in "acde"] == [True] * 4
    assert not mended.stood


def test_rows_that_changed_while_they_waited_are_worked_out_anew() -> None:
    whole = stack("a=conv(8,3) b=conv(8,3) c=conv(8,3) d=dense(7)")
    broken = whole.replaced("b", whole.layer("b").updated(kernel_size=(99, 99), padding="valid"))
    wider = broken.replaced("c", whole.layer("c").updated(filters=5))
    mended = wider.replaced("b", whole.layer("b"))
    after = analyze(mended, analyze(wider, analyze(broken, analyze(whole))))
    assert [row.output_shape for row in after.rows] == [row.output_shape for row in analyze(mended).rows]
    assert after.row("d").parameters == 6 * 7


def test_a_problem_names_the_layers_that_make_its_sizes_now() -> None:
    before = stack("a=conv(3,1) n=bn b=conv(8,3,same) s=add<-b,n")
    first = analyze(before)
    assert "3 was made by a: 3 filters." in first.findings[0].message
    other = before.replaced("a", ReLU(name="a")).replaced("input", Input(name="input", shape=(28, 28, 3)))
    second = analyze(other, first)
    assert "3 was made by input" in second.findings[0].message
    assert second.findings == analyze(other).findings
