"""Whatever is done to the document, by whom and in which order, the canvas shows it."""

import contextlib
import gc
import weakref
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from cnnstudio.core.network import Network
from cnnstudio.core.network.arcs import arcs_of
from cnnstudio.core.project import Project
from cnnstudio.core.values.errors import StudioError
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.pages.builder.stack.content import content_of
from cnnstudio.gui.pages.builder.stack.view import StackView
from cnnstudio.gui.theme.theme import Theme
from tests.core.pictures import stack
from tests.gui import edits

PICTURE = "a=conv(8,3,same) b=bn c=conv(8,3,same) s=add<-c,a p=maxpool f=flatten d=dense(10,softmax)"
Act = Callable[[Document, int], object]


def _select(document: Document, number: int) -> None:
    layers = document.network.layers
    document.select(tuple(layers[(number * step) % len(layers)].name for step in range(1, 1 + number % 4)))


def _move(document: Document, number: int) -> None:
    names = [name for name in document.selection if name != document.network.input.name]
    if names:
        edits.move_layers(document, names, 1 + number % len(document.network.layers))


def _connect(document: Document, number: int) -> None:
    layers = document.network.layers
    edits.connect(document, layers[number % len(layers)].name, layers[-1 - number % 3].name)


def _rename(document: Document, number: int) -> None:
    edits.rename(document, document.network.layers[number % len(document.network.layers)].name, f"n{number}")


def _swap_kind(document: Document, number: int) -> None:
    """A layer of another type under the same name, as opening another project may bring."""
    layers = document.network.layers
    name = layers[1 + number % (len(layers) - 1)].name
    smaller = document.network.removed(name)
    document.apply_network("swap", smaller)
    edits.add_layer(document, ("Dropout", "Conv2D")[number % 2], number % 5)
    edits.rename(document, document.selection[0], name)


ACTS: tuple[Act, ...] = (
    _select,
    _move,
    _connect,
    _rename,
    _swap_kind,
    lambda document, number: edits.add_layer(document, ("Conv2D", "Add", "Dropout", "Flatten")[number % 4]),
    lambda document, _: edits.delete_selected(document),
    lambda document, _: edits.duplicate_selected(document),
    lambda document, _: edits.repeat_selected(document, 3),
    lambda document, _: edits.toggle_frozen(document),
    lambda document, _: edits.toggle_disabled(document),
    lambda document, _: edits.group_selected(document),
    lambda document, _: edits.ungroup_selected(document),
    lambda document, _: edits.move_up(document),
    lambda document, _: edits.move_down(document),
    lambda document, _: document.undo_stack.undo(),
    lambda document, _: document.undo_stack.redo(),
    lambda document, number: document.open(Project(network=stack(PICTURE)), None) if number > 45 else None,
)


def members_of(network: Network) -> dict[str, tuple[str, ...]]:
    """The names of the layers of each group."""
    names = [layer.name for layer in network.layers]
    return {group.name: tuple(names[group.start : group.stop]) for group in network.groups}


def fold_one(document: Document, number: int) -> None:
    """Collapse or expand one of the groups, if there is any."""
    groups = document.network.groups
    if groups:
        name = groups[number % len(groups)].name
        document.fold(name, name not in document.collapsed)


def assert_in_step(view: StackView, document: Document) -> None:
    scene, rows = view.stack, document.analysis.rows
    assert [block.name for block in view.stack.order] == [row.name for row in rows]
    assert set(scene.blocks) == {row.name for row in rows}
    assert [item.y() for item in scene.shown] == list(scene.column.tops)
    assert {name: head.names for name, head in scene.folding.heads.items()} == members_of(document.network)
    heads = scene.folding.heads
    assert {name for name, head in heads.items() if head.is_collapsed} == document.collapsed & set(heads)
    shown = {row.name: scene.shower_of(row.name) for row in rows}
    arcs = [arc for arc in arcs_of(document.network) if shown[arc.source] is not shown[arc.target]]
    assert set(scene.arcs.items) == set(arcs)
    for block, row in zip(view.stack.order, rows, strict=True):
        about = [finding for finding in document.findings if finding.layer == row.name]
        assert block.content == content_of(row, about)
        assert block.isVisible() == (shown[row.name] is block)
        assert block.highlight.selected == (row.name in document.selection)
        # A card is selected as a whole or not at all.
        assert set(shown[row.name].names) <= set(document.selection) or not block.highlight.selected


# One theme and one qtbot serve all examples: each example makes its own document and view.
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 50)), max_size=14))
def test_the_canvas_follows_any_series_of_edits(
    qtbot: QtBot, theme: Theme, acts: list[tuple[Act, int]]
) -> None:
    document = Document(Project(network=stack(PICTURE)))
    view = StackView(document, theme)
    view.resize(700, 500)
    for act, number in acts:
        # A refused edit leaves everything as it was.
        with contextlib.suppress(StudioError):
            act(document, number)
        if number % 4 == 0:
            fold_one(document, number)
        assert_in_step(view, document)
    view.deleteLater()


def test_a_closed_stack_leaves_nothing_behind(qtbot: QtBot, theme: Theme) -> None:
    document = Document(Project(network=stack(PICTURE)))
    view = StackView(document, theme)
    gone = weakref.ref(view)
    view.deleteLater()
    del view
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
    assert gone() is None
    edits.add_layer(document, "Flatten")
    theme.toggle()


@pytest.mark.parametrize("picture", ["", PICTURE])
def test_a_stack_can_be_shown_and_closed_at_any_size(qtbot: QtBot, theme: Theme, picture: str) -> None:
    view = StackView(Document(Project(network=stack(picture))), theme)
    qtbot.addWidget(view)
    for size in ((320, 200), (2200, 1200), (500, 700)):
        view.resize(*size)
        assert not view.grab().isNull()
