"""Keeps the pictures inside the blocks up to date, behind the person's back."""

import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from threading import Event as Flag
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cnnstudio.core.analysis import Analysis, Row
from cnnstudio.core.project import Project
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.interpret.choices import DEFAULT_PICTURE, PictureChoice
from cnnstudio.engine.training.start_weights import start_file
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.document.jobs import BackgroundJobs

if TYPE_CHECKING:
    from cnnstudio.engine.interpret.previews import Preview, Previewer, Request

DELAY_MS = 150
_SHORT_S, _LONGEST_REST_S = 0.0003, 0.01
Work: TypeAlias = "Callable[[Request, Callable[[], bool]], dict[str, Preview] | None]"
"""Makes the pictures; asked in a thread. `None` when it was stopped by the second argument."""


class ShownPreview(Struct, frozen=True):
    """A picture; `is_stale` while the layer, or one above it, has changed since it was made."""

    preview: "Preview"
    is_stale: bool = False


class PreviewSource(QObject):
    """Follows the document; lives on the GUI thread and works in one of its own.

    It begins off, and waits for `allow`: making pictures imports TensorFlow, which must not happen before
    the first paint. While a training runs it rests. An edit breaks off what runs, and `delay_ms` after the
    last edit the pictures are made anew, of the newest network only.

    Signals:
        changed(dict[str, ShownPreview]): the pictures by layer name; a layer that has none is missing.
        toggled(bool): it was switched on or off.
    """

    changed = Signal(object)
    toggled = Signal(bool)

    def __init__(
        self,
        document: Document,
        parent: QObject | None = None,
        work: "Work | None" = None,
        delay_ms: int = DELAY_MS,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._work = work or _engine()
        self._jobs = BackgroundJobs(self)
        self._timer = QTimer(self, singleShot=True, interval=delay_ms)
        self._stop = Flag()
        self._on = self._allowed = self._training = False
        self._weights: Path | None = None
        self._picture: PictureChoice = DEFAULT_PICTURE
        self._made_for: Request | None = None
        self._made: dict[str, Preview] = {}
        self._pictures: dict[str, ShownPreview] = {}
        self._timer.timeout.connect(self._on_due)
        self._jobs.finished.connect(self._on_finished)
        self._jobs.failed.connect(self._on_failed)
        document.changed.connect(self._on_changed)
        document.opened.connect(self._on_opened)

    @property
    def is_on(self) -> bool:
        """Whether pictures are wanted."""
        return self._on

    @property
    def is_waiting(self) -> bool:
        """Whether an edit is so young that work on it has not begun."""
        return self._timer.isActive()

    @property
    def pictures(self) -> Mapping[str, ShownPreview]:
        """The pictures as they stand, by layer name."""
        return self._pictures

    def set_on(self, on: bool) -> None:
        """Switch it on or off; off it does nothing and forgets what it showed."""
        if on == self._on:
            return
        self._on = on
        self.toggled.emit(on)
        if on:
            self._begin_anew()
        else:
            self._rest()
            self._made_for, self._made = None, {}
            self._show({})

    @Slot()
    def allow(self) -> None:
        """TensorFlow is loaded: pictures may be made from now on."""
        self._allowed = True
        self._begin_anew()

    @Slot(bool)
    def set_training(self, running: bool) -> None:
        """A training has begun, and pictures wait, or it has ended."""
        self._training = running
        if running:
            self._stop.set()
        else:
            self._begin_anew()

    @Slot(object)
    def set_weights(self, path: Path | None) -> None:
        """Use a run's weights where names and shapes match, or `None`; the file may change later."""
        self._weights = path
        self._begin_anew()

    def set_picture(self, picture: PictureChoice) -> None:
        """Let another picture go through the network."""
        if picture != self._picture:
            self._picture = picture
            self._begin_anew()

    def close(self) -> None:
        """Drop what waits and wait for the layer that is being worked out; nothing happens afterwards."""
        self._rest()
        self._on = False
        self._jobs.close()

    @Slot(object)
    def _on_changed(self, _project: object) -> None:
        self._begin_anew()

    @Slot()
    def _on_opened(self) -> None:
        """The run was of another project."""
        self.set_weights(None)

    def _begin_anew(self) -> None:
        if self._on:
            self._stop.set()
            self._timer.start()

    def _rest(self) -> None:
        self._stop.set()
        self._timer.stop()

    @Slot()
    def _on_due(self) -> None:
        if not self._allowed:
            return
        from cnnstudio.engine.interpret.previews import Request

        project = self._document.project
        weights = self._weights or _start_of(project)
        request = Request(self._document.analysis, project.data, weights, self._picture)
        if self._made_for is not None:
            self._show(_dimmed(self._made, self._made_for, request))
        if not self._training:
            self._stop = Flag()
            work, pace = self._work, _Pace(self._stop)
            self._jobs.submit(lambda: (request, work(request, pace)))

    @Slot(object)
    def _on_finished(self, answer: "tuple[Request, dict[str, Preview] | None]") -> None:
        request, made = answer
        # While the timer runs there is a newer network, and its turn comes at once.
        if made is not None and self._on and not self._timer.isActive():
            self._made_for, self._made = request, made
            self._show({name: ShownPreview(preview) for name, preview in made.items()})

    @Slot(str)
    def _on_failed(self, _sentence: str) -> None:
        self._made_for, self._made = None, {}
        self._show({})

    def _show(self, pictures: dict[str, ShownPreview]) -> None:
        if pictures != self._pictures:
            self._pictures = pictures
            self.changed.emit(pictures)


def _start_of(project: Project) -> Path | None:
    """The weights that training starts from; none where they cannot be found, which Train says."""
    reference = project.training.start_from
    try:
        return None if reference is None else start_file(reference)
    except StudioError:
        return None


def _engine() -> Work:
    """The engine's pictures; NumPy and h5py come with the first of them, long after the first paint."""

    @cache
    def previewer() -> "Previewer":
        from cnnstudio.engine.interpret.previews import Previewer

        return Previewer()

    return lambda request, should_stop: previewer().pictures(request, should_stop)


class _Pace:
    """Tells the work, which asks between layers, whether to stop; makes it rest as long as it worked.

    Most of the work is Python's own: at full pace a keystroke would wait for it now and then.
    """

    def __init__(self, stop: Flag) -> None:
        self._stop = stop
        self._since = time.perf_counter()

    def __call__(self) -> bool:
        spent = time.perf_counter() - self._since
        stopped = self._stop.wait(min(spent, _LONGEST_REST_S)) if spent > _SHORT_S else self._stop.is_set()
        self._since = time.perf_counter()
        return stopped


def _dimmed(made: "Mapping[str, Preview]", before: "Request", after: "Request") -> dict[str, ShownPreview]:
    """The pictures at hand for the layers of now; a renamed layer keeps its own."""
    old = _old_names(before.analysis, after.analysis)
    everything = _given(before) != _given(after)
    stale: set[str] = set()
    for row in after.analysis.rows:
        kept = row.name == old[row.name] and _is_kept(row, before.analysis)
        if everything or not kept or not stale.isdisjoint(row.inputs):
            stale.add(row.name)
    return {
        name: ShownPreview(made[earlier], name in stale) for name, earlier in old.items() if earlier in made
    }


def _given(request: "Request") -> tuple[object, ...]:
    """What every picture depends on."""
    return request.choice, request.weights, request.picture


def _is_kept(row: Row, before: Analysis) -> bool:
    """Whether the layer was there, with the same settings and the same inputs."""
    if row.name not in before.network.positions:
        return False
    earlier = before.row(row.name)
    return earlier is row or (earlier.layer == row.layer and earlier.inputs == row.inputs)


def _old_names(before: Analysis, after: Analysis) -> dict[str, str]:
    """The name each layer had: its own, or that of the layer that stood in its place and is gone."""
    names, gone = before.network.positions, after.network.positions
    renamed = len(before.rows) == len(after.rows)
    old: dict[str, str] = {}
    for index, row in enumerate(after.rows):
        there = before.rows[index].name if renamed else row.name
        old[row.name] = there if row.name not in names and there not in gone else row.name
    return old
