"""The few parts of SVG the diagrams are made of, as text that is valid XML for any name."""

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Literal, TypeAlias

Point: TypeAlias = tuple[float, float]
Anchor = Literal["start", "middle", "end"]

FONTS = "Inter, Helvetica, Arial, sans-serif"
"""Written once, on the root; readers that take one typeface only, as Qt's, can put theirs in its place."""
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def element(tag: str, content: str = "", /, **attributes: str | float) -> str:
    """One element; `_` in the name of an attribute stands for `-`. `content` is SVG text already."""
    told = "".join(_attribute(name, value) for name, value in attributes.items())
    return f"<{tag}{told}>{content}</{tag}>" if content else f"<{tag}{told}/>"


def _attribute(name: str, value: str | float) -> str:
    written = name.rstrip("_").replace("_", "-")
    return f' {written}="{escape(_value(value))}"'


def plain(text: str) -> str:
    """Text as the content of an element; what XML cannot hold at all becomes the replacement character."""
    return escape(_NOT_IN_XML.sub("�", text), quote=False)


def text(at: Point, words: str, size: float, fill: str, anchor: Anchor = "start", weight: int = 400) -> str:
    """One line of text whose baseline begins, is centred or ends at a point."""
    if not words:
        return ""
    return element(
        "text",
        plain(words),
        x=at[0],
        y=at[1],
        font_size=size,
        fill=fill,
        text_anchor=anchor,
        font_weight=weight,
    )


def name_and_more(at: Point, name: str, more: str, size: float, inks: tuple[str, str]) -> str:
    """A name in bold and something quieter right behind it, wherever the typeface lets the name end."""
    bold = element("tspan", plain(name), font_weight=600, fill=inks[0])
    # Kept blanks hold them apart: Qt passes over an offset between two pieces.
    quiet = element("tspan", f"  {plain(more)}", font_size=size - 1, fill=inks[1]) if more else ""
    return element("text", bold + quiet, x=at[0], y=at[1], font_size=size, **{"xml:space": "preserve"})


def rect(at: Point, width: float, height: float, radius: float = 0, **attributes: str | float) -> str:
    """A rectangle with round corners, by its upper left corner."""
    return element("rect", "", x=at[0], y=at[1], width=width, height=height, rx=radius, **attributes)


def polygon(points: Iterable[Point], **attributes: str | float) -> str:
    """A closed shape."""
    return element(
        "polygon", "", points=" ".join(f"{number(x)},{number(y)}" for x, y in points), **attributes
    )


def line(points: Sequence[Point], stroke: str, width: float = 1.5, **attributes: str | float) -> str:
    """A line through points."""
    steps = " L ".join(f"{number(x)} {number(y)}" for x, y in points)
    return path(f"M {steps}", stroke, width, **attributes)


def path(steps: str, stroke: str, width: float = 1.5, **attributes: str | float) -> str:
    """A line along SVG's own path commands, not filled."""
    return element("path", "", d=steps, fill="none", stroke=stroke, stroke_width=width, **attributes)


def arrow_head(tip: Point, toward: Point, fill: str, size: float = 6) -> str:
    """A triangle whose tip is at a point, looking along the direction `toward`, a unit vector."""
    (x, y), (dx, dy) = tip, toward
    back = (x - dx * size, y - dy * size)
    half = size * 0.55
    return polygon(
        (tip, (back[0] - dy * half, back[1] + dx * half), (back[0] + dy * half, back[1] - dx * half)),
        fill=fill,
    )


def group(parts: Iterable[str], title: str = "") -> str:
    """Parts that belong together; viewers show the title on hover, screen readers read it."""
    told = element("title", plain(title)) if title else ""
    return element("g", told + "".join(parts))


def document(size: Point, ground: str, title: str, about: str, parts: Iterable[str]) -> str:
    """The whole file: a picture of this width and height on a ground of one color."""
    width, height = size
    head = element("title", plain(title)) + element("desc", plain(about))
    body = "\n".join((head, rect((0, 0), width, height, fill=ground), *parts))
    root = element(
        "svg",
        f"\n{body}\n",
        xmlns="http://www.w3.org/2000/svg",
        width=width,
        height=height,
        viewBox=f"0 0 {number(width)} {number(height)}",
        font_family=FONTS,
        role="img",
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{root}\n'


def number(value: float) -> str:
    """A length with at most two decimals."""
    shown = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if shown == "-0" else shown


def _value(value: str | float) -> str:
    return _NOT_IN_XML.sub("�", value) if isinstance(value, str) else number(value)
