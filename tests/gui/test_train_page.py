"""The Train page over a scripted training, driven by real clicks and keys."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from cnnstudio.core.project import Project
from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.project.sources import Included
from cnnstudio.engine.training.events import Failed, Finished, Stopped
from cnnstudio.gui.document.current_run import CurrentRun
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.pages.train import run_view
from cnnstudio.gui.pages.train.curves import CurvePlot
from cnnstudio.gui.pages.train.page import TrainPage
from cnnstudio.gui.theme.theme import Theme
from tests.core.pictures import stack
from tests.gui.training_script import ScriptedSession, run_of, started

LEFT = Qt.MouseButton.LeftButton
MNIST = DataChoice(source=Included())
RUN = [0.9, 0.5, 0.7, 0.8]


@pytest.fixture
def document(qapp: QApplication) -> Iterator[Document]:
    made = Document(Project(network=stack("rescale conv(8,3) maxpool flatten dense(10,softmax)"), data=MNIST))
    yield made
    made.undo_stack.clear()


@pytest.fixture
def session() -> ScriptedSession:
    return ScriptedSession()


@pytest.fixture
def current(document: Document, session: ScriptedSession, tmp_path: Path) -> Iterator[CurrentRun]:
    made = CurrentRun(document, session, tmp_path / "runs")
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


def start(page: TrainPage, session: ScriptedSession, document: Document) -> None:
    session.start(document.project, Path())


def test_before_the_first_run_the_page_says_what_to_do_and_has_one_train_button(page: TrainPage) -> None:
    assert page.empty.isVisible()
    assert not page.run.isVisible()
    buttons = [button for button in page.findChildren(QPushButton) if button.isVisible()]
    assert [button.accessibleName() for button in buttons if "Train" in button.text()] == ["Train"]


def test_train_asks_the_window_to_start(page: TrainPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.start_requested):
        QTest.keyClick(page.settings.start_button, Qt.Key.Key_Space)


def test_a_run_begins_with_a_bar_without_an_end_and_offers_stop(
    page: TrainPage, session: ScriptedSession, document: Document
) -> None:
    start(page, session, document)
    assert page.run.isVisible()
    assert page.run.head.bar.maximum() == 0
    assert "Getting ready" in page.run.head.state.text()
    assert page.settings.stop_button.isVisible()
    assert not page.settings.start_button.isVisible()
    assert "next run" in page.settings.next_run.text()
    assert page.settings.next_run.isVisible()
    assert page.settings.form.isEnabled()


def test_curves_get_their_points_and_the_star_moves_to_the_best_epoch(
    page: TrainPage, session: ScriptedSession, document: Document, tmp_path: Path, qtbot: QtBot
) -> None:
    start(page, session, document)
    events = list(run_of(tmp_path, RUN))
    session.say(*events[:7])
    qtbot.waitUntil(lambda: page.run.loss.star == (1, 0.9))
    session.say(*events[7:])
    qtbot.waitUntil(lambda: page.run.loss.star == (2, 0.5))
    assert page.run.loss.points == (16, 4, 4)
    assert page.run.second.points == (16, 4, 4)
    assert page.run.second.star == (2, 1 - 0.5 / 4)


def test_the_figures_show_the_best_epoch_and_the_loss_now(
    page: TrainPage, session: ScriptedSession, document: Document, tmp_path: Path, qtbot: QtBot
) -> None:
    start(page, session, document)
    session.say(*run_of(tmp_path, RUN))
    figures = page.run.figures
    qtbot.waitUntil(lambda: figures.best.value() == "0.500 · epoch 2")
    assert figures.second.value() == "87.5%"
    assert figures.loss.value() == "0.0625"
    assert page.run.head.state.text().startswith("Epoch 5 of 5")
    assert page.run.head.percent.text() == "80%"


def test_the_patience_of_early_stopping_is_a_bar(
    page: TrainPage, session: ScriptedSession, document: Document, tmp_path: Path, qtbot: QtBot
) -> None:
    start(page, session, document)
    assert page.run.patience.isHidden()
    session.say(*run_of(tmp_path, RUN))
    qtbot.waitUntil(page.run.patience.isVisible)
    bar = page.run.patience.bar
    assert (bar.value(), bar.maximum()) == (2, 5)
    assert bar.accessibleName() == page.run.patience.words.text()


def test_overfitting_is_said_above_the_curves_and_once_in_the_log(
    page: TrainPage, session: ScriptedSession, document: Document, tmp_path: Path, qtbot: QtBot
) -> None:
    start(page, session, document)
    session.say(*run_of(tmp_path, [*RUN, 0.9, 1.0], 6))
    qtbot.waitUntil(page.run.verdict.isVisible)
    sentence = page.run.verdict.text.text()
    assert "since epoch 2" in sentence
    assert page.run.log.lines.texts().count(sentence) == 1


def test_the_log_has_a_line_for_each_epoch_checkpoint_and_the_end(
    page: TrainPage, session: ScriptedSession, document: Document, tmp_path: Path
) -> None:
    start(page, session, document)
    session.end(*run_of(tmp_path, RUN[:2]), Finished(2, 0.5, tmp_path, False))
    texts = page.run.log.lines.texts()
    assert [text.split(" ")[0] for text in texts] == [
        "Training", "Epoch", "val_loss", "Epoch", "val_loss", "Finished",
    ]  # fmt: skip


def test_lines_of_the_log_can_be_copied(
    page: TrainPage, session: ScriptedSession, document: Document, tmp_path: Path
) -> None:
    start(page, session, document)
    session.say(*run_of(tmp_path, RUN[:2]))
    page.run.log.selectAll()
    QTest.keyClick(page.run.log, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().splitlines() == page.run.log.lines.texts()


def test_stop_asks_the_session_and_can_not_be_pressed_twice(
    page: TrainPage, session: ScriptedSession, document: Document, tmp_path: Path
) -> None:
    start(page, session, document)
    session.say(started(tmp_path))
    QTest.mouseClick(page.settings.stop_button, LEFT)
    QTest.mouseClick(page.settings.stop_button, LEFT)
    assert session.stops == 1
    assert page.run.head.state.text() == "Stopping at the next batch…"
    session.end(Stopped(None, None, tmp_path))
    assert page.settings.start_button.isVisible()
    assert "no weights" in page.run.head.state.text()


def test_the_keyboard_stays_with_the_button_that_starts_and_stops(
    page: TrainPage, session: ScriptedSession, document: Document, tmp_path: Path
) -> None:
    settings = page.settings
    settings.start_button.setFocus()
    start(page, session, document)
    assert settings.stop_button.hasFocus()
    session.say(started(tmp_path))
    QTest.keyClick(settings.stop_button, Qt.Key.Key_Space)
    assert settings.hasFocus()
    session.end(Stopped(None, None, tmp_path))
    assert settings.start_button.hasFocus()
    page.run.log.setFocus()
    start(page, session, document)
    assert page.run.log.hasFocus()


def test_a_stop_from_elsewhere_in_the_window_is_shown_too(
    page: TrainPage, session: ScriptedSession, document: Document, tmp_path: Path
) -> None:
    start(page, session, document)
    session.say(started(tmp_path))
    session.stop()
    assert page.run.head.state.text() == "Stopping at the next batch…"
    assert not page.settings.stop_button.isEnabled()


def test_the_end_of_a_run_hands_over_its_best_weights(
    page: TrainPage, session: ScriptedSession, document: Document, tmp_path: Path, qtbot: QtBot
) -> None:
    start(page, session, document)
    session.say(*run_of(tmp_path, RUN))
    with qtbot.waitSignal(page.run_finished) as finished:
        session.end(Stopped(2, 0.5, tmp_path))
    assert finished.args == [tmp_path / "best.weights.h5"]


def test_a_run_without_weights_hands_over_nothing(
    page: TrainPage, session: ScriptedSession, document: Document, tmp_path: Path, qtbot: QtBot
) -> None:
    start(page, session, document)
    with qtbot.assertNotEmitted(page.run_finished):
        session.end(started(tmp_path), Stopped(None, None, tmp_path))
    assert not page.run.inspect_button.isEnabled()


def test_a_failure_is_one_sentence_with_folded_details(
    page: TrainPage, session: ScriptedSession, document: Document
) -> None:
    start(page, session, document)
    session.end(Failed("There is not enough memory.", "Traceback: line 12"))
    assert page.run.failure.isVisible()
    assert page.run.failure.text.text() == "There is not enough memory."
    assert not page.run.failure.details.isVisible()
    QTest.mouseClick(page.run.failure.more, LEFT)
    assert page.run.failure.details.isVisible()


def test_the_curves_stay_after_the_run_until_the_next_one_begins(
    page: TrainPage, session: ScriptedSession, document: Document, tmp_path: Path
) -> None:
    start(page, session, document)
    session.end(*run_of(tmp_path, RUN), Finished(2, 0.5, tmp_path, True))
    assert page.run.loss.points == (16, 4, 4)
    start(page, session, document)
    assert page.run.loss.points == (0, 0, 0)
    assert page.run.loss.star is None
    assert page.run.log.lines.texts() == []


def test_a_page_that_is_not_seen_draws_nothing_and_catches_up_when_it_is_shown(
    page: TrainPage, session: ScriptedSession, document: Document, tmp_path: Path
) -> None:
    start(page, session, document)
    page.hide()
    session.say(*run_of(tmp_path, RUN))
    assert page.run.loss.points == (0, 0, 0)
    page.show()
    assert page.run.loss.points == (16, 4, 4)


def test_an_end_that_is_not_seen_is_told_to_the_window(
    page: TrainPage, session: ScriptedSession, document: Document, tmp_path: Path, qtbot: QtBot
) -> None:
    start(page, session, document)
    page.hide()
    with qtbot.waitSignal(page.message) as told:
        session.end(Failed("There is not enough memory."))
    assert told.args == ["error", "There is not enough memory."]


def test_a_double_click_on_the_star_opens_the_best_weights(
    page: TrainPage, session: ScriptedSession, document: Document, tmp_path: Path, qtbot: QtBot
) -> None:
    start(page, session, document)
    session.end(*run_of(tmp_path, RUN), Finished(2, 0.5, tmp_path, True))
    plot = page.run.loss
    viewport = plot.drawing.plot.viewport()
    place = viewport.mapFrom(plot, plot.place_of(2, 0.5).toPoint())
    with qtbot.waitSignal(page.inspect_requested) as asked:
        QTest.mouseClick(viewport, LEFT, Qt.KeyboardModifier.NoModifier, place)
        QTest.mouseDClick(viewport, LEFT, Qt.KeyboardModifier.NoModifier, place)
        QTest.mouseRelease(viewport, LEFT, Qt.KeyboardModifier.NoModifier, place)
    assert asked.args == [tmp_path / "best.weights.h5"]
    with qtbot.assertNotEmitted(page.inspect_requested):
        QTest.mouseDClick(viewport, LEFT, Qt.KeyboardModifier.NoModifier, place + QPoint(120, -120))


def test_arrow_keys_read_the_epochs_in_both_plots_and_enter_opens_the_best(
    page: TrainPage, session: ScriptedSession, document: Document, tmp_path: Path, qtbot: QtBot
) -> None:
    start(page, session, document)
    session.end(*run_of(tmp_path, RUN), Finished(2, 0.5, tmp_path, True))
    loss, accuracy = page.run.loss, page.run.second
    QTest.keyClick(loss, Qt.Key.Key_Left)
    assert loss.reading.text() == "Epoch 2: loss 0.2500, val_loss 0.5000 (best)"
    QTest.keyClick(loss, Qt.Key.Key_Right)
    assert loss.reading.text() == "Epoch 3: loss 0.1250, val_loss 0.7000 (+0.2000 to best)"
    assert accuracy.reading.text() == "Epoch 3: accuracy 96.9%, val_accuracy 82.5% (−5.0 to best)"
    with qtbot.assertNotEmitted(page.inspect_requested):
        QTest.keyClick(loss, Qt.Key.Key_Return)
    QTest.keyClick(loss, Qt.Key.Key_Left)
    with qtbot.waitSignal(page.inspect_requested):
        QTest.keyClick(loss, Qt.Key.Key_Return)
    QTest.keyClick(loss, Qt.Key.Key_End)
    assert loss.reading.text().startswith("Epoch 4")


def test_the_mouse_reads_the_epoch_below_it(
    page: TrainPage, session: ScriptedSession, document: Document, tmp_path: Path, qtbot: QtBot
) -> None:
    start(page, session, document)
    session.end(*run_of(tmp_path, RUN), Finished(2, 0.5, tmp_path, True))
    plot = page.run.loss
    viewport = plot.drawing.plot.viewport()
    place = viewport.mapFrom(plot, plot.place_of(3.1, 0.6).toPoint())
    QTest.mouseMove(viewport, place + QPoint(3, 3))
    QTest.mouseMove(viewport, place)
    qtbot.waitUntil(lambda: plot.reading.text().startswith("Epoch 3:"))


def test_the_best_weights_and_the_folder_are_a_click_away(
    page: TrainPage,
    session: ScriptedSession,
    document: Document,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[str] = []

    class Services:
        @staticmethod
        def openUrl(url: QUrl) -> bool:  # noqa: N802
            opened.append(url.toLocalFile())
            return True

    monkeypatch.setattr(run_view, "QDesktopServices", Services)
    start(page, session, document)
    session.end(*run_of(tmp_path, RUN), Finished(2, 0.5, tmp_path, True))
    QTest.mouseClick(page.run.open_button, LEFT)
    assert opened == [str(tmp_path)]
    with qtbot.waitSignal(page.inspect_requested):
        QTest.mouseClick(page.run.inspect_button, LEFT)


@pytest.mark.parametrize("scale", [1.0, 1.3])
def test_nothing_of_a_run_is_cut_at_the_right_of_a_small_window(
    page: TrainPage, session: ScriptedSession, document: Document, theme: Theme, tmp_path: Path, scale: float
) -> None:
    folder = tmp_path / "20261201T041500Z-a-network-with-quite-a-long-name"
    start(page, session, document)
    session.end(*run_of(folder, RUN), Finished(2, 0.5, folder, True))
    theme.set_text_scale(scale)
    page.resize(960, 584)
    for _ in range(3):
        QApplication.processEvents()
    seen = page.run.parentWidget()
    assert seen is not None
    assert page.run.width() == seen.width()
    theme.set_text_scale(1.0)


@pytest.mark.parametrize("epochs", [1, 200])
def test_short_and_long_runs_are_drawn_whole(
    page: TrainPage, session: ScriptedSession, document: Document, tmp_path: Path, epochs: int
) -> None:
    start(page, session, document)
    losses = [1 / number for number in range(1, epochs + 1)]
    session.end(*run_of(tmp_path, losses, epochs), Finished(epochs, losses[-1], tmp_path, False))
    assert page.run.loss.points[1:] == (epochs, epochs)
    assert page.run.loss.star == pytest.approx((epochs, losses[-1]))
    assert page.run.head.percent.text() == "100%"


def test_plots_follow_the_theme(page: TrainPage, theme: Theme) -> None:
    plot: CurvePlot = page.run.loss
    colors = []
    for _ in range(2):
        colors.append(plot.drawing.train_item.opts["pen"].color().name())
        theme.toggle()
    assert colors[0] != colors[1]


def test_the_plots_are_not_imported_before_the_first_run() -> None:
    code = (
        "import sys; import cnnstudio.gui.pages.train.page, cnnstudio.gui.pages.data.page;"
        "print('pyqtgraph' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"


def test_the_window_and_its_pages_open_without_importing_the_plots(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path;"
        "from cnnstudio.gui.pages import PAGES;"
        "from cnnstudio.gui.window.app import create_window, make_application;"
        "from cnnstudio.gui.window.settings import Settings;"
        "folder = Path(sys.argv[1]); app = make_application();"
        "window = create_window(app, Settings(folder / 'settings.ini'), folder); window.show();"
        "[window.show_page(spec.key) for spec in PAGES];"
        "print('pyqtgraph' in sys.modules); window.close()"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
