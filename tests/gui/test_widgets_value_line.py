"""A title and a value on one line: read out whole, cut where there is no room, never laid out anew."""

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cnnstudio.gui.theme.measuring import width_of
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.value_line import ValueLine


class Layouts(QObject):
    """Counts how often a widget is asked to lay out what it contains."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__(watched)
        self.count = 0
        watched.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


@pytest.fixture
def page(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(320, 60)
    return made


@pytest.fixture
def line(qtbot: QtBot, theme: Theme, page: QWidget) -> ValueLine:
    made = ValueLine(theme, "Total", page)
    QVBoxLayout(page).addWidget(made)
    page.show()
    qtbot.waitExposed(page)
    return made


def test_a_screen_reader_hears_title_value_and_explanation(line: ValueLine) -> None:
    line.show_value("24.5 k params", "24,533 parameters.", "Up to c2")
    heard = QAccessible.queryAccessibleInterface(line)
    assert heard.role() == QAccessible.Role.StaticText
    assert heard.text(QAccessible.Text.Name) == "Up to c2: 24.5 k params"
    assert heard.text(QAccessible.Text.Description) == line.toolTip() == "24,533 parameters."
    line.show_value("1", "One.")
    assert (line.title, line.value) == ("Up to c2", "1")


def test_another_value_is_painted_and_lays_nothing_out(page: QWidget, line: ValueLine) -> None:
    layouts = Layouts(page)
    line.show_value("1", "One.")
    before = line.grab().toImage()
    line.show_value("1,000,000 parameters", "A million.")
    QApplication.processEvents()
    assert line.grab().toImage() != before
    assert layouts.count == 0


def test_the_title_makes_room_for_the_value(theme: Theme, line: ValueLine) -> None:
    def right_end() -> QImage:
        """The value, and the gap in front of it."""
        width = round(width_of(theme.font(12, tabular=True), line.value)) + 7
        return line.grab(line.rect().adjusted(line.width() - width, 0, 0, 0)).toImage()

    line.show_value("1,234", "", "Total")
    alone = right_end()
    line.show_value("1,234", "", "Up to a layer with a name that takes more room than there is here")
    assert right_end() == alone
