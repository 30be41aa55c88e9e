"""The Build page: palette, stack, and the selected layer with the live panel beside it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QWidget

from cnnstudio.gui.document.document import Document
from cnnstudio.gui.fields.refused import Refused
from cnnstudio.gui.pages.builder.columns import Columns, least_widths
from cnnstudio.gui.pages.builder.divided import Divided
from cnnstudio.gui.pages.builder.form.layer_form import LayerForm
from cnnstudio.gui.pages.builder.palette import Palette
from cnnstudio.gui.pages.builder.panel.live_panel import LivePanel
from cnnstudio.gui.pages.builder.previews import PreviewSource
from cnnstudio.gui.pages.builder.stack.view import StackView
from cnnstudio.gui.pages.builder.stack_and_code import StackAndCode
from cnnstudio.gui.pages.builder.stack_and_shapes import StackAndShapes
from cnnstudio.gui.pages.page import Page
from cnnstudio.gui.theme.theme import Theme

if TYPE_CHECKING:
    from cnnstudio.gui.pages.builder.code_pane import CodePane

_FORM = 418
"""Designed pixels in which all that is often set of a convolution is seen."""
_BELOW, _BELOW_WITH_SHAPES = 168, 250
"""Designed pixels below the form for a finding with its button, and for some rows of the table."""


class BuildPage(Page):
    """Everything a person needs to make a network."""

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._theme = document, theme
        self.palette_panel = Palette(theme, self)
        self.stack = StackView(document, theme, self)
        self.previews = PreviewSource(document, self)
        self.stack.show_previews(self.previews)
        self.form = LayerForm(document, theme, self)
        self.panel = LivePanel(document, theme, self)
        self._lay_out()
        self._connect()
        theme.changed.connect(self._on_theme_changed)

    @property
    def code(self) -> "CodePane":
        """The network's Keras code, shown below the stack where a person wants it."""
        return self.middle.code

    def toggle_code(self) -> None:
        """Show the network's Keras code below the stack, or hide it."""
        self.middle.show_code(not self.middle.shows_code)

    def search_palette(self) -> None:
        """Put the keyboard into the palette's search field, opening the palette where it is folded."""
        self.columns.show_palette()
        self.palette_panel.search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit(event.size().width())
        super().resizeEvent(event)

    def refused(self) -> Refused | None:
        return self.form.refused()

    def close_jobs(self) -> None:
        self.middle.close_jobs()
        self.previews.close()
        self.panel.findings.close_jobs()

    def _lay_out(self) -> None:
        self.side = Divided(self._theme, Qt.Orientation.Vertical, 0, _FORM, _BELOW, self)
        self.side.addWidget(self.form)
        self.side.addWidget(self.panel)
        self.upper = StackAndShapes(self.stack, self._theme, self)
        self.upper.hold(self.panel.lend_shapes())
        self.middle = StackAndCode(self.upper, self._document, self._theme, self)
        self.columns = Columns(self._theme, self.palette_panel, self.middle, _framed(self.side), self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.columns.rail)
        row.addWidget(self.columns, 1)

    def _fit(self, width: int) -> None:
        least = least_widths(width, self._theme.text_scale)
        if self.panel.has_shapes == bool(least.table):
            self._move_shapes(beside=bool(least.table))
        self.upper.fit(least)
        self.columns.fit(width)

    def _move_shapes(self, beside: bool) -> None:
        """Put the shapes beside the stack, or into the panel; what has the keyboard keeps it."""
        focused = QApplication.focusWidget()
        if beside:
            self.upper.hold(self.panel.lend_shapes())
        else:
            self.upper.let_go()
            self.panel.take_shapes()
        self.side.set_rest(_BELOW if beside else _BELOW_WITH_SHAPES)
        if focused is not None and self.panel.shapes.isAncestorOf(focused):
            focused.setFocus()

    def _connect(self) -> None:
        self.palette_panel.add_requested.connect(self._on_add_requested)
        self.stack.edit_requested.connect(self._on_edit_requested)
        self.stack.horizontalScrollBar().rangeChanged.connect(self._on_stack_cut)
        self.form.keyboard_freed.connect(self._on_keyboard_freed)
        self.panel.term_hovered.connect(self.form.set_highlight)
        self.panel.term_clicked.connect(self.form.focus_setting)

    @Slot()
    def _on_theme_changed(self) -> None:
        self._fit(self.width())

    @Slot()
    def _on_keyboard_freed(self) -> None:
        self.stack.setFocus()

    @Slot()
    def _on_stack_cut(self) -> None:
        # Where the cards do not fit, their names are what is to be seen.
        bar = self.stack.horizontalScrollBar()
        bar.setValue(bar.minimum())

    @Slot(str)
    def _on_add_requested(self, type_name: str) -> None:
        self._document.add_layer(type_name)

    @Slot()
    def _on_edit_requested(self) -> None:
        self.form.focus_first_field()


def _framed(widget: QWidget) -> QFrame:
    frame = QFrame()
    frame.setProperty("surface", "panel")
    row = QHBoxLayout(frame)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(widget)
    return frame
