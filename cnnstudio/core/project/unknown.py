"""Settings of a project file that this program does not know: kept as they are, told of, and written back.

A newer program may have written them. What is misspelt is found the same way, for it is told by its place.
"""

import copy
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from msgspec import Struct
from pydantic import ValidationError

from cnnstudio.core.forms.refusals import document_path, shown_part
from cnnstudio.core.network import Network, name_after
from cnnstudio.core.values.words import counted, listed

Step: TypeAlias = str | int
_MOST_NAMED = 4
_MOST_KEPT = 50_000
"""A few for each layer of the longest network; a file with more is no project of any program."""
_LAYERS = ("network", "layers")


class UnknownSetting(Struct, frozen=True):
    """A setting with its value as JSON has it.

    `path` leads to it; a layer in it is named, not counted, so that the setting follows the layer when
    it is moved.
    """

    path: tuple[Step, ...]
    value: Any
    holder: str = ""
    """The `type` of what it stands in, where that has one: it means nothing in another."""

    @property
    def place(self) -> str:
        """The path as a person reads it: `training.warmup`."""
        return ".".join(shown_part(step) for step in self.path)


def taken_out(document: Any, error: ValidationError) -> tuple[Any, tuple[UnknownSetting, ...]]:
    """The document without its unknown settings, and these; none where anything else is wrong with it too."""
    if error.error_count() > _MOST_KEPT:
        return document, ()
    problems = error.errors(include_url=False, include_input=False)
    if any(problem["type"] != "extra_forbidden" for problem in problems):
        return document, ()
    cleaned = copy.deepcopy(document)
    paths = [document_path(problem["loc"], document) for problem in problems]
    return cleaned, tuple(_taken_out(cleaned, path) for path in paths)


def put_back(document: dict[str, Any], unknown: Sequence[UnknownSetting]) -> None:
    """Write the settings where they stood, into JSON values; one whose place is gone is dropped.

    `document` is that of a project, as its model writes it.
    """
    layers = {layer["name"]: layer for layer in document["network"]["layers"]} if unknown else {}
    for setting in unknown:
        *way, last = setting.path
        place: Any = document
        if tuple(way[:2]) == _LAYERS and len(way) > 2:
            place, way = layers.get(way[2]), way[3:]
        for step in way:
            place = place.get(step) if isinstance(place, dict) else None
        if isinstance(place, dict) and last not in place and _type_of(place) == setting.holder:
            place[str(last)] = setting.value


def followed(
    unknown: Sequence[UnknownSetting], before: Network, after: Network
) -> tuple[UnknownSetting, ...]:
    """The settings of a project whose network is edited: those of a renamed layer go with it.

    One of a layer that is gone keeps its place: undo may bring the layer back.
    """
    return tuple(_followed(setting, before, after) for setting in unknown)


def _followed(setting: UnknownSetting, before: Network, after: Network) -> UnknownSetting:
    room, name, way = setting.path[:2], setting.path[2:3], setting.path[3:]
    now = name_after(str(name[0]), before, after) if room == _LAYERS and name else None
    return setting if now is None else UnknownSetting((*room, now, *way), setting.value, setting.holder)


def sentence_about(unknown: Sequence[UnknownSetting]) -> str:
    """What was kept though nobody here knows it, for a person; empty for nothing."""
    if not unknown:
        return ""
    places = [setting.place for setting in unknown[:_MOST_NAMED]]
    more = len(unknown) - len(places)
    named = listed([*places, f"{more} more"] if more else places)
    what = counted(len(unknown), "setting")
    return (
        f"{what} of the file {'is' if len(unknown) == 1 else 'are'} unknown here, kept as written and "
        "without effect: "
        f"{named}. A newer CNN Studio may know more; otherwise correct the name."
    )


def _taken_out(cleaned: Any, path: Sequence[Step]) -> UnknownSetting:
    *way, last = path
    place, named = cleaned, list[Step]()
    for step in way:
        place = place[step]
        named.append(place["name"] if tuple(named) == _LAYERS else step)
    return UnknownSetting((*named, last), place.pop(last), _type_of(place))


def _type_of(place: Mapping[str, Any]) -> str:
    return str(place.get("type", ""))
