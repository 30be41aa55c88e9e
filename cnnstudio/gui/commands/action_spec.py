"""What a command is."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

if TYPE_CHECKING:
    from cnnstudio.gui.window.main_window import MainWindow

Run: TypeAlias = "Callable[[MainWindow], object]"
Test: TypeAlias = "Callable[[MainWindow], bool]"


def always(_window: "MainWindow") -> bool:
    """For a command that can be used at any time."""
    return True


class ActionSpec(Struct, frozen=True):
    """A command: what it is called, where it stands, what it does, and when it can be used."""

    id: str
    title: str
    menu: str
    run: Run
    shortcut: str = ""
    icon: str = ""
    enabled: Test = always
    starts_group: bool = False
    other_shortcut: str = ""
    """A second one, where a keyboard has the sign of the first on another key."""

    @property
    def shortcuts(self) -> tuple[str, ...]:
        """All that run the command, the one its menu shows first."""
        return tuple(filter(None, (self.shortcut, self.other_shortcut)))
