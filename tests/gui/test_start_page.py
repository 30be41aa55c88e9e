"""The start page offers templates, recent projects, a file or nothing, and goes away when not wanted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from cnnstudio.core.analysis import analyze
from cnnstudio.core.layers import Dense
from cnnstudio.core.project import Project
from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.project.sources import Included
from cnnstudio.core.templates import TEMPLATES
from cnnstudio.core.templates.transfer import CLOTHES
from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.facts import DataFacts
from cnnstudio.engine.files.projects import sample_project
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.pages.start.miniature import bars_of, paint_bars
from cnnstudio.gui.pages.start.page import StartPage
from cnnstudio.gui.pages.start.projects import EMPTY, beginning_data, beginning_facts, started_project
from cnnstudio.gui.pages.start.recent import RecentRow
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.window.settings import Settings
from tests.core.pictures import stack

LEFT = Qt.MouseButton.LeftButton
OFFERED = [one for one in TEMPLATES if one.is_for_any_data and not one.task.needs_masks]


def facts(*shape: int | None, classes: int = 5) -> DataFacts:
    names = tuple(f"class {number}" for number in range(classes))
    return DataFacts("Leaves", shape, names, 100, 10, (0.0, 255.0))


@pytest.fixture
def document(qapp: QApplication) -> Document:
    return Document(sample_project(), qapp)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(tmp_path / "settings.ini")
    for name in ("gone", "here"):
        made.remember(tmp_path / f"{name}.cnnstudio")
    (tmp_path / "here.cnnstudio").write_text("{}")
    return made


@pytest.fixture
def page(document: Document, theme: Theme, settings: Settings, qtbot: QtBot) -> Iterator[StartPage]:
    made = StartPage(document, theme, settings)
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close_jobs()


def row(page: StartPage, name: str) -> RecentRow:
    return next(one for path, one in page.recent.rows.items() if path.stem == name)


def test_every_template_has_a_card_that_says_what_it_is(page: StartPage) -> None:
    assert [card.text() for card in page.cards] == [template.title for template in OFFERED]
    assert [card.sentence for card in page.cards] == [template.description for template in OFFERED]


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
def test_a_card_is_chosen_by_keyboard(page: StartPage, key: Qt.Key, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.template_chosen) as told:
        QTest.keyClick(page.cards[2], key)
    assert told.args == [OFFERED[2].key]


def test_a_card_is_chosen_by_a_click(page: StartPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.template_chosen) as told:
        QTest.mouseClick(page.cards[1], LEFT)
    assert told.args == [OFFERED[1].key]


def test_the_first_card_has_the_keyboard_and_an_arrow_goes_to_the_next(page: StartPage) -> None:
    assert page.focusWidget() is page.cards[0]
    QTest.keyClick(page.cards[0], Qt.Key.Key_Right)
    assert page.focusWidget() is page.cards[1]


def test_templates_follow_the_chosen_data(page: StartPage) -> None:
    before = page.cards[0].accessibleDescription()
    page.set_facts(facts(64, 64, 3))
    assert page.cards[0].accessibleDescription() != before


def test_the_templates_are_made_for_the_data_that_is_chosen_when_the_page_is_shown(
    page: StartPage, document: Document
) -> None:
    page.hide()
    clothes = DataChoice(source=Included(set="fashion_mnist"))
    document.open(document.project.model_copy(update={"data": clothes}), None)
    page.show()
    assert any("Fashion-MNIST" in label.text() for label in page.findChildren(QLabel))
    assert page.focusWidget() is page.cards[0]


def test_without_data_a_new_network_begins_with_the_digits(document: Document, page: StartPage) -> None:
    page.hide()
    document.open(Project(network=document.network), None)
    page.show()
    assert any("Made for MNIST" in label.text() for label in page.findChildren(QLabel))
    nothing = document.project.data
    assert nothing.source is None
    for key in ("lenet-5", EMPTY):
        started = started_project(key, beginning_facts(nothing), beginning_data(nothing))
        assert started.data == DataChoice(source=Included())
        assert started.network.input_shape == (28, 28, 1)


def test_data_that_are_chosen_stay_those_of_a_new_network() -> None:
    clothes = DataChoice(source=Included(set="fashion_mnist"), limit=500)
    assert started_project("lenet-5", beginning_facts(clothes), beginning_data(clothes)).data == clothes


def test_networks_that_need_masks_are_offered_for_data_with_masks(
    page: StartPage, document: Document
) -> None:
    assert "unet" not in [card.template.key for card in page.cards]
    page.hide()
    shapes = DataChoice(source=Included(set="shapes"))
    document.open(document.project.with_data(shapes), None)
    page.show()
    assert next(card for card in page.cards if card.template.key == "unet").isEnabled()


def test_a_template_that_cannot_take_the_data_is_off_and_says_why(page: StartPage, qtbot: QtBot) -> None:
    page.set_facts(facts(100))
    card = next(card for card in page.cards if card.template.key == "vgg")
    with pytest.raises(StudioError) as refusal:
        card.template.build((100,), 5)
    assert (card.isEnabled(), card.sentence) == (False, str(refusal.value))
    with qtbot.assertNotEmitted(page.template_chosen):
        QTest.mouseClick(card, LEFT)


def test_transfer_learning_begins_with_trained_weights_and_others_at_random() -> None:
    given = facts(30, 40, 3, classes=4)
    starts = {one.key: started_project(one.key, given, DataChoice()).training.start_from for one in TEMPLATES}
    assert {key for key, start in starts.items() if start is not None} == {"transfer"}
    assert starts["transfer"] == CLOTHES


def test_a_started_network_has_the_size_and_the_classes_of_the_data() -> None:
    network = started_project("lenet-5", facts(32, 32, 3, classes=7), DataChoice()).network
    last = network.layers[-1]
    assert network.input_shape == (32, 32, 3)
    assert isinstance(last, Dense)
    assert last.units == 7


def test_an_empty_network_is_only_its_input(page: StartPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.template_chosen) as told:
        QTest.mouseClick(page.empty_button, LEFT)
    network = started_project(told.args[0], facts(8, 9, 3), DataChoice()).network
    assert (told.args, len(network.layers), network.input_shape) == ([EMPTY], 1, (8, 9, 3))


def test_recent_projects_are_listed_the_latest_first(page: StartPage) -> None:
    assert [path.stem for path in page.recent.rows] == ["here", "gone"]


def test_a_missing_project_is_grayed_and_says_so(page: StartPage, qtbot: QtBot) -> None:
    gone = row(page, "gone").button
    qtbot.waitUntil(lambda: not gone.isEnabled())
    assert gone.text().startswith("not found")
    assert row(page, "here").button.isEnabled()


def test_a_recent_project_is_chosen_by_mouse_or_enter(page: StartPage, tmp_path: Path, qtbot: QtBot) -> None:
    button = row(page, "here").button
    with qtbot.waitSignal(page.project_chosen) as clicked:
        QTest.mouseClick(button, LEFT)
    with qtbot.waitSignal(page.project_chosen) as entered:
        QTest.keyClick(button, Qt.Key.Key_Return)
    assert clicked.args == entered.args == [tmp_path / "here.cnnstudio"]


def test_a_project_can_be_taken_off_the_list(page: StartPage, tmp_path: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.forget_requested) as told:
        QTest.mouseClick(row(page, "gone").forget, LEFT)
    assert told.args == [tmp_path / "gone.cnnstudio"]
    assert [path.stem for path in page.recent.rows] == ["here"]


def test_without_recent_projects_the_page_says_where_they_will_be(
    document: Document, theme: Theme, tmp_path: Path, qtbot: QtBot
) -> None:
    page = StartPage(document, theme, Settings(tmp_path / "other.ini"))
    qtbot.addWidget(page)
    page.show()
    assert page.recent.nothing.isVisible()
    page.close_jobs()


@pytest.mark.parametrize("scale", [1.0, 1.33])
def test_without_recent_projects_the_templates_have_the_whole_width(
    document: Document, theme: Theme, tmp_path: Path, qtbot: QtBot, scale: float
) -> None:
    theme.set_text_scale(scale)
    page = StartPage(document, theme, Settings(tmp_path / "other.ini"))
    qtbot.addWidget(page)
    page.resize(960, 594)
    page.show()
    qtbot.waitUntil(lambda: page.grid.columns >= 2)
    assert page.grid.width() > 860
    line = page.recent.nothing
    assert line.height() < 2 * line.fontMetrics().lineSpacing()
    page.close_jobs()


def test_recent_projects_take_a_third_of_a_narrow_page_at_large_text(page: StartPage, theme: Theme) -> None:
    theme.set_text_scale(1.33)
    page.resize(960, 594)
    QApplication.processEvents()
    assert page.recent.isVisible()
    assert page.recent.width() <= 300
    assert page.grid.width() > 500


def test_the_templates_take_the_room_of_the_last_project_that_is_forgotten(page: StartPage) -> None:
    page.resize(960, 594)
    QApplication.processEvents()
    before = page.grid.width()
    for name in ("gone", "here"):
        QTest.mouseClick(row(page, name).forget, LEFT)
    QApplication.processEvents()
    assert page.recent.nothing.isVisible()
    assert page.grid.width() > before + 250


def test_escape_and_the_cross_leave_everything_as_it_is(page: StartPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.dismissed):
        QTest.keyClick(page.cards[0], Qt.Key.Key_Escape)
    with qtbot.waitSignal(page.dismissed):
        QTest.mouseClick(page.close_button, LEFT)


def test_open_asks_for_a_file(page: StartPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.open_requested):
        QTest.mouseClick(page.open_button, LEFT)


def test_a_wider_page_has_more_columns_and_cards_never_overlap(page: StartPage, qtbot: QtBot) -> None:
    page.resize(1000, 800)
    qtbot.waitUntil(lambda: page.grid.columns == 2)
    page.resize(1600, 800)
    qtbot.waitUntil(lambda: page.grid.columns == 5)
    rects = [card.geometry() for card in page.cards]
    assert not any(one.intersects(other) for one in rects for other in rects if one is not other)


def test_a_miniature_fits_into_its_rectangle_and_shows_the_families(theme: Theme) -> None:
    bars = bars_of(analyze(stack("conv(8,3) maxpool flatten dense(10)")))
    image = QImage(240, 120, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(theme.color("card"))
    painter = QPainter(image)
    paint_bars(painter, theme, bars, QRectF(20, 20, 200, 80))
    painter.end()
    seen = {image.pixelColor(x, y).name() for x in range(240) for y in range(120)}
    edge = {image.pixelColor(x, y).name() for x in range(240) for y in (15, 105)}
    families = ("io", "convolution", "pooling", "reshaping", "dense")
    assert {theme.family_color(family).name() for family in families} <= seen
    assert edge == {theme.color("card").name()}


def test_no_card_looks_chosen_until_the_keyboard_is_used(page: StartPage) -> None:
    page.activateWindow()
    assert page.focusWidget() is page.cards[0]
    assert not any(card.is_ringed for card in page.cards)
    QTest.keyClick(page.cards[0], Qt.Key.Key_Right)
    assert [card.is_ringed for card in page.cards[:3]] == [False, True, False]
