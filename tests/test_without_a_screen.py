"""The window where there is no screen: one sentence, and not Qt's abort."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from cnnstudio.core.values.errors import StudioError
from cnnstudio.gui.window.screen import refuse_without_screen

_OF_A_SCREEN = ("DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET", "QT_QPA_PLATFORM")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a screen")
@pytest.mark.parametrize(
    ("screen", "said"),
    [
        ({}, "There is no screen to open a window on"),
        ({"DISPLAY": ":9876"}, "No screen answers at DISPLAY=:9876."),
        ({"DISPLAY": ":9876.1", "QT_QPA_PLATFORM": "xcb"}, "No screen answers at DISPLAY=:9876.1."),
    ],
)
def test_without_a_screen_the_window_says_one_sentence(
    screen: Mapping[str, str], said: str, tmp_path: Path
) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in _OF_A_SCREEN}
    told = subprocess.run(
        [sys.executable, "-m", "cnnstudio"],
        env={**environment, **screen, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 1
    assert told.stderr.startswith(said)
    assert told.stderr.count("\n") == 1
    assert told.stdout == ""


@pytest.mark.parametrize(
    "screen",
    [
        {"QT_QPA_PLATFORM": "offscreen"},
        {"QT_QPA_PLATFORM": "vnc:size=800x600"},
        {"WAYLAND_DISPLAY": "wayland-0"},
        {"DISPLAY": "elsewhere:10.0"},
    ],
)
def test_a_screen_that_may_be_there_is_left_to_qt(screen: Mapping[str, str]) -> None:
    refuse_without_screen(screen, "linux")


def test_other_systems_have_no_such_variables() -> None:
    refuse_without_screen({}, "win32")
    with pytest.raises(StudioError):
        refuse_without_screen({}, "linux")
