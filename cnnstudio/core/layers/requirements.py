"""What a layer asks of the shapes that arrive, and how it refuses others."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias

from msgspec import Struct, field

from cnnstudio.core.values.shape import Shape, shown

Inputs: TypeAlias = Sequence[Shape]
"""The shapes that arrive at a layer, in the order in which it names its inputs."""


class Remedy(Struct, frozen=True):
    """A change of the layer's own settings that would mend a problem."""

    label: str
    changes: Mapping[str, Any] = field(default_factory=dict)


class LayerError(Exception):
    """A layer cannot take its inputs. The message is for a person and does not repeat the layer's name.

    `severity` is "error" where Keras would refuse too, "advice" where only the shape is unknown here.
    """

    def __init__(
        self,
        code: str,
        message: str,
        why: str = "",
        remedy: Remedy | None = None,
        severity: Literal["error", "advice"] = "error",
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.why = why
        self.remedy = remedy
        self.severity = severity


_EXPECTED = {
    1: "a list of features",
    2: "length x channels",
    3: "height x width x channels",
    4: "depth x height x width x channels",
}


def only_input(inputs: Inputs) -> Shape:
    """The single input of a layer that takes one."""
    if len(inputs) != 1:
        raise LayerError(
            "S03",
            f"This layer takes one input and got {len(inputs)}.",
            "Only merging layers such as Add or Concatenate take several.",
            Remedy("Keep the first input only"),
        )
    return inputs[0]


def require_features(shape: Shape, what: str) -> int:
    """The size of the last axis, which must be known; `what` names the layer."""
    size = shape[-1] if shape else None
    if size is None:
        raise LayerError(
            "S01",
            f"{what} needs a known number of channels, and {shown(shape)} arrives. "
            "Set the sizes in the Input.",
            "The number of weights follows from it.",
        )
    return size


def axis_at(axis: int, shape: Shape, what: str) -> int:
    """Where `axis` lies in a shape without batch; counted from 1, or from the end below 0. Refuses others."""
    rank = len(shape)
    at = axis - 1 if axis > 0 else rank + axis
    if axis == 0 or not 0 <= at < rank:
        raise LayerError(
            "S07",
            f"{what} works along axis {axis}, and {shown(shape)} has the axes 1 to {rank}. "
            "Use -1 for the last one.",
            "Axis 0 is the batch.",
        )
    return at


def require_rank(shape: Shape, rank: int, what: str) -> None:
    """Refuse a shape with another number of axes than `rank`; `what` names the layer's own view."""
    if len(shape) == rank:
        return
    expected = _EXPECTED[rank]
    raise LayerError(
        "S07",
        f"{what} needs {expected}, and {shown(shape)} arrives. {_way_out(shape)}",
        "The axes of a map are gone after Flatten, Dense and global pooling; a 1-D layer needs a sequence.",
    )


def _way_out(shape: Shape) -> str:
    """What to do with a layer where such a shape arrives."""
    if len(shape) > 1:
        return f"Use a {len(shape) - 1}-D layer here."
    return "Put it above the layer that made a list of the map, or make a map again with Reshape."


def named_twice(axes: int | tuple[int, ...], shape: Shape, title: str) -> str | None:
    """Why a layer cannot run whose axes are the same place, one counted from the end; else None."""
    if isinstance(axes, int) or len({axis % (len(shape) + 1) for axis in axes}) == len(axes):
        return None
    return f"{title} cannot run along {', '.join(map(str, axes))}: two of these axes are the same. Name one."
