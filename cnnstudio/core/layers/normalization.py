"""Layers that bring values to a common mean and spread."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from cnnstudio.core.arithmetic import Sum, Term, line
from cnnstudio.core.layers.base import Family, Inputs, Layer, LayerError, WeightSpec, only_input
from cnnstudio.core.layers.settings import Share
from cnnstudio.core.shape import Shape, shown


class BatchNormalization(Layer):
    """Gives each channel mean 0 and spread 1 over the batch, then a learned scale and shift."""

    family: ClassVar[Family] = "normalization"
    title: ClassVar[str] = "Batch Normalization"
    icon: ClassVar[str] = "align-justify"
    type: Literal["BatchNormalization"] = "BatchNormalization"

    momentum: Annotated[
        Share,
        Field(title="Momentum", description="How slowly the running mean and variance follow the batches."),
    ] = 0.99
    epsilon: Annotated[
        float,
        Field(
            gt=0, le=1, title="Epsilon", description="Added to the variance, so that nothing divides by 0."
        ),
    ] = 1e-3
    center: Annotated[bool, Field(title="Shift (beta)", description="Learns one shift per channel.")] = True
    scale: Annotated[bool, Field(title="Scale (gamma)", description="Learns one factor per channel.")] = True

    def output_shape(self, inputs: Inputs) -> Shape:
        shape = only_input(inputs)
        if not shape or shape[-1] is None:
            raise LayerError(
                "S01",
                f"Batch normalization needs a known number of channels, and {shown(shape)} arrives. "
                "Set the sizes in the Input.",
            )
        return shape

    def weights(self, inputs: Inputs) -> tuple[WeightSpec, ...]:
        channels = (inputs[0][-1] or 0,)
        learned = [name for name, used in (("gamma", self.scale), ("beta", self.center)) if used]
        return (
            *(WeightSpec(name, channels) for name in learned),
            WeightSpec("moving_mean", channels, trainable=False),
            WeightSpec("moving_variance", channels, trainable=False),
        )

    def arithmetic(self, inputs: Inputs) -> tuple[Sum, ...]:
        channels = str(inputs[0][-1])
        weights = self.weights(inputs)
        settings = {"gamma": "scale", "beta": "center"}
        terms: list[str | Term] = []
        for weight in weights:
            terms += [" + "] if terms else []
            terms.append(Term(f"{channels} {weight.name}", settings.get(weight.name)))
        return (line("parameters", *terms, f" = {sum(weight.count for weight in weights):,}"),)
