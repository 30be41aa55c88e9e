"""Every command of the table does what it says by its keys; in a text field keys mean the text."""

from collections.abc import Callable, Iterator

import pytest
from msgspec import Struct
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QLineEdit,
    QMessageBox,
)
from pytestqt.qtbot import QtBot

from cnnstudio.core.project import Project
from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.project.sources import Included
from cnnstudio.gui.commands.actions import ACTIONS
from cnnstudio.gui.commands.command_palette import CommandPalette
from cnnstudio.gui.commands.shortcut_sheet import ShortcutSheet
from cnnstudio.gui.pages import TABS
from cnnstudio.gui.window.main_window import MainWindow
from cnnstudio.gui.window.repeat_dialog import RepeatDialog
from tests.core.pictures import names, stack
from tests.gui import edits

PICTURE = "a=conv(8,3) b=maxpool c=flatten d=dense(10)"
Step = Callable[[MainWindow], object]


def dialogs() -> list[QDialog]:
    return [top for top in QApplication.topLevelWidgets() if isinstance(top, QDialog) and top.isVisible()]


def opened(kind: type[QDialog], title: str = "") -> bool:
    """Whether that dialog, and no other, is open; closes it."""
    found = dialogs()
    fits = len(found) == 1 and isinstance(found[0], kind) and title in found[0].windowTitle()
    for dialog in found:
        dialog.close()
    return fits


@pytest.fixture
def studio(window: MainWindow, qtbot: QtBot) -> Iterator[MainWindow]:
    """The window over a short stack, `b` selected and the keyboard in the canvas."""
    window.theme.animation_ms = 0
    window.document.open(Project(network=stack(PICTURE), data=DataChoice(source=Included())), None)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.pages.build.stack.setFocus()
    window.document.select(("b",))
    yield window
    for dialog in dialogs():
        dialog.close()


def press(window: MainWindow, shortcut: str) -> None:
    """Press the keys where the keyboard is."""
    QTest.keySequence(QApplication.focusWidget() or window, QKeySequence(shortcut))


def shown(window: MainWindow) -> str:
    return names(window.document.network)


def selected(window: MainWindow) -> str:
    return " ".join(window.document.selection)


def nothing(_window: MainWindow) -> None:
    return None


def remove_b(window: MainWindow) -> None:
    edits.delete_selected(window.document)


def remove_b_and_undo(window: MainWindow) -> None:
    remove_b(window)
    window.document.undo_stack.undo()


def copy_b(window: MainWindow) -> None:
    window.put_on_clipboard(edits.copy_selected(window.document))


def type_five_times(window: MainWindow) -> bool:
    (asked,) = dialogs()
    assert isinstance(asked, RepeatDialog)
    asked.times.selectAll()
    QTest.keyClicks(asked.times, "5")
    QTest.keyClick(asked, Qt.Key.Key_Return)
    return [layer.type for layer in window.document.network.layers].count("MaxPooling2D") == 5


class Case(Struct, frozen=True):
    """What to do before the keys of a command are pressed, and what is true after."""

    then: Step
    before: Step = nothing


def showing(page: str) -> Case:
    """The keys of a page, pressed while the start page is shown."""
    return Case(lambda w: w.pages.page(page).isVisible(), lambda w: w.show_page("start"))


CASES: dict[str, Case] = {
    "new": Case(lambda w: w.pages.key == "start"),
    "open": Case(lambda _: opened(QFileDialog, "Open")),
    "save": Case(lambda _: opened(QFileDialog, "Save")),
    "save_as": Case(lambda _: opened(QFileDialog, "Save")),
    "open_weights": Case(lambda _: opened(QFileDialog, "Open weights")),
    "export": Case(lambda _: opened(QFileDialog, "Export")),
    "quit": Case(lambda w: opened(QMessageBox) and w.isVisible(), remove_b),
    "undo": Case(lambda w: shown(w) == "a b c d", remove_b),
    "redo": Case(lambda w: shown(w) == "a c d", remove_b_and_undo),
    "cut": Case(lambda w: shown(w) == "a c d" and '"b"' in w.clipboard_text()),
    "copy": Case(lambda w: shown(w) == "a b c d" and '"b"' in w.clipboard_text()),
    "paste": Case(lambda w: len(shown(w).split()) == 5 and len(w.document.selection) == 1, copy_b),
    "duplicate": Case(lambda w: len(shown(w).split()) == 5 and shown(w).startswith("a b ")),
    "repeat": Case(type_five_times),
    "delete": Case(lambda w: shown(w) == "a c d" and selected(w) == "c"),
    "move_up": Case(lambda w: shown(w) == "b a c d" and selected(w) == "b"),
    "move_down": Case(lambda w: shown(w) == "a c b d" and selected(w) == "b"),
    "freeze": Case(
        lambda w: not w.document.network.layer("a").trainable, lambda w: w.document.select(("a",))
    ),
    "disable": Case(lambda w: not w.document.network.layer("b").enabled),
    "group": Case(lambda w: w.document.network.layer("b").group == "group1"),
    "ungroup": Case(lambda w: not w.document.network.groups, lambda w: edits.group_selected(w.document)),
    "fold": Case(
        lambda w: w.pages.build.stack.stack.folding.heads["group1"].is_collapsed,
        lambda w: edits.group_selected(w.document),
    ),
    "rename": Case(lambda w: w.pages.build.stack.overlays.name_editor.hasFocus()),
    "add": Case(lambda w: w.pages.build.stack.overlays.search.field.hasFocus()),
    "select_all": Case(lambda w: selected(w) == "a b c d"),
    **{f"page_{spec.key}": showing(spec.key) for spec in TABS},
    "code": Case(lambda w: w.pages.build.code.isVisible()),
    "find_layer": Case(
        lambda w: w.pages.build.palette_panel.search.hasFocus(), lambda w: w.show_page("train")
    ),
    "previews": Case(lambda w: not (w.pages.build.previews.is_on or w.settings.previews)),
    "toggle_theme": Case(lambda w: w.theme.is_dark, lambda w: w.theme.set_mode("light")),
    "larger_text": Case(lambda w: w.theme.text_scale > 1.0),
    "smaller_text": Case(lambda w: w.theme.text_scale < 1.0),
    "commands": Case(lambda _: opened(CommandPalette)),
    "shortcuts": Case(lambda _: opened(ShortcutSheet)),
}
# Their work takes a thread, so what they call is watched instead.
CALLS = {"train": "start_training", "stop": "stop"}
SPECS = {spec.id: spec for spec in ACTIONS}
WITH_KEYS = [spec.id for spec in ACTIONS if spec.shortcut]


