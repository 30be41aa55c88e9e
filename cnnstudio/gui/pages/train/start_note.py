"""Which layers would begin with trained weights, said where the file is chosen."""

from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnnstudio.core.network import Network
from cnnstudio.engine.training.start_weights import Fit, fit_of
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.document.jobs import BackgroundJobs
from cnnstudio.gui.widgets.labels import label


class StartNote(QWidget):
    """One sentence, looked up in the background and only while it is seen.

    Call `close_jobs` before the window goes.
    """

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._asked: tuple[Network, str | None] | None = None
        self._jobs = BackgroundJobs(self)
        self.fit = label("", "secondary", self, wrap=True)
        self.failure = label("", "error", self, wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for line in (self.fit, self.failure):
            column.addWidget(line)
            line.hide()
        self._jobs.finished.connect(self._on_found)
        self._jobs.failed.connect(self._on_failed)
        document.changed.connect(self._on_document_changed)
        self._on_document_changed()

    @property
    def is_looking(self) -> bool:
        """Whether an answer is still to come."""
        return self._jobs.is_busy

    def close_jobs(self) -> None:
        """Wait for what is being looked up."""
        self._jobs.close()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # The file may be another one by now, or gone.
        self._asked = None
        self._look_up()

    @Slot()
    def _on_document_changed(self) -> None:
        self.setVisible(self._document.project.training.start_from is not None)
        if self.isVisible():
            self._look_up()

    def _look_up(self) -> None:
        project = self._document.project
        wanted = (project.network, project.training.start_from)
        if wanted == self._asked:
            return
        self._asked = wanted
        self._show("", "")
        if self._document.analysis.first_break is not None:
            self._show("", "Known once the network has no mistake.")
        elif wanted[1] is not None:
            self._jobs.submit(partial(fit_of, wanted[0], wanted[1]))

    @Slot(object)
    def _on_found(self, fit: Fit) -> None:
        if self._asked is None or fit.reference != self._asked[1]:
            return
        self._show(fit.sentence() if fit.trained else "", "" if fit.trained else fit.sentence())

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        self._show("", sentence)

    def _show(self, fit: str, failure: str) -> None:
        for line, text in ((self.fit, fit), (self.failure, failure)):
            line.setText(text)
            line.setVisible(bool(text))
