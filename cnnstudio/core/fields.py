"""What a form needs to know of a value's fields: a title, help, and the kind of thing a person sets.

The kinds are a closed set; a field of any other type is edited as JSON text (`Anything`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from types import UnionType
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from cnnstudio.core.layers import Input, Layer


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number; both ends belong to the range, `None` is no end."""

    lowest: int | None = None
    highest: int | None = None
    powers_of_two: bool = False


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
    """A value or none."""

    inner: "Kind"


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


@lru_cache(maxsize=256)
def settings_of(model: type[BaseModel]) -> tuple[Setting, ...]:
    """The fields of a layer class or of an option, in the order in which a form shows them.

    The layer's own settings come first; type and name are left out, for a form has them in its heading.
    """
    own = _told_apart(
        [_setting(name, info) for name, info in model.model_fields.items() if name not in _COMMON]
    )
    if not issubclass(model, Layer) or issubclass(model, Input):
        return tuple(own)
    inputs = _inputs_of(model)
    return (inputs, *own, _freeze_of(model)) if model.merges else (*own, _freeze_of(model), inputs)


def _told_apart(settings: list[Setting]) -> list[Setting]:
    """Settings that share a title take their name instead: "Kernel initializer", "Bias initializer"."""
    titles = [setting.title for setting in settings]
    return [replace(one, title=_title(one.name)) if titles.count(one.title) > 1 else one for one in settings]


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


_COMMON = frozenset({"type", "name", "inputs", "trainable"})
_SELDOM = frozenset({"epsilon", "momentum", "dilation_rate", "groups"})


def title_of(value: object) -> str:
    """A choice or an option for a person: its own name, or "none"."""
    match value:
        case None:
            return "none"
        case type():
            return str(getattr(value, "title", None) or value.__name__)
        case _:
            return str(value)


def _inputs_of(model: type[Layer]) -> Setting:
    info = model.model_fields["inputs"]
    kind = Sources(model.merges)
    return Setting("inputs", info.title or "Inputs", info.description or "", kind, not model.merges, ())


def _freeze_of(model: type[Layer]) -> Setting:
    weightless = model.weights is Layer.weights
    text = "Training leaves the weights of a frozen layer as they are."
    return Setting("trainable", "Freeze", text, Switch(inverted=True), weightless, True)


def _setting(name: str, info: FieldInfo) -> Setting:
    kind = _kind(info.annotation, _flat(info.metadata, _extra(info)))
    advanced = bool(_extra(info).get("advanced")) or isinstance(kind, Variants) or name in _SELDOM
    title = info.title or _title(name)
    default = None if info.is_required() else info.get_default(call_default_factory=False)
    return Setting(name, title, info.description or "", kind, advanced, default)


def _extra(info: FieldInfo) -> dict[str, Any]:
    return dict(info.json_schema_extra) if isinstance(info.json_schema_extra, dict) else {}


def _flat(metadata: Iterable[Any], extra: dict[str, Any] | None = None) -> dict[str, Any]:
    """Ranges and hints of a type as one table: `ge`, `le`, `min_length`, `step` ..."""
    table: dict[str, Any] = dict(extra or {})
    for piece in metadata:
        if isinstance(piece, FieldInfo):
            table |= _flat(piece.metadata, _extra(piece))
        for key in ("ge", "gt", "le", "lt", "min_length", "max_length"):
            if (limit := getattr(piece, key, None)) is not None:
                table[key] = limit
    return table


def _kind(annotation: Any, table: dict[str, Any]) -> Kind:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _kind(arguments[0], _flat(arguments[1:]) | table)
    if origin is Literal:
        return Choice(arguments)
    if origin is tuple:
        return _tuple_kind(annotation, arguments, table)
    if origin in (Union, UnionType):
        return _union_kind(annotation, arguments, table)
    return _plain_kind(annotation, table)


def _plain_kind(annotation: Any, table: dict[str, Any]) -> Kind:
    if annotation is bool:
        return Switch()
    if annotation is int:
        return _integer(table)
    if annotation is float:
        return _number(table)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return Variants((annotation,))
    return Text() if annotation is str else Anything(annotation)


def _integer(table: dict[str, Any]) -> Integer:
    lowest = table["gt"] + 1 if "gt" in table else table.get("ge")
    highest = table["lt"] - 1 if "lt" in table else table.get("le")
    return Integer(lowest, highest, table.get("step") == "powers of two")


def _number(table: dict[str, Any]) -> Number:
    return Number(
        table.get("gt", table.get("ge")), table.get("lt", table.get("le")), "gt" in table, "lt" in table
    )


def _tuple_kind(annotation: Any, arguments: tuple[Any, ...], table: dict[str, Any]) -> Kind:
    if len(arguments) != 2 or arguments[1] is not Ellipsis:
        return Parts(tuple(_kind(argument, {}) for argument in arguments))
    shortest = table.get("min_length", 0)
    match _kind(arguments[0], {}):
        case Maybe(Integer() as size):
            return Sizes(size, max(shortest, 1), table.get("max_length", 4))
        case Integer() | Number() as item:
            return Listing(item, shortest)
        case _:
            return Anything(annotation)


def _union_kind(annotation: Any, arguments: tuple[Any, ...], table: dict[str, Any]) -> Kind:
    rest = tuple(argument for argument in arguments if argument is not type(None))
    optional = len(rest) < len(arguments)
    if all(isinstance(one, type) and issubclass(one, BaseModel) for one in rest):
        return Variants(rest, optional)
    kinds = [_kind(one, table) for one in rest]
    if optional and len(kinds) == 1:
        return Anything(annotation) if isinstance(kinds[0], Anything) else _optional(kinds[0])
    match kinds:
        case [Integer() | Number() as item, Listing() as many] if not optional and many.item == item:
            return Listing(item, many.shortest, single=True)
        case _:
            return Anything(annotation)


def _optional(kind: Kind) -> Kind:
    match kind:
        case Choice(values):
            return Choice((None, *values))
        case Variants(models):
            return Variants(models, optional=True)
        case _:
            return Maybe(kind)
