"""The sums with their linked terms, the findings with their fixes, the totals, and the panel as a whole."""

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea
from pytestqt.qtbot import QtBot

from cnnstudio.core.analysis import analyze
from cnnstudio.core.analysis.findings import Finding, Fix, counts_text, worst_by_layer
from cnnstudio.core.layers import Conv2D
from cnnstudio.core.layers.arithmetic import Term, line
from cnnstudio.core.project import Project
from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.project.sources import Included
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.pages.builder.panel.finding_card import FindingCard
from cnnstudio.gui.pages.builder.panel.findings_list import MOST_SHOWN
from cnnstudio.gui.pages.builder.panel.live_panel import ARITHMETIC, FINDINGS, LivePanel
from cnnstudio.gui.pages.builder.panel.sum_layout import Placed, placed
from cnnstudio.gui.pages.builder.panel.sum_lines import SumLines
from cnnstudio.gui.theme.theme import Theme
from tests.core.pictures import stack
from tests.gui.drive import click

DIGITS = DataChoice(source=Included())

Open: TypeAlias = Callable[..., tuple[Document, LivePanel]]
GOOD = "rescale c1=conv(8,3) p=maxpool flat=flatten out=dense(10,softmax)"
JOINTS = "a=conv(8,3,same) b=conv(8,3,same) s=add<-b,a c=concat<-s,a p=maxpool flatten"
MISFIT = "c1=conv(8,3) p=maxpool c2=conv(8,29,valid) flat=flatten out=dense(10,softmax)"


@pytest.fixture
def opened(qtbot: QtBot, theme: Theme) -> Open:
    def make(picture: str = GOOD, *names: str) -> tuple[Document, LivePanel]:
        document = Document(Project(network=stack(picture), data=DIGITS))
        panel = LivePanel(document, theme)
        qtbot.addWidget(panel)
        document.setParent(panel)
        panel.resize(324, 520)
        panel.show()
        panel.parts.choose(ARITHMETIC)
        document.select(names)
        QApplication.processEvents()
        return document, panel

    return make


def changed(document: Document, name: str, **settings: Any) -> None:
    layer = document.network.layer(name).updated(**settings)
    document.apply_network("Set", document.network.replaced(name, layer))


def show_findings(panel: LivePanel) -> None:
    panel.parts.choose(FINDINGS)
    QApplication.processEvents()


def visible_cards(panel: LivePanel) -> list[FindingCard]:
    return [card for card in panel.findings.cards if not card.isHidden()]


# The sums.


def test_a_long_sum_goes_on_below_between_words() -> None:
    sums = (line("parameters", Term("3", "kernel_size"), "*", Term("64", "filters"), " weights = 192"),)
    wide = placed(sums, 10, 1000, lambda text: 10.0 * len(text))
    assert wide.lines == 1
    assert [piece.text for piece in wide.pieces] == ["3", "×", "64", " weights = 192"]
    narrow = placed(sums, 10, 110, lambda text: 10.0 * len(text))
    assert narrow.lines > 1
    assert all(piece.x + 10 * len(piece.text.rstrip()) <= 110 for piece in narrow.pieces)
    assert "".join(piece.text for piece in narrow.pieces).split() == ["3×64", "weights", "=", "192"]


def test_only_the_lines_that_an_edit_changed_differ() -> None:
    def shown(height: str, bias: str) -> Placed:
        sums = (line("height", height), line("width", "28 = 28"), line("bias", bias))
        return placed(sums, 70, 170, lambda text: 10.0 * len(text))

    before = shown("28 = 28", "8 = 8")
    assert before.lines == 3
    assert before.differing(before) == set()
    assert shown("28 = 28", "9 = 9").differing(before) == {2}
    assert shown("28 + 0 + 0 = 28", "8 = 8").differing(before) == {0, 1, 2, 3}


def test_what_is_painted_as_one_text_is_measured_as_one() -> None:
    def wider_when_joined(text: str) -> float:
        return 10.0 * len(text) + 3.0 * text.count(" + ")

    sums = (line("a", "11 + 22 + 33 + 44 = 110"),)
    found = placed(sums, 0, 120, wider_when_joined)
    assert found.lines > 1
    assert all(piece.width == wider_when_joined(piece.text) for piece in found.pieces)
    assert all(piece.x + wider_when_joined(piece.text.rstrip()) <= 120 for piece in found.pieces)


