"""Whether there is a screen to open a window on."""

import os
import socket
import sys
from collections.abc import Mapping

from cnnstudio.core.values.errors import StudioError

_WITH_SCREEN = ("xcb", "wayland")
"""What the names of Qt's platforms that need one begin with; any other is the person's own choice."""
_ADVICE = (
    "Start CNN Studio in a desktop session; without a screen the command line does the same work "
    "(cnnstudio --help)."
)


def refuse_without_screen(environment: Mapping[str, str] = os.environ, system: str = sys.platform) -> None:
    """StudioError where Qt would abort the whole program: it finds no screen, or nobody answers there."""
    platform = environment.get("QT_QPA_PLATFORM", "")
    if system != "linux" or (platform and not platform.startswith(_WITH_SCREEN)):
        return
    display = environment.get("DISPLAY", "")
    if environment.get("WAYLAND_DISPLAY") or environment.get("WAYLAND_SOCKET"):
        return
    if not display:
        raise StudioError(f"There is no screen to open a window on (DISPLAY is not set). {_ADVICE}")
    if not _answers(display):
        raise StudioError(f"No screen answers at DISPLAY={display}. {_ADVICE}")


def _answers(display: str) -> bool:
    """Whether an X server of this machine is there; one of another machine is left to Qt."""
    host, _, number = display.rpartition(":")
    if host not in ("", "unix"):
        return True
    path = f"/tmp/.X11-unix/X{number.partition('.')[0]}"
    return any(_is_listening(address) for address in (path, f"\0{path}"))


def _is_listening(address: str) -> bool:
    with socket.socket(socket.AF_UNIX) as tried:
        try:
            tried.connect(address)
        except OSError:
            return False
        return True
