"""Putting pictures right on the Data page: by keys, menu and button, with undo, and as a table."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from cnnstudio.core.project import Project
from cnnstudio.core.project.data import Corrections, DataChoice
from cnnstudio.core.tasks.balance import weights_words
from cnnstudio.engine import data as datasets
from cnnstudio.engine.data.folder.scan import scan
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.fields.simple import SwitchEditor
from cnnstudio.gui.pages.data.page import DataPage
from cnnstudio.gui.theme.theme import Theme
from tests.core.pictures import stack
from tests.folders import class_folders
from tests.gui.data_pages import data_pages

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    return class_folders(tmp_path / "pets", {"cat": 20, "dog": 20}, size=(12, 16))


@pytest.fixture
def document(qapp: QApplication, pets: Path) -> Iterator[Document]:
    found = scan(pets)
    data = DataChoice(source=found.source, preparation=found.preparation)
    made = Document(Project(network=stack("rescale conv(8,3) flatten dense(2,softmax)"), data=data))
    yield made
    made.undo_stack.clear()


@pytest.fixture
def page(document: Document, theme: Theme, qtbot: QtBot) -> Iterator[DataPage]:
    with data_pages(document, theme, qtbot, datasets.load) as make:
        made = make()
        qtbot.waitUntil(made.browser.isVisible)
        yield made


def corrections(document: Document) -> Corrections:
    return document.project.data.corrections


def pick(page: DataPage, *places: int) -> list[str]:
    """Click on cells, all but the first with Ctrl; gives their locators."""
    grid, keys = page.browser.grid, NONE
    for place in places:
        grid.scrollTo(grid.samples.index(place))
        QTest.mouseClick(grid.viewport(), LEFT, keys, grid.visualRect(grid.samples.index(place)).center())
        keys = Qt.KeyboardModifier.ControlModifier
    assert grid.samples.shown is not None
    return [grid.samples.shown.locator(place) for place in places]


def count(page: DataPage) -> int:
    return page.browser.grid.samples.rowCount()


def entry(menu: QMenu, text: str) -> None:
    """Choose an entry of a menu or of a menu in it."""
    actions = [action for one in (menu, *menu.findChildren(QMenu)) for action in one.actions()]
    next(action for action in actions if action.text().partition("\t")[0] == text).trigger()


def test_the_delete_key_leaves_out_what_is_chosen_as_one_step(
    page: DataPage, document: Document, qtbot: QtBot
) -> None:
    before = count(page)
    names = pick(page, 2, 5)
    QTest.keyClick(page.browser.grid, Qt.Key.Key_Delete)
    assert corrections(document).left_out == tuple(names)
    assert document.undo_stack.undoText() == "Leave out 2 pictures"
    qtbot.waitUntil(lambda: count(page) < before)
    assert names[0] not in [page.browser.grid.samples.sample(row).locator for row in range(count(page))]
    document.undo_stack.undo()
    assert corrections(document) == Corrections()
    qtbot.waitUntil(lambda: count(page) == before)


def test_another_class_is_given_from_the_menu_and_marked(
    page: DataPage, document: Document, qtbot: QtBot
) -> None:
    (name,) = pick(page, 3)
    other = "dog" if name.startswith("cat") else "cat"
    entry(page.browser.put_right.menu(), other)
    assert corrections(document).relabelled == {name: other}
    assert document.undo_stack.undoText() == f"Say that 1 picture is {other}"
    samples, grid = page.browser.grid.samples, page.browser.grid
    QTest.mouseClick(page.browser.filter.of.button("corrected"), LEFT)
    qtbot.waitUntil(lambda: count(page) == 1 and samples.mark(0) == "given another class")
    assert samples.index(0).data() == other
    QTest.keyClick(grid, Qt.Key.Key_Backspace)
    assert corrections(document) == Corrections()
    qtbot.waitUntil(lambda: count(page) == 0)


def test_the_class_it_always_was_of_is_no_correction(page: DataPage, document: Document) -> None:
    (name,) = pick(page, 3)
    was = name.partition("/")[0]
    page.browser.put_right.relabel("dog" if was == "cat" else "cat")
    page.browser.put_right.relabel(was)
    assert corrections(document) == Corrections()


def test_what_was_left_out_is_listed_and_put_back(page: DataPage, document: Document, qtbot: QtBot) -> None:
    before = count(page)
    pick(page, 0, 1, 2)
    page.browser.put_right.leave_out()
    qtbot.waitUntil(lambda: page.browser.filter.of.button("corrected").text() == "Put right 3")
    QTest.mouseClick(page.browser.filter.of.button("corrected"), LEFT)
    qtbot.waitUntil(lambda: count(page) == 3)
    qtbot.waitUntil(lambda: page.sample.place.text() == "Left out")
    QTest.keyClick(page.browser.grid, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    entry(page.browser.put_right.menu(), "Put back")
    assert corrections(document) == Corrections()
    QTest.mouseClick(page.browser.filter.of.button("training"), LEFT)
    qtbot.waitUntil(lambda: count(page) == before)


def test_the_next_picture_is_looked_at_when_one_is_left_out(page: DataPage, qtbot: QtBot) -> None:
    grid, before = page.browser.grid, count(page)
    pick(page, 4)
    gone = grid.samples.sample(4).row
    QTest.keyClick(grid, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: count(page) != before)
    assert grid.samples.shown is not None
    rows = grid.samples.shown.rows
    assert rows[grid.currentIndex().row()] == rows[rows > gone].min()


@pytest.mark.parametrize("how", ["F2", "button", "right click"])
def test_menus_open_at_the_key_the_button_and_the_mouse(page: DataPage, qtbot: QtBot, how: str) -> None:
    grid = page.browser.grid
    pick(page, 1)
    match how:
        case "F2":
            QTest.keyClick(grid, Qt.Key.Key_F2)
        case "button":
            QTest.mouseClick(page.browser.filter.more, LEFT)
        case _:
            grid.menu_wanted.emit(grid.viewport().mapToGlobal(QPoint(20, 20)))
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    first = menu.actions()[0].text().partition("\t")[0]
    assert first == ("cat" if how == "F2" else "Another class")
    menu.close()
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is None)


def test_the_corrections_are_saved_as_a_table(
    page: DataPage, document: Document, tmp_path: Path, qtbot: QtBot
) -> None:
    (name,) = pick(page, 3)
    page.browser.put_right.leave_out()
    qtbot.waitUntil(lambda: page.browser.filter.of.button("corrected").text() == "Put right 1")
    page.browser.put_right.ask_where_to_save()
    dialog = next(one for one in page.findChildren(QFileDialog) if one.isVisible())
    edit = dialog.findChild(QLineEdit)
    assert edit is not None
    edit.setText(str(tmp_path / "mended.csv"))
    with qtbot.waitSignal(page.message) as told:
        dialog.accept()
    assert told.args == ["info", "Saved 1 correction to mended.csv."]
    with (tmp_path / "mended.csv").open(newline="") as file:
        assert list(csv.reader(file))[1] == [name, name.partition("/")[0], "left out"]


def test_the_file_of_a_sample_is_shown_in_its_folder_and_its_path_copied(
    page: DataPage, pets: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(QUrl(url).toLocalFile()))
    (name,) = pick(page, 2)
    qtbot.waitUntil(lambda: page.sample.file.name.whole_text() == name)
    QTest.mouseClick(page.sample.file.copy, LEFT)
    assert QGuiApplication.clipboard().text() == str(pets / name)
    QTest.mouseClick(page.sample.file.folder, LEFT)
    assert opened == [str((pets / name).parent)]
    pick(page, 2, 3)
    page.browser.put_right.copy_path()
    assert len(QGuiApplication.clipboard().text().splitlines()) == 2


def test_names_are_searched_as_they_are_written(page: DataPage, qtbot: QtBot) -> None:
    all_of_them = count(page)
    QTest.keyClicks(page.browser.filter.text, "DOG/00")
    qtbot.waitUntil(lambda: count(page) < all_of_them)
    names = [page.browser.grid.samples.sample(row).locator for row in range(count(page))]
    assert names
    assert all(name.startswith("dog/00") for name in names)
    assert page.browser.filter.hits.text() == f"{len(names)} of {all_of_them}"
    page.browser.filter.text.clear()
    qtbot.waitUntil(lambda: count(page) == all_of_them)


def test_classes_that_are_not_balanced_are_weighed_by_the_switch_beside_their_numbers(
    document: Document, theme: Theme, tmp_path: Path, qtbot: QtBot
) -> None:
    found = scan(class_folders(tmp_path / "farm", {"ant": 80, "bee": 20}, size=(12, 16)))
    uneven = DataChoice(source=found.source, preparation=found.preparation)
    document.apply("x", document.project.with_data(uneven))
    with data_pages(document, theme, qtbot, datasets.load) as make:
        page = make()
        card = page.browser.classes
        qtbot.waitUntil(lambda: "Not balanced: 18 of 'bee' to 72 of 'ant'" in card.balance.text())
        shown = page.browser.grid.samples.shown
        assert shown is not None
        assert card.weights.text() == weights_words(("ant", "bee"), shown.data.catalog.counts[:, 0].tolist())
        editor = card.switch.rows["class_weights"].editor
        assert isinstance(editor, SwitchEditor)
        editor.box.click()
        assert document.project.training.class_weights
        assert document.undo_stack.undoText() == "Weigh the classes"
        document.undo_stack.undo()
        assert not editor.box.isChecked()


def test_a_piece_of_the_split_says_its_classes(page: DataPage) -> None:
    bar = page.summary.split_bar
    assert bar.part_words(0) == "29 training (cat: 14, dog: 15)"
    assert "cat: 14" in bar.accessibleDescription()
    for share, part in ((0.1, "training"), (0.8, "validation"), (0.99, "test")):
        assert part in bar.tooltip(round(share * bar.width()))
