"""Every layer type gets a form in which each field has an editor that reaches the document."""

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from PySide6.QtWidgets import QApplication, QScrollArea
from pytestqt.qtbot import QtBot

from cnnstudio.core.forms.fields import Choice
from cnnstudio.core.forms.layer_settings import layer_settings
from cnnstudio.core.layers import LAYER_TYPES, Conv2D, Input, Layer
from cnnstudio.core.network import Network
from cnnstudio.core.project import Project
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.pages.builder.columns import LEAST_PANEL
from cnnstudio.gui.pages.builder.form.body import FormBody
from cnnstudio.gui.pages.builder.form.layer_form import LayerForm
from cnnstudio.gui.theme.theme import Theme
from tests.gui.drive import change

PARTNERS = {("Normalization", "mean"): "variance", ("Normalization", "variance"): "mean"}
"""Settings that a layer takes only together with another one."""
TOGETHER = "Mean and variance are given together, or neither."
REQUIRED: dict[str, dict[str, Any]] = {"CustomLayer": {"class_name": "Mine"}}


def network_with(model: type[Layer]) -> Network:
    """Three maps of one size and, unless the type is the Input, a layer of the type below them."""
    above = [Input(name="input"), Conv2D(name="a"), Conv2D(name="b")]
    if model is Input:
        return Network(layers=tuple(above))
    settings = REQUIRED.get(model.__name__, {})
    inputs = ("a", "b") if model.takes_several else ()
    return Network(layers=(*above, model(name="subject", inputs=inputs, **settings)))


def settings_of(model: type[Layer]) -> list[str]:
    """The names of the settings that can have another value than the one they have."""
    return [
        setting.name
        for setting in layer_settings(model)
        if not (isinstance(setting.kind, Choice) and len(setting.kind.values) == 1)
    ]


MakeForm: TypeAlias = Callable[[type[Layer]], tuple[Document, LayerForm]]


@pytest.fixture
def form_of(qtbot: QtBot, theme: Theme) -> MakeForm:
    def make(model: type[Layer]) -> tuple[Document, LayerForm]:
        document = Document(Project(network=network_with(model)))
        form = LayerForm(document, theme)
        qtbot.addWidget(form)
        document.setParent(form)
        form.resize(324, 900)
        form.show()
        document.select(("input" if model is Input else "subject",))
        more = body_of(form).more
        if more is not None:
            more.set_folded(False)
        QApplication.processEvents()
        return document, form

    return make


def body_of(form: LayerForm) -> FormBody:
    assert form.body is not None
    return form.body


def selected(document: Document) -> Layer:
    assert document.current is not None
    return document.network.layer(document.current)


@pytest.mark.parametrize("model", LAYER_TYPES, ids=lambda model: model.__name__)
def test_each_field_of_a_layer_has_a_row_with_name_and_help(model: type[Layer], form_of: MakeForm) -> None:
    _, form = form_of(model)
    fields = set(model.model_fields) - {"type", "name", "group", "weights_of"}
    fixed = {"trainable"} if model.weights is Layer.weights else set()
    if model is Input:
        fixed |= {"inputs", "enabled"}
    assert set(body_of(form).rows) == fields - fixed
    for row in body_of(form).rows.values():
        assert row.editor.accessibleName() == row.setting.title
        assert row.editor.accessibleDescription() == row.editor.toolTip() != ""


@pytest.mark.parametrize("model", LAYER_TYPES, ids=lambda model: model.__name__)
def test_nothing_is_cut_off_in_the_narrowest_panel(model: type[Layer], form_of: MakeForm) -> None:
    _, form = form_of(model)
    form.resize(LEAST_PANEL, 240)
    QApplication.processEvents()
    area = form.findChild(QScrollArea)
    assert area is not None
    content = area.widget()
    assert content is not None
    assert content.width() == area.viewport().width()


@pytest.mark.parametrize("model", LAYER_TYPES, ids=lambda model: model.__name__)
def test_a_change_in_each_editor_reaches_the_document_and_comes_back(
    model: type[Layer], form_of: MakeForm
) -> None:
    document, form = form_of(model)
    before = selected(document)
    assert settings_of(model)
    for name in settings_of(model):
        change(body_of(form).rows[name].editor)
        partner = PARTNERS.get((model.__name__, name))
        if partner is not None:
            assert body_of(form).rows[name].reason.text() == TOGETHER
            change(body_of(form).rows[partner].editor)
        after = selected(document)
        assert body_of(form).rows[name].reason.text() == "", name
        assert getattr(after, name) != getattr(before, name), name
        same = {name: None, partner or name: None}
        assert {**dict(before), **same} == {**dict(after), **same}
        assert document.undo_stack.count() == 1, name
        document.undo_stack.undo()
        assert selected(document) == before


@pytest.mark.parametrize(
    "model", [m for m in LAYER_TYPES if m is not Input], ids=lambda model: model.__name__
)
def test_two_layers_of_a_type_are_edited_together(model: type[Layer], form_of: MakeForm) -> None:
    document, form = form_of(model)
    network = document.network
    twin = network.layer("subject").updated(name="twin", inputs=("a", "b") if model.takes_several else ())
    document.apply_network("Add", network.inserted(4, twin))
    document.select(("subject", "twin"))
    QApplication.processEvents()
    for name, row in body_of(form).rows.items():
        if isinstance(row.setting.kind, Choice) and len(row.setting.kind.values) == 1:
            continue
        row.editor.show_mixed(getattr(twin, name))
        change(row.editor)
        values = [getattr(document.network.layer(layer), name) for layer in ("subject", "twin")]
        assert values[0] == values[1], name
