"""Pydantic's validation errors as one plain sentence."""

from typing import Any

from pydantic import ValidationError


def refusal(error: ValidationError) -> str:
    """The first problem: where it stands, what was received and what is expected."""
    first = error.errors(include_url=False)[0]
    more = error.error_count() - 1
    where = ".".join(str(part) for part in first["loc"]) or "the file"
    others = f" ({more} more like this)" if more else ""
    return f"{where}: {_sentence(first)}{others}"


def _sentence(problem: Any) -> str:
    kind, context = problem["type"], problem.get("ctx", {})
    received = _short(problem["input"])
    match kind:
        case "extra_forbidden":
            return "this setting is unknown here. Remove it, or correct its name."
        case "missing":
            return "this setting is missing. Add it."
        case "value_error":
            return f"{context['error']}."
        case "union_tag_invalid":
            return f"{context['tag']!r} is no known type. Expected one of {context['expected_tags']}."
        case "literal_error":
            return f"{received} was given; expected {context['expected']}."
        case _:
            return f"{received} was given; {problem['msg'][0].lower()}{problem['msg'][1:]}."


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
