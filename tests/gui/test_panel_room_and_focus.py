"""What a person needs of the panel at first sight, and where the keyboard is after a fix."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cnnstudio.core.project import Project
from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.project.sources import Included
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.pages.builder.panel.finding_card import FindingCard
from cnnstudio.gui.pages.builder.panel.live_panel import FINDINGS, LivePanel
from cnnstudio.gui.theme.theme import Theme
from tests.core.pictures import stack
from tests.gui.drive import click

DIGITS = DataChoice(source=Included())

ONE_FAULT = "rescale c1=conv(8,3) p=maxpool flat=flatten out=dense(7,softmax)"
TWO_FAULTS = "rescale c1=conv(8,3) d=dropout bn=bn flat=flatten out=dense(7,softmax)"


def opened(qtbot: QtBot, theme: Theme, picture: str, height: int = 480) -> LivePanel:
    document = Document(Project(network=stack(picture), data=DIGITS))
    panel = LivePanel(document, theme)
    qtbot.addWidget(panel)
    document.setParent(panel)
    panel.resize(340, height)
    panel.show()
    panel.parts.choose(FINDINGS)
    QApplication.processEvents()
    return panel


def cards(panel: LivePanel) -> list[FindingCard]:
    return [card for card in panel.findings.cards if not card.isHidden()]


@pytest.mark.parametrize("height", [480, 740])
def test_a_finding_is_seen_with_its_button_without_scrolling(qtbot: QtBot, theme: Theme, height: int) -> None:
    panel = opened(qtbot, theme, ONE_FAULT, height)
    button = cards(panel)[0].buttons[0]
    bottom = button.mapTo(panel.findings.viewport(), QPoint(0, button.height())).y()
    assert bottom <= panel.findings.viewport().height()


def test_after_the_last_fix_the_keyboard_stays_in_the_panel(qtbot: QtBot, theme: Theme) -> None:
    panel = opened(qtbot, theme, ONE_FAULT)
    click(cards(panel)[0].buttons[0])
    assert not cards(panel)
    assert panel.window().focusWidget() is panel.parts.bar


def test_after_a_fix_the_keyboard_is_on_the_next_finding(qtbot: QtBot, theme: Theme) -> None:
    panel = opened(qtbot, theme, TWO_FAULTS)
    assert len(cards(panel)) > 1
    click(next(card for card in cards(panel) if card.buttons).buttons[0])
    assert panel.window().focusWidget() is cards(panel)[0]
