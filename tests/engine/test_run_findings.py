"""What the curves of a run mean: each code when it should be said, and when not."""

import re
from collections.abc import Sequence
from math import log, nan
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from cnnstudio.core.layers import Conv2D, Dense, Flatten, Input, LeakyReLU, ReLU, Rescaling
from cnnstudio.core.network import Network
from cnnstudio.core.project import Project
from cnnstudio.core.tasks import Reconstruction
from cnnstudio.core.tasks.losses import loss_of_guessing
from cnnstudio.engine.data.catalog import Catalog
from cnnstudio.engine.keras.model import build_model
from cnnstudio.engine.runs import findings as rules
from cnnstudio.engine.runs.findings import NewFindings, run_findings
from cnnstudio.engine.runs.folder import read_run
from cnnstudio.engine.runs.story import Story, story_of
from cnnstudio.engine.training.events import (
    Baseline,
    EpochEnded,
    Finished,
    Measured,
    Started,
    to_record,
)
from cnnstudio.engine.training.probing import DeadUnits, Measuring, ReadingTime
from cnnstudio.engine.training.trainer import TrainingJob, train
from tests.engine.small import few_digits, small_project

TEN = Baseline(loss=log(10), accuracy=0.1124, answer="1")


def told(
    losses: Sequence[float],
    val_losses: Sequence[float],
    val_accuracies: Sequence[float] = (),
    baseline: Baseline = TEN,
) -> list[str]:
    return [finding.code for finding in run_findings(story(losses, val_losses, val_accuracies, baseline))]


def story(
    losses: Sequence[float],
    val_losses: Sequence[float],
    val_accuracies: Sequence[float] = (),
    baseline: Baseline = TEN,
) -> Story:
    told = Story()
    told.add(Started(Path("run"), len(losses), 1, 100, 10, 1, 0, baseline=baseline))
    for number, (loss, val_loss) in enumerate(zip(losses, val_losses, strict=True), start=1):
        values = {"loss": loss, "val_loss": val_loss}
        if val_accuracies:
            values["val_accuracy"] = val_accuracies[number - 1]
        told.add(EpochEnded(number, values, 1.0, 1e-3))
    return told


# Each is a case of the field: the curves of loss and val_loss, epoch by epoch.
FALLING = [0.9, 0.6, 0.4, 0.3, 0.2, 0.15, 0.1]


def test_every_code_of_a_run_is_told_here() -> None:
    source = Path(rules.__file__).read_text("utf-8")
    assert set(re.findall(r'"(R\d\d)"', source)) == {"R02", "R03", "R04", "R05", "R06"}


def test_overfitting_is_named_after_three_epochs_above_the_best() -> None:
    held = [0.9, 0.6, 0.5, 0.6, 0.7, 0.8]
    assert told(FALLING[:5], held[:5]) == []
    assert told(FALLING[:6], held) == ["R02"]
    (finding,) = run_findings(story(FALLING[:6], held))
    assert finding.message == (
        "val_loss has not fallen since epoch 3 while loss falls: overfitting. "
        "The weights of epoch 3 are kept."
    )


@pytest.mark.parametrize(
    ("losses", "val_losses"),
    [
        # Within the noise, and below the loss.
        ([0.21, 0.19, 0.17, 0.16], [0.1000, 0.1001, 0.1002, 0.1003]),
        # Nothing was learned.
        ([2.3080, 2.3079, 2.3078, 2.3077], [2.3058, 2.3059, 2.3059, 2.3060]),
        ([2.303, 2.300, 2.299, 2.298, 2.297], [2.31, 2.303, 2.5, 2.6, 2.7]),
        # Two epochs above the best, not three.
        ([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2], [0.9, 0.8, 0.7, 0.6, 0.5, 0.505, 0.7, 0.9]),
        # Two epochs without a better one, and then the best of all.
        ([0.5, 0.4, 0.3, 0.25, 0.2, 0.15], [0.5, 0.4, 0.35, 0.41, 0.42, 0.3]),
        # It wavers by as much as it has risen.
        (FALLING, [0.30, 0.40, 0.28, 0.42, 0.30, 0.44, 0.30]),
        # Both rise: the steps are too long.
        ([0.5, 0.3, 0.6, 0.9, 1.2, 1.5], [0.5, 0.3, 0.7, 1.0, 1.3, 1.6]),
        # It rises slowly and is still far below the loss, as with much dropout.
        ([2.0, 1.5, 1.2, 1.1, 1.0, 0.9], [0.5, 0.3, 0.4, 0.5, 0.6, 0.7]),
        ([0.5], [0.5]),
        ([], []),
        ([0.5, nan, nan, nan], [0.5, nan, nan, nan]),
    ],
)
def test_what_only_looks_like_overfitting_is_not_called_so(
    losses: list[float], val_losses: list[float]
) -> None:
    assert "R02" not in told(losses, val_losses)


