"""Networks written as pictures: `stack("conv(8,3) maxpool flatten dense(10)")`."""

import re
from collections.abc import Callable
from typing import Any

from cnnstudio.core.layers import (
    Activation,
    Add,
    AveragePooling2D,
    BatchNormalization,
    Concatenate,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePooling2D,
    Input,
    Layer,
    MaxPooling2D,
    Rescaling,
)
from cnnstudio.core.network import Network

_WORD = re.compile(r"(?:(?P<name>\w+)=)?(?P<kind>[a-z]+)(?:\((?P<args>[^)]*)\))?(?:<-(?P<inputs>[\w,]+))?")


def _conv(args: list[str]) -> dict[str, Any]:
    settings: dict[str, Any] = {"filters": int(args[0]) if args else 8}
    if len(args) > 1:
        settings["kernel_size"] = (int(args[1]), int(args[1]))
    if len(args) > 2:
        settings["padding"] = args[2]
    return settings


def _pool(args: list[str]) -> dict[str, Any]:
    return {"pool_size": (int(args[0]), int(args[0]))} if args else {}


def _nothing(args: list[str]) -> dict[str, Any]:
    assert not args
    return {}


_KINDS: dict[str, tuple[type[Layer], Callable[[list[str]], dict[str, Any]]]] = {
    "conv": (Conv2D, _conv),
    "maxpool": (MaxPooling2D, _pool),
    "avgpool": (AveragePooling2D, _pool),
    "gap": (GlobalAveragePooling2D, _nothing),
    "flatten": (Flatten, _nothing),
    "dense": (Dense, lambda args: {"units": int(args[0]), **({"activation": args[1]} if args[1:] else {})}),
    "dropout": (Dropout, lambda args: {"rate": float(args[0])} if args else {}),
    "bn": (BatchNormalization, _nothing),
    "relu": (Activation, _nothing),
    "rescale": (Rescaling, _nothing),
    "add": (Add, _nothing),
    "concat": (Concatenate, _nothing),
}


def stack(picture: str, shape: tuple[int | None, ...] = (28, 28, 1)) -> Network:
    """Layers from words such as `c1=conv(8,3,same)` or `add<-c1,c2`; names default to kind and number."""
    layers: list[Layer] = [Input(name="input", shape=shape)]
    for word in picture.split():
        match = _WORD.fullmatch(word)
        assert match, f"unreadable word {word!r}"
        cls, read = _KINDS[match["kind"]]
        args = [arg for arg in (match["args"] or "").split(",") if arg]
        inputs = tuple((match["inputs"] or "").split(",")) if match["inputs"] else ()
        name = match["name"] or f"{match['kind']}{len(layers)}"
        layers.append(cls.model_validate({"name": name, "inputs": inputs, **read(args)}))
    return Network(layers=tuple(layers))


def names(network: Network) -> str:
    """The names in stack order, the Input left out."""
    return " ".join(layer.name for layer in network.layers[1:])
