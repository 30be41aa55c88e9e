"""What floats over the window: completions, lists that open, dialogs and the command palette."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QColor
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QDialogButtonBox,
    QLineEdit,
    QListWidget,
    QMessageBox,
    QStyle,
    QWidget,
)
from pytestqt.qtbot import QtBot

from cnnstudio.gui.command_palette import CommandPalette
from cnnstudio.gui.header import Header
from cnnstudio.gui.main_window import MainWindow
from cnnstudio.gui.theme.theme import Theme


def ground(widget: QWidget) -> QColor:
    """The colour near the lower right corner, where there is no text."""
    picture = widget.grab().toImage()
    return picture.pixelColor(picture.width() - 6, picture.height() - 4)


@pytest.fixture(params=["light", "dark"])
def look(theme: Theme, request: pytest.FixtureRequest) -> Theme:
    theme.set_mode(request.param)
    return theme


def test_completions_have_the_ground_of_a_card(look: Theme, qtbot: QtBot) -> None:
    edit = QLineEdit()
    qtbot.addWidget(edit)
    completer = QCompleter(["resources", "readme"], edit)
    edit.setCompleter(completer)
    edit.resize(300, 32)
    edit.show()
    completer.setCompletionPrefix("re")
    completer.complete()
    popup = completer.popup()
    assert popup is not None
    assert ground(popup) == look.color("card")
    popup.hide()


def test_a_list_inside_a_page_shows_the_ground_of_the_page(look: Theme, qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    page.setProperty("surface", "canvas")
    page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    inside = QListWidget(page)
    page.resize(200, 200)
    inside.resize(200, 200)
    page.show()
    assert ground(page) == look.color("canvas")


@pytest.mark.parametrize("count", [2, 7, 10])
def test_a_list_that_opens_shows_its_last_row_whole(look: Theme, qtbot: QtBot, count: int) -> None:
    combo = QComboBox()
    qtbot.addWidget(combo)
    combo.addItems([f"Choice {number}" for number in range(count)])
    combo.show()
    combo.showPopup()
    view = combo.view()
    last = view.visualRect(combo.model().index(count - 1, 0))
    assert view.viewport().rect().contains(last)
    combo.hidePopup()


def test_buttons_of_dialogs_have_no_pictures(look: Theme, qtbot: QtBot) -> None:
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
    qtbot.addWidget(box)
    box.show()
    assert all(button.icon().isNull() for button in box.buttons())


def test_the_picture_of_a_question_is_in_the_colours_of_the_theme(look: Theme, qtbot: QtBot) -> None:
    box = QMessageBox(QMessageBox.Icon.Question, "Studio", "Save the project?")
    qtbot.addWidget(box)
    box.ensurePolished()
    icon = box.style().standardIcon(QStyle.StandardPixmap.SP_MessageBoxQuestion, None, box)
    picture = icon.pixmap(48, 48).toImage()
    drawn = {
        picture.pixelColor(x, y).name()
        for x in range(picture.width())
        for y in range(picture.height())
        if picture.pixelColor(x, y).alpha() == 255
    }
    assert look.color("accent").name() in drawn


def test_the_command_palette_has_a_border_and_the_ground_of_a_card(look: Theme, qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    action = QAction("Save", parent)
    palette = CommandPalette([action], look, parent)
    palette.show()
    picture = palette.grab().toImage()
    assert picture.pixelColor(0, picture.height() // 2) == look.color("outline")
    assert picture.pixelColor(4, 4) == look.color("card")
    palette.close()


def test_nothing_is_chosen_in_the_switcher_while_the_start_page_is_shown(window: MainWindow) -> None:
    header = window.header
    window.pages.show_start()
    assert header.pages.value() is None
    assert not _chosen(header)
    window.show_page("data")
    assert _chosen(header) == ["Data"]


def _chosen(header: Header) -> list[str]:
    keys = ("build", "data", "train", "inspect")
    return [header.pages.button(key).text() for key in keys if header.pages.button(key).isChecked()]
