"""Every task from its card to its figures on the test images: clicked, trained for real, evaluated."""

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cnnstudio.core.project import Project
from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.project.sources import Included
from cnnstudio.core.project.training import TrainingSettings
from cnnstudio.core.tasks import Classification
from cnnstudio.gui.pages.evaluate.page import EvaluatePage
from cnnstudio.gui.pages.start.page import StartPage
from cnnstudio.gui.window.main_window import MainWindow
from tests.core.pictures import stack
from tests.gui.drive import click

TRAINING_MS = 110_000
FEW = 60


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    ("template", "source", "figures"),
    [
        ("unet", "shapes", ["Mean IoU", "Pixel accuracy", "Loss"]),
        ("autoencoder", "mnist", ["Mean absolute error", "Loss"]),
    ],
)
def test_a_template_of_another_task_is_trained_and_measured(
    window: MainWindow, qtbot: QtBot, template: str, source: str, figures: list[str]
) -> None:
    document = window.document
    document.open(
        document.project.with_data(DataChoice(source=Included.model_validate({"set": source}))), None
    )
    _begin_with(window, template)
    _train_on_a_few(window, qtbot)
    assert _measured(window, qtbot)[: len(figures)] == figures


@pytest.mark.timeout(180)
def test_two_classes_are_told_by_one_unit(window: MainWindow, qtbot: QtBot) -> None:
    project = Project(
        network=stack("rescale conv(4,3) flatten dense(1,sigmoid)"),
        task=Classification(labels="integer"),
        data=DataChoice(source=Included(), classes=("0", "1")),
        training=TrainingSettings(loss="binary_crossentropy"),
    )
    window.document.open(project, None)
    _train_on_a_few(window, qtbot)
    assert "Accuracy" in _measured(window, qtbot)
    report = _page(window).results.matrix.matrix.report
    assert report is not None
    assert report.classes == ("0", "1")


def _begin_with(window: MainWindow, key: str) -> None:
    window.show_page("start")
    QApplication.processEvents()
    page = window.pages.start
    assert isinstance(page, StartPage)
    (card,) = [card for card in page.cards if card.template.key == key]
    click(card)
    assert window.pages.key == "build"


def _train_on_a_few(window: MainWindow, qtbot: QtBot) -> None:
    project = window.document.project
    settings = project.training.model_copy(update={"epochs": 1})
    few = project.data.model_copy(update={"limit": FEW})
    window.document.apply("A few", project.with_training(settings).with_data(few))
    click(window.header.train_button)
    assert window.training.is_running
    qtbot.waitUntil(lambda: not window.training.is_running, timeout=TRAINING_MS)


def _measured(window: MainWindow, qtbot: QtBot) -> list[str]:
    """The titles of the figures on the Evaluate page."""
    window.show_page("evaluate")
    page = _page(window)
    qtbot.waitUntil(lambda: page.shown is page.results, timeout=TRAINING_MS)
    cards = [card for card in page.results.cards if card.isVisible()]
    return [card.accessibleName().partition(":")[0] for card in cards]


def _page(window: MainWindow) -> EvaluatePage:
    page = window.pages.page("evaluate")
    assert isinstance(page, EvaluatePage)
    return page
