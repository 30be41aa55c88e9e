"""Layers outside the catalogue that Keras can make again. Nothing that a file brings is run.

A configuration may name any class, and Keras would import and call it. So a class is looked up only among
the modules that Keras has loaded itself, and only in those whose layers neither run functions from their
settings nor open files: no `Lambda`, no vocabulary files, no saved programs.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from cnnstudio.core.keras_format.calls import marks_in
from cnnstudio.core.layers import CustomLayer
from cnnstudio.core.values.errors import StudioError

_HOMES = (
    "keras.src.applications.",
    "keras.src.ops.",
    "keras.src.layers.activations.",
    "keras.src.layers.attention.",
    "keras.src.layers.convolutional.",
    "keras.src.layers.core.dense",
    "keras.src.layers.core.einsum_dense",
    "keras.src.layers.core.embedding",
    "keras.src.layers.core.identity",
    "keras.src.layers.core.masking",
    "keras.src.layers.merging.",
    "keras.src.layers.normalization.",
    "keras.src.layers.pooling.",
    "keras.src.layers.preprocessing.image_preprocessing.",
    "keras.src.layers.regularization.",
    "keras.src.layers.reshaping.",
    "keras.src.layers.rnn.",
)
"""Where the classes are that may be made from a file's settings."""
_OPTIONS = ("initializers", "regularizers", "constraints", "dtype_policies")
_MAX_DEPTH = 32


def made_again(keras: Any, layer: CustomLayer, name: str) -> Any:
    """Keras's layer, or bare operation, under that name. StudioError where Keras has no such class."""
    kind = _layer_class(keras, layer.class_name, layer.module)
    if kind is None or not _is_harmless(keras, layer.config):
        raise StudioError(
            f"{layer.name}: {layer.class_name} cannot be built here, because code that is not Keras's own "
            "is never run. Replace it by layers of the palette."
        )
    try:
        return kind.from_config({**layer.keras_config(), "name": name})
    except Exception as error:
        raise _refused(layer, error) from error


def applied(made: Any, layer: CustomLayer, arriving: Sequence[Any]) -> Any:
    """What leaves the layer when it is called as it was in the model it comes from."""
    args, kwargs = _arguments(layer, arriving)
    try:
        return made(*args, **kwargs)
    except Exception as error:
        raise _refused(layer, error) from error


def _refused(layer: CustomLayer, error: Exception) -> StudioError:
    reason = next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
    return StudioError(f"{layer.name}: Keras refuses this {layer.class_name}: {reason[:300]}")


def _layer_class(keras: Any, class_name: str, module: Any) -> Any:
    """The class of a layer or operation that may be made; `None` for any other."""
    place = keras.layers
    if module is not None and module != "keras.layers":
        place = sys.modules.get(module) if str(module).startswith("keras.") else None
    found = getattr(place, class_name, None)
    is_layer = isinstance(found, type) and issubclass(found, keras.Operation)
    return found if is_layer and f"{found.__module__}.".startswith(_HOMES) else None


def _is_harmless(keras: Any, settings: Any) -> bool:
    """Whether every object that the settings describe is one of Keras that may be made."""
    return all(
        isinstance(one.get("class_name"), str)
        and isinstance(one.get("module"), str | None)
        and (_is_option(keras, one) or _layer_class(keras, one["class_name"], one.get("module")))
        for one in _objects(settings, 0)
    )


def _objects(value: Any, depth: int) -> Iterator[Mapping[str, Any]]:
    """Every description of an object within settings; too deep a one has no class and is refused."""
    if depth > _MAX_DEPTH:
        yield {}
    elif isinstance(value, Mapping):
        if "class_name" in value or "module" in value:
            yield value
        for part in value.values():
            yield from _objects(part, depth + 1)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _objects(part, depth + 1)


def _is_option(keras: Any, described: Mapping[str, Any]) -> bool:
    """Whether it is an initializer, a regularizer, a constraint or a number type."""
    if described.get("module", "keras") not in ("keras", *(f"keras.{home}" for home in _OPTIONS)):
        return False
    homes = [getattr(keras, home, None) for home in _OPTIONS]
    return any(isinstance(getattr(home, described["class_name"], None), type) for home in homes)


def _arguments(layer: CustomLayer, arriving: Sequence[Any]) -> tuple[list[Any], dict[str, Any]]:
    """Its inputs, at their places among the other arguments of the call."""
    call = layer.call
    if not isinstance(call, dict) or "args" not in call:
        extra = call if isinstance(call, dict) else {}
        first = arriving[: len(arriving) - marks_in(extra)]
        if not first:
            raise _wrong_inputs(layer)
        args = [list(first) if len(first) > 1 else first[0]]
        return args, _filled(layer, extra, iter(arriving[len(first) :]))
    waiting = iter(arriving)
    args, kwargs = (_filled(layer, call.get(key), waiting) for key in ("args", "kwargs"))
    if not isinstance(args, list) or not isinstance(kwargs, dict) or next(waiting, None) is not None:
        raise _wrong_inputs(layer)
    return args, kwargs


def _filled(layer: CustomLayer, value: Any, arriving: Iterator[Any]) -> Any:
    if isinstance(value, list):
        return [_filled(layer, part, arriving) for part in value]
    if isinstance(value, dict) and "class_name" in value:
        return _marked(layer, value["class_name"], value.get("config"), arriving)
    if isinstance(value, dict):
        return {key: _filled(layer, part, arriving) for key, part in value.items()}
    return value


def _marked(layer: CustomLayer, mark: Any, config: Any, arriving: Iterator[Any]) -> Any:
    """What one of Keras's marks within a call stands for."""
    settings = config if isinstance(config, dict) else {}
    match mark:
        case "__keras_tensor__":
            found = next(arriving, None)
            if found is None:
                raise _wrong_inputs(layer)
            return found
        case "__slice__":
            return slice(*(settings.get(key) for key in ("start", "stop", "step")))
        case "__ellipsis__":
            return ...
        case "__numpy__" | "__tensor__":
            return _array(layer, settings)
        case _:
            raise StudioError(
                f"{layer.name}: {layer.class_name} is called with something that cannot be made here "
                f"({str(mark)[:60]}). Replace it by layers of the palette."
            )


def _array(layer: CustomLayer, settings: Mapping[str, Any]) -> Any:
    try:
        return np.array(settings.get("value"), dtype=settings.get("dtype"))
    except (TypeError, ValueError) as error:
        raise _refused(layer, error) from error


def _wrong_inputs(layer: CustomLayer) -> StudioError:
    return StudioError(
        f"{layer.name}: this {layer.class_name} was made for another number of inputs. "
        "Connect as many as it came with, or replace it by layers of the palette."
    )
