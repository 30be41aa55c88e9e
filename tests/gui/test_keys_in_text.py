"""Text that can be selected but not written keeps the keys of a text; commands on layers stay away."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cnnstudio.core.project import Project
from cnnstudio.gui.commands.actions import ACTIONS
from cnnstudio.gui.pages.builder.code.view import CodeView
from cnnstudio.gui.window.main_window import MainWindow
from tests.core.pictures import stack
from tests.gui import edits

PICTURE = "a=conv(8,3) b=maxpool c=flatten d=dense(10)"
ON_NO_SELECTION = ("undo", "redo", "add")
LAYER_KEYS = [
    spec.shortcut
    for spec in ACTIONS
    if spec.menu == "Edit" and spec.shortcut and spec.id not in ON_NO_SELECTION
]


@pytest.fixture
def studio(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """The window over a short stack, `b` selected, layers on the clipboard, the code in sight."""
    window.theme.animation_ms = 0
    window.document.open(Project(network=stack(PICTURE)), None)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.document.select(("b",))
    window.put_on_clipboard(edits.copy_selected(window.document))
    window.pages.build.toggle_code()
    qtbot.waitUntil(lambda: "name='d'" in window.pages.build.code.view.toPlainText())
    return window


def press(widget: QWidget, keys: str) -> None:
    QTest.keySequence(widget, QKeySequence(keys))


def code_with_focus(window: MainWindow) -> CodeView:
    """The code, clicked at the line of `b`."""
    view = window.pages.build.code.view
    line = next(at for at, text in enumerate(view.toPlainText().split("\n")) if "name='b'" in text)
    cursor = QTextCursor(view.document().findBlockByNumber(line))
    view.setTextCursor(cursor)
    view.ensureCursorVisible()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.cursorRect().center())
    assert view.hasFocus()
    assert window.document.selection == ("b",)
    return view


def test_ctrl_c_in_the_code_copies_the_code(studio: MainWindow) -> None:
    view = code_with_focus(studio)
    QTest.keyClick(view, Qt.Key.Key_Home)
    QTest.keyClick(view, Qt.Key.Key_End, Qt.KeyboardModifier.ShiftModifier)
    press(view, "Ctrl+C")
    assert studio.clipboard_text() == view.textCursor().block().text()
    assert "name='b'" in studio.clipboard_text()


def test_ctrl_a_in_the_code_selects_the_text(studio: MainWindow) -> None:
    view = code_with_focus(studio)
    press(view, "Ctrl+A")
    press(view, "Ctrl+C")
    assert studio.clipboard_text() == view.toPlainText()


@pytest.mark.parametrize("keys", ["Backspace", "Shift+Del", "Ctrl+Ins", *LAYER_KEYS])
def test_in_the_code_no_key_changes_the_stack(studio: MainWindow, keys: str) -> None:
    before = studio.document.project
    view = code_with_focus(studio)
    press(view, keys)
    assert studio.document.project is before
    assert view.hasFocus()


def test_undo_and_redo_go_on_working_in_the_code(studio: MainWindow) -> None:
    edits.delete_selected(studio.document)
    edited = studio.document.project
    view = studio.pages.build.code.view
    view.setFocus()
    press(view, "Ctrl+Z")
    assert "b" in studio.document.network.positions
    press(view, "Ctrl+Shift+Z")
    assert studio.document.project == edited


def test_the_keys_of_pages_go_on_working_in_the_code(studio: MainWindow) -> None:
    press(code_with_focus(studio), "Ctrl+2")
    assert studio.pages.key == "data"


def test_page_down_scrolls_the_code(studio: MainWindow) -> None:
    view = code_with_focus(studio)
    view.show_top()
    QTest.keyClick(view, Qt.Key.Key_PageDown)
    assert view.textCursor().blockNumber() > 0


@pytest.mark.parametrize("part", ["text", "details"])
def test_the_text_of_a_message_is_copied_and_no_key_changes_the_stack(studio: MainWindow, part: str) -> None:
    before = studio.document.project
    studio.show_unexpected("A sentence", "A traceback")
    studio.messages.more.click()
    text = getattr(studio.messages, part)
    text.setFocus()
    press(text, "Ctrl+A")
    press(text, "Ctrl+C")
    assert studio.clipboard_text() == (text.text() if part == "text" else "A traceback")
    for keys in ("Del", "Ctrl+X", "Ctrl+V", "Backspace"):
        press(text, keys)
    assert studio.document.project is before
    assert studio.document.selection == ("b",)


def test_the_table_keeps_the_commands_on_layers(studio: MainWindow) -> None:
    table = studio.pages.build.panel.table
    table.setFocus()
    press(table, "Ctrl+C")
    assert '"b"' in studio.clipboard_text()
    press(table, "Del")
    assert "b" not in studio.document.network.positions


@pytest.mark.parametrize(
    ("selected", "told"),
    [
        ("input", "There is nothing to copy: the Input cannot be copied, as every network has its own."),
        ("", "There is nothing to copy: no layer is selected."),
    ],
)
@pytest.mark.parametrize("part", ["stack", "table"])
def test_where_no_layer_can_be_copied_the_key_says_so_and_leaves_the_clipboard(
    studio: MainWindow, part: str, selected: str, told: str
) -> None:
    build = studio.pages.build
    widget = build.stack if part == "stack" else build.panel.table
    studio.document.select((studio.document.network.input.name,) if selected else ())
    studio.put_on_clipboard("as before")
    widget.setFocus()
    press(widget, "Ctrl+C")
    assert studio.clipboard_text() == "as before"
    assert studio.messages.text.text().startswith(told)
