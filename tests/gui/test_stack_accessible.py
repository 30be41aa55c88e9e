"""The stack as a screen reader finds it."""

import pytest
from PySide6.QtGui import QAccessible
from pytestqt.qtbot import QtBot

from cnnstudio.gui.theme.theme import Theme
from tests.gui import edits
from tests.gui.stack_driver import StackDriver


@pytest.fixture
def driven(qtbot: QtBot, theme: Theme) -> StackDriver:
    return StackDriver(qtbot, theme, "a=conv(10,3,same) big=conv(4,99,valid) f=flatten")


def test_the_stack_is_a_list_with_an_item_for_each_layer(driven: StackDriver) -> None:
    found = QAccessible.queryAccessibleInterface(driven.view)
    assert found.role() == QAccessible.Role.List
    assert found.text(QAccessible.Text.Name) == "Layer stack"
    assert found.childCount() == 4
    assert found.child(1).role() == QAccessible.Role.ListItem
    assert found.indexOfChild(found.child(2)) == 2


def test_an_item_says_name_type_shape_and_parameters(driven: StackDriver) -> None:
    text = QAccessible.queryAccessibleInterface(driven.view).child(1).text(QAccessible.Text.Name)
    assert text.startswith("a, Conv2D")
    assert "height 28, width 28, channels 10" in text
    assert "100 params" in text


def test_an_item_says_what_is_wrong_and_what_it_waits_for(driven: StackDriver) -> None:
    found = QAccessible.queryAccessibleInterface(driven.view)
    assert "kernel does not fit" in found.child(2).text(QAccessible.Text.Name)
    assert "waits for big" in found.child(3).text(QAccessible.Text.Name)


def test_items_know_whether_they_are_selected_and_where_they_are(driven: StackDriver) -> None:
    driven.document.select(("a",))
    found = QAccessible.queryAccessibleInterface(driven.view)
    states = [found.child(index).state() for index in range(3)]
    assert [bool(state.selected) for state in states] == [False, True, False]
    assert found.child(1).rect().top() > found.child(0).rect().bottom()
    assert found.child(1).parent().object() is driven.view


def test_the_list_follows_edits(driven: StackDriver) -> None:
    found = QAccessible.queryAccessibleInterface(driven.view)
    driven.document.select(("big",))
    edits.delete_selected(driven.document)
    assert found.childCount() == 3
    assert found.child(2).text(QAccessible.Text.Name).startswith("f, Flatten")
