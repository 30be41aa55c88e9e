"""Small pieces of the sentences that the window and the command line share."""

import re
from collections.abc import Callable, Sequence


def listed(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`; nothing for no words."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def counted(number: int, noun: str) -> str:
    """A number of things: `1 epoch`, `1,200 epochs`, `10 classes`."""
    if number == 1:
        return f"{number:,} {noun}"
    return f"{number:,} {noun}es" if noun.endswith(("ss", "tch", "x")) else f"{number:,} {noun}s"


def crossed(text: str) -> str:
    """Sizes written with the multiplication sign: `3x3` and `3 x 3` as `3×3` and `3 × 3`."""
    return re.sub(r"(?<=[\d?])( ?)x( ?)(?=[\d?])", r"\1×\2", text)


def with_signs(text: str) -> str:
    """A sum as the screen writes it: `2*(3 - 1)` as `2×(3 − 1)`; the hyphens of names stay."""
    return re.sub(r"(?<![\w.])-(?=[\d(. ]|$)", "−", crossed(text).replace("*", "×"))


def wrapped(text: str, room: float, width: Callable[[str], float]) -> list[str]:
    """The text in lines that fit the room, broken between words; a longer word has a line of its own."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines or [""]


def with_minus(number: str) -> str:
    """A formatted number with a true minus sign; `-0` has none."""
    return "0" if number == "-0" else number.replace("-", "−")
