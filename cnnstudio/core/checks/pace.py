"""Checks of how training goes: the learning rate, and when it stops (C12, C13)."""

from collections.abc import Iterator

from cnnstudio.core.analysis.edits import Edit
from cnnstudio.core.analysis.findings import Finding, Fix
from cnnstudio.core.checks.context import CheckContext
from cnnstudio.core.project import Project
from cnnstudio.core.values.words import counted

_TIMES_HIGHER, _TIMES_LOWER = 100, 10_000
"""How far a learning rate may be from the usual one; fine tuning goes a thousand times lower."""


def learning_rate_far_off(context: CheckContext) -> Iterator[Finding]:
    """C12: a learning rate with which nothing is learned, or everything forgotten."""
    optimizer = context.project.training.optimizer
    rate, usual = optimizer.learning_rate, type(optimizer)().learning_rate
    if usual / _TIMES_LOWER <= rate <= usual * _TIMES_HIGHER:
        return
    amount, so = (
        ("high", "jumps over every low") if rate > usual else ("low", "hardly moves from where it is")
    )
    yield Finding(
        "C12",
        "warning",
        None,
        f"A learning rate of {rate:g} is very {amount} for {optimizer.type}. Use {usual:g} to begin with.",
        f"It is the length of a step, and with such a one training {so}: of all settings it matters most "
        '(Goodfellow, Bengio and Courville 2016, "Deep Learning", section 11.4).',
        (Fix(f"Use a learning rate of {usual:g}", _with_rate(usual)),),
    )


def _with_rate(rate: float) -> Edit:
    def apply(project: Project) -> Project:
        optimizer = project.training.optimizer.model_copy(update={"learning_rate": rate})
        return project.with_training(project.training.model_copy(update={"optimizer": optimizer}))

    return apply


def early_stopping_never_acts(context: CheckContext) -> Iterator[Finding]:
    """C13: so much patience that training is over before it can be used up."""
    epochs, patience = context.project.training.epochs, context.project.training.patience
    if patience is None or patience <= epochs:
        return
    yield Finding(
        "C13",
        "advice",
        None,
        f"Early stopping waits for {counted(patience, 'epoch')}, more than the {epochs:,} of the training: "
        "it never acts. Give it fewer, or switch it off.",
        "It counts the epochs since the best one; the first epoch is always the best so far.",
        (
            Fix(f"Wait for {counted(max(epochs // 3, 1), 'epoch')}", _with_patience(max(epochs // 3, 1))),
            Fix("Switch early stopping off", _with_patience(None)),
        ),
    )


def _with_patience(patience: int | None) -> Edit:
    def apply(project: Project) -> Project:
        return project.with_training(project.training.model_copy(update={"patience": patience}))

    return apply
