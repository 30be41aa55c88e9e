"""What every task must keep, and what each of them asks of the last layer.

A task in `TASKS` without an example here fails. To add a task, add a head that suits it and two that do not.
"""

from math import inf, nan
from typing import get_args

import pytest
from msgspec import Struct
from msgspec.structs import replace

from cnnstudio.core.analysis import analyze
from cnnstudio.core.checks import run_checks
from cnnstudio.core.layers import Dense, Layer
from cnnstudio.core.project import Project, from_json, to_json
from cnnstudio.core.project.training import TrainingSettings
from cnnstudio.core.tasks import (
    METRICS,
    TASKS,
    VALIDATION,
    AnyTask,
    Classification,
    Monitor,
    Reconstruction,
    Segmentation,
    Task,
    metric,
    task_key,
    task_named,
)
from cnnstudio.core.tasks.losses import LossName, wanted_activation
from cnnstudio.core.templates import template
from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.facts import DataFacts
from tests.core.checked import DIGITS, chain, conv, found, head, scaled
from tests.core.pictures import stack

PAIR = replace(DIGITS, class_names=("cat", "dog"))
MASKED = replace(DIGITS, has_masks=True)


def pixelwise(filters: int, activation: str = "sigmoid") -> tuple[Layer, ...]:
    """Layers that give so many values for each pixel."""
    return conv("a"), conv("b", filters=filters, kernel_size=(1, 1), activation=activation)


class Example(Struct, frozen=True):
    """A task with layers that suit it, and others that have the wrong shape or the wrong last function."""

    task: AnyTask
    sound: tuple[Layer, ...]
    misshapen: tuple[Layer, ...]
    wrong_end: tuple[Layer, ...]
    loss: LossName
    """A loss that asks for a last function."""
    facts: DataFacts = DIGITS

    def project(self, layers: tuple[Layer, ...]) -> Project:
        return _learning(scaled(*layers), self.task, self.loss)


EXAMPLES = (
    Example(
        Classification(),
        sound=head(10),
        misshapen=head(7),
        wrong_end=stack("flatten dense(10,relu)").layers[1:],
        loss="categorical_crossentropy",
    ),
    Example(
        Segmentation(),
        sound=pixelwise(11, "softmax"),
        misshapen=pixelwise(10, "softmax"),
        wrong_end=pixelwise(11, "relu"),
        loss="sparse_categorical_crossentropy",
        facts=MASKED,
    ),
    Example(
        Reconstruction(),
        sound=pixelwise(1),
        misshapen=pixelwise(3),
        wrong_end=pixelwise(1, "relu"),
        loss="binary_crossentropy",
    ),
)
EACH_TASK = pytest.mark.parametrize("task", TASKS, ids=task_key)
EACH_EXAMPLE = pytest.mark.parametrize(
    "example", EXAMPLES, ids=[task_key(type(one.task)) for one in EXAMPLES]
)

EACH_OTHER = pytest.mark.parametrize(
    "example", EXAMPLES[1:], ids=[task_key(type(one.task)) for one in EXAMPLES[1:]]
)
"""All but classification."""


def _learning(project: Project, task: AnyTask, loss: LossName, from_logits: bool = False) -> Project:
    settings = TrainingSettings(loss=loss, from_logits=from_logits)
    return project.with_task(task).with_training(settings)


def test_every_task_has_an_example() -> None:
    assert [type(example.task) for example in EXAMPLES] == list(TASKS)


@EACH_TASK
def test_a_project_of_a_task_begins_with_a_template_that_is_made_for_it(task: type[Task]) -> None:
    assert type(template(task.usual_template).task) is task


@EACH_EXAMPLE
def test_what_the_loss_compares_with_is_said_in_a_sentence(example: Example) -> None:
    assert example.task.target_words(3, example.facts).endswith((".", ":"))


@EACH_TASK
def test_a_task_is_found_by_its_key(task: type[Task]) -> None:
    assert type(task_named(task_key(task))) is task


def test_a_task_that_nobody_knows_is_refused_with_those_there_are() -> None:
    with pytest.raises(StudioError, match=r"no task 'dreaming'.*segmentation"):
        task_named("dreaming")


def test_no_two_tasks_have_a_key_or_a_title_in_common() -> None:
    assert len({task_key(task) for task in TASKS}) == len({task.title for task in TASKS}) == len(TASKS)
    assert all(task.summary.endswith(".") for task in TASKS)


