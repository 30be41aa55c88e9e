"""Values of settings: where to begin, how they are written and read as text, why one is refused."""

import json
import re
from math import inf, isfinite, isinf
from pathlib import Path
from typing import Any, TypeAlias

from pydantic import TypeAdapter, ValidationError

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
    Sizes,
    Sources,
    Switch,
    Text,
    Variants,
)
from cnnstudio.core.forms.refusals import refusal
from cnnstudio.core.values.errors import StudioError

Written: TypeAlias = Integer | Number | Text | FileName | Listing | Anything
"""What is edited as a line of text."""

_GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+")
"""Digits in groups of three, such as 12,345,678."""


def start_of(kind: Kind) -> Any:
    """A value to begin with where there was none."""
    match kind:
        case Integer(lowest, highest):
            return max(1, lowest or 1) if highest is None else min(max(1, lowest or 1), highest)
        case Number(lowest, highest):
            return _start_between(lowest, highest)
        case Parts(items):
            return tuple(start_of(item) for item in items)
        case Listing(item, shortest, single):
            return start_of(item) if single else (start_of(item),) * shortest
        case Sizes(size, shortest):
            return (start_of(size),) * shortest
        case Choice(values):
            return values[0]
        case Variants(models):
            return kind.start(models[0])
        case Switch():
            return True
        case Text() | FileName() | Maybe() | Sources() | Anything():
            return ""


def _start_between(lowest: float | None, highest: float | None) -> float:
    if lowest is not None and highest is not None:
        return (lowest + highest) / 2
    return 1.0 if lowest is None or lowest < 1 else lowest + 1


def written(kind: Written, value: Any) -> str:
    """The text of a value that is edited as text."""
    match kind:
        case Anything():
            return json.dumps(TypeAdapter(Any).dump_python(value, mode="json"), ensure_ascii=False)
        case Listing():
            numbers = value if isinstance(value, tuple) else (value,)
            return ", ".join(_number_text(number) for number in numbers)
        case Number():
            return number_text(value)
        case _:
            return "" if value is None else str(value)


def _number_text(number: float) -> str:
    """The number, or `1/255` where that means exactly the same and is shorter."""
    inverse = whole_inverse(number)
    return str(number).removesuffix(".0") if inverse is None else f"1/{inverse}"


def whole_inverse(number: float) -> int | None:
    """255 for exactly 1/255; `None` where a number is no such fraction, or as short without it."""
    inverse = 1 / number if number and abs(number) < 1 else inf
    if isinf(inverse) or len(repr(number)) <= 8 or 1 / round(inverse) != number:
        return None
    return round(inverse)


def read(kind: Written, text: str) -> object:
    """The value a person wrote; raises StudioError with the reason."""
    match kind:
        case Anything():
            return _read_json(kind, text)
        case Listing():
            return _read_numbers(kind, text)
        case Integer():
            return None if kind.optional and not text.strip() else _read_whole(kind, text)
        case Number():
            return _read_real(kind, text)
        case FileName():
            return _read_path(text)
        case Text():
            return text


def _read_whole(kind: Integer, text: str) -> int:
    plain = text.strip()
    # A comma may as well begin the fraction, as in German: 1,5 is not 15.
    if "," in plain and not _GROUPED.fullmatch(plain):
        raise StudioError(f"“{plain}” is no whole number. Commas only group thousands, as in 1,500.")
    try:
        number = int(plain.replace(",", ""))
    except ValueError:
        raise StudioError(f"“{text}” is no whole number." if plain else "Write a whole number.") from None
    if reason := out_of_range(kind, number):
        raise StudioError(reason)
    return number


def _read_real(kind: Number, text: str) -> float:
    try:
        return read_number(text, kind)
    except ValueError as error:
        raise StudioError(str(error)) from error


def _read_path(text: str) -> str | None:
    # Only a shell knows what `~` is; a project keeps the whole path.
    plain = text.strip()
    return str(Path(plain).expanduser()) if plain.startswith("~") else plain or None


def _read_json(kind: Anything, text: str) -> object:
    try:
        return TypeAdapter(kind.annotation).validate_json(text, strict=True)
    except ValidationError as error:
        raise StudioError(reason_of(error)) from error


def reason_of(error: ValidationError) -> str:
    """Why a value is refused, as a sentence to stand below its field."""
    sentence = refusal(error).partition(": ")[2]
    return sentence[:1].upper() + sentence[1:]


def is_about_several(error: ValidationError) -> bool:
    """Whether no single field is at fault, but how they go together."""
    return all(not problem["loc"] for problem in error.errors(include_url=False))


def _read_numbers(kind: Listing, text: str) -> object:
    words = text.replace(",", " ").split()
    numbers = tuple(_read_number(kind.item, word) for word in words)
    if kind.single and len(numbers) == 1:
        return numbers[0]
    if len(numbers) < max(kind.shortest, 1 if kind.single else 0):
        raise StudioError("Write one or more numbers, with commas between them.")
    return numbers


def _read_number(item: Integer | Number, word: str) -> int | float:
    try:
        number = int(word) if isinstance(item, Integer) else _fraction(word)
    except (ValueError, ZeroDivisionError):
        noun = "whole number" if isinstance(item, Integer) else "number"
        raise StudioError(f"“{word}” is no {noun}. Write numbers with commas between them.") from None
    if reason := out_of_range(item, number):
        raise StudioError(reason)
    return number


def _fraction(word: str) -> float:
    top, slash, bottom = word.partition("/")
    return float(top) / float(bottom) if slash else float(word)


def number_text(number: float) -> str:
    """The shortest usual way to write `number`: `0.001`, `1e-5`, `64`."""
    text = f"{number:.10g}"
    mantissa, exponent, power = text.partition("e")
    return f"{mantissa}e{int(power)}" if exponent else text


def read_number(text: str, kind: Number) -> float:
    """The number a person wrote. Raises ValueError whose text is the reason, a sentence for that person."""
    if not text.strip():
        raise ValueError("Write a number.")
    try:
        number = float(text.replace("_", " "))
    except ValueError:
        hint = " Use a point, not a comma." if "," in text else " Write it like 0.001 or 1e-3."
        raise ValueError(f"“{text.strip()}” is not a number.{hint}") from None
    if reason := out_of_range(kind, number):
        raise ValueError(reason)
    return number


def out_of_range(kind: Integer | Number, number: float) -> str:
    """Why a number is not accepted, as a sentence; empty when it is."""
    if not isfinite(number):
        return "Must be a finite number."
    return _whole_refusal(kind, number) if isinstance(kind, Integer) else _real_refusal(kind, number)


def _whole_refusal(kind: Integer, number: float) -> str:
    if kind.lowest is not None and number < kind.lowest:
        return f"{number:,} is too small: at least {kind.lowest:,}."
    if kind.highest is not None and number > kind.highest:
        return f"{number:,} is too large: at most {kind.highest:,}."
    return ""


def _real_refusal(kind: Number, number: float) -> str:
    lowest, highest = kind.lowest, kind.highest
    if lowest is not None and (number < lowest or (kind.open_lowest and number == lowest)):
        return f"Must be {'above' if kind.open_lowest else 'at least'} {number_text(lowest)}."
    if highest is not None and (number > highest or (kind.open_highest and number == highest)):
        return f"Must be {'below' if kind.open_highest else 'at most'} {number_text(highest)}."
    return ""
