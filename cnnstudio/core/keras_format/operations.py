"""Bare operations that Keras records between layers, as the layers of the catalogue that do the same.

Keras 3 writes its own operations (`keras.src.ops.numpy.Add`), Keras 2.4 to 2.15 functions of TensorFlow
(`TFOpLambda`), 2.0 to 2.3 nodes of its graphs (`TensorFlowOpLayer`): https://github.com/keras-team/tf-keras,
layers/core/tf_op_layer.py, and engine/base_layer.py.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from operator import neg
from typing import Any

from msgspec import Struct

from cnnstudio.core.keras_format.config import Written, plain
from cnnstudio.core.values.shape import Shape

_HOME = "keras.src.ops."
_OF_TENSORFLOW = ("TFOpLambda", "SlicingOpLambda", "TensorFlowOpLayer")
_FUNCTIONS = {
    "__operators__.add": "add",
    "math.truediv": "divide",
    "realdiv": "divide",
    "math.reduce_mean": "mean",
    "math.reduce_max": "max",
    "concat": "concatenate",
    "compat.v1.transpose": "transpose",
    "nn.swish": "silu",
    "math.exp": "exp",
}
"""Functions of TensorFlow whose last word is not our word for it."""
_NODES = {"AddV2": "add", "Sub": "subtract", "Mul": "multiply", "RealDiv": "divide", "Neg": "negative"}
"""Nodes of its graphs, as far as they are named otherwise."""
_OTHER_NAMES = {"truedivide": "divide", "leakyrelu": "leaky_relu", "hardsigmoid": "hard_sigmoid"} | {
    "hardsilu": "hard_silu",
    "logsoftmax": "log_softmax",
    "logsigmoid": "log_sigmoid",
}
_MERGING = {
    "add": "Add",
    "subtract": "Subtract",
    "multiply": "Multiply",
    "maximum": "Maximum",
    "minimum": "Minimum",
}
_ACTIVATIONS = {
    "relu", "relu6", "sigmoid", "tanh", "silu", "selu", "softplus", "softsign", "hard_sigmoid", "hard_silu",
    "log_sigmoid", "mish",
}  # fmt: skip
_ALONG_THE_LAST_AXIS = {"softmax", "log_softmax"}
_POOLING = {"mean": "GlobalAveragePooling", "max": "GlobalMaxPooling"}


class _Tensor(Struct, frozen=True):
    """Stands for an input among the arguments of a call."""


_INPUT = _Tensor()


class _Operation(Struct, frozen=True):
    """What is done, to which inputs and numbers in their order, and the other settings."""

    name: str
    operands: tuple[Any, ...]
    settings: Mapping[str, Any]


def is_operation(written: Written) -> bool:
    """Whether it is a bare operation, which has no weights."""
    return written.class_name in _OF_TENSORFLOW or (written.module or "").startswith(_HOME)


def layer_for(written: Written, call: Any, inputs: int, arriving: Shape | None = None) -> Written | None:
    """The layer that does to its `inputs` what the operation does; `None` where the catalogue has none.

    `arriving` is the shape of the first one, which cuts are counted by.
    """
    found = _operation(written, call, inputs)
    if found is None:
        return None
    same = _same(found) or (_cropping(found, arriving) if arriving else None)
    return None if same is None else Written(same[0], {**same[1], "name": written.config.get("name")})


def _operation(written: Written, call: Any, inputs: int) -> _Operation | None:
    if written.class_name == "SlicingOpLambda" and isinstance(call, Mapping):
        return _Operation("getitem", (_INPUT, call.get("slice_spec")), {})
    if written.class_name == "TensorFlowOpLayer":
        return _of_graph(written.config, inputs)
    if written.class_name == "TFOpLambda":
        return _of_tensorflow(str(written.config.get("function")), call, inputs)
    if not (written.module or "").startswith(_HOME):
        return None
    plainer = written.class_name.lower()
    args, kwargs = _arguments(call, inputs)
    settings = {**written.config, **{key: value for key, value in kwargs.items() if value != _INPUT}}
    operands = (*args, *(value for value in kwargs.values() if value == _INPUT))
    return _Operation(_OTHER_NAMES.get(plainer, plainer), tuple(operands), settings)


def _arguments(call: Any, inputs: int) -> tuple[list[Any], dict[str, Any]]:
    if not isinstance(call, Mapping) or "args" not in call:
        return [_INPUT] * inputs, dict(call) if isinstance(call, Mapping) else {}
    args, kwargs = _with_inputs(call.get("args")), _with_inputs(call.get("kwargs"))
    args = args if isinstance(args, list) else []
    flat = [part for one in args for part in (one if isinstance(one, list) and _INPUT in one else [one])]
    return flat, kwargs if isinstance(kwargs, dict) else {}


def _with_inputs(value: Any) -> Any:
    if isinstance(value, Mapping):
        if value.get("class_name") == "__keras_tensor__":
            return _INPUT
        marked = plain(value)
        return {key: _with_inputs(part) for key, part in value.items()} if marked is value else marked
    return [_with_inputs(part) for part in value] if isinstance(value, list) else value


def _of_tensorflow(function: str, call: Any, inputs: int) -> _Operation:
    """TensorFlow's functions take `x` and `y`; one that is a number stands in the call."""
    settings = _with_inputs(call)
    settings = settings if isinstance(settings, dict) else {}
    name = _FUNCTIONS.get(function, function.rpartition(".")[2])
    operands: list[Any] = [_INPUT] * inputs
    if inputs == 1 and "x" in settings:
        operands.insert(0, settings["x"])
    elif inputs == 1 and "y" in settings:
        operands.append(settings["y"])
    return _Operation(name, tuple(operands), settings)


