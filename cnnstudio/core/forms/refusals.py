"""Pydantic's validation errors as one plain sentence."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from cnnstudio.core.forms.ranges import range_at, shown_number

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
_MOST_NAMES = 3
"""How many known names are offered in place of an unknown one."""
_BOUNDS = {"ge": "at least", "gt": "above", "le": "at most", "lt": "below"}


def refusal(error: ValidationError, document: Any = None, schema: Mapping[str, Any] | None = None) -> str:
    """The first problem: where it stands, what was received and what is expected.

    With the `document` that was read, the place is its path in it; with the JSON `schema`, a number out of
    range is told the whole range.
    """
    problems = error.errors(include_url=False)
    first, *others = [one for one in problems if not _follows(one)] or problems
    place = first["loc"] if document is None else document_path(first["loc"], document)
    where = ".".join(shown_part(part) for part in place) or "the file"
    more = f" ({len(others)} more like this)" if others else ""
    return f"{where}: {_sentence(first, schema)}{more}"


def _follows(problem: Any) -> bool:
    """Whether a list is too short only without what was refused in it, which is told by itself."""
    is_short: bool = problem["type"] == "too_short"
    return is_short and len(problem["input"]) >= problem["ctx"]["min_length"]


def shown_part(part: int | str) -> str:
    """A part of a path, which in a foreign file may be any text of any length."""
    text = str(part)
    return text if len(text) <= 60 and text.isprintable() else _short(text)


def document_path(loc: Sequence[int | str], document: Any) -> tuple[int | str, ...]:
    """The place of an error in the document: without the names of the types that were tried there."""
    path: list[int | str] = []
    was_type = False
    for position, part in enumerate(loc):
        is_last = position == len(loc) - 1
        # Said once on the way into a thing with a type; said again it is a setting of that name.
        was_type = not was_type and not is_last and _is_type_of(part, document)
        if was_type:
            continue
        if isinstance(document, Mapping) and (part in document or is_last):
            document = document.get(str(part))
        elif isinstance(document, Sequence) and isinstance(part, int):
            document = document[part] if part < len(document) else None
        else:
            continue
        path.append(part)
    return tuple(path)


def _is_type_of(part: int | str, document: Any) -> bool:
    return isinstance(document, Mapping) and document.get("type") == part


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
    tag = context["tag"][:60]
    # Refusals are rare, and every start would load it.
    from difflib import get_close_matches

    close = get_close_matches(tag, known, _MOST_NAMES)
    nearest = close or get_close_matches(tag, known, _MOST_NAMES, cutoff=0)
    hint = f"Did you mean {_either(nearest)}?" if close else f"Use a known one, such as {_either(nearest)}."
    return f"{_short(context['tag'])} is no known type. {hint}"


def _either(names: Sequence[str]) -> str:
    """`'a'`, `'a' or 'b'`, `'a', 'b' or 'c'`."""
    return " or ".join(filter(None, (", ".join(map(repr, names[:-1])), repr(names[-1]))))


def _range(loc: Sequence[int | str], context: Mapping[str, Any], schema: Mapping[str, Any] | None) -> str:
    """The range of the schema, or the one bound that was crossed."""
    whole = "" if schema is None else range_at(schema, loc)
    return whole or " and ".join(f"{_BOUNDS[name]} {shown_number(value)}" for name, value in context.items())


def _short(value: object) -> str:
    if isinstance(value, int) and abs(value) >= 10**40:
        return "a number of more than 40 digits"
    text = repr(value[:60] if isinstance(value, str | list | tuple) else value)
    return text if len(text) <= 60 else f"{text[:57]}..."
