"""A report in words and figures, for the window and the command line."""

from collections.abc import Iterator
from heapq import nlargest
from typing import TYPE_CHECKING

from msgspec import Struct

from cnnstudio.core.tasks import task_named
from cnnstudio.core.tasks.metrics import metric
from cnnstudio.core.values.words import counted
from cnnstudio.engine.evaluation.per_class import ClassFigures, class_figures
from cnnstudio.engine.runs.words import NONE, figure, number

if TYPE_CHECKING:
    from cnnstudio.engine.evaluation.report import Report

_MOST_NAMED = 3
"""Mistakes that are named in the sentence below a confusion matrix."""


class Mistake(Struct, frozen=True):
    """One class taken for another, `count` times of the `total` samples that are of it."""

    truth: str
    answer: str
    count: int
    total: int


class Summary(Struct, frozen=True):
    """What follows from a report. It takes its time with many classes: made where it was measured.

    `totals` are the samples of each class, `largest` is the largest number of the confusion matrix. `ious`
    are empty but for segmentation; an IoU is None where a class is neither there nor answered.
    """

    totals: tuple[int, ...]
    largest: int
    ious: tuple[float | None, ...]
    classes: tuple[ClassFigures, ...]
    sentence: str


def summary_of(report: "Report") -> Summary:
    """Sum up a report; of one without a confusion matrix nothing is said."""
    return Summary(
        totals=tuple(sum(row) for row in report.confusion),
        largest=max((max(row) for row in report.confusion), default=0),
        ious=ious(report.confusion) if report.task == "segmentation" else (),
        classes=class_figures(report.classes, report.confusion),
        sentence=most_confused_sentence(report),
    )


def most_confused(report: "Report", most: int = _MOST_NAMED) -> list[Mistake]:
    """The most frequent mistakes, the most frequent first."""
    return nlargest(most, _mistakes(report), key=lambda one: (one.count, one.count / one.total))


def _mistakes(report: "Report") -> Iterator[Mistake]:
    for at, (truth, row) in enumerate(zip(report.classes, report.confusion, strict=True)):
        total = sum(row)
        # Most rows of thousands of classes hold nothing else, and are not looked through.
        if total > row[at]:
            for answer, count in enumerate(row):
                if count and answer != at:
                    yield Mistake(truth, report.classes[answer], count, total)


def most_confused_sentence(report: "Report") -> str:
    """`Most confused: 4 taken for 9 (9 of 200), 7 taken for 2 (6 of 200).`; empty without classes."""
    if not report.confusion:
        return ""
    found = most_confused(report)
    if not found:
        return f"None of {_things(report, sum(map(sum, report.confusion)))} was taken for another class."
    named = [f"{one.truth} taken for {one.answer} ({one.count:,} of {one.total:,})" for one in found]
    return f"Most confused: {', '.join(named)}."


def cell_sentence(report: "Report", truth: int, answer: int, total: int) -> str:
    """What a cell of the matrix says: `4 taken for 9: 9 of 200`, of which `total` are of the row's class."""
    names, count = report.classes, report.confusion[truth][answer]
    what = f"{names[truth]} taken for {names[answer]}" if truth != answer else f"{names[truth]} recognized"
    return f"{what}: {count:,} of {_things(report, total)}"


def share_text(count: int, total: int) -> str:
    """A share of a row in per cent without the sign: `97.5`; what is there is never written as nothing."""
    if not count or not total:
        return "0"
    percent = 100 * count / total
    return f"{percent:.1f}" if percent >= 0.1 else "<0.1"


def ious(confusion: tuple[tuple[int, ...], ...]) -> tuple[float | None, ...]:
    """Intersection over union of each class; None where it is neither there nor answered."""
    answered = [sum(column) for column in zip(*confusion, strict=True)]
    found: list[float | None] = []
    for at, row in enumerate(confusion):
        union = sum(row) + answered[at] - row[at]
        found.append(row[at] / union if union else None)
    return tuple(found)


def iou_text(value: float | None) -> str:
    """An IoU in per cent without the sign; a dash where there is none."""
    return NONE if value is None else f"{100 * value:.1f}"


def heading(report: "Report") -> str:
    """What was measured: `10,000 test images, weights of epoch 8`."""
    return counted(report.count, f"{report.part} image") + _weights(report)


def images_title(report: "Report") -> str:
    """What stands above the number of images: `Test images, weights of epoch 8`."""
    return f"{report.part.capitalize()} images{_weights(report)}"


def figures(report: "Report") -> list[tuple[str, str]]:
    """Each figure with its title, what the task is about first and the loss last."""
    # Keras tells them in an order of its own; what nobody knows comes last.
    names = dict.fromkeys((*task_named(report.task).metrics, *report.metrics))
    found = [
        (_title(report, name), figure(name, report.metrics[name])) for name in names if name in report.metrics
    ]
    return [*found, (metric("loss").title, number(report.loss))]


def _weights(report: "Report") -> str:
    return "" if report.epoch is None else f", weights of epoch {report.epoch:,}"


def _title(report: "Report", name: str) -> str:
    # Of pixels, which is another thing than of pictures.
    of_pixels = report.task == "segmentation" and name == "accuracy"
    return "Pixel accuracy" if of_pixels else metric(name).title


def _things(report: "Report", count: int) -> str:
    return counted(count, "pixel") if report.task == "segmentation" else f"{count:,}"
