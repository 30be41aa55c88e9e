"""A network as the Keras code a person would write, each line knowing the layer it makes."""

import keyword
import re
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from cnnstudio.core.forms.field_values import whole_inverse
from cnnstudio.core.keras_format.calls import call_text, class_text, home_of
from cnnstudio.core.keras_format.layer_names import keras_names
from cnnstudio.core.layers import Activation, CustomLayer, EinsumDense, Input, Layer
from cnnstudio.core.layers.options import Option
from cnnstudio.core.network import Network

_HIDDEN = ("name", "trainable")
_OFF, _UNUSED = "# off: ", "# unused: "
_ALWAYS_TOLD = {
    "filters", "kernel_size", "units", "rate", "stddev", "scale", "factor", "height", "width",
    "height_factor", "width_factor", "pool_size", "target_shape", "dims",
    "n", "input_dim", "output_dim", "num_heads", "key_dim", "equation", "layer",
}  # fmt: skip
"""What Keras has no default for, in one layer or another."""


class CodeLine(Struct, frozen=True):
    """A line of Python, and the name of the layer it makes, if it makes one."""

    text: str
    layer: str | None = None


def keras_code(network: Network) -> tuple[CodeLine, ...]:
    """A script that builds the network as `model`: Sequential for a plain chain, functional with arcs.

    Disabled layers stand in it as comments.
    """
    head = [CodeLine("import keras"), CodeLine("from keras import layers"), CodeLine("")]
    built = network.without_disabled()
    customs = [layer for layer in built.layers if isinstance(layer, CustomLayer)]
    head += _homes(customs) + _missing_classes(customs)
    chain = not customs and all(
        not layer.inputs and not layer.weights_of and layer.fits_sequential for layer in built.layers
    )
    return (*head, *(_sequential(network) if chain else _functional(network, built)))


def code_text(lines: tuple[CodeLine, ...]) -> str:
    """The whole script."""
    return "\n".join(line.text for line in lines) + "\n"


def _homes(layers: Sequence[CustomLayer]) -> list[CodeLine]:
    """The modules of Keras that classes outside the catalogue come from."""
    homes = sorted({home for layer in layers if (home := home_of(layer)) not in (None, "keras.layers")})
    return [*[CodeLine(f"import {home}") for home in homes], CodeLine("")] if homes else []


def _missing_classes(layers: Sequence[CustomLayer]) -> list[CodeLine]:
    """A note on classes that Keras does not have, which the person must import."""
    names = sorted({layer.class_name for layer in layers if home_of(layer) is None})
    lines = [CodeLine(f"# {name} is no layer of Keras: import its class here.") for name in names]
    return [*lines, CodeLine("")] if lines else []


def _sequential(network: Network) -> Iterator[CodeLine]:
    yield CodeLine("model = keras.Sequential(")
    yield CodeLine("    [")
    names = keras_names(network)
    for layer in network.layers:
        call = _call(layer, names[layer.name])
        yield CodeLine(f"        {'' if layer.enabled else _OFF}{call},", layer.name)
    yield CodeLine("    ]")
    yield CodeLine(")")


def _functional(network: Network, built: Network) -> Iterator[CodeLine]:
    variables, names = _variables(network), keras_names(network)
    owners = {layer.weights_of for layer in built.layers}
    for layer in network.layers:
        call = _call(layer, names[layer.name])
        if layer.name in built.positions:
            taken = [variables[name] for name in built.inputs_of(built.position(layer.name))]
            if layer.weights_of:
                call = _shared(variables[layer.weights_of])
            elif layer.name in owners:
                call = f"({_shared(variables[layer.name])} := {call})"
            text = f"{variables[layer.name]} = {call}{_applied(layer, taken)}"
        else:
            text = f"{_UNUSED if layer.enabled else _OFF}{call}"
        yield CodeLine(text, layer.name)
    first, last = variables[built.input.name], variables[built.layers[-1].name]
    yield CodeLine(f"model = keras.Model({first}, {last})")


def _shared(variable: str) -> str:
    """The variable of a layer that is called more than once; no layer's own result has that name."""
    return f"layer_{variable}_"


def _applied(layer: Layer, taken: Sequence[str]) -> str:
    if isinstance(layer, CustomLayer):
        return call_text(layer, taken)
    if not taken:
        return ""
    arguments = layer.call_arguments(taken)
    texts = [one if isinstance(one, str) else f"[{', '.join(one)}]" for one in arguments]
    return f"({', '.join(texts)})"


def _variables(network: Network) -> dict[str, str]:
    """A Python name for every layer, its own where that is one."""
    taken: dict[str, None] = dict.fromkeys(("keras", "layers", "model"))
    variables = {}
    for layer in network.layers:
        name = re.sub(r"\W", "_", layer.name, flags=re.ASCII)
        name = f"x_{name}" if name[0].isdigit() or keyword.iskeyword(name) else name
        while name in taken:
            name += "_"
        taken[name] = None
        variables[layer.name] = name
    return variables


def _call(layer: Layer, name: str) -> str:
    if isinstance(layer, Input):
        return f"layers.Input({_value(layer.shape)}, name={name!r})"
    if isinstance(layer, CustomLayer):
        config = {**layer.keras_config(), "name": name}
        return f"{class_text(layer)}.from_config({config!r})"
    settings = [f"{layer.keras_names.get(name, name)}={_value(value)}" for name, value in _told(layer)]
    return f"layers.{layer.keras_class()}({', '.join([*settings, f'name={name!r}'])})"


def _told(layer: Layer) -> Iterator[tuple[str, Any]]:
    """The settings that must be written: those that Keras would not take by itself."""
    hidden = {*_HIDDEN, *layer.not_in_keras}
    trainable = () if layer.trainable else (("trainable", False),)
    yield from trainable
    for name, value in layer:
        if name not in hidden and not _is_keras_default(layer, name, value):
            yield name, value


def _is_keras_default(layer: Layer, name: str, value: Any) -> bool:
    if name in _ALWAYS_TOLD or isinstance(layer, Activation | EinsumDense):
        return False
    default = type(layer).model_fields[name].default
    return bool(value == layer.keras_defaults.get(name, default))


def _value(value: Any) -> str:
    if isinstance(value, Option):
        return _option(value)
    if isinstance(value, Layer):
        return _call(value, value.name)
    if isinstance(value, tuple):
        parts = [_value(part) for part in value]
        return f"({parts[0]},)" if len(parts) == 1 else f"({', '.join(parts)})"
    if isinstance(value, float):
        return _number(value)
    return repr(value)


def _number(value: float) -> str:
    inverse = whole_inverse(value)
    return repr(value) if inverse is None else f"1 / {inverse}"


def _option(option: Option) -> str:
    fields = type(option).model_fields
    told = [
        f"{name}={_value(value)}"
        for name, value in option
        if name != "type" and value != fields[name].default
    ]
    return f"{option.module}.{option.type}({', '.join(told)})"
