"""The shapes: what the last edit changed, the table, and its totals."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnnstudio.gui.document.document import Document
from cnnstudio.gui.pages.builder.panel.shape_table import ShapeTable
from cnnstudio.gui.pages.builder.panel.totals import ChangeLine, TotalsLine
from cnnstudio.gui.theme.theme import Theme


class Shapes(QWidget):
    """A title line, the table with all the height there is, and the totals below it."""

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.change = ChangeLine(document)
        self.table = ShapeTable(document, theme)
        self.totals = TotalsLine(document, theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.change)
        column.addWidget(self.table, 1)
        column.addWidget(self.totals)

    def set_titled(self, titled: bool) -> None:
        """Show the title, or leave it to a tab."""
        self.change.title.setVisible(titled)
