"""A layer inside another one: its class is chosen, and its settings are edited, in the form of that one."""

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cnnstudio.core.layers import GRU, LSTM, Bidirectional, Input, Layer
from cnnstudio.core.network import Network
from cnnstudio.core.project import Project
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.fields.variants import VariantsEditor
from cnnstudio.gui.pages.builder.form.layer_form import LayerForm
from cnnstudio.gui.theme.theme import Theme
from tests.gui.drive import change, step_combo


def inner_of(document: Document) -> Layer:
    inner = dict(document.network.layer("both"))["layer"]
    assert isinstance(inner, Layer)
    return inner


def test_the_layer_inside_is_chosen_and_edited_in_place(qtbot: QtBot, theme: Theme) -> None:
    layers = (Input(name="input", shape=(8, 3)), Bidirectional(name="both"))
    document = Document(Project(network=Network(layers=layers)))
    form = LayerForm(document, theme)
    qtbot.addWidget(form)
    document.setParent(form)
    form.resize(324, 900)
    form.show()
    document.select(("both",))
    QApplication.processEvents()
    assert form.body is not None
    editor = form.body.rows["layer"].editor
    assert isinstance(editor, VariantsEditor)

    step_combo(editor.choice.combo)
    chosen = inner_of(document)
    assert isinstance(chosen, GRU)
    rows = {row.setting.name: row for row in editor.rows}
    assert not {"name", "inputs", "enabled", "group"} & set(rows)
    qtbot.waitUntil(rows["units"].isVisible)
    assert not rows["kernel_initializer"].isVisible()

    change(rows["units"].editor)
    edited = inner_of(document)
    assert dict(edited)["units"] != chosen.units
    assert edited == chosen.updated(units=dict(edited)["units"])
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert isinstance(inner_of(document), LSTM)
