"""The Data page over the shipped images and over a data set that cannot be read."""

from collections.abc import Iterator
from threading import Event as Flag

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from cnnstudio.core.project import Project
from cnnstudio.core.project.data import DataChoice, Split
from cnnstudio.core.project.sources import Included
from cnnstudio.core.tasks import TASKS, Classification, Segmentation, Task
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine import data as datasets
from cnnstudio.engine.data.dataset import Dataset
from cnnstudio.engine.training.stopping import ShouldStop, StopRequested, never
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.document.jobs import BackgroundJobs
from cnnstudio.gui.fields.choices import ComboEditor, SegmentedEditor
from cnnstudio.gui.fields.composite import MaybeEditor
from cnnstudio.gui.fields.described_row import DescribedRow
from cnnstudio.gui.fields.simple import ByChanceEditor, IntegerEditor
from cnnstudio.gui.pages.data.cards import DatasetCard
from cnnstudio.gui.pages.data.page import DataPage
from cnnstudio.gui.pages.data.samples import Sample
from cnnstudio.gui.pages.data.share import ShareEditor
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.quiet_combo import QuietCombo
from cnnstudio.gui.widgets.segmented import Segmented
from tests.core.pictures import stack
from tests.gui.data_pages import MakePage, data_pages
from tests.gui.drive import write_number

LEFT = Qt.MouseButton.LeftButton
MNIST = DataChoice(source=Included())
MISSING = "The images of MNIST are missing: mnist.npz. Install CNN Studio again."


def small(choice: DataChoice, should_stop: ShouldStop = never) -> Dataset:
    """The real data set, cut to 500 training images so that tests are quick."""
    data = datasets.load(choice, should_stop)
    parts = data.catalog.parts.copy()
    parts[data.catalog.rows("training")[500:]] = 3
    return replace(data, catalog=replace(data.catalog, parts=parts))


@pytest.fixture
def document(qapp: QApplication) -> Iterator[Document]:
    made = Document(Project(network=stack("rescale conv(8,3) maxpool flatten dense(10,softmax)"), data=MNIST))
    yield made
    made.undo_stack.clear()


@pytest.fixture
def make_page(document: Document, theme: Theme, qtbot: QtBot) -> Iterator[MakePage]:
    with data_pages(document, theme, qtbot, small) as make:
        yield make


@pytest.fixture
def page(make_page: MakePage, qtbot: QtBot) -> DataPage:
    made = make_page()
    # On a busy machine the page is seen before the sample that stands at its side.
    qtbot.waitUntil(lambda: made.browser.isVisible() and bool(made.sample.label_form.text()))
    return made


def data_of(document: Document) -> DataChoice:
    return document.project.data


def cards(page: DataPage) -> dict[str, DatasetCard]:
    return page.choice.cards.cards


def labels(page: DataPage) -> Segmented:
    editor = page.choice.editor("labels")
    assert isinstance(editor, SegmentedEditor)
    return editor.control


def share(page: DataPage) -> ShareEditor:
    editor = page.choice.editor("validation_share")
    assert isinstance(editor, ShareEditor)
    return editor


def seed(page: DataPage) -> ByChanceEditor:
    editor = page.choice.editor("seed")
    assert isinstance(editor, ByChanceEditor)
    return editor


def task_list(page: DataPage) -> QuietCombo:
    editor = page.choice.editor("task")
    assert isinstance(editor, ComboEditor)
    return editor.combo


def learned(document: Document) -> tuple[str, str]:
    return document.project.task.type, document.project.training.loss


def shown_sample(page: DataPage) -> Sample:
    return page.browser.grid.samples.sample(page.browser.grid.currentIndex().row())


def test_nothing_is_read_before_the_page_is_shown(document: Document, theme: Theme, qtbot: QtBot) -> None:
    read: list[DataChoice] = []

    def load(choice: DataChoice, should_stop: ShouldStop) -> Dataset:
        read.append(choice)
        return small(choice)

    page = DataPage(document, theme, load=load)
    qtbot.addWidget(page)
    document.apply("x", document.project.with_data(MNIST.with_split(Split(seed=4))))
    assert read == []
    page.show()
    qtbot.waitUntil(page.browser.isVisible)
    assert read == [MNIST.with_split(Split(seed=4))]
    page.close_jobs()


