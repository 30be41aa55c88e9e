"""What is wrong with how a network is trained, said where that is chosen."""

from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cnnstudio.core.analysis.findings import Finding, Fix
from cnnstudio.core.values.words import crossed
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.theme.severity import LOOKS
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.labels import label
from cnnstudio.gui.widgets.push_button import PushButton

_HEAD = ("C01", "C02")
"""What the last layer has to do with loss and data."""


class FindingNotes(QWidget):
    """A note per finding on the head and the settings of training, each with the buttons that mend it."""

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._theme = document, theme
        self._shown: tuple[Finding, ...] = ()
        self.notes: list[FindingNote] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        document.changed.connect(self._on_document_changed)
        self._on_document_changed()

    def showEvent(self, event: QShowEvent) -> None:
        self._refresh()
        super().showEvent(event)

    @Slot()
    def _on_document_changed(self) -> None:
        self.setVisible(any(_belongs(one) for one in self._document.findings))
        # Notes on a page in the back would hold up every keystroke on the page in front.
        if self.isVisible():
            self._refresh()

    def _refresh(self) -> None:
        findings = tuple(one for one in self._document.findings_with_fixes if _belongs(one))
        if findings != self._shown:
            self._shown = findings
            self._rebuild()

    def _rebuild(self) -> None:
        for note in self.notes:
            self._column.removeWidget(note)
            note.hide()
            note.deleteLater()
        self.notes = [FindingNote(self._document, one, self._theme, self) for one in self._shown]
        for note in self.notes:
            self._column.addWidget(note)


def _belongs(finding: Finding) -> bool:
    """Those on the head, and those that are about no layer: about the training, the data, the machine."""
    return finding.layer is None or finding.code in _HEAD


class FindingNote(QFrame):
    """One finding: what to do, why in the tooltip, and its quick fixes."""

    def __init__(self, document: Document, finding: Finding, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._document, self._theme = document, theme
        self._look = LOOKS[finding.severity]
        self.setProperty("severity", self._look.frame)
        self.setToolTip(crossed(finding.why))
        self.setAccessibleName(f"{finding.severity}: {finding.message}")
        self._picture = QLabel(self)
        self.buttons = [self._button(fix) for fix in finding.fixes]
        self._lay_out(finding)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def _lay_out(self, finding: Finding) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(label(crossed(finding.message), "secondary", self, wrap=True), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(2)
        column.addLayout(row)
        for button in self.buttons:
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def _button(self, fix: Fix) -> PushButton:
        button = PushButton(self._theme, crossed(fix.label), "wand-sparkles", "quiet", self)
        button.clicked.connect(partial(_apply, self._document, fix))
        return button

    @Slot()
    def _on_theme_changed(self) -> None:
        look, ratio = self._look, self.devicePixelRatioF()
        self._picture.setPixmap(self._theme.pixmap(look.icon, look.color, 16, ratio))


def _apply(document: Document, fix: Fix, _checked: bool = False) -> None:
    document.end_gesture()
    document.apply(fix.label, fix.apply(document.project))
