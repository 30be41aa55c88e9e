"""A network as the Keras code a person would write, each line knowing the layer it makes."""

import keyword
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cnnstudio.core.field_values import whole_inverse
from cnnstudio.core.layers import Activation, CustomLayer, Input, Layer
from cnnstudio.core.layers.options import Option
from cnnstudio.core.network import Network

_HIDDEN = ("type", "inputs", "name", "trainable")
_ALWAYS_TOLD = {
    "filters", "kernel_size", "units", "rate", "stddev", "scale", "factor", "height", "width",
    "height_factor", "width_factor", "pool_size", "target_shape", "dims",
}  # fmt: skip
"""What Keras has no default for, in one layer or another."""


@dataclass(frozen=True, slots=True)
class CodeLine:
    """A line of Python, and the name of the layer it makes, if it makes one."""

    text: str
    layer: str | None = None


def keras_code(network: Network) -> tuple[CodeLine, ...]:
    """A script that builds the network as `model`: Sequential for a plain chain, functional with arcs."""
    head = [CodeLine("import keras"), CodeLine("from keras import layers"), CodeLine("")]
    head += _missing_classes(network)
    chain = all(not layer.inputs for layer in network.layers)
    return (*head, *(_sequential(network) if chain else _functional(network)))


def code_text(lines: tuple[CodeLine, ...]) -> str:
    """The whole script."""
    return "\n".join(line.text for line in lines) + "\n"


def _missing_classes(network: Network) -> list[CodeLine]:
    """A note on classes that Keras does not have, which the person must import."""
    names = sorted({layer.keras_class() for layer in network.layers if isinstance(layer, CustomLayer)})
    lines = [CodeLine(f"# {name} is no layer of Keras: import its class here.") for name in names]
    return [*lines, CodeLine("")] if lines else []


def _sequential(network: Network) -> Iterator[CodeLine]:
    yield CodeLine("model = keras.Sequential(")
    yield CodeLine("    [")
    for layer in network.layers:
        yield CodeLine(f"        {_call(layer)},", layer.name)
    yield CodeLine("    ]")
    yield CodeLine(")")


def _functional(network: Network) -> Iterator[CodeLine]:
    variables = _variables(network)
    for index, layer in enumerate(network.layers):
        taken = [variables[name] for name in network.inputs_of(index)]
        argument = f"[{', '.join(taken)}]" if len(taken) > 1 or layer.merges else "".join(taken)
        applied = f"({argument})" if taken else ""
        yield CodeLine(f"{variables[layer.name]} = {_call(layer)}{applied}", layer.name)
    first, last = variables[network.layers[0].name], variables[network.layers[-1].name]
    yield CodeLine(f"model = keras.Model({first}, {last})")


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


def _call(layer: Layer) -> str:
    if isinstance(layer, Input):
        return f"layers.Input({_value(layer.shape)}, name={layer.name!r})"
    if isinstance(layer, CustomLayer):
        return f"{layer.keras_class()}.from_config({layer.keras_config()!r})"
    settings = [f"{name}={_value(value)}" for name, value in _told(layer)]
    return f"layers.{layer.keras_class()}({', '.join([*settings, f'name={layer.name!r}'])})"


def _told(layer: Layer) -> Iterator[tuple[str, Any]]:
    """The settings that must be written: those that Keras would not take by itself."""
    hidden = {*_HIDDEN, *layer.not_in_keras}
    trainable = () if layer.trainable else (("trainable", False),)
    yield from trainable
    for name, value in layer:
        if name not in hidden and not _is_keras_default(layer, name, value):
            yield name, value


def _is_keras_default(layer: Layer, name: str, value: Any) -> bool:
    if name in _ALWAYS_TOLD or isinstance(layer, Activation):
        return False
    default = type(layer).model_fields[name].default
    return bool(value == layer.keras_defaults.get(name, default))


def _value(value: Any) -> str:
    if isinstance(value, Option):
        return _option(value)
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
