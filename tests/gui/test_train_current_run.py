"""Which run the Train page shows: the one that is trained, or the last one of the open project."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event as Flag

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from cnnstudio.core.network import Network
from cnnstudio.core.project import Project
from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.project.sources import Included
from cnnstudio.core.project.training import TrainingSettings
from cnnstudio.core.tasks import AnyTask, Reconstruction, Segmentation
from cnnstudio.engine.files.projects import open_project, save_project
from cnnstudio.engine.runs.folder import BEST_FILE, Run, save_record
from cnnstudio.engine.runs.store import RunStore
from cnnstudio.engine.training.events import CheckpointSaved, EpochEnded, Finished, Stopped
from cnnstudio.gui.document.current_run import CurrentRun
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.pages.train.page import TrainPage
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.window.main_window import MainWindow
from tests.core.pictures import stack
from tests.gui.training_script import ScriptedSession, ended_run, epoch, run_of, started, written_run

RUN = [0.9, 0.5, 0.7, 0.8]
EPOCHS = [epoch(number, 2.0**-number, val_loss) for number, val_loss in enumerate(RUN, start=1)]


def project_of(picture: str) -> Project:
    return Project(
        network=stack(picture),
        data=DataChoice(source=Included()),
        training=TrainingSettings(epochs=len(RUN)),
    )


PROJECT = project_of("rescale conv(8,3) maxpool flatten dense(10,softmax)")
OTHER = project_of("rescale flatten dense(10,softmax)")


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    return tmp_path / "runs"


@pytest.fixture
def document(qapp: QApplication) -> Iterator[Document]:
    made = Document(PROJECT)
    yield made
    made.undo_stack.clear()


@pytest.fixture
def session() -> ScriptedSession:
    return ScriptedSession()


@pytest.fixture
def current(document: Document, session: ScriptedSession, runs: Path) -> Iterator[CurrentRun]:
    made = CurrentRun(document, session, runs)
    yield made
    made.close()


@pytest.fixture
def page(
    document: Document, session: ScriptedSession, current: CurrentRun, theme: Theme, qtbot: QtBot
) -> Iterator[TrainPage]:
    made = TrainPage(document, session, current, theme)
    qtbot.addWidget(made)
    made.resize(1440, 844)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close_jobs()


def saved(project: Project, path: Path) -> Path:
    save_project(project, path)
    return path


def reopen(document: Document, path: Path, current: CurrentRun, qtbot: QtBot) -> None:
    """Open a project file and wait until its run has been looked for."""
    document.open(open_project(path), path)
    qtbot.waitUntil(lambda: not current.is_looking)


def texts_of(page: TrainPage) -> set[str]:
    """What stands in labels of the run that are seen."""
    return {label.text() for label in page.run.findChildren(QLabel) if label.isVisible()}


def test_the_curves_of_another_project_disappear_when_a_project_is_opened(
    page: TrainPage, session: ScriptedSession, document: Document, current: CurrentRun, qtbot: QtBot,
    tmp_path: Path,
) -> None:  # fmt: skip
    session.start(document.project, tmp_path)
    session.end(*run_of(tmp_path, RUN), Finished(2, 0.5, tmp_path, False))
    assert page.run.isVisible()
    document.open(OTHER, None)
    assert page.empty.isVisible()
    assert not page.run.isVisible()
    assert (current.story, current.weights_of("best")) == (None, None)
    qtbot.waitUntil(lambda: not current.is_looking)
    assert page.empty.isVisible()
    session.start(document.project, tmp_path)
    assert page.run.isVisible()
    assert page.run.loss.points == (0, 0, 0)
    assert page.run.log.lines.texts() == []


def test_a_project_that_was_trained_and_saved_shows_its_run_again_when_it_is_reopened(
    page: TrainPage, document: Document, current: CurrentRun, qtbot: QtBot, runs: Path, tmp_path: Path
) -> None:
    path = saved(PROJECT, tmp_path / "net.cnnstudio")
    folder = ended_run(runs, PROJECT, EPOCHS, path)
    document.open(OTHER, None)
    reopen(document, path, current, qtbot)
    run = page.run
    assert run.isVisible()
    assert (run.loss.points, run.second.points) == ((0, 4, 4), (0, 4, 4))
    assert (run.loss.star, run.second.star) == ((2, 0.5), (2, 1 - 0.5 / 4))
    assert run.figures.best.value() == "0.500 · epoch 2"
    assert run.head.state.text().startswith("Finished after 4 epochs.")
    assert run.head.percent.text() == "100%"
    assert run.log.lines.texts() == [run.head.state.text()]
    assert run.folder.whole_text() == folder.name
    with qtbot.waitSignal(page.inspect_requested) as asked:
        run.inspect_button.click()
    assert asked.args == [folder / BEST_FILE]


def test_a_project_that_was_trained_before_it_was_saved_is_known_by_its_network(
    page: TrainPage, document: Document, current: CurrentRun, qtbot: QtBot, runs: Path, tmp_path: Path
) -> None:
    folder = ended_run(runs, PROJECT, EPOCHS)
    reopen(document, saved(PROJECT, tmp_path / "net.cnnstudio"), current, qtbot)
    weights = [current.weights_of("best")]
    reopen(document, saved(OTHER, tmp_path / "other.cnnstudio"), current, qtbot)
    weights.append(current.weights_of("best"))
    assert weights == [folder / BEST_FILE, None]
    assert page.empty.isVisible()


def test_a_run_that_was_killed_says_that_it_was_broken_off(
    page: TrainPage, document: Document, current: CurrentRun, qtbot: QtBot, runs: Path, tmp_path: Path
) -> None:
    path = saved(PROJECT, tmp_path / "net.cnnstudio")
    folder, record = written_run(runs, PROJECT, EPOCHS[:2], path)
    killed = subprocess.Popen([sys.executable, "-c", ""])
    killed.wait()
    save_record(folder, record.model_copy(update={"pid": killed.pid, "pid_started": "long ago"}))
    reopen(document, path, current, qtbot)
    assert page.run.head.state.text() == "Broken off in epoch 3."
    (line,) = page.run.log.lines.texts()
    assert line.startswith("Training was broken off after 2 whole epochs")
    assert page.run.loss.points == (0, 2, 2)
    assert page.run.figures.time.value() == "–"
    assert page.settings.start_button.isVisible()


SEGMENTATION = EpochEnded(
    1, {"loss": 0.5, "iou": 0.25, "accuracy": 0.9, "val_loss": 0.4, "val_iou": 0.5, "val_accuracy": 0.8}, 1, 1
)
RECONSTRUCTION = EpochEnded(1, {"loss": 0.5, "mae": 0.25, "val_loss": 0.4, "val_mae": 2.5}, 1, 1)
METRICS: list[tuple[AnyTask, EpochEnded, str, str, str, str]] = [
    (Segmentation(), SEGMENTATION, "Mean IoU", "iou", "50.0%", "iou 25.0%, val_iou 50.0%"),
    (Reconstruction(), RECONSTRUCTION, "Mean absolute error", "mae", "2.50", "mae 0.2500, val_mae 2.5000"),
]


@pytest.mark.parametrize(("task", "ended", "title", "name", "best", "reading"), METRICS, ids=["iou", "mae"])
@pytest.mark.parametrize("is_live", [True, False], ids=["trained", "found"])
def test_a_run_with_other_metrics_is_drawn_with_its_own_titles(
    page: TrainPage, session: ScriptedSession, document: Document, current: CurrentRun, qtbot: QtBot,
    runs: Path, tmp_path: Path, task: AnyTask, ended: EpochEnded, title: str, name: str, best: str,
    reading: str, is_live: bool,
) -> None:  # fmt: skip
    project = PROJECT.with_task(task)
    if is_live:
        document.apply("Another task", project)
        session.start(project, tmp_path)
        assert {title, name, f"val_{name}"} <= texts_of(page)
        kept = CheckpointSaved(1, 0.4, tmp_path / BEST_FILE)
        session.end(started(tmp_path), ended, kept, Stopped(1, 0.4, tmp_path))
    else:
        ended_run(runs, project, [ended], state="stopped")
        reopen(document, saved(project, tmp_path / "net.cnnstudio"), current, qtbot)
    assert {title, name, f"val_{name}", f"val_{name} of the best", "Best val_loss"} <= texts_of(page)
    assert "Accuracy" not in texts_of(page)
    assert page.run.second.star == pytest.approx((1, ended.values[f"val_{name}"]))
    assert page.run.figures.second.value() == best
    page.run.second.show_reading(1)
    assert page.run.second.reading.text() == f"Epoch 1: {reading} (best)"


def test_a_classification_after_another_task_has_its_own_titles_again(
    page: TrainPage, session: ScriptedSession, document: Document, tmp_path: Path
) -> None:
    document.apply("Another task", PROJECT.with_task(Segmentation()))
    session.start(document.project, tmp_path)
    session.end(started(tmp_path), Stopped(None, None, tmp_path))
    document.undo_stack.undo()
    session.start(document.project, tmp_path)
    assert {"Accuracy", "accuracy", "val_accuracy of the best"} <= texts_of(page)
    assert "Mean IoU" not in texts_of(page)


def test_a_run_that_is_found_is_not_shown_when_a_training_has_begun_meanwhile(
    page: TrainPage, session: ScriptedSession, document: Document, current: CurrentRun, qtbot: QtBot,
    runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    path = saved(PROJECT, tmp_path / "net.cnnstudio")
    ended_run(runs, PROJECT, EPOCHS, path)
    find, may_answer = RunStore.run_of, Flag()

    def slowly(store: RunStore, origin: Path | None, network: Network) -> Run | None:
        assert may_answer.wait(10)
        found = find(store, origin, network)
        assert found is not None
        return found

    monkeypatch.setattr(RunStore, "run_of", slowly)
    document.open(open_project(path), path)
    session.start(document.project, tmp_path)
    session.say(*list(run_of(tmp_path, RUN))[:6])
    live = current.story
    may_answer.set()
    qtbot.waitUntil(lambda: not current.is_looking)
    assert current.story is live
    assert current.is_live
    qtbot.waitUntil(lambda: page.run.loss.points == (4, 1, 1))
    session.end(Finished(1, 0.9, tmp_path, False))
    assert page.run.loss.points == (4, 1, 1)


def test_a_training_stays_while_another_project_is_opened_and_gives_way_when_it_ends(
    page: TrainPage, session: ScriptedSession, document: Document, current: CurrentRun, qtbot: QtBot,
    runs: Path, tmp_path: Path,
) -> None:  # fmt: skip
    path = saved(OTHER, tmp_path / "other.cnnstudio")
    ended_run(runs, OTHER, EPOCHS[:1], path)
    session.start(document.project, tmp_path)
    session.say(*run_of(tmp_path, RUN))
    weights = [current.weights_of("best")]
    document.open(open_project(path), path)
    weights.append(current.weights_of("best"))
    assert weights == [tmp_path / BEST_FILE, None], "they are no weights of the project that is open"
    qtbot.waitUntil(lambda: page.run.loss.points == (16, 4, 4))
    with qtbot.waitSignal(page.message) as told:
        session.end(Finished(2, 0.5, tmp_path, False))
    assert told.args is not None
    assert told.args[1].startswith("Finished after 4 epochs.")
    qtbot.waitUntil(lambda: page.run.loss.points == (0, 1, 1))
    assert current.weights_of("best") == runs / page.run.folder.whole_text() / BEST_FILE


def test_a_page_that_is_made_while_a_training_runs_shows_it_and_can_stop_it(
    session: ScriptedSession, document: Document, current: CurrentRun, theme: Theme, qtbot: QtBot,
    tmp_path: Path,
) -> None:  # fmt: skip
    session.start(document.project, tmp_path)
    session.say(*run_of(tmp_path, RUN))
    made = TrainPage(document, session, current, theme)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    assert made.run.loss.points == (16, 4, 4)
    assert made.settings.stop_button.isVisible()
    assert not made.settings.start_button.isVisible()
    session.end(Finished(2, 0.5, tmp_path, False))
    made.close_jobs()


def test_the_window_shows_the_run_of_the_project_that_it_opens(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = saved(OTHER, tmp_path / "other.cnnstudio")
    folder = ended_run(tmp_path / "runs", OTHER, EPOCHS, path)
    window.open_path(path)
    qtbot.waitUntil(lambda: not window.run.is_looking)
    assert window.run.weights_of("best") == folder / BEST_FILE
    window.show_page("train")
    assert window.pages.train.run.loss.points == (0, 4, 4)
    window.document.open(PROJECT, None)
    window.show_page("train")
    assert window.pages.train.empty.isVisible()
