"""The thread behind the window, over a scripted `train` in place of Keras."""

from pathlib import Path

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from cnnstudio.core.project import Project
from cnnstudio.engine.training import trainer
from cnnstudio.engine.training.events import Event, Finished, Stopped
from cnnstudio.engine.training.stopping import ShouldStop
from cnnstudio.engine.training.trainer import Emit, TrainingJob
from cnnstudio.gui.document.session import TrainingSession
from tests.core.pictures import stack
from tests.gui.training_script import run_of, until_stopped

PROJECT = Project(network=stack("flatten dense(10,softmax)"))


def scripted(job: TrainingJob, emit: Emit, should_stop: ShouldStop) -> None:
    del should_stop
    for event in run_of(job.folder, [0.9, 0.5]):
        emit(event)
    emit(Finished(2, 0.5, job.folder, False))


def test_every_event_arrives_in_order_on_the_gui_thread(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(trainer, "train", scripted)
    session = TrainingSession()
    told: list[Event] = []
    threads: set[bool] = set()

    def take(event: Event) -> None:
        told.append(event)
        threads.add(QThread.currentThread() is session.thread())

    session.happened.connect(take)
    session.start(PROJECT, tmp_path)
    qtbot.waitUntil(lambda: not session.is_running)
    assert told == [*run_of(tmp_path, [0.9, 0.5]), Finished(2, 0.5, tmp_path, False)]
    assert threads == {True}


def test_a_session_says_when_it_begins_and_when_its_thread_has_ended(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(trainer, "train", scripted)
    session = TrainingSession()
    said: list[bool] = []
    session.running_changed.connect(said.append)
    session.start(PROJECT, tmp_path)
    assert session.is_running
    qtbot.waitUntil(lambda: said == [True, False])
    assert not session.is_running


def test_stop_is_a_flag_that_the_training_answers(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(trainer, "train", until_stopped)
    session = TrainingSession()
    with qtbot.assertNotEmitted(session.stop_asked):
        session.stop()
    session.start(PROJECT, tmp_path)
    with qtbot.waitSignal(session.happened) as told, qtbot.waitSignal(session.stop_asked):
        session.stop()
    assert told.args == [Stopped(None, None, tmp_path)]
    qtbot.waitUntil(lambda: not session.is_running)


def test_a_second_start_while_training_runs_changes_nothing(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(trainer, "train", until_stopped)
    session = TrainingSession()
    said: list[bool] = []
    session.running_changed.connect(said.append)
    session.start(PROJECT, tmp_path)
    session.start(PROJECT, tmp_path)
    assert said == [True]
    session.stop()
    qtbot.waitUntil(lambda: said == [True, False])


def test_closing_stops_and_waits_for_the_thread(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(trainer, "train", until_stopped)
    session = TrainingSession()
    assert session.stop_and_wait()
    session.start(PROJECT, tmp_path)
    assert session.stop_and_wait()
    qtbot.waitUntil(lambda: not session.is_running)
