"""What commands ask before they do anything."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cnnstudio.core.project import Project
from cnnstudio.gui.window.main_window import MainWindow
from cnnstudio.gui.window.repeat_dialog import RepeatDialog
from tests.core.pictures import names, stack


@pytest.mark.parametrize(
    ("selected", "title"),
    [
        (("b",), "Repeat b"),
        (("a", "b"), "Repeat 2 layers"),
        (("input", "b"), "Repeat b"),
    ],
)
def test_the_question_how_often_is_about_what_is_repeated(
    window: MainWindow, qtbot: QtBot, selected: tuple[str, ...], title: str
) -> None:
    window.document.open(Project(network=stack("a=conv(8,3) b=maxpool c=flatten")), None)
    window.document.select(selected)
    window.questions.ask_how_often()
    (asked,) = (top for top in QApplication.topLevelWidgets() if isinstance(top, RepeatDialog))
    assert asked.title.text() == title
    asked.accept()
    added = len(names(window.document.network).split()) - 3
    assert added == len(set(selected) - {"input"}), "twice is what it offers first"
    qtbot.waitUntil(lambda: not asked.isVisible())


def test_a_number_that_cannot_be_repeated_is_refused_with_a_sentence(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    asked = RepeatDialog(["a"], parent)
    asked.show()
    asked.times.selectAll()
    QTest.keyClicks(asked.times, "1")
    assert [button.text() for button in asked.findChildren(QPushButton) if button.isEnabled()] == ["Cancel"]
    told = [one.text() for one in asked.findChildren(QLabel) if one.property("role") == "error"]
    assert all(told)
    QTest.keyClicks(asked.times, "2")
    with qtbot.waitSignal(asked.chosen) as chosen:
        QTest.keyClick(asked, Qt.Key.Key_Return)
    assert chosen.args == [12]


def test_questions_tell_the_main_step_from_the_one_that_destroys(window: MainWindow, qtbot: QtBot) -> None:
    window.document.open(Project(network=stack("a=conv(8,3) b=maxpool")), None)
    window.document.apply_network("Edit", window.document.network.removed("b"))
    window.files.after_asking(lambda: None)
    (box,) = (top for top in QApplication.topLevelWidgets() if isinstance(top, QMessageBox))
    told = {button.text().replace("&", ""): button.property("variant") for button in box.buttons()}
    assert told == {"Save": "primary", "Discard": "danger", "Cancel": None}
    box.reject()
    qtbot.waitUntil(lambda: not box.isVisible())
