"""One selection for the whole window: it tells of real changes only, and follows the project."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from cnnstudio.core.project.data import Split
from cnnstudio.core.project.sources import Included
from cnnstudio.engine.files.photos import PHOTOS
from cnnstudio.engine.files.projects import sample_project
from cnnstudio.engine.interpret.choices import DEFAULT_PICTURE, DataPicture, PictureChoice
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.document.selection import Selection


class Ears:
    """Counts how often the selection has changed."""

    def __init__(self, selection: Selection) -> None:
        self.heard = 0
        selection.changed.connect(self._on_changed)

    def _on_changed(self) -> None:
        self.heard += 1


@pytest.fixture
def document(qapp: QApplication) -> Iterator[Document]:
    made = Document(sample_project())
    yield made
    made.undo_stack.clear()


@pytest.fixture
def selection(document: Document) -> Selection:
    return Selection(document, document)


@pytest.fixture
def ears(selection: Selection) -> Ears:
    return Ears(selection)


def test_it_begins_with_the_first_training_image_and_the_best_weights(selection: Selection) -> None:
    assert selection.picture == DataPicture("training", 0)
    assert (selection.unit, selection.checkpoint, selection.layers) == (None, "best", ())


def test_the_same_again_is_no_change(selection: Selection, ears: Ears) -> None:
    for _ in range(2):
        selection.set_picture(Path("a.png"))
        selection.set_checkpoint("last")
        selection.set_unit(3)
    assert ears.heard == 3


def test_nothing_of_it_can_be_undone(document: Document, selection: Selection) -> None:
    selection.set_picture(PHOTOS[0])
    selection.select_layers(("conv1",))
    selection.set_unit(1)
    assert document.undo_stack.count() == 0
    assert not document.is_modified


def test_the_layers_are_those_of_the_document_and_take_the_unit_along(
    document: Document, selection: Selection, ears: Ears
) -> None:
    selection.select_layers(("conv1",))
    assert document.selection == selection.layers == ("conv1",)
    selection.set_unit(5)
    document.select(("conv2",))
    assert selection.layers == ("conv2",)
    assert selection.unit is None
    assert ears.heard == 3


def test_another_project_begins_with_its_own_first_image(document: Document, selection: Selection) -> None:
    selection.set_picture(PHOTOS[0])
    document.open(sample_project(), None)
    assert selection.picture == DEFAULT_PICTURE


def test_other_data_change_a_picture_of_them_and_no_other(
    document: Document, selection: Selection, ears: Ears
) -> None:
    fashion = document.project.data.with_source(Included(set="fashion_mnist"))
    selection.set_picture(DataPicture("test", 7))
    document.apply("Choose data", document.project.model_copy(update={"data": fashion}))
    assert selection.picture == DEFAULT_PICTURE
    assert ears.heard == 2
    photo: PictureChoice = PHOTOS[0]
    selection.set_picture(photo)
    document.undo_stack.undo()
    assert selection.source_of(selection.picture)[0] is photo
    assert ears.heard == 3


def test_another_split_means_other_pixels_at_the_same_place(
    document: Document, selection: Selection, ears: Ears
) -> None:
    before = selection.picture_source
    selection.set_picture(DataPicture("training", 7))
    split = document.project.data.with_split(Split(validation_share=0.5))
    document.apply("Split", document.project.model_copy(update={"data": split}))
    assert selection.picture == DataPicture("training", 7)
    assert selection.picture_source[1] != before[1]
    assert ears.heard == 2


def test_an_edit_of_the_network_leaves_it_as_it_is(document: Document, ears: Ears) -> None:
    document.apply_network("Rename", document.network.renamed("conv1", "first"))
    assert ears.heard == 0
