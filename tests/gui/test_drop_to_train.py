"""A folder dropped on the fresh window is learned with two clicks: use it, and train."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cnnstudio.core.project import Project
from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.project.sources import Folder, Included
from cnnstudio.core.tasks import Classification, Reconstruction, Segmentation
from cnnstudio.core.templates import template
from cnnstudio.core.templates.fitted import fitted
from cnnstudio.engine.data import facts_of, unpacking
from cnnstudio.engine.runs.folder import read_run
from cnnstudio.gui.window.main_window import MainWindow
from tests.core.pictures import stack
from tests.folders import class_folders
from tests.gui.dragging import drop_from_outside

LEFT = Qt.MouseButton.LeftButton


@pytest.mark.timeout(240)
def test_six_hundred_pictures_of_three_classes_are_learned_with_two_clicks(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = class_folders(tmp_path / "shades", {"dark": 200, "gray": 200, "light": 200}, size=(20, 24))
    drop(window, folder)
    offer = window.pages.data.offer
    qtbot.waitUntil(offer.isVisible, timeout=20_000)
    assert offer.text.text() == ("Use these 600 pictures of 3 classes: a small network for them is made.")
    steps = window.document.undo_stack.count()
    QTest.mouseClick(offer.button, LEFT)
    assert window.document.undo_stack.count() == steps + 1
    assert not offer.isVisible()
    assert window.document.network.input_shape == (20, 24, 3)
    assert not [one for one in window.document.findings if one.severity == "error"]
    QTest.mouseClick(window.header.train_button, LEFT)
    assert window.pages.key == "train"
    qtbot.waitUntil(lambda: not window.training.is_running, timeout=200_000)
    run = read_run(next(window.run.runs_folder.iterdir()))
    assert run.record.state == "finished"
    assert max(epoch.values["val_accuracy"] for epoch in run.history) > 0.95


def test_an_archive_is_taken_for_the_folder_it_holds(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "_archives", lambda: tmp_path / "cache")
    folder = class_folders(tmp_path / "shades", {"dark": 4, "light": 5}, size=(20, 24))
    drop(window, Path(shutil.make_archive(str(folder), "zip", folder)))
    offer = window.pages.data.offer
    qtbot.waitUntil(offer.isVisible, timeout=20_000)
    assert offer.text.text() == "Use these 9 pictures of 2 classes: a small network for them is made."
    source = window.document.project.data.source
    assert isinstance(source, Folder)
    assert source.path == str(tmp_path / "shades.zip")


@pytest.mark.timeout(240)
def test_pictures_with_masks_are_learned_by_the_u_net_with_two_clicks(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    drop(window, pictures_with_masks(tmp_path / "boxes", 60))
    offer = window.pages.data.offer
    qtbot.waitUntil(offer.isVisible, timeout=20_000)
    assert offer.text.text() == "Use these 60 pictures of 1 class: a small network for them is made."
    qtbot.waitUntil(window.pages.data.browser.isVisible)
    # Its classes are those of pixels: whole pictures have none to count.
    assert not window.pages.data.browser.classes.isVisible()
    QTest.mouseClick(offer.button, LEFT)
    assert window.document.project.task == Segmentation()
    assert not [one for one in window.document.findings if one.severity == "error"]
    QTest.mouseClick(window.header.train_button, LEFT)
    assert window.pages.key == "train"
    qtbot.waitUntil(lambda: not window.training.is_running, timeout=200_000)
    run = read_run(next(window.run.runs_folder.iterdir()))
    assert run.record.state == "finished"
    assert max(epoch.values["val_iou"] for epoch in run.history) > 0.7


def pictures_with_masks(root: Path, count: int) -> Path:
    """A bright box on dark ground in each picture, and a mask that says where."""
    for number in range(count):
        mask = np.zeros((16, 16), np.uint8)
        mask[number % 6 : number % 6 + 9, number % 5 : number % 5 + 9] = 1
        for place, pixels in (("images", 40 + mask * 170), ("masks", mask)):
            (root / place).mkdir(parents=True, exist_ok=True)
            Image.fromarray(pixels).save(root / place / f"{number:03d}.png")
    return root


def drop(window: MainWindow, folder: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(folder))])
    assert drop_from_outside(window.header, mime, QPoint(20, 10))


def shapes(project: Project) -> Project:
    made = project.with_data(DataChoice(source=Included(set="shapes")))
    facts = facts_of(made.data)
    assert facts is not None
    return fitted(made, facts)


def test_masks_are_learned_with_the_u_net_and_pictures_without_any_by_a_classifier() -> None:
    project = Project(network=stack("conv(8,3) flatten dense(10,softmax)"))
    segmented = shapes(project)
    assert segmented.task == Segmentation()
    assert segmented.training.loss == "sparse_categorical_crossentropy"
    assert segmented.network == template("unet").build((48, 48, 3), 9)
    digits = segmented.with_data(DataChoice(source=Included()))
    facts = facts_of(digits.data)
    assert facts is not None
    classified = fitted(digits, facts)
    assert classified.task == Classification()
    assert classified.training.loss == "categorical_crossentropy"
    assert classified.network == template("two-conv").build((28, 28, 1), 10)
    assert fitted(classified, facts) == classified


def test_what_was_chosen_of_the_task_and_the_training_stays() -> None:
    digits = Project(network=stack("conv(8,3)"), data=DataChoice(source=Included()))
    facts = facts_of(digits.data)
    assert facts is not None
    chosen = digits.with_task(Classification(labels="integer"))
    training = chosen.training.model_copy(
        update={"loss": "sparse_categorical_crossentropy", "epochs": 7, "from_logits": True}
    )
    made = fitted(chosen.with_training(training), facts)
    assert made.task == Classification(labels="integer")
    assert made.training == training.model_copy(update={"from_logits": False})
    assert fitted(digits.with_task(Reconstruction()), facts).network == template("autoencoder").build(
        (28, 28, 1), 1
    )
