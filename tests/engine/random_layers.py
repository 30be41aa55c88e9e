"""Random layers of every type, with valid and invalid settings, and random shapes for them."""

from collections.abc import Callable
from random import Random
from typing import Any, get_args

from pydantic import ValidationError

from cnnstudio.core.layers import LAYER_BY_TYPE, LAYER_TYPES, CustomLayer, Input, Layer
from cnnstudio.core.layers.initializers import INITIALIZERS, VECTOR_INITIALIZERS, Orthogonal
from cnnstudio.core.layers.options import CONSTRAINTS, L1, L2, REGULARIZERS, Option
from cnnstudio.core.layers.settings import ActivationName, Interpolation
from cnnstudio.core.values.shape import Shape

TYPES = tuple(kind for kind in LAYER_TYPES if kind not in (Input, CustomLayer))
CHANNELS = (1, 2, 3, 4, 6, 8)
Maker = Callable[[Random], Any]


def _plain(kinds: tuple[type[Option], ...]) -> tuple[Option, ...]:
    return tuple(kind.model_validate({}) for kind in kinds)


def _one_of(*values: Any) -> Maker:
    return lambda rng: rng.choice(values)


def _pair(*values: int) -> Maker:
    return lambda rng: rng.choice([rng.choice(values), (rng.choice(values), rng.choice(values))])


def _faces(rng: Random) -> Any:
    ends = [rng.choice((0, 1, 2, 3)) for _ in range(6)]
    pairs = tuple(zip(ends[::2], ends[1::2], strict=True))
    return rng.choice([ends[0], tuple(ends[:3]), pairs])


def _triple(*values: int) -> Maker:
    return lambda rng: rng.choice([rng.choice(values), tuple(rng.choice(values) for _ in range(3))])


def _inside(*names: str) -> Maker:
    return lambda rng: random_layer(rng, LAYER_BY_TYPE[rng.choice(names)], "inner")


def _numbers(*values: int) -> Maker:
    return lambda rng: rng.choice(values)


def _edges(rng: Random) -> Any:
    ends = [rng.choice((0, 1, 2, 3, 5)) for _ in range(4)]
    return rng.choice([ends[0], (ends[0], ends[1]), ((ends[0], ends[1]), (ends[2], ends[3]))])


def _axes(rng: Random) -> Any:
    axes = rng.sample((1, 2, 3, -1), rng.choice((1, 1, 2)))
    return axes[0] if len(axes) == 1 else tuple(axes)


def _bounds(rng: Random) -> tuple[float, float]:
    low, high = sorted((round(rng.uniform(0, 0.9), 2), round(rng.uniform(0, 0.9), 2)))
    return (low, high)


def _target(rng: Random) -> tuple[int, ...]:
    sizes = [rng.choice((1, 2, 3, 4, 6, 8, 12)) for _ in range(rng.choice((1, 2, 3)))]
    if rng.random() < 0.7:
        sizes[rng.randrange(len(sizes))] = -1
    return tuple(sizes)


def _dims(rng: Random) -> tuple[int, ...]:
    axes = list(range(1, rng.choice((1, 2, 3, 3)) + 1))
    rng.shuffle(axes)
    return tuple(axes)


