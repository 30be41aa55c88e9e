"""The Evaluate page with real events; what measures is a fake."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event as Flag
from threading import current_thread, main_thread

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cnnstudio.core.project import Project
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.data.catalog import Part
from cnnstudio.engine.evaluation.report import Report
from cnnstudio.engine.training.events import Finished
from cnnstudio.engine.training.stopping import ShouldStop, StopRequested
from cnnstudio.gui.document.current_run import CurrentRun
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.document.selection import Selection
from cnnstudio.gui.pages.evaluate.matrix import ground
from cnnstudio.gui.pages.evaluate.page import EvaluatePage
from cnnstudio.gui.theme.contrast import contrast
from cnnstudio.gui.theme.theme import Theme
from tests.core.pictures import stack
from tests.gui.drive import click
from tests.gui.selections import a_selection
from tests.gui.training_script import ScriptedSession, epoch, run_of

NAMES = ("4", "7", "9")
CONFUSION = ((190, 1, 9), (0, 200, 0), (4, 0, 196))


class FakeMeasure:
    """Answers at once with a report; waits for `release` first where it is told to hold."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.threads: list[bool] = []
        self.error: Exception | None = None
        self.holds = False
        self.stopped = Flag()
        self.report = Report("classification", "test", 8, 600, 0.0681, {"accuracy": 0.979}, CONFUSION, NAMES)

    def __call__(self, folder: Path, part: Part, checkpoint: str, should_stop: ShouldStop) -> Report:
        self.asked.append((part, checkpoint))
        self.threads.append(current_thread() is main_thread())
        while self.holds:
            if should_stop():
                self.stopped.set()
                raise StopRequested
            self.stopped.wait(0.005)
        if self.error is not None:
            raise self.error
        return self.report


@pytest.fixture
def measure() -> FakeMeasure:
    return FakeMeasure()


@pytest.fixture
def session(qapp: QApplication) -> ScriptedSession:
    return ScriptedSession()


@pytest.fixture
def selection(qapp: QApplication) -> Selection:
    return a_selection()


@pytest.fixture
def page(
    theme: Theme,
    qtbot: QtBot,
    session: ScriptedSession,
    selection: Selection,
    measure: FakeMeasure,
    tmp_path: Path,
) -> Iterator[EvaluatePage]:
    document = Document(Project(network=stack("flatten dense(10,softmax)")))
    run = CurrentRun(document, session, tmp_path)
    made = EvaluatePage(run, selection, theme, measure=measure)
    for part in (document, run, session):
        part.setParent(made)
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show()
    yield made
    made.close_jobs()
    run.close()


def train(session: ScriptedSession, folder: Path, *, ends: bool = True) -> None:
    session.start(Project(network=stack("flatten dense(10,softmax)")), folder)
    session.say(*run_of(folder, [0.9, 0.5]))
    if ends:
        session.end(Finished(2, 0.5, folder, stopped_early=False))


@pytest.fixture
def shown(page: EvaluatePage, session: ScriptedSession, qtbot: QtBot, tmp_path: Path) -> EvaluatePage:
    """The page with the results of a run."""
    train(session, tmp_path)
    qtbot.waitUntil(lambda: page.shown is page.results)
    return page


def test_without_a_run_the_page_says_what_to_do(page: EvaluatePage, measure: FakeMeasure) -> None:
    assert page.shown is page.empty
    assert "Train the network" in page.empty.sentence.text()
    assert not page.again.isVisible()
    assert measure.asked == []


def test_a_run_that_ends_is_measured_on_the_test_in_a_thread(
    shown: EvaluatePage, measure: FakeMeasure
) -> None:
    assert measure.asked == [("test", "best")]
    assert measure.threads == [False]
    names = [card.accessibleName() for card in shown.results.cards if card.isVisible()]
    assert names == ["Accuracy: 97.9%", "Loss: 0.0681", "Test images, weights of epoch 8: 600"]
    assert shown.results.sentence.text() == (
        "Most confused: 4 taken for 9 (9 of 200), 9 taken for 4 (4 of 200), 4 taken for 7 (1 of 200)."
    )