def test_one_answer_for_everything_is_named_with_the_class() -> None:
    flat = [2.2] * 4
    assert told(flat, flat, [0.3, 0.1124, 0.1124, 0.1123]) == ["R03"]
    (finding,) = run_findings(story(flat, flat, [0.1124] * 4))
    assert "answers '1' for everything: val_accuracy has been 11.2% for 3 epochs" in finding.message
    tied = replace(TEN, accuracy=0.1, answer="")
    (finding,) = run_findings(story(flat, flat, [0.1] * 4, tied))
    assert "gives one answer for everything" in finding.message


def test_an_accuracy_that_only_passes_by_or_means_nothing_is_left_alone() -> None:
    flat = [2.2] * 4
    assert told(flat, flat, [0.1124, 0.1124, 0.12, 0.1124]) == []
    assert told(flat, flat, [0.1124, 0.1124] * 2, Baseline()) == []


def test_a_loss_that_stays_where_guessing_is_means_still_guessing() -> None:
    stuck = [2.31, 2.3026, 2.3058, 2.30]
    assert told(stuck, stuck) == ["R05"]
    (finding,) = run_findings(story(stuck, stuck))
    assert "stays at 2.303" in finding.message
    assert told(stuck, [2.3, 2.2, 2.1, 2.0]) == []
    assert told(stuck[:2], stuck[:2]) == []
    assert told(stuck, stuck, baseline=Baseline()) == []


def test_units_that_are_always_zero_are_named_by_layer_until_they_live_again() -> None:
    run = story(FALLING[:2], FALLING[:2])
    run.add(Measured(2, 0.1, {"conv1": 0.75, "conv2": 0.5}))
    (finding,) = run_findings(run)
    assert (finding.code, finding.layer) == ("R04", "conv1")
    assert finding.message.startswith("75% of the units of conv1 are 0 for every image.")
    # An epoch in which nobody looked says nothing new.
    run.add(Measured(3, 0.1))
    assert [finding.code for finding in run_findings(run)] == ["R04"]
    run.add(Measured(4, 0.1, {"conv1": 0.25}))
    assert run_findings(run) == ()


def test_reading_that_takes_as_long_as_training_is_named() -> None:
    run = story(FALLING[:2], FALLING[:2])
    run.add(Measured(2, 0.89))
    assert run_findings(run) == ()
    run.add(Measured(3, 0.95))
    (finding,) = run_findings(run)
    assert (finding.code, finding.severity) == ("R06", "advice")
    assert "95% of the time of training" in finding.message


def test_what_was_said_is_said_again_only_after_it_had_gone() -> None:
    new, run = NewFindings(), story(FALLING[:2], FALLING[:2])
    shares = [0.9, 0.9, 0.1, 0.9]
    said = []
    for number, share in enumerate(shares, start=3):
        event = Measured(number, 0.1, {"conv1": share})
        run.add(event)
        said.append(len(new.after(event, run)))
    assert said == [1, 0, 0, 1]


def test_every_finding_of_a_run_says_what_to_do_and_why() -> None:
    run = story([2.3026] * 4, [2.3026] * 4, [0.1124] * 4)
    run.add(Measured(4, 1.0, {"conv1": 1.0}))
    found = (*run_findings(run), *run_findings(story(FALLING[:6], [0.9, 0.6, 0.5, 0.6, 0.7, 0.8])))
    assert [finding.code for finding in found] == ["R03", "R04", "R05", "R06", "R02"]
    for finding in found:
        assert finding.message.endswith(".")
        assert finding.why.endswith(".")


@pytest.mark.parametrize(
    ("loss", "outputs"),
    [
        ("categorical_crossentropy", 10),
        ("sparse_categorical_crossentropy", 3),
        ("binary_crossentropy", 1),
        ("binary_crossentropy", 4),
    ],
)
def test_the_loss_of_guessing_is_that_of_keras(loss: str, outputs: int) -> None:
    import keras

    share = 1 / outputs if outputs > 1 else 0.5
    answers = np.full((outputs, outputs), share)
    targets = np.eye(outputs) if loss != "sparse_categorical_crossentropy" else np.arange(outputs)
    expected = float(np.mean(getattr(keras.losses, loss)(targets, answers)))
    assert loss_of_guessing(loss, outputs) == pytest.approx(expected, rel=1e-5)  # type: ignore[arg-type]


def test_there_is_no_loss_of_guessing_where_it_depends_on_the_samples() -> None:
    assert loss_of_guessing("mean_squared_error", 10) is None


def test_the_baseline_of_a_run_is_that_of_its_held_out_images() -> None:
    project = small_project()
    data = few_digits(project.data)
    counts = np.bincount(data.catalog.labels[data.catalog.rows("validation")], minlength=10)
    baseline = Measuring(project, data).baseline
    assert baseline.loss == pytest.approx(log(10))
    assert baseline.accuracy == counts.max() / counts.sum()
    alone = (counts == counts.max()).sum() == 1
    assert baseline.answer == (str(counts.argmax()) if alone else "")


