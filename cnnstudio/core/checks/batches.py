"""Checks of the batch and the held-out share against the data and the memory (C05, C08)."""

from collections.abc import Iterator

from cnnstudio.core.analysis.describe import bytes_text
from cnnstudio.core.analysis.edits import Edit
from cnnstudio.core.analysis.findings import Finding, Fix
from cnnstudio.core.analysis.memory import largest_batch, training_memory
from cnnstudio.core.checks.context import CheckContext, learning_normalization
from cnnstudio.core.project import Project
from cnnstudio.core.values.words import counted

SMALL_BATCH = 8
"""With fewer samples a step follows single images rather than all of them."""
_USUAL_SHARE = 0.2


def batch_larger_than_data(context: CheckContext) -> Iterator[Finding]:
    """C05: not even one batch can be filled."""
    if context.facts is None:
        return
    images = training_images(context)
    batch = context.project.training.batch_size
    if batch > images > 0:
        fitting = _fitting_batch(images)
        too_few = fitting < 2 or (fitting < SMALL_BATCH and learning_normalization(context) is not None)
        advice = "Use more images." if too_few else f"Use a batch of {fitting:,}."
        yield Finding(
            "C05",
            "warning",
            None,
            f"A batch of {batch:,} is larger than the training set of {counted(images, 'image')}. {advice}",
            "Each epoch would be a single step.",
            () if too_few else (batch_fix(fitting),),
        )


def _fitting_batch(images: int) -> int:
    """A power of two: about a tenth of the images, so that an epoch has some steps, but no handful of them
    where there are more."""
    return _power_of_two(min(images, max(images // 10, SMALL_BATCH)))


def _power_of_two(most: int) -> int:
    return 1 << (most.bit_length() - 1)


def nothing_held_out(context: CheckContext) -> Iterator[Finding]:
    """C05: best weights are asked for, and there are no images to tell them by."""
    images = 0 if context.facts is None else context.facts.train_count
    if images < 2 or _held_out(context, images) > 0 or _has_own_validation(context):
        return
    share, better = context.project.data.split.validation_share, max(_USUAL_SHARE, 1 / images)
    yield Finding(
        "C05",
        "error",
        None,
        f"A validation share of {share:g} of {counted(images, 'image')} holds out none, so the best "
        f"weights cannot be told. Hold out {better:.0%}.",
        "The best epoch is the one with the lowest loss on images that were not trained on.",
        (Fix(f"Hold out {better:.0%}", _with_share(better)),),
    )


def _has_own_validation(context: CheckContext) -> bool:
    return context.facts is not None and context.facts.validation_count is not None


def training_images(context: CheckContext) -> int:
    """How many images are trained on; 0 where nothing is known of the data."""
    count = 0 if context.facts is None else context.facts.train_count
    return count - _held_out(context, count)


def _held_out(context: CheckContext, images: int) -> int:
    """How many of the images to learn from are held out; none where the data have a validation part."""
    if _has_own_validation(context):
        return 0
    return round(images * context.project.data.split.validation_share)


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
        (batch_fix(fitting),) if fitting else (),
    )


def batch_fix(batch: int) -> Fix:
    """Another number of images a step."""
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
