"""Pydantic's validation errors as one plain sentence."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from cnnstudio.core.ranges import range_at, shown_number

_KINDS = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing_size": "a smaller number",
    "float_type": "a number",
    "finite_number": "a number that is not infinite",
    "bool_type": "true or false",
    "string_type": "text",
    "tuple_type": "a list",
    "dict_type": "an object",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "string_too_short": "at least one character",
    "string_pattern_mismatch": "text without blanks at its ends",
}
_FIXED = {
    "extra_forbidden": "this setting is unknown here. Remove it, or correct its name.",
    "union_tag_not_found": 'the setting "type" is missing. Add it.',
}
_BOUNDS = {"ge": "at least", "gt": "above", "le": "at most", "lt": "below"}


def refusal(error: ValidationError, document: Any = None, schema: Mapping[str, Any] | None = None) -> str:
    """The first problem: where it stands, what was received and what is expected.

    With the `document` that was read, the place is its path in it; with the JSON `schema`, a number out of
    range is told the whole range.
    """
    first = error.errors(include_url=False)[0]
    more = error.error_count() - 1
    place = first["loc"] if document is None else _path(first["loc"], document)
    where = ".".join(_part(part) for part in place) or "the file"
    others = f" ({more} more like this)" if more else ""
    return f"{where}: {_sentence(first, schema)}{others}"


def _part(part: int | str) -> str:
    """A part of a path, which in a foreign file may be any text of any length."""
    text = str(part)
    return text if len(text) <= 60 and text.isprintable() else _short(text)


def _path(loc: Sequence[int | str], document: Any) -> tuple[int | str, ...]:
    """The place without the names of the types that were tried there."""
    path: list[int | str] = []
    for position, part in enumerate(loc):
        is_last = position == len(loc) - 1
        if isinstance(document, Mapping) and (part in document or is_last):
            document = document.get(str(part))
        elif isinstance(document, Sequence) and isinstance(part, int):
            document = document[part] if part < len(document) else None
        else:
            continue
        path.append(part)
    return tuple(path)


def _sentence(problem: Any, schema: Mapping[str, Any] | None) -> str:
    kind, context = problem["type"], problem.get("ctx", {})
    received = _short(problem["input"])
    if kind in _FIXED:
        return _FIXED[kind]
    expected = _expected(problem, context, schema)
    if expected:
        return f"{received} was given; expected {expected}."
    match kind:
        case "missing":
            return _missing(problem["loc"][-1])
        case "json_invalid":
            return f"this is no JSON text ({context['error']})."
        case "value_error":
            return f"{context['error']}."
        case "union_tag_invalid":
            return _unknown_type(context)
        case "string_too_long":
            return f"{len(problem['input']):,} characters were given; at most {context['max_length']:,} fit."
        case _:
            return f"{received} was given; {problem['msg'][0].lower()}{problem['msg'][1:]}."


def _expected(problem: Any, context: Mapping[str, Any], schema: Mapping[str, Any] | None) -> str:
    """What would have been taken, for the problems that need no more words; else empty."""
    match problem["type"]:
        case "literal_error":
            return str(context["expected"])
        case "too_short":
            return f"a list with at least {context['min_length']:,} in it"
        case "too_long":
            return f"a list with at most {context['max_length']:,} in it"
        case "greater_than_equal" | "greater_than" | "less_than_equal" | "less_than":
            return _range(problem["loc"], context, schema)
        case kind:
            return _KINDS.get(kind, "")


def _missing(part: int | str) -> str:
    if isinstance(part, int):
        return f"only {part} values were given, and one more is expected."
    return "this setting is missing. Add it."


def _unknown_type(context: Mapping[str, Any]) -> str:
    known = [tag.strip("' ") for tag in context["expected_tags"].split(",")]
    close = get_close_matches(context["tag"][:60], known, n=1)
    hint = f"Did you mean '{close[0]}'?" if close else f"Expected one of {', '.join(known)}."
    return f"{_short(context['tag'])} is no known type. {hint}"


def _range(loc: Sequence[int | str], context: Mapping[str, Any], schema: Mapping[str, Any] | None) -> str:
    """The range of the schema, or the one bound that was crossed."""
    whole = "" if schema is None else range_at(schema, loc)
    return whole or " and ".join(f"{_BOUNDS[name]} {shown_number(value)}" for name, value in context.items())


def _short(value: object) -> str:
    if isinstance(value, int) and abs(value) >= 10**40:
        return "a number of more than 40 digits"
    text = repr(value[:60] if isinstance(value, str | list | tuple) else value)
    return text if len(text) <= 60 else f"{text[:57]}..."
