"""What every test of the window needs: no screen, one theme without animations."""

import gc
import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from shiboken6 import Shiboken

from cnnstudio.gui.theme.theme import Theme


@pytest.fixture(autouse=True)
def _collect_in_the_gui_thread() -> Iterator[None]:
    """As the studio does: garbage with Qt objects in it must not be collected by a worker thread."""
    gc.disable()
    yield
    gc.collect(0)


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    made = Theme(qapp, "light")
    made.animation_ms = 0
    yield made
    Shiboken.delete(made)
