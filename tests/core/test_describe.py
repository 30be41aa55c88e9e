"""The live panel in words."""

import csv
import io

import pytest

from cnnstudio.core.analysis import Totals, analyze
from cnnstudio.core.analysis.columns import COLUMN_BY_KEY, COLUMNS, TableContext, as_csv, as_markdown, as_text
from cnnstudio.core.analysis.describe import (
    bytes_text,
    change_text,
    made_above,
    short_count,
    sums_title,
    totals_text,
    totals_told,
    trainable_text,
)
from cnnstudio.core.layers import CustomLayer
from cnnstudio.core.network import Network
from tests.core.pictures import stack

COURSE = stack("c1=conv(10,3) c2=conv(10,3) flat=flatten out=dense(3)")
SHOWN = [COLUMN_BY_KEY[key] for key in ("name", "output", "parameters", "macs")]


def frame_of(network: Network, batch_size: int = 1) -> TableContext:
    return TableContext(analyze(network).totals, batch_size)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (9_999, "9,999"),
        (10_000, "10.0 k"),
        (23_523, "23.5 k"),
        (999_499, "999 k"),
        (999_999, "1.00 M"),
        (2_137_994, "2.14 M"),
        (41_600_000, "41.6 M"),
        (7_000_000_000, "7.00 G"),
        (10**13, "10.0 T"),
    ],
)
def test_a_count_is_shortened_to_three_digits_from_ten_thousand_up(number: int, text: str) -> None:
    assert short_count(number) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0 bytes"), (1023, "1023 bytes"), (1024, "1.0 KB"), (8_551_976, "8.2 MB"), (2**40, "1.0 TB")],
)
def test_memory_is_told_in_units_of_1024(number: int, text: str) -> None:
    assert bytes_text(number) == text


def test_the_change_of_an_edit_has_its_sign_and_all_digits() -> None:
    before = analyze(stack("conv(8,3)")).totals
    after = analyze(stack("conv(16,3)")).totals
    assert change_text(before, after) == "+80 parameters"
    assert change_text(after, before) == "−80 parameters"
    assert change_text(before, before) == ""


def test_freezing_a_layer_changes_the_trainable_parameters() -> None:
    network = stack("c1=conv(8,3)")
    frozen = network.replaced("c1", network.layer("c1").updated(trainable=False))
    assert change_text(analyze(network).totals, analyze(frozen).totals) == "−80 trainable parameters"


def test_the_totals_are_told_in_short_and_in_full() -> None:
    analysis = analyze(COURSE)
    assert totals_told(analysis).title == "Total"
    assert totals_text(analysis.totals) == "24.5 k params · 96 KB · 800 k MACs"
    assert totals_told(analysis).sentence.startswith("24,533 trainable and 0 other parameters, 96 KB")
    assert totals_told(analysis).sentence.endswith("for one sample.")


def test_what_the_totals_leave_out_is_told() -> None:
    broken = analyze(stack("c1=conv(8,3) c2=conv(8,99,valid) flat=flatten"))
    assert totals_told(broken).title == "Up to c2"
    assert totals_told(broken).sentence.endswith("Counted up to the break at c2.")
    beside = analyze(stack("c1=conv(8,3) c2=conv(8,99,valid) c3=conv(8,3)<-c1 cat=concat<-c2,c3"))
    assert beside.totals.parameters == 80 + 584
    assert totals_told(beside).title == "Known so far"
    assert totals_told(beside).sentence.endswith("the first break is at c2.")


def test_the_table_as_text_has_straight_columns() -> None:
    text = as_text(analyze(COURSE).rows, SHOWN, frame_of(COURSE))
    assert text == (
        "Layer    Output  Params    MACs\n"
        "-------------------------------\n"
        "input   28×28×1       0       0\n"
        "c1     28×28×10     100  70.6 k\n"
        "c2     28×28×10     910   706 k\n"
        "flat       7840       0       0\n"
        "out           3  23,523  23.5 k\n"
        "-------------------------------\n"
        "24.5 k params · 96 KB · 800 k MACs\n"
    )


def test_markdown_survives_a_name_with_a_bar() -> None:
    network = COURSE.renamed("c1", "a|b")
    lines = as_markdown(analyze(network).rows, SHOWN, frame_of(network)).splitlines()
    assert lines[1] == "| --- | ---: | ---: | ---: |"
    assert {line.count("|") for line in lines[:-2]} == {5}
    assert "a&#124;b" in lines[3]


def test_csv_has_plain_numbers_and_reads_back() -> None:
    network = COURSE.renamed("c1", 'first, "big"')
    text = as_csv(analyze(network).rows, COLUMNS, frame_of(network, batch_size=32))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows[1]["Layer"] == 'first, "big"'
    assert [int(row["Params"]) for row in rows] == [0, 100, 910, 0, 23_523]
    assert int(rows[1]["Memory"]) == 28 * 28 * 10 * 4 * 32


def test_a_broken_layer_and_the_ones_below_say_so() -> None:
    network = stack("p=maxpool c1=conv(8,20,valid) flat=flatten")
    rows = {row.name: row for row in analyze(network).rows}
    output = COLUMN_BY_KEY["output"]
    frame = frame_of(network)
    assert output.text(rows["c1"], frame) == "does not fit"
    assert output.text(rows["flat"], frame) == "waits for c1"
    assert "20 x 20 kernel" in output.sentence(rows["c1"], frame)
    assert analyze(network).first_break == "c1"
    assert "20 x 20 kernel" in sums_title(rows["c1"])
    assert sums_title(rows["flat"]).startswith("flat waits for c1")


def test_a_layer_of_unknown_shape_is_not_called_broken() -> None:
    network = stack("c1=conv(8,3)").inserted(2, CustomLayer(name="mine", class_name="Mine"))
    row = analyze(network).row("mine")
    assert COLUMN_BY_KEY["output"].text(row, frame_of(network)) == "not known"


def test_every_column_has_a_text_for_every_row_of_a_broken_network() -> None:
    network = stack("c1=conv(8,3) c2=conv(8,40,valid) add<-c1,c2 flatten", (None, None, 3))
    rows = analyze(network).rows
    for column in COLUMNS:
        for row in rows:
            assert isinstance(column.text(row, frame_of(network)), str)
            assert isinstance(column.sentence(row, frame_of(network)), str)
            assert isinstance(column.value(row, frame_of(network)), (int, float, str))


def test_sizes_made_higher_up_are_traced_to_their_layer() -> None:
    network = stack("p=maxpool drop=dropout", (51, 51, 3))
    assert [one.text for one in made_above(analyze(network), "drop")] == [
        "25 was made by p: 51 / 2 rounded down",
        "3 was made by input: the size of one sample",
    ]


def test_the_trainable_part_is_told_beside_the_whole() -> None:
    def told(trainable: int, frozen: int) -> str:
        whole = Totals(trainable=trainable, non_trainable=frozen, frozen=frozen, macs=0, activation_bytes=0)
        return trainable_text(whole)

    assert told(12_832, 16_106) == "12,832 of 28,938"
    assert told(28_938, 0) == "all 28,938"
    assert told(0, 416) == "0 of 416"
    assert told(0, 0) == "none"
