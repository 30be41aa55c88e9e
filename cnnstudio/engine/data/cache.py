"""The images of the source that was read last: page, pictures in the blocks and training share them."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from cnnstudio.core.project.data import Preparation
from cnnstudio.core.project.sources import Source
from cnnstudio.engine.data.images import Images
from cnnstudio.engine.data.source import SourceKind
from cnnstudio.engine.training.stopping import ShouldStop, StopRequested

_POLL_S = 0.05


class ImageCache:
    """Keeps the images of one source until another one is read or what it holds changes.

    Any thread may ask.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._key: tuple[Source, Preparation, str] | None = None
        self._images: Images | None = None

    def images(
        self, kind: SourceKind, source: Source, preparation: Preparation, should_stop: ShouldStop
    ) -> Images:
        """The images of a source, read where they are not at hand; raises what reading raises."""
        with self._alone(should_stop):
            key = source, preparation, kind.stamp(source)
            if self._images is None or key != self._key:
                # The old ones must not take the room of the new.
                self._images = None
                self._images, self._key = kind.read(source, preparation, should_stop), key
            return self._images

    def holds(self, kind: SourceKind, source: Source, preparation: Preparation) -> bool:
        """Whether the images of a source are at hand as they are now. Does not wait for one who reads."""
        key = self._key
        there = self._images is not None and key is not None and key[:2] == (source, preparation)
        return there and key == (source, preparation, kind.stamp(source))

    @contextmanager
    def _alone(self, should_stop: ShouldStop) -> Iterator[None]:
        """Wait for another thread that reads, as long as nobody asks to stop."""
        while not self._lock.acquire(timeout=_POLL_S):
            if should_stop():
                raise StopRequested
        try:
            yield
        finally:
            self._lock.release()


CACHE = ImageCache()
