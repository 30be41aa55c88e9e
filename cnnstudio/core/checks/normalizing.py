"""Checks of batch normalization: biases it takes away, and batches too small for it (C06)."""

from collections.abc import Iterator
from math import gcd

from cnnstudio.core.analysis import Row
from cnnstudio.core.analysis.edits import Edit
from cnnstudio.core.analysis.findings import Finding, Fix
from cnnstudio.core.analysis.memory import training_memory
from cnnstudio.core.checks.batches import SMALL_BATCH, batch_fix, training_images
from cnnstudio.core.checks.context import (
    WEIGHTED_FAMILIES,
    CheckContext,
    activation_of,
    learning_normalization,
)
from cnnstudio.core.layers import BatchNormalization, GroupNormalization
from cnnstudio.core.project import Project

_USUAL_BATCHES = (32, 16, SMALL_BATCH)
_USUAL_GROUPS = 32


def bias_before_normalization(context: CheckContext) -> Iterator[Finding]:
    """C06: biases that a BatchNormalization takes away again; one remark for all of them.

    Trained weights keep theirs: the stored mean has the bias in it, and without it every answer would shift.
    """
    if context.project.training.start_from is not None:
        return
    rows = [row for row in context.of_family(*WEIGHTED_FAMILIES) if _has_idle_bias(context, row)]
    names = sorted((row.name for row in rows), key=context.network.position)
    if not names:
        return
    others = f" and {len(names) - 1} more layers" if len(names) > 1 else ""
    yield Finding(
        "C06",
        "advice",
        names[0],
        f"The bias of {names[0]}{others} does nothing before a BatchNormalization. Switch it off.",
        "The normalization subtracts the mean, and the bias with it; its own beta takes that place "
        "(Ioffe and Szegedy 2015, section 3.2).",
        (Fix("Switch the bias off", _without_bias(names)),),
    )


def _has_idle_bias(context: CheckContext, row: Row) -> bool:
    if not vars(row.layer).get("use_bias") or activation_of(row) != "linear":
        return False
    takers = context.takers.get(row.name, ())
    return bool(takers) and all(isinstance(taker.layer, BatchNormalization) for taker in takers)


def _without_bias(names: list[str]) -> Edit:
    return lambda project: project.with_network(project.network.with_settings(names, use_bias=False))


def small_batch_normalized(context: CheckContext) -> Iterator[Finding]:
    """C06: the mean of a handful of images is a poor guess of the mean of all."""
    batch, row = context.project.training.batch_size, learning_normalization(context)
    if row is None or batch >= SMALL_BATCH:
        return
    better = next((usual for usual in _USUAL_BATCHES if _can_be_filled(context, usual)), None)
    advice = "Use GroupNormalization" if better is None else f"Use a batch of {better}, or GroupNormalization"
    yield Finding(
        "C06",
        "warning",
        row.name,
        f"{row.name} (BatchNormalization) works with batches of {batch}. {advice}.",
        "Mean and spread are taken over the batch, and those of fewer than 8 images are little more than "
        'chance (Wu and He 2018, "Group Normalization").',
        (
            *(() if better is None else (batch_fix(better),)),
            Fix("Use GroupNormalization", _in_groups(context)),
        ),
    )


def _can_be_filled(context: CheckContext, batch: int) -> bool:
    """Whether there are images and memory enough for a batch, as far as both are known."""
    if context.facts is not None and batch > training_images(context):
        return False
    training = context.project.training.model_copy(update={"batch_size": batch})
    memory = None if context.free_memory is None else training_memory(context.analysis, training)
    return memory is None or context.free_memory is None or memory.total <= context.free_memory


def _in_groups(context: CheckContext) -> Edit:
    """GroupNormalization, over the channels of each image by itself, in place of every BatchNormalization."""
    others = [
        GroupNormalization(
            name=row.name,
            inputs=row.layer.inputs,
            group=row.layer.group,
            groups=gcd(_USUAL_GROUPS, row.input_shapes[0][-1] or 1),
        )
        for row in context.standing(BatchNormalization)
    ]

    def apply(project: Project) -> Project:
        network = project.network
        for layer in others:
            network = network.replaced(layer.name, layer)
        return project.with_network(network)

    return apply
