"""The offer to make a network for the data, where the present one does not fit them."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from cnnstudio.core.templates.fitted import fitted, template_for
from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.words import counted
from cnnstudio.engine.data import facts_of
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.widgets.labels import label

_MISFIT = "C01"
"""What the checks find where network and data do not fit."""


class NetworkOffer(QFrame):
    """Seen as long as network and data do not fit; taking it is one undo step."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.setProperty("surface", "well")
        self.text = label("", "body", self, wrap=True)
        self.button = QPushButton("Use them", self)
        self.button.setProperty("variant", "primary")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 9, 11, 9)
        row.setSpacing(12)
        row.addWidget(self.text, 1)
        row.addWidget(self.button)
        self.button.clicked.connect(self._on_taken)
        document.changed.connect(self._on_document_changed)
        self._on_document_changed()

    @property
    def is_made(self) -> bool:
        """Whether network and data do not fit each other."""
        return any(finding.code == _MISFIT for finding in self._document.findings)

    @Slot()
    def _on_document_changed(self) -> None:
        facts = facts_of(self._document.project.data)
        self.setVisible(self.is_made)
        if facts is None or not self.is_made:
            return
        count = facts.train_count + (facts.validation_count or 0) + facts.test_count
        title = template_for(self._document.project, facts).title
        self.text.setText(
            f"Use these {counted(count, 'picture')} of {counted(facts.classes, 'class')}: a small network "
            "for them is made."
        )
        self.button.setToolTip(f"{title}, in place of the network on Build; undo brings that back")
        self.button.setAccessibleDescription(self.text.text())

    @Slot()
    def _on_taken(self) -> None:
        project = self._document.project
        facts = facts_of(project.data)
        assert facts is not None  # without data nothing is offered
        try:
            self._document.apply("Make a network for these pictures", fitted(project, facts))
        except StudioError as error:
            self.text.setText(str(error))
