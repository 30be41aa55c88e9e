"""Disabled layers: there for the person, absent from what is computed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cnnstudio.core.analysis import Analysis, analyze
from cnnstudio.core.analysis.describe import sums_title
from cnnstudio.core.analysis.findings import Finding
from cnnstudio.core.analysis.memory import training_memory
from cnnstudio.core.analysis.origins import origin
from cnnstudio.core.checks import run_checks
from cnnstudio.core.keras_format.code import code_text, keras_code
from cnnstudio.core.layers import Input
from cnnstudio.core.network import Network
from cnnstudio.core.project import Project, from_json, to_json
from cnnstudio.core.project.training import TrainingSettings
from tests.core.pictures import names, stack

RESIDUAL = "a=conv(8,3,same) b=conv(8,3,same) n=bn s=add<-n,a p=maxpool f=flatten d=dense(10,softmax)"


def off(network: Network, *layers: str) -> Network:
    return network.with_settings(layers, enabled=False)


def analyzed(picture: str, *layers: str) -> Analysis:
    return analyze(off(stack(picture), *layers))


def checked(picture: str, *layers: str) -> tuple[Finding, ...]:
    project = Project(network=off(stack(picture), *layers))
    return run_checks(project, analyze(project.network))


def wiring(network: Network) -> str:
    """`a<-input b<-a`: who takes whom."""
    layers = enumerate(network.layers[1:], start=1)
    return " ".join(f"{layer.name}<-{','.join(network.inputs_of(index))}" for index, layer in layers)


def test_a_disabled_layer_passes_its_input_through_and_costs_nothing() -> None:
    row = analyzed("a=conv(8,3,same) b=conv(16,3) f=flatten", "b").row("b")
    assert (row.output_shape, row.parameters, row.weights, row.macs) == ((28, 28, 8), 0, (), 0)
    assert (row.activation_bytes, row.arithmetic()) == (0, ())


def test_a_disabled_merge_passes_the_first_of_its_inputs() -> None:
    row = analyzed("a=conv(8) b=conv(16) s=concat<-b,a", "s").row("s")
    assert (row.inputs, row.output_shape) == (("b",), (28, 28, 16))


def test_a_broken_layer_is_whole_once_it_is_disabled() -> None:
    assert analyzed("f=flatten c=conv d=dense(3)", "c").findings == ()


def test_a_break_above_still_reaches_the_layers_below_a_disabled_one() -> None:
    analysis = analyzed("f=flatten c=conv d=dense(3) e=dense(2)", "d")
    assert [row.waits_for for row in analysis.rows[3:]] == ["c", "c"]


def test_the_receptive_field_goes_through_a_disabled_layer() -> None:
    analysis = analyzed("a=conv(8,3) p=maxpool b=conv(8,3)", "p")
    assert (
        analysis.row("b").receptive_field
        == analyze(stack("a=conv(8,3) b=conv(8,3)")).row("b").receptive_field
    )


def test_a_size_is_traced_through_a_disabled_layer() -> None:
    analysis = analyzed("a=conv(8,3,valid) b=conv(16,3,valid) c=relu", "b")
    assert [origin(analysis, "c", axis).layer for axis in (0, 2)] == ["a", "a"]


def test_disabling_and_enabling_is_worked_out_from_there_on_only() -> None:
    whole = analyze(stack(RESIDUAL))
    after = analyze(off(whole.network, "n"), whole)
    again = analyze(after.network.with_settings(("n",), enabled=True), after)
    assert after.rows[2] is whole.rows[2]
    assert [row.parameters for row in again.rows] == [row.parameters for row in whole.rows]


def test_a_change_above_that_changes_no_shape_leaves_the_row_of_a_disabled_layer() -> None:
    before = analyzed("a=conv(8,3,same) b=conv(8,3,same) c=conv(8,3,same)", "b")
    edited = before.network.replaced("a", before.network.layer("a").updated(activation="tanh"))
    assert analyze(edited, before).row("b") is before.row("b")


@pytest.mark.parametrize(
    ("disabled", "expected"),
    [
        ("n", "a<-input b<-a s<-b,a p<-s f<-p d<-f"),
        ("b n", "a<-input s<-a,a p<-s f<-p d<-f"),
        ("a", "b<-input n<-b s<-n,input p<-s f<-p d<-f"),
        ("s", "a<-input b<-a n<-b p<-n f<-p d<-f"),
        ("d", "a<-input b<-a n<-b s<-n,a p<-s f<-p"),
        ("a b n s p f d", ""),
    ],
)
def test_what_is_built_takes_what_the_disabled_layers_pass_on(disabled: str, expected: str) -> None:
    assert wiring(off(stack(RESIDUAL), *disabled.split()).without_disabled()) == expected


def test_a_chain_stays_a_chain_without_its_disabled_layers() -> None:
    built = off(stack("a=conv b=relu c=conv"), "b").without_disabled()
    assert all(not layer.inputs for layer in built.layers)


def test_a_disabled_last_layer_makes_the_layer_it_passes_on_the_output() -> None:
    network = off(stack("a=conv b=conv s=add<-a,b"), "s")
    assert names(network.without_disabled()) == "a"
    assert "No layer takes the output of b" in " ".join(
        f.message for f in checked("a=conv b=conv s=add<-a,b", "s")
    )


def test_nothing_is_made_anew_when_nothing_is_disabled() -> None:
    analysis = analyze(stack(RESIDUAL))
    assert analysis.network.without_disabled() is analysis.network
    assert analysis.active is analysis


def test_the_rules_do_not_look_at_disabled_layers() -> None:
    picture = "a=conv(8,3,same,) d1=dropout(0.8) n=bn r=relu f=flatten d=dense(10,softmax)"
    assert {"C07", "C10"} <= {finding.code for finding in checked(picture)}
    assert not {"C07", "C10"} & {finding.code for finding in checked(picture, "d1")}


def test_two_layers_meet_for_the_rules_when_what_is_between_them_is_disabled() -> None:
    picture = "a=dense(8,linear) r=relu b=dense(10,softmax)"
    assert "C03" not in {finding.code for finding in checked(picture)}
    assert "C03" in {finding.code for finding in checked(picture, "r")}


def test_the_last_layer_for_the_rules_is_the_one_that_is_built() -> None:
    found = checked("f=flatten a=dense(10,relu) b=dense(10,softmax)", "b")
    assert [finding.layer for finding in found if finding.code == "C02"] == ["a"]


def test_memory_does_not_count_disabled_layers() -> None:
    settings = TrainingSettings()
    some = training_memory(analyzed(RESIDUAL, "n"), settings)
    less = training_memory(analyze(stack(RESIDUAL.replace("n=bn ", "").replace("n,a", "b,a"))), settings)
    assert some == less


def test_the_input_cannot_be_disabled() -> None:
    with pytest.raises(ValidationError):
        Input.model_validate({"name": "input", "enabled": False})


def test_a_project_file_keeps_what_is_disabled_and_older_ones_have_all_enabled() -> None:
    project = Project(network=off(stack(RESIDUAL), "n"))
    assert from_json(to_json(project), "x") == project
    older = to_json(project).replace('"enabled": false,', "").replace('"enabled": true,', "")
    assert from_json(older, "x").network == stack(RESIDUAL)


def test_keras_is_not_told_of_it() -> None:
    config = off(stack(RESIDUAL), "n").layer("n").keras_config()
    assert not {"enabled", "group"} & set(config)


def test_the_code_has_disabled_layers_as_comments() -> None:
    lines = keras_code(off(stack("a=conv f=flatten r=relu d=dense(3)"), "r"))
    assert [line.text.strip()[:7] for line in lines if line.layer == "r"] == ["# off: "]
    compile(code_text(lines), "code", "exec")


def test_the_functional_code_connects_around_disabled_layers() -> None:
    text = code_text(keras_code(off(stack("a=conv b=conv n=bn s=add<-n,a f=flatten"), "n", "f")))
    assert "s = layers.Add(name='s')([b, a])" in text
    assert "model = keras.Model(input, s)" in text


@given(st.sets(st.sampled_from(["a", "b", "n", "s", "p", "f", "d"])))
def test_the_whole_stack_and_what_is_built_of_it_agree(disabled: set[str]) -> None:
    whole = analyzed(RESIDUAL, *disabled)
    built = analyze(whole.network.without_disabled())
    for row in built.rows:
        same = whole.row(row.name)
        assert (same.output_shape, same.parameters, same.macs) == (row.output_shape, row.parameters, row.macs)
        assert same.receptive_field == row.receptive_field
    assert [row.inputs for row in whole.active.rows] == [row.inputs for row in built.rows]
    assert whole.output_shape == built.output_shape


def test_the_sums_of_a_disabled_layer_say_that_it_is_off() -> None:
    assert sums_title(analyzed("a=conv(8,3) b=conv(8,3)", "b").row("b")).startswith("b is disabled")
