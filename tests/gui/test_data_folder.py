"""The Data page over a folder of class folders: chosen, edited, read, refused."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event as Flag

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from cnnstudio.core.project import Project
from cnnstudio.core.project.data import DataChoice, Preparation, Split
from cnnstudio.core.project.sources import Folder, Included
from cnnstudio.engine import data as datasets
from cnnstudio.engine.data.budget import BUDGET
from cnnstudio.engine.data.dataset import Dataset
from cnnstudio.engine.data.decoded import DecodedSamples
from cnnstudio.engine.data.folder.scan import FoundFolder, scan
from cnnstudio.engine.data.source import Tell
from cnnstudio.engine.training.stopping import ShouldStop, StopRequested
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.fields.choices import SegmentedEditor
from cnnstudio.gui.fields.composite import MaybeEditor, PartsEditor
from cnnstudio.gui.fields.described_row import DescribedRow
from cnnstudio.gui.fields.simple import IntegerEditor
from cnnstudio.gui.pages.data.bars import Split as Shares
from cnnstudio.gui.pages.data.class_choice import ClassesEditor
from cnnstudio.gui.pages.data.page import DataPage
from cnnstudio.gui.pages.data.search import DataSearch
from cnnstudio.gui.pages.data.share import ShareEditor
from cnnstudio.gui.theme.theme import Theme
from tests.core.pictures import stack
from tests.folders import class_folders, write_picture
from tests.gui.data_pages import MakePage, data_pages
from tests.gui.drive import write_number

LEFT = Qt.MouseButton.LeftButton
MNIST = DataChoice(source=Included())


@pytest.fixture
def document(qapp: QApplication) -> Iterator[Document]:
    made = Document(Project(network=stack("rescale conv(8,3) maxpool flatten dense(10,softmax)"), data=MNIST))
    yield made
    made.undo_stack.clear()


@pytest.fixture
def make_page(document: Document, theme: Theme, qtbot: QtBot) -> Iterator[MakePage]:
    with data_pages(document, theme, qtbot, datasets.load) as make:
        yield make


@pytest.fixture
def page(make_page: MakePage, qtbot: QtBot) -> DataPage:
    made = make_page()
    qtbot.waitUntil(made.browser.isVisible)
    return made


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    return class_folders(tmp_path / "Pets & co", {"cat": 12, "dog": 22}, size=(12, 16))


def dialog_of(page: DataPage, qtbot: QtBot) -> QFileDialog:
    search = page.choice.search
    qtbot.waitUntil(lambda: any(one.isVisible() for one in page.findChildren(QFileDialog)))
    assert isinstance(search, DataSearch)
    return next(one for one in page.findChildren(QFileDialog) if one.isVisible())


def choose(page: DataPage, folder: Path, qtbot: QtBot) -> None:
    """Write the folder's name into the dialog that is open, and press Return."""
    dialog = dialog_of(page, qtbot)
    edit = dialog.findChild(QLineEdit)
    assert edit is not None
    edit.setText(str(folder))
    with qtbot.waitSignal(dialog.finished):
        dialog.accept()


def source_of(document: Document) -> Folder:
    source = document.project.data.source
    assert isinstance(source, Folder)
    return source


def side_lengths(document: Document) -> tuple[int, int]:
    size = document.project.data.preparation.size
    assert size is not None
    return size


def on_folder(pets: Path) -> DataChoice:
    found = scan(pets)
    return DataChoice(source=found.source, preparation=found.preparation)


def take(page: DataPage, folder: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.taken):
        page.use(folder)
    qtbot.waitUntil(lambda: page.browser.isVisible() and page.browser.filter.class_filter.count() == 3)


