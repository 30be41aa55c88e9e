"""How a layer outside the catalogue is called, as Python text."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cnnstudio.core.layers import CustomLayer

_OWN = "keras."
_INPUT = "__keras_tensor__"
"""The class that marks an input among the arguments of a call."""


def home_of(layer: CustomLayer) -> str | None:
    """The module of Keras that has its class; `None` for a class that the person must bring."""
    module = layer.module or ""
    return module if module.startswith(_OWN) else None


def class_text(layer: CustomLayer) -> str:
    """Its class as code names it: `layers.MultiHeadAttention`, `keras.src.ops.numpy.Add`, or bare."""
    home = home_of(layer)
    if home is None:
        return layer.class_name
    return f"{home.removeprefix(_OWN) if home == 'keras.layers' else home}.{layer.class_name}"


def call_text(layer: CustomLayer, taken: Sequence[str]) -> str:
    """The brackets behind it: the variables it takes, at their places among the other arguments."""
    call = layer.call if isinstance(layer.call, dict) else {}
    waiting = iter(taken)
    if "args" in call:
        args, kwargs = _parts(call.get("args"), waiting), _named(call.get("kwargs"), waiting)
    else:
        first = taken[: len(taken) - marks_in(call)]
        args = [f"[{', '.join(first)}]" if len(first) > 1 else "".join(first)]
        kwargs = _named(call, iter(taken[len(first) :]))
    return f"({', '.join([*args, *kwargs])})"


def marks_in(call: Mapping[str, Any]) -> int:
    """How many of its inputs a layer takes by name, in a call as Keras 2 writes it."""
    return sum(isinstance(value, dict) and value.get("class_name") == _INPUT for value in call.values())


def _parts(value: Any, waiting: Iterator[str]) -> list[str]:
    return [_text(part, waiting) for part in value] if isinstance(value, list) else []


def _named(value: Any, waiting: Iterator[str]) -> list[str]:
    if not isinstance(value, dict):
        return []
    return [f"{name}={_text(part, waiting)}" for name, part in value.items()]


def _text(value: Any, waiting: Iterator[str]) -> str:
    match value:
        case {"class_name": mark, **rest}:
            return _marked(mark, rest.get("config"), waiting)
        case list():
            return f"[{', '.join(_parts(value, waiting))}]"
        case dict():
            return "{" + ", ".join(f"{key!r}: {_text(part, waiting)}" for key, part in value.items()) + "}"
        case _:
            return repr(value)


def _marked(mark: Any, config: Any, waiting: Iterator[str]) -> str:
    """One of the marks with which Keras writes what JSON has no word for."""
    settings: Mapping[str, Any] = config if isinstance(config, dict) else {}
    match mark:
        case str() if mark == _INPUT:
            return next(waiting, "None")
        case "__slice__":
            return f"slice({', '.join(repr(settings.get(key)) for key in ('start', 'stop', 'step'))})"
        case "__ellipsis__":
            return "..."
        case "__numpy__" | "__tensor__":
            return f"keras.ops.array({settings.get('value')!r}, dtype={settings.get('dtype')!r})"
        case _:
            return repr({"class_name": mark, "config": config})
