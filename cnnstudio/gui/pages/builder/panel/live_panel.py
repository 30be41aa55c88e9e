"""The live panel: the sums and the findings of the selected layers, and the shapes of all where they fit."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnnstudio.core.analysis.findings import Finding, counts_text, worst
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.pages.builder.panel.arithmetic import Arithmetic
from cnnstudio.gui.pages.builder.panel.findings_list import FindingsList
from cnnstudio.gui.pages.builder.panel.parts import Parts
from cnnstudio.gui.pages.builder.panel.shape_table import ShapeTable
from cnnstudio.gui.pages.builder.panel.shapes import Shapes
from cnnstudio.gui.theme.severity import LOOKS
from cnnstudio.gui.theme.theme import Theme

SHAPES, ARITHMETIC, FINDINGS = range(3)
STACKED_PX = 310
"""From this designed height on arithmetic and findings are seen at once."""
_ARITHMETIC_PX, _FINDINGS_PX = 184, 150
"""The sums of a convolution, and a finding with its button, are seen without scrolling."""


def are_stacked(height: int, scale: float, has_shapes: bool) -> bool:
    """Whether a panel of `height` pixels, with texts grown by `scale`, shows its parts below each other."""
    return not has_shapes and height >= round(STACKED_PX * scale)


class LivePanel(QWidget):
    """Shapes, arithmetic and findings behind tabs; usable from 300 pixels of width on.

    `shapes` may be lent to another place; the two others are seen at once then where there is height.

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
        self._has_shapes = True
        self.shapes = Shapes(document, theme)
        self.shapes.set_titled(False)
        self.arithmetic = Arithmetic(document, theme)
        self.findings = FindingsList(document, theme)
        self.parts = Parts(
            theme,
            ("Shapes", "Arithmetic", "Findings"),
            (self.shapes, self.arithmetic, self.findings),
            _ARITHMETIC_PX,
            _FINDINGS_PX,
        )
        self.parts.bar.setAccessibleName("Shapes, arithmetic and findings")
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(self.parts)
        self.arithmetic.term_hovered.connect(self.term_hovered)
        self.arithmetic.term_clicked.connect(self.term_clicked)
        self.findings.counted.connect(self._on_counted)
        self.findings.emptied.connect(self._on_emptied)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def show_findings(self) -> None:
        """Bring the findings to the front, the worst of them in sight."""
        self.parts.choose(FINDINGS)
        self.findings.show_worst()

    @property
    def table(self) -> ShapeTable:
        """The table of the shapes, wherever it stands."""
        return self.shapes.table

    @property
    def has_shapes(self) -> bool:
        """Whether the shapes stand here."""
        return self._has_shapes

    def lend_shapes(self) -> Shapes:
        """Give the shapes to another place, which takes them into its layout."""
        self._has_shapes = False
        self.shapes.set_titled(True)
        self.parts.lend(True)
        self._fit()
        return self.shapes

    def take_shapes(self) -> None:
        """Have the shapes here again."""
        self._has_shapes = True
        self.shapes.set_titled(False)
        self.parts.hold(self.shapes)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.parts.set_stacked(are_stacked(self.height(), self._theme.text_scale, self._has_shapes))

    @Slot(object)
    def _on_counted(self, findings: tuple[Finding, ...]) -> None:
        # A tab that is given its text again is laid out and painted again.
        if counts_text(findings) != self._counts:
            self._show_counts(findings)

    @Slot()
    def _on_emptied(self) -> None:
        taker = self.table if self.parts.is_stacked else self.parts.bar
        taker.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_theme_changed(self) -> None:
        self._fit()
        self._show_counts(self.findings.findings)

    def _show_counts(self, findings: tuple[Finding, ...]) -> None:
        self._counts = counts_text(findings)
        severity = worst(findings)
        icon, color = (LOOKS[severity].icon, LOOKS[severity].color) if severity else ("circle-check", "ok")
        text = f"Findings ({len(findings)})" if findings else "Findings"
        self.parts.set_heading(FINDINGS, text, icon, color, self._counts or "No findings", bool(findings))
