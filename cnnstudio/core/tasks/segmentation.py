"""A class for each pixel: a map of shares as high and wide as the picture."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from cnnstudio.core.analysis.findings import Finding
from cnnstudio.core.layers.base import Layer
from cnnstudio.core.tasks.fixes import (
    activation_finding,
    channels_fixes,
    foreign_loss_finding,
    labels_fix,
    loss_fix,
)
from cnnstudio.core.tasks.losses import LabelForm, LossName, wanted_activation
from cnnstudio.core.tasks.task import Head, Task
from cnnstudio.core.values.facts import DataFacts
from cnnstudio.core.values.shape import Shape, fits, shown

_WHY = (
    "For every pixel the network gives a share for the ground and for each class, and the mask says "
    "which it is; so "
    "the output is as high and wide as the picture."
)
_WHY_LOSS = (
    "softmax makes the values of a pixel shares that add up to 1; one-hot masks go with categorical, "
    "integer masks with "
    "sparse categorical cross-entropy."
)


class Segmentation(Task):
    """Tells for every pixel which class it is of."""

    title = "Segmentation"
    summary = "A class for each pixel; the data need masks."
    losses: ClassVar[tuple[LossName, ...]] = (
        "sparse_categorical_crossentropy",
        "categorical_crossentropy",
    )
    metrics = ("iou", "accuracy")
    needs_masks = True
    usual_template = "unet"
    tells_of_places = True

    type: Literal["segmentation"] = "segmentation"
    labels: Annotated[
        LabelForm,
        Field(
            title="Masks",
            description="Integer: the class number of each pixel. One-hot: a 1 at its class, 0 elsewhere.",
        ),
    ] = "integer"

    def target_goes_along(self, layer: Layer) -> bool:
        return layer.moves_masks

    def outputs(self, facts: DataFacts) -> int:
        return len(facts.mask_names)

    def output_names(self, facts: DataFacts) -> tuple[str, ...]:
        return facts.mask_names

    def target_words(self, label: int, facts: DataFacts) -> str:
        if not facts.has_masks:
            return f"The mask, a class for each pixel, but {facts.title} has none."
        if self.labels == "one-hot":
            return (
                f"A one-hot vector for each pixel: a 1 at 0 for the ground, at {label + 1} for class {label}."
            )
        return f"The mask: for each pixel 0 for the ground, or {label + 1} for class {label}."

    def shape_findings(self, head: Head, facts: DataFacts) -> Iterator[Finding]:
        if not facts.has_masks:
            yield Finding(
                "C01",
                "error",
                None,
                f"{facts.title} has no masks, and segmentation learns from a class for each pixel. "
                "Choose data with "
                "masks, such as Shapes, or the task Classification.",
                _WHY,
            )
            return
        wanted: Shape = (*facts.sample_shape[:2], self.outputs(facts))
        shape = head.row.output_shape
        if shape is not None and not fits(shape, wanted):
            yield Finding(
                "C01",
                "error",
                head.name,
                f"{head.name} gives {shown(shape)}, and the masks of {facts.title} ask for "
                f"{shown(wanted)}: the ground "
                f"and {facts.classes} classes for each pixel. End with a 1 x 1 convolution of "
                f"{wanted[-1]} filters.",
                _WHY,
                tuple(channels_fixes(head, wanted[-1] or 1, wanted_activation(head.loss, head.from_logits))),
            )

    def loss_findings(self, head: Head) -> Iterator[Finding]:
        if problem := foreign_loss_finding(head, self.title, self.losses, _WHY_LOSS, "integer"):
            yield problem
            return
        if problem := activation_finding(head, _WHY_LOSS, self.losses):
            yield problem
        expected: LabelForm = "integer" if head.loss == "sparse_categorical_crossentropy" else "one-hot"
        if self.labels != expected:
            better = self.losses[0] if self.labels == "integer" else self.losses[1]
            yield Finding(
                "C02",
                "error",
                None,
                f"The masks are {self.labels}, and {head.loss} expects {expected} masks. "
                f"Use {better}, or {expected} masks.",
                _WHY_LOSS,
                (loss_fix(head, better), labels_fix(expected)),
            )
