"""Checks of the batch against the data and the memory (C05, C06, C08)."""

from collections.abc import Iterator

from cnnstudio.core.analysis import Row
from cnnstudio.core.analysis.describe import bytes_text
from cnnstudio.core.analysis.edits import Edit
from cnnstudio.core.analysis.findings import Finding, Fix
from cnnstudio.core.analysis.memory import largest_batch, training_memory
from cnnstudio.core.checks.context import WEIGHTED_FAMILIES, CheckContext, activation_of
from cnnstudio.core.layers import BatchNormalization
from cnnstudio.core.project import Project

_SMALL_BATCH = 8
_USUAL_BATCHES = (32, 16, _SMALL_BATCH)
_USUAL_SHARE = 0.2


def batch_larger_than_data(context: CheckContext) -> Iterator[Finding]:
    """C05: not even one batch can be filled."""
    if context.facts is None:
        return
    images = context.facts.train_count - _held_out(context, context.facts.train_count)
    batch = context.project.training.batch_size
    if batch > images > 0:
        # As small a batch as a tenth of the images, unless a normalization needs more of them.
        least = 1 if _learning_normalization(context) is None else _SMALL_BATCH
        fitting = max(1 << (max(1, images // 10).bit_length() - 1), least)
        fits = fitting <= images
        advice = f"Use a batch of {fitting:,}." if fits else "Use more images."
        yield Finding(
            "C05",
            "warning",
            None,
            f"A batch of {batch:,} is larger than the training set of {images:,} images. {advice}",
            "Each epoch would be a single step.",
            (_batch_fix(fitting),) if fits else (),
        )


def nothing_held_out(context: CheckContext) -> Iterator[Finding]:
    """C05: best weights are asked for, and there are no images to tell them by."""
    images = 0 if context.facts is None else context.facts.train_count
    if context.facts is None or images < 2 or _held_out(context, images) > 0 or _has_own_validation(context):
        return
    share, better = context.project.data.split.validation_share, max(_USUAL_SHARE, 1 / images)
    batch, left = context.project.training.batch_size, images - round(images * better)
    fixes = (Fix(f"Hold out {better:.0%}", _with_share(better)),)
    yield Finding(
        "C05",
        "error",
        None,
        f"A validation share of {share:g} of {images:,} images holds out none, so the best "
        f"weights cannot be told. Hold out {better:.0%}.",
        "The best epoch is the one with the lowest loss on images that were not trained on.",
        # Not where what is left would no longer fill a batch.
        () if left < batch <= images else fixes,
    )


def _has_own_validation(context: CheckContext) -> bool:
    return context.facts is not None and context.facts.validation_count is not None


def _held_out(context: CheckContext, images: int) -> int:
    """How many of the images to learn from are held out; none where the data have a validation part."""
    if _has_own_validation(context):
        return 0
    return round(images * context.project.data.split.validation_share)


def bias_before_normalization(context: CheckContext) -> Iterator[Finding]:
    """C06: biases that a BatchNormalization takes away again; one remark for all of them."""
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
    batch, row = context.project.training.batch_size, _learning_normalization(context)
    if row is None or batch >= _SMALL_BATCH:
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
        () if better is None else (_batch_fix(better),),
    )


def _learning_normalization(context: CheckContext) -> Row | None:
    """The first BatchNormalization that takes its mean over the batch, if there is one."""
    return next((row for row in context.standing(BatchNormalization) if row.layer.trainable), None)


def _can_be_filled(context: CheckContext, batch: int) -> bool:
    """Whether there are images and memory enough for a batch, as far as both are known."""
    count = None if context.facts is None else context.facts.train_count
    if count is not None and batch > count - _held_out(context, count):
        return False
    training = context.project.training.model_copy(update={"batch_size": batch})
    memory = None if context.free_memory is None else training_memory(context.analysis, training)
    return memory is None or context.free_memory is None or memory.total <= context.free_memory


def memory_does_not_suffice(context: CheckContext) -> Iterator[Finding]:
    """C08: the estimate for training is above the free memory."""
    training = context.project.training
    memory = None if context.free_memory is None else training_memory(context.analysis, training)
    if context.free_memory is None or memory is None or memory.total <= context.free_memory:
        return
    fitting = largest_batch(context.analysis, training, context.free_memory)
    advice = f"A batch of {fitting:,} would fit." if fitting else "Make the network or the images smaller."
    yield Finding(
        "C08",
        "warning",
        None,
        f"Training with batches of {training.batch_size:,} takes about {bytes_text(memory.total)}, and "
        f"{bytes_text(context.free_memory)} are free. {advice}",
        "Weights, their gradients, what the optimizer keeps, and the result of every layer for the batch.",
        (_batch_fix(fitting),) if fitting and not _becomes_small(context, fitting) else (),
    )


def _becomes_small(context: CheckContext, batch: int) -> bool:
    """Whether a normalization that has images enough now would have too few in such a batch."""
    is_small_only_then = batch < _SMALL_BATCH <= context.project.training.batch_size
    return is_small_only_then and _learning_normalization(context) is not None


def _batch_fix(batch: int) -> Fix:
    return Fix(f"Use a batch of {batch:,}", _with_batch(batch))


def _with_batch(batch: int) -> Edit:
    def apply(project: Project) -> Project:
        return project.with_training(project.training.model_copy(update={"batch_size": batch}))

    return apply


def _with_share(share: float) -> Edit:
    def apply(project: Project) -> Project:
        split = project.data.split.model_copy(update={"validation_share": share})
        return project.with_data(project.data.with_split(split))

    return apply
