"""The Evaluate page: what the trained network of the project is worth on images, and what it confuses."""

from collections.abc import Callable
from pathlib import Path
from threading import Event as Flag
from typing import TypeAlias, cast

from msgspec import Struct
from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from cnnstudio.engine.data.catalog import Part
from cnnstudio.engine.evaluation.report import Report
from cnnstudio.engine.evaluation.words import Summary, summary_of
from cnnstudio.engine.training.events import BatchEnded, Event
from cnnstudio.engine.training.stopping import ShouldStop, StopRequested
from cnnstudio.gui.document.current_run import CurrentRun
from cnnstudio.gui.document.jobs import BackgroundJobs
from cnnstudio.gui.document.selection import Selection
from cnnstudio.gui.pages.evaluate.results import Results
from cnnstudio.gui.pages.page import Page
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.empty_state import EmptyState
from cnnstudio.gui.widgets.push_button import PushButton
from cnnstudio.gui.widgets.segmented import Segmented

Measure: TypeAlias = Callable[[Path, Part, str, ShouldStop], Report]
"""From the folder of a run, a part of its data and a checkpoint; runs in a thread."""
_PARTS = (("test", "Test"), ("validation", "Validation"), ("training", "Training"))


def evaluated(folder: Path, part: Part, checkpoint: str, should_stop: ShouldStop) -> Report:
    """Read the run in a folder and measure it. Blocks; imports Keras."""
    from cnnstudio.engine.evaluation.report import evaluate
    from cnnstudio.engine.runs.folder import read_run

    return evaluate(read_run(folder), part, checkpoint, should_stop)


class Wanted(Struct, frozen=True):
    """What is measured. After another epoch the same files hold other weights."""

    folder: Path
    part: Part
    checkpoint: str
    epoch: int


class Measured(Struct, frozen=True, eq=False):
    """A report of what was wanted, and what follows from it."""

    wanted: Wanted
    report: Report
    summary: Summary


class _Job:
    """Measures in a thread until `stop` is set; gives None then."""

    def __init__(self, measure: Measure, wanted: Wanted) -> None:
        self._measure, self.wanted = measure, wanted
        self.stop = Flag()

    def __call__(self) -> Measured | None:
        wanted = self.wanted
        try:
            if self.stop.is_set():
                return None
            report = self._measure(wanted.folder, wanted.part, wanted.checkpoint, self.stop.is_set)
        except StopRequested:
            return None
        return Measured(wanted, report, summary_of(report))


