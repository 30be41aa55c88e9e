"""Small pictures of samples, decoded in a thread for what can be seen, and kept while there is room."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage, QPixmap

from cnnstudio.engine.data.dataset import Dataset
from cnnstudio.engine.data.images import Pixels
from cnnstudio.engine.data.looking import Thumbnail, thumbnails
from cnnstudio.engine.data.samples import Samples
from cnnstudio.engine.data.stream import Stream
from cnnstudio.gui.document.jobs import BackgroundJobs

SIDE = 128
"""Pixels of the longer side at most."""
_AT_ONCE = 16
"""Few enough that what was scrolled away holds up what is seen now for a moment only."""
_MOST_BYTES = 64 * 2**20


class Thumbnails(QObject):
    """Pictures by their rows in the catalog.

    Signals:
        came(list[int]): these rows have pictures now, or reasons why there are none.
    """

    came = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._samples: Samples | None = None
        self._stream: Stream | None = None
        self._most = 1
        self._pictures: OrderedDict[int, QPixmap] = OrderedDict()
        self._reasons: dict[int, str] = {}
        self._wanted: list[int] = []
        self._jobs = BackgroundJobs(self)
        self._jobs.finished.connect(self._on_made)

    def show_data(self, data: Dataset) -> None:
        """Take the pictures of another data set; those of the same samples stay, however they are shared
        out.
        """
        self._stream = data.everything()
        if data.samples is self._samples:
            return
        self._samples = data.samples
        height, width = (min(side or SIDE, SIDE) for side in data.facts.sample_shape[:2])
        self._most = max(_MOST_BYTES // (4 * height * width), 4 * _AT_ONCE)
        self._pictures.clear()
        self._reasons.clear()
        self._wanted.clear()

    def picture(self, row: int) -> QPixmap | None:
        """The picture of a row; None while there is none, or where it cannot be read."""
        found = self._pictures.get(row)
        if found is not None:
            self._pictures.move_to_end(row)
        return found

    def reason(self, row: int) -> str:
        """Why a row has no picture; empty where it has one, or will have."""
        return self._reasons.get(row, "")

    def want(self, rows: Iterable[int]) -> None:
        """Make the pictures of these rows, the first ones first, and of no others any more."""
        rows = list(rows)
        # All that is seen must fit, or pictures would push each other out for ever.
        self._most = max(self._most, len(rows))
        self._wanted = [row for row in rows if row not in self._pictures and row not in self._reasons]
        self._go_on()

    @property
    def is_busy(self) -> bool:
        """Whether pictures are still to come."""
        return self._jobs.is_busy

    def close_jobs(self) -> None:
        """End the thread, and wait for it."""
        self._jobs.close()

    def _go_on(self) -> None:
        stream = self._stream
        if stream is None or self._jobs.is_busy or not self._wanted:
            return
        rows, self._wanted = np.array(self._wanted[:_AT_ONCE]), self._wanted[_AT_ONCE:]
        samples = self._samples
        self._jobs.submit(lambda: (samples, [_made(one) for one in thumbnails(stream, rows, SIDE)]))

    @Slot(object)
    def _on_made(self, made: tuple[Samples, Sequence[tuple[Thumbnail, QImage]]]) -> None:
        samples, pictures = made
        if samples is self._samples:
            for one, image in pictures:
                self._take(one, image)
            self.came.emit([one.row for one, _ in pictures])
        self._go_on()

    def _take(self, one: Thumbnail, image: QImage) -> None:
        if one.pixels is None:
            self._reasons[one.row] = one.reason
            return
        self._pictures[one.row] = QPixmap.fromImage(image)
        if len(self._pictures) > self._most:
            self._pictures.popitem(last=False)


def _made(one: Thumbnail) -> tuple[Thumbnail, QImage]:
    return one, QImage() if one.pixels is None else _image(one.pixels)


def _image(pixels: Pixels) -> QImage:
    """A copy in Qt's own memory: what it was made of may go."""
    shown = np.ascontiguousarray(pixels[..., :3] if pixels.shape[-1] >= 3 else pixels[..., 0])
    height, width = shown.shape[:2]
    form = QImage.Format.Format_RGB888 if shown.ndim == 3 else QImage.Format.Format_Grayscale8
    return QImage(shown.data, width, height, shown.strides[0], form).copy()
