"""The message bar over the pages: where it stands, when it goes, and how it is closed."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cnnstudio.engine.files.resources import resource_path
from cnnstudio.gui.pages.inspector.page import InspectPage
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.floating import Floating
from cnnstudio.gui.widgets.message_bar import MessageBar
from cnnstudio.gui.window.main_window import MainWindow
from tests.gui.selections import a_selection

LONG = "conv2 (Conv2D): a 40 × 40 kernel does not fit a 13 × 13 input. Use padding 'same'. " * 3


def edit(window: MainWindow) -> None:
    window.document.apply_network("Edit", window.document.network.removed("pool2"))


@pytest.fixture
def page(theme: Theme, qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(960, 600)
    made.show()
    return made


def test_a_message_moves_nothing(window: MainWindow) -> None:
    before = window.pages.geometry()
    window.show_message("error", LONG)
    QApplication.processEvents()
    assert window.messages.isVisible()
    assert window.pages.geometry() == before


@pytest.mark.parametrize("size", [(960, 650), (1440, 900)])
def test_a_message_leaves_the_buttons_at_the_lower_edge_free(
    window: MainWindow, size: tuple[int, int]
) -> None:
    window.resize(*size)
    window.show_page("train")
    window.show_message("error", LONG)
    QApplication.processEvents()
    root, button = window.centralWidget(), window.pages.train.settings.start_button
    assert root is not None
    place = QRect(button.mapTo(root, QPoint(0, 0)), button.size())
    assert button.isVisible()
    assert not place.intersects(window.messages.geometry())


@pytest.mark.parametrize("text", ["Saved.", LONG])
def test_a_message_stands_whole_above_the_lower_edge(theme: Theme, page: QWidget, text: str) -> None:
    bar = MessageBar(theme, page)
    Floating(bar, page, theme)
    bar.show_message("error", text)
    assert page.rect().contains(bar.geometry())
    assert bar.geometry().bottom() > page.height() - 80
    assert bar.text.height() >= bar.text.heightForWidth(bar.text.width())


def test_a_message_follows_the_size_of_the_page(theme: Theme, page: QWidget, qtbot: QtBot) -> None:
    bar = MessageBar(theme, page)
    Floating(bar, page, theme)
    bar.show_message("error", LONG)
    page.resize(500, 400)
    qtbot.waitUntil(lambda: QRect(QPoint(0, 0), page.size()).contains(bar.geometry()))
    assert bar.width() < 500


def test_an_empty_text_takes_the_message_away(theme: Theme, page: QWidget) -> None:
    bar = MessageBar(theme, page)
    bar.show_message("error", "There is no such file.")
    bar.show_message("info", "")
    assert bar.isHidden()


@pytest.mark.parametrize("escaped", ["pages", "messages"])
def test_escape_closes_a_message_from_the_page_and_from_the_bar(window: MainWindow, escaped: str) -> None:
    window.show_message("error", "There is no such file.")
    QTest.keyClick(getattr(window, escaped), Qt.Key.Key_Escape)
    assert not window.messages.isVisible()


def test_an_old_error_goes_with_the_next_edit(window: MainWindow) -> None:
    window.show_message("error", "This cannot be trained yet.")
    edit(window)
    assert not window.messages.isVisible()


def test_what_was_said_of_copying_goes_when_layers_are_copied(window: MainWindow) -> None:
    window.document.select((window.document.network.input.name,))
    window.actions_by_id["copy"].trigger()
    assert window.messages.isVisible()
    window.document.select(("pool2",))
    window.actions_by_id["copy"].trigger()
    assert not window.messages.isVisible()


def test_opening_leaves_news_that_is_about_no_action(window: MainWindow) -> None:
    window.notices.warn_of_news("The disk is full.")
    window.open_path(resource_path("photos", "coffee.png"))
    assert window.messages.isVisible()


def test_an_old_error_goes_when_weights_are_chosen(window: MainWindow) -> None:
    window.show_message("warning", "2 files or folders were dropped.")
    window.questions.weights_chosen.emit(resource_path("photos", "coffee.png"))
    assert not window.messages.isVisible()


def test_an_error_inside_the_studio_stays_to_be_copied(window: MainWindow) -> None:
    window.show_unexpected("KeyError: 'x'", "Traceback")
    edit(window)
    assert window.messages.isVisible()


def test_news_of_a_page_behind_stays_while_one_builds(window: MainWindow) -> None:
    window.pages.message.emit("error", "The training has failed: the disk is full.")
    edit(window)
    assert window.messages.isVisible()


def test_an_error_of_a_file_goes_when_another_is_read(
    theme: Theme, qtbot: QtBot, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    broken = tmp_path / "broken.h5"
    broken.write_bytes(b"no weights")
    made = InspectPage(theme, a_selection())
    qtbot.addWidget(made)
    request.addfinalizer(made.close_jobs)
    qtbot.waitUntil(lambda: not made.response.is_busy)
    told: list[str] = []
    made.message.connect(lambda _severity, text: told.append(text))
    made.open_file(broken)
    qtbot.waitUntil(lambda: len(told) == 1)
    made.open_file(Path(__file__).parent.parent / "fixtures" / "tensorspace_mnist_keras2.1.6.h5")
    qtbot.waitUntil(lambda: len(told) == 2)
    assert "broken.h5" in told[0]
    assert told[1] == ""
