"""Data without a card of their own: files of arrays, whose arrays are picked, and sets from the network."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from cnnstudio.core.project import Project
from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.project.sources import Arrays, Download, Included, PartArrays
from cnnstudio.engine import data as datasets
from cnnstudio.engine.data.dataset import Dataset
from cnnstudio.engine.training.stopping import ShouldStop
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.pages.data.arrays_panel import ArraysPanel
from cnnstudio.gui.pages.data.page import DataPage
from cnnstudio.gui.theme.theme import Theme
from tests.core.pictures import stack
from tests.gui.data_pages import data_pages

MNIST = DataChoice(source=Included())


@pytest.fixture
def document(qapp: QApplication) -> Iterator[Document]:
    made = Document(Project(network=stack("rescale conv(8,3) flatten dense(10,softmax)"), data=MNIST))
    yield made
    made.undo_stack.clear()


@pytest.fixture
def page(document: Document, theme: Theme, qtbot: QtBot) -> Iterator[DataPage]:
    def load(choice: DataChoice, should_stop: ShouldStop) -> Dataset:
        # No test may ask the network.
        return datasets.load(MNIST if isinstance(choice.source, Download) else choice, should_stop)

    with data_pages(document, theme, qtbot, load) as make:
        made = make()
        qtbot.waitUntil(made.browser.isVisible)
        yield made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    random, path = np.random.default_rng(0), tmp_path / "digits.npz"
    arrays = {
        "x_train": random.integers(0, 256, (40, 6, 5), dtype=np.uint8),
        "y_train": np.arange(40) % 4,
        "x_other": random.integers(0, 256, (30, 6, 5), dtype=np.uint8),
        "y_other": np.arange(30) % 3,
    }
    np.savez(path, **arrays)  # type: ignore[arg-type]
    return path


def source_of(document: Document) -> Arrays:
    source = document.project.data.source
    assert isinstance(source, Arrays)
    return source


def pick(panel: ArraysPanel, part: str, role: str, name: str) -> None:
    combo = panel.combos[part, role]  # type: ignore[index]
    row = next(row for row in range(combo.count()) if combo.itemText(row).startswith(name))
    combo.setCurrentIndex(row)
    combo.activated.emit(row)


def test_the_arrays_of_a_file_are_picked_from_a_list_with_their_shapes(
    page: DataPage, document: Document, file: Path, qtbot: QtBot
) -> None:
    panel = page.choice.arrays
    assert not panel.isVisible()
    with qtbot.waitSignal(page.taken):
        page.use(file)
    assert panel.isVisible()
    assert source_of(document).training == PartArrays(images="x_train", labels="y_train")
    images = panel.combos["training", "images"]
    qtbot.waitUntil(lambda: images.count() == 4)
    assert images.currentText() == "x_train (40 × 6 × 5)"
    pick(panel, "test", "images", "x_other")
    assert panel.reason.text() == "Choose both for a part, images and labels, or none."
    assert source_of(document).test is None
    with qtbot.waitSignal(page.choice.search.taken):
        pick(panel, "test", "labels", "y_other")
    assert not panel.reason.isVisible()
    assert source_of(document).test == PartArrays(images="x_other", labels="y_other")
    assert source_of(document).test_count == 30
    document.undo_stack.undo()
    assert source_of(document).test is None
    assert panel.combos["test", "images"].currentText() == "None"


def test_arrays_that_do_not_go_together_are_refused_and_nothing_changes(
    page: DataPage, document: Document, file: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(page.taken):
        page.use(file)
    panel, before = page.choice.arrays, document.project
    qtbot.waitUntil(lambda: panel.combos["training", "images"].count() == 4)
    pick(panel, "training", "labels", "y_other")
    qtbot.waitUntil(lambda: "40 pictures, and y_other has 30 labels" in page.choice.refusal)
    assert document.project == before


def test_more_data_are_a_folder_a_file_or_fetched(page: DataPage, document: Document, qtbot: QtBot) -> None:
    actions = {action.text(): action for action in page.choice.more_data.menu_of_data().actions()}
    actions["File of arrays, table or ZIP archive…"].trigger()
    dialog = next(one for one in page.findChildren(QFileDialog) if one.isVisible())
    assert dialog.fileMode() == QFileDialog.FileMode.ExistingFile
    dialog.reject()
    actions["Fetch CIFAR-10: 60,000 pictures"].trigger()
    assert document.project.data.source == Download(set="cifar10")
    assert document.undo_stack.undoText() == "Choose another data set"
    assert page.choice.cards.folder.isChecked()
    assert page.choice.cards.folder.accessibleName() == "CIFAR-10"
    assert page.summary.figures.whole_text() == "60,000 pictures of 10 classes, 32 × 32 × 3 each"
