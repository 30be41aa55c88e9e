"""The layer types as a person looks for them: by family, or by a few letters."""

import inspect
import re

from cnnstudio.core.layers import LAYER_TYPES, Layer, Section

FAMILY_TITLES: dict[Section, str] = {
    "io": "Input",
    "preprocessing": "Preprocess",
    "convolution": "Convolution",
    "pooling": "Pooling",
    "reshaping": "Reshape",
    "dense": "Dense",
    "recurrent": "Recurrent",
    "attention": "Attention",
    "activation": "Activation",
    "normalization": "Normalization",
    "regularization": "Regularization",
    "augmentation": "Augmentation",
    "merging": "Merge",
    "custom": "Custom",
    "volume": "3-D",
}


def type_name(layer: type[Layer]) -> str:
    """The name that stands for the type in project files and drags."""
    return str(layer.model_fields["type"].default)


def addable_types() -> tuple[type[Layer], ...]:
    """The types a person can add, in palette order."""
    return tuple(layer for layer in LAYER_TYPES if layer.in_palette)


def section_of(layer: type[Layer]) -> Section:
    """The heading under which the palette lists the type."""
    return layer.section or layer.family


def by_section(types: tuple[type[Layer], ...]) -> dict[Section, tuple[type[Layer], ...]]:
    """The types by the headings of the palette, which stand in the order in which they first appear."""
    groups: dict[Section, tuple[type[Layer], ...]] = {}
    for layer in types:
        groups[section_of(layer)] = (*groups.get(section_of(layer), ()), layer)
    return groups


def summary(layer: type[Layer]) -> str:
    """What the layer does, in one sentence."""
    text = " ".join((inspect.getdoc(layer) or layer.title).split())
    return re.split(r"(?<=[.:]) ", text, maxsplit=1)[0]


def matching(query: str) -> tuple[type[Layer], ...]:
    """The types that fit some letters, best first; all of them for an empty query.

    A title or name that begins with the letters comes first, then one with a word that does, then one
    that holds them, then a family or summary that does.
    """
    needle = query.strip().lower()
    types = addable_types()
    if not needle:
        return types
    ranked = [(rank, layer) for layer in types if (rank := _rank(layer, needle)) is not None]
    return tuple(layer for _, layer in sorted(ranked, key=lambda pair: pair[0]))


def _rank(layer: type[Layer], needle: str) -> int | None:
    names = (layer.title.lower(), type_name(layer).lower())
    words = re.findall(r"[A-Z]+[a-z]*|[a-z]+|\d\w*", f"{layer.title} {type_name(layer)}")
    if any(name.startswith(needle) for name in names):
        return 0
    if any(word.lower().startswith(needle) for word in words):
        return 1
    if any(needle in name for name in names):
        return 2
    about = f"{FAMILY_TITLES[section_of(layer)]} {FAMILY_TITLES[layer.family]} {summary(layer)}".lower()
    return 3 if len(needle) > 1 and needle in about else None
