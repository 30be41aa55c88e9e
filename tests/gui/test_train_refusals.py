"""What Train does not begin, does not stop and does not wipe, by real keys and clicks in the window."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from cnnstudio.core.layers.initializers import RandomNormal
from cnnstudio.engine.runs.folder import begin_run, new_run_folder, save_record
from cnnstudio.engine.runs.store import RunStore
from cnnstudio.engine.training import trainer
from cnnstudio.engine.training.events import Failed, Finished
from cnnstudio.engine.training.stopping import ShouldStop
from cnnstudio.engine.training.trainer import Emit, TrainingJob
from cnnstudio.gui.fields.row import FieldRow
from cnnstudio.gui.window.main_window import MainWindow
from tests.gui.drive import click, write
from tests.gui.training_script import ended_run, epoch, run_of, until_stopped

LEFT, F5 = Qt.MouseButton.LeftButton, Qt.Key.Key_F5


def line_in(widget: QWidget) -> QLineEdit:
    found = widget.findChild(QLineEdit)
    assert isinstance(found, QLineEdit)
    return found


def filters(window: MainWindow) -> QLineEdit:
    window.document.select(("conv1",))
    assert window.pages.build.form.body is not None
    return line_in(window.pages.build.form.body.rows["filters"].editor)


def name(window: MainWindow) -> QLineEdit:
    window.document.select(("conv1",))
    return window.pages.build.form.header.name


def deviation(window: MainWindow) -> QLineEdit:
    """A setting of a setting, in a section that is folded."""
    network = window.document.network.with_settings(("conv1",), kernel_initializer=RandomNormal())
    window.document.apply_network("Begin otherwise", network)
    window.document.select(("conv1",))
    body = window.pages.build.form.body
    assert body is not None
    body.focus_setting("kernel_initializer")
    details = body.rows["kernel_initializer"].editor.details
    assert details is not None
    rows = {row.setting.name: row for row in details.findChildren(FieldRow)}
    return line_in(rows["stddev"].editor)


def epochs(window: MainWindow) -> QLineEdit:
    window.show_page("train")
    return line_in(window.pages.train.settings.form.rows["epochs"].editor)


def learning_rate(window: MainWindow) -> QLineEdit:
    window.show_page("train")
    return line_in(window.pages.train.settings.form.rows["optimizer.learning_rate"].editor)


def share(window: MainWindow) -> QLineEdit:
    window.show_page("data")
    rows = {row.setting.name: row for row in window.pages.data.choice.findChildren(FieldRow)}
    return line_in(rows["validation_share"].editor)


FIELDS: list[tuple[Callable[[MainWindow], QLineEdit], str, str, str]] = [
    (filters, "0", "build", "Filters: "),
    (name, "pool1", "build", "Name: "),
    (deviation, "no", "build", "Spread: "),
    (epochs, "0", "train", "Epochs: "),
    (learning_rate, "fast", "train", "Learning rate: "),
    (share, "2", "data", "Validation share: "),
]


@pytest.mark.parametrize(("field_of", "text", "page", "told"), FIELDS)
def test_train_does_not_begin_with_another_value_than_the_red_one_and_goes_there(
    window: MainWindow, qtbot: QtBot, field_of: Callable[[MainWindow], QLineEdit], text: str, page: str,
    told: str,
) -> None:  # fmt: skip
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    field = field_of(window)
    write(field, text)
    window.show_page("inspect")
    QTest.keyClick(window, F5)
    assert not window.training.is_running
    assert window.pages.key == page
    assert field.isVisible()
    focused = QApplication.focusWidget()
    assert focused is not None
    assert field in (focused, focused.findChild(QLineEdit))
    assert f"Correct the field in red first, or undo. {told}" in window.messages.text.text()


def test_a_red_field_in_a_folded_section_is_unfolded(window: MainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    field = deviation(window)
    write(field, "no")
    body = window.pages.build.form.body
    assert body is not None
    assert body.more is not None
    click(body.more.heading)
    assert not field.isVisible()
    click(window.header.train_button)
    assert not window.training.is_running
    assert field.hasFocus()


def test_a_red_field_that_was_put_right_or_left_for_another_layer_keeps_nothing_back(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trainer, "train", until_stopped)
    write(filters(window), "0")
    assert window.pages.refused() is not None
    write(filters(window), "12")
    assert window.pages.refused() is None
    write(filters(window), "0")
    window.document.select(("dense1",))
    click(window.header.train_button)
    assert window.training.is_running
    window.training.stop()
    qtbot.waitUntil(lambda: not window.training.is_running)


@pytest.mark.parametrize("where", ["header", "page"])
def test_a_double_click_on_train_does_not_stop_it(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.setattr(trainer, "train", until_stopped)
    asked: list[bool] = []
    window.training.stop_asked.connect(lambda: asked.append(True))
    window.show_page("train")
    panel = window.pages.train.settings
    button = window.header.train_button if where == "header" else panel.start_button
    place = button.mapTo(window, button.rect().center())
    QApplication.processEvents()
    # Through the window's handle, as the window system sends it: the second press may meet another button.
    QTest.mouseDClick(window.windowHandle(), LEFT, Qt.KeyboardModifier.NoModifier, place)
    QApplication.processEvents()
    assert window.training.is_running
    assert not asked
    stop = window.header.train_button if where == "header" else panel.stop_button
    QTest.mouseClick(stop, LEFT)
    assert asked
    qtbot.waitUntil(lambda: not window.training.is_running)


def test_a_training_that_is_refused_before_it_begins_leaves_the_curves_of_the_last_one(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def whole(job: TrainingJob, emit: Emit, _should_stop: ShouldStop) -> None:
        for event in run_of(job.folder, [0.9, 0.5, 0.7]):
            emit(event)
        emit(Finished(2, 0.5, job.folder, False))

    def refused(_job: TrainingJob, emit: Emit, _should_stop: ShouldStop) -> None:
        emit(Failed("The folder of the pictures is gone."))

    for job in (whole, refused):
        monkeypatch.setattr(trainer, "train", job)
        click(window.header.train_button)
        qtbot.waitUntil(lambda: not window.training.is_running)
    run = window.pages.train.run
    assert run.loss.points == (12, 3, 3)
    assert run.figures.best.value() == "0.500 · epoch 2"
    assert run.failure.isVisible()
    assert run.failure.text.text() == "The folder of the pictures is gone."
    assert run.log.lines.texts()[-1] == "The folder of the pictures is gone."
    assert window.run.weights_of("best") is not None


def test_a_run_without_an_epoch_does_not_hide_the_run_before_it_when_the_project_is_opened_again(
    window: MainWindow, tmp_path: Path
) -> None:
    runs, project = tmp_path / "runs", window.document.project
    kept = ended_run(runs, project, [epoch(1, 0.5, 0.9)])
    folder = new_run_folder(runs, "scripted")
    save_record(folder, begin_run(folder, project, "0123").model_copy(update={"state": "failed"}))
    found = RunStore(runs).run_of(None, project.network)
    assert found is not None
    assert found.folder == kept
