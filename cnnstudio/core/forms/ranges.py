"""The range of a number, read from a JSON Schema by the place of an error."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any


def range_at(schema: Mapping[str, Any], loc: Sequence[int | str]) -> str:
    """`1 to 1,000,000`, `above 0, at most 100` or `at least 1`; empty where the schema has no range.

    `loc` is a place as pydantic names it: keys and indices, and the type tried where there are several.
    """
    nodes = [schema]
    for part in loc:
        nodes = [inner for node in nodes for inner in _inside(schema, node, part)]
    for node in nodes:
        for option in _options(schema, node):
            if text := _shown(option):
                return text
    return ""


def _resolved(schema: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    name = str(node.get("$ref", "")).rpartition("/")[2]
    found: Mapping[str, Any] = schema["$defs"][name] if name else node
    return found


def _options(schema: Mapping[str, Any], node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The node itself and the choices it offers."""
    node = _resolved(schema, node)
    yield node
    for option in (*node.get("anyOf", ()), *node.get("oneOf", ())):
        yield from _options(schema, option)


def _inside(
    schema: Mapping[str, Any], node: Mapping[str, Any], part: int | str
) -> Iterator[Mapping[str, Any]]:
    """What a part of a place leads to; a part that names a type leads to the node itself."""
    found = list(_children(schema, node, part))
    yield from found or [node]


def _children(
    schema: Mapping[str, Any], node: Mapping[str, Any], part: int | str
) -> Iterator[Mapping[str, Any]]:
    for option in _options(schema, node):
        mapping = option.get("discriminator", {}).get("mapping", {})
        if part in mapping:
            yield {"$ref": mapping[part]}
            return
        if isinstance(part, str) and part in option.get("properties", {}):
            yield option["properties"][part]
        elif isinstance(part, int):
            yield from option.get("prefixItems", ())[part : part + 1]
            if isinstance(option.get("items"), Mapping):
                yield option["items"]


def _shown(node: Mapping[str, Any]) -> str:
    low, high = node.get("minimum"), node.get("maximum")
    above, below = node.get("exclusiveMinimum"), node.get("exclusiveMaximum")
    if low is not None and high is not None:
        return f"{shown_number(low)} to {shown_number(high)}"
    bounds = (("at least", low), ("above", above), ("at most", high), ("below", below))
    return ", ".join(f"{word} {shown_number(value)}" for word, value in bounds if value is not None)


def shown_number(value: float) -> str:
    """`1,000,000`, `0.25`, `100`."""
    return f"{value:,}" if isinstance(value, int) else f"{value:g}"
