"""Which of the arrays of a file are pictures, which their labels, and of which part, told by names and
shapes.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, TypeAlias

from msgspec import Struct

from cnnstudio.core.project.sources import PartArrays
from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.words import listed
from cnnstudio.engine.data.arrays.container import Array
from cnnstudio.engine.data.arrays.pictures import form_of

Role: TypeAlias = Literal["images", "labels", "names"]
_Part: TypeAlias = Literal["training", "validation", "test"]

_PARTS: dict[_Part, frozenset[str]] = {
    "validation": frozenset({"val", "valid", "validation", "dev"}),
    "test": frozenset({"test", "testing", "te", "t10k"}),
    "training": frozenset({"train", "training", "tr"}),
}
_ROLES: dict[Role, frozenset[str]] = {
    "names": frozenset({"names", "classnames", "labelnames"}),
    "labels": frozenset({"y", "label", "labels", "target", "targets", "class", "classes", "digits"}),
    "images": frozenset(
        {"x", "image", "images", "img", "imgs", "data", "pixels", "pictures", "features", "input", "inputs"}
    ),
}
_TEXT = ("S", "U", "str")


class Chosen(Struct, frozen=True):
    """The arrays of each part, and the one that names the classes."""

    training: PartArrays
    validation: PartArrays | None
    test: PartArrays | None
    names: str | None


def chosen_from(arrays: Sequence[Array], title: str) -> Chosen:
    """The likeliest arrays; StudioError where none are pictures with labels."""
    parts = {part: _pair(_of_part(arrays, part)) for part in _PARTS}
    training = parts["training"] or _pair(_of_part(arrays, None)) or _pair(arrays)
    if training is None:
        raise StudioError(_nothing_in(arrays, title))
    others = {part: pair if pair != training else None for part, pair in parts.items()}
    names = next((one.name for one in arrays if _role(one) == "names"), None)
    return Chosen(training, others["validation"], others["test"], names)


def _nothing_in(arrays: Sequence[Array], title: str) -> str:
    told = [f"{one.name} ({' × '.join(map(str, one.shape)) or 'one number'})" for one in arrays[:5]]
    return (
        f"{title} holds no pictures with labels: {listed(told) or 'it is empty'}. It takes an array of "
        "pictures, such "
        "as images (count × height × width), and one with as many labels."
    )


def _of_part(arrays: Sequence[Array], part: _Part | None) -> list[Array]:
    return [one for one in arrays if _part(one) == part]


def _pair(arrays: Sequence[Array]) -> PartArrays | None:
    """Pictures and as many labels; those that are named so come first."""
    pictures = sorted((one for one in arrays if _is_pictures(one)), key=lambda one: _rank(one, "images"))
    for images in pictures:
        count = images.shape[0]
        labels = [one for one in arrays if one != images and _is_labels(one) and one.shape[0] == count]
        # Labels of another number are told as such, if nothing else fits.
        named = [one for one in arrays if one != images and _is_labels(one) and _role(one) == "labels"]
        best = min(labels or named, key=lambda one: _rank(one, "labels"), default=None)
        if best is not None:
            return PartArrays(images=images.name, labels=best.name)
    return None


def _is_pictures(one: Array) -> bool:
    numbers = one.dtype not in ("object", "str") and one.dtype[1:2] in "buif"
    return numbers and len(one.shape) >= 2 and form_of(one.shape) is not None and _role(one) != "labels"


def _is_labels(one: Array) -> bool:
    return len(one.shape) in (1, 2) and one.dtype != "object" and _role(one) not in ("names", "images")


def _rank(one: Array, role: Role) -> tuple[bool, int]:
    return _role(one) != role, -len(one.shape) if role == "images" else len(one.shape)


def _part(one: Array) -> _Part | None:
    return next((part for part, words in _PARTS.items() if words & _words(one)), None)


def _role(one: Array) -> Role | None:
    return next((role for role, words in _ROLES.items() if words & _words(one)), None)


def _words(one: Array) -> set[str]:
    """The words of a name such as `x_train`, `trainImages`, `train/images`, `train-images-idx3-ubyte.gz`."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", one.name)
    words = re.findall(r"[a-z0-9]+", spaced.lower())
    return {*words, *("".join(pair) for pair in pairwise(words))}
