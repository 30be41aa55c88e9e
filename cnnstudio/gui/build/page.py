"""The Build page: palette, stack, and the selected layer with the live panel beside it."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSplitter, QWidget

from cnnstudio.gui.build import edits
from cnnstudio.gui.build.code_pane import CodePane
from cnnstudio.gui.build.form.layer_form import LayerForm
from cnnstudio.gui.build.palette import Palette
from cnnstudio.gui.build.panel.live_panel import LivePanel
from cnnstudio.gui.build.previews import PreviewSource
from cnnstudio.gui.build.stack.view import StackView
from cnnstudio.gui.document import Document
from cnnstudio.gui.theme.theme import Theme

_PALETTE_WIDTH = 236
_PANEL_WIDTH = 348


class BuildPage(QWidget):
    """Everything a person needs to make a network."""

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.palette_panel = Palette(theme, self)
        self.stack = StackView(document, theme, self)
        self.previews = PreviewSource(document, self)
        self.stack.set_previews(self.previews)
        self.code = CodePane(document, theme, self)
        self.code.hide()
        self.form = LayerForm(document, theme, self)
        self.panel = LivePanel(document, theme, self)
        self._lay_out()
        self._connect()

    def toggle_code(self) -> None:
        """Show the network's Keras code below the stack, or hide it."""
        self.code.setVisible(not self.code.isVisible())

    def close_jobs(self) -> None:
        """End the threads of the panels; call it before the page goes."""
        self.code.close_jobs()
        self.previews.close()

    def _lay_out(self) -> None:
        side = QSplitter(Qt.Orientation.Vertical, self)
        side.addWidget(self.form)
        side.addWidget(self.panel)
        side.setChildrenCollapsible(False)
        side.setSizes([360, 520])
        middle = QSplitter(Qt.Orientation.Vertical, self)
        middle.addWidget(self.stack)
        middle.addWidget(self.code)
        middle.setChildrenCollapsible(False)
        middle.setSizes([600, 240])
        columns = QSplitter(Qt.Orientation.Horizontal, self)
        for widget in (self.palette_panel, middle, _framed(side)):
            columns.addWidget(widget)
        columns.setChildrenCollapsible(False)
        columns.setStretchFactor(1, 1)
        columns.setSizes([_PALETTE_WIDTH, 900, _PANEL_WIDTH])
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(columns)

    def _connect(self) -> None:
        self.palette_panel.add_requested.connect(self._on_add_requested)
        self.stack.edit_requested.connect(self._on_edit_requested)
        self.panel.term_hovered.connect(self.form.set_highlight)
        self.panel.term_clicked.connect(self.form.focus_setting)

    @Slot(str)
    def _on_add_requested(self, type_name: str) -> None:
        edits.add_layer(self._document, type_name)

    @Slot()
    def _on_edit_requested(self) -> None:
        self.form.focus_first_field()


def _framed(widget: QWidget) -> QFrame:
    frame = QFrame()
    frame.setProperty("surface", "right")
    row = QHBoxLayout(frame)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(widget)
    return frame
