"""A stack that grows layer by layer, with names nobody has and the shapes as far as they are known."""

import re

from cnnstudio.core.layers import Input, Layer, LayerError
from cnnstudio.core.values.shape import Shape


class Assembly:
    """The layers so far. A layer that takes the one above alone names no inputs."""

    def __init__(self) -> None:
        self.layers: list[Layer] = []
        self._names: dict[str, int] = {}
        """The names that are taken, each with the last number that was put behind it."""
        self._shapes: dict[str, Shape | None] = {}

    def begin(self, entrance: Input) -> None:
        """Put the input on top."""
        self.layers.append(entrance)
        self._shapes[entrance.name] = entrance.shape

    def put(self, layer: Layer, sources: tuple[str, ...]) -> str:
        """Add a layer that takes these, and return its name."""
        arriving = self.arriving(sources)
        self._shapes[layer.name] = None if arriving is None else leaving(layer, arriving)
        is_next = sources == (self.layers[-1].name,)
        self.layers.append(layer if is_next else layer.updated(inputs=sources))
        return layer.name

    def shape(self, name: str) -> Shape | None:
        """What leaves that layer; `None` where it is not known."""
        return self._shapes[name]

    def arriving(self, sources: tuple[str, ...]) -> tuple[Shape, ...] | None:
        """What leaves these layers; `None` where one is not known."""
        shapes = [self._shapes[name] for name in sources]
        known = tuple(shape for shape in shapes if shape is not None)
        return known if len(known) == len(shapes) else None

    def free(self, path: tuple[str, ...]) -> str:
        """A name nobody has, from the path of the layer."""
        written = re.sub(r"\s+", " ", "/".join(path)).strip()[-100:].strip()
        stem = "".join(sign if sign.isprintable() else "_" for sign in written) or "layer"
        name, number = stem, self._names.get(stem, 1)
        while name in self._names:
            number += 1
            name = f"{stem}_{number}"
        self._names[stem] = number
        self._names.setdefault(name, 1)
        return name


def leaving(layer: Layer, arriving: tuple[Shape, ...]) -> Shape | None:
    """The shape of a layer's result; `None` where it cannot take these or does not tell."""
    try:
        return layer.output_shape(arriving)
    except LayerError:
        return None
