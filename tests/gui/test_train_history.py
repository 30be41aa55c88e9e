"""What a run has told so far, and what is said of it: no window, no clock."""

import math
from pathlib import Path

import numpy as np
import pytest

from cnnstudio.engine.runs import words
from cnnstudio.engine.runs.curve import Curve, thinned
from cnnstudio.engine.runs.scale import ACCURACY, LOSS, epochs_shown, tick_step, y_range
from cnnstudio.engine.runs.story import Story
from cnnstudio.engine.training.events import (
    BatchEnded,
    EpochEnded,
    Failed,
    Finished,
    Started,
    Stopped,
    Warned,
)
from tests.gui.training_script import batch as batch_event
from tests.gui.training_script import epoch, run_of, started

FOLDER = Path("runs/one")


class Clock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def history_of(*val_losses: float, patience: int | None = None) -> Story:
    story = Story(patience=patience)
    for event in run_of(FOLDER, val_losses):
        story.add(event)
    return story


def curve_of(values: list[float]) -> Curve:
    curve = Curve()
    for x, value in enumerate(values):
        curve.add(x, value)
    return curve


def test_a_curve_keeps_every_point_it_is_given() -> None:
    curve = curve_of([float(value) for value in range(1_000)])
    assert len(curve) == 1_000
    assert curve.xs.tolist() == curve.ys.tolist() == list(range(1_000))
    assert curve.ends() == (1.0, 999.0)


def test_a_curve_tells_the_value_of_an_epoch_and_none_beside_it() -> None:
    curve = curve_of([3.0, 2.0])
    assert (curve.at(1), curve.at(0.5), curve.at(2)) == (2.0, None, None)


def test_values_that_are_not_finite_do_not_move_the_ends_of_a_curve() -> None:
    curve = curve_of([9.0, 1.0, math.nan, math.inf, 2.0])
    assert curve.ends() == (1.0, 2.0)
    assert curve.ends(since=2) == (2.0, 2.0)
    assert Curve().ends() == (math.inf, -math.inf)


def test_a_thinned_curve_keeps_its_ends_and_every_spike() -> None:
    values = np.sin(np.arange(50_000) / 5_000)
    values[12_345], values[33_333] = 40.0, -40.0
    curve = curve_of(values.tolist())
    xs, ys = thinned(curve, 700)
    assert len(xs) <= 702
    assert np.all(np.diff(xs) > 0)
    assert {40.0, -40.0} <= set(ys.tolist())
    assert (xs[-1], ys[-1]) == (49_999, values[-1])


@pytest.mark.parametrize("count", [0, 1, 300])
def test_a_short_curve_is_drawn_as_it_is(count: int) -> None:
    curve = curve_of([float(value) for value in range(count)])
    assert thinned(curve, 300)[1].tolist() == list(range(count))


def test_every_epoch_is_a_point_of_each_curve_at_its_number() -> None:
    story = history_of(0.9, 0.5, 0.7)
    for curve in story.curves.values():
        assert curve.xs.tolist() == [1, 2, 3]
    assert story.curves["val_loss"].ys.tolist() == [0.9, 0.5, 0.7]
    assert (story.epoch, story.progress) == (3, 3.0)


def test_the_best_epoch_is_the_one_whose_weights_were_saved() -> None:
    story = history_of(0.9, 0.5, 0.7)
    assert story.best_epoch == 2
    assert (story.best_value("val_loss"), story.best_value("val_accuracy")) == (0.5, 1 - 0.5 / 4)
    assert story.best_path == FOLDER / "best.weights.h5"


def test_the_batch_line_shows_the_batches_themselves_and_not_their_running_mean() -> None:
    story = Story()
    story.add(started(FOLDER))
    losses = [4.0, 2.0, 1.0, 5.0]
    for batch in range(1, 5):
        story.add(batch_event(1, batch, sum(losses[:batch]) / batch, 0.5))
    assert story.batches["loss"].ys.tolist() == pytest.approx(losses)
    assert story.batches["loss"].xs.tolist() == [0.25, 0.5, 0.75, 1.0]


def test_batches_that_were_not_told_of_are_one_point_with_their_mean() -> None:
    story = Story()
    story.add(started(FOLDER))
    story.add(batch_event(1, 1, 4.0, 0.5))
    story.add(batch_event(1, 3, 3.0, 0.5))
    assert story.batches["loss"].ys.tolist() == pytest.approx([4.0, (9.0 - 4.0) / 2])


