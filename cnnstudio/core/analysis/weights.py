"""Weights that a layer does not tell of by itself: those in the file it came in, and another layer's."""

from collections.abc import Mapping

from cnnstudio.core.analysis.rows import Cost, Row
from cnnstudio.core.layers import CustomLayer, Layer, LayerError
from cnnstudio.core.values.shape import Shape, shown


def stored_cost(layer: Layer, told: Mapping[str, tuple[int, int]]) -> Cost | None:
    """What is known of the parameters of a layer without a shape."""
    counts = layer.known_parameters if isinstance(layer, CustomLayer) else told.get(layer.name)
    if counts is None:
        return None
    learned, kept = (0, 0) if layer.weights_of else counts
    trainable, frozen = (learned, 0) if layer.trainable else (0, learned)
    return Cost((), (), trainable, kept + frozen, frozen, macs_known=False)


def refuse_other_weights(layer: Layer, shapes: tuple[Shape, ...], owner: Row) -> None:
    """One set of weights has one set of shapes, whatever it is called with: LayerError for another."""
    pairs = zip(layer.weights(shapes), owner.weights, strict=False)
    for needed, there in pairs:
        if needed.shape != there.shape:
            raise LayerError(
                "S07",
                f"It uses the weights of {owner.name}, whose {there.name} is {shown(there.shape)}, and its "
                f"own input needs {shown(needed.shape)}. Let as many channels arrive here as there.",
                "A layer that is called again has the weights of its first call.",
            )