_RATE = _one_of(0.0, 0.1, 0.25, 0.5, 0.9)
_NUMBER = _one_of(0.0, 0.1, 0.5, 1.0, 2.0)
_START = _one_of(*_plain(VECTOR_INITIALIZERS))
MAKERS: dict[str, Maker] = {
    "filters": _one_of(1, 2, 3, 4, 6, 8, 12),
    "units": _one_of(1, 2, 5, 16),
    "kernel_size": _pair(1, 2, 3, 4, 5, 7),
    "pool_size": _pair(1, 2, 3, 4, 5),
    "strides": _pair(1, 1, 2, 3, 4),
    "dilation_rate": _pair(1, 1, 1, 2, 3),
    "padding": _one_of("valid", "same"),
    "output_padding": _one_of(None, None, 0, 1, 2, (0, 1)),
    "groups": _one_of(1, 1, 2, 3, 4, 8),
    "depth_multiplier": _one_of(1, 2, 3),
    "activation": _one_of(*get_args(ActivationName)),
    "axis": _axes,
    "size": _pair(1, 2, 3),
    "interpolation": _one_of(*get_args(Interpolation)),
    "target_shape": _target,
    "dims": _dims,
    "cropping": _edges,
    "rate": _RATE,
    "stddev": _RATE,
    "momentum": _RATE,
    "epsilon": _one_of(1e-3, 1e-5, 0.5),
    "seed": _one_of(0, 7, 1337),
    "noise_shape": _one_of(None, (None, 1, 1, 1)),
    "max_value": _one_of(None, 6.0, 1),
    "negative_slope": _NUMBER,
    "threshold": _NUMBER,
    "alpha": _NUMBER,
    "shared_axes": _one_of(None, 1, (1, 2), (3,), (1, 2, 3)),
    "scale": _one_of(1 / 255, 2, 0.5),
    "offset": _one_of(0, -1.0),
    "height": _one_of(1, 4, 9, 16),
    "width": _one_of(1, 4, 9, 16),
    "fill_mode": _one_of("reflect", "wrap", "constant", "nearest"),
    "fill_value": _NUMBER,
    "mode": _one_of("horizontal", "vertical", "horizontal_and_vertical"),
    "factor": _bounds,
    "height_factor": _bounds,
    "x_factor": _bounds,
    "y_factor": _bounds,
    "addition_factor": _bounds,
    "threshold_factor": _bounds,
    "brightness_factor": _bounds,
    "contrast_factor": _bounds,
    "saturation_factor": _bounds,
    "hue_factor": _bounds,
    "sigma": _bounds,
    "num_chains": _one_of(1, 3),
    "chain_depth": _one_of(1, 2),
    "num_ops": _one_of(1, 3),
    "width_factor": _bounds,
    "value_range": _one_of((0, 255), (0.0, 1.0)),
    "n": _one_of(1, 2, 5),
    "mask_value": _NUMBER,
    "dropout": _RATE,
    "recurrent_dropout": _RATE,
    "recurrent_activation": _one_of(*get_args(ActivationName)),
    "num_heads": _one_of(1, 2, 3),
    "key_dim": _one_of(1, 2, 5),
    "value_dim": _one_of(None, 1, 4),
    "result_shape": _one_of(None, 4, (2, 3)),
    "attention_axes": _one_of(None, 1, (1, 2), -2),
    "sliding_window": _one_of(None, 2),
    "input_dim": _one_of(1, 10, 300),
    "output_dim": _one_of(1, 4, 16),
    "equation": _one_of(
        "...a,ab->...b",
        "abc,cd->abd",
        "abc,bcd->ad",
        "ab...,bc->ac...",
        "abc,cde->abde",
        "ab,bc->ac",
        "abc->cd",
        "ab,b->a",
    ),
    "bias_axes": _one_of(None, "d", "b", "bd", "c", "x"),
    "merge_mode": _one_of("concat", "sum", "mul", "ave"),
    "power_iterations": _one_of(1, 3),
    "kernel_initializer": _one_of(*_plain(VECTOR_INITIALIZERS), Orthogonal(gain=2.0)),
}
BY_TYPE: dict[tuple[str, str], Maker] = {
    ("Conv1D", "padding"): _one_of("valid", "same", "causal"),
    ("ZeroPadding2D", "padding"): _edges,
    ("ZeroPadding3D", "padding"): _faces,
    ("Cropping3D", "cropping"): _faces,
    ("UpSampling3D", "size"): _triple(1, 2, 3),
    ("ZeroPadding1D", "padding"): _pair(0, 1, 2, 3),
    ("Cropping1D", "cropping"): _pair(0, 1, 2, 3, 5),
    ("UpSampling1D", "size"): _one_of(1, 2, 3),
    ("BatchNormalization", "axis"): _one_of(-1, -1, 1, 2, 3, -2, 5),
    ("GroupNormalization", "axis"): _one_of(-1, -1, 1, 2, 3, 5),
    ("GroupNormalization", "groups"): _one_of(-1, 1, 2, 3, 4),
    ("Concatenate", "axis"): _one_of(-1, -1, 1, 2, 3, -2),
    ("Resizing", "fill_mode"): _one_of("constant"),
    ("EinsumDense", "result_shape"): _one_of(4, (None, 4), (2, 3), (None, 2, 3), (3, None)),
    ("Bidirectional", "layer"): _inside("LSTM", "GRU", "SimpleRNN", "ConvLSTM2D"),
    ("TimeDistributed", "layer"): _inside(
        "Dense", "Conv2D", "MaxPooling2D", "BatchNormalization", "LSTM", "Flatten", "Dropout", "Bidirectional"
    ),
    ("SpectralNormalization", "layer"): _inside(
        "Dense", "Conv2D", "Conv2DTranspose", "DepthwiseConv2D", "Embedding", "Conv1D", "EinsumDense"
    ),
    ("RMSNormalization", "epsilon"): _one_of(1e-6, 0.5),
    ("Dense", "kernel_initializer"): _one_of(*_plain(INITIALIZERS)),
    ("Dense", "kernel_regularizer"): _one_of(*_plain(REGULARIZERS)),
    ("RandomRotation", "interpolation"): _one_of("nearest", "bilinear"),
    ("RandomZoom", "interpolation"): _one_of("nearest", "bilinear"),
    ("RandomTranslation", "interpolation"): _one_of("nearest", "bilinear"),
    ("RandomPerspective", "interpolation"): _one_of("nearest", "bilinear"),
    ("RandomElasticTransform", "interpolation"): _one_of("nearest", "bilinear"),
    ("RandomShear", "interpolation"): _one_of("nearest", "bilinear"),
    ("AugMix", "interpolation"): _one_of("nearest", "bilinear"),
    ("RandAugment", "interpolation"): _one_of("nearest", "bilinear"),
    ("RandomGrayscale", "factor"): _one_of(0.0, 0.5, 1.0),
    ("RandomPosterization", "factor"): _one_of(3, (2, 5), (8, 8)),
    ("RandomPerspective", "scale"): _one_of(0.0, 0.3, 1.0),
    ("RandomErasing", "scale"): _bounds,
    ("RandomErasing", "fill_value"): _one_of(None, 0.0, 0.5),
    ("RandomElasticTransform", "scale"): _bounds,
    ("RandomGaussianBlur", "kernel_size"): _one_of(3, (3, 5), 1),
    ("AugMix", "alpha"): _one_of(0.5, 1.0, 3.0),
}
ENDINGS: dict[str, Maker] = {
    "initializer": _START,
    "regularizer": _one_of(None, L1(l1=0.25), L2(l2=0.5)),
    "constraint": _one_of(None, *_plain(CONSTRAINTS)),
}
UNTOUCHED = {"type", "name", "inputs", "enabled", "group", "weights_of", "mean", "variance"}