def test_a_hidden_page_measures_when_it_is_shown(
    page: EvaluatePage, session: ScriptedSession, measure: FakeMeasure, qtbot: QtBot, tmp_path: Path
) -> None:
    page.hide()
    train(session, tmp_path)
    assert measure.asked == []
    page.show()
    qtbot.waitUntil(lambda: page.shown is page.results)
    page.hide()
    page.show()
    assert measure.asked == [("test", "best")]


def test_another_part_and_checkpoint_are_measured_once(
    shown: EvaluatePage, selection: Selection, measure: FakeMeasure, qtbot: QtBot
) -> None:
    click(shown.part.button("validation"))
    qtbot.waitUntil(lambda: shown.shown is shown.results)
    selection.set_checkpoint("last")
    qtbot.waitUntil(lambda: shown.shown is shown.results)
    selection.set_unit(1)
    selection.set_checkpoint("best")
    assert shown.shown is shown.results
    assert measure.asked == [("test", "best"), ("validation", "best"), ("validation", "last")]


def test_evaluate_again_measures_again(shown: EvaluatePage, measure: FakeMeasure, qtbot: QtBot) -> None:
    click(shown.again)
    qtbot.waitUntil(lambda: shown.shown is shown.results)
    assert measure.asked == [("test", "best")] * 2


def test_while_training_nothing_is_measured_until_a_person_asks(
    page: EvaluatePage, session: ScriptedSession, measure: FakeMeasure, qtbot: QtBot, tmp_path: Path
) -> None:
    train(session, tmp_path, ends=False)
    click(page.part.button("training"))
    assert page.idle.isVisible()
    assert "being trained" in page.idle.sentence.text()
    assert measure.asked == []
    click(page.idle.button)
    qtbot.waitUntil(lambda: page.shown is page.results)
    session.say(epoch(3, 0.1, 0.4))
    assert page.shown is page.results
    assert measure.asked == [("training", "best")]


def test_an_error_is_told_and_tried_again(
    page: EvaluatePage, session: ScriptedSession, measure: FakeMeasure, qtbot: QtBot, tmp_path: Path
) -> None:
    measure.error = StudioError("The run has no best weights. Train it.")
    train(session, tmp_path)
    qtbot.waitUntil(lambda: page.shown is page.failed)
    assert page.failed.sentence.text() == "The run has no best weights. Train it."
    measure.error = None
    click(page.failed.button)
    qtbot.waitUntil(lambda: page.shown is page.results)


def test_measuring_can_be_stopped(
    page: EvaluatePage, session: ScriptedSession, measure: FakeMeasure, qtbot: QtBot, tmp_path: Path
) -> None:
    measure.holds = True
    train(session, tmp_path)
    assert page.shown is page.busy
    qtbot.waitUntil(lambda: measure.asked != [])
    click(page.busy.button)
    assert page.shown is page.idle
    qtbot.waitUntil(measure.stopped.is_set)


def test_closing_stops_what_is_measured(
    page: EvaluatePage, session: ScriptedSession, measure: FakeMeasure, qtbot: QtBot, tmp_path: Path
) -> None:
    measure.holds = True
    train(session, tmp_path)
    qtbot.waitUntil(lambda: measure.asked != [])
    page.close_jobs()
    assert measure.stopped.is_set()


def test_another_run_takes_the_old_figures_away(
    shown: EvaluatePage, session: ScriptedSession, tmp_path: Path
) -> None:
    session.start(Project(network=stack("flatten dense(10,softmax)")), tmp_path)
    assert shown.shown is shown.empty


def test_arrow_keys_move_through_the_cells_and_each_is_read_out(shown: EvaluatePage) -> None:
    matrix = shown.results.matrix
    matrix.setFocus()
    matrix.setCurrentIndex(matrix.matrix.index(0, 0))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right):
        QTest.keyClick(matrix, key)
    place = matrix.currentIndex()
    assert (place.row(), place.column(), place.data()) == (0, 2, "9")
    for role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
        assert place.data(role) == "4 taken for 9: 9 of 200"
    assert shown.results.cell.text().endswith("4 taken for 9: 9 of 200.")


