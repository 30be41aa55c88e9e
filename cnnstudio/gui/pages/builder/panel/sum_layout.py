"""Where the pieces of the sums stand: pure geometry, given how wide a text is."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TypeAlias

from msgspec import Struct

from cnnstudio.core.layers.arithmetic import Sum
from cnnstudio.core.values.words import with_signs, wrapped

Measure: TypeAlias = Callable[[str], float]

_GLUE = "\u00a0"
"""Stands for a blank at which a line is not broken unless it must be."""
_APART = 6
"""Pixels between a label and its sum."""


class Piece(Struct, frozen=True):
    """A text at a place; `setting` is the field it shows, if it shows one."""

    text: str
    setting: str | None
    x: float
    line: int
    width: float

    def below(self, lines: int) -> "Piece":
        """The same piece that many lines further down."""
        return Piece(self.text, self.setting, self.x, self.line + lines, self.width)


class Label(Struct, frozen=True):
    """A line of the name of a sum, at the left of the sum."""

    text: str
    line: int


class Placed(Struct, frozen=True):
    """All sums in lines of equal height."""

    labels: tuple[Label, ...]
    pieces: tuple[Piece, ...]
    lines: int

    @property
    def links(self) -> tuple[int, ...]:
        """The pieces that show a setting, by their index."""
        return tuple(at for at, piece in enumerate(self.pieces) if piece.setting is not None)

    def differing(self, other: "Placed") -> set[int]:
        """The lines on which something else stands in the other one."""
        labels = {one.line for one in set(self.labels) ^ set(other.labels)}
        return labels | {one.line for one in set(self.pieces) ^ set(other.pieces)}


def placed(sums: Sequence[Sum], left: float, right: float, measure: Measure) -> Placed:
    """Each sum on a line of its own between `left` and `right`; a long one goes on below, between words.

    Its label has the room left of it, and goes on below as well.
    """
    labels: list[Label] = []
    pieces: list[Piece] = []
    line = 0
    for one in sums:
        alone = _placed_alone(one, left, right, measure)
        labels += [Label(label.text, line + label.line) for label in alone.labels]
        pieces += [piece.below(line) for piece in alone.pieces]
        line += alone.lines
    return Placed(tuple(labels), tuple(pieces), line)


# An edit changes some of the sums of a layer, seldom all.
@lru_cache(maxsize=256)
def _placed_alone(one: Sum, left: float, right: float, measure: Measure) -> Placed:
    names = wrapped(one.label, left - _APART, measure)
    writer = _Writer(left, right, measure)
    for text, setting in _words(one):
        writer.write(text, setting)
    labels = tuple(Label(text, at) for at, text in enumerate(names))
    return Placed(labels, tuple(writer.pieces), max(writer.line + 1, len(names)))


class _Writer:
    """Puts words behind each other. What is painted as one text is measured as one: a typeface may set
    `28 × 28` wider than its parts."""

    def __init__(self, left: float, right: float, measure: Measure) -> None:
        self._left, self._right, self._measure = left, right, measure
        self._begins = True
        self.pieces: list[Piece] = []
        self.line = 0

    def write(self, text: str, setting: str | None) -> None:
        """Put a word behind the others, or on the next line where it does not fit."""
        if _GLUE in text and self._measure(_plain(text).rstrip()) > self._right - self._left:
            for part in _split(text, _GLUE):
                self.write(part, setting)
            return
        piece, joins = self._behind(text, setting)
        if not self._begins and piece.x + self._measure(piece.text.rstrip()) > self._right:
            self.line, self._begins = self.line + 1, True
            piece, joins = self._behind(text.lstrip(), setting)
        if joins:
            self.pieces.pop()
        self.pieces.append(piece)
        self._begins = False

    def _behind(self, text: str, setting: str | None) -> tuple[Piece, bool]:
        """The word at its place, and whether it goes on with the last piece: two without a setting do."""
        last = None if self._begins else self.pieces[-1]
        if last is None:
            return self._piece(text, setting, self._left), False
        if last.setting is None and setting is None:
            return self._piece(last.text + text, None, last.x), True
        return self._piece(text, setting, last.x + last.width), False

    def _piece(self, text: str, setting: str | None, x: float) -> Piece:
        plain = _plain(text)
        return Piece(plain, setting, x, self.line, self._measure(plain))


@lru_cache(maxsize=256)
def _words(one: Sum) -> tuple[tuple[str, str | None], ...]:
    """The terms, those without a setting cut behind each blank. A shape is one word with glue in it."""
    words: list[tuple[str, str | None]] = []
    for term in one.terms:
        if term.setting is not None:
            words.append((with_signs(term.text), term.setting))
            continue
        # A result stays with its equals sign.
        text = with_signs(term.text).replace(" × ", f"{_GLUE}×{_GLUE}").replace("= ", f"={_GLUE}")
        words += [(part, None) for part in _split(text, " ")]
    return tuple(words)


def _split(text: str, blank: str) -> list[str]:
    """The parts between blanks, each with the one behind it as an ordinary blank."""
    *parts, last = text.split(blank)
    return [*(f"{part} " for part in parts), *([last] if last else [])]


def _plain(text: str) -> str:
    return text.replace(_GLUE, " ")
