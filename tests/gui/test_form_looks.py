"""How the form stands on its ground: one left edge, no holes."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cnnstudio.core.project import Project
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.pages.builder.form.body import FormBody
from cnnstudio.gui.pages.builder.form.layer_form import LayerForm
from cnnstudio.gui.pages.builder.form.sources import ManySourcesEditor
from cnnstudio.gui.theme.theme import Theme
from tests.core.pictures import stack

LINE_PX = 30


@pytest.fixture(params=[1.0, 1.5])
def form(request: pytest.FixtureRequest, qtbot: QtBot, theme: Theme) -> Callable[[str, str], LayerForm]:
    def make(picture: str, name: str) -> LayerForm:
        document = Document(Project(network=stack(picture)))
        made = LayerForm(document, theme)
        qtbot.addWidget(made)
        document.setParent(made)
        made.resize(480, 900)
        made.show()
        document.select((name,))
        theme.set_text_scale(request.param)
        QApplication.processEvents()
        return made

    return make


def body(form: LayerForm) -> FormBody:
    assert form.body is not None
    return form.body


def left_of_text(form: LayerForm, widget: QWidget) -> int:
    """Where the first stroke of a widget's text begins, in the form."""
    place = QRect(widget.mapTo(form, QPoint()), widget.size())
    picture = form.grab(place).toImage()
    ground = picture.pixelColor(0, 0).lightness()
    dark = [
        x
        for x in range(picture.width())
        for y in range(picture.height())
        if abs(picture.pixelColor(x, y).lightness() - ground) > 60
    ]
    return place.x() + min(dark)


def test_name_description_and_titles_have_one_left_edge(form: Callable[[str, str], LayerForm]) -> None:
    made = form("kern=conv(8,3)", "kern")
    # With the keyboard in it the name has a frame, which stands further out than the text.
    made.focus_first_field()
    rows = body(made).rows
    texts = (made.header.name, made.header.about, rows["filters"].title, rows["kernel_size"].title)
    edges = [left_of_text(made, widget) for widget in texts]
    # Letters begin within a pixel or two of their place, by their shape.
    assert max(edges) - min(edges) <= 2, edges


@pytest.mark.parametrize("convolutions", [1, 3, 12])
def test_the_list_of_inputs_is_as_high_as_its_entries(
    form: Callable[[str, str], LayerForm], theme: Theme, convolutions: int
) -> None:
    layers = " ".join(f"c{number}=conv(8,3)" for number in range(convolutions))
    made = form(f"{layers} add=add", "add")
    editor = body(made).rows["inputs"].editor
    assert isinstance(editor, ManySourcesEditor)
    entries = editor.list
    shown = min(entries.count(), 5)
    last = entries.visualItemRect(entries.item(shown - 1))
    assert 0 <= entries.viewport().height() - last.bottom() - 1 <= 1
    more = body(made).more
    assert more is not None
    bottom = entries.mapTo(made, entries.rect().bottomLeft()).y()
    assert more.mapTo(made, QPoint()).y() - bottom < theme.scaled(LINE_PX) / 2
