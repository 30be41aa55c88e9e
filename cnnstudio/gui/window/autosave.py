"""Keeps unsaved work on disk while the window is open, and finds what a crash left behind."""

from contextlib import suppress
from functools import partial
from pathlib import Path
from uuid import uuid4

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cnnstudio.core.project import Project
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.files.projects import open_project, sample_project
from cnnstudio.engine.files.recovery import (
    Recovery,
    default_recovery_folder,
    discard,
    list_recoveries,
    recovery_file,
    set_unreadable_aside,
    write_recovery,
)
from cnnstudio.engine.files.unreadable import sentence_about
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.document.jobs import BackgroundJobs

_PAUSE_MS = 200
"""What a thread does in Python holds up the GUI thread: a person who types is let finish."""


class Autosave(QObject):
    """Writes a recovery file every half minute and after each tenth edit, while the project is modified.

    The file goes when the project is saved and when the window closes in order. All files are read and
    written in one thread, one after the other. Call `start` once and `close` before the window goes.

    Signals:
        saved(Path): the recovery file is on disk.
        found(Recovery): work of a window that crashed; the latest. `discard` tells of the next.
        failed(str): one sentence for a person: work cannot be kept (once for a row of failures), or what a
            crash left cannot be read (once for each file).
    """

    saved = Signal(object)
    found = Signal(object)
    failed = Signal(str)

    def __init__(self, document: Document, parent: QObject, folder: Path | None = None) -> None:
        super().__init__(parent)
        self.interval_ms = 30_000
        self.edits_between = 10
        self._document = document
        self._folder = folder or default_recovery_folder()
        self._window = uuid4().hex[:8]
        self._edits = 0
        self._kept: Project | None = None
        self._has_file = False
        self._has_failed = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_timeout)
        self._soon = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._soon.timeout.connect(self._on_timeout)
        self._jobs = BackgroundJobs(self, latest_only=False)
        self._jobs.finished.connect(self._on_finished)
        self._jobs.failed.connect(self._on_failed)
        document.changed.connect(self._on_changed)
        document.file_changed.connect(self._on_file_changed)

    def start(self) -> None:
        """Begin to keep work, and look for what crashed windows left; `found` tells."""
        self._timer.start(self.interval_ms)
        self._jobs.submit(partial(_unreadable, self._folder))
        self._look()

    def keep(self) -> None:
        """Write the project now, in the background, if it has changes that are not kept yet."""
        if self._document.is_modified and self._document.project is not self._kept:
            self._submit(self._document.project, None)

    def restore(self, recovery: Recovery) -> None:
        """Show the work as unsaved changes of its own file; its recovery file goes once it is kept anew.

        Unsaved changes of the document are lost: ask first.
        """
        base, path = _base(recovery)
        self._document.open(base, path)
        self._document.apply("Restore unsaved work", recovery.project)
        if self._document.is_modified:
            self._submit(recovery.project, recovery)
            self._look()
        else:
            self.discard(recovery)

    @Slot(object)
    def discard(self, recovery: Recovery) -> None:
        """Remove what a crash left, then look for more."""
        self._jobs.submit(partial(discard, recovery.file))
        self._look()

    def close(self) -> None:
        """Stop, wait for what is being written, and remove the recovery file: the window closes in order."""
        self._timer.stop()
        self._soon.stop()
        self._jobs.close()
        with suppress(StudioError):
            discard(self._file)

    @property
    def _file(self) -> Path:
        return recovery_file(self._folder, self._window)

    def _look(self) -> None:
        self._jobs.submit(partial(list_recoveries, self._folder))

    def _submit(self, project: Project, old: Recovery | None) -> None:
        self._kept = project
        self._edits = 0
        self._has_file = True
        self._jobs.submit(partial(self._written, project, self._document.path, old))

    def _written(self, project: Project, original: Path | None, old: Recovery | None) -> Path:
        """Runs in the worker thread; the old file goes only when the new one is there."""
        file = write_recovery(project, original, self._folder, self._window)
        if old is not None:
            discard(old.file)
        return file

    @Slot()
    def _on_timeout(self) -> None:
        self.keep()

    @Slot(object)
    def _on_changed(self, _project: object) -> None:
        self._edits += 1
        if self._edits >= self.edits_between and not self._jobs.is_busy:
            self._soon.start()

    @Slot()
    def _on_file_changed(self) -> None:
        if not self._document.is_modified:
            self._edits = 0
            self._kept = None
            if self._has_file:
                self._has_file = False
                self._jobs.submit(partial(discard, self._file))

    @Slot(object)
    def _on_finished(self, result: object) -> None:
        match result:
            case Path():
                self._has_failed = False
                self.saved.emit(result)
            case (Recovery() as latest, *_):
                self.found.emit(latest)
            case str() if result:
                self.failed.emit(result)
            case _:
                pass

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        self._kept = None
        if not self._has_failed:
            self._has_failed = True
            self.failed.emit(f"Unsaved work cannot be kept for a crash. {sentence}")


def _base(recovery: Recovery) -> tuple[Project, Path | None]:
    """What the work changed: its own file as it is on disk, or the sample where there is none to read."""
    if recovery.original is not None:
        with suppress(StudioError):
            return open_project(recovery.original), recovery.original
    return sample_project(), None


def _unreadable(folder: Path) -> str:
    """Runs in the worker thread: what of a crash cannot be read, as a sentence, or nothing."""
    return sentence_about(set_unreadable_aside(folder))
