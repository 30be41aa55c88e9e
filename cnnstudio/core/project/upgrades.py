"""What makes a document of the next format version of an older one. Each takes and gives JSON values."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

Upgrade: TypeAlias = Callable[[dict[str, Any]], dict[str, Any]]


def _from_1(document: dict[str, Any]) -> dict[str, Any]:
    """Version 1 knew one task and one table of data: MNIST, Fashion-MNIST or a folder."""
    old = document.get("data", {"kind": "mnist"})
    rest = {key: value for key, value in document.items() if key != "data"}
    if not isinstance(old, Mapping):
        return {**document, "task": {"type": "classification"}}
    data = dict(old)
    # Version 1 had no task; a file that has one was written by hand without its version, and means it.
    task = {"type": "classification", **_taken(data, labels="labels")}
    split = _taken(data, validation_share="validation_share", seed="seed")
    kind, folder = data.pop("kind", "mnist"), data.pop("folder", None)
    if kind != "folder":
        # A folder beside another kind was refused by version 1; left where it is, it is told of as unknown.
        odd = {} if folder is None else {"folder": folder}
        return {"task": task, **rest, "data": {"source": _included(kind), "split": split, **odd, **data}}
    found = dict(folder) if isinstance(folder, Mapping) else {}
    preparation = _taken(found, size="size", colors="colors")
    source = {"type": "folder", **found}
    return {
        "task": task,
        **rest,
        "data": {"source": source, "preparation": preparation, "split": split, **data},
    }


def _included(kind: Any) -> dict[str, Any]:
    return {"type": "included", "set": kind}


def _taken(source: dict[str, Any], **names: str) -> dict[str, Any]:
    """The values of those names that are there, taken out of where they stood."""
    return {new: source.pop(old) for new, old in names.items() if old in source}


UPGRADES: dict[int, Upgrade] = {1: _from_1}
"""By the version that each reads; applied in a row."""
