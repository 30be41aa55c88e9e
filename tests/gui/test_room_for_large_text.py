"""How the pages share a narrow window, and what a larger text does to it."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cnnstudio.core.project import Project
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.pages.builder.columns import LEAST_PALETTE, LEAST_PANEL, LEAST_STACK, Least, least_widths
from cnnstudio.gui.pages.builder.page import BuildPage
from cnnstudio.gui.pages.inspector.page import InspectPage
from cnnstudio.gui.pages.train.figures import Figures
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.elided import ElidedLabel
from cnnstudio.gui.widgets.side_panel import side_width
from tests.core.pictures import stack
from tests.gui.selections import a_selection


@pytest.fixture
def build(theme: Theme, qtbot: QtBot) -> Iterator[BuildPage]:
    document = Document(Project(network=stack("conv(8,3) maxpool flatten dense(10)")))
    made = BuildPage(document, theme)
    document.setParent(made)
    qtbot.addWidget(made)
    made.resize(960, 594)
    made.show()
    QApplication.processEvents()
    yield made
    made.close_jobs()


def test_the_smallest_window_holds_all_three_columns() -> None:
    assert least_widths(960, 1.0) == Least(LEAST_PALETTE, LEAST_STACK, 0, LEAST_PANEL, folded=False)


@pytest.mark.parametrize("width", [959, 800, 500, 100])
def test_the_palette_folds_before_anything_is_cut(width: int) -> None:
    least = least_widths(width, 1.0)
    assert least.folded
    assert 1 <= least.stack <= LEAST_STACK
    assert least.panel == LEAST_PANEL


def test_cards_are_whole_in_the_smallest_window(build: BuildPage) -> None:
    assert build.palette_panel.isVisible()
    assert not build.columns.rail.isVisible()
    bar = build.stack.horizontalScrollBar()
    assert bar.minimum() == bar.maximum()


def test_large_text_folds_the_palette_into_a_rail_that_opens_it(
    build: BuildPage, theme: Theme, qtbot: QtBot
) -> None:
    theme.set_text_scale(1.33)
    assert not build.palette_panel.isVisible()
    assert build.columns.rail.isVisible()
    build.columns.rail.button.click()
    assert build.palette_panel.isVisible()
    build.columns.rail.button.click()
    assert not build.palette_panel.isVisible()


def test_searching_layers_opens_a_folded_palette(build: BuildPage, theme: Theme) -> None:
    theme.set_text_scale(1.33)
    build.search_palette()
    assert build.palette_panel.search.isVisible()


def test_side_columns_grow_with_the_text(build: BuildPage, theme: Theme) -> None:
    build.resize(2200, 900)
    QApplication.processEvents()
    palette, _, panel = build.columns.sizes()
    theme.set_text_scale(1.33)
    grown, _, wider = build.columns.sizes()
    assert grown == pytest.approx(1.33 * palette, abs=2)
    assert wider == pytest.approx(1.33 * panel, abs=2)


def test_a_side_panel_grows_with_the_text_up_to_its_share_of_the_page() -> None:
    assert side_width(300, 1.0, 960) == 300
    assert side_width(300, 1.33, 2200) == 399
    assert side_width(252, 1.33, 960) == 298
    assert side_width(324, 1.33, 960) == 324
    assert side_width(300, 1.5, None) == 450


def test_the_side_of_inspect_follows_the_text_scale(theme: Theme, qtbot: QtBot) -> None:
    page = InspectPage(theme, a_selection())
    qtbot.addWidget(page)
    page.resize(1440, 844)
    page.show()
    before = page.side.width()
    theme.set_text_scale(1.33)
    assert page.side.width() == round(1.33 * before)
    page.close_jobs()


def test_inspect_at_large_text_breaks_its_controls_into_two_lines(theme: Theme, qtbot: QtBot) -> None:
    theme.set_text_scale(1.33)
    page = InspectPage(theme, a_selection())
    qtbot.addWidget(page)
    page.resize(960, 594)
    page.show()
    qtbot.waitUntil(lambda: _right_of(page.response.steps.relu, page) <= page.width())
    assert _right_of(page.response.kernel_sources, page) <= page.width()
    assert page.response.steps.relu.y() > page.response.steps.stride.y()
    page.close_jobs()


@pytest.mark.parametrize("size", [(960, 594), (1440, 844), (2200, 1144)])
def test_both_sums_of_the_size_of_a_feature_map_are_whole(
    theme: Theme, qtbot: QtBot, size: tuple[int, int]
) -> None:
    page = InspectPage(theme, a_selection())
    qtbot.addWidget(page)
    page.resize(*size)
    page.show()
    sizes = page.response.parts.sizes
    qtbot.waitUntil(lambda: sizes.text().count("floor") == 2)
    qtbot.waitUntil(lambda: sizes.height() >= 2 * sizes.fontMetrics().lineSpacing())
    page.close_jobs()


def test_figures_stand_in_two_rows_where_there_is_no_room(theme: Theme, qtbot: QtBot) -> None:
    figures = Figures()
    qtbot.addWidget(figures)
    wide = figures.minimumSizeHint().width()
    figures.arrange(narrow=True)
    assert figures.minimumSizeHint().width() < 0.7 * wide
    figures.arrange(narrow=False)
    assert figures.minimumSizeHint().width() == wide


def test_a_text_that_does_not_fit_ends_in_an_ellipsis_and_is_its_own_tooltip(
    theme: Theme, qtbot: QtBot
) -> None:
    shown = ElidedLabel("secondary")
    qtbot.addWidget(shown)
    shown.resize(80, 20)
    shown.set_text("a-very-long-name-of-a-project.cnnstudio")
    assert shown.text().endswith("…")
    assert shown.toolTip() == shown.accessibleName() == "a-very-long-name-of-a-project.cnnstudio"


def _right_of(widget: QWidget, page: QWidget) -> int:
    return widget.mapTo(page, QPoint(widget.width(), 0)).x()
