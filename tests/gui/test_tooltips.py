"""Tooltips show the names that a person gave, signs and all."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument

from cnnstudio.engine.evaluation.report import Report
from cnnstudio.engine.evaluation.words import summary_of
from cnnstudio.gui.pages.evaluate.matrix import MatrixModel
from cnnstudio.gui.widgets.tooltips import plain_tooltip


def shown(text: str) -> str:
    """What a person reads, once Qt took the text for HTML or not."""
    from PySide6.QtGui import Qt as RichText

    if not RichText.mightBeRichText(text):
        return text
    document = QTextDocument()
    document.setHtml(text)
    return document.toPlainText()


@pytest.mark.parametrize("name", ["<b>&", "cat", "a < b", "<html><i>x</i>", "two\nlines", "<b>\nthree"])
def test_a_name_is_read_as_it_is(name: str) -> None:
    assert shown(plain_tooltip(name)) == name


def test_the_matrix_tells_a_class_named_like_a_mark_of_html() -> None:
    model = MatrixModel()
    confusion, classes = ((1, 1), (1, 1)), ("<b>&", "cat")
    report = Report("classification", "test", 1, 4, 0.1, {"accuracy": 0.5}, confusion, classes)
    model.show_report(report, summary_of(report))
    role = Qt.ItemDataRole.ToolTipRole
    assert "<b>&" in shown(str(model.data(model.index(0, 1), role)))
    assert shown(str(model.headerData(0, Qt.Orientation.Horizontal, role))) == "Answer: <b>&"
