"""What is opened and closed again is gone: no window, no object, no thread is left."""

import gc
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from weakref import ref

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken

from cnnstudio.gui.pages import PAGES, PageContext, PageSpec
from cnnstudio.gui.window.app import create_window
from cnnstudio.gui.window.main_window import MainWindow
from cnnstudio.gui.window.settings import Settings

TIMES = 10
Show = Callable[[MainWindow], object]


@pytest.fixture(autouse=True)
def _only_what_comes_now_is_collected() -> Iterator[None]:
    """Each test collects dozens of times, and what TensorFlow left would cost half a second a time."""
    gc.freeze()
    yield
    gc.unfreeze()


def settle() -> None:
    """Do what Qt has put off, and let Python collect what is in cycles."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    QApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()


def tops() -> set[int]:
    """The top-level widgets there are, shown or not."""
    return {Shiboken.getCppPointer(top)[0] for top in QApplication.topLevelWidgets()}


def remove_a_layer(window: MainWindow) -> None:
    window.document.apply_network("Edit", window.document.network.removed("pool2"))


def ask_how_often(window: MainWindow) -> None:
    window.document.select(("conv1",))
    window.questions.ask_how_often()


def ask_about_changes(window: MainWindow) -> None:
    if not window.document.is_modified:
        remove_a_layer(window)
    window.files.open()


DIALOGS: dict[str, Show] = {
    "shortcut sheet": MainWindow.show_shortcuts,
    "command palette": MainWindow.show_commands,
    "file to open": lambda window: window.files.open(),
    "file to save": lambda window: window.files.save_as(),
    "file to export": lambda window: window.exports.show(),
    "weights to open": lambda window: window.questions.choose_weights(),
    "folder of pictures": lambda window: window.pages.data.choice.search.choose(),
    "file of arrays": lambda window: window.pages.data.choice.search.choose_file(),
    "table of corrections": lambda window: window.pages.data.browser.put_right.ask_where_to_save(),
    "how often to repeat": ask_how_often,
    "changes that are not saved": ask_about_changes,
}


@pytest.mark.parametrize("name", DIALOGS)
def test_a_closed_dialog_leaves_nothing_behind(window: MainWindow, name: str) -> None:
    DIALOGS[name](window)
    close_all_but(window)
    before, seen = tops(), []
    children = len(window.findChildren(QObject))
    for _ in range(TIMES):
        DIALOGS[name](window)
        seen += [ref(top) for top in QApplication.topLevelWidgets() if top.isVisible() and top is not window]
        close_all_but(window)
    assert len(seen) >= TIMES
    assert not [one for one in seen if one() is not None]
    assert tops() == before
    assert len(window.findChildren(QObject)) == children


def close_all_but(window: MainWindow) -> None:
    for top in QApplication.topLevelWidgets():
        if top is not window and top.isVisible():
            QTest.keyClick(top, Qt.Key.Key_Escape)
            assert not top.isVisible()
    settle()


@pytest.mark.parametrize("spec", PAGES, ids=lambda spec: spec.key)
def test_a_closed_page_leaves_nothing_behind(window: MainWindow, qtbot: QtBot, spec: PageSpec) -> None:
    context = PageContext(
        window.document, window.training, window.run, window.theme, window.settings, window.selection
    )
    seen: list[ref[QWidget]] = []
    before, threads = tops(), threading.active_count()
    for _ in range(TIMES):
        page = spec.make(context, None)
        seen += [ref(page), *(ref(widget) for widget in page.findChildren(QWidget))]
        page.show()
        qtbot.waitExposed(page)
        page.close_jobs()
        page.close()
        page.deleteLater()
        del page
        settle()
    assert kinds(seen) == []
    assert tops() == before
    assert threading.active_count() == threads
    # What the closed pages listened to still goes on.
    window.theme.toggle()
    remove_a_layer(window)


def kinds(seen: list["ref[QWidget]"]) -> list[str]:
    """The classes of what is still alive."""
    return sorted({type(one()).__name__ for one in seen} - {"NoneType"})


def test_a_closed_window_leaves_nothing_behind(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    seen: list[ref[QObject]] = []
    before, threads = tops(), threading.active_count()
    for at in range(TIMES):
        folder = tmp_path / str(at)
        window = create_window(qapp, Settings(folder / "settings.ini"), folder / "runs", folder / "recovery")
        window.show()
        qtbot.waitExposed(window)
        while window.pages.make_next():
            pass
        window.show_commands()
        close_all_but(window)
        seen += [ref(window), ref(window.document), ref(window.pages), ref(window.pages.build.stack)]
        window.close()
        qtbot.waitUntil(window.isHidden)
        theme = window.theme
        window.deleteLater()
        del window
        settle()
        qapp.setStyleSheet("")
        Shiboken.delete(theme)
    settle()
    assert [type(one()).__name__ for one in seen if one() is not None] == []
    assert tops() == before
    assert threading.active_count() == threads
