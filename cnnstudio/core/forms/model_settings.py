"""The settings of a model, read from the types, ranges and hints of its fields."""

from collections.abc import Iterable
from functools import lru_cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from msgspec.structs import replace
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from cnnstudio.core.forms.fields import (
    Anything,
    Choice,
    FileName,
    Integer,
    Kind,
    Listing,
    Maybe,
    Number,
    Parts,
    Setting,
    Sizes,
    Switch,
    Text,
    Variants,
)
from cnnstudio.core.layers import Layer
from cnnstudio.core.layers.wrappers import INNER_NAME
from cnnstudio.core.values.unions import ByType

TYPE = frozenset({"type"})
"""What tells models apart in a file is no setting."""

_NOT_INSIDE = TYPE | {"name", "inputs", "enabled", "group"}
"""What a layer inside another one has no use for."""


@lru_cache(maxsize=256)
def settings_of(model: type[BaseModel], without: frozenset[str] = TYPE) -> tuple[Setting, ...]:
    """The fields of a model in their order; `without` those a form does not show as a row."""
    fields = model.model_fields.items()
    return tuple(_with_unique_titles([_setting(name, info) for name, info in fields if name not in without]))


def _with_unique_titles(settings: list[Setting]) -> list[Setting]:
    """Settings that share a title take their name instead: "Kernel initializer", "Bias initializer"."""
    titles = [setting.title for setting in settings]
    return [replace(one, title=_title(one.name)) if titles.count(one.title) > 1 else one for one in settings]


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _setting(name: str, info: FieldInfo) -> Setting:
    kind = _kind(info.annotation, _flat(info.metadata, _extra(info)))
    advanced = bool(_extra(info).get("advanced")) or (isinstance(kind, Variants) and not kind.given)
    title = info.title or _title(name)
    default = None if info.is_required() else info.get_default(call_default_factory=False)
    return Setting(name, title, info.description or "", kind, advanced, default)


def _extra(info: FieldInfo) -> dict[str, Any]:
    return dict(info.json_schema_extra) if isinstance(info.json_schema_extra, dict) else {}


def _flat(metadata: Iterable[Any], extra: dict[str, Any] | None = None) -> dict[str, Any]:
    """Ranges and hints of a type as one table: `ge`, `le`, `min_length`, `step` ..."""
    table: dict[str, Any] = dict(extra or {})
    for piece in metadata:
        if isinstance(piece, ByType) and piece.models is not None:
            table["models"] = piece.models
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
    if isinstance(annotation, type) and issubclass(annotation, Layer) and "models" in table:
        return Variants(table["models"](), given=(("name", INNER_NAME),), hidden=_NOT_INSIDE)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return Variants((annotation,))
    if annotation is str:
        return FileName(table["file"]) if "file" in table else Text()
    return Anything(annotation)


def _integer(table: dict[str, Any]) -> Integer:
    lowest = table["gt"] + 1 if "gt" in table else table.get("ge")
    highest = table["lt"] - 1 if "lt" in table else table.get("le")
    by_powers = table.get("step") == "powers of two"
    return Integer(lowest, highest, by_powers, table.get("unit", ""), bool(table.get("by_chance")))


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
        return Anything(annotation) if isinstance(kinds[0], Anything) else _optional(kinds[0], table)
    match kinds:
        case [Integer() | Number() as item, Listing() as many] if not optional and many.item == item:
            return Listing(item, many.shortest, single=True)
        case _:
            return Anything(annotation)


def _optional(kind: Kind, table: dict[str, Any]) -> Kind:
    match kind:
        case FileName():
            return kind
        case Choice(values):
            return Choice((None, *values))
        case Variants(models):
            return Variants(models, optional=True)
        case _:
            return Maybe(kind, table.get("without", ""))