def test_rows_are_shown_in_per_cent(shown: EvaluatePage) -> None:
    click(shown.results.unit.button("rows"))
    model = shown.results.matrix.matrix
    assert [model.index(0, column).data() for column in range(3)] == ["95.0", "0.5", "4.5"]
    assert model.index(1, 0).data() == "·"


def test_the_classes_are_sorted_by_a_click_on_a_head(shown: EvaluatePage, qtbot: QtBot) -> None:
    table = shown.results.classes
    recalls = {one.name: one.recall or 0.0 for one in table.classes.figures}
    header = table.horizontalHeader()
    place = QPoint(header.sectionViewportPosition(2) + 8, header.height() // 2)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    if header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder:
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    names = [table.sorted.index(row, 0).data() for row in range(table.sorted.rowCount())]
    assert names[0] == min(recalls, key=lambda name: recalls[name])
    assert [recalls[name] for name in names] == sorted(recalls.values())
    assert table.sorted.index(0, 2).data() == f"{min(recalls.values()):.1%}"


def test_matrix_and_classes_stand_side_by_side_where_there_is_room(shown: EvaluatePage) -> None:
    results = shown.results

    def seen() -> tuple[bool, ...]:
        return tuple(one.isVisible() for one in (results.matrix, results.classes, results.side, results.unit))

    shown.resize(1_100, 600)
    assert seen() == (True, True, False, True)
    shown.resize(740, 600)
    assert seen() == (True, False, True, True)
    click(results.side.button("classes"))
    assert seen() == (False, True, True, False)


def test_segmentation_has_a_column_of_ious_and_reconstruction_no_matrix(
    page: EvaluatePage, session: ScriptedSession, measure: FakeMeasure, qtbot: QtBot, tmp_path: Path
) -> None:
    measure.report = Report(
        "segmentation", "test", 2, 4, 0.1, {"iou": 0.7, "accuracy": 0.9}, ((3, 1), (0, 4)), ("a", "b")
    )
    train(session, tmp_path)
    qtbot.waitUntil(lambda: page.shown is page.results)
    model = page.results.matrix.matrix
    assert (model.columnCount(), model.index(0, 2).data()) == (3, "75.0")
    assert model.index(0, 1).data(Qt.ItemDataRole.ToolTipRole) == "a taken for b: 1 of 4 pixels"
    measure.report = Report("reconstruction", "test", 2, 4, 0.1, {"mae": 0.05})
    click(page.again)
    qtbot.waitUntil(lambda: page.shown is page.results)
    assert not page.results.panel.isVisible()


def test_thousands_of_classes_are_scrolled(
    page: EvaluatePage, session: ScriptedSession, measure: FakeMeasure, qtbot: QtBot, tmp_path: Path
) -> None:
    count = 2_000
    row = (0,) * count
    rows = tuple((*row[:at], 7, *row[at + 1 :]) for at in range(count))
    names = tuple(f"class {number}" for number in range(count))
    measure.report = Report("classification", "test", 1, 7 * count, 0.1, {"accuracy": 1.0}, rows, names)
    train(session, tmp_path)
    qtbot.waitUntil(lambda: page.shown is page.results, timeout=20_000)
    matrix = page.results.matrix
    matrix.setCurrentIndex(matrix.matrix.index(count - 1, count - 1))
    assert matrix.visualRect(matrix.currentIndex()).width() >= matrix.fontMetrics().horizontalAdvance("7")
    assert matrix.horizontalScrollBar().value() > 0


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("right", [True, False])
def test_a_number_is_readable_on_the_strongest_color(theme: Theme, mode: str, right: bool) -> None:
    theme.set_mode("dark" if mode == "dark" else "light")
    color, card = ground(theme, right, 1.0), theme.color("card")
    alpha = color.alphaF()
    pairs = zip(_rgb(color), _rgb(card), strict=True)
    seen = "#" + "".join(f"{round(alpha * top + (1 - alpha) * below):02X}" for top, below in pairs)
    assert contrast(theme.tokens.text, seen) >= 4.5


def _rgb(color: QColor) -> tuple[int, int, int]:
    return color.red(), color.green(), color.blue()