@EACH_TASK
def test_the_losses_of_a_task_are_those_that_training_knows(task: type[Task]) -> None:
    assert task.losses
    assert len(set(task.losses)) == len(task.losses)
    for loss in task.losses:
        assert TrainingSettings(loss=loss).loss == loss


def test_every_loss_is_of_some_task() -> None:
    assert {loss for task in TASKS for loss in task.losses} == set(get_args(LossName))


@EACH_TASK
def test_what_a_task_measures_is_known_by_name(task: type[Task]) -> None:
    known = {one.name for one in METRICS}
    assert task.metrics
    assert set(task.metrics) <= known - {"loss"}
    assert task.monitor.name.removeprefix(VALIDATION) in known


@EACH_TASK
def test_the_best_epoch_is_told_by_a_figure_that_the_held_out_images_have(task: type[Task]) -> None:
    assert task.monitor.name.startswith(VALIDATION)
    watched = metric(task.monitor.name)
    assert watched.name in ("loss", *task.metrics)
    assert task.monitor.higher_is_better == watched.higher_is_better


@EACH_EXAMPLE
def test_a_task_comes_back_from_the_file_of_its_project(example: Example) -> None:
    project = example.project(example.sound)
    assert from_json(to_json(project), "it") == project


@EACH_EXAMPLE
def test_a_sound_head_is_left_alone(example: Example) -> None:
    project = example.project(example.sound)
    assert found(project, "C01", example.facts) == []
    assert found(project, "C02", example.facts) == []


@EACH_EXAMPLE
def test_an_output_of_another_shape_is_an_error_that_a_fix_ends(example: Example) -> None:
    project = example.project(example.misshapen)
    (finding,) = found(project, "C01", example.facts)
    assert finding.severity == "error"
    (fix,) = finding.fixes
    assert found(fix.apply(project), "C01", example.facts) == []


@EACH_EXAMPLE
def test_an_output_that_is_no_map_or_a_map_where_none_belongs_is_an_error(example: Example) -> None:
    layers = pixelwise(10) if isinstance(example.task, Classification) else head(10)
    project = example.project(layers)
    (finding,) = found(project, "C01", example.facts)
    assert finding.severity == "error"
    assert all(found(fix.apply(project), "C01", example.facts) == [] for fix in finding.fixes)


@pytest.mark.parametrize("example", EXAMPLES[1:], ids=["segmentation", "reconstruction"])
def test_a_dense_for_each_place_suits_a_task_that_tells_of_places(example: Example) -> None:
    last = example.sound[-1]
    units, activation = vars(last)["filters"], vars(last)["activation"]
    dense = Dense.model_validate({"name": "d", "units": units, "activation": activation})
    project = example.project((*example.sound[:-1], dense))
    assert found(project, "S02", example.facts) == []
    assert found(project, "C01", example.facts) == []
    assert found(project.with_task(Classification()), "S02", example.facts) != []


def test_a_map_becomes_an_answer_by_layers_at_its_end() -> None:
    project = scaled(conv("a", kernel_size=(9, 9)), conv("b", 16, activation="softmax"))
    (fix,) = found(project, "C01")[0].fixes
    # With Flatten the Dense would hold nearly all parameters.
    assert fix.label == "Add global average pooling and a Dense of 10 units"
    mended = fix.apply(project)
    # softmax in the middle would be the next fault.
    assert vars(mended.network.layer("b"))["activation"] == "relu"
    assert [finding.code for finding in run_checks(mended, analyze(mended.network), DIGITS)] == []


@EACH_OTHER
def test_other_filters_are_no_help_where_the_map_is_too_small(example: Example) -> None:
    (finding,) = found(example.project((conv("a", 5, strides=(2, 2)),)), "C01", example.facts)
    assert finding.fixes == ()


@EACH_EXAMPLE
def test_another_last_function_than_the_loss_expects_is_a_warning_that_a_fix_ends(example: Example) -> None:
    project = example.project(example.wrong_end)
    (finding,) = found(project, "C02", example.facts)
    assert finding.severity == "warning"
    wanted = wanted_activation(example.loss, from_logits=False)
    assert finding.fixes[0].label == f"Use {wanted}"
    assert all(found(fix.apply(project), "C02", example.facts) == [] for fix in finding.fixes)


