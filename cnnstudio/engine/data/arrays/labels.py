"""Labels as people keep them, as class numbers from 0: numbers, one-hot vectors, words."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnstudio.core.project.sources import MAX_CLASSES
from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.words import counted
from cnnstudio.engine.data.images import Labels


def class_of_each(values: NDArray[Any], name: str) -> NDArray[Any]:
    """One class for each sample, (count,) of whole numbers or of text; StudioError for what is no class."""
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if values.ndim == 2:
        values = _of_one_hot(values, name)
    if values.ndim != 1:
        raise StudioError(
            f"The labels {name} have {values.ndim} axes. Give a class number, a word or a one-hot vector for "
            "each "
            "picture."
        )
    if values.dtype.kind in "SU":
        return _of_words(values, name)
    if values.dtype.kind == "f":
        _refuse_fractions(values, name)
    elif values.dtype.kind not in "iub":
        raise StudioError(f"The labels {name} are neither numbers nor text. Give a class for each picture.")
    numbers = values.astype(np.int64)
    if numbers.min(initial=0) < 0 and set(np.unique(numbers)) != {-1, 1}:
        row = int(np.flatnonzero(numbers < 0)[0])
        raise StudioError(
            f"The label of picture {row + 1:,} in {name} is {numbers[row]}, and a class has a number from 0 "
            "on. "
            "Leave out pictures without a class."
        )
    return numbers


def names_of(values: Sequence[NDArray[Any]], given: NDArray[Any] | None) -> tuple[str, ...]:
    """The classes of all parts, in their order: the `given` names by number, else the numbers or words
    found.
    """
    found = np.unique(np.concatenate(values))
    if given is not None and found.dtype.kind != "U" and found[0] >= 0 and found[-1] < len(given):
        names = tuple(str(name) for name in _as_text(given))
    else:
        names = tuple(str(value) for value in found)
    if len(names) < 2:
        raise StudioError(
            f"All labels are {names[0] if names else 'missing'}, and telling apart takes two classes. Add "
            "pictures "
            "of another class."
        )
    if len(names) > MAX_CLASSES:
        raise StudioError(
            f"The labels have {len(names):,} different values, and at most {MAX_CLASSES:,} classes can be "
            "told apart. Choose the array that holds the classes."
        )
    return names


def numbered(values: NDArray[Any], names: Sequence[str]) -> Labels:
    """Class numbers from 0 of what `class_of_each` gave; StudioError for a class that is none of the
    names.
    """
    text = values.astype(str)
    table = {name: number for number, name in enumerate(names)}
    if not set(np.unique(text)) <= table.keys():
        if values.dtype.kind != "U" and values.min() >= 0 and values.max() < len(names):
            return values.astype(np.int64)
        stranger = min(set(np.unique(text)) - table.keys())
        raise StudioError(
            f"The labels hold the class {stranger[:60]}, which the project does not know. Choose the data "
            "again on "
            "the Data page."
        )
    kinds, places = np.unique(text, return_inverse=True)
    return np.array([table[str(kind)] for kind in kinds], np.int64)[places]


def _of_one_hot(values: NDArray[Any], name: str) -> NDArray[Any]:
    ones = values == 1
    if values.dtype.kind not in "iubf" or not (ones.sum(axis=1) == 1).all() or (values[~ones] != 0).any():
        raise StudioError(
            f"The labels {name} have {values.shape[1]} numbers for each picture, and are not one-hot: one 1 "
            "among "
            "0. Give a class number for each picture."
        )
    return np.asarray(values.argmax(axis=1))


def _as_text(values: NDArray[Any]) -> NDArray[Any]:
    return np.char.decode(values, "utf-8", "replace") if values.dtype.kind == "S" else values.astype(str)


def _of_words(values: NDArray[Any], name: str) -> NDArray[Any]:
    words = np.char.strip(_as_text(values))
    missing = int((words == "").sum())
    if missing:
        raise StudioError(
            f"{counted(missing, 'picture')} of {len(words):,} have no label in {name}. Give each a class."
        )
    try:
        numbers = words.astype(np.float64)
    except ValueError:
        return words
    _refuse_fractions(numbers, name)
    return class_of_each(numbers.astype(np.int64), name)


def _refuse_fractions(values: NDArray[Any], name: str) -> None:
    wrong = np.flatnonzero(values != np.round(values))  # a number that is missing is unlike itself
    if len(wrong):
        row = int(wrong[0])
        told = "missing" if np.isnan(values[row]) else f"{values[row]:g}"
        raise StudioError(
            f"The label of picture {row + 1:,} in {name} is {told}, and a class is a whole number or a word. "
            "Choose "
            "the array that holds the classes."
        )
