"""Icons are made for the screens there are: one that draws finely, two that draw otherwise, one set anew."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cnnstudio.gui.theme.ratios import ScreenRatios
from cnnstudio.gui.theme.theme import Theme

ICON = """
from PySide6.QtWidgets import QApplication
from cnnstudio.gui.theme.theme import Theme
app = QApplication([])
sizes = Theme(app, "light").icon("save").availableSizes()
print(*(size.width() for size in sizes), "for", *(s.devicePixelRatio() for s in app.screens()))
"""


def _sizes(**environment: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-c", ICON],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return ran.stdout.strip()


def _screen(left: int, ratio: int) -> dict[str, object]:
    place = {"x": left, "y": 0, "width": 1000, "height": 800}
    return {"name": f"at {left}", **place, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": ratio}


@pytest.mark.parametrize(
    ("factor", "sizes"), [("1", "18 for 1.0"), ("1.5", "27 for 1.5"), ("2", "36 for 2.0")]
)
def test_an_icon_is_drawn_as_finely_as_the_screen(factor: str, sizes: str) -> None:
    assert _sizes(QT_QPA_PLATFORM="offscreen", QT_SCALE_FACTOR=factor) == sizes


def test_an_icon_is_drawn_for_each_of_two_screens(tmp_path: Path) -> None:
    file = tmp_path / "screens.json"
    file.write_text(json.dumps({"screens": [_screen(0, 1), _screen(1000, 2)]}))
    assert _sizes(QT_QPA_PLATFORM=f"offscreen:configfile={file}") == "18 36 for 1.0 2.0"


def test_a_screen_set_to_another_scale_is_noticed(qapp: QApplication, qtbot: QtBot) -> None:
    ratios = ScreenRatios(qapp)
    now = ratios.values
    ratios.values = (3.0,)
    with qtbot.waitSignal(ratios.changed):
        qapp.primaryScreen().physicalDotsPerInchChanged.emit(96.0)
    assert ratios.values == now


def test_a_screen_that_draws_as_the_others_do_changes_nothing(qapp: QApplication, qtbot: QtBot) -> None:
    ratios = ScreenRatios(qapp)
    with qtbot.assertNotEmitted(ratios.changed):
        qapp.screenAdded.emit(qapp.primaryScreen())


def test_whoever_holds_icons_is_told_of_another_screen(theme: Theme, qtbot: QtBot) -> None:
    ratios = theme.findChild(ScreenRatios)
    assert isinstance(ratios, ScreenRatios)
    with qtbot.waitSignal(theme.changed):
        ratios.changed.emit()
