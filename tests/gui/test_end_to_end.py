"""The main job, done for real: drop a layer, train on the included digits, look inside."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cnnstudio.core.kernels.convolution import convolve2d
from cnnstudio.core.layers import Conv2D
from cnnstudio.engine.interpret.response import Response
from cnnstudio.engine.runs.folder import read_run
from cnnstudio.engine.weights import open_weights
from cnnstudio.gui.pages.builder.mime import layer_mime
from cnnstudio.gui.window.main_window import MainWindow
from tests.gui.dragging import send_drop

TRAINING_TIMEOUT_MS = 110_000


@pytest.mark.timeout(180)
def test_the_main_job_from_a_dropped_layer_to_a_convolved_image(window: MainWindow, qtbot: QtBot) -> None:
    _drop_a_convolution(window)
    _train_two_epochs(window, qtbot)
    best = _best_weights(window)
    _look_inside(window, qtbot, best)


def _drop_a_convolution(window: MainWindow) -> None:
    before = len(window.document.network.layers)
    stack = window.pages.build.stack
    (block,) = [block for block in stack.stack.order if block.name == "pool1"]
    upper_edge = stack.mapFromScene(block.mapToScene(block.card_rect.topLeft()))
    place = QPoint(upper_edge.x() + 60, upper_edge.y() - 4)
    assert send_drop(stack.viewport(), layer_mime("Conv2D"), place)
    layers = window.document.network.layers
    assert len(layers) == before + 1
    assert isinstance(layers[window.document.network.position("pool1") - 1], Conv2D)
    assert all(row.stands for row in window.document.analysis.rows)


def _train_two_epochs(window: MainWindow, qtbot: QtBot) -> None:
    project = window.document.project
    settings = project.training.model_copy(update={"epochs": 2})
    fewer = project.data.model_copy(update={"limit": 2_000})
    window.document.apply("Two epochs", project.with_training(settings).with_data(fewer))
    QTest.mouseClick(window.header.train_button, Qt.MouseButton.LeftButton)
    assert window.training.is_running
    qtbot.waitUntil(lambda: not window.training.is_running, timeout=TRAINING_TIMEOUT_MS)
    qtbot.waitUntil(lambda: window.pages.train.run.loss.points[1:] == (2, 2))
    record = read_run(next(window.run.runs_folder.iterdir())).record
    assert window.pages.train.run.loss.star == pytest.approx((record.best_epoch, record.best_val_loss))


def _best_weights(window: MainWindow) -> Path:
    (folder,) = window.run.runs_folder.iterdir()
    best = folder / "best.weights.h5"
    assert best.is_file()
    return best


def _look_inside(window: MainWindow, qtbot: QtBot, best: Path) -> None:
    """The best weights of the run are open by themselves; the kernel in use is one of the trained ones."""
    window.show_page("inspect")
    panel = window.pages.inspect.response
    qtbot.waitUntil(lambda: not panel.is_busy and _is_trained(panel.response, best), timeout=20_000)
    response = panel.response
    assert response is not None
    expected = convolve2d(response.image, response.kernel, padding=response.steps.padding)
    assert np.allclose(response.values, expected + response.steps.bias, atol=1e-5)
    assert response.values.std() > 0


def _is_trained(response: Response | None, best: Path) -> bool:
    if response is None:
        return False
    with open_weights(best) as weights:
        kernels = [weights.read(kernel.layer, kernel.weight) for kernel in weights.kernels]
    size = response.kernel.shape
    slices = [kernel.reshape(*size, -1) for kernel in kernels if kernel.shape[:2] == size]
    return any(
        np.allclose(part[:, :, index], response.kernel) for part in slices for index in range(part.shape[2])
    )
