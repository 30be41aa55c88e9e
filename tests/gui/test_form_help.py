"""What a field is for is said in the head of the form while a person is at it."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cnnstudio.core.forms.layer_settings import layer_settings
from cnnstudio.core.layers import LAYER_TYPES, Layer
from cnnstudio.core.project import Project
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.pages.builder.form.layer_form import LayerForm
from cnnstudio.gui.theme.theme import Theme
from tests.core.pictures import stack

DOES = "one feature map"
FILTERS, KERNEL = "How many kernels", "Height and width of each kernel"


@pytest.fixture
def form(qtbot: QtBot, theme: Theme) -> LayerForm:
    document = Document(Project(network=stack("c=conv(8,3) p=maxpool")))
    made = LayerForm(document, theme)
    document.setParent(made)
    qtbot.addWidget(made)
    made.resize(340, 600)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    document.select(("c",))
    return made


def said(form: LayerForm) -> str:
    return form.header.about.text()


def row(form: LayerForm, name: str) -> QWidget:
    assert form.body is not None
    return form.body.rows[name]


def test_at_first_the_head_says_what_the_layer_does(form: LayerForm) -> None:
    assert DOES in said(form)


def test_the_field_with_the_keyboard_is_explained_until_it_goes_to_the_name(
    form: LayerForm,
) -> None:
    form.focus_setting("filters")
    assert said(form).startswith("Filters")
    assert FILTERS in said(form)
    QTest.keyClick(form.focusWidget(), Qt.Key.Key_Tab)
    assert KERNEL in said(form)
    form.header.name.setFocus()
    assert DOES in said(form)


def test_the_field_under_the_mouse_is_explained_first(form: LayerForm, qtbot: QtBot) -> None:
    form.focus_setting("filters")
    QTest.mouseMove(row(form, "kernel_size").window(), row(form, "kernel_size").mapTo(form, QPoint(8, 8)))
    qtbot.waitUntil(lambda: KERNEL in said(form))
    # To where nothing lights up: the pointer stays there for the windows of other tests.
    QTest.mouseMove(form, QPoint(2, 2))
    qtbot.waitUntil(lambda: FILTERS in said(form))


def test_another_layer_begins_with_what_it_does(form: LayerForm) -> None:
    form.focus_setting("filters")
    document = form.findChild(Document)
    assert document is not None
    document.select(("p",))
    assert "largest" in said(form)


@pytest.mark.parametrize("model", LAYER_TYPES)
def test_no_sentence_of_help_moves_the_fields(form: LayerForm, model: type[Layer]) -> None:
    room = form.header.about.height()
    for setting in layer_settings(model):
        form.header.show_help(setting)
        assert form.header.about.heightForWidth(form.header.about.width()) <= room, setting.help
