"""What a command is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from cnnstudio.gui.studio import Studio

Run: TypeAlias = "Callable[[Studio], object]"
Test: TypeAlias = "Callable[[Studio], bool]"


def always(_studio: "Studio") -> bool:
    """For a command that can be used at any time."""
    return True


@dataclass(frozen=True)
class ActionSpec:
    """A command: what it is called, where it stands, what it does, and when it can be used."""

    id: str
    title: str
    menu: str
    run: Run
    shortcut: str = ""
    icon: str = ""
    enabled: Test = always
    starts_group: bool = False
