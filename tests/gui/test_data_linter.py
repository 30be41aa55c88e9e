"""The data linter on the Data page: asked for, stopped, its pictures shown and left out."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cnnstudio.core.project import Project
from cnnstudio.engine import data as datasets
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.pages.data.page import DataPage
from cnnstudio.gui.theme.theme import Theme
from tests.core.pictures import stack
from tests.gui.data_pages import data_pages

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    root = tmp_path / "pets"
    for number in range(70):
        noise = np.random.default_rng(number).integers(0, 256, (40, 40, 3), np.uint8)
        place = root / ("cat" if number < 30 else "dog")
        place.mkdir(parents=True, exist_ok=True)
        Image.fromarray(noise).save(place / f"{number:03d}.png")
    shutil.copy(root / "cat" / "001.png", root / "dog" / "copy.png")
    (root / "cat" / "005.png").write_bytes(b"")
    return root


@pytest.fixture
def document(qapp: QApplication) -> Iterator[Document]:
    made = Document(Project(network=stack("rescale conv(8,3) maxpool flatten dense(2,softmax)", (40, 40, 3))))
    yield made
    made.undo_stack.clear()


@pytest.fixture
def page(document: Document, theme: Theme, qtbot: QtBot, pets: Path) -> Iterator[DataPage]:
    found = datasets.find(pets)
    data = document.project.data.with_source(found.source, found.preparation)
    document.apply("Use the pictures", document.project.with_data(data))
    with data_pages(document, theme, qtbot, datasets.load) as make:
        made = make()
        qtbot.waitUntil(made.browser.isVisible)
        yield made


def checked(page: DataPage, qtbot: QtBot) -> dict[str, int]:
    """Press the button, wait, and give how many pictures each finding names."""
    panel = page.browser.linter
    QTest.mouseClick(panel.check, LEFT)
    assert panel.cancel.isVisible()
    qtbot.waitUntil(lambda: panel.check.isVisible())
    return {card.finding.code: card.finding.count for card in panel.cards}


def shown(page: DataPage) -> set[str]:
    """The locators on the grid."""
    found = page.browser.grid.samples.shown
    assert found is not None
    return {found.data.catalog.locators[row] for row in found.rows.tolist()}


def test_findings_are_listed_and_their_pictures_are_one_click_away(page: DataPage, qtbot: QtBot) -> None:
    found = checked(page, qtbot)
    assert found["D01"] == 1
    assert found["D03"] == 2
    assert "in 71 pictures." in page.browser.linter.about.text()
    card = next(card for card in page.browser.linter.cards if card.finding.code == "D03")
    before = shown(page)
    QTest.mouseClick(card.show_button, LEFT)
    qtbot.waitUntil(lambda: shown(page) == {"cat/001.png", "dog/copy.png"})
    assert page.browser.filter.hits.text() == "2"
    QTest.mouseClick(card.show_button, LEFT)
    qtbot.waitUntil(lambda: shown(page) == before)


def test_what_a_finding_names_is_left_out_in_one_undo_step(
    page: DataPage, document: Document, qtbot: QtBot
) -> None:
    checked(page, qtbot)
    card = next(card for card in page.browser.linter.cards if card.finding.code == "D01")
    QTest.mouseClick(card.leave_out, LEFT)
    assert list(document.project.data.corrections.left_out) == ["cat/005.png"]
    assert page.browser.linter.cards == []
    assert page.browser.linter.about.text() == "The data have changed: check them again."
    assert "D01" not in checked(page, qtbot)
    document.undo_stack.undo()
    assert not document.project.data.corrections.left_out


def test_what_was_found_stands_among_the_findings_of_the_project_until_the_data_are_others(
    page: DataPage, document: Document, qtbot: QtBot
) -> None:
    def codes() -> set[str]:
        return {one.code for one in document.findings if one.code.startswith("D")}

    assert codes() == set()
    assert set(checked(page, qtbot)) == codes()
    (unreadable,) = (one for one in document.findings_with_fixes if one.code == "D01")
    (fix,) = unreadable.fixes
    assert fix.label == "Leave out 1 picture"
    document.apply(fix.label, fix.apply(document.project))
    assert list(document.project.data.corrections.left_out) == ["cat/005.png"]
    assert codes() == set()


def test_the_filter_shows_other_pictures_than_those_of_a_finding(page: DataPage, qtbot: QtBot) -> None:
    checked(page, qtbot)
    QTest.mouseClick(page.browser.linter.cards[0].show_button, LEFT)
    qtbot.waitUntil(lambda: len(shown(page)) == 1)
    page.browser.filter.class_filter.setCurrentIndex(1)
    qtbot.waitUntil(lambda: len(shown(page)) > 10)


def test_a_check_can_be_cancelled(page: DataPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = page.browser.linter
    monkeypatch.setattr("cnnstudio.gui.pages.data.linter_panel.check_data", datasets_checked_until_stopped)
    QTest.mouseClick(panel.check, LEFT)
    QTest.mouseClick(panel.cancel, LEFT)
    qtbot.waitUntil(lambda: panel.about.text() == "The check was cancelled.")
    assert not panel.is_busy


def datasets_checked_until_stopped(_choice: object, _tell: object, should_stop: object) -> None:
    from cnnstudio.engine.training.stopping import StopRequested

    assert callable(should_stop)
    while not should_stop():
        pass
    raise StopRequested
