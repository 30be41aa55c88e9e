"""Disabled layers in the stack, the panel, the code and what is trained."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from cnnstudio.gui.theme.theme import Theme
from tests.gui import edits
from tests.gui.stack_driver import StackDriver

PICTURE = "a=conv(8,3,same) b=conv(16,3,same) f=flatten d=dense(10)"


@pytest.fixture
def driven(qtbot: QtBot, theme: Theme) -> StackDriver:
    return StackDriver(qtbot, theme, PICTURE)


def disable(it: StackDriver, *names: str) -> None:
    it.document.select(names)
    edits.toggle_disabled(it.document)


def test_disabling_is_one_named_step_that_takes_all_or_none(driven: StackDriver) -> None:
    disable(driven, "a", "b")
    assert driven.document.undo_stack.undoText() == "Disable 2 layers"
    assert not driven.document.network.layer("b").enabled
    edits.toggle_disabled(driven.document)
    assert driven.document.undo_stack.undoText() == "Enable 2 layers"
    assert driven.document.network.layer("b").enabled


def test_a_disabled_block_says_so_and_passes_its_input_on(driven: StackDriver) -> None:
    disable(driven, "b")
    content = driven.view.stack.blocks["b"].content
    assert content.is_disabled
    assert content.about.startswith("off · Conv2D")
    assert (content.shape, content.parameters) == ("28 × 28 × 8", "")
    assert "disabled" in content.spoken


def test_a_disabled_block_is_drawn_apart(driven: StackDriver) -> None:
    def card() -> QImage:
        corner = driven.at("b") - QPoint(90, 28)
        return driven.view.viewport().grab().toImage().copy(corner.x(), corner.y(), 180, 56)

    before = card()
    disable(driven, "b")
    assert card() != before


def test_the_totals_leave_disabled_layers_out(driven: StackDriver) -> None:
    before = driven.document.analysis.totals.parameters
    disable(driven, "b")
    assert driven.document.analysis.totals.parameters == before - 16 * 73 - 28 * 28 * 8 * 10
