"""What floats over the window: completions, lists that open, dialogs and the command palette."""

import itertools

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAction, QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QCompleter,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QMessageBox,
    QStyle,
    QWidget,
)
from pytestqt.qtbot import QtBot

from cnnstudio.gui.commands.actions import ACTIONS
from cnnstudio.gui.commands.command_palette import CommandPalette
from cnnstudio.gui.commands.shortcut_sheet import ShortcutSheet
from cnnstudio.gui.pages import TABS
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.quiet_combo import QuietCombo
from cnnstudio.gui.widgets.round_menu import RoundMenu
from cnnstudio.gui.window.header import Header
from cnnstudio.gui.window.main_window import MainWindow


def ground(widget: QWidget) -> QColor:
    """The color near the lower right corner, where there is no text."""
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


def test_the_picture_of_a_question_is_in_the_colors_of_the_theme(look: Theme, qtbot: QtBot) -> None:
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


@pytest.fixture
def owner(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def commands(parent: QWidget, theme: Theme, *names: str) -> CommandPalette:
    """The palette over commands of these names; the first has a shortcut."""
    actions = [QAction(name, parent) for name in names]
    actions[0].setShortcut("Ctrl+Shift+S")
    palette = CommandPalette(actions, theme, parent)
    palette.show()
    return palette


def test_the_command_palette_says_when_no_command_fits(look: Theme, owner: QWidget) -> None:
    palette = commands(owner, look, "Save", "Open")
    QTest.keyClicks(palette.search, "zzzz")
    assert palette.nothing.isVisible()
    assert palette.nothing.text() == "No command fits."
    QTest.keyClick(palette.search, Qt.Key.Key_Return)
    assert palette.isVisible()
    palette.search.selectAll()
    QTest.keyClicks(palette.search, "op")
    assert [palette.list.item(at).text() for at in range(palette.list.count())] == ["Open"]
    assert not palette.nothing.isVisible()
    palette.close()


def inked(palette: CommandPalette, row: int, look: Theme) -> list[int]:
    """The columns of the list in which something is painted on the ground of a row that is not marked."""
    view = palette.list
    rect = view.visualItemRect(view.item(row))
    picture = palette.grab(QRect(view.viewport().mapTo(palette, rect.topLeft()), rect.size())).toImage()
    middle = range(picture.height() // 4, 3 * picture.height() // 4)
    return [
        x
        for x in range(picture.width())
        if any(picture.pixelColor(x, y) != look.color("card") for y in middle)
    ]


def test_shortcuts_stand_at_the_right_and_a_long_name_ends_before_them(look: Theme, owner: QWidget) -> None:
    palette = commands(owner, look, "Undo: " + "a long step " * 20, "Open")
    palette.list.setCurrentRow(1)
    columns = inked(palette, 0, look)
    gaps = [right - left for left, right in itertools.pairwise(columns)]
    keys = columns[gaps.index(max(gaps)) + 1]
    assert max(gaps) >= 12
    assert keys > palette.list.width() * 0.7
    assert max(columns) >= palette.list.viewport().width() - 14
    item = palette.list.item(0)
    assert item.data(Qt.ItemDataRole.AccessibleTextRole).endswith("Ctrl+Shift+S")
    palette.close()


def test_the_command_palette_has_round_corners(look: Theme, owner: QWidget) -> None:
    palette = commands(owner, look, "Save")
    picture = palette.grab().toImage()
    right, bottom = picture.width() - 1, picture.height() - 1
    corners = [(0, 0), (right, 0), (0, bottom), (right, bottom)]
    assert all(picture.pixelColor(x, y).alpha() == 0 for x, y in corners)
    assert not any(palette.mask().contains(QPoint(x, y)) for x, y in corners)
    palette.close()


def test_nothing_is_chosen_in_the_switcher_while_the_start_page_is_shown(window: MainWindow) -> None:
    header = window.header
    window.show_page("start")
    assert header.pages.value() is None
    assert not _chosen(header)
    window.show_page("data")
    assert _chosen(header) == ["Data"]


def _chosen(header: Header) -> list[str]:
    buttons = [header.pages.button(spec.key) for spec in TABS]
    return [button.text() for button in buttons if button.isChecked()]


def test_a_menu_writes_its_keys_quietly_and_leaves_its_corners_out(look: Theme, qtbot: QtBot) -> None:
    menu = RoundMenu()
    qtbot.addWidget(menu)
    action = menu.addAction("Save")
    action.setShortcut("Ctrl+S")
    menu.ensurePolished()
    menu.resize(menu.sizeHint())
    picture = menu.grab().toImage()
    right = picture.copy(picture.width() // 2, 0, picture.width() // 2 - 12, picture.height())
    drawn = {right.pixelColor(x, y).name() for x in range(right.width()) for y in range(right.height())}
    assert picture.pixelColor(0, 0).alpha() == 0
    assert look.color("text3").name() in drawn
    assert look.color("text").name() not in drawn


def test_a_list_that_opens_has_round_corners(look: Theme, qtbot: QtBot) -> None:
    combo = QuietCombo(["valid", "same"])
    qtbot.addWidget(combo)
    combo.show()
    combo.showPopup()
    opened = combo.view().window()
    picture = opened.grab().toImage()
    assert picture.pixelColor(0, 0).alpha() == 0
    right, bottom = opened.width() - 1, opened.height() - 1
    corners = [QPoint(x, y) for x in (0, right) for y in (0, bottom)]
    assert opened.mask().contains(opened.rect().center())
    assert not any(opened.mask().contains(corner) for corner in corners), "black where nothing blends"
    assert picture.pixelColor(picture.width() // 2, 0) == look.color("outline")
    combo.hidePopup()


def test_the_command_palette_is_as_high_as_what_it_finds(look: Theme, owner: QWidget) -> None:
    palette = commands(owner, look, *(f"Command {number}" for number in range(40)), "Open")
    full = palette.height()
    QTest.keyClicks(palette.search, "open")
    assert palette.height() < full <= look.scaled(400)
    assert not palette.list.verticalScrollBar().maximum()
    QTest.keyClicks(palette.search, "zzz")
    assert palette.rect().contains(palette.nothing.geometry())
    palette.close()


def test_a_command_without_an_icon_has_its_name_in_line_with_the_others(look: Theme, owner: QWidget) -> None:
    actions = [QAction(look.icon("save"), "Save", owner), QAction("Open", owner)]
    palette = CommandPalette(actions, look, owner)
    sizes = {palette.list.item(at).icon().actualSize(palette.list.iconSize()).width() for at in range(2)}
    assert len(sizes) == 1
    palette.close()


@pytest.mark.parametrize(("width", "columns"), [(840, 2), (480, 1)])
def test_the_shortcuts_stand_in_two_columns_where_there_is_room(
    look: Theme, owner: QWidget, width: int, columns: int
) -> None:
    owner.resize(1000, 800)
    sheet = ShortcutSheet(ACTIONS, look, owner)
    sheet.resize(width, 700)
    sheet.show()
    QApplication.processEvents()
    headings = [one for one in sheet.findChildren(QLabel) if one.property("role") == "overline"]
    assert len({one.mapTo(sheet, QPoint(0, 0)).x() for one in headings}) == columns
    sheet.close()