def test_a_shape_is_not_broken_where_it_fits_on_a_line_of_its_own() -> None:
    sums = (line("a", "28 x 28 x 8 + 28 x 28 x 8 = 28 x 28 x 8"),)
    found = placed(sums, 0, 150, lambda text: 10.0 * len(text))
    assert [piece.text.rstrip() for piece in found.pieces] == [
        "28 × 28 × 8 +",
        "28 × 28 × 8",
        "= 28 × 28 × 8",
    ]
    narrow = placed(sums, 0, 80, lambda text: 10.0 * len(text))
    assert all(10 * len(piece.text.rstrip()) <= 80 for piece in narrow.pieces)
    words = " ".join(piece.text.strip() for piece in narrow.pieces)
    assert words == "28 × 28 × 8 + 28 × 28 × 8 = 28 × 28 × 8"


def test_a_label_goes_on_below_and_the_next_sum_makes_room_for_it() -> None:
    found = placed((line("value by value", "1 = 1"), line("b", "2")), 96, 500, lambda text: 10.0 * len(text))
    assert [(one.text, one.line) for one in found.labels] == [("value by", 0), ("value", 1), ("b", 2)]
    assert [(piece.text, piece.line) for piece in found.pieces] == [("1 = 1", 0), ("2", 2)]


@pytest.mark.parametrize("right", [240, 264, 276, 350])
@pytest.mark.parametrize("scale", [1.0, 1.33])
def test_in_the_theme_s_own_typeface_every_piece_is_as_wide_as_its_text(
    theme: Theme, right: int, scale: float
) -> None:
    theme.set_text_scale(scale)
    measure = QFontMetricsF(theme.font(12, tabular=True)).horizontalAdvance
    analysis = analyze(stack(JOINTS))
    for row in analysis.rows:
        for piece in placed(row.arithmetic(), theme.scaled(76), right, measure).pieces:
            assert piece.width == pytest.approx(measure(piece.text))
            assert piece.x + measure(piece.text.rstrip()) <= right


@pytest.mark.parametrize("width", [300, 324, 336, 410])
@pytest.mark.parametrize("scale", [1.0, 1.33])
def test_no_sum_and_no_label_is_cut(opened: Open, theme: Theme, width: int, scale: float) -> None:
    theme.set_text_scale(scale)
    document, panel = opened(JOINTS)
    panel.resize(width, 520)
    for name in document.network.positions:
        document.select((name,))
        # Another number of lines asks the panel for another height, which it gives a turn later.
        QApplication.processEvents()
        QApplication.processEvents()
        lines = panel.arithmetic.lines
        assert edges_are_free(lines), name


def edges_are_free(lines: SumLines) -> bool:
    """Whether nothing is painted in the last pixels at the right and at the bottom, nor over a label."""
    lines.clearFocus()
    picture = lines.grab().toImage()
    ground = picture.pixelColor(picture.width() - 1, picture.height() - 1)
    right = [(picture.width() - 1, y) for y in range(picture.height())]
    bottom = [(x, picture.height() - 1) for x in range(picture.width())]
    return all(picture.pixelColor(x, y) == ground for x, y in [*right, *bottom])


def test_every_piece_knows_its_setting_and_its_place() -> None:
    sums = (line("a", "1 + ", Term("2", "x")), line("b", Term("3", "y")))
    found = placed(sums, 5, 500, len)
    assert [(found.pieces[at].text, found.pieces[at].line) for at in found.links] == [("2", 0), ("3", 1)]
    assert [(one.text, one.line) for one in found.labels] == [("a", 0), ("b", 1)]


def test_pointing_at_a_number_names_its_setting(opened: Open, qtbot: QtBot) -> None:
    _, panel = opened(GOOD, "c1")
    lines = panel.arithmetic.lines
    with qtbot.waitSignal(panel.term_hovered) as told:
        QTest.mouseMove(lines, lines.rect_of("filters").center().toPoint())
    assert told.args == ["filters"]
    with qtbot.waitSignal(panel.term_hovered) as told:
        QTest.mouseMove(lines, QPoint(1, 1))
    assert told.args == [None]


