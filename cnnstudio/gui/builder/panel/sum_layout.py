"""Where the pieces of the sums stand: pure geometry, given how wide a text is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from cnnstudio.core.arithmetic import Sum

Measure: TypeAlias = Callable[[str], float]

_GLUE = "\u00a0"


@dataclass(frozen=True, slots=True)
class Piece:
    """A text at a place; `setting` is the field it shows, if it shows one."""

    text: str
    setting: str | None
    x: float
    line: int
    width: float


@dataclass(frozen=True, slots=True)
class Label:
    """The name of a sum, at the left of its first line."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Placed:
    """All sums in lines of equal height."""

    labels: tuple[Label, ...]
    pieces: tuple[Piece, ...]
    lines: int

    @property
    def links(self) -> tuple[int, ...]:
        """The pieces that show a setting, by their index."""
        return tuple(at for at, piece in enumerate(self.pieces) if piece.setting is not None)


def placed(sums: Sequence[Sum], left: float, right: float, measure: Measure) -> Placed:
    """Each sum on a line of its own between `left` and `right`; a long one goes on below, between words."""
    labels: list[Label] = []
    pieces: list[Piece] = []
    line = 0
    for one in sums:
        labels.append(Label(one.label, line))
        x = left
        for text, setting in _words(one):
            width = measure(text)
            if x > left and x + measure(text.rstrip()) > right:
                line, x = line + 1, left
                text = text.lstrip()
                width = measure(text)
            _append(pieces, Piece(text, setting, x, line, width))
            x += width
        line += 1
    return Placed(tuple(labels), tuple(pieces), line)


def _append(pieces: list[Piece], piece: Piece) -> None:
    """Put a piece behind the others; one without a setting goes on with one like it on the same line."""
    last = pieces[-1] if pieces else None
    if last is None or last.line != piece.line or last.setting is not None or piece.setting is not None:
        pieces.append(piece)
    else:
        pieces[-1] = Piece(last.text + piece.text, None, last.x, last.line, last.width + piece.width)


def _words(one: Sum) -> list[tuple[str, str | None]]:
    """The terms, those without a setting cut behind each blank."""
    words: list[tuple[str, str | None]] = []
    for term in one.terms:
        if term.setting is not None:
            words.append((term.text, term.setting))
            continue
        # A result stays with its equals sign.
        parts = [part.replace(_GLUE, " ") for part in term.text.replace("= ", f"={_GLUE}").split(" ")]
        words += [(f"{part} ", None) for part in parts[:-1]]
        words += [(parts[-1], None)] if parts[-1] else []
    return words
