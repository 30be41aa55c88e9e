"""The live panel: the table with its totals, and below it the sums and the findings."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QSplitter, QTabWidget, QVBoxLayout, QWidget

from cnnstudio.core.analysis.findings import Finding, counts_text, worst
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.pages.builder.panel.arithmetic import Arithmetic
from cnnstudio.gui.pages.builder.panel.findings_list import FindingsList
from cnnstudio.gui.pages.builder.panel.shape_table import ShapeTable
from cnnstudio.gui.pages.builder.panel.totals import ChangeLine, TotalsLine
from cnnstudio.gui.theme.severity import LOOKS
from cnnstudio.gui.theme.theme import Theme

_MARGIN_PX = 16
_ICON_PX = 14
_FINDINGS = 1
# A whole finding with its button, or the sums of a convolution, are seen without scrolling.
_HEIGHTS = (300, 220)


class LivePanel(QWidget):
    """Table over two tabs, with a movable line between them; usable from 300 pixels of width on.

    Signals:
        term_hovered(object): the setting whose number is pointed at in the arithmetic, or `None`.
        term_clicked(object): the setting a person asks for.
    """

    term_hovered = Signal(object)
    term_clicked = Signal(object)

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._counts: str | None = None
        self.change = ChangeLine(document)
        self.totals = TotalsLine(document, theme)
        self.table = ShapeTable(document, theme)
        self.arithmetic = Arithmetic(document, theme)
        self.findings = FindingsList(document, theme)
        self.tabs = _Tabs()
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self._lay_out()
        self.arithmetic.term_hovered.connect(self.term_hovered)
        self.arithmetic.term_clicked.connect(self.term_clicked)
        self.findings.counted.connect(self._on_counted)
        self.findings.emptied.connect(self._on_emptied)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def show_findings(self) -> None:
        """Bring the findings to the front, the worst of them in sight."""
        self.tabs.setCurrentIndex(_FINDINGS)
        self.findings.show_worst()

    def _lay_out(self) -> None:
        upper = QWidget()
        column = QVBoxLayout(upper)
        column.setContentsMargins(_MARGIN_PX, 8, _MARGIN_PX, 4)
        column.setSpacing(4)
        column.addWidget(self.change)
        column.addWidget(self.table, 1)
        column.addWidget(self.totals)
        lower = QWidget()
        below = QVBoxLayout(lower)
        below.setContentsMargins(_MARGIN_PX, 0, _MARGIN_PX, 4)
        below.addWidget(self.tabs)
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setAccessibleName("Arithmetic and findings")
        self.tabs.addTab(self.arithmetic, "Arithmetic")
        self.tabs.addTab(self.findings, "Findings")
        self._split(upper, lower)

    def _split(self, upper: QWidget, lower: QWidget) -> None:
        self.splitter.addWidget(upper)
        self.splitter.addWidget(lower)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(1)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 2)
        self.splitter.setSizes(_HEIGHTS)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(self.splitter)

    @Slot(object)
    def _on_counted(self, findings: tuple[Finding, ...]) -> None:
        # A tab that is given its text again is laid out and painted again.
        if counts_text(findings) != self._counts:
            self._show_counts(findings)

    @Slot()
    def _on_emptied(self) -> None:
        self.tabs.tabBar().setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_theme_changed(self) -> None:
        side = self._theme.scaled(_ICON_PX)
        self.tabs.setIconSize(QSize(side, side))
        self._show_counts(self.findings.findings)

    def _show_counts(self, findings: tuple[Finding, ...]) -> None:
        self._counts = counts_text(findings)
        severity = worst(findings)
        name, color = (LOOKS[severity].icon, LOOKS[severity].color) if severity else ("circle-check", "ok")
        # Asked for it, the tab widget itself would lay out and repaint its pages too.
        bar = self.tabs.tabBar()
        bar.setTabIcon(_FINDINGS, self._theme.icon(name, color, _ICON_PX))
        bar.setTabText(_FINDINGS, f"Findings ({len(findings)})" if findings else "Findings")
        bar.setTabToolTip(_FINDINGS, self._counts or "No findings")


class _Tabs(QTabWidget):
    """Leaves its pages alone while its tabs get other texts, as they do at many a key."""

    def event(self, event: QEvent) -> bool:
        if event.type() != QEvent.Type.LayoutRequest or not self._bar_has_room():
            return super().event(event)
        self.updateGeometry()
        return True

    def _bar_has_room(self) -> bool:
        bar, wanted = self.tabBar().size(), self.tabBar().sizeHint()
        return wanted.width() <= bar.width() and wanted.height() == bar.height()
