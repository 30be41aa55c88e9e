"""What every test of the window needs: no screen, one theme without animations."""

import gc
import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken

from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.window.app import create_window
from cnnstudio.gui.window.main_window import MainWindow
from cnnstudio.gui.window.settings import Settings


@pytest.fixture(autouse=True)
def _collect_in_the_gui_thread() -> Iterator[None]:
    """As the studio does: garbage with Qt objects in it must not be collected by a worker thread."""
    gc.disable()
    gc.collect(1)
    yield
    gc.collect(0)


@pytest.fixture(autouse=True)
def _pointer_off_the_screen(qapp: QApplication) -> None:
    """A test that moves the pointer to where the last one left it would see no event."""
    QCursor.setPos(-10, -10)


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    made = Theme(qapp, "light")
    made.animation_ms = 0
    yield made
    # What the test has closed would be dressed anew before it goes.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    # Its pictures go with it, so the style sheet that names them must go first.
    qapp.setStyleSheet("")
    Shiboken.delete(made)


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[MainWindow]:
    """The whole window over the sample project, with settings and runs of its own."""
    made = create_window(qapp, Settings(tmp_path / "settings.ini"), tmp_path / "runs", tmp_path / "recovery")
    # The offscreen platform's screen is smaller than a person's.
    made.resize(1440, 900)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.document.undo_stack.setClean()
    made.close()
    qtbot.waitUntil(lambda: not made.isVisible(), timeout=30_000)
    Shiboken.delete(made)
    qapp.setStyleSheet("")
