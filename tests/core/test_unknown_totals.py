"""What is not known is said to be unknown: in totals, table, diagram and summary."""

import pytest

from cnnstudio.core.analysis import Totals, analyze
from cnnstudio.core.analysis.columns import COLUMN_BY_KEY, TableContext, as_csv, as_text
from cnnstudio.core.analysis.describe import totals_text, totals_told
from cnnstudio.core.analysis.memory import training_memory
from cnnstudio.core.checks import run_checks
from cnnstudio.core.diagram.palette import PAPER
from cnnstudio.core.diagram.stack import stack_svg
from cnnstudio.core.layers import CustomLayer, Layer
from cnnstudio.core.network import Network
from cnnstudio.core.project import Project
from cnnstudio.core.project.training import TrainingSettings
from tests.core.pictures import stack


def _with(custom: Layer) -> Network:
    return stack("a=conv(8,3,same) b=conv(8,3) flatten d=dense(10)").inserted(2, custom)


SHAPED = CustomLayer(
    name="mine", class_name="Mine", known_output_shape=(28, 28, 8), known_inputs=((28, 28, 8),)
)
UNSHAPED = CustomLayer(name="mine", class_name="Mine")
COLUMNS = [COLUMN_BY_KEY[key] for key in ("name", "parameters", "macs")]


def _totals(network: Network) -> Totals:
    return analyze(network).totals


def test_weights_that_nobody_tells_make_a_total_a_lower_bound() -> None:
    totals = _totals(_with(SHAPED))
    assert (totals.weights_known, totals.macs_known) == (False, False)
    assert totals_text(totals).startswith("at least 63.4 k params")
    told = totals_told(analyze(_with(SHAPED)))
    assert told.title == "Known so far"
    assert told.sentence.startswith("At least 63,394 trainable")
    assert told.sentence.endswith("The parameters of mine are not known.")


def test_with_counts_from_the_file_only_the_macs_are_a_lower_bound() -> None:
    totals = _totals(_with(SHAPED.updated(known_parameters=(5, 2))))
    assert (totals.parameters, totals.weights_known, totals.macs_known) == (63_401, True, False)
    assert totals_text(totals).startswith("63.4 k params · 248 KB · at least")


def test_a_layer_without_weights_leaves_nothing_unknown() -> None:
    totals = _totals(_with(SHAPED.updated(known_parameters=(0, 0))))
    assert (totals.weights_known, totals.macs_known) == (True, True)


def test_a_break_makes_a_total_a_lower_bound() -> None:
    totals = _totals(stack("a=conv(8,3) f=flatten b=conv(8,3)"))
    assert (totals.parameters, totals.weights_known, totals.activation_bytes) == (80, False, None)


def test_below_an_unknown_shape_the_file_tells_how_many_parameters_there_are() -> None:
    layers = _with(UNSHAPED.updated(known_parameters=(3, 0))).layers
    network = Network(layers=layers, stored_parameters={"b": (584, 0), "d": (54_090, 2)})
    analysis = analyze(network)
    assert (analysis.totals.parameters, analysis.totals.weights_known) == (80 + 3 + 584 + 54_092, True)
    assert totals_told(analysis).title == "Total"
    assert analysis.row("d").non_trainable == 2
    frozen = Network(layers=layers, stored_parameters={"b": (584, 0)}).with_settings(["a"], trainable=False)
    assert not analyze(frozen, analysis).totals.weights_known


def test_the_table_has_a_dash_for_what_is_not_known() -> None:
    analysis = analyze(_with(SHAPED))
    frame = TableContext(analysis.totals, 1)
    lines = as_text(analysis.rows, COLUMNS, frame).splitlines()
    assert next(line for line in lines if line.startswith("mine")).split() == ["mine", "–", "–"]
    assert lines[-1].startswith("at least")
    assert "mine,," in as_csv(analysis.rows, COLUMNS, frame)
    assert frame.share(analysis.row("d")) == 0


def test_the_diagram_says_what_is_not_known() -> None:
    picture = stack_svg(analyze(_with(SHAPED)), PAPER)
    assert "params not known" in picture
    assert "at least 63.4 k params" in picture


def test_the_memory_of_training_is_not_known_without_the_weights() -> None:
    assert training_memory(analyze(_with(SHAPED)), TrainingSettings()) is None
    known = analyze(_with(SHAPED.updated(known_parameters=(5, 2))))
    assert training_memory(known, TrainingSettings()) is not None


@pytest.mark.parametrize(("custom", "codes"), [(SHAPED, 0), (SHAPED.updated(known_parameters=(5, 2)), 1)])
def test_no_layer_holds_most_parameters_of_a_total_that_is_not_known(custom: Layer, codes: int) -> None:
    network = stack("a=conv(8,3,same) flatten d=dense(100) e=dense(10)").inserted(2, custom)
    findings = run_checks(Project(network=network), analyze(network), None)
    assert len([finding for finding in findings if finding.code == "S05"]) == codes


def test_the_work_at_places_of_an_open_size_is_not_known() -> None:
    """Nor is that of all layers; what has no work to do at any place is known to do none."""
    open_sizes, closed = (
        analyze(stack("conv(8,3) relu gap dense(10)", shape)) for shape in ((None, None, 1), (28, 28, 1))
    )
    assert closed.totals.macs_known
    assert not open_sizes.totals.macs_known
    known = {row.layer.type: row.work.macs_known for row in open_sizes.rows if row.work is not None}
    assert not known["Conv2D"]
    assert known["Dense"]
