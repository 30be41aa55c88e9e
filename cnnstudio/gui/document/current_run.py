"""The run that the window shows: the one that is trained, or the last one of the open project."""

from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from cnnstudio.core.network import Network
from cnnstudio.engine.runs.folder import LAST_FILE, default_runs_folder
from cnnstudio.engine.training.events import Event
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.document.jobs import BackgroundJobs
from cnnstudio.gui.document.selection import Checkpoint
from cnnstudio.gui.document.session import TrainingSession

if TYPE_CHECKING:
    from cnnstudio.engine.runs.story import Story


class CurrentRun(QObject):
    """Holds one story for all pages; lives on the GUI thread.

    A training takes its place; where it is refused before its first batch, the run before comes back.
    When another project is opened, its newest run is looked for in a thread; until it is found, and where
    there is none, there is no story. A training that is running stays until it ends, and only then gives
    way to the run of the project that was opened meanwhile.

    Signals:
        changed(): there is another run, or none any more.
        told(Event): the run that is trained has gone on; the story has it already.
    """

    changed = Signal()
    told = Signal(object)

    def __init__(
        self,
        document: Document,
        session: TrainingSession,
        runs_folder: Path | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._session = document, session
        self._chosen_folder = runs_folder
        self.story: Story | None = None
        """What the run has told; None where the project has none."""
        self.is_live = False
        """Whether the story is that of a training of this window."""
        self.is_of_another = False
        """Whether another project was opened while this one is trained."""
        self._before: Story | None = None
        self._jobs = BackgroundJobs(self)
        self._jobs.finished.connect(self._on_found)
        session.running_changed.connect(self._on_running_changed)
        session.happened.connect(self._on_event)
        document.opened.connect(self._on_opened)

    @cached_property
    def runs_folder(self) -> Path:
        """Where the folders of all runs lie; the usual place is looked up once it is needed."""
        return self._chosen_folder or default_runs_folder()

    def weights_of(self, checkpoint: Checkpoint) -> Path | None:
        """The weights of a checkpoint; `None` where they are not on disk, or are of another project."""
        if self.story is None or self.story.folder is None or self.is_of_another:
            return None
        if checkpoint == "best":
            return self.story.best_path
        last = self.story.folder / LAST_FILE
        return last if last.is_file() else None

    def epoch_of(self, checkpoint: Checkpoint) -> int | None:
        """The epoch of a checkpoint's weights; `None` where there are none."""
        if self.story is None or self.weights_of(checkpoint) is None:
            return None
        return self.story.best_epoch if checkpoint == "best" else self.story.epoch

    @property
    def is_looking(self) -> bool:
        """Whether the run of the project that was opened is still looked for."""
        return self._jobs.is_busy

    def close(self) -> None:
        """Wait for the search, whose answer is not told; call it before the window goes."""
        self._jobs.close()

    @Slot(bool)
    def _on_running_changed(self, running: bool) -> None:
        if running:
            # Curves need NumPy, which is not there before the first paint.
            from cnnstudio.engine.runs.story import Story

            self._before = self.story
            self.story = Story(patience=self._document.project.training.patience)
            self.is_live, self.is_of_another = True, False
            self.changed.emit()
        elif self.is_of_another:
            self._look()

    @Slot(object)
    def _on_event(self, event: Event) -> None:
        if self.story is None:
            return
        self.story.add(event)
        if self.story.ended is not None and not self.story.has_started:
            self._put_back()
        self.told.emit(event)

    def _put_back(self) -> None:
        """A training that ended before it began has nothing to show: the run before it is there again."""
        if self._before is not None and not self.is_of_another:
            self.story, self.is_live = self._before, False
            self.changed.emit()

    @Slot()
    def _on_opened(self) -> None:
        if self._session.is_running:
            self.is_of_another = True
        else:
            self._look()

    def _look(self) -> None:
        self.story, self.is_live, self.is_of_another = None, False, False
        self.changed.emit()
        self._jobs.submit(partial(_newest, self.runs_folder, self._document.path, self._document.network))

    @Slot(object)
    def _on_found(self, story: "Story | None") -> None:
        # A training may have begun meanwhile.
        if story is not None and self.story is None:
            self.story = story
            self.changed.emit()


def _newest(folder: Path, origin: Path | None, network: Network) -> "Story | None":
    """The newest run of a project; runs in a thread."""
    # Reading weights files and curves needs libraries that are slow to import.
    from cnnstudio.engine.runs.store import RunStore
    from cnnstudio.engine.runs.story import story_of

    run = RunStore(folder).run_of(origin, network)
    return None if run is None else story_of(run)
