"""The map beside a long stack, and Fit, which collapses groups before cards become specks."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QToolTip
from pytestqt.qtbot import QtBot

from cnnstudio.core.network.repeats import with_blocks_grouped
from cnnstudio.gui.pages.builder.stack.minimap import MiniMap
from cnnstudio.gui.theme.theme import Mode, Theme
from tests.gui.stack_driver import LEFT, NONE, StackDriver

Driver = Callable[[str], StackDriver]
LONG = "light=relu " + " ".join(f"c{at}=conv({8 if at < 20 else 64},3,same)" for at in range(40))
BLOCKS = " ".join(f"block{at}_conv=conv(8,3,same) block{at}_relu=relu" for at in range(12))


@pytest.fixture
def driven(qtbot: QtBot, theme: Theme) -> Driver:
    return lambda picture: StackDriver(qtbot, theme, picture)


def the_map(it: StackDriver) -> MiniMap:
    QApplication.processEvents()
    return it.view.overlays.map


def test_a_stack_that_is_seen_whole_has_no_map_and_a_long_one_has_one_beside_it(driven: Driver) -> None:
    it = driven("a=conv(8,3,same) b=flatten c=dense(4)")
    assert not the_map(it).isVisible()
    whole = it.view.viewport().width()
    it.document.open(driven(LONG).document.project, None)
    shown = the_map(it)
    assert shown.isVisible()
    assert it.view.viewport().width() == whole - shown.width() - it.view.verticalScrollBar().width()
    assert shown.geometry().left() > it.view.viewport().geometry().right()
    it.document.open(driven("a=flatten").document.project, None)
    assert not the_map(it).isVisible()


def test_its_bars_are_as_long_as_the_layers_are_heavy(driven: Driver) -> None:
    shown = the_map(driven(LONG))
    bars = {bar.name: bar for bar in shown.bars}
    lengths = {bar.name: rect.width() for bar, rect in shown._rects()}
    assert lengths["light"] == shown._theme.scaled(3)
    assert lengths["c39"] == max(lengths.values())
    assert bars["c39"].parameters == 64 * 9 * 64 + 64
    least = lengths["light"]
    share = (lengths["c5"] - least) / (lengths["c39"] - least)
    assert share == pytest.approx(bars["c5"].parameters / bars["c39"].parameters)


def test_the_frame_is_where_one_is_and_a_click_goes_elsewhere(driven: Driver) -> None:
    it = driven(LONG)
    shown = the_map(it)
    assert it.view.stack.seen.top() < it.view.stack.top_of(it.view.stack.blocks["c1"])
    QTest.mouseClick(shown, LEFT, NONE, QPoint(20, shown.height() - 4))
    block = it.view.stack.blocks["c39"]
    assert it.view.stack.seen.contains(block.mapRectToScene(block.card_rect))
    QTest.mousePress(shown, LEFT, NONE, QPoint(20, shown.height() - 4))
    QTest.mouseMove(shown, QPoint(20, shown.height() // 2))
    QTest.mouseRelease(shown, LEFT, NONE, QPoint(20, shown.height() // 2))
    middle = it.view.stack.blocks["c19"]
    assert it.view.stack.seen.contains(middle.mapRectToScene(middle.card_rect))
    assert it.document.selection == ()


def test_it_says_what_is_under_the_mouse_and_can_weigh_by_macs(driven: Driver) -> None:
    it = driven(LONG)
    shown = the_map(it)
    place = QPoint(20, shown.height() - 8)
    QApplication.sendEvent(shown, QHelpEvent(QHelpEvent.Type.ToolTip, place, shown.mapToGlobal(place)))
    assert QToolTip.text().startswith("c39: 36,928 parameters, ")
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(shown, QContextMenuEvent(reason, place, shown.mapToGlobal(place)))
    (menu,) = shown.findChildren(QMenu)
    by_parameters, by_macs = menu.actions()
    assert (by_parameters.isChecked(), by_macs.isChecked()) == (True, False)
    by_macs.trigger()
    menu.close()
    assert shown.by == "macs"


def test_a_collapsed_group_is_one_bar_with_all_it_weighs(driven: Driver) -> None:
    it = driven(BLOCKS)
    network = it.document.network
    grouped = type(network)(layers=with_blocks_grouped(network.layers))
    it.document.apply_network("Group", grouped)
    it.document.fold("block1", True)
    bars = {bar.name: bar for bar in the_map(it).bars}
    assert "block1_conv" not in bars
    assert bars["block1"].parameters == bars["block2_conv"].parameters
    assert "block2" not in bars


def test_fit_collapses_the_groups_of_a_stack_that_would_be_too_small_to_be_read(driven: Driver) -> None:
    it = driven(BLOCKS)
    network = it.document.network
    it.document.apply_network("Group", type(network)(layers=with_blocks_grouped(network.layers)))
    QTest.mouseClick(it.view.overlays.pill.fit_button, LEFT)
    assert it.document.collapsed == {f"block{at}" for at in range(12)}
    assert it.view.zoom.scale >= 0.5
    assert it.document.undo_stack.count() == 1


def test_fit_leaves_the_groups_of_a_stack_that_can_be_read_whole(driven: Driver) -> None:
    it = driven("block1_conv=conv(8,3,same) block1_relu=relu block2_conv=conv(8,3,same) block2_relu=relu")
    network = it.document.network
    it.document.apply_network("Group", type(network)(layers=with_blocks_grouped(network.layers)))
    QTest.mouseClick(it.view.overlays.pill.fit_button, LEFT)
    assert it.document.collapsed == frozenset()


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_map_is_painted_in_the_colors_of_the_theme(driven: Driver, theme: Theme, mode: Mode) -> None:
    it = driven(LONG)
    theme.set_mode(mode)
    image = the_map(it).grab().toImage()
    ratio = image.devicePixelRatio()
    bar = next(rect for bar, rect in the_map(it)._rects() if bar.name == "c39")
    color = image.pixelColor((bar.center() * ratio).toPoint())
    assert abs(color.hue() - theme.family_color("convolution").hue()) < 15
    assert Qt.GlobalColor.transparent != color