@EACH_EXAMPLE
def test_a_loss_from_logits_wants_raw_scores(example: Example) -> None:
    project = _learning(scaled(*example.sound), example.task, example.loss, from_logits=True)
    (finding,) = found(project, "C02", example.facts)
    assert {"Use linear", "Switch 'from logits' off"} <= {fix.label for fix in finding.fixes}
    assert all(found(fix.apply(project), "C02", example.facts) == [] for fix in finding.fixes)


@pytest.mark.parametrize("loss", get_args(LossName))
@EACH_OTHER
def test_a_loss_of_another_task_is_an_error_that_a_fix_ends(example: Example, loss: LossName) -> None:
    project = _learning(scaled(*example.sound), example.task, loss)
    errors = [one for one in found(project, "C02", example.facts) if "does not measure" in one.message]
    assert bool(errors) == (loss not in type(example.task).losses)
    for finding in errors:
        assert finding.severity == "error"
        mended = finding.fixes[0].apply(project)
        assert mended.training.loss == type(example.task).losses[0]
        assert not any("does not measure" in one.message for one in found(mended, "C02", example.facts))


@EACH_EXAMPLE
def test_without_facts_of_the_data_nothing_is_said_of_the_shape(example: Example) -> None:
    assert found(example.project(example.misshapen), "C01", None) == []


@pytest.mark.parametrize(
    ("example", "outputs", "names"),
    [
        (EXAMPLES[0], 10, DIGITS.class_names),
        (EXAMPLES[1], 11, ("ground", *DIGITS.class_names)),
        (EXAMPLES[2], 1, ()),
    ],
)
def test_a_task_knows_how_many_outputs_it_asks_for_and_their_names(
    example: Example, outputs: int, names: tuple[str, ...]
) -> None:
    assert example.task.outputs(example.facts) == outputs
    assert example.task.output_names(example.facts) == names


def test_segmentation_asks_for_data_with_masks() -> None:
    assert [task for task in TASKS if task.needs_masks] == [Segmentation]
    (finding,) = found(EXAMPLES[1].project(pixelwise(11, "softmax")), "C01", DIGITS)
    assert "MNIST has no masks" in finding.message
    assert (finding.layer, finding.severity) == (None, "error")


def test_masks_of_another_form_than_the_loss_compares_are_told_with_both_ways_out() -> None:
    project = _learning(
        scaled(*pixelwise(11, "softmax")), Segmentation(labels="one-hot"), "sparse_categorical_crossentropy"
    )
    (finding,) = found(project, "C02", MASKED)
    assert [fix.label for fix in finding.fixes] == ["Use categorical_crossentropy", "Use integer labels"]
    for fix in finding.fixes:
        assert found(fix.apply(project), "C02", MASKED) == []


def test_an_output_whose_size_is_known_only_at_run_time_fits_any_picture() -> None:
    project = _learning(chain(*pixelwise(1), shape=(None, None, 1)), Reconstruction(), "mean_squared_error")
    assert found(project, "C01", DIGITS) == []


def _one_unit(
    loss: LossName = "binary_crossentropy", activation: str = "sigmoid", labels: str = "integer"
) -> Project:
    project = Project(network=stack(f"rescale flatten out=dense(1,{activation})"))
    return _learning(project, Classification.model_validate({"labels": labels}), loss)


def test_one_unit_with_sigmoid_tells_two_classes_apart() -> None:
    assert found(_one_unit(), "C01", PAIR) == []
    assert found(_one_unit(), "C02", PAIR) == []


def test_two_units_with_softmax_tell_two_classes_apart_as_well() -> None:
    project = scaled(*head(2))
    assert found(project, "C01", PAIR) == []
    assert found(project, "C02", PAIR) == []


def test_one_unit_does_not_tell_three_classes_apart() -> None:
    three = replace(DIGITS, class_names=("a", "b", "c"))
    (finding,) = found(_one_unit(), "C01", three)
    assert [fix.label for fix in finding.fixes] == ["Set 3 units"]


@pytest.mark.parametrize("labels", ["integer", "one-hot"])
@pytest.mark.parametrize("loss", ["categorical_crossentropy", "sparse_categorical_crossentropy"])
def test_one_unit_under_a_loss_for_many_is_an_error_that_one_fix_ends(loss: LossName, labels: str) -> None:
    project = _one_unit(loss, labels=labels)
    finding = found(project, "C02", PAIR)[0]
    assert finding.severity == "error"
    mended = finding.fixes[0].apply(project)
    assert (mended.training.loss, mended.task) == ("binary_crossentropy", Classification(labels="integer"))
    assert found(mended, "C02", PAIR) == []


