"""The draws of augmentation beside the chosen sample."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cnnstudio.core.layers import RandomFlip, RandomZoom
from cnnstudio.core.network import Network
from cnnstudio.core.project import Project
from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.project.sources import Included
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.data.images import Pixels
from cnnstudio.engine.interpret.augmented import draws
from cnnstudio.engine.training.stopping import ShouldStop
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.pages.data.augmentation import AugmentationPanel, Draw
from cnnstudio.gui.theme.theme import Theme
from tests.core.pictures import stack

PICTURE = np.arange(28 * 28, dtype=np.uint64).reshape(28, 28, 1).astype(np.uint8)
FLIP = RandomFlip(name="flip", mode="horizontal")


@pytest.fixture
def document(qapp: QApplication) -> Iterator[Document]:
    network = stack("rescale conv(8,3) flatten dense(10,softmax)")
    made = Document(Project(network=network, data=DataChoice(source=Included())))
    yield made
    made.undo_stack.clear()


@pytest.fixture
def make_panel(
    document: Document, theme: Theme, qtbot: QtBot
) -> Iterator[Callable[[Draw], AugmentationPanel]]:
    made: list[AugmentationPanel] = []

    def make(draw: Draw) -> AugmentationPanel:
        panel = AugmentationPanel(document, theme, draw=draw)
        made.append(panel)
        qtbot.addWidget(panel)
        panel.show()
        return panel

    yield make
    for panel in made:
        panel.close_jobs()


class Asked:
    """Notes what is to be drawn, and gives the picture a little brighter each time."""

    def __init__(self) -> None:
        self.heads: list[tuple[str, ...]] = []
        self.seeds: list[int] = []

    def __call__(self, network: Network, picture: Pixels, count: int, seed: int, stop: ShouldStop) -> Pixels:
        self.heads.append(tuple(layer.name for layer in network.layers))
        self.seeds.append(seed)
        return np.stack([picture] * count)


def test_without_augmentation_it_says_how_to_add_some_and_draws_nothing(
    make_panel: Callable[[Draw], AugmentationPanel], document: Document
) -> None:
    asked = Asked()
    panel = make_panel(asked)
    panel.show_picture(PICTURE)
    assert "Add one on Build below the Input, such as Random Flip" in panel.text.text()
    assert not panel.pictures.isVisible()
    assert asked.heads == []


def test_each_edit_of_the_layers_at_the_head_draws_anew_and_other_edits_do_not(
    make_panel: Callable[[Draw], AugmentationPanel], document: Document, qtbot: QtBot
) -> None:
    asked = Asked()
    panel = make_panel(asked)
    panel.show_picture(PICTURE)
    document.apply_network("Add", document.network.inserted(2, FLIP))
    qtbot.waitUntil(lambda: panel.text.text() == "The sample, and what training may make of it:")
    assert panel.pictures.isVisible()
    assert len(panel.views) == 9
    assert all(view.accessibleDescription() != "empty" for view in panel.views)
    document.apply_network("Zoom", document.network.inserted(3, RandomZoom(name="zoom")))
    qtbot.waitUntil(lambda: len(asked.heads) == 2)
    conv = document.network.layers[4]
    document.apply_network("Filters", document.network.replaced(conv.name, conv.updated(filters=3)))
    QTest.mouseClick(panel.again, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(asked.heads) == 3)
    assert asked.seeds == [0, 0, 1]
    document.apply_network("Remove", document.network.removed("flip"))
    document.apply_network("Remove", document.network.removed("zoom"))
    assert not panel.pictures.isVisible()


def test_what_cannot_be_drawn_is_said(
    make_panel: Callable[[Draw], AugmentationPanel], document: Document, qtbot: QtBot
) -> None:
    def refuse(network: Network, picture: Pixels, count: int, seed: int, stop: ShouldStop) -> Pixels:
        raise StudioError("This cannot be drawn. Take the layer off.")

    panel = make_panel(refuse)
    document.apply_network("Add", document.network.inserted(2, FLIP))
    panel.show_picture(PICTURE)
    qtbot.waitUntil(lambda: panel.text.text() == "This cannot be drawn. Take the layer off.")


def test_the_layers_of_the_stack_draw_in_keras(
    make_panel: Callable[[Draw], AugmentationPanel], document: Document, qtbot: QtBot
) -> None:
    panel = make_panel(draws)
    document.apply_network("Add", document.network.inserted(2, FLIP))
    panel.show_picture(PICTURE)
    qtbot.waitUntil(lambda: panel.text.text().startswith("The sample"), timeout=60_000)
    kinds = {view.grab().toImage().pixelColor(10, 40).red() for view in panel.views[1:]}
    assert len(kinds) == 2