class EvaluatePage(Page):
    """Measures the selected checkpoint of the run that the window shows, once the page is seen.

    While the run is trained it does so only on request.
    """

    def __init__(
        self,
        run: CurrentRun,
        selection: Selection,
        theme: Theme,
        parent: QWidget | None = None,
        measure: Measure = evaluated,
    ) -> None:
        super().__init__(parent)
        self._run, self._selection, self._theme, self._measure = run, selection, theme, measure
        self._checkpoint = selection.checkpoint
        self._job: _Job | None = None
        self._known: dict[Wanted, Measured] = {}
        self._jobs = BackgroundJobs(self)
        self.part = Segmented(_PARTS, "Images", self)
        self.again = PushButton(theme, "Evaluate again", "rotate-cw", parent=self)
        self._make_states()
        self._lay_out()
        self._connect()
        self._show(self.empty)

    @property
    def shown(self) -> QWidget:
        """What fills the page: one of the empty states, or the results."""
        shown = self._states.currentWidget()
        assert shown is not None
        return shown

    def close_jobs(self) -> None:
        self._stop_job()
        self._jobs.close()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def _make_states(self) -> None:
        theme = self._theme
        self.empty = EmptyState(
            theme,
            "circle-check",
            "Nothing to evaluate yet",
            "Train the network: after its first epoch, this page measures it on images it has not learned "
            "from and shows which classes it confuses.",
            parent=self,
        )
        self.idle = EmptyState(theme, "circle-check", "Not measured", "", "Evaluate", self)
        self.busy = EmptyState(
            theme, "rotate-cw", "Measuring …", "The network answers to every image.", "Stop", self
        )
        self.failed = EmptyState(theme, "circle-alert", "This cannot be measured", "", "Try again", self)
        self.results = Results(theme, self)

    def _lay_out(self) -> None:
        self._controls = QWidget(self)
        row = QHBoxLayout(self._controls)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.part)
        row.addStretch(1)
        row.addWidget(self.again)
        self._states = QStackedWidget(self)
        for state in (self.empty, self.idle, self.busy, self.failed, self.results):
            self._states.addWidget(state)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self._controls)
        column.addWidget(self._states, 1)

    def _connect(self) -> None:
        self._run.changed.connect(self._on_run_changed)
        self._run.told.connect(self._on_told)
        self._jobs.finished.connect(self._on_finished)
        self._jobs.failed.connect(self._on_failed)
        self.part.chosen.connect(self._on_chosen)
        self._selection.changed.connect(self._on_selection_changed)
        self.again.clicked.connect(self._on_asked)
        self.idle.activated.connect(self._on_asked)
        self.failed.activated.connect(self._on_asked)
        self.busy.activated.connect(self._on_stop_asked)

    def _wanted(self) -> Wanted | None:
        """What the choices ask for; None where there are no weights yet."""
        story = self._run.story
        if story is None or story.folder is None or not story.epoch:
            return None
        part = cast("Part", self.part.value())
        return Wanted(story.folder, part, self._checkpoint, story.epoch)

    @property
    def _is_training(self) -> bool:
        return self._run.story is not None and self._run.story.ended is None

    def _refresh(self) -> None:
        """Come to show what is wanted, unless the page is not seen or a person is to ask for it first."""
        wanted = self._wanted()
        if not self.isVisible():
            return
        if wanted is None:
            self._show(self.empty)
        elif wanted in self._known:
            self._show_measured(self._known[wanted])
        elif self._is_training:
            if self.shown in (self.empty, self.failed):
                self._show_idle()
        elif self._job is None or self._job.wanted != wanted:
            self._begin(wanted)

    def _begin(self, wanted: Wanted) -> None:
        self._stop_job()
        self._job = _Job(self._measure, wanted)
        # Before the job, which may be answered at once.
        self._show(self.busy)
        self._jobs.submit(self._job)

    def _stop_job(self) -> None:
        if self._job is not None:
            self._job.stop.set()
            self._job = None

    def _show(self, state: QWidget) -> None:
        self._states.setCurrentWidget(state)
        self._controls.setVisible(state is not self.empty)
        self.again.setEnabled(state is self.results)

    def _show_idle(self) -> None:
        sentence = (
            "The network is being trained. The weights that are saved already can be measured meanwhile; "
            "both then take longer."
            if self._is_training
            else "Measuring was stopped."
        )
        self.idle.set_texts("Not measured", sentence)
        self._show(self.idle)

    def _show_measured(self, measured: Measured) -> None:
        self.results.show_report(measured.report, measured.summary)
        self._show(self.results)

    @Slot()
    def _on_run_changed(self) -> None:
        """Another run, or none: the figures of another network must not stay."""
        self._stop_job()
        self._known.clear()
        self._show(self.empty)
        self._refresh()

    @Slot(object)
    def _on_told(self, event: Event) -> None:
        if not isinstance(event, BatchEnded):
            self._refresh()

    @Slot()
    def _on_chosen(self) -> None:
        wanted = self._wanted()
        if wanted is not None and wanted not in self._known and self._is_training:
            self._stop_job()
            self._show_idle()
        else:
            self._refresh()

    @Slot()
    def _on_selection_changed(self) -> None:
        if self._checkpoint != self._selection.checkpoint:
            self._checkpoint = self._selection.checkpoint
            self._on_chosen()

    @Slot()
    def _on_asked(self) -> None:
        wanted = self._wanted()
        if wanted is not None:
            self._known.pop(wanted, None)
            self._begin(wanted)

    @Slot()
    def _on_stop_asked(self) -> None:
        self._stop_job()
        self._show_idle()

    @Slot(object)
    def _on_finished(self, measured: Measured | None) -> None:
        if measured is None or self._job is None:
            return
        self._job = None
        self._known[measured.wanted] = measured
        self._show_measured(measured)

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        if self._job is not None:
            self._job = None
            self.failed.set_texts(self.failed.title.text(), sentence)
            self._show(self.failed)
