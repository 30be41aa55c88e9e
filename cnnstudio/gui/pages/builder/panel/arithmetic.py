"""The arithmetic panel: the sums of the selected layer and where its sizes came from."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from cnnstudio.core.analysis.describe import made_above, sums_title
from cnnstudio.core.analysis.origins import Origin
from cnnstudio.core.layers.arithmetic import Sum
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.pages.builder.panel.origin_lines import OriginLines
from cnnstudio.gui.pages.builder.panel.sum_lines import SumLines
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.labels import label

_NOTHING = "Select a layer to see the sums behind its shape and its parameters."


class Arithmetic(QScrollArea):
    """Worked out only while it is shown.

    Signals:
        term_hovered(object): the name of the setting that a number comes from while it is pointed at, or
            `None`.
        term_clicked(object): the name of the setting a person asks for.
    """

    term_hovered = Signal(object)
    term_clicked = Signal(object)

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.title = label("", "hint", self, wrap=True)
        self.lines = SumLines(theme)
        self.origin = OriginLines(self)
        self._lay_out()
        self.lines.term_hovered.connect(self.term_hovered)
        self.lines.term_clicked.connect(self.term_clicked)
        self.origin.layer_chosen.connect(self._on_layer_chosen)
        document.changed.connect(self._on_changed)
        document.selection_changed.connect(self._on_changed)

    def showEvent(self, event: QShowEvent) -> None:
        self._refresh()
        super().showEvent(event)

    def _lay_out(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(4)
        for part in (self.title, self.lines, self.origin):
            column.addWidget(part)
        column.addStretch(1)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        content.setAutoFillBackground(False)

    @Slot(object)
    def _on_changed(self, _value: object) -> None:
        if self.isVisible():
            self._refresh()

    @Slot(str)
    def _on_layer_chosen(self, name: str) -> None:
        self._document.end_gesture()
        self._document.select((name,))

    def _refresh(self) -> None:
        name, analysis = self._document.current, self._document.analysis
        if name is None or name not in analysis.network.positions:
            self._show(_NOTHING, (), ())
        else:
            row = analysis.row(name)
            self._show(sums_title(row), (*row.letters(), *row.arithmetic()), made_above(analysis, name))

    def _show(self, title: str, sums: Sequence[Sum], origins: Sequence[Origin]) -> None:
        self.title.setText(title)
        self.title.setVisible(bool(title))
        self.lines.show_sums(sums)
        self.lines.setVisible(bool(sums))
        self.origin.show_origins(origins)