def test_the_most_frequent_class_is_named_where_it_is_one_alone() -> None:
    project = small_project()
    data = few_digits(project.data)
    catalog: Catalog = data.catalog
    labels = np.where(catalog.labels < 8, 3, catalog.labels)
    uneven = replace(data, catalog=replace(catalog, labels=labels))
    baseline = Measuring(project, uneven).baseline
    assert baseline.answer == "3"
    assert (baseline.accuracy or 0.0) > 0.7


def test_what_is_trained_on_says_nothing_of_the_baseline() -> None:
    project = small_project()
    data = few_digits(project.data)
    labels = data.catalog.labels.copy()
    labels[data.catalog.rows("training")] = 3
    baseline = Measuring(project, replace(data, catalog=replace(data.catalog, labels=labels))).baseline
    assert 0 < (baseline.accuracy or 0.0) < 0.5


def test_a_picture_given_back_has_no_baseline() -> None:
    project = small_project().with_task(Reconstruction())
    assert Measuring(project, few_digits(project.data)).baseline == Baseline()


def _relu_project() -> Project:
    layers = (
        Input(name="input"),
        Rescaling(name="rescale"),
        Conv2D(name="a/b", filters=4, activation="relu"),
        Conv2D(name="plain", filters=4, activation="linear"),
        ReLU(name="cut"),
        LeakyReLU(name="leaky"),
        Flatten(name="flatten"),
        Dense(name="dense", units=10, activation="relu"),
        Dense(name="out", units=10, activation="softmax"),
    )
    return small_project().with_network(Network(layers=layers))


def test_dead_units_are_those_that_keras_gives_as_0_for_every_image() -> None:
    project = _relu_project()
    data = few_digits(project.data)
    model = build_model(project.network)
    by_place = [layer for layer in model.layers if layer.weights]
    kernel, bias = by_place[0].get_weights()
    bias[:3] = -1e6
    by_place[0].set_weights([kernel, bias])
    kernel, bias = by_place[2].get_weights()
    bias[:] = -1e6
    by_place[2].set_weights([kernel, bias])
    shares = DeadUnits(model, project, data.stream("validation")).shares()
    assert list(shares) == ["a/b", "cut", "dense"]
    assert (shares["a/b"], shares["dense"]) == (0.75, 1.0)
    assert shares["cut"] < 1.0


def test_a_network_without_relu_has_no_dead_units() -> None:
    project = small_project()
    network = project.network.replaced("conv1", Conv2D(name="conv1", filters=4, activation="tanh"))
    project = project.with_network(network)
    validation = few_digits(project.data).stream("validation")
    assert DeadUnits(build_model(network), project, validation).shares() == {}


def test_the_time_of_reading_adds_up_until_it_is_asked_for() -> None:
    reading = ReadingTime()
    stream = few_digits(small_project().data).stream("training")
    read = reading.timed(stream.batch)
    assert np.array_equal(read(np.arange(3)).pixels, stream.batch(np.arange(3)).pixels)
    assert reading.taken() > 0
    assert reading.taken() == 0


def test_a_run_measures_and_its_folder_tells_the_same_findings(tmp_path: Path) -> None:
    """A layer whose units are all dead, so that the answer is the same for every image."""
    project = small_project(epochs=4, learning_rate=0.05)
    dead = Conv2D.model_validate(
        {
            "name": "conv1",
            "filters": 4,
            "trainable": False,
            "bias_initializer": {"type": "Constant", "value": -1e6},
        }
    )
    project = project.with_network(project.network.replaced("conv1", dead))
    live = Story()
    events: list[object] = []

    def hear(event: object) -> None:
        events.append(event)
        live.add(event)  # type: ignore[arg-type]

    train(TrainingJob(project, tmp_path, few_digits), hear, lambda: False)
    assert isinstance(events[-1], Finished)
    measured = [event for event in events if isinstance(event, Measured)]
    assert [event.epoch for event in measured] == [1, 2, 3, 4]
    assert [event.dead_units for event in measured] == [None, {"conv1": 1.0}, None, {"conv1": 1.0}]
    assert all(event.reading_share is not None and 0 < event.reading_share <= 1 for event in measured)
    assert "R04" in [finding.code for finding in run_findings(live)]
    again = run_findings(story_of(read_run(tmp_path)))
    assert [one.message for one in again] == [one.message for one in run_findings(live)]


def test_an_event_with_a_baseline_is_plain_json() -> None:
    record = to_record(Started(Path("run"), 1, 1, 1, 1, 1, 0, baseline=TEN))
    assert record["baseline"] == {"loss": log(10), "accuracy": 0.1124, "answer": "1"}
