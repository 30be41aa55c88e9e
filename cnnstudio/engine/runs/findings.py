"""What the curves of a run mean, while it goes and afterwards (R02 to R06). Pure: a story in, findings out.

R01, a loss that became no number, ends a run and is its last message.
"""

from collections.abc import Callable, Iterator
from math import isclose

import numpy as np

from cnnstudio.core.analysis.findings import Finding
from cnnstudio.core.tasks.metrics import VALIDATION
from cnnstudio.engine.runs.curve import Values
from cnnstudio.engine.runs.story import Story
from cnnstudio.engine.training.events import EpochEnded, Event, Measured

_EPOCHS = 3
"""For so many epochs in a row a curve says the same before it is named."""
_RISE = 0.05
"""Part of the best val_loss by which it must have risen; less is no news."""
_FALL = 0.05
"""Part of its first loss that a network has lost once it has learned something."""
_NEAR_GUESSING = 0.01
_SAME_SHARE = 5e-4
_MOST_UNITS = 0.5
_WAITING = 0.9


def run_findings(story: Story) -> tuple[Finding, ...]:
    """All that is to be said of a run as far as it went, in the order of the codes."""
    return tuple(finding for rule in RULES for finding in rule(story))


class NewFindings:
    """What was not said the last time, for a log that grows while a run goes."""

    def __init__(self) -> None:
        self._told: set[tuple[str, str | None]] = set()

    def after(self, event: Event, story: Story) -> tuple[Finding, ...]:
        """The findings that an event brought; `story` has taken it in. One that went and came back is new."""
        if not isinstance(event, EpochEnded | Measured):
            return ()
        found = {(one.code, one.layer): one for one in run_findings(story)}
        new = tuple(one for key, one in found.items() if key not in self._told)
        self._told = set(found)
        return new


def overfitting(story: Story) -> Iterator[Finding]:
    """R02: val_loss has risen, by more than it wavers, while the loss fell on."""
    losses, held = _values(story, "loss"), _values(story, f"{VALIDATION}loss")
    if len(held) <= _EPOCHS or len(losses) != len(held) or not np.isfinite(held).all():
        return
    best, recent = int(held.argmin()), held[-_EPOCHS:]
    if len(held) - 1 - best < _EPOCHS or losses[-1] >= losses[best] or losses[-1] > (1 - _FALL) * losses[0]:
        return
    wavering = float(np.median(np.abs(np.diff(held))))
    rise = max(_RISE * float(held[best]), wavering)
    if recent.min() <= (1 + _RISE) * held[best] or recent.mean() - held[best] <= rise:
        return
    if held[-1] <= losses[-1]:
        return
    kept = f" The weights of epoch {best + 1} are kept." if story.monitor.name == "val_loss" else ""
    yield Finding(
        "R02",
        "warning",
        None,
        f"val_loss has not fallen since epoch {best + 1} while loss falls: overfitting.{kept}",
        "The network learns the training images by heart. More images, augmentation, dropout or a smaller "
        "network help; more epochs do not.",
    )


def one_answer_for_everything(story: Story) -> Iterator[Finding]:
    """R03: val_accuracy is that of always the same answer."""
    share, recent = story.baseline.accuracy, _values(story, f"{VALIDATION}accuracy")[-_EPOCHS:]
    if share is None or len(recent) < _EPOCHS or np.abs(recent - share).max() > _SAME_SHARE:
        return
    answer = story.baseline.answer
    who = f"answers '{answer}' for everything" if answer else "gives one answer for everything"
    yield Finding(
        "R03",
        "warning",
        None,
        f"It {who}: val_accuracy has been {share:.1%} for {_EPOCHS} epochs, the share of the largest class. "
        "Try a learning rate ten times lower, and check that pixels are scaled and labels right.",
        "To always give the most frequent answer is the first thing a network learns, and the last where the "
        "slopes have vanished or the steps are too long.",
    )


def units_always_zero(story: Story) -> Iterator[Finding]:
    """R04: most units of a layer gave 0 for every image they were shown."""
    for layer, share in story.dead_units.items():
        if share > _MOST_UNITS:
            yield Finding(
                "R04",
                "warning",
                layer,
                f"{share:.0%} of the units of {layer} are 0 for every image. Try a lower learning rate, or "
                "LeakyReLU in place of ReLU.",
                "Where the sum before ReLU is never above 0 no slope comes through, so such a unit never "
                'learns again (Lu, Shin, Su and Karniadakis 2019, "Dying ReLU and Initialization").',
            )


def still_guessing(story: Story) -> Iterator[Finding]:
    """R05: loss and val_loss stay at what equal shares for all classes give."""
    guess = story.baseline.loss
    curves = [_values(story, name)[-_EPOCHS:] for name in ("loss", f"{VALIDATION}loss")]
    if guess is None or any(len(values) < _EPOCHS for values in curves):
        return
    if all(isclose(value, guess, rel_tol=_NEAR_GUESSING) for values in curves for value in values):
        yield Finding(
            "R05",
            "warning",
            None,
            f"Still guessing: the loss stays at {guess:.3f}, that of equal shares for all classes. Try "
            "another learning rate, and check that pixels are scaled and labels right.",
            "With categorical cross-entropy it is the logarithm of the number of classes: 2.303 = ln 10.",
        )


def reading_holds_up(story: Story) -> Iterator[Finding]:
    """R06: the next batch was being read nearly all the time, so training waited for it."""
    if story.reading_share is not None and story.reading_share >= _WAITING:
        yield Finding(
            "R06",
            "advice",
            None,
            f"Reading the images takes {story.reading_share:.0%} of the time of training, which waits "
            "for them. Use smaller images, or keep them on a faster disk.",
            "Batches are read while the one before is trained on, so reading costs nothing until it takes as "
            "long as a step.",
        )


RULES: tuple[Callable[[Story], Iterator[Finding]], ...] = (
    overfitting,
    one_answer_for_everything,
    units_always_zero,
    still_guessing,
    reading_holds_up,
)


def _values(story: Story, name: str) -> Values:
    """The figures of a metric, an epoch each."""
    curve = story.curves.get(name)
    return np.empty(0) if curve is None else curve.ys
