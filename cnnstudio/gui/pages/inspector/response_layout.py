"""Where the parts of the response panel stand, and how they show a response."""

from msgspec import Struct
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import (
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from cnnstudio.core.values.words import with_signs
from cnnstudio.engine.interpret.response import Cell, Patch, Response
from cnnstudio.gui.pages.inspector.kernel_card import KernelCard
from cnnstudio.gui.pages.inspector.picture_bar import PictureBar
from cnnstudio.gui.pages.inspector.steps_bar import StepsBar
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.elided import ElidedLabel
from cnnstudio.gui.widgets.image_view import ImageView
from cnnstudio.gui.widgets.labels import label

_LINES_PX, _GAP_PX = 92, 6
_MOST_LINES_PX = 260
# A panel below this height is low; one below that, or at least so wide, is wide; others are tall.
_LOW_PX, _TALL_PX, _ROW_PX = 520, 640, 980
# What two maps and the sum need beside the kernel.
_THREE_PX = 290
# What margins and gaps take beside the two maps, what the signs take, and the map's own part of its hint.
_MARGINS_PX, _SIGNS_PX, _HINT_PX = 50, 80, 220


Place = tuple[int, int, int, int]


class _Form(Struct, frozen=True):
    """Where the kernel, the texts and the sum stand in the grid (row, column, rows, columns).

    `parts` is how many share the width that the kernel leaves.
    """

    kernel: Place
    texts: Place
    lines: Place
    in_a_row: bool
    parts: int = 2
    is_low: bool = False


_WIDE = _Form((0, 2, 2, 1), (2, 0, 1, 5), (3, 0, 1, 5), in_a_row=True)
_TALL = _Form((2, 0, 2, 1), (2, 4, 1, 1), (3, 4, 1, 1), in_a_row=False)
_LOW = _Form((0, 2, 2, 1), (2, 0, 1, 6), (0, 5, 2, 1), in_a_row=True, parts=3, is_low=True)
_LOW_NARROW = _Form((0, 2, 2, 1), (2, 0, 1, 5), (3, 0, 1, 5), in_a_row=True, is_low=True)


class ResponseParts(QWidget):
    """Picture, kernel, feature map and sum, each in its place; it shows what it is given."""

    def __init__(
        self, theme: Theme, bar: PictureBar, kernel: KernelCard, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.bar, self.kernel = bar, kernel
        self._theme = theme
        self._width, self._aspect, self._form = 0, 1.0, _WIDE
        self._title = label("My picture with my kernel", "title", self)
        self._texts = QWidget(self)
        self._times = _sign("∗", "convolved with", self)
        self._equals = _sign("=", "gives", self)
        self.steps = StepsBar(self)
        self.image = ImageView(theme, "Picture", self)
        self.map = ImageView(theme, "Feature map", self)
        self.image_caption = ElidedLabel("heading", parent=self)
        self.map_caption = ElidedLabel("heading", parent=self)
        self.sizes = label("", "secondary", self, wrap=True)
        self.note = label("", "hint", self, wrap=True)
        self.lines = QPlainTextEdit(self)
        self.lines.setReadOnly(True)
        # A drop belongs to the page.
        self.lines.setAcceptDrops(False)
        self.lines.setWordWrapMode(QTextOption.WrapMode.WordWrap)
        self.lines.setAccessibleName("The sum behind a number of the feature map")
        for caption in (self.image_caption, self.map_caption):
            caption.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._picture = _captioned(self.image_caption, self.image, self)
        self._result = _captioned(self.map_caption, self.map, self)
        self._lay_out()
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def show_response(self, response: Response, title: str, note: str) -> None:
        """Show the three parts; the feature map is gray unless numbers below zero are in it."""
        height, width = response.image.shape
        self._aspect = height / width
        self.image.set_smooth(max(height, width) > self.image.width())
        self.image.set_map(response.image, "gray", (0.0, 1.0))
        self.image_caption.set_text(f"{title}, {height} × {width}")
        rows, columns = response.values.shape
        self.map.set_smooth(max(rows, columns) > self.map.width())
        self.map.set_map(response.values, "diverging" if response.values.min() < 0 else "gray")
        self.map_caption.set_text(f"Feature map, {rows} × {columns}")
        self._limit_heights()
        self.note.setText(f"Keras does not flip the kernel: it is laid on as written. {note}".strip())

    def show_no_response(self, sentence: str) -> None:
        """Say why there is no feature map."""
        self.map.clear()
        self.map_caption.set_text("No feature map")
        self.image.clear_highlight()
        self.sizes.setText("")
        self.show_hint(sentence)

    def show_no_picture(self, sentence: str) -> None:
        """Say why there is no picture, and so no feature map of one."""
        self.image.clear()
        self.image_caption.set_text("No picture")
        self.show_no_response(sentence)

    def show_sizes(self, height: str, width: str) -> None:
        """Show the arithmetic of the feature map's size."""
        self.sizes.setText(with_signs(f"Height: {height}\nWidth: {width}"))
        # A label that wraps would give its second line away to the parts beside it.
        self.sizes.ensurePolished()
        self.sizes.setMinimumHeight(2 * self.sizes.fontMetrics().lineSpacing())

    def show_arithmetic(self, text: str) -> None:
        """Show the sum behind a number; a row that is too wide goes on below, between its products."""
        self.lines.setPlainText(text)

    def show_hint(self, text: str) -> None:
        """Show a sentence in the place of a sum."""
        self.lines.setPlainText(text)

    def frame(self, patch: Patch, cell: Cell) -> None:
        """Frame the patch in the picture and its number in the feature map."""
        self.image.set_highlight(patch.row, patch.column, patch.height, patch.width)
        self.map.set_highlight(cell[0], cell[1], 1, 1)

    def clear_frames(self) -> None:
        """Point at nothing."""
        self.image.clear_highlight()
        self.map.clear_highlight()

    def arrange(self, width: int, height: int) -> None:
        """Use the panel's room, in pixels."""
        form = self._form_for(width, height)
        self._width = width
        if form != self._form:
            self._form = form
            self._place()
        self._limit_heights()

    def _form_for(self, width: int, height: int) -> _Form:
        if height < self._theme.scaled(_LOW_PX):
            beside_kernel = width - self.kernel.sizeHint().width() - _SIGNS_PX
            return _LOW if beside_kernel >= self._theme.scaled(_THREE_PX) else _LOW_NARROW
        return (
            _WIDE if width >= self._theme.scaled(_ROW_PX) or height < self._theme.scaled(_TALL_PX) else _TALL
        )

    def _lay_out(self) -> None:
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(_GAP_PX)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(4, 1)
        self._grid.setRowStretch(1, 1000)
        # What no part can use is left below all of them.
        self._grid.setRowStretch(4, 1)
        self._texts.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addLayout(self._sources())
        column.addWidget(self.steps)
        column.addLayout(self._grid, 1000)
        column.addStretch(1)
        texts = QVBoxLayout(self._texts)
        texts.setContentsMargins(0, 4, 0, 0)
        texts.setSpacing(8)
        for part in (self.note, self.sizes):
            texts.addWidget(part)
        self._place()

    def _place(self) -> None:
        """Put every part at its place in the grid; a part that has one already moves."""
        grid, form = self._grid, self._form
        grid.addWidget(self._picture, 0, 0, 2, 1)
        grid.addWidget(self._times, 0, 1, 2, 1)
        grid.addWidget(self._equals, 0, 3, 2, 1)
        grid.addWidget(self._result, 0, 4, 2, 1)
        grid.addWidget(self.kernel, *form.kernel)
        grid.addWidget(self._texts, *form.texts)
        grid.addWidget(self.lines, *form.lines)
        grid.setColumnStretch(5, form.parts - 2)
        for sign in (self._times, self._equals):
            sign.setVisible(form.in_a_row)
        self.kernel.set_centred(form.in_a_row)
        self.kernel.grid.set_compact(form.is_low)
        self._title.setVisible(not form.is_low)

    def _limit_heights(self) -> None:
        """Keep the captions at their pictures: no more height than the width can use."""
        beside = self.kernel.sizeHint().width() + _SIGNS_PX if self._form.in_a_row else 0
        room = (self._width - beside - _MARGINS_PX) // self._form.parts
        for view in (self.image, self.map):
            legend = view.sizeHint().height() - _HINT_PX
            view.setMaximumHeight(max(round(room * self._aspect) + legend, view.minimumSizeHint().height()))
        card = self.kernel.sizeHint().height()
        beside_maps = max(card, self.map.maximumHeight() + self.map_caption.sizeHint().height() + _GAP_PX)
        self.kernel.setMaximumHeight(beside_maps if self._form.in_a_row else 2 * card)

    @Slot()
    def _on_theme_changed(self) -> None:
        # A font that is set once would stay as large as text was then.
        self.lines.setFont(self._theme.font(12, tabular=True))
        self.lines.setMinimumHeight(self._theme.scaled(_LINES_PX))
        self.lines.setMaximumHeight(self._theme.scaled(_MOST_LINES_PX))

    def _sources(self) -> QBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label("Picture", "secondary", self))
        row.addWidget(self.bar, 1)
        row.addSpacing(8)
        row.addWidget(label("Kernel", "secondary", self))
        row.addWidget(self.kernel.sources, 1)
        return row


def _captioned(caption: QWidget, view: QWidget, parent: QWidget) -> QWidget:
    """A picture below its caption: both at the top of their cell, whatever stands beside them."""
    cell = QWidget(parent)
    column = QVBoxLayout(cell)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(_GAP_PX)
    column.addWidget(caption)
    column.addWidget(view, 1000)
    column.addStretch(1)
    return cell


def _sign(text: str, name: str, parent: QWidget) -> QLabel:
    sign = label(text, "value", parent)
    sign.setAccessibleName(name)
    return sign
