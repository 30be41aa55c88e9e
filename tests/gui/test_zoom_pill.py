"""The zoom buttons lie beside the column where there is room, and never over the last block."""

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cnnstudio.gui.pages.builder.stack.stack_item import StackItem
from cnnstudio.gui.pages.builder.stack.view import StackView
from cnnstudio.gui.theme.theme import Theme
from tests.gui.stack_driver import StackDriver

CHAIN = " ".join(["conv(8,3,same)"] * 12)
NARROW, WIDE = (466, 594), (854, 844)
"""Of the canvas in a window of 960 x 650, and of 1440 x 900."""


@pytest.fixture
def view(qtbot: QtBot, theme: Theme) -> StackView:
    return StackDriver(qtbot, theme, CHAIN).view


def card(view: StackView, item: StackItem) -> QRect:
    """Where a card is in the viewport."""
    return view.mapFromScene(item.mapRectToScene(item.card_rect)).boundingRect()


def resized(view: StackView, size: tuple[int, int]) -> None:
    view.resize(*size)
    QApplication.processEvents()


def test_beside_a_wide_canvas_no_card_is_covered(view: StackView) -> None:
    resized(view, WIDE)
    assert not any(card(view, item).intersects(view.overlays.pill.geometry()) for item in view.stack.shown)


@pytest.mark.parametrize("size", [NARROW, WIDE])
@pytest.mark.parametrize("zoom", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("scale", [1.0, 1.33])
def test_the_last_block_can_be_scrolled_clear_of_the_buttons(
    view: StackView, theme: Theme, size: tuple[int, int], zoom: float, scale: float
) -> None:
    theme.set_text_scale(scale)
    resized(view, size)
    view.zoom.set_scale(zoom)
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    QApplication.processEvents()
    assert card(view, view.stack.shown[-1]).bottom() < view.overlays.pill.geometry().top()


@pytest.mark.parametrize("scale", [1.0, 1.33])
def test_a_block_the_keyboard_goes_to_in_a_narrow_canvas_is_clear_of_the_buttons(
    view: StackView, theme: Theme, scale: float
) -> None:
    theme.set_text_scale(scale)
    resized(view, NARROW)
    for name in list(view.stack.blocks)[1:]:
        view.reveal(name)
        QApplication.processEvents()
        covered = card(view, view.stack.blocks[name]).intersected(view.overlays.pill.geometry())
        assert covered.height() <= 4, name


def test_in_a_narrow_canvas_the_buttons_are_flat_and_grow_again(view: StackView) -> None:
    resized(view, WIDE)
    roomy = view.overlays.pill.size()
    resized(view, NARROW)
    flat = view.overlays.pill.size()
    assert flat.height() <= 32
    assert flat.width() < roomy.width() - 30
    assert view.overlays.pill.in_button.height() >= 24
    resized(view, WIDE)
    assert view.overlays.pill.size() == roomy


def test_the_buttons_stay_as_they_are_while_they_zoom(view: StackView) -> None:
    resized(view, WIDE)
    for _ in range(8):
        before = view.overlays.pill.in_button.height()
        view.overlays.pill.in_button.click()
        assert view.overlays.pill.in_button.height() == before
