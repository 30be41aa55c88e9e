"""Cards, bars and sections, driven by real keys and clicks."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.empty_state import EmptyState
from cnnstudio.gui.widgets.icon_button import IconButton
from cnnstudio.gui.widgets.kpi import KpiCard
from cnnstudio.gui.widgets.labels import label
from cnnstudio.gui.widgets.message_bar import MessageBar
from cnnstudio.gui.widgets.push_button import PushButton
from cnnstudio.gui.widgets.section import Section

LEFT = Qt.MouseButton.LeftButton
ERROR = "conv2 (Conv2D): a 5 × 5 kernel does not fit a 3 × 3 input."


@pytest.fixture
def bar(theme: Theme, qtbot: QtBot) -> MessageBar:
    made = MessageBar(theme)
    qtbot.addWidget(made)
    return made


def test_a_message_bar_is_hidden_until_there_is_something_to_say(bar: MessageBar) -> None:
    assert bar.isHidden()
    bar.show_message("error", ERROR)
    assert bar.isVisible()
    assert (bar.severity(), bar.text.text()) == ("error", ERROR)


def test_a_message_is_an_alert_a_screen_reader_can_read(bar: MessageBar) -> None:
    bar.show_message("warning", "The batch is larger than the training set.")
    spoken = QAccessible.queryAccessibleInterface(bar).text(QAccessible.Text.Name)
    assert spoken == "Warning: The batch is larger than the training set."


def test_the_text_of_a_message_can_be_selected_and_is_never_markup(bar: MessageBar) -> None:
    bar.show_message("error", "<b>file</b> is missing")
    assert bar.text.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse
    assert bar.text.textFormat() == Qt.TextFormat.PlainText


def test_details_are_folded_until_asked_for(bar: MessageBar, qtbot: QtBot) -> None:
    bar.show_message("error", ERROR, "Traceback: line 12")
    assert not bar.details.isVisible()
    QTest.mouseClick(bar.more, LEFT)
    assert bar.details.isVisible()
    assert bar.details.toPlainText() == "Traceback: line 12"
    bar.show_message("info", "Saved.")
    assert not bar.details.isVisible()
    assert not bar.more.isVisible()


def test_the_close_button_closes_the_message_with_the_keyboard(bar: MessageBar, qtbot: QtBot) -> None:
    bar.show_message("info", "Saved.")
    with qtbot.waitSignal(bar.closed):
        QTest.keyClick(bar.close_button, Qt.Key.Key_Space)
    assert bar.isHidden()


def test_an_empty_state_offers_the_next_step(theme: Theme, qtbot: QtBot) -> None:
    page = EmptyState(theme, "database", "No data yet", "Choose a folder of pictures.", "Choose")
    qtbot.addWidget(page)
    page.show()
    with qtbot.waitSignal(page.activated):
        QTest.mouseClick(page.button, LEFT)
    assert page.accessibleName() == "No data yet"


def test_an_empty_state_without_a_step_shows_no_button(theme: Theme, qtbot: QtBot) -> None:
    page = EmptyState(theme, "database", "No data yet", "Choose a folder of pictures.")
    qtbot.addWidget(page)
    page.show()
    assert not page.button.isVisible()


def test_a_long_sentence_of_an_empty_state_is_shown_whole(theme: Theme, qtbot: QtBot) -> None:
    page = EmptyState(
        theme, "database", "No data yet", "Choose a folder of pictures, one for each class. " * 3
    )
    qtbot.addWidget(page)
    page.show()
    lines = page.sentence
    assert lines.height() >= lines.heightForWidth(lines.width())


def test_an_empty_state_fits_a_narrow_panel_and_stays_a_column_on_a_wide_page(
    theme: Theme, qtbot: QtBot
) -> None:
    page = EmptyState(theme, "database", "No data yet", "Choose a folder of pictures, one for each class.")
    qtbot.addWidget(page)
    widths = []
    for width in (200, 1_200):
        page.resize(width, 500)
        page.show()
        QApplication.processEvents()
        widths.append(page.sentence.width())
        assert page.sentence.height() >= page.sentence.heightForWidth(page.sentence.width())
    assert page.minimumSizeHint().width() <= 200
    assert widths == [200 - 2 * 24, theme.scaled(340)]


def test_a_figure_is_read_out_with_its_caption(theme: Theme, qtbot: QtBot) -> None:
    card = KpiCard("Val. loss")
    qtbot.addWidget(card)
    card.set_value("0.412")
    assert (card.value(), card.accessibleName()) == ("0.412", "Val. loss: 0.412")


def test_a_section_folds_by_mouse_and_by_keyboard(theme: Theme, qtbot: QtBot) -> None:
    content = label("Weight decay")
    section = Section(theme, "Advanced", content)
    qtbot.addWidget(section)
    section.show()
    assert not content.isVisible()
    said: list[object] = []
    section.folded_changed.connect(said.append)
    QTest.mouseClick(section.heading, LEFT)
    assert content.isVisible()
    assert section.heading.accessibleDescription() == "unfolded"
    QTest.keyClick(section.heading, Qt.Key.Key_Space)
    assert not content.isVisible()
    assert section.heading.accessibleDescription() == "folded"
    assert said == [False, True]


def test_a_section_tells_before_it_unfolds_whoever_unfolds_it(theme: Theme, qtbot: QtBot) -> None:
    content = label("Weight decay")
    section = Section(theme, "Advanced", content)
    qtbot.addWidget(section)
    section.show()
    seen: list[bool] = []
    section.unfolding.connect(lambda: seen.append(content.isVisible()))
    section.set_folded(False)
    section.set_folded(True)
    QTest.mouseClick(section.heading, LEFT)
    assert seen == [False, False]


def test_an_icon_button_says_what_it_does_and_its_shortcut(theme: Theme, qtbot: QtBot) -> None:
    button = IconButton(theme, "undo-2", "Undo", "Ctrl+Z")
    qtbot.addWidget(button)
    assert button.accessibleName() == "Undo"
    assert button.toolTip() == "Undo (Ctrl+Z)"
    assert button.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_a_push_button_with_an_icon_is_read_out_by_its_plain_text(theme: Theme, qtbot: QtBot) -> None:
    button = PushButton(theme, "Train", "play-filled", "primary")
    qtbot.addWidget(button)
    with qtbot.waitSignal(button.clicked):
        QTest.mouseClick(button, LEFT)
    assert button.accessibleName() == "Train"
    assert not button.icon().isNull()


def test_an_overline_is_in_capitals(theme: Theme, qtbot: QtBot) -> None:
    heading = label("Layer families", "overline")
    qtbot.addWidget(heading)
    assert heading.text() == "LAYER FAMILIES"