@pytest.mark.parametrize(("first", "both", "told"), [(0.9, 0.96, 1.0), (0.5, 0.24, 0.0)])
def test_the_accuracy_of_a_batch_stays_a_share_where_the_means_were_rounded(
    first: float, both: float, told: float
) -> None:
    story = Story()
    story.add(started(FOLDER))
    story.add(batch_event(1, 1, 1.0, first))
    story.add(batch_event(1, 2, 1.0, both))
    assert story.batches["accuracy"].ys.tolist() == [first, told]


def test_the_mean_of_batches_starts_anew_in_each_epoch() -> None:
    story = history_of(0.9)
    story.add(batch_event(2, 1, 0.3, 0.9))
    assert story.batches["loss"].at(1.25) == 0.3


def test_the_time_left_follows_the_pace_so_far() -> None:
    clock = Clock()
    story = Story(clock=clock)
    story.add(started(FOLDER, epochs=4))
    assert story.seconds_left is None
    clock.now_s += 10
    story.add(epoch(1, 0.5, 0.6))
    assert story.seconds_left == pytest.approx(30)


def test_images_per_second_count_training_images_and_leave_validation_out() -> None:
    clock = Clock()
    story = Story(clock=clock)
    story.add(started(FOLDER))
    for batch in (1, 2, 3):
        clock.now_s += 0.5
        story.add(batch_event(1, batch, 1.0, 0.5))
    assert story.images_per_second == pytest.approx(4_000)
    story.add(epoch(1, 0.5, 0.6))
    assert story.images_per_second is None


def test_the_log_says_what_happened_in_the_words_of_the_field() -> None:
    story = Story()
    lines = []
    for event in run_of(FOLDER, [0.081], epochs=1):
        story.add(event)
        if line := words.log_line(event, story):
            lines.append(line.text)
    assert lines == [
        "Training 9,098 parameters on 8,000 images for 1 epoch of 4 batches each; "
        "2,000 held out for validation; seed 0",
        "Epoch 1: loss 0.500, accuracy 87.5%, val_loss 0.0810, val_accuracy 98.0%, 4.2 s",
        "val_loss fell to 0.0810: weights saved to best.weights.h5",
    ]
    read = Started(FOLDER, 1, 4, 100, 20, 10, 0, start="conv1 begins as it was.", remarks=("One.", "Two."))
    line = words.log_line(read, story)
    assert line is not None
    assert line.text.endswith("seed 0. One. Two. conv1 begins as it was.")
    assert words.log_line(Warned("The disk is full."), story) == words.LogLine(
        "triangle-alert", "warning", "The disk is full."
    )


def test_the_end_is_told_with_its_reason_and_with_what_is_kept() -> None:
    early = history_of(0.9, 0.5, 0.7, 0.8, patience=2)
    assert words.ending(Finished(2, 0.5, FOLDER, True), early) == (
        "Stopped early after epoch 4: val_loss had not fallen for 2 epochs. "
        "The weights of epoch 2 (val_loss 0.500) are kept."
    )
    assert words.ending(Finished(2, 0.5, FOLDER, False), early).startswith("Finished after 4 epochs.")
    assert words.ending(Stopped(2, 0.5, FOLDER), early).startswith("Stopped on request in epoch 5.")
    assert "there are no weights" in words.ending(Stopped(None, None, FOLDER), Story())
    assert words.ending(Failed("No memory."), early) == "No memory."


def test_the_batch_line_goes_on_to_the_end_of_epochs_that_are_quicker_than_their_events() -> None:
    story = Story()
    story.add(Started(FOLDER, 3, 4, 128, 32, 10, 0))
    story.add(batch_event(1, 2, 0.8, 0.5))
    story.add(epoch(1, 0.6, 0.9))
    story.add(epoch(2, 0.5, 0.9))
    story.add(batch_event(3, 4, 0.25, 0.5))
    story.add(epoch(3, 0.25, 0.9))
    line = story.lines("loss").batches
    assert line.xs.tolist() == [0.5, 1.0, 2.0, 3.0]
    # The mean over the epoch is 0.6, and that of its first half was 0.8.
    assert line.ys.tolist() == pytest.approx([0.8, 0.4, 0.5, 0.25])
    assert story.lines("accuracy").batches.xs.tolist() == [0.5, 1.0, 2.0, 3.0]


