"""Putting right what is wrong in the data: pure edits of a choice, and the list of them as a table.

Pictures are named by their locators; no file of the person's is touched.
"""

import csv
import io
from collections.abc import Iterable, Mapping

from cnnstudio.core.project.data import Corrections, DataChoice

_HEAD = ("locator", "class was", "class is")
LEFT_OUT = "left out"
"""What stands in the table for the class of a picture that takes no part."""
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def relabelled(choice: DataChoice, locators: Iterable[str], name: str) -> DataChoice:
    """These pictures are of that class; one that was left out takes part again."""
    locators = tuple(locators)
    before = restored(choice, locators).corrections
    return _corrected(choice, {**before.relabelled, **dict.fromkeys(locators, name)}, before.left_out)


def reclassified(choice: DataChoice, before: Mapping[str, str], name: str) -> DataChoice:
    """Pictures are of the class `name`; `before` has the class each is of in the source, and one that always
    was of it is as it was.
    """
    given = relabelled(choice, before, name)
    return restored(given, [locator for locator, was in before.items() if was == name])


def left_out(choice: DataChoice, locators: Iterable[str]) -> DataChoice:
    """These pictures take no part; the class one was given stays, for the day it is put back in."""
    before = choice.corrections
    return _corrected(choice, before.relabelled, (*before.left_out, *locators))


def restored(choice: DataChoice, locators: Iterable[str]) -> DataChoice:
    """These pictures are what they were before anything was put right."""
    gone, before = frozenset(locators), choice.corrections
    names = {locator: name for locator, name in before.relabelled.items() if locator not in gone}
    return _corrected(choice, names, [locator for locator in before.left_out if locator not in gone])


def corrected(choice: DataChoice) -> tuple[str, ...]:
    """The locators of all pictures that were put right, sorted."""
    return tuple(sorted({*choice.corrections.relabelled, *choice.corrections.left_out}))


def as_csv(choice: DataChoice, classes: Mapping[str, str]) -> str:
    """A line for each picture that was put right: its locator, the class it was of, and what it is now.

    `classes` are those of before, by locator; empty where one is not among them.
    """
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(_HEAD)
    gone = frozenset(choice.corrections.left_out)
    for locator in corrected(choice):
        now = LEFT_OUT if locator in gone else choice.corrections.relabelled[locator]
        table.writerow([_as_text(text) for text in (locator, classes.get(locator, ""), now)])
    return out.getvalue()


def _corrected(choice: DataChoice, names: Mapping[str, str], gone: Iterable[str]) -> DataChoice:
    corrections = Corrections(relabelled=dict(names), left_out=tuple(dict.fromkeys(gone)))
    return choice.model_copy(update={"corrections": corrections})


def _as_text(text: str) -> str:
    """A spreadsheet takes what begins like this for a formula, and a file may have any name."""
    return f"'{text}" if text.startswith(_FORMULAS) else text
