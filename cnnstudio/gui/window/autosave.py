"""Keeps unsaved work on disk while the window is open, and finds what a crash left behind."""

from collections.abc import Callable
from contextlib import suppress
from functools import cached_property, partial
from pathlib import Path
from typing import Literal, TypeAlias
from uuid import uuid4

from msgspec import Struct
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
    set_superseded_aside,
    set_unreadable_aside,
    write_recovery,
)
from cnnstudio.engine.files.unreadable import sentence_about
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.document.jobs import BackgroundJobs, sentence_of

_PAUSE_MS = 1_500
"""What a thread does in Python holds up the GUI thread: a person who types is let finish."""

_Kind: TypeAlias = Literal["keep", "clear", "look", "set aside", "discard"]
_FAILED: dict[_Kind, str] = {
    "keep": "Unsaved work cannot be kept for a crash.",
    "clear": "What was kept for a crash is not needed any more, but it cannot be removed.",
    "look": "Work that a crash may have left cannot be looked for.",
    "set aside": "Work that a crash left and that cannot be read stays where it is.",
    "discard": "What a crash left cannot be removed, so it is offered again.",
}
"""Begins what a person is told when a job of this kind fails."""


class _Answer(Struct, frozen=True):
    """How a job ended: with a result, or with a sentence. `restored` is the work of a crash it keeps anew."""

    kind: _Kind
    result: object
    sentence: str
    restored: Recovery | None


class Autosave(QObject):
    """Writes a recovery file when a person pauses after an edit, and every half minute of editing.

    The file goes when the project is saved and when the window closes in order. All files are read and
    written in one thread, one after the other. Call `start` once and `close` before the window goes.

    What a crash left goes one by one: look, offer the latest, and when the person has restored or discarded
    it, remove its file and look again. A restored file is removed only when the work is kept anew, so that
    at any moment one of the two is on disk.

    Signals:
        saved(Path): the recovery file is on disk.
        found(Recovery): work of a window that crashed; the latest. `discard` tells of the next.
        failed(str): some sentences for a person: work cannot be kept (once for a row of failures), a file
            cannot be removed, or what a crash left cannot be read (once for each file).
    """

    saved = Signal(object)
    found = Signal(object)
    failed = Signal(str)

    def __init__(self, document: Document, parent: QObject, folder: Path | None = None) -> None:
        super().__init__(parent)
        self.interval_ms, self.pause_ms = 30_000, _PAUSE_MS
        self._document = document
        self._chosen_folder = folder
        self._window = uuid4().hex[:8]
        # What the newest request to keep holds; None after a failure, so that the next tick tries again.
        self._kept: Project | None = None
        # Whether a recovery file of this window is on disk, or asked for.
        self._has_file = False
        # Whether the last request to keep failed: then the person knows.
        self._cannot_keep = False
        # Restored work whose old file is still on disk.
        self._restoring: Recovery | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_timeout)
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self._on_timeout)
        self._jobs = BackgroundJobs(self, latest_only=False)
        self._jobs.finished.connect(self._on_answered)
        document.changed.connect(self._on_changed)
        document.file_changed.connect(self._on_file_changed)

    @cached_property
    def _folder(self) -> Path:
        # The usual one is looked up after the first paint.
        return self._chosen_folder or default_recovery_folder()

    def start(self) -> None:
        """Begin to keep work, and look for what crashed windows left; `found` tells."""
        self._timer.start(self.interval_ms)
        self._submit("set aside", partial(_unreadable, self._folder))
        self._look()

    def keep(self) -> None:
        """Write the project now, in the background, if it has changes that are not kept yet."""
        if self._document.is_modified and self._document.project is not self._kept:
            self._keep(self._document.project, None)

    def restore(self, recovery: Recovery) -> None:
        """Show the work as unsaved changes of its own file; its recovery file goes once it is kept anew.

        Unsaved changes of the document are lost: ask first.
        """
        base, path = _base(recovery)
        self._document.open(base, path)
        self._document.apply("Restore unsaved work", recovery.project)
        if self._document.is_modified:
            self._restoring = recovery
            self._keep(recovery.project, recovery)
        else:
            self.discard(recovery)

    @Slot(object)
    def discard(self, recovery: Recovery) -> None:
        """Remove what a crash left, then look for more."""
        self._submit("discard", partial(discard, recovery.file))
        self._look()

    def close(self) -> None:
        """Stop, wait for what is being written, and remove the recovery file: the window closes in order.

        The file of restored work goes with it: the person has saved that work by now, or given it up.
        """
        self._timer.stop()
        self._soon.stop()
        self._jobs.close()
        restored = [] if self._restoring is None else [self._restoring.file]
        for file in (self._file, *restored):
            with suppress(StudioError):
                discard(file)

    @property
    def _file(self) -> Path:
        return recovery_file(self._folder, self._window)

    def _look(self) -> None:
        self._submit("look", partial(list_recoveries, self._folder))

    def _keep(self, project: Project, restored: Recovery | None) -> None:
        self._kept = project
        self._has_file = True
        write = partial(write_recovery, project, self._document.path, self._folder, self._window)
        self._submit("keep", write, restored)

    def _submit(self, kind: _Kind, work: Callable[[], object], restored: Recovery | None = None) -> None:
        self._jobs.submit(partial(_answer, kind, work, restored))

    @Slot()
    def _on_timeout(self) -> None:
        self.keep()

    @Slot(object)
    def _on_changed(self, _project: object) -> None:
        self._soon.start(self.pause_ms)

    @Slot()
    def _on_file_changed(self) -> None:
        # Saved, opened, or undone to what was saved: nothing is left to lose.
        if not self._document.is_modified:
            self._soon.stop()
            self._kept = None
            if self._has_file:
                self._has_file = False
                self._submit("clear", partial(discard, self._file))

    @Slot(object)
    def _on_answered(self, answer: _Answer) -> None:
        if answer.kind == "keep":
            self._on_keep_answered(answer)
            return
        if answer.kind == "discard":
            self._restoring = None
        if answer.sentence:
            self.failed.emit(f"{_FAILED[answer.kind]} {answer.sentence}")
        match answer.result:
            case (Recovery() as latest, *_):
                self.found.emit(latest)
            case str() as unreadable if unreadable:
                self.failed.emit(unreadable)
            case _:
                pass

    def _on_keep_answered(self, answer: _Answer) -> None:
        told_before, self._cannot_keep = self._cannot_keep, bool(answer.sentence)
        if not answer.sentence:
            self.saved.emit(answer.result)
            if answer.restored is not None:
                self.discard(answer.restored)
            return
        self._kept = None
        if not told_before:
            self.failed.emit(f"{_FAILED['keep']} {answer.sentence}")
        if answer.restored is not None:
            # Its file is still there: offer it again.
            self._restoring = None
            self._look()


def _base(recovery: Recovery) -> tuple[Project, Path | None]:
    """What the work changed: its own file as it is on disk, or the sample where there is none to read."""
    if recovery.original is not None:
        with suppress(StudioError):
            return open_project(recovery.original), recovery.original
    return sample_project(), None


def _unreadable(folder: Path) -> str:
    """Runs in the worker thread: what of a crash cannot be read, as a sentence, or nothing."""
    set_superseded_aside(folder)
    return sentence_about(set_unreadable_aside(folder))


def _answer(kind: _Kind, work: Callable[[], object], restored: Recovery | None) -> _Answer:
    """Runs in the worker thread. Answers may overtake each other, so each says what it is about."""
    try:
        return _Answer(kind, work(), "", restored)
    except Exception as error:
        return _Answer(kind, None, sentence_of(error), restored)
