"""The code pane shows the network's Keras code, follows the selection and selects back."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontInfo, QGuiApplication, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cnnstudio.core.keras_format.code import code_text, keras_code
from cnnstudio.core.project import Project
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.pages.builder.code.highlighter import COLORS, spans_of
from cnnstudio.gui.pages.builder.code.view import CodeView
from cnnstudio.gui.pages.builder.code_pane import CodePane
from cnnstudio.gui.pages.builder.page import BuildPage
from cnnstudio.gui.theme.contrast import contrast
from cnnstudio.gui.theme.fonts import CODE_FAMILY
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.theme.tokens import DARK, LIGHT, Tokens
from tests.core.pictures import stack

CHAIN = "a=conv(8,3) b=maxpool c=flatten d=dense(10)"


@pytest.fixture
def document(qapp: QApplication) -> Document:
    return Document(Project(network=stack(CHAIN)), qapp)


@pytest.fixture
def pane(document: Document, theme: Theme, qtbot: QtBot) -> Iterator[CodePane]:
    made = CodePane(document, theme)
    qtbot.addWidget(made)
    made.resize(520, 420)
    made.show()
    qtbot.waitExposed(made)
    qtbot.waitUntil(lambda: shown(made) == script(document))
    yield made
    made.close_jobs()


def script(document: Document) -> str:
    return code_text(keras_code(document.network)).rstrip("\n")


def shown(pane: CodePane) -> str:
    return pane.view.toPlainText()


def line_with(pane: CodePane, text: str) -> int:
    return next(at for at, line in enumerate(shown(pane).split("\n")) if text in line)


def ground_of(pane: CodePane, line: int) -> str:
    """The color left of the text of a line."""
    view = pane.view.viewport()
    rect = dict(pane.view.visible_lines())[line]
    return view.grab().toImage().pixelColor(1, rect.center().y()).name().upper()


def click_on(view: CodeView, line: int) -> None:
    rect = dict(view.visible_lines())[line]
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, rect.center().y()))


def test_an_edit_changes_the_code(pane: CodePane, document: Document, qtbot: QtBot) -> None:
    document.apply_network("Rename", document.network.renamed("a", "stem"))
    qtbot.waitUntil(lambda: "stem" in shown(pane))
    assert shown(pane) == script(document)


def test_the_lines_of_selected_layers_are_marked_on_the_page_and_in_the_margin(
    pane: CodePane, document: Document
) -> None:
    document.select(("a", "d"))
    lines = {line_with(pane, "name='a'"), line_with(pane, "name='d'")}
    assert pane.view.margin.marked == lines
    assert {
        line for line, _ in pane.view.visible_lines() if ground_of(pane, line) == LIGHT.accent_soft
    } == lines


def test_marks_follow_a_layer_that_moves(pane: CodePane, document: Document, qtbot: QtBot) -> None:
    document.select(("a",))
    before = line_with(pane, "name='a'")
    document.apply_network("Move", document.network.moved("a", 2))
    qtbot.waitUntil(lambda: line_with(pane, "name='a'") == before + 1)
    assert pane.view.margin.marked == {before + 1}


def test_a_click_on_a_line_selects_its_block(pane: CodePane, document: Document) -> None:
    click_on(pane.view, line_with(pane, "name='b'"))
    assert document.selection == ("b",)


def test_the_arrow_keys_walk_from_block_to_block(pane: CodePane, document: Document) -> None:
    click_on(pane.view, line_with(pane, "name='b'"))
    QTest.keyClick(pane.view, Qt.Key.Key_Down)
    assert document.selection == ("c",)


def test_a_line_without_a_layer_leaves_the_selection_as_it_is(pane: CodePane, document: Document) -> None:
    document.select(("a",))
    click_on(pane.view, 0)
    assert document.selection == ("a",)


def test_text_selected_over_several_lines_selects_their_blocks(pane: CodePane, document: Document) -> None:
    click_on(pane.view, line_with(pane, "name='b'"))
    QTest.keyClick(pane.view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert document.selection == ("b", "c")


def test_copy_all_puts_the_whole_script_on_the_clipboard(pane: CodePane, document: Document) -> None:
    QTest.mouseClick(pane.copy_button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == code_text(keras_code(document.network))


def test_ctrl_c_copies_the_selected_text(pane: CodePane) -> None:
    QTest.keyClick(pane.view, Qt.Key.Key_End, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(pane.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "import keras"


def test_nobody_can_type_into_the_code(pane: CodePane, document: Document) -> None:
    QTest.keyClicks(pane.view, "x")
    QTest.keyClick(pane.view, Qt.Key.Key_Delete)
    QTest.keyClick(pane.view, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert shown(pane) == script(document)


def test_an_edit_keeps_the_cursor_and_the_scroll_bar(theme: Theme, qtbot: QtBot) -> None:
    view = CodeView(theme)
    qtbot.addWidget(view)
    view.resize(400, 200)
    view.show()
    qtbot.waitExposed(view)
    view.set_lines([f"line{number} = {number}" for number in range(100)])
    view.verticalScrollBar().setValue(40)
    cursor = QTextCursor(view.document().findBlockByNumber(45))
    view.setTextCursor(cursor)
    view.set_lines([f"line{number} = {number}" if number != 60 else "other" for number in range(100)])
    assert (view.textCursor().blockNumber(), view.verticalScrollBar().value()) == (45, 40)


def test_the_same_text_is_not_written_again(theme: Theme, qtbot: QtBot) -> None:
    view = CodeView(theme)
    qtbot.addWidget(view)
    view.set_lines(["a", "b"])
    with qtbot.assertNotEmitted(view.document().contentsChanged):
        view.set_lines(["a", "b"])


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(st.lists(st.sampled_from(["a = 1", "b", "", "c()"]), min_size=1, max_size=8), max_size=6)
)
def test_whatever_was_shown_before_the_new_lines_are_shown(
    theme: Theme, qapp: QApplication, texts: list[list[str]]
) -> None:
    view = CodeView(theme)
    for lines in texts:
        view.set_lines(lines)
        assert view.toPlainText() == "\n".join(lines)
    view.deleteLater()


def test_a_hidden_pane_writes_nothing_and_catches_up_when_shown(
    pane: CodePane, document: Document, qtbot: QtBot
) -> None:
    before = shown(pane)
    pane.hide()
    document.apply_network("Remove", document.network.removed("b"))
    document.select(("d",))
    assert shown(pane) == before
    pane.show()
    qtbot.waitUntil(lambda: shown(pane) == script(document))
    assert pane.view.margin.marked == {line_with(pane, "name='d'")}


def test_a_block_selected_elsewhere_scrolls_its_line_into_sight(theme: Theme, qtbot: QtBot) -> None:
    document = Document(Project(network=stack(" ".join(["conv(8,1)"] * 200))), theme)
    pane = CodePane(document, theme)
    qtbot.addWidget(pane)
    pane.resize(500, 300)
    pane.show()
    qtbot.waitUntil(lambda: pane.view.blockCount() > 200)
    document.select(("conv150",))
    seen = [line for line, _ in pane.view.visible_lines()]
    assert line_with(pane, "'conv150'") in seen
    pane.close_jobs()


def test_a_pane_shown_for_the_first_time_has_the_selected_line_in_sight(theme: Theme, qtbot: QtBot) -> None:
    document = Document(Project(network=stack(" ".join(f"r{at}=relu" for at in range(80)))), theme)
    document.select(("r70",))
    page = BuildPage(document, theme)
    qtbot.addWidget(page)
    page.resize(1200, 800)
    page.show()
    assert not page.middle.shows_code
    assert page.findChild(CodePane) is None
    page.toggle_code()
    qtbot.waitUntil(lambda: "r70" in shown(page.code))
    assert line_with(page.code, "'r70'") in dict(page.code.view.visible_lines())
    page.close_jobs()


def test_another_network_is_read_from_its_top(theme: Theme, qtbot: QtBot) -> None:
    document = Document(Project(network=stack(" ".join(["conv(8,1)"] * 60))), theme)
    pane = CodePane(document, theme)
    qtbot.addWidget(pane)
    pane.resize(500, 300)
    pane.show()
    qtbot.waitUntil(lambda: pane.view.blockCount() > 60)
    document.select(("conv50",))
    assert pane.view.verticalScrollBar().value() > 0
    document.open(Project(network=stack(" ".join(["conv(4,1)"] * 50))), None)
    qtbot.waitUntil(lambda: shown(pane) == script(document))
    assert pane.view.verticalScrollBar().value() == 0
    assert document.selection == ()
    pane.close_jobs()


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("kind", COLORS)
def test_every_kind_of_word_is_readable_also_on_a_marked_line(tokens: Tokens, kind: str) -> None:
    color = getattr(tokens, COLORS[kind])
    assert min(contrast(color, tokens.field), contrast(color, tokens.accent_soft)) >= 4.5


def test_words_of_python_are_told_apart() -> None:
    line = "x = layers.Conv2D(filters=8, name='a=1 # no')(None)  # made"
    found = [(line[one.start : one.start + one.length], one.kind) for one in spans_of(line)]
    assert found == [
        ("Conv2D", "call"),
        ("filters", "argument"),
        ("8", "number"),
        ("name", "argument"),
        ("'a=1 # no'", "string"),
        ("None", "keyword"),
        ("# made", "comment"),
    ]


def test_the_shipped_monospaced_typeface_is_used(pane: CodePane) -> None:
    info = QFontInfo(pane.view.font())
    assert (info.family(), info.fixedPitch()) == (CODE_FAMILY, True)


def test_colors_follow_the_theme(pane: CodePane, theme: Theme) -> None:
    def import_color() -> str:
        first = pane.view.document().firstBlock().layout().formats()[0]
        return first.format.foreground().color().name().upper()

    before = import_color()
    theme.set_mode("dark")
    assert (before, import_color()) == (LIGHT.normalization, DARK.normalization)