def test_while_images_are_read_the_page_says_so(make_page: MakePage, qtbot: QtBot) -> None:
    go = Flag()

    def slow(choice: DataChoice, should_stop: ShouldStop) -> Dataset:
        go.wait(10)
        return small(choice)

    page = make_page(slow)
    assert page.loading.isVisible()
    assert not page.browser.isVisible()
    go.set()
    qtbot.waitUntil(page.browser.isVisible)


def test_a_data_set_that_cannot_be_read_gives_a_message_and_a_second_try(
    make_page: MakePage, qtbot: QtBot
) -> None:
    broken, go = True, Flag()

    def load(choice: DataChoice, should_stop: ShouldStop) -> Dataset:
        go.wait(10)
        if broken:
            raise StudioError(MISSING)
        return small(choice)

    page = make_page(load)
    with qtbot.waitSignal(page.message) as told:
        go.set()
    assert told.args == ["error", MISSING]
    assert page.failure.isVisible()
    assert page.failure.accessibleDescription() == MISSING
    broken = False
    QTest.mouseClick(page.failure.button, LEFT)
    qtbot.waitUntil(page.browser.isVisible)


def test_the_split_is_drawn_with_its_counts(page: DataPage) -> None:
    split = page.summary.split_bar.split()
    assert (split.training, split.validation, split.test) == (500, 2_000, 2_000)
    assert page.summary.split_bar.accessibleName() == ("Split: 500 training, 2,000 validation, 2,000 test")


def test_class_counts_are_those_of_the_data(make_page: MakePage, qtbot: QtBot) -> None:
    page = make_page(datasets.load)
    qtbot.waitUntil(page.browser.isVisible)
    assert page.browser.classes.balance.text() == "Balanced: 1,000 of every class."
    assert "0: 1,000" in page.browser.classes.bars.accessibleName()


def test_a_click_on_a_card_chooses_the_data_set_as_one_undo_step(
    page: DataPage, document: Document, qtbot: QtBot
) -> None:
    QTest.mouseClick(cards(page)["fashion_mnist"], LEFT)
    assert data_of(document).source == Included(set="fashion_mnist")
    qtbot.waitUntil(lambda: page.browser.filter.class_filter.itemText(1) == "T-shirt")
    document.undo_stack.undo()
    assert data_of(document).source == Included(set="mnist")
    assert cards(page)["mnist"].isChecked()
    qtbot.waitUntil(lambda: page.browser.filter.class_filter.itemText(1) == "0")
    assert document.undo_stack.count() == 1


def test_arrow_keys_choose_the_other_card(page: DataPage, document: Document, qtbot: QtBot) -> None:
    card = cards(page)["mnist"]
    card.setFocus()
    QTest.keyClick(card, Qt.Key.Key_Down)
    assert data_of(document).source == Included(set="fashion_mnist")
    qtbot.waitUntil(lambda: page.browser.filter.class_filter.itemText(1) == "T-shirt")


def test_the_label_form_changes_what_the_loss_gets_but_reads_nothing_again(
    make_page: MakePage, document: Document, qtbot: QtBot
) -> None:
    read: list[DataChoice] = []

    def load(choice: DataChoice, should_stop: ShouldStop) -> Dataset:
        read.append(choice)
        return small(choice)

    page = make_page(load)
    qtbot.waitUntil(lambda: page.sample.label_form.text().startswith("The one-hot vector"))
    QTest.mouseClick(labels(page).button("integer"), LEFT)
    assert document.project.task == Classification(labels="integer")
    assert page.sample.label_form.text().startswith("The integer")
    assert len(read) == 1


def test_dragging_the_share_is_one_undo_step_and_splits_anew(
    page: DataPage, document: Document, qtbot: QtBot
) -> None:
    slider = share(page).slider
    slider.setSliderDown(True)
    for percent in (25, 28, 30):
        slider.setSliderPosition(percent)
    slider.setSliderDown(False)
    assert data_of(document).split.validation_share == 0.3
    assert share(page).field.value() == 0.3
    assert document.undo_stack.count() == 1
    qtbot.waitUntil(lambda: page.summary.split_bar.split().validation == 3_000)