def test_one_unit_with_softmax_is_always_1_and_gets_a_sigmoid() -> None:
    project = _one_unit(activation="softmax")
    (finding,) = found(project, "C02", PAIR)
    assert [fix.label for fix in finding.fixes] == ["Use sigmoid"]
    assert found(finding.fixes[0].apply(project), "C02", PAIR) == []


def test_one_unit_from_logits_gives_a_raw_score() -> None:
    project = _learning(
        _one_unit(), Classification(labels="integer"), "binary_crossentropy", from_logits=True
    )
    (finding,) = found(project, "C02", PAIR)
    assert [fix.label for fix in finding.fixes] == ["Use linear", "Switch 'from logits' off"]


@pytest.mark.parametrize("loss", ["binary_crossentropy", "mean_squared_error", "mean_absolute_error"])
def test_one_unit_is_compared_with_the_class_number(loss: LossName) -> None:
    project = _one_unit(loss, labels="one-hot")
    (finding,) = [one for one in found(project, "C02", PAIR) if one.severity == "error"]
    assert [fix.label for fix in finding.fixes] == ["Use integer labels"]
    left = found(finding.fixes[0].apply(project), "C02", PAIR)
    assert [one.severity for one in left if one.severity == "error"] == []


@pytest.mark.parametrize("loss", ["mean_squared_error", "mean_absolute_error"])
@pytest.mark.parametrize("activation", ["relu", "linear", "softmax", "sigmoid"])
def test_a_distance_is_no_loss_for_classes_whatever_the_head(loss: LossName, activation: str) -> None:
    layers = stack(f"flatten dense(10,{activation})").layers[1:]
    project = _learning(scaled(*layers), Classification(), loss)
    (finding,) = found(project, "C02")
    assert finding.severity == "warning"
    assert "measures a distance" in finding.message
    mended = finding.fixes[0].apply(project)
    assert mended.training.loss == "categorical_crossentropy"
    assert found(mended, "C02") == []


def test_a_distance_is_no_loss_for_one_unit_either() -> None:
    project = _one_unit("mean_squared_error")
    (finding,) = found(project, "C02", PAIR)
    assert [fix.label for fix in finding.fixes] == ["Use binary_crossentropy"]


def test_a_network_that_ends_in_a_map_is_not_told_about_its_activation() -> None:
    assert found(scaled(conv("a"), conv("b", 10)), "C02") == []


def test_a_figure_that_should_fall_is_better_when_it_is_lower() -> None:
    monitor = Monitor()
    assert (monitor.name, monitor.higher_is_better) == ("val_loss", False)
    assert monitor.is_better(0.4, than=0.5)
    assert not monitor.is_better(0.5, than=0.5)
    assert not monitor.is_better(0.6, than=0.5)


def test_a_figure_that_should_rise_is_better_when_it_is_higher() -> None:
    monitor = Monitor("val_accuracy", higher_is_better=True)
    assert monitor.is_better(0.6, than=0.5)
    assert not monitor.is_better(0.5, than=0.5)
    assert not monitor.is_better(0.4, than=0.5)


@pytest.mark.parametrize("higher", [False, True])
@pytest.mark.parametrize("than", [None, 0.5, inf, -inf])
def test_what_is_no_number_is_never_better(higher: bool, than: float | None) -> None:
    assert not Monitor("val_loss", higher).is_better(nan, than)


@pytest.mark.parametrize("higher", [False, True])
def test_the_first_value_is_better_than_none(higher: bool) -> None:
    assert Monitor("val_loss", higher).is_better(0.0, than=None)


def test_a_metric_is_known_with_and_without_its_validation_and_any_other_is_a_plain_number() -> None:
    assert metric("val_accuracy") is metric("accuracy")
    assert metric("accuracy").is_share
    unknown = metric("val_top_k")
    assert (unknown.name, unknown.title, unknown.higher_is_better) == ("top_k", "Top k", False)


def test_no_two_metrics_have_a_name_in_common() -> None:
    assert len({one.name for one in METRICS}) == len(METRICS)