def test_every_command_with_keys_is_tried_here() -> None:
    assert {*CASES, *CALLS} >= set(WITH_KEYS)


@pytest.mark.parametrize("key", [key for key in WITH_KEYS if key not in CALLS])
def test_its_keys_do_what_the_command_says(studio: MainWindow, key: str) -> None:
    case = CASES[key]
    case.before(studio)
    assert studio.actions_by_id[key].isEnabled()
    press(studio, SPECS[key].shortcut)
    assert case.then(studio)


def test_the_keys_of_training_start_and_stop_it(studio: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(studio.training, "start", lambda *_: asked.append("start"))
    press(studio, SPECS["train"].shortcut)
    press(studio, SPECS["stop"].shortcut)
    assert asked == ["start"]
    monkeypatch.setattr(studio.training, "stop", lambda: asked.append("stop"))
    monkeypatch.setattr(type(studio.training), "is_running", property(lambda _: True))
    studio.training.running_changed.emit(True)
    press(studio, SPECS["stop"].shortcut)
    monkeypatch.undo()
    studio.training.running_changed.emit(False)
    assert asked == ["start", "stop"]


LAYER_COMMANDS = (
    "delete",
    "cut",
    "copy",
    "duplicate",
    "move_up",
    "move_down",
    "freeze",
    "select_all",
    "paste",
)


@pytest.mark.parametrize("key", LAYER_COMMANDS)
def test_on_another_page_the_keys_of_layers_do_nothing(studio: MainWindow, key: str) -> None:
    copy_b(studio)
    studio.show_page("data")
    studio.setFocus()
    press(studio, SPECS[key].shortcut)
    assert (shown(studio), selected(studio)) == ("a b c d", "b")


def search_field(window: MainWindow) -> QLineEdit:
    return window.pages.build.palette_panel.search


def name_in_the_form(window: MainWindow) -> QLineEdit:
    return window.pages.build.form.header.name


def name_in_the_stack(window: MainWindow) -> QLineEdit:
    window.pages.build.stack.commands.rename()
    return window.pages.build.stack.overlays.name_editor


def number_in_the_form(window: MainWindow) -> QLineEdit:
    window.document.select(("d",))
    window.pages.build.form.focus_setting("units")
    field = QApplication.focusWidget()
    found = field if isinstance(field, QLineEdit) else field and field.findChild(QLineEdit)
    assert isinstance(found, QLineEdit)
    return found


FIELDS = (search_field, name_in_the_form, name_in_the_stack, number_in_the_form)


def type_into(window: MainWindow, find: Callable[[MainWindow], QLineEdit]) -> QLineEdit:
    field = find(window)
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "12")
    assert field.text() == "12"
    return field


@pytest.mark.parametrize("find", FIELDS)
def test_delete_in_a_text_field_takes_a_letter(
    studio: MainWindow, find: Callable[[MainWindow], QLineEdit]
) -> None:
    field = type_into(studio, find)
    field.setCursorPosition(0)
    press(studio, SPECS["delete"].shortcut)
    assert (field.text(), len(shown(studio).split())) == ("2", 4)


@pytest.mark.parametrize("find", FIELDS)
def test_select_all_and_copy_in_a_text_field_are_of_the_text(
    studio: MainWindow, find: Callable[[MainWindow], QLineEdit]
) -> None:
    field = type_into(studio, find)
    before = selected(studio)
    press(studio, SPECS["select_all"].shortcut)
    assert (field.selectedText(), selected(studio)) == ("12", before)
    press(studio, SPECS["copy"].shortcut)
    assert studio.clipboard_text() == "12"
    press(studio, SPECS["cut"].shortcut)
    assert (field.text(), len(shown(studio).split())) == ("", 4)
    press(studio, SPECS["paste"].shortcut)
    assert (field.text(), len(shown(studio).split())) == ("12", 4)


@pytest.mark.parametrize("find", [search_field, name_in_the_stack])
def test_undo_in_a_text_field_takes_back_the_typing_and_no_edit(
    studio: MainWindow, find: Callable[[MainWindow], QLineEdit]
) -> None:
    remove_b(studio)
    field = type_into(studio, find)
    press(studio, SPECS["undo"].shortcut)
    assert field.text() != "12"
    assert shown(studio) == "a c d"
    press(studio, SPECS["redo"].shortcut)
    assert (field.text(), shown(studio)) == ("12", "a c d")


def test_undo_in_a_number_of_the_form_takes_the_setting_back(studio: MainWindow) -> None:
    before = studio.document.project
    field = type_into(studio, number_in_the_form)
    press(studio, SPECS["undo"].shortcut)
    assert studio.document.project == before
    assert field.text() == "10"
