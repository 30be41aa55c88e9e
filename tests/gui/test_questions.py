"""What commands ask before they do anything."""

import pytest
from PySide6.QtWidgets import QApplication, QInputDialog
from pytestqt.qtbot import QtBot

from cnnstudio.core.project import Project
from cnnstudio.gui.main_window import MainWindow
from tests.core.pictures import names, stack


@pytest.mark.parametrize(
    ("selected", "question"),
    [
        (("b",), "How many times b shall stand, one copy after the other:"),
        (("a", "b"), "How many times the 2 layers shall stand, one copy of them after the other:"),
        (("input", "b"), "How many times b shall stand, one copy after the other:"),
    ],
)
def test_the_question_how_often_is_about_what_is_repeated(
    window: MainWindow, qtbot: QtBot, selected: tuple[str, ...], question: str
) -> None:
    window.document.open(Project(network=stack("a=conv(8,3) b=maxpool c=flatten")), None)
    window.document.select(selected)
    window.questions.ask_how_often()
    (asked,) = (top for top in QApplication.topLevelWidgets() if isinstance(top, QInputDialog))
    assert asked.labelText() == question
    asked.accept()
    added = len(names(window.document.network).split()) - 3
    assert added == len(set(selected) - {"input"}), "twice is what it offers first"
    qtbot.waitUntil(lambda: not asked.isVisible())
