"""Selecting, walking, renaming and searching on the canvas, by real mouse and key events."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cnnstudio.core.network import Network
from cnnstudio.core.project import Project
from cnnstudio.gui.pages.builder.stack.block import Block
from cnnstudio.gui.pages.builder.stack.name_editor import NameEditor
from cnnstudio.gui.theme.theme import Theme
from tests.core.pictures import stack
from tests.gui import edits
from tests.gui.stack_driver import CTRL, NONE, SHIFT, StackDriver

Key = Qt.Key
Driver = Callable[[str], StackDriver]
Edit = Callable[[Network], Network]


@pytest.fixture
def driven(qtbot: QtBot, theme: Theme) -> Driver:
    return lambda picture: StackDriver(qtbot, theme, picture)


def test_every_layer_is_a_block_in_stack_order(driven: Driver) -> None:
    it = driven("a=conv b=maxpool c=flatten")
    assert [block.name for block in it.view.stack.order] == ["input", "a", "b", "c"]
    tops = [block.y() for block in it.view.stack.order]
    assert tops == sorted(tops)


def test_a_block_says_name_type_settings_shape_and_parameters(driven: Driver) -> None:
    content = driven("a=conv(10,3,same)").view.stack.blocks["a"].content
    assert (content.name, content.shape, content.parameters) == ("a", "28 × 28 × 10", "100 params")
    assert content.about.startswith("Conv2D · 3×3 · same")


def test_a_broken_layer_has_a_badge_and_those_below_wait_for_it(driven: Driver) -> None:
    it = driven("a=conv(8,3) big=conv(4,99,valid) f=flatten")
    broken, below = it.view.stack.blocks["big"], it.view.stack.blocks["f"]
    assert broken.content.severity == "error"
    assert "99" in broken.toolTip()
    assert below.content.shape == "waits for big"


def test_a_frozen_layer_is_marked(driven: Driver) -> None:
    it = driven("a=conv")
    it.document.select(("a",))
    edits.toggle_frozen(it.document)
    assert it.view.stack.blocks["a"].content.is_frozen


def test_clicks_select_one_toggle_and_range(driven: Driver) -> None:
    it = driven("a=conv b=conv c=conv d=conv")
    it.click("b")
    assert it.selected == "b"
    it.click("d", SHIFT)
    assert it.selected == "b c d"
    it.click("c", CTRL)
    assert it.selected == "b d"
    it.click("a")
    assert it.selected == "a"


def test_a_rubber_band_selects_what_it_touches(driven: Driver) -> None:
    it = driven("a=conv b=conv c=conv")
    beside = QPoint(-140, 0)
    it.drag(it.at("a") + beside, it.at("b"))
    assert it.selected == "a b"
    it.press(QPoint(20, 700))
    it.release(QPoint(20, 700))
    assert it.selected == ""


@pytest.mark.parametrize("modifiers", [NONE, SHIFT])
def test_escape_during_a_rubber_band_gives_back_the_selection_from_before(
    driven: Driver, modifiers: Qt.KeyboardModifier
) -> None:
    it = driven("a=conv b=conv c=conv")
    it.click("c")
    start = it.at("a") + QPoint(-140, 0)
    it.press(start, modifiers)
    it.move(start + QPoint(60, 20), it.at("b"))
    assert it.selected == ("a b c" if modifiers else "a b")
    it.key(Key.Key_Escape)
    assert it.selected == "c"
    it.move(it.at("b"))
    it.release(it.at("b"))
    assert it.selected == "c"


def test_an_edit_during_a_rubber_band_ends_it_and_selects_what_the_edit_does(driven: Driver) -> None:
    it = driven("a=conv b=conv c=conv")
    it.click("c")
    it.drag(it.at("a") + QPoint(-140, 0), it.at("b"), let_go=False)
    edits.duplicate_selected(it.document)
    assert it.selected == "a2 b2"
    assert not it.view.pointer.is_busy


def test_arrow_keys_walk_and_shift_extends(driven: Driver) -> None:
    it = driven("a=conv b=conv c=conv")
    it.key(Key.Key_Home)
    assert it.selected == "input"
    it.key(Key.Key_Down)
    it.key(Key.Key_Down, SHIFT)
    assert it.selected == "a b"
    it.key(Key.Key_Up, SHIFT)
    assert it.selected == "a"
    it.key(Key.Key_End)
    assert it.selected == "c"
    it.key(Key.Key_Escape)
    assert it.selected == ""
    it.key(Key.Key_Up)
    assert it.selected == "c"


def test_extending_upwards_goes_on_from_the_upper_end(driven: Driver) -> None:
    it = driven("a=conv b=conv c=conv")
    it.click("c")
    it.key(Key.Key_Up, SHIFT)
    it.key(Key.Key_Up, SHIFT)
    assert it.selected == "a b c"


def test_walking_scrolls_the_block_into_view(driven: Driver) -> None:
    it = driven(" ".join(["conv"] * 40))
    it.key(Key.Key_End)
    last = it.view.stack.order[-1]
    seen = it.view.viewport().rect()
    assert seen.contains(it.view.mapFromScene(QPointF(0, last.y())))
    it.key(Key.Key_Home)
    assert seen.contains(it.view.mapFromScene(QPointF(0, 0)))


def test_enter_and_double_click_ask_for_the_form(driven: Driver, qtbot: QtBot) -> None:
    it = driven("a=conv")
    it.click("a")
    with qtbot.waitSignal(it.view.edit_requested):
        it.key(Key.Key_Return)
    with qtbot.waitSignal(it.view.edit_requested):
        QTest.mouseDClick(it.view.viewport(), Qt.MouseButton.LeftButton, NONE, it.at("a"))


def _writes_name(it: StackDriver, layer: str, name: str) -> NameEditor:
    """Open the field of a layer and write another name into it."""
    it.click(layer)
    it.key(Key.Key_F2)
    field = it.view.overlays.name_editor
    assert field.text() == layer
    field.selectAll()
    QTest.keyClicks(field, name)
    return field


def test_f2_renames_in_place(driven: Driver) -> None:
    it = driven("a=conv b=flatten")
    block = it.view.stack.blocks["a"]
    field = _writes_name(it, "a", "stem")
    QTest.keyClick(field, Key.Key_Return)
    assert it.shown == "stem b"
    assert it.view.stack.blocks["stem"] is block
    assert it.view.hasFocus()


def test_a_name_that_is_taken_stays_in_the_field_with_the_reason(driven: Driver) -> None:
    it = driven("a=conv b=flatten")
    field = _writes_name(it, "a", "b")
    QTest.keyClick(field, Key.Key_Return)
    assert field.isVisible()
    assert field.reason.isVisible()
    assert "Another layer is named 'b'" in field.reason.text()
    QTest.keyClick(field, Key.Key_Escape)
    assert not field.isVisible()
    assert it.shown == "a b"
    assert it.document.undo_stack.count() == 0


def test_a_name_that_is_taken_is_not_dropped_without_a_word_by_a_click_elsewhere(
    qtbot: QtBot, driven: Driver
) -> None:
    it = driven("a=conv b=flatten")
    field = _writes_name(it, "a", "b")
    with qtbot.waitSignal(it.view.refused) as told:
        it.click("b")
    assert told.args == ["'a' keeps its name. Another layer is named 'b' already. Choose a name nobody has."]
    assert not field.isVisible()
    assert it.selected == "b"
    assert it.document.undo_stack.count() == 0


def test_a_name_left_as_it_is_says_nothing(qtbot: QtBot, driven: Driver) -> None:
    it = driven("a=conv b=flatten")
    it.click("a")
    it.key(Key.Key_F2)
    with qtbot.assertNotEmitted(it.view.refused):
        it.click("b")
    assert it.shown == "a b"


def test_typing_opens_a_search_box_and_enter_adds_below_the_selection(driven: Driver) -> None:
    it = driven("a=conv b=flatten")
    it.click("a")
    it.key(Key.Key_M)
    box = it.view.overlays.search
    assert box.isVisible()
    assert it.view.stack.marker.isVisible()
    QTest.keyClicks(box.field, "axpool")
    QTest.keyClick(box.field, Key.Key_Return)
    assert it.shown == "a pool1 b"
    assert it.selected == "pool1"
    assert not box.isVisible()
    assert not it.view.stack.marker.isVisible()
    assert it.view.hasFocus()


def test_the_search_box_walks_by_arrows_and_escape_leaves_everything(driven: Driver) -> None:
    it = driven("a=conv")
    it.key(Key.Key_C)
    box = it.view.overlays.search
    first = box.list.currentRow()
    QTest.keyClick(box.field, Key.Key_Down)
    assert box.list.currentRow() == first + 1
    QTest.keyClick(box.field, Key.Key_Escape)
    assert not box.isVisible()
    assert it.view.hasFocus()
    assert it.document.undo_stack.count() == 0


def test_the_search_box_says_when_nothing_fits(driven: Driver) -> None:
    it = driven("a=conv")
    it.key(Key.Key_X)
    box = it.view.overlays.search
    QTest.keyClicks(box.field, "yzzy")
    assert box.nothing.isVisible()
    QTest.keyClick(box.field, Key.Key_Return)
    assert it.shown == "a"


def test_an_empty_stack_says_what_to_do(driven: Driver) -> None:
    it = driven("")
    hint = it.view.stack.hint
    assert hint.isVisible()
    edits.add_layer(it.document, "Conv2D")
    assert not hint.isVisible()
    it.document.undo_stack.undo()
    assert hint.isVisible()


def wheel(it: StackDriver, delta: int, modifiers: Qt.KeyboardModifier) -> None:
    middle = QPointF(400, 300)
    event = QWheelEvent(
        middle,
        it.view.viewport().mapToGlobal(middle),
        QPoint(),
        QPoint(0, delta),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(it.view.viewport(), event)


def test_zoom_goes_from_50_to_200_percent_and_back(driven: Driver) -> None:
    it = driven("a=conv b=conv")
    for _ in range(12):
        wheel(it, 120, CTRL)
    assert it.view.zoom.scale == 2.0
    assert it.view.overlays.pill.percent.text() == "200%"
    assert not it.view.overlays.pill.in_button.isEnabled()
    for _ in range(20):
        it.view.overlays.pill.out_button.click()
    assert it.view.zoom.scale == 0.5
    it.view.overlays.pill.percent.click()
    assert it.view.zoom.scale == 1.0


def test_fit_shows_a_long_stack_as_a_whole(driven: Driver) -> None:
    it = driven(" ".join(["conv"] * 30))
    it.view.overlays.pill.fit_button.click()
    seen = it.view.mapToScene(it.view.viewport().rect()).boundingRect()
    assert seen.top() <= 0
    assert seen.bottom() >= it.view.stack.column.bottom


def test_a_fit_is_for_one_network_and_a_zoom_that_was_chosen_for_all(driven: Driver) -> None:
    it = driven(" ".join(["conv"] * 30))
    pill = it.view.overlays.pill
    pill.fit_button.click()
    assert it.view.zoom.scale < 0.5
    it.document.open(Project(network=stack("a=conv b=conv")), None)
    assert it.view.zoom.scale == 1.0
    pill.in_button.click()
    chosen = it.view.zoom.scale
    it.document.open(Project(network=stack("c=conv d=conv")), None)
    assert it.view.zoom.scale == chosen > 1.0


def touched_by(it: StackDriver, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, edit: Edit) -> list[str]:
    """The blocks that ask to be repainted, once those of `edit` did."""
    touched: list[str] = []
    monkeypatch.setattr(Block, "update", lambda block: touched.append(block.name))
    it.document.apply_network("edit", edit(it.document.network))
    qtbot.waitUntil(lambda: bool(touched))
    return touched


def test_an_edit_repaints_only_the_blocks_that_change(
    driven: Driver, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    it = driven("a=conv(8,3,same) b=relu f=flatten d=dense(4)")
    touched = touched_by(it, qtbot, monkeypatch, lambda network: network.with_settings(["d"], units=5))
    assert touched == ["d"]


def test_blocks_out_of_sight_are_not_repainted_and_still_say_what_is_new(
    driven: Driver, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    it = driven(" ".join(f"c{at}=conv(8,3,same)" for at in range(40)))
    names = [f"c{at}" for at in range(40)]
    touched = touched_by(it, qtbot, monkeypatch, lambda network: network.with_settings(names, filters=5))
    assert touched[0] == "c0"
    assert len(touched) < 20
    assert it.view.stack.blocks["c39"].content.shape == "28 × 28 × 5"


def test_blocks_stay_the_same_objects_through_edits_and_undo(driven: Driver) -> None:
    it = driven("a=conv b=conv c=conv")
    before = dict(it.view.stack.blocks)
    edits.move_layers(it.document, ("c",), 1)
    it.document.undo_stack.undo()
    assert it.view.stack.blocks == before


def test_another_project_is_shown_from_its_top(driven: Driver) -> None:
    it = driven(" ".join(["conv"] * 30))
    it.key(Key.Key_End)
    it.document.open(Project(network=stack(" ".join(["dense(3)"] * 30))), None)
    assert it.view.verticalScrollBar().value() == it.view.verticalScrollBar().minimum()
    assert len(it.view.stack.blocks) == 31


def test_the_context_menu_offers_what_fits_the_selection(driven: Driver) -> None:
    it = driven("a=conv b=conv")
    it.click("a")
    menu = it.view.menus.for_selection()
    texts = [action.text().split("\t")[0] for action in menu.actions()]
    assert {"Rename", "Duplicate", "Delete", "Freeze", "Move down"} <= set(texts)
    next(action for action in menu.actions() if action.text().startswith("Duplicate")).trigger()
    assert it.shown == "a a2 b"
    menu.deleteLater()


def test_pasting_nonsense_from_the_menu_is_told_and_changes_nothing(driven: Driver, qtbot: QtBot) -> None:
    it = driven("a=conv")
    QApplication.clipboard().setText("no layers")
    menu = it.view.menus.for_selection()
    paste = next(action for action in menu.actions() if action.text().startswith("Paste"))
    with qtbot.waitSignal(it.view.refused) as refused:
        paste.trigger()
    assert "Copy layers of a stack first" in refused.args[0]
    assert it.shown == "a"
    menu.deleteLater()


def test_a_look_is_taken_over_at_once(driven: Driver, theme: Theme) -> None:
    it = driven("a=conv b=conv s=add<-b,a")
    light = it.view.grab().toImage()
    theme.set_mode("dark")
    assert it.view.grab().toImage() != light
    theme.set_text_scale(1.5)
    assert it.view.stack.blocks["a"].height == 90
    theme.set_text_scale(1.0)


def _card(it: StackDriver, name: str) -> QRect:
    block = it.view.stack.blocks[name]
    return it.view.mapFromScene(block.mapRectToScene(block.card_rect)).boundingRect()


def test_the_field_for_a_name_stays_with_its_card(driven: Driver, theme: Theme) -> None:
    it = driven("a=conv b=conv c=conv d=conv e=conv f=conv g=conv h=conv")
    it.click("d")
    it.key(Key.Key_F2)
    field = it.view.overlays.name_editor
    places = []

    def is_over_card() -> bool:
        QApplication.processEvents()
        places.append(field.geometry().center())
        card = _card(it, "d")
        return card.contains(field.geometry().center()) and card.left() < field.x() < card.center().x()

    assert is_over_card()
    theme.set_text_scale(1.4)
    assert is_over_card()
    it.view.zoom.step(-1)
    assert is_over_card()
    it.view.resize(1200, 500)
    assert is_over_card()
    it.view.verticalScrollBar().setValue(it.view.verticalScrollBar().value() + 40)
    assert is_over_card()
    assert len(set(map(QPoint.toTuple, places))) == len(places)
    assert field.hasFocus()


def test_larger_text_keeps_the_room_open_for_the_layer_that_is_searched(driven: Driver, theme: Theme) -> None:
    it = driven("a=conv b=conv c=conv")
    it.click("b")
    it.key(Key.Key_C)
    search = it.view.overlays.search
    before = search.width()
    theme.set_text_scale(1.4)
    QApplication.processEvents()
    assert search.width() > before
    assert _card(it, "b").bottom() < search.y() < _card(it, "c").top()


def test_larger_text_keeps_the_selected_layer_in_sight(driven: Driver, theme: Theme) -> None:
    it = driven("a=conv b=conv c=conv d=conv e=conv f=conv g=conv h=conv")
    it.click("h")
    theme.set_text_scale(1.5)
    QApplication.processEvents()
    assert it.view.viewport().rect().contains(_card(it, "h"))


def _on_screen(it: StackDriver) -> QImage:
    """What is on the screen, without asking anything to paint itself."""
    for _ in range(4):
        QApplication.processEvents()
    return it.view.screen().grabWindow(it.view.winId()).toImage()


@pytest.mark.parametrize("picture", ["a=conv(8,3) b=conv(16,3)", "a=conv(8,99,valid) b=dense(3)"])
def test_a_block_that_was_painted_in_part_after_an_edit_is_painted_whole(
    driven: Driver, picture: str
) -> None:
    it = driven("a=conv(8,3) b=conv(8,3)")
    before = _on_screen(it)
    it.document.open(Project(network=stack(picture)), None)
    # As the shadow of a neighbour or the end of an arc would have it painted, before the turn of the canvas.
    card = _card(it, "b")
    it.view.viewport().repaint(card.adjusted(0, 0, 6 - card.width(), 0))
    seen = _on_screen(it)
    it.view.viewport().update()
    assert seen == _on_screen(it)
    assert seen != before