def test_the_arrow_keys_go_from_number_to_number_and_enter_asks_for_the_setting(
    opened: Open, qtbot: QtBot
) -> None:
    _, panel = opened(GOOD, "c1")
    told: list[object] = []
    panel.term_hovered.connect(told.append)
    panel.arithmetic.lines.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(panel.arithmetic.lines, Qt.Key.Key_Right)
    QTest.keyClick(panel.arithmetic.lines, Qt.Key.Key_Right)
    assert told == ["kernel_size", "padding", "strides"]
    with qtbot.waitSignal(panel.term_clicked) as asked:
        QTest.keyClick(panel.arithmetic.lines, Qt.Key.Key_Return)
    assert asked.args == ["strides"]
    panel.parts.bar.setFocus()
    assert told[-1] is None


def test_the_sums_follow_the_layer_and_show_the_effective_kernel(opened: Open) -> None:
    document, panel = opened(GOOD, "c1")
    lines = panel.arithmetic.lines
    assert "3×3×1×8 weights + 8 biases = 80" in lines.accessibleDescription()
    changed(document, "c1", dilation_rate=(2, 2))
    assert "(2×(3 − 1) + 1 = 5)" in lines.accessibleDescription()
    assert not lines.rect_of("dilation_rate").isEmpty()
    document.select(("p",))
    assert "8 biases" not in lines.accessibleDescription()


def test_the_origin_of_a_size_is_told(opened: Open) -> None:
    _, panel = opened(GOOD, "p")
    assert panel.arithmetic.origin.accessibleName() == "8 was made by c1: 8 filters."