def _of_graph(config: Mapping[str, Any], inputs: int) -> _Operation | None:
    """A node written as JSON, with the numbers among its operands by their place."""
    try:
        node = json.loads(config["node_def"])
        numbers = {int(place): number for place, number in (config.get("constants") or {}).items()}
        name = str(node["op"])
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        return None
    operands = [numbers.get(place, _INPUT) for place in range(inputs + len(numbers))]
    return _Operation(_NODES.get(name, name.lower()), tuple(operands), {})


def _same(operation: _Operation) -> tuple[str, dict[str, Any]] | None:
    """The class and settings of the layer that does the same."""
    name, operands, settings = operation.name, operation.operands, operation.settings
    if all(operand == _INPUT for operand in operands):
        if len(operands) > 1:
            return _merging(name, len(operands), settings)
        return _function(name, settings) or _reshaping(name, settings)
    return _with_number(name, operands)


def _merging(name: str, count: int, settings: Mapping[str, Any]) -> tuple[str, dict[str, Any]] | None:
    if name == "concatenate" and isinstance(settings.get("axis"), int) and settings["axis"] != 0:
        return "Concatenate", {"axis": settings["axis"]}
    return (_MERGING[name], {}) if name in _MERGING and count == 2 else None


def _with_number(name: str, operands: Sequence[Any]) -> tuple[str, dict[str, Any]] | None:
    """`x / 127.5` and its like, with one number or one for each channel: x * scale + offset."""
    if len(operands) != 2 or operands.count(_INPUT) != 1:
        return None
    first, (number,) = operands[0] == _INPUT, [one for one in operands if one != _INPUT]
    if not all(_is_number(one) for one in (number if isinstance(number, list) else [number])):
        return None
    match name, first:
        case "add", _:
            return "Rescaling", {"scale": 1.0, "offset": number}
        case "subtract", True:
            return "Rescaling", {"scale": 1.0, "offset": _each(number, neg)}
        case "subtract", False:
            return "Rescaling", {"scale": -1.0, "offset": number}
        case "multiply", _:
            return "Rescaling", {"scale": number}
        case "divide", True if number and (not isinstance(number, list) or all(number)):
            return "Rescaling", {"scale": _each(number, lambda value: 1 / value)}
        case "maximum", _ if number == 0:
            return "ReLU", {}
        case _:
            return None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _each(number: Any, changed: Callable[[float], float]) -> Any:
    return [changed(one) for one in number] if isinstance(number, list) else changed(number)


def _function(name: str, settings: Mapping[str, Any]) -> tuple[str, dict[str, Any]] | None:
    if name in _ACTIVATIONS or (name in _ALONG_THE_LAST_AXIS and settings.get("axis", -1) in (None, -1)):
        return "Activation", {"activation": name}
    match name:
        case "exp":
            return "Activation", {"activation": "exponential"}
        case "gelu" if settings.get("approximate") is False:
            return "Activation", {"activation": "gelu"}
        case "elu" if settings.get("alpha", 1.0) == 1.0:
            return "Activation", {"activation": "elu"}
        case "leaky_relu":
            slope = settings.get("negative_slope", settings.get("alpha", 0.2))
            return "LeakyReLU", {"negative_slope": slope}
        case "negative":
            return "Rescaling", {"scale": -1.0}
        case "cast" | "identity":
            return "Activation", {"activation": "linear"}
        case _:
            return None


def _reshaping(name: str, settings: Mapping[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """Global pooling, reshaping and permuting, told by axes that count the batch as 0."""
    axes = plain(settings.get("axis", settings.get("axes", settings.get("perm"))))
    axes = [axes] if isinstance(axes, int) else axes
    if name in _POOLING and axes in ([1], [1, 2]):
        keeps = settings.get("keepdims") is True
        return f"{_POOLING[name]}{len(axes)}D", {"keepdims": keeps}
    if name == "transpose" and isinstance(axes, list) and axes[:1] == [0]:
        return "Permute", {"dims": axes[1:]}
    sizes = plain(settings.get("newshape", settings.get("shape")))
    if name == "reshape" and isinstance(sizes, list) and sizes[:1] in ([-1], [None]):
        return "Reshape", {"target_shape": sizes[1:]}
    return None


def _cropping(operation: _Operation, arriving: Shape) -> tuple[str, dict[str, Any]] | None:
    """A cut out of a sequence or a map, such as `x[:, 1:-1]`, where all channels are kept."""
    cuts = operation.operands[1] if operation.name == "getitem" and len(operation.operands) == 2 else None
    if not isinstance(cuts, list) or len(arriving) not in (2, 3) or not 1 <= len(cuts) <= len(arriving) + 1:
        return None
    sizes = (None, *arriving)
    ends = [_ends(cut, size) for cut, size in zip(cuts, sizes, strict=False)]
    ends += [(0, 0)] * (len(sizes) - len(ends))
    if None in ends or ends[0] != (0, 0) or ends[-1] != (0, 0):
        return None
    places = ends[1:-1]
    return f"Cropping{len(places)}D", {"cropping": places if len(places) > 1 else places[0]}


def _ends(cut: Any, size: int | None) -> tuple[int, int] | None:
    """How many values a slice leaves out in front and at the end; `None` for what is no such slice."""
    given = cut.get("config", cut) if isinstance(cut, Mapping) else None
    if not isinstance(given, Mapping) or "start" not in given or given.get("step") not in (None, 1):
        return None
    bounds = (given["start"], given.get("stop"))
    if bounds == (None, None):
        return (0, 0)
    if size is None or not all(bound is None or isinstance(bound, int) for bound in bounds):
        return None
    start, stop, _ = slice(*bounds).indices(size)
    return (start, size - stop) if start < stop else None