def test_a_click_on_the_card_asks_for_a_folder_and_takes_it_in_one_undo_step(
    page: DataPage, document: Document, pets: Path, qtbot: QtBot
) -> None:
    cards = page.choice.cards
    QTest.mouseClick(cards.folder, LEFT)
    assert not cards.folder.isChecked()
    choose(page, pets, qtbot)
    qtbot.waitUntil(cards.folder.isChecked)
    assert document.project.data == on_folder(pets)
    assert (document.undo_stack.count(), document.undo_stack.undoText()) == (
        1,
        "Use the pictures in Pets & co",
    )
    assert not any(card.isChecked() for card in cards.cards.values())
    assert cards.folder.accessibleName() == "Pets & co"
    assert "2 classes, 12 × 16 × 3 each" in cards.folder.accessibleDescription()
    assert page.choice.folder.path.toolTip() == str(pets)
    qtbot.waitUntil(lambda: page.browser.filter.class_filter.itemText(1) == "cat")
    document.undo_stack.undo()
    assert cards.cards["mnist"].isChecked()
    assert not cards.folder.isChecked()
    assert not page.choice.folder.isVisible()
    assert cards.folder.accessibleName() == "Folder of pictures…"


def test_the_space_key_asks_for_a_folder_and_arrow_keys_do_not(page: DataPage, qtbot: QtBot) -> None:
    cards = page.choice.cards
    cards.cards["fashion_mnist"].setFocus()
    QTest.keyClick(cards.cards["fashion_mnist"], Qt.Key.Key_Down)
    assert not page.findChildren(QFileDialog)
    cards.folder.setFocus()
    QTest.keyClick(cards.folder, Qt.Key.Key_Space)
    dialog_of(page, qtbot).reject()


def test_a_dialog_that_is_cancelled_leaves_everything_as_it_was(
    page: DataPage, document: Document, qtbot: QtBot
) -> None:
    before = document.project
    QTest.mouseClick(page.choice.cards.folder, LEFT)
    dialog = dialog_of(page, qtbot)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not page.findChildren(QFileDialog))
    assert document.project == before
    assert document.undo_stack.count() == 0
    assert page.choice.cards.cards["mnist"].isChecked()
    assert page.browser.isVisible()


