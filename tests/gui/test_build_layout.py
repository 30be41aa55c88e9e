"""The Build page at the sizes people have: what is seen at once, and where the shape table stands."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cnnstudio.core.project import Project
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.pages.builder.columns import (
    LEAST_PALETTE,
    LEAST_PANEL,
    LEAST_STACK,
    LEAST_TABLE,
    Least,
    least_widths,
)
from cnnstudio.gui.pages.builder.divided import kept_pixels
from cnnstudio.gui.pages.builder.page import BuildPage
from cnnstudio.gui.pages.builder.panel.live_panel import ARITHMETIC, FINDINGS, SHAPES, are_stacked
from cnnstudio.gui.theme.theme import Theme
from tests.core.pictures import stack

CONVOLUTION = (
    *("filters", "kernel_size", "strides", "dilation_rate"),
    *("padding", "activation", "use_bias", "trainable"),
)


@pytest.fixture
def build(theme: Theme, qtbot: QtBot) -> Iterator[BuildPage]:
    network = stack("rescale c1=conv(16,5,same) p=maxpool d=dropout(0.5) flat=flatten out=dense(10,relu)")
    document = Document(Project(network=network))
    made = BuildPage(document, theme)
    document.setParent(made)
    qtbot.addWidget(made)
    made.resize(960, 594)
    made.show()
    QApplication.processEvents()
    yield made
    made.close_jobs()


@pytest.mark.parametrize("scale", [1.0, 1.33])
def test_the_table_stands_beside_the_stack_where_all_four_have_their_least(scale: float) -> None:
    designed = (LEAST_PALETTE, LEAST_STACK, LEAST_TABLE, LEAST_PANEL)
    needed = sum(round(one * scale) for one in designed) + 3
    least = least_widths(needed, scale)
    palette, stacked, table, panel = (round(one * scale) for one in designed)
    assert least == Least(palette, stacked, table, panel, folded=False)
    assert least.middle == least.stack + least.table + 1
    assert least_widths(needed - 1, scale).table == 0
    assert least_widths(needed - 1, scale).middle == least.stack
    assert not least_widths(needed - 1, scale).folded


@pytest.mark.parametrize("width", [1280, 1366, 1440, 1920])
def test_the_usual_screens_have_the_table_beside_the_stack(width: int) -> None:
    assert least_widths(width, 1.0).table


def test_a_part_keeps_its_designed_pixels_while_the_other_has_its_rest() -> None:
    assert kept_pixels(1000, 400, 170) == 400
    assert kept_pixels(500, 400, 170) == 330
    assert kept_pixels(200, 400, 170) == 30
    assert kept_pixels(160, 400, 170) == 80


def test_what_a_person_chose_holds_whatever_the_other_part_has_left() -> None:
    assert kept_pixels(1000, 400, 170, chosen=950) == 950
    assert kept_pixels(500, 400, 170, chosen=950) == 500


def test_sums_and_findings_are_seen_at_once_where_there_is_height() -> None:
    assert are_stacked(310, 1.0, has_shapes=False)
    assert not are_stacked(309, 1.0, has_shapes=False)
    assert not are_stacked(310, 1.33, has_shapes=False)
    assert not are_stacked(900, 1.0, has_shapes=True)


@pytest.mark.parametrize("size", [(1440, 780), (1280, 600)])
def test_the_form_of_a_convolution_ten_rows_and_the_sums_are_seen_at_once(
    build: BuildPage, size: tuple[int, int]
) -> None:
    build.resize(*size)
    build.panel.parts.choose(ARITHMETIC)
    select(build, "c1")
    assert build.form.body is not None
    assert build.form.body.more is not None
    assert is_whole(build.form.body.more.heading)
    rows = build.form.body.rows
    assert tuple(rows)[: len(CONVOLUTION)] == CONVOLUTION
    assert all(is_whole(rows[name]) for name in CONVOLUTION)
    assert is_whole(build.panel.arithmetic.lines)
    table = build.panel.table
    assert table.viewport().height() >= 10 * table.rowHeight(0)
    assert build.panel.shapes.totals.isVisible()
    assert build.panel.findings.isVisible() == (size[1] > 600)


@pytest.mark.parametrize("size", [(1440, 780), (1280, 600)])
def test_a_finding_is_seen_with_its_button(build: BuildPage, size: tuple[int, int]) -> None:
    build.resize(*size)
    build.panel.parts.choose(FINDINGS)
    QApplication.processEvents()
    cards = [card for card in build.panel.findings.cards if card.isVisible()]
    assert cards
    assert is_whole(cards[0].buttons[0])


def test_after_the_last_fix_the_keyboard_goes_to_the_table_where_there_are_no_tabs(
    build: BuildPage, qtbot: QtBot
) -> None:
    build.resize(1440, 780)
    build.activateWindow()
    qtbot.waitUntil(build.isActiveWindow)
    assert not build.panel.parts.bar.isVisible()
    build.panel.findings.emptied.emit()
    assert QApplication.focusWidget() is build.panel.table


def test_cards_leave_room_for_arcs_where_the_stack_is_narrow(build: BuildPage) -> None:
    build.resize(1280, 600)
    QApplication.processEvents()
    bar, scene = build.stack.horizontalScrollBar(), build.stack.stack
    wide = scene.metrics.width
    document = build.findChild(Document)
    assert document is not None
    network = stack("a=conv(8,3,same) b=conv(8,3,same) c=conv(8,3,same) s=add<-c,a t=add<-s,b flatten")
    document.open(Project(network=network), None)
    QApplication.processEvents()
    assert scene.arcs.lanes == 2
    assert scene.metrics.width < wide
    assert bar.minimum() == bar.maximum()
    document.apply_network("Cut", stack("a=conv(8,3,same) flatten"))
    assert scene.metrics.width == wide


def test_a_narrow_page_has_the_shapes_as_the_first_tab(build: BuildPage) -> None:
    bar = build.panel.parts.bar
    assert bar.isVisible()
    assert bar.tabText(SHAPES) == "Shapes"
    assert build.panel.table.isVisible()
    build.panel.parts.choose(ARITHMETIC)
    assert not build.panel.table.isVisible()
    build.resize(1440, 600)
    QApplication.processEvents()
    assert not bar.isTabVisible(SHAPES)
    assert build.panel.table.isVisible()
    build.resize(960, 594)
    QApplication.processEvents()
    assert bar.isTabVisible(SHAPES)
    assert build.panel.parts.chosen == ARITHMETIC


def test_the_table_keeps_keyboard_rows_and_place_when_it_moves(build: BuildPage, qtbot: QtBot) -> None:
    build.activateWindow()
    qtbot.waitUntil(build.isActiveWindow)
    select(build, "c1")
    table = build.panel.table
    table.setFocus()
    for width in (1440, 960, 1440):
        build.resize(width, 594)
        QApplication.processEvents()
        assert build.upper.isAncestorOf(table) == (width > 960)
        assert table.isVisible()
        assert QApplication.focusWidget() is table
        assert table.selectionModel().isRowSelected(2)


def test_larger_text_sends_the_table_into_the_panel(build: BuildPage, theme: Theme) -> None:
    build.resize(1440, 780)
    QApplication.processEvents()
    stands = []
    for scale in (1.0, 1.33, 1.0):
        theme.set_text_scale(scale)
        stands.append(build.panel.has_shapes)
    assert stands == [False, True, False]


def select(build: BuildPage, name: str) -> None:
    document = build.findChild(Document)
    assert document is not None
    document.select((name,))
    QApplication.processEvents()


def is_whole(widget: QWidget) -> bool:
    """Whether all of it is seen."""
    return widget.visibleRegion().boundingRect() == widget.rect()
