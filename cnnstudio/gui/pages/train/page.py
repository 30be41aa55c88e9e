"""The Train page: settings on the left, the run on the right."""

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from cnnstudio.engine.runs import words
from cnnstudio.engine.runs.findings import NewFindings
from cnnstudio.engine.runs.story import Story
from cnnstudio.engine.training.events import Event, Failed, Finished, Stopped, Terminal
from cnnstudio.gui.document.current_run import CurrentRun
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.document.project_runs import ProjectRuns
from cnnstudio.gui.document.session import TrainingSession
from cnnstudio.gui.fields.refused import Refused, first_refused
from cnnstudio.gui.pages.page import Page
from cnnstudio.gui.pages.train.settings_panel import SettingsPanel
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.empty_state import EmptyState
from cnnstudio.gui.widgets.scroll import scrolled

if TYPE_CHECKING:
    from cnnstudio.gui.pages.train.run_view import RunView

_EMPTY, _RUN = 0, 1
"""The places of the empty state and of the run among the sides."""
REDRAW_MS = 100
"""Curves follow a running training ten times a second; more is not seen."""


class TrainPage(Page):
    """Shows the session's events; asks for a start and stops the session itself.

    It sends a message when something ends while the page is not seen, or while another project is open,
    whose run then takes its place.

    Signals:
        start_requested(): the person wants to train the document's project.
        inspect_requested(Path): show these weights.
        run_finished(Path): a run has ended and these are its best weights.
    """

    start_requested = Signal()
    inspect_requested = Signal(object)
    run_finished = Signal(object)

    def __init__(
        self,
        document: Document,
        session: TrainingSession,
        run: CurrentRun,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._session, self._theme = document, session, theme
        self._current = run
        self._findings = NewFindings()
        self.runs = ProjectRuns(document, run.runs_folder, self)
        self._stopping = False
        self._dirty = False
        self._redraw = QTimer(self, singleShot=True, interval=REDRAW_MS)
        self.settings = SettingsPanel(document, theme, self)
        self.empty = EmptyState(
            theme,
            "trending-down",
            "No training yet",
            "Press Train: the curves of the loss and of what is measured beside it appear here, epoch by "
            "epoch, and the weights of the best epoch are kept.",
            parent=self,
        )
        self._sides = QStackedWidget(self)
        self._lay_out()
        self._connect()
        self._on_run_changed()
        self._on_running_changed(session.is_running)

    def refused(self) -> Refused | None:
        return first_refused(self.settings.form)

    def close_jobs(self) -> None:
        self.settings.form.start_note.close_jobs()
        self.runs.close()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.settings.fit(event.size().width())
        super().resizeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.runs.look()
        if self._dirty:
            self._on_redraw()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._redraw.stop()

    @cached_property
    def run(self) -> "RunView":
        """The right side during and after a run; made for the first one, for the plots are slow to import."""
        from cnnstudio.gui.pages.train.run_view import RunView

        made = RunView(self._theme, self)
        made.inspect_requested.connect(self.inspect_requested)
        made.failed.connect(self._on_failed)
        self._sides.addWidget(scrolled(made, self))
        return made

    def _lay_out(self) -> None:
        self._sides.addWidget(self.empty)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.settings)
        row.addWidget(self._sides, 1)

    def _connect(self) -> None:
        self._current.changed.connect(self._on_run_changed)
        self._current.told.connect(self._on_told)
        self.runs.listed.connect(self.settings.form.offer_runs)
        self._session.running_changed.connect(self._on_running_changed)
        self._redraw.timeout.connect(self._on_redraw)
        self.settings.start_requested.connect(self.start_requested)
        self.settings.stop_requested.connect(self._session.stop)
        self._session.stop_asked.connect(self._on_stop_asked)

    @Slot(bool)
    def _on_running_changed(self, running: bool) -> None:
        self._stopping = False
        self.settings.show_running(running, False)
        if not running and self.isVisible():
            self.runs.look()
        self._redraw_now_or_when_shown()

    @Slot()
    def _on_stop_asked(self) -> None:
        self._stopping = True
        self.settings.show_running(True, True)
        self._redraw_now_or_when_shown()

    @Slot()
    def _on_run_changed(self) -> None:
        """Another run, or none: the curves of another network must not stay."""
        self._findings = NewFindings()
        story = self._current.story
        if story is None:
            self._sides.setCurrentIndex(_EMPTY)
            return
        self.run.begin(self._metric(story))
        self._sides.setCurrentIndex(_RUN)
        if not self._current.is_live and story.ended is not None:
            self.run.log.add(words.ending_line(story.ended, story))
        self._redraw_now_or_when_shown()

    def _metric(self, story: Story) -> str:
        """What the second plot shows: the first thing measured beside the loss."""
        measured = [name for name in story.metrics if name != "loss"]
        return (measured or self._document.project.task.metrics)[0]

    @Slot(object)
    def _on_told(self, event: Event) -> None:
        story = self._current.story
        assert story is not None
        line = words.log_line(event, story)
        if line is not None:
            self.run.log.add(line)
        for finding in self._findings.after(event, story):
            self.run.log.add(words.finding_line(finding))
        if isinstance(event, Finished | Stopped | Failed):
            self._end(event, story)
        self._redraw_soon()

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        self.message.emit("error", sentence)

    def _end(self, event: Terminal, story: Story) -> None:
        if isinstance(event, Failed):
            self.run.failure.show_message("error", event.message, event.details)
        if not self.isVisible() or self._current.is_of_another:
            severity = "error" if isinstance(event, Failed) else "info"
            self.message.emit(severity, words.ending(event, story))
        if story.best_path is not None and story.ended is event:
            self.run_finished.emit(story.best_path)

    def _redraw_soon(self) -> None:
        """Events may come faster than a person sees: one redraw shows all that came meanwhile."""
        self._dirty = True
        if self.isVisible() and not self._redraw.isActive():
            self._redraw.start()

    def _redraw_now_or_when_shown(self) -> None:
        self._dirty = True
        if self.isVisible():
            self._on_redraw()

    @Slot()
    def _on_redraw(self) -> None:
        if self.isVisible() and self._dirty:
            self._dirty = False
            if self._current.story is not None:
                self.run.show_story(self._current.story, self._stopping)