def test_the_layer_that_made_a_size_is_selected_by_a_click_on_its_name(opened: Open) -> None:
    document, panel = opened(GOOD, "p")
    line = panel.arithmetic.origin
    for x in range(0, line.width(), 3):
        QTest.mouseClick(line, Qt.MouseButton.LeftButton, pos=QPoint(x, line.height() // 2))
        if document.selection != ("p",):
            break
    assert document.selection == ("c1",)


def test_the_layer_that_made_a_size_is_selected_by_the_keyboard(opened: Open) -> None:
    document, panel = opened(GOOD, "p")
    panel.arithmetic.origin.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(panel.arithmetic.origin, Qt.Key.Key_Return)
    assert document.selection == ("c1",)


def test_a_name_is_never_read_as_markup(opened: Open) -> None:
    document, panel = opened(GOOD.replace("c1", "wide"), "p")
    document.apply_network("Rename", document.network.renamed("wide", "<b>"))
    assert panel.arithmetic.origin.accessibleName() == "8 was made by <b>: 8 filters."
    assert "&lt;b&gt;" in panel.arithmetic.origin.text()


def test_a_tab_in_the_back_is_brought_up_to_date_when_it_comes_to_the_front(opened: Open) -> None:
    document, panel = opened(GOOD, "p")
    show_findings(panel)
    document.select(("c1",))
    assert "c1" in panel.arithmetic.origin.accessibleName()
    panel.parts.choose(ARITHMETIC)
    assert not panel.arithmetic.lines.rect_of("filters").isEmpty()
    changed(document, "out", units=7)
    assert panel.parts.bar.tabText(FINDINGS) == "Findings (1)"
    assert visible_cards(panel) == []
    show_findings(panel)
    assert [card.finding for card in visible_cards(panel)] == list(document.findings_with_fixes)


def test_a_layer_without_a_shape_says_why_it_has_no_sums(opened: Open) -> None:
    document, panel = opened(MISFIT, "c2")
    assert panel.arithmetic.title.text().startswith("c2 (Conv2D): A 29 x 29 kernel")
    document.select(("flat",))
    assert panel.arithmetic.title.text().startswith("flat waits for c2")
    document.select(())
    assert panel.arithmetic.title.text().startswith("Select a layer")
    assert not panel.arithmetic.lines.isVisible()


# The findings.


def test_a_network_without_findings_says_so(opened: Open) -> None:
    _, panel = opened()
    show_findings(panel)
    assert panel.findings.findings == ()
    assert panel.findings.summary.text() == "No findings: nothing is wrong here."
    assert panel.parts.bar.tabText(FINDINGS) == "Findings"
    assert visible_cards(panel) == []


def test_a_finding_has_word_icon_and_reason_and_a_click_selects_its_layer(opened: Open) -> None:
    document, panel = opened(MISFIT)
    show_findings(panel)
    card = visible_cards(panel)[0]
    assert card.word.text() == "Error · S01"
    assert card.finding.layer == "c2"
    assert not card.why.isVisible()
    click(card.why_button)
    assert card.why.isVisible()
    QTest.mouseClick(card, Qt.MouseButton.LeftButton, pos=QPoint(card.width() - 4, card.height() - 3))
    assert document.selection == ("c2",)
    document.select(())
    card.setFocus()
    QTest.keyClick(card, Qt.Key.Key_Return)
    assert document.selection == ("c2",)


def test_a_reason_that_is_read_stays_open_through_edits_and_moves_with_its_card(
    opened: Open, qtbot: QtBot
) -> None:
    document, panel = opened(MISFIT)
    show_findings(panel)
    misfit = next(card for card in visible_cards(panel) if card.finding.layer == "c2")
    click(misfit.why_button)
    changed(document, "c2", kernel_size=(27, 27))
    assert misfit.why.isVisible()
    assert misfit.why_button.accessibleName() == "Hide"
    first = stack(MISFIT.replace("c1=conv(8,3)", "c0=conv(8,40,valid) c1=conv(8,3)"))
    document.apply_network("Put in a layer above that does not fit either", first)
    open_ones = [card.finding.layer for card in visible_cards(panel) if card.is_why_open]
    assert open_ones in (["c2"], []), "the reason of another layer was not asked for"
    document.undo_stack.undo()
    changed(document, "c2", kernel_size=(3, 3))
    qtbot.waitUntil(lambda: all(card.finding.code != "S01" for card in visible_cards(panel)))
    changed(document, "c2", kernel_size=(29, 29))
    qtbot.waitUntil(lambda: any(card.finding.code == "S01" for card in visible_cards(panel)))
    assert not any(card.is_why_open for card in visible_cards(panel)), "it was mended meanwhile"


def test_a_reason_that_is_opened_pushes_no_fix_away(opened: Open) -> None:
    _, panel = opened(MISFIT)
    show_findings(panel)
    card = next(card for card in visible_cards(panel) if card.buttons and card.finding.why)
    QApplication.processEvents()
    place = [button.y() - card.message.geometry().bottom() for button in card.buttons]
    click(card.why_button)
    QApplication.processEvents()
    assert [button.y() - card.message.geometry().bottom() for button in card.buttons] == place
    assert card.why.y() > card.buttons[-1].y()


def test_two_fixes_stand_side_by_side_where_they_fit(qtbot: QtBot, theme: Theme) -> None:
    fixes = tuple(Fix(text, lambda project: project) for text in ("Move it down", "Remove it"))
    pane = QScrollArea()
    qtbot.addWidget(pane)
    card = FindingCard(theme, Finding("C07", "warning", "a", "Too early.", fixes=fixes))
    pane.setWidget(card)
    pane.setWidgetResizable(True)

    def tops_and_lefts() -> tuple[bool, bool]:
        first, second = card.buttons
        return first.y() == second.y(), first.x() == second.x()

    pane.resize(400, 200)
    pane.show()
    qtbot.waitUntil(lambda: tops_and_lefts() == (True, False))
    pane.resize(190, 200)
    qtbot.waitUntil(lambda: tops_and_lefts() == (False, True))


def test_the_findings_of_the_selected_layer_are_framed_and_come_into_sight(opened: Open) -> None:
    heads = " ".join(f"d{at}=dropout(0.9)" for at in range(12))
    document, panel = opened(f"rescale c1=conv(8,3) {heads} flat=flatten out=dense(10,softmax)")
    show_findings(panel)
    cards = visible_cards(panel)
    assert not any(card.is_marked() for card in cards)
    document.select(("d11",))
    marked = [card for card in cards if card.is_marked()]
    assert [card.finding.layer for card in marked] == ["d11"]
    assert not marked[0].visibleRegion().isEmpty()
    document.select(("flat",))
    assert not any(card.is_marked() for card in cards)


def test_a_fix_mends_the_network_in_one_step_with_its_label(opened: Open) -> None:
    document, panel = opened(MISFIT)
    show_findings(panel)
    button = visible_cards(panel)[0].buttons[0]
    label = button.accessibleName()
    before = len(panel.findings.findings)
    click(button)
    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText() == label
    assert len(panel.findings.findings) < before
    document.undo_stack.undo()
    assert len(panel.findings.findings) == before


def test_a_fix_applies_to_the_network_as_it_stands(opened: Open) -> None:
    document, panel = opened(MISFIT)
    panel.parts.choose(FINDINGS)
    changed(document, "c1", filters=99)
    QApplication.processEvents()
    click(visible_cards(panel)[0].buttons[0])
    conv = document.network.layer("c1")
    assert isinstance(conv, Conv2D)
    assert conv.filters == 99


def test_of_many_findings_the_worst_are_shown_and_the_rest_are_counted(opened: Open, qtbot: QtBot) -> None:
    heads = " ".join(f"a{at}=add" for at in range(MOST_SHOWN + 10))
    document, panel = opened(f"c1=conv(8,3) {heads}")
    show_findings(panel)
    # Each joint that misses its second input waits for the first one that does.
    broken = document.network
    for layer in broken.layers[2:]:
        broken = broken.replaced(layer.name, layer.updated(inputs=("c1",)))
    document.apply_network("Break", broken)
    more = len(document.findings) - MOST_SHOWN
    assert more > 0
    qtbot.waitUntil(lambda: len(visible_cards(panel)) == MOST_SHOWN)
    assert panel.findings.more.text().startswith(f"{more} more")
    document.undo_stack.undo()
    qtbot.waitUntil(lambda: len(visible_cards(panel)) == len(document.findings))
    assert panel.findings.more.isHidden()
    panel.hide()


def test_errors_come_first_and_are_counted_on_the_tab(opened: Open) -> None:
    document, panel = opened("rescale c1=conv(8,3) d=dense(5) flat=flatten out=dense(7)")
    show_findings(panel)
    severities = [finding.severity for finding in panel.findings.findings]
    assert severities[0] == "error"
    assert severities == sorted(severities, key=["error", "warning", "advice"].index)
    assert panel.parts.bar.tabText(FINDINGS) == f"Findings ({len(severities)})"
    assert (
        panel.parts.bar.tabToolTip(FINDINGS)
        == panel.findings.summary.text()
        == counts_text(document.findings)
    )
    assert worst_by_layer(document.findings)["out"] == "error"


# The totals.


def test_the_change_of_an_edit_is_told_for_a_moment(opened: Open, qtbot: QtBot) -> None:
    document, panel = opened()
    panel.shapes.change.linger_ms = 1
    changed(document, "c1", filters=16)
    assert panel.shapes.change.change.text() == "+15,760 parameters"
    qtbot.waitUntil(panel.shapes.change.change.isHidden)
    document.undo_stack.undo()
    assert panel.shapes.change.change.text() == "−15,760 parameters"
    qtbot.waitUntil(panel.shapes.change.change.isHidden)


def test_the_edits_of_one_gesture_are_told_as_one_change(opened: Open) -> None:
    document, panel = opened()
    for filters in (1, 12, 16):
        layer = document.network.layer("c1").updated(filters=filters)
        document.apply_network("Set", document.network.replaced("c1", layer), "c1.filters")
    assert panel.shapes.change.change.text() == "+15,760 parameters"
    panel.hide()


def test_an_opened_project_is_no_change(opened: Open) -> None:
    document, panel = opened()
    document.open(Project(network=stack("conv(3,3)")), None)
    assert panel.shapes.change.change.isHidden()
    panel.hide()


def test_the_totals_count_up_to_the_break(opened: Open) -> None:
    _, panel = opened(MISFIT)
    assert panel.shapes.totals.totals.title == "Up to c2"
    assert panel.shapes.totals.totals.value == "at least 80 params · 320 bytes · 56.4 k MACs"
    assert panel.shapes.totals.totals.toolTip().endswith("Counted up to the break at c2.")
    assert panel.shapes.totals.memory.value.startswith("not known")


def test_the_memory_of_training_stands_beside_the_free_memory(opened: Open) -> None:
    document, panel = opened()
    assert panel.shapes.totals.memory.value.startswith("about 1.")
    assert not panel.shapes.totals.memory.value.endswith(" free")
    document.look_at_memory()
    assert panel.shapes.totals.memory.value.startswith("about 1.")
    assert panel.shapes.totals.memory.value.endswith(" free")
    assert "batches of 32." in panel.shapes.totals.memory.toolTip()
    training = document.project.training.model_copy(update={"batch_size": 4096})
    document.apply("Set", document.project.with_training(training))
    assert panel.shapes.totals.memory.value.startswith("about 147 MB")


def test_the_panel_fits_the_side_of_the_window_in_both_looks(opened: Open, theme: Theme) -> None:
    _, panel = opened(MISFIT, "c2")
    assert panel.minimumSizeHint().width() <= 324
    light = panel.grab().toImage()
    theme.set_mode("dark")
    QApplication.processEvents()
    assert panel.grab().toImage() != light
    assert not panel.table.horizontalScrollBar().isVisible()
