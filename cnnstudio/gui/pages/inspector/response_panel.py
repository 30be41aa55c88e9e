"""My picture with my kernel: picture, kernel and feature map side by side, and the sum behind a number."""

from threading import Event as Flag

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from cnnstudio.core.project.data import DataChoice
from cnnstudio.engine.interpret.choices import PictureChoice
from cnnstudio.engine.interpret.loaded import KernelChoice
from cnnstudio.engine.interpret.pictures import Picture, read_picture
from cnnstudio.engine.interpret.response import (
    Cell,
    Response,
    Steps,
    arithmetic,
    cell_over,
    image_map,
    patch_of,
    respond,
    size_texts,
)
from cnnstudio.gui.document.jobs import BackgroundJobs
from cnnstudio.gui.document.selection import Selection
from cnnstudio.gui.pages.inspector.kernel_card import KernelCard
from cnnstudio.gui.pages.inspector.picture_bar import PictureBar
from cnnstudio.gui.pages.inspector.response_layout import ResponseParts
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.round_combo import RoundCombo

_HINT = "Point at either map, or use the arrow keys in it, to see the sum behind a number."
_SCROLL_BAR_PX = 12


class _Answer(Struct, frozen=True, eq=False):
    response: Response
    title: str
    note: str


class ResponsePanel(QWidget):
    """Convolves in a worker thread; only the newest request is answered.

    The picture is the selected one. Another that is chosen here is selected once it could be read.

    Signals:
        failed(str): a picture that cannot be read, a kernel that does not fit; what was shown stays.
        responded(Response): another feature map is shown.
    """

    failed = Signal(str)
    responded = Signal(object)

    def __init__(self, theme: Theme, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selection = selection
        self._source: tuple[PictureChoice, DataChoice] | None = None
        self._wanted: PictureChoice | None = None
        self._unread: PictureChoice | None = None
        self._origin: tuple[str, Steps | None] = ("", None)
        """Whose stride and padding were taken over last: what a person changes stays for other filters."""
        self._stop = Flag()
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.picture: Picture | None = None
        self.response: Response | None = None
        self._pictures, self._convolutions = BackgroundJobs(self), BackgroundJobs(self)
        self.kernel_sources = RoundCombo(self)
        self.kernel_sources.setAccessibleName("Kernel")
        self.kernel_sources.setMinimumContentsLength(9)
        self.kernel_sources.setSizeAdjustPolicy(
            RoundCombo.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.bar = PictureBar(theme, self)
        self.kernel = KernelCard(theme, self.kernel_sources, self)
        self.parts = ResponseParts(theme, self.bar, self.kernel, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.parts)
        self.steps = self.parts.steps
        self._connect()
        self._on_kernel_changed()
        self._on_selection_changed()

    def open_picture(self, choice: PictureChoice) -> None:
        """Read a picture that a person chose, select it and lay the kernel on it."""
        self._wanted = choice
        self._read(choice)

    def show_gallery_kernel(self, choice: KernelChoice) -> None:
        """Take a kernel of the gallery; another layer's comes with the stride and padding of that layer."""
        origin = choice.layer, choice.steps
        if origin != self._origin:
            self._origin = origin
            self.steps.show_steps(choice.steps or Steps())
        self.kernel.show_gallery_kernel(choice)

    @property
    def is_busy(self) -> bool:
        """Whether a picture or a feature map is still to come."""
        return self._pictures.is_busy or self._convolutions.is_busy

    def close_jobs(self) -> None:
        """End the threads; call it before the panel goes."""
        self._stop.set()
        self._pictures.close()
        self._convolutions.close()

    def arrange(self, width: int, height: int) -> None:
        """Lay the parts out for the pixels of the panel that are seen at once."""
        self.parts.arrange(width, height)

    def _connect(self) -> None:
        self._selection.changed.connect(self._on_selection_changed)
        self.bar.chosen.connect(self._on_picture_chosen)
        self.kernel.changed.connect(self._on_kernel_changed)
        self.kernel.refused.connect(self.failed)
        self.steps.changed.connect(self._convolve)
        self.parts.image.hovered.connect(self._on_image_hovered)
        self.parts.map.hovered.connect(self._on_map_hovered)
        self._pictures.finished.connect(self._on_picture_read)
        self._pictures.failed.connect(self._on_picture_failed)
        self._convolutions.finished.connect(self._on_responded)
        self._convolutions.failed.connect(self._on_convolution_failed)

    def _read(self, choice: PictureChoice) -> None:
        self._unread = None
        data, self._stop = self._selection.data, Flag()
        should_stop = self._stop.is_set
        self._pictures.submit(lambda: read_picture(choice, data, should_stop))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._read_first()

    def _read_first(self) -> None:
        """Read the picture that was selected while nobody saw the panel: it takes the whole data set."""
        if self._unread is not None:
            self._read(self._unread)

    @Slot()
    def _convolve(self) -> None:
        picture = self.picture
        if picture is None:
            return
        choice = replace(self.kernel.choice, values=self.kernel.values, note=self.kernel.note)
        steps = self.steps.steps()
        self._convolutions.submit(lambda: _answer(picture, choice, steps))

    @Slot()
    def _on_selection_changed(self) -> None:
        source = self._selection.picture_source
        if source != self._source:
            self._source, self._wanted = source, None
            self._unread = source[0]
            if self.isVisible():
                self._read_first()

    @Slot(object)
    def _on_picture_chosen(self, choice: PictureChoice) -> None:
        self.open_picture(choice)

    @Slot()
    def _on_kernel_changed(self) -> None:
        self.steps.show_bias(self.kernel.choice.bias)
        self._convolve()

    @Slot(object)
    def _on_picture_read(self, picture: Picture) -> None:
        self.picture, self._wanted = picture, None
        self.bar.show_picture(picture)
        self._select(picture.choice)
        self._convolve()

    @Slot(str)
    def _on_picture_failed(self, sentence: str) -> None:
        if self._wanted is None:
            # It was selected elsewhere, or by nobody: the page says it in the picture's place.
            self.picture = self.response = None
            self.bar.show_choice(self._selection.picture)
            self.parts.show_no_picture(sentence)
            return
        self._wanted = None
        if self.picture is not None:
            self.bar.show_picture(self.picture)
        self.failed.emit(sentence)

    @Slot(object)
    def _on_responded(self, answer: _Answer) -> None:
        self.response = answer.response
        self.parts.show_response(answer.response, answer.title, answer.note)
        self.parts.show_sizes(*size_texts(answer.response))
        self.parts.show_hint(_HINT)
        self.responded.emit(answer.response)

    @Slot(str)
    def _on_convolution_failed(self, sentence: str) -> None:
        self.response = None
        self.parts.show_no_response(sentence)
        self.failed.emit(sentence)

    @Slot(object)
    def _on_map_hovered(self, cell: Cell | None) -> None:
        self._point_at(cell)

    @Slot(object)
    def _on_image_hovered(self, pixel: Cell | None) -> None:
        if self.response is not None and pixel is not None:
            self._point_at(cell_over(self.response, pixel))
        else:
            self._point_at(None)

    def _select(self, choice: PictureChoice) -> None:
        """Select what has been read, which need not be read again for that."""
        self._source = self._selection.source_of(choice)
        self._selection.set_picture(choice)

    def _point_at(self, cell: Cell | None) -> None:
        """Frame the patch and its number; what was said last stays when the mouse leaves."""
        if self.response is None:
            return
        if cell is None:
            self.parts.clear_frames()
            return
        self.parts.frame(patch_of(self.response, cell), cell)
        lines = arithmetic(self.response, cell)
        padding = ", [0] is padding" if "[0]" in lines else ""
        self.parts.show_arithmetic(f"Row {cell[0]}, column {cell[1]}: pixel · kernel{padding}\n{lines}")


class PanelScroll(QScrollArea):
    """In a low window the panel scrolls instead of keeping the window high; it is told how much is seen."""

    def __init__(self, panel: ResponsePanel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._panel = panel
        self.setWidget(panel)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def minimumSizeHint(self) -> QSize:
        """The panel is never cut at its side."""
        width = self._panel.minimumSizeHint().width() + _SCROLL_BAR_PX
        return QSize(width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._panel.arrange(self.viewport().width(), self.viewport().height())


def _answer(picture: Picture, choice: KernelChoice, steps: Steps) -> _Answer:
    """Runs in the worker thread."""
    image, converted = image_map(picture.pixels, choice.channel, choice.channels)
    notes = (picture.note, converted, choice.note)
    response = respond(image, choice.values, steps)
    return _Answer(response, picture.title, " ".join(note for note in notes if note))
