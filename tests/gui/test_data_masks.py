"""The values found in masks get names and colors on the Data page."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QColorDialog
from pytestqt.qtbot import QtBot

from cnnstudio.core.project import Project
from cnnstudio.core.project.sources import MaskPairs
from cnnstudio.core.tasks import Segmentation
from cnnstudio.core.values.colors import channels, usual_color
from cnnstudio.engine import data as datasets
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.pages.data.masks_panel import MasksPanel
from cnnstudio.gui.pages.data.page import DataPage
from cnnstudio.gui.theme.theme import Theme
from tests.core.pictures import stack
from tests.engine.test_source_masks import pairs
from tests.gui.data_pages import data_pages


@pytest.fixture
def document(qapp: QApplication) -> Document:
    return Document(Project(network=stack("conv(4,3)", (24, 32, 3))))


@pytest.fixture
def page(document: Document, theme: Theme, qtbot: QtBot, tmp_path: Path) -> Iterator[DataPage]:
    """The page with pictures whose masks have the values 1 and 2."""
    with data_pages(document, theme, qtbot, datasets.load) as make:
        page = make()
        with qtbot.waitSignal(page.taken):
            page.use(pairs(tmp_path / "boxes", 12))
        qtbot.waitUntil(lambda: page.browser.isVisible())
        yield page


def source_of(document: Document) -> MaskPairs:
    source = document.project.data.source
    assert isinstance(source, MaskPairs)
    return source


def name(panel: MasksPanel, row: int, text: str) -> None:
    field = panel.names[row]
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def test_a_value_gets_a_name_in_one_undo_step(page: DataPage, document: Document) -> None:
    panel = page.choice.masks
    assert panel.isVisible()
    assert [field.text() for field in panel.names] == ["1", "2"]
    name(panel, 1, "road")
    assert source_of(document).class_names == ("1", "road")
    assert document.undo_stack.undoText() == "Call a class road"
    document.undo_stack.undo()
    assert source_of(document).class_names == ("1", "2")
    assert panel.names[1].text() == "2"


@pytest.mark.parametrize(("text", "why"), [("1", "is the name of another value"), (" ", "There is no name")])
def test_a_name_that_is_taken_or_empty_is_refused(
    page: DataPage, document: Document, text: str, why: str
) -> None:
    panel = page.choice.masks
    name(panel, 1, text)
    assert why in panel.reason.text()
    assert source_of(document).class_names == ("1", "2")
    name(panel, 1, "sky")
    assert not panel.reason.isVisible()
    assert source_of(document).class_names == ("1", "sky")


def test_the_classes_that_were_chosen_follow_their_new_names(page: DataPage, document: Document) -> None:
    data = document.project.data.model_copy(update={"classes": ("1", "2")})
    document.apply("Choose the classes", document.project.with_data(data))
    name(page.choice.masks, 0, "box")
    assert document.project.data.classes == ("box", "2")


def test_masks_are_shown_in_the_colors_of_their_classes(
    page: DataPage, document: Document, qtbot: QtBot
) -> None:
    def shown() -> set[tuple[int, int, int]]:
        view = page.sample.mask_view
        image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        points = [(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)]
        colors = [image.pixelColor(x, y) for x, y in points]
        return {(color.red(), color.green(), color.blue()) for color in colors}

    document.apply("Learn", document.project.with_task(Segmentation()))
    page.browser.grid.setCurrentIndex(page.browser.grid.model().index(0, 0))
    qtbot.waitUntil(lambda: page.sample.mask_view.isVisible())
    usual = {channels(usual_color(number)) for number in (0, 1)}
    qtbot.waitUntil(lambda: bool(usual & shown()))
    swatch = page.choice.masks.swatches[0]
    QTest.mouseClick(swatch, Qt.MouseButton.LeftButton)
    dialog = page.choice.masks.findChild(QColorDialog)
    assert isinstance(dialog, QColorDialog)
    assert dialog.currentColor().name() == usual_color(0)
    dialog.setCurrentColor(QColor("#12ab34"))
    dialog.accept()
    assert source_of(document).colors == ("#12ab34", usual_color(1))
    qtbot.waitUntil(lambda: channels("#12ab34") in shown())
    name(page.choice.masks, 0, "box")
    assert source_of(document).colors_of(("box", "2")) == ("#12ab34", usual_color(1))


def test_usual_colors_tell_neighbours_apart() -> None:
    colors = [channels(usual_color(number)) for number in range(40)]
    assert len(set(colors)) == 40
    for one, other in pairwise(colors):
        assert sum(abs(a - b) for a, b in zip(one, other, strict=True)) > 120
    assert all(max(color) > 120 for color in colors)


def test_pictures_without_a_class_are_called_by_their_files(page: DataPage, qtbot: QtBot) -> None:
    grid = page.browser.grid
    grid.setCurrentIndex(grid.model().index(0, 0))
    file = grid.model().index(0, 0).data()
    assert file.endswith(".jpg")
    qtbot.waitUntil(lambda: page.sample.title.text() == file)