def test_a_share_that_cannot_be_is_refused_in_place(page: DataPage, document: Document) -> None:
    edit = share(page).field.edit
    edit.selectAll()
    QTest.keyClicks(edit, "1.5")
    assert share(page).field.reason.isVisible()
    assert data_of(document).split.validation_share <= 0.9
    assert edit.text() == "1.5"


def test_a_share_that_becomes_unreadable_gives_back_all_that_was_taken_of_it(
    page: DataPage, document: Document
) -> None:
    before, edit = data_of(document).split.validation_share, share(page).field.edit
    QTest.keyClick(share(page).slider, Qt.Key.Key_Right)
    stepped = data_of(document).split.validation_share
    assert stepped != before
    edit.selectAll()
    QTest.keyClicks(edit, "0.35")
    assert share(page).slider.value() == 35
    QTest.keyClicks(edit, "x")
    assert (data_of(document).split.validation_share, edit.text()) == (stepped, "0.35x")
    assert share(page).slider.value() == round(100 * stepped)


def test_another_seed_holds_out_other_images(page: DataPage, document: Document, qtbot: QtBot) -> None:
    page.browser.filter.of.button("validation").click()
    before = [page.browser.grid.samples.sample(row).image for row in range(50)]
    while data_of(document).split.seed == 0:
        QTest.mouseClick(seed(page).dice, LEFT)

    def differs() -> bool:
        now = [page.browser.grid.samples.sample(row).image for row in range(50)]
        return not all(np.array_equal(one, other) for one, other in zip(before, now, strict=True))

    qtbot.waitUntil(differs)
    assert seed(page).spin.value() == data_of(document).split.seed


def test_the_grid_shows_all_samples_of_a_part_with_their_labels(page: DataPage) -> None:
    samples = page.browser.grid.samples
    assert samples.rowCount() == 500
    assert page.browser.filter.hits.text() == "500"
    QTest.mouseClick(page.browser.filter.of.button("test"), LEFT)
    assert (samples.rowCount(), page.browser.filter.hits.text()) == (2_000, "2,000")


def test_a_class_can_be_picked_out(page: DataPage) -> None:
    combo = page.browser.filter.class_filter
    QTest.keyClicks(combo, "7")
    samples = page.browser.grid.samples
    assert combo.currentText() == "7"
    assert {samples.sample(row).label for row in range(samples.rowCount())} == {7}
    assert 0 < samples.rowCount() < 500
    assert page.browser.filter.hits.text() == f"{samples.rowCount()} of 500"


def test_a_click_on_a_sample_enlarges_it_and_draws_its_one_hot_vector(page: DataPage, qtbot: QtBot) -> None:
    grid = page.browser.grid
    place = grid.visualRect(grid.samples.index(3)).center()
    QTest.mouseClick(grid.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, place)
    sample = shown_sample(page)
    assert sample.index == 3
    qtbot.waitUntil(lambda: page.sample.place.text() == "Training image 4")
    assert page.sample.title.text() == f"Class {sample.label}"
    assert page.sample.file.name.whole_text() == sample.locator
    assert not page.sample.file.copy.isVisible()
    expected = [0] * 10
    expected[sample.label] = 1
    assert page.sample.cells.values() == expected
    assert page.sample.picture.limits() == (0.0, 255.0)


def test_keys_walk_through_the_samples(page: DataPage, qtbot: QtBot) -> None:
    grid = page.browser.grid
    columns = grid.columns
    steps = ((Qt.Key.Key_Right, 1), (Qt.Key.Key_Down, 1 + columns), (Qt.Key.Key_Left, columns))
    for key, place in (*steps, (Qt.Key.Key_End, 499), (Qt.Key.Key_Up, 499 - columns), (Qt.Key.Key_Home, 0)):
        QTest.keyClick(grid, key)
        assert shown_sample(page).index == place
        assert grid.viewport().rect().contains(grid.visualRect(grid.currentIndex()))
    QTest.keyClick(grid, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: page.sample.place.text() == "Training image 2")


