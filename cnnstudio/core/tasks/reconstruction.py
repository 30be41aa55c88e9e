"""The picture itself, out of the little that is left of it in the middle of the network."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from cnnstudio.core.analysis.findings import Finding
from cnnstudio.core.tasks.fixes import activation_finding, channels_fixes, foreign_loss_finding
from cnnstudio.core.tasks.losses import LossName, wanted_activation
from cnnstudio.core.tasks.task import Head, Task
from cnnstudio.core.values.facts import DataFacts
from cnnstudio.core.values.shape import fits, shown

_WHY = "The output is compared with the picture itself, its pixels from 0 to 1, so both have the same shape."
_WHY_LOSS = "Pixels are numbers from 0 to 1: a distance measures how far the output is from them."


class Reconstruction(Task):
    """Gives the picture back: what an autoencoder learns (Hinton and Salakhutdinov 2006)."""

    title = "Reconstruction"
    summary = "The picture itself, as an autoencoder gives it back."
    losses: ClassVar[tuple[LossName, ...]] = (
        "mean_squared_error",
        "mean_absolute_error",
        "binary_crossentropy",
    )
    metrics = ("mae",)
    usual_template = "autoencoder"
    tells_of_places = True

    type: Literal["reconstruction"] = "reconstruction"

    def outputs(self, facts: DataFacts) -> int:
        return facts.sample_shape[-1] or 1

    def output_names(self, facts: DataFacts) -> tuple[str, ...]:
        del facts
        return ()

    def target_words(self, label: int, facts: DataFacts) -> str:
        del label, facts
        return "The picture itself, its pixels from 0 to 1."

    def shape_findings(self, head: Head, facts: DataFacts) -> Iterator[Finding]:
        shape, wanted = head.row.output_shape, facts.sample_shape
        if shape is None or fits(shape, wanted):
            return
        yield Finding(
            "C01",
            "error",
            head.name,
            f"{head.name} gives {shown(shape)}, and a picture of {facts.title} is {shown(wanted)}. "
            "End with a "
            "convolution of that height and width, and a filter for each channel.",
            _WHY,
            tuple(channels_fixes(head, wanted[-1] or 1, wanted_activation(head.loss, head.from_logits))),
        )

    def loss_findings(self, head: Head) -> Iterator[Finding]:
        problem = foreign_loss_finding(head, self.title, self.losses, _WHY_LOSS)
        if problem := problem or activation_finding(head, _WHY_LOSS, self.losses[:1]):
            yield problem