def test_a_folder_that_is_no_data_set_is_told_below_the_cards_until_the_next_one(
    page: DataPage, document: Document, pets: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    before = document.project
    (tmp_path / "empty").mkdir()
    QTest.mouseClick(page.choice.cards.folder, LEFT)
    choose(page, tmp_path / "empty", qtbot)
    qtbot.waitUntil(lambda: "empty holds no class folders" in page.choice.refusal)
    assert document.project == before
    assert page.choice.cards.cards["mnist"].isChecked()
    assert page.choice.cards.folder.accessibleName() == "Folder of pictures…"
    take(page, pets, qtbot)
    assert page.choice.refusal == ""


def test_while_a_folder_is_looked_through_the_card_says_so(
    page: DataPage, pets: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    go = Flag()

    def slow(path: Path, should_stop: ShouldStop, tell: Tell) -> FoundFolder:
        go.wait(10)
        return scan(path, should_stop)

    monkeypatch.setattr("cnnstudio.gui.pages.data.search.find", slow)
    page.use(pets)
    card = page.choice.cards.folder
    assert (card.accessibleName(), card.isChecked()) == ("Pets & co", False)
    assert "Looking through" in card.accessibleDescription()
    go.set()
    qtbot.waitUntil(card.isChecked)


def test_an_included_data_set_takes_the_place_of_the_folder_and_undo_brings_it_back(
    page: DataPage, document: Document, pets: Path, qtbot: QtBot
) -> None:
    take(page, pets, qtbot)
    QTest.mouseClick(page.choice.cards.cards["fashion_mnist"], LEFT)
    assert document.project.data.source == Included(set="fashion_mnist")
    folder = page.choice.cards.folder
    assert (folder.isChecked(), folder.accessibleName()) == (False, "Folder of pictures…")
    assert not page.choice.folder.isVisible()
    document.undo_stack.undo()
    assert source_of(document).path == str(pets)
    assert page.choice.folder.isVisible()


def size_of(page: DataPage) -> PartsEditor:
    editor = page.choice.folder.editor("size")
    assert isinstance(editor, PartsEditor)
    return editor


def test_size_and_colors_are_edited_each_in_one_undo_step_and_read_anew(
    page: DataPage, document: Document, pets: Path, qtbot: QtBot
) -> None:
    take(page, pets, qtbot)
    width = size_of(page).parts[1]
    assert isinstance(width, IntegerEditor)
    write_number(width.spin, "20")
    QTest.keyClick(width.spin, Qt.Key.Key_Return)
    assert side_lengths(document) == (12, 20)
    assert document.undo_stack.undoText() == "Change size of the pictures"
    assert document.undo_stack.count() == 2
    colors = page.choice.folder.editor("colors")
    assert isinstance(colors, SegmentedEditor)
    QTest.mouseClick(colors.control.button("gray"), LEFT)
    facts = datasets.facts_of(document.project.data)
    assert facts is not None
    assert facts.sample_shape == (12, 20, 1)
    assert document.undo_stack.count() == 3
    qtbot.waitUntil(lambda: page.browser.grid.samples.sample(0).image.shape == (12, 20, 1))
    fit = page.choice.folder.editor("fit")
    assert isinstance(fit, SegmentedEditor)
    QTest.mouseClick(fit.control.button("pad"), LEFT)
    assert document.project.data.preparation == Preparation(size=(12, 20), fit="pad", colors="gray")
    assert document.undo_stack.undoText() == "Change fit of the pictures"
    qtbot.waitUntil(lambda: not page.browser.grid.samples.sample(0).image[:, 0].any())
    assert "12 × 20 × 1 each" in page.choice.cards.folder.accessibleDescription()


def test_the_card_of_a_folder_counts_all_its_pictures_whatever_the_limit(
    page: DataPage, document: Document, pets: Path, qtbot: QtBot
) -> None:
    take(page, pets, qtbot)
    before = page.choice.cards.folder.accessibleDescription()
    few = document.project.data.model_copy(update={"limit": 8})
    document.apply("x", document.project.with_data(few))
    assert page.choice.cards.folder.accessibleDescription() == before
    qtbot.waitUntil(lambda: "4 of every class" in page.browser.classes.balance.text())


def test_a_size_beyond_the_range_is_refused_in_place(
    page: DataPage, document: Document, pets: Path, qtbot: QtBot
) -> None:
    take(page, pets, qtbot)
    width = size_of(page).parts[1]
    assert isinstance(width, IntegerEditor)
    write_number(width.spin, "5000")
    assert side_lengths(document)[1] <= 1024


def test_another_folder_of_the_same_classes_keeps_size_and_colors(
    page: DataPage, document: Document, pets: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    take(page, pets, qtbot)
    chosen = Preparation(size=(20, 20), colors="gray")
    document.apply("x", document.project.with_data(document.project.data.with_preparation(chosen)))
    moved = class_folders(tmp_path / "moved", {"cat": 30, "dog": 30})
    QTest.mouseClick(page.choice.folder.another, LEFT)
    choose(page, moved, qtbot)
    qtbot.waitUntil(lambda: source_of(document).path == str(moved))
    assert source_of(document) == scan(moved).source
    assert document.project.data.preparation == chosen


def test_the_same_folder_again_is_no_edit_and_reads_what_is_in_it_now(
    page: DataPage, document: Document, pets: Path, qtbot: QtBot
) -> None:
    take(page, pets, qtbot)
    for file in pets.rglob("*.png"):
        write_picture(file, 250, (12, 16))
    QTest.mouseClick(page.choice.folder.another, LEFT)
    choose(page, pets, qtbot)
    qtbot.waitUntil(lambda: page.browser.grid.samples.sample(0).image.mean() > 220)
    assert document.undo_stack.count() == 1
    assert "Looking" not in page.choice.cards.folder.accessibleDescription()


def test_pictures_that_were_left_out_are_told_once(page: DataPage, pets: Path, qtbot: QtBot) -> None:
    (pets / "cat" / "005.png").write_bytes(b"")
    told: list[tuple[str, str]] = []
    page.message.connect(lambda *words: told.append(words))
    take(page, pets, qtbot)
    qtbot.waitUntil(lambda: "1 picture of 34 cannot be read" in told[-1][1])
    said = len(told)
    share = page.summary.split_bar.split()
    editor = page.choice.editor("validation_share")
    assert isinstance(editor, ShareEditor)
    QTest.keyClick(editor.slider, Qt.Key.Key_PageUp)
    qtbot.waitUntil(lambda: page.summary.split_bar.split() != share)
    assert len(told) == said


def test_a_project_whose_folder_is_gone_says_so_and_keeps_its_classes(
    make_page: MakePage, document: Document, pets: Path, qtbot: QtBot
) -> None:
    found = on_folder(pets)
    assert isinstance(found.source, Folder)
    gone = found.model_copy(update={"source": found.source.model_copy(update={"path": "/nowhere/pets"})})
    document.open(document.project.with_data(gone), None)
    page = make_page()
    qtbot.waitUntil(page.failure.isVisible)
    assert "There is no folder /nowhere/pets" in page.failure.sentence.text()
    assert "2 classes" in page.choice.cards.folder.accessibleDescription()
    assert any("has 2 classes" in finding.message for finding in document.findings)
    take(page, pets, qtbot)
    assert source_of(document).path == str(pets)


def test_reading_stops_when_other_images_are_wanted_and_when_the_page_goes(
    make_page: MakePage, document: Document, pets: Path, qtbot: QtBot
) -> None:
    ended: list[str] = []

    def endless(choice: DataChoice, should_stop: ShouldStop) -> Dataset:
        while not should_stop():
            Flag().wait(0.005)
        ended.append("" if choice.source is None else choice.source.type)
        raise StopRequested

    page = make_page(endless)
    with qtbot.waitSignal(page.taken):
        page.use(pets)
    qtbot.waitUntil(lambda: ended == ["included"])
    assert page.loading.isVisible()
    page.close_jobs()
    assert ended == ["included", "folder"]
    assert not page.failure.isVisible()


def test_images_that_take_long_to_read_again_give_way_to_a_word(
    make_page: MakePage, document: Document, pets: Path, qtbot: QtBot
) -> None:
    go = Flag()
    go.set()

    def load(choice: DataChoice, should_stop: ShouldStop) -> Dataset:
        go.wait(10)
        return datasets.load(choice, should_stop)

    page = make_page(load)
    take(page, pets, qtbot)
    go.clear()
    document.apply("x", document.project.with_data(document.project.data.with_split(Split(seed=3))))
    assert page.browser.isVisible()
    qtbot.waitUntil(page.loading.isVisible)
    assert page.loading.sentence.text() == "34 of Pets & co"
    go.set()
    qtbot.waitUntil(page.browser.isVisible)


def test_hundreds_of_classes_are_told_in_a_few_words(
    make_page: MakePage, document: Document, tmp_path: Path, qtbot: QtBot
) -> None:
    many = class_folders(tmp_path / "many", {f"c{number:03d}": 4 for number in range(120)}, size=(2, 2))
    page = make_page()
    with qtbot.waitSignal(page.taken):
        page.use(many)
    qtbot.waitUntil(lambda: page.browser.isVisible() and page.browser.filter.class_filter.count() == 121)
    assert page.browser.classes.bars.accessibleName() == "Images per class. 120 classes of 3 to 3 images"
    label = page.browser.grid.samples.sample(0).label
    told = f"One-hot vector: a 1 at class {label}, 0 at the other 119"
    qtbot.waitUntil(lambda: page.sample.cells.accessibleName() == told)
    page.sample.cells.grab()


def parted(root: Path) -> Path:
    """A folder with parts of its own, a file that is no picture and a loose picture."""
    for part, count in (("train", 10), ("val", 6), ("test", 4)):
        class_folders(root / part, {"cat": count, "dog": count}, size=(12, 16))
    (root / "train" / "cat" / "notes.txt").write_text("no picture")
    write_picture(root / "loose.png")
    return root


def test_a_folder_with_parts_of_its_own_says_so_and_offers_no_share(
    page: DataPage, document: Document, pets: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    take(page, parted(tmp_path / "parted"), qtbot)
    assert page.summary.split_bar.split() == Shares(20, 12, 8)
    told = page.summary.remarks
    assert told.isVisible()
    assert "The validation and test pictures are the folder's own; no share is held out." in told.text()
    assert "1 file without the ending of a picture and 1 picture outside of the class folders" in told.text()
    assert page.choice.own_validation.isVisible()
    assert "The 12 images of the folder's own validation part" in page.choice.own_validation.text.text()
    assert not page.choice.editor("validation_share").isVisible()
    assert "20 training, 12 validation, 8 test" in page.choice.cards.folder.accessibleDescription()
    take(page, pets, qtbot)
    assert not page.choice.own_validation.isVisible()
    assert page.choice.editor("validation_share").isVisible()
    qtbot.waitUntil(lambda: not told.isVisible())
    document.undo_stack.undo()
    assert page.choice.own_validation.isVisible()


def classes_of(page: DataPage) -> ClassesEditor:
    editor = page.choice.editor("classes")
    assert isinstance(editor, ClassesEditor)
    return editor


def reason_at(editor: ClassesEditor) -> str:
    row = editor.parentWidget()
    assert isinstance(row, DescribedRow)
    return row.reason.text()


def click_mark(page: DataPage, name: str, qtbot: QtBot) -> None:
    """Click the mark in front of a class."""
    names = classes_of(page).list
    item = names.findItems(name, Qt.MatchFlag.MatchExactly)[0]
    names.scrollToItem(item)
    place = names.visualItemRect(item)
    QTest.mouseClick(names.viewport(), LEFT, pos=QPoint(place.left() + 16, place.center().y()))


def test_classes_are_chosen_by_their_marks_each_in_one_undo_step(
    page: DataPage, document: Document, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = class_folders(tmp_path / "farm", {"ant": 3, "bee": 40, "cow": 11})
    with qtbot.waitSignal(page.taken):
        page.use(folder)
    qtbot.waitUntil(lambda: page.browser.filter.class_filter.itemText(3) == "cow")
    click_mark(page, "ant", qtbot)
    assert chosen_classes(document) == ("bee", "cow")
    assert document.undo_stack.undoText() == "Choose the classes"
    qtbot.waitUntil(lambda: page.browser.filter.class_filter.count() == 3)
    facts, shown = datasets.facts_of(document.project.data), page.summary.split_bar.split()
    assert facts is not None
    assert shown.training + shown.validation == facts.train_count == 36 + 10
    click_mark(page, "cow", qtbot)
    assert chosen_classes(document) == ("bee", "cow")
    assert "takes two classes" in reason_at(classes_of(page))
    QTest.keyClick(classes_of(page).list, Qt.Key.Key_Home)
    QTest.keyClick(classes_of(page).list, Qt.Key.Key_Space)
    assert chosen_classes(document) is None
    assert reason_at(classes_of(page)) == ""
    document.undo_stack.undo()
    item = classes_of(page).list.item(0)
    assert item.checkState() == Qt.CheckState.Unchecked


def chosen_classes(document: Document) -> tuple[str, ...] | None:
    return document.project.data.classes


def test_classes_in_an_order_of_their_own_keep_it(page: DataPage, document: Document, qtbot: QtBot) -> None:
    chosen = document.project.data.model_copy(update={"classes": ("7", "3", "5")})
    document.apply("x", document.project.with_data(chosen))
    click_mark(page, "1", qtbot)
    assert chosen_classes(document) == ("7", "3", "5", "1")
    click_mark(page, "3", qtbot)
    assert chosen_classes(document) == ("7", "5", "1")


def test_images_of_an_included_set_are_brought_to_a_size_too(
    page: DataPage, document: Document, pets: Path, qtbot: QtBot
) -> None:
    size = page.choice.editor("size")
    assert size.isVisible()
    assert isinstance(size, MaybeEditor)
    size.box.click()
    assert document.project.data.preparation == Preparation(size=(28, 28))
    assert document.undo_stack.undoText() == "Change size of the pictures"
    colors = page.choice.editor("colors")
    assert isinstance(colors, SegmentedEditor)
    QTest.mouseClick(colors.control.button("color"), LEFT)
    qtbot.waitUntil(lambda: page.browser.grid.samples.sample(0).image.shape == (28, 28, 3))
    take(page, pets, qtbot)
    assert not size.isVisible()
    assert page.choice.folder.editor("size").isVisible()


def test_closing_the_page_stops_the_reading_of_deep_pictures(
    page: DataPage, pets: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    begun, ended = Flag(), Flag()

    def endless(path: Path, should_stop: ShouldStop, tell: Tell) -> FoundFolder:
        begun.set()
        while not should_stop():
            Flag().wait(0.005)
        ended.set()
        raise StopRequested

    monkeypatch.setattr("cnnstudio.gui.pages.data.search.find", endless)
    page.use(pets)
    qtbot.waitUntil(begun.is_set)
    page.close_jobs()
    assert ended.is_set()


def test_looking_through_a_folder_can_be_cancelled(
    page: DataPage, document: Document, pets: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    ended = Flag()

    def endless(path: Path, should_stop: ShouldStop, tell: Tell) -> FoundFolder:
        tell(1_234)
        tell(9_999)
        while not should_stop():
            Flag().wait(0.005)
        ended.set()
        raise StopRequested

    monkeypatch.setattr("cnnstudio.gui.pages.data.search.find", endless)
    before = document.project
    assert not page.choice.cancel.isVisible()
    page.use(pets)
    folder = page.choice.cards.folder
    qtbot.waitUntil(lambda: "Looking through the folder…. 1,234 pictures" in folder.accessibleDescription())
    QTest.mouseClick(page.choice.cancel, LEFT)
    qtbot.waitUntil(ended.is_set)
    assert not page.choice.cancel.isVisible()
    assert page.choice.cards.folder.accessibleName() == "Folder of pictures…"
    assert (document.project, page.choice.refusal) == (before, "")


def test_the_memory_for_pictures_is_shown_and_set(
    page: DataPage, pets: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(BUDGET, "most_bytes", BUDGET.most_bytes)
    memory = page.choice.memory
    assert not memory.isVisible()
    take(page, pets, qtbot)
    qtbot.waitUntil(lambda: memory.used.text().startswith("0.0 MB"))
    assert memory.isVisible()
    editor = memory.rows.rows["megabytes"].editor
    assert isinstance(editor, IntegerEditor)
    samples = page.browser.grid.samples
    assert samples.shown is not None
    before = samples.shown.data.samples
    with qtbot.waitSignal(page.memory_chosen) as told:
        write_number(editor.spin, "0")
        editor.spin.clearFocus()
        QTest.keyClick(editor.spin, Qt.Key.Key_Return)
    assert (told.args, BUDGET.most_bytes) == ([0], 0)
    qtbot.waitUntil(lambda: samples.shown is not None and samples.shown.data.samples is not before)
    qtbot.waitUntil(lambda: not page.browser.is_busy)
    kept = samples.shown.data.samples
    assert isinstance(kept, DecodedSamples)
    assert kept.kept_bytes == 0
