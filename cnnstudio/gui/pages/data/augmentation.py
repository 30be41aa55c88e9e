"""What augmentation may make of the chosen sample: it beside eight draws of the layers on the stack."""

from collections.abc import Callable
from threading import Event as Flag
from typing import TypeAlias

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from cnnstudio.core.layers.base import Layer
from cnnstudio.core.network import Network
from cnnstudio.core.network.augmentation import augmentation_head
from cnnstudio.engine.data.images import Pixels
from cnnstudio.engine.interpret.augmented import draws
from cnnstudio.engine.training.stopping import ShouldStop, StopRequested
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.document.jobs import BackgroundJobs
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.icon_button import IconButton
from cnnstudio.gui.widgets.image_view import ImageView
from cnnstudio.gui.widgets.labels import label

DRAWS = 8
_COLUMNS = 3
_SIDE_PX = 82
_PAUSE_MS = 120
"""Edits that follow each other more quickly than this are drawn once."""
_NONE = (
    "No layer on the stack varies the pictures. Add one on Build below the Input, such as Random Flip: each "
    "picture is then another one each time it is trained on."
)
_DRAWING = "Drawing…"
_FIRST = "The sample, and what training may make of it:"

Draw: TypeAlias = Callable[[Network, Pixels, int, int, ShouldStop], Pixels]


class AugmentationPanel(QWidget):
    """Follows the sample and the layers at the head of the document's stack; draws in a thread."""

    def __init__(
        self, document: Document, theme: Theme, parent: QWidget | None = None, draw: Draw = draws
    ) -> None:
        super().__init__(parent)
        self._document, self._draw = document, draw
        self._picture: Pixels | None = None
        self._head: tuple[Layer, ...] = ()
        self._seed = 0
        self._stop = Flag()
        self._jobs = BackgroundJobs(self)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self.text = label(_NONE, "secondary", self, wrap=True)
        self.again = IconButton(theme, "dices", "Other draws", size=16, parent=self)
        self.pictures = QWidget(self)
        self.views = [ImageView(theme, _name(number), self.pictures) for number in range(DRAWS + 1)]
        self._lay_out(theme)
        self._jobs.finished.connect(self._on_drawn)
        self._jobs.failed.connect(self.text.setText)
        self._pause.timeout.connect(self._ask)
        self.again.clicked.connect(self._on_again_clicked)
        document.changed.connect(self._on_document_changed)

    def show_picture(self, picture: Pixels | None) -> None:
        """Draw from another sample (height, width, channels)."""
        self._picture = picture
        self._look(anew=True)

    def close_jobs(self) -> None:
        """End the thread, and wait for it."""
        self._pause.stop()
        self._stop.set()
        self._jobs.close()

    def _lay_out(self, theme: Theme) -> None:
        grid = QGridLayout(self.pictures)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(2)
        for number, view in enumerate(self.views):
            view.setFixedSize(theme.scaled(_SIDE_PX), theme.scaled(_SIDE_PX))
            grid.addWidget(view, number // _COLUMNS, number % _COLUMNS)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for widget in (self.text, self.pictures, self.again):
            column.addWidget(widget)
        self.pictures.hide()
        self.again.hide()

    def _look(self, anew: bool) -> None:
        head, before = augmentation_head(self._document.network), self._head
        self._head = head
        is_drawn = bool(head) and self._picture is not None
        self.pictures.setVisible(is_drawn)
        self.again.setVisible(is_drawn)
        if not is_drawn:
            self._stop.set()
            self._pause.stop()
            self.text.setText("" if head else _NONE)
        elif anew or head != before:
            self.text.setText(_DRAWING)
            self._stop.set()
            self._pause.start()

    @Slot()
    def _ask(self) -> None:
        picture, network, seed, draw = self._picture, self._document.network, self._seed, self._draw
        if picture is None:
            return
        self._stop = Flag()
        should_stop = self._stop.is_set
        self._jobs.submit(lambda: _drawn(draw, network, picture, seed, should_stop))

    @Slot(object)
    def _on_drawn(self, drawn: tuple[Pixels, Pixels] | None) -> None:
        if drawn is None or self._stop.is_set():
            return
        picture, made = drawn
        self.text.setText(_FIRST)
        for view, pixels in zip(self.views, (picture, *made), strict=True):
            view.set_picture(pixels)

    @Slot()
    def _on_again_clicked(self) -> None:
        self._seed += 1
        self._look(anew=True)

    @Slot()
    def _on_document_changed(self) -> None:
        self._look(anew=False)


def _drawn(
    draw: Draw, network: Network, picture: Pixels, seed: int, should_stop: ShouldStop
) -> tuple[Pixels, Pixels] | None:
    try:
        return picture, draw(network, picture, DRAWS, seed, should_stop)
    except StopRequested:
        return None


def _name(number: int) -> str:
    return f"Draw {number}" if number else "The sample as it is"