def test_a_sample_is_read_out_with_its_class_and_place(page: DataPage) -> None:
    model = page.browser.grid.samples
    spoken = model.data(model.index(0), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == f"{model.sample(0).class_name}, training image 1"


def test_the_tensor_is_told_before_and_after_rescaling(page: DataPage, document: Document) -> None:
    text = page.sample.steps.text()
    assert "uint8, 28 × 28 × 1, 0 to 255" in text
    assert "float32, 32 × 28 × 28 × 1, 0 to 255" in text
    assert "After rescale1\nfloat32, 32 × 28 × 28 × 1, 0 to 1" in text
    document.apply_network("Remove", document.network.removed("rescale1"))
    assert "rescale1" not in page.sample.steps.text()


def test_the_value_of_a_pixel_can_be_read_with_the_keyboard(page: DataPage) -> None:
    QTest.keyClick(page.sample.picture, Qt.Key.Key_Right)
    value = shown_sample(page).image[0, 0, 0]
    assert page.sample.pixel.text() == f"Row 0, column 0: {value}"


@pytest.mark.parametrize("width", [960, 1100, 2200])
def test_the_page_fits_narrow_and_wide_windows(page: DataPage, qtbot: QtBot, width: int) -> None:
    page.resize(width, 564)
    assert page.width() == width
    last = page.browser.filter.more
    qtbot.waitUntil(lambda: last.mapTo(page.browser, QPoint(last.width(), 0)).x() <= page.browser.width())


def test_a_project_without_data_says_so_once_and_reads_nothing(
    make_page: MakePage, document: Document, qtbot: QtBot
) -> None:
    read: list[DataChoice] = []

    def load(choice: DataChoice, should_stop: ShouldStop) -> Dataset:
        read.append(choice)
        return small(choice)

    document.open(Project(network=document.network), None)
    page = make_page(load)
    assert page.empty.isVisible()
    assert page.empty.title.text() == "Choose data"
    assert not any(card.isChecked() for card in cards(page).values())
    assert [one for one in document.findings if one.code == "C01"] == []
    QTest.mouseClick(cards(page)["mnist"], LEFT)
    qtbot.waitUntil(page.browser.isVisible)
    assert read == [MNIST]
    document.undo_stack.undo()
    assert page.empty.isVisible()
    assert not any(card.isChecked() for card in cards(page).values())
    assert read == [MNIST]


def test_the_task_is_one_undo_step_with_a_loss_that_measures_it(page: DataPage, document: Document) -> None:
    task = task_list(page)
    assert [task.itemText(row) for row in range(3)] == ["Classification", "Segmentation", "Reconstruction"]
    task.setCurrentIndex(1)
    assert learned(document) == ("segmentation", "sparse_categorical_crossentropy")
    assert document.undo_stack.undoText() == "Learn segmentation"
    assert any("MNIST has no masks" in finding.message for finding in document.findings)
    assert page.sample.label_form.text() == "The mask, a class for each pixel, but MNIST has none."
    assert not page.sample.mask_view.isVisible()
    task.setCurrentIndex(2)
    assert learned(document) == ("reconstruction", "mean_squared_error")
    assert page.sample.label_form.text() == "The picture itself, its pixels from 0 to 1."
    for _ in range(2):
        document.undo_stack.undo()
    assert document.project.task == Classification()
    assert learned(document) == ("classification", "categorical_crossentropy")
    assert (task.currentText(), document.undo_stack.count()) == ("Classification", 2)


def test_a_loss_that_measures_both_tasks_stays(page: DataPage, document: Document) -> None:
    training = document.project.training.model_copy(update={"loss": "mean_absolute_error"})
    document.apply("x", document.project.with_training(training))
    task_list(page).setCurrentIndex(2)
    assert learned(document) == ("reconstruction", "mean_absolute_error")
    task_list(page).setCurrentIndex(1)
    assert learned(document) == ("segmentation", "sparse_categorical_crossentropy")


def test_only_the_settings_of_the_present_task_have_rows(page: DataPage, document: Document) -> None:
    def titles() -> list[str]:
        rows = page.choice.findChildren(DescribedRow)
        return [row.setting.title for row in rows if row.isVisible()]

    assert "Labels" in titles()
    task_list(page).setCurrentIndex(1)
    assert "Masks" in titles()
    assert "Labels" not in titles()
    QTest.mouseClick(labels(page).button("one-hot"), LEFT)
    assert document.project.task == Segmentation(labels="one-hot")
    assert document.undo_stack.undoText() == "Use one-hot masks"
    task_list(page).setCurrentIndex(2)
    assert not {"Labels", "Masks"} & set(titles())


def test_shapes_are_shown_in_color_and_with_the_mask_of_a_sample(
    page: DataPage, document: Document, qtbot: QtBot
) -> None:
    QTest.mouseClick(cards(page)["shapes"], LEFT)
    qtbot.waitUntil(lambda: page.browser.filter.class_filter.itemText(1) == "circle", timeout=20_000)
    sample = shown_sample(page)
    assert sample.image.shape == (48, 48, 3)
    qtbot.waitUntil(lambda: page.sample.title.text().endswith(f": {sample.class_name}"))
    assert data_of(document).source == Included(set="shapes")
    assert not page.sample.mask_view.isVisible()
    task_list(page).setCurrentIndex(1)
    assert page.sample.mask_view.isVisible()
    assert page.sample.mask_view.accessibleDescription() == "48 by 48, color picture"
    assert sample.mask is not None
    assert set(np.unique(sample.mask)) == {0, sample.label + 1}


def test_a_limit_begins_with_all_images_and_reads_fewer_of_every_class(
    page: DataPage, document: Document, qtbot: QtBot
) -> None:
    limit = page.choice.editor("limit")
    assert isinstance(limit, MaybeEditor)
    assert isinstance(limit.inner, IntegerEditor)
    QTest.mouseClick(limit.box, LEFT, pos=QPoint(8, limit.box.height() // 2))
    assert data_of(document).limit == 10_000
    write_number(limit.inner.spin, "200")
    QTest.keyClick(limit.inner.spin, Qt.Key.Key_Return)
    assert data_of(document).limit == 200
    assert document.undo_stack.undoText() == "Change the number of images"
    qtbot.waitUntil(lambda: page.browser.classes.balance.text() == "Balanced: 20 of every class.")


def test_what_is_still_being_read_says_nothing_once_no_data_are_chosen(
    make_page: MakePage, document: Document, qtbot: QtBot
) -> None:
    stopped, told = Flag(), list[str]()

    def endless(choice: DataChoice, should_stop: ShouldStop) -> Dataset:
        while not should_stop():
            Flag().wait(0.005)
        stopped.set()
        raise StopRequested

    page = make_page(endless)
    page.message.connect(lambda _severity, sentence: told.append(sentence))
    document.apply("x", document.project.with_data(DataChoice()))
    jobs = page.findChildren(BackgroundJobs)
    qtbot.waitUntil(lambda: stopped.is_set() and not any(one.is_busy for one in jobs))
    assert page.empty.isVisible()
    assert told == []


def test_the_card_that_has_the_keyboard_does_not_look_chosen(
    make_page: MakePage, document: Document, theme: Theme, qtbot: QtBot
) -> None:
    document.open(Project(network=document.network), None)
    page = make_page()
    card = cards(page)["mnist"]
    page.activateWindow()
    card.setFocus()
    qtbot.waitUntil(card.hasFocus)
    middle, accent = card.height() // 2, theme.color("accent")
    assert card.grab().toImage().pixelColor(1, middle) != accent
    card.setChecked(True)
    # The rows of the data come with them, and the column is laid out anew.
    qtbot.waitUntil(lambda: card.grab().height() == card.sizeHint().height())
    assert card.grab().toImage().pixelColor(1, middle) == accent


@pytest.mark.parametrize("task", TASKS)
def test_the_choices_fit_their_panel_at_the_usual_size_of_text(
    page: DataPage, document: Document, task: type[Task]
) -> None:
    document.apply("Task", document.project.with_task(task.model_validate({})))
    QApplication.processEvents()
    (area,) = page.choice.findChildren(QScrollArea, options=Qt.FindChildOption.FindDirectChildrenOnly)
    content = area.widget()
    assert content is not None
    assert content.minimumSizeHint().width() <= area.viewport().width()


def test_the_samples_stand_above_the_classes_in_a_low_window_only(page: DataPage, qtbot: QtBot) -> None:
    browser = page.browser

    def top(widget: QWidget) -> int:
        return widget.mapTo(browser, QPoint(0, 0)).y()

    page.resize(1280, 1000)
    qtbot.waitUntil(lambda: browser.classes.bars.height() == 118)
    qtbot.waitUntil(lambda: top(browser.grid) > top(browser.classes))
    page.resize(1280, 600)
    qtbot.waitUntil(lambda: browser.classes.bars.height() == 76)
    qtbot.waitUntil(lambda: top(browser.grid) < top(browser.classes))
