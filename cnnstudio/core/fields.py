"""What a form needs to know of a value's fields: a title, help, and the kind of thing a person sets.

The kinds are a closed set; a field of any other type is edited as JSON text (`Anything`).
"""

from dataclasses import dataclass
from typing import Any, TypeAlias

from pydantic import BaseModel


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number; both ends belong to the range, `None` is no end.

    `unit` is what is counted, for a person; a number `by_chance` may as well be thrown with a die.
    """

    lowest: int | None = None
    highest: int | None = None
    powers_of_two: bool = False
    unit: str = ""
    by_chance: bool = False


@dataclass(frozen=True, slots=True)
class Number:
    """A number with a fraction; the `open_` ends do not belong to the range."""

    lowest: float | None = None
    highest: float | None = None
    open_lowest: bool = False
    open_highest: bool = False


@dataclass(frozen=True, slots=True)
class Switch:
    """On or off; `inverted` shows the opposite of the value."""

    inverted: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few values; `None` among them reads as "none"."""

    values: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """Free text."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A fixed number of values, such as the height and width of a kernel."""

    items: tuple["Kind", ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """Any number of numbers; with `single` one of them may stand without a list."""

    item: Integer | Number
    shortest: int = 0
    single: bool = False


@dataclass(frozen=True, slots=True)
class Sizes:
    """The shape of a sample: one to several sizes, each of which may be left open (`None`)."""

    size: Integer
    shortest: int
    longest: int


@dataclass(frozen=True, slots=True)
class Maybe:
    """A value or none; `without` is in a few words what happens then."""

    inner: "Kind"
    without: str = ""


@dataclass(frozen=True, slots=True)
class Variants:
    """One of several models, each with fields of its own; `optional` allows none."""

    models: tuple[type[BaseModel], ...]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Sources:
    """Earlier layers; a merging layer takes several."""

    several: bool


@dataclass(frozen=True, slots=True)
class Anything:
    """A value without an editor of its own, written as JSON."""

    annotation: Any


Kind: TypeAlias = (
    Integer
    | Number
    | Switch
    | Choice
    | Text
    | Parts
    | Listing
    | Sizes
    | Maybe
    | Variants
    | Sources
    | Anything
)


@dataclass(frozen=True, slots=True)
class Setting:
    """A field as a form shows it; an `advanced` one is seldom touched."""

    name: str
    title: str
    help: str
    kind: Kind
    advanced: bool = False
    default: object = None


def title_of(value: object) -> str:
    """A choice or an option for a person: its own name, or "none"."""
    match value:
        case None:
            return "none"
        case type():
            return str(getattr(value, "title", None) or value.__name__)
        case _:
            return str(value)
