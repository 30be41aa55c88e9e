"""The samples of the source that was opened last: page, pictures in the blocks and training share them."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from time import monotonic

from cnnstudio.core.project.data import Preparation
from cnnstudio.core.project.sources import Source
from cnnstudio.engine.data.samples import Samples
from cnnstudio.engine.data.source import SourceKind
from cnnstudio.engine.training.stopping import ShouldStop, StopRequested

_POLL_S = 0.05
_LONG_S = 0.05
_TRUST = 20
"""Who looks at one picture after the other asks a slow disk for changes a twentieth of the time."""


class SampleCache:
    """Keeps the samples of one source, with the pictures decoded so far, until another one is opened or what
    it holds changes.

    Any thread may ask.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._key: tuple[Source, Preparation] | None = None
        self._samples: Samples | None = None
        self._stamp = ""
        self._trusted_until = 0.0

    def samples(
        self,
        kind: SourceKind,
        source: Source,
        preparation: Preparation,
        should_stop: ShouldStop,
        browsing: bool = False,
    ) -> Samples:
        """The samples of a source, opened where they are not at hand; raises what opening raises.

        For who is `browsing` samples are taken to be unchanged for a while, where to look takes long.
        """
        with self._alone(should_stop):
            there = self._samples if self._key == (source, preparation) else None
            if there is not None and browsing and monotonic() < self._trusted_until:
                return there
            began = monotonic()
            if there is None or kind.stamp(source) != self._stamp:
                # The old ones must not take the room of the new.
                self._key = self._samples = None
                there = kind.open(source, preparation, should_stop)
                self._key, self._samples, self._stamp = (source, preparation), there, there.stamp
            took = monotonic() - began
            self._trusted_until = monotonic() + (_TRUST * took if took > _LONG_S else 0.0)
            return there

    def forget(self) -> None:
        """Let go of the samples, and of the memory their pictures take."""
        with self._lock:
            self._key = self._samples = None

    @contextmanager
    def _alone(self, should_stop: ShouldStop) -> Iterator[None]:
        """Wait for another thread that opens, as long as nobody asks to stop."""
        while not self._lock.acquire(timeout=_POLL_S):
            if should_stop():
                raise StopRequested
        try:
            yield
        finally:
            self._lock.release()


CACHE = SampleCache()
