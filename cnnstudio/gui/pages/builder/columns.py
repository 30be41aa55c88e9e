"""How the width of the Build page is shared between the palette, the stack, the table and the side panel."""

from msgspec import Struct
from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QSplitter, QVBoxLayout, QWidget

from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.icon_button import IconButton

PALETTE, STACK, PANEL = 236, 900, 356
"""Designed pixels of the columns while there is room."""
LEAST_PALETTE, LEAST_STACK, LEAST_TABLE, LEAST_PANEL = 183, 466, 304, 309
"""Designed pixels below which names, cards, tables and fields would be cut."""
RAIL = 45
LINE = 1
"""Pixels of a movable line."""


class Least(Struct, frozen=True):
    """The narrowest widths in pixels; `folded` says that the palette makes room for its rail.

    The table is 0 wide where it does not fit beside the stack and stands in the side panel.
    """

    palette: int
    stack: int
    table: int
    panel: int
    folded: bool

    @property
    def middle(self) -> int:
        """Stack and table together."""
        return self.stack + (self.table + LINE if self.table else 0)


def least_widths(width: int, scale: float) -> Least:
    """What each column needs on a page of `width` pixels with texts grown by `scale`.

    As the page narrows the stack gives way first, then the palette, the table and the panel; where all are at
    their least the table leaves for the panel, then the palette folds, and then the stack is cut.
    """
    designed = (LEAST_PALETTE, LEAST_STACK, LEAST_TABLE, LEAST_PANEL)
    palette, stack, table, panel = (round(one * scale) for one in designed)
    if palette + stack + table + panel + 3 * LINE <= width:
        return Least(palette, stack, table, panel, folded=False)
    folded = palette + stack + panel + 2 * LINE > width
    if folded:
        stack = max(min(stack, width - round(RAIL * scale) - panel - 2 * LINE), 1)
    return Least(palette, stack, 0, panel, folded)


class Rail(QFrame):
    """A narrow strip in place of the folded palette, with a button that opens it.

    Signals:
        toggled(bool): the person opens or closes the palette.
    """

    toggled = Signal(bool)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("surface", "left")
        self.button = IconButton(theme, "blocks", "Show the layers that can be added", parent=self)
        self.button.setCheckable(True)
        self.button.toggled.connect(self.toggled)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 10, 4, 4)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    @Slot()
    def _on_theme_changed(self) -> None:
        self.setFixedWidth(self._theme.scaled(RAIL))


class Columns(QSplitter):
    """Palette, middle and panel side by side; the widths a person gave them follow the text scale.

    `rail` stands to the left of the splitter while the palette is folded.
    """

    def __init__(
        self, theme: Theme, palette: QWidget, middle: QWidget, panel: QWidget, parent: QWidget
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme, self._scale = theme, theme.text_scale
        self._palette, self._middle, self._panel = palette, middle, panel
        self._widths = PALETTE, PANEL
        self.rail = Rail(theme, parent)
        self.rail.hide()
        for widget in (palette, middle, panel):
            self.addWidget(widget)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)
        self.setStretchFactor(1, 1)
        self._share()
        self.splitterMoved.connect(self._on_moved)
        self.rail.toggled.connect(self._on_rail_toggled)

    def minimumSizeHint(self) -> QSize:
        """Little: the page tells by `fit` what there is."""
        return QSize(self._theme.scaled(LEAST_PANEL), super().minimumSizeHint().height())

    def fit(self, width: int) -> None:
        """Share `width` pixels, those of the rail included, as the size of the text asks for."""
        is_rescaled = self._scale != self._theme.text_scale
        self._scale = self._theme.text_scale
        least = least_widths(width, self._theme.text_scale)
        unfolds = not self.rail.isHidden() and not least.folded
        self._palette.setMinimumWidth(least.palette)
        self._panel.setMinimumWidth(least.panel)
        self._middle.setMinimumWidth(1 if least.folded and self.rail.button.isChecked() else least.middle)
        self.rail.setVisible(least.folded)
        self._palette.setVisible(not least.folded or self.rail.button.isChecked())
        if least.folded:
            self.setSizes([least.palette, width, least.panel])
        elif unfolds or is_rescaled:
            self._share()

    def show_palette(self) -> None:
        """Open the palette where it is folded."""
        self.rail.button.setChecked(True)

    @property
    def widths(self) -> tuple[int, int]:
        """Designed pixels a person gave to palette and panel, which have less where there is less room."""
        return self._widths

    def share(self, palette: int, panel: int) -> None:
        """Give palette and panel these designed pixels, and the middle the rest."""
        self._widths = palette, panel
        self._share()

    def _share(self) -> None:
        palette, panel = self._widths
        self.setSizes([self._theme.scaled(palette), STACK, self._theme.scaled(panel)])

    @Slot()
    def _on_moved(self) -> None:
        if self.rail.isHidden():
            palette, _, panel = self.sizes()
            self._widths = round(palette / self._scale), round(panel / self._scale)

    @Slot(bool)
    def _on_rail_toggled(self, _shown: bool) -> None:
        self.fit(self.width() + self.rail.width())
