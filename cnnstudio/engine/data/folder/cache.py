"""The pictures of the folder that was read last: page, pictures in the blocks and training share them."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import Lock

from cnnstudio.core.project.data import FolderSource
from cnnstudio.engine.data.arrays import Images
from cnnstudio.engine.data.folder.files import ClassFiles
from cnnstudio.engine.data.folder.images import files_of, read_files
from cnnstudio.engine.training.stopping import ShouldStop, StopRequested

_POLL_S = 0.05


class FolderCache:
    """Keeps the images of one folder until another one is read or its files change. Any thread may ask."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._key: tuple[FolderSource, str] | None = None
        self._images: Images | None = None

    def images(self, source: FolderSource, should_stop: ShouldStop) -> Images:
        """The images of a folder, read where they are not at hand; raises what `read` raises."""
        with self._alone(should_stop):
            classes = files_of(source)
            key = source, _stamp(classes)
            if self._images is None or key != self._key:
                # The old ones must not take the room of the new.
                self._images = None
                self._images, self._key = read_files(source, classes, should_stop), key
            return self._images

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


CACHE = FolderCache()


def _stamp(classes: Sequence[ClassFiles]) -> str:
    """Another text whenever a file came, went or was written."""
    digest = hashlib.sha256()
    for one in classes:
        for path in (*one.training, *one.test):
            digest.update(os.fsencode(path))
            with suppress(OSError):
                about = os.stat(path)  # noqa: PTH116 - a Path for each of a million files takes a minute
                digest.update(f"{about.st_size} {about.st_mtime_ns}".encode())
    return digest.hexdigest()