def test_the_state_tells_the_epoch_and_images_per_second_and_leaves_the_time_to_its_card() -> None:
    clock = Clock()
    story = Story(clock=clock)
    assert "Getting ready" in words.state(story, False)
    story.add(Started(FOLDER, 2, 4, 8_000, 2_000, 10, 0))
    for batch in (1, 2):
        clock.now_s += 40
        story.add(batch_event(1, batch, 1.0, 0.5))
    assert words.state(story, False) == "Epoch 1 of 2 · 50 images per second"
    assert story.seconds_left == 240
    assert words.state(story, True) == "Stopping at the next batch…"


def test_the_patience_of_early_stopping_is_told_until_the_end() -> None:
    story = Story(patience=3)
    assert words.patience(story) == ""
    told = []
    for event in [*run_of(FOLDER, (0.9, 1.0, 1.1, 0.8, 0.85), 9), Stopped(4, 0.8, FOLDER)]:
        story.add(event)
        # A better epoch is one only once its weights are saved, which is at once.
        is_better = isinstance(event, EpochEnded) and event.epoch in (1, 4)
        if not isinstance(event, BatchEnded) and not is_better:
            told.append(words.patience(story))
    begun, end = "Early stopping:", "without a better val_loss"
    assert told == [
        f"{begun} after 3 epochs {end}.",
        f"{begun} after 3 epochs {end}.",
        f"{begun} 1 of 3 epochs {end} so far.",
        f"{begun} 2 of 3 epochs {end} so far.",
        f"{begun} after 3 epochs {end}.",
        f"{begun} 1 of 3 epochs {end} so far.",
        f"{begun} 1 of 3 epochs {end}.",
    ]


def test_without_early_stopping_no_patience_is_told() -> None:
    story = history_of(0.5)
    assert story.patience is None
    assert words.patience(story) == ""


@pytest.mark.parametrize(
    ("seconds", "text"), [(8.4, "8 s"), (192, "3 min 12 s"), (7_500, "2 h 5 min"), (59.6, "1 min 0 s")]
)
def test_a_duration_is_written_for_a_person(seconds: float, text: str) -> None:
    assert words.duration(seconds) == text


@pytest.mark.parametrize(
    ("planned", "passed", "is_over", "shown"),
    [
        (5, 0, False, 5),
        (200, 3, False, 25),
        (200, 30, False, 50),
        (200, 190, False, 200),
        (200, 9, True, 9),
    ],
)
def test_the_axis_goes_as_far_as_the_run_needs(
    planned: int, passed: float, is_over: bool, shown: int
) -> None:
    assert epochs_shown(planned, passed, is_over) == shown


@pytest.mark.parametrize(("epochs", "step"), [(1, 1), (8, 1), (14, 2), (30, 5), (200, 50), (100_000, 20_000)])
def test_numbers_of_the_axis_are_whole_epochs(epochs: int, step: int) -> None:
    assert tick_step(epochs) == step


def test_the_range_holds_all_values_and_the_natural_end_of_the_scale() -> None:
    nothing = Curve()
    low, high = y_range(curve_of([0.0, 0.5, 2.0]), (nothing, nothing), LOSS)
    assert low < 0.0
    assert high > 2.0
    low, high = y_range(nothing, (curve_of([0.0, 0.9, 0.95]),), ACCURACY)
    assert 0.85 < low < 0.9
    assert high > 1.0
    low, high = y_range(nothing, (nothing,), LOSS)
    assert low < 0 < 1 < high


def test_the_first_batches_leave_the_plot_once_two_epochs_can_be_compared() -> None:
    story = Story()
    story.add(started(FOLDER))
    ranges = []
    for number, batch_loss in ((1, 9.0), (2, 0.6), (3, 0.5)):
        story.add(batch_event(number, 1, batch_loss, 0.5))
        story.add(epoch(number, 0.4, 0.5))
        epochs = (story.curves["loss"], story.curves["val_loss"])
        ranges.append(y_range(story.batches["loss"], epochs, LOSS)[1])
    assert ranges[0] > 9
    assert 0.6 < ranges[1] < 0.7
    assert ranges[2] == ranges[1]


def test_the_distance_to_the_best_has_a_sign_and_the_unit_of_the_plot() -> None:
    assert (LOSS.distance(0.0123), LOSS.distance(0.0), ACCURACY.distance(-0.068)) == ("+0.0123", "±0", "−6.8")