def maker_of(kind: type[Layer], field: str) -> Maker:
    """What makes values of a setting; KeyError for one that nothing makes, which would keep its default."""
    maker = BY_TYPE.get((kind.__name__, field)) or MAKERS.get(field) or ENDINGS.get(field.rpartition("_")[2])
    if maker is None and kind.model_fields[field].annotation is bool:
        return _one_of(True, False)
    if maker is None:
        raise KeyError(f"{kind.__name__}.{field} has no row in MAKERS")
    return maker


def _value(kind: type[Layer], field: str, rng: Random) -> Any:
    value = maker_of(kind, field)(rng)
    if field not in ("kernel_size", "pool_size", "strides", "dilation_rate", "output_padding"):
        return value
    if "1D" in kind.__name__ and isinstance(value, tuple):
        return value[0]
    return (*value, value[0]) if "3D" in kind.__name__ and isinstance(value, tuple) else value


def random_layer(rng: Random, kind: type[Layer], name: str = "layer") -> Layer:
    """A layer of that type with some settings drawn at random; drawn again while one is out of range."""
    while True:
        fields = [field for field in kind.model_fields if field not in UNTOUCHED and rng.random() < 0.5]
        settings = {field: _value(kind, field, rng) for field in fields}
        try:
            return kind(type=kind.__name__, name=name, **settings)
        except ValidationError:
            continue


_RANKS = {
    "SimpleRNN": 2,
    "LSTM": 2,
    "GRU": 2,
    "ConvLSTM1D": 3,
    "ConvLSTM2D": 4,
    "RepeatVector": 1,
}


def _rank_for(layer: Layer, rng: Random) -> int:
    """The usual rank, of the layer inside where there is one."""
    inner = dict(layer).get("layer")
    if inner is None:
        return _usual_rank(type(layer), rng)
    return _rank_for(inner, rng) + (layer.type == "TimeDistributed")


def _usual_rank(kind: type[Layer], rng: Random) -> int:
    if kind.__name__ in _RANKS:
        return _RANKS[kind.__name__]
    if "1D" in kind.__name__:
        return 2
    if "3D" in kind.__name__:
        return 4
    if "2D" in kind.__name__ or kind.family == "augmentation":
        return 3
    return rng.choice((1, 2, 3, 3, 3))


def random_shape(rng: Random, rank: int) -> Shape:
    """Sizes from 1 to 14, a few of them open."""
    sizes = [None if rng.random() < 0.06 else rng.randint(1, 14) for _ in range(rank - 1)]
    return (*sizes, None if rng.random() < 0.04 else rng.choice(CHANNELS))


def random_inputs(rng: Random, layer: Layer) -> tuple[Shape, ...]:
    """Shapes for the layer: mostly of the rank it takes, for merges mostly ones that fit together."""
    rank = _rank_for(layer, rng) if rng.random() < 0.9 else rng.choice((1, 2, 3, 4))
    first = random_shape(rng, rank)
    if not layer.takes_several or (not layer.merges and rng.random() < 0.5):
        return (first,)
    return (first, *(_beside(rng, first) for _ in range(rng.choice((1, 1, 2)))))


def _beside(rng: Random, shape: Shape) -> Shape:
    """A shape that often fits beside the other one."""
    sizes = list(shape)
    if rng.random() < 0.5:
        sizes[rng.randrange(len(sizes))] = rng.choice((1, 2, None, rng.randint(1, 14)))
    if rng.random() < 0.1:
        sizes = sizes[1:] or [*sizes, 3]
    return tuple(sizes)
