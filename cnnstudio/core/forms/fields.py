"""What a form needs to know of a value's fields: a title, help, and the kind of thing a person sets.

The kinds are a closed set; a field of any other type is edited as JSON text (`Anything`).
"""

from typing import Any, Literal, TypeAlias

from msgspec import Struct
from pydantic import BaseModel


class Integer(Struct, frozen=True):
    """A whole number; both ends belong to the range, `None` is no end.

    `unit` is what is counted, for a person; a number `by_chance` may as well be thrown with a die. One that
    is `optional` may be left empty, which is `None`.
    """

    lowest: int | None = None
    highest: int | None = None
    powers_of_two: bool = False
    unit: str = ""
    by_chance: bool = False
    optional: bool = False


class Number(Struct, frozen=True):
    """A number with a fraction; the `open_` ends do not belong to the range."""

    lowest: float | None = None
    highest: float | None = None
    open_lowest: bool = False
    open_highest: bool = False


class Switch(Struct, frozen=True):
    """On or off; `inverted` shows the opposite of the value."""

    inverted: bool = False


class Choice(Struct, frozen=True):
    """One of a few values; `None` among them reads as "none"."""

    values: tuple[object, ...]


class Text(Struct, frozen=True):
    """Free text."""


class FileName(Struct, frozen=True):
    """The path of a file with that in it, or none."""

    what: Literal["weights"]


class Parts(Struct, frozen=True):
    """A fixed number of values, such as the height and width of a kernel."""

    items: tuple["Kind", ...]


class Listing(Struct, frozen=True):
    """Any number of numbers; with `single` one of them may stand without a list."""

    item: Integer | Number
    shortest: int = 0
    single: bool = False


class Sizes(Struct, frozen=True):
    """The shape of a sample: one to several sizes, each of which may be left open (`None`)."""

    size: Integer
    shortest: int
    longest: int


class Maybe(Struct, frozen=True):
    """A value or none; `without` is in a few words what happens then."""

    inner: "Kind"
    without: str = ""


class Variants(Struct, frozen=True):
    """One of several models, each with fields of its own; `optional` allows none.

    `given` are fields that a person does not set, with what they begin with; `hidden` are others of them.
    """

    models: tuple[type[BaseModel], ...]
    optional: bool = False
    given: tuple[tuple[str, object], ...] = ()
    hidden: frozenset[str] = frozenset({"type"})

    def start(self, model: type[BaseModel]) -> BaseModel:
        """A value of that model with its defaults."""
        return model.model_validate(dict(self.given))


class Sources(Struct, frozen=True):
    """Earlier layers; a merging layer takes several."""

    several: bool


class Anything(Struct, frozen=True):
    """A value without an editor of its own, written as JSON."""

    annotation: Any


Kind: TypeAlias = (
    Integer
    | Number
    | Switch
    | Choice
    | Text
    | FileName
    | Parts
    | Listing
    | Sizes
    | Maybe
    | Variants
    | Sources
    | Anything
)


class Setting(Struct, frozen=True):
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
