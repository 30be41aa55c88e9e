"""Repeated blocks of a large network as groups: told by the names that their layers share."""

import re
from collections.abc import Sequence

from msgspec import Struct

from cnnstudio.core.layers import Layer
from cnnstudio.core.network.groups import groups_of

_WORDS = "block|unit|cell|module|fire|inception|expanded_conv"
_BLOCK = re.compile(rf"(?P<block>.*?(?:{_WORDS})_?\d+[a-z]?)(?=[_/.]|$)", re.IGNORECASE)
"""What the names of a block's layers begin with: `conv2_block1_1_bn`, `block2a_se_excite`, `block_3_expand`,
`convnext_tiny_stage_0_block_1_layernorm`, `stage1_unit2_conv1`, `fire3/squeeze1x1`."""
_SEPARABLE = re.compile(r"conv_(?:dw|pw)_(?P<number>\d+)(?=_|$)")
"""A depthwise convolution and the pointwise one below it, as MobileNet names them."""
_FEWEST_BLOCKS, _FEWEST_LAYERS = 2, 2
SEEN_WHOLE = 12
"""About as many layers as a screen shows at once: in more than these, groups begin as one card each."""


class _Span(Struct, frozen=True):
    """The layers from the first to the last of a block."""

    name: str
    start: int
    stop: int


def with_blocks_grouped(layers: Sequence[Layer]) -> tuple[Layer, ...]:
    """The layers, those of each repeated block in a group of its name.

    What stands between two layers of a block without a name of that kind, such as a shortcut or a sum,
    belongs to it too. A network with groups, or without repeated blocks, stays as it is.
    """
    spans = [span for span in _spans(layers) if span.stop - span.start >= _FEWEST_LAYERS]
    made = list(layers)
    if len(spans) < _FEWEST_BLOCKS or groups_of(layers):
        return tuple(made)
    for span in spans:
        members = slice(span.start, span.stop)
        made[members] = [layer.updated(group=span.name) for layer in layers[members]]
    return tuple(made)


def collapsed_at_first(layers: Sequence[Layer]) -> frozenset[str]:
    """The groups that begin as one card: all of a network that no screen shows whole."""
    is_long = len(layers) > SEEN_WHOLE
    return frozenset(group.name for group in groups_of(layers)) if is_long else frozenset()


def _spans(layers: Sequence[Layer]) -> list[_Span]:
    """The blocks in stack order; one that another begins in ends there, and what follows is of no block."""
    found: list[_Span] = []
    seen: set[str] = set()
    for place, layer in enumerate(layers):
        name = _block_of(layer.name)
        if not name:
            continue
        if found and found[-1].name == name:
            found[-1] = _Span(name, found[-1].start, place + 1)
        elif name not in seen:
            found.append(_Span(name, place, place + 1))
            seen.add(name)
    return found


def _block_of(name: str) -> str:
    if match := _BLOCK.match(name):
        return match["block"]
    separable = _SEPARABLE.match(name)
    return f"separable_{separable['number']}" if separable else ""
