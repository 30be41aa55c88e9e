"""How the network is to be trained: a row per setting, made from the settings' own fields."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from pydantic import BaseModel
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnnstudio.core.forms.fields import Kind, Variants
from cnnstudio.core.project.training import TrainingSettings
from cnnstudio.engine.runs.folder import BEST_FILE
from cnnstudio.engine.runs.store import RunEntry
from cnnstudio.engine.runs.words import run_line
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.fields.described_row import DescribedRow
from cnnstudio.gui.fields.editor import Editor, EditorContext
from cnnstudio.gui.fields.factory import make_editor
from cnnstudio.gui.fields.file_name import FileNameEditor
from cnnstudio.gui.fields.model_rows import ModelRows
from cnnstudio.gui.fields.row import FieldRow
from cnnstudio.gui.fields.variants import VariantChoice
from cnnstudio.gui.pages.train.findings import FindingNotes
from cnnstudio.gui.pages.train.start_note import StartNote
from cnnstudio.gui.theme.theme import Theme

_GAP_PX = 14
_MOST_RUNS = 12
"""Offered to start from; older ones can be chosen as files."""


class TrainingForm(QWidget):
    """All training settings of the document; each edit is one named undo step."""

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._make_row = partial(DescribedRow, context=EditorContext(theme, False, _make_editor))
        self._settings = ModelRows(TrainingSettings, self._make_row, self._apply, _GAP_PX, self)
        self._options: ModelRows | None = None
        self._option_type: type[BaseModel] | None = None
        self.notes = FindingNotes(document, theme, self)
        self._settings.insert_below("from_logits", self.notes)
        self.start_note = StartNote(document, self)
        self._settings.insert_below("start_from", self.start_note)
        self._settings.finished.connect(document.end_gesture)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._settings)
        document.changed.connect(self._on_document_changed)
        self._on_document_changed()

    @property
    def rows(self) -> dict[str, FieldRow]:
        """The rows by the name of their setting; the optimizer's own are named `optimizer.learning_rate`."""
        options = {} if self._options is None else self._options.rows
        return {**self._settings.rows, **{f"optimizer.{name}": row for name, row in options.items()}}

    def offer_runs(self, runs: Sequence[RunEntry]) -> None:
        """Offer the best weights of these runs to start from."""
        editor = self._settings.rows["start_from"].editor
        assert isinstance(editor, FileNameEditor)
        editor.offer([(run_line(run), str(run.folder / BEST_FILE)) for run in runs[:_MOST_RUNS]])

    @Slot()
    def _on_document_changed(self) -> None:
        training = self._document.project.training
        self._settings.show_model(training)
        self._options_of(type(training.optimizer)).show_model(training.optimizer)

    def _options_of(self, optimizer: type[BaseModel]) -> ModelRows:
        """The rows of the chosen optimizer's own settings."""
        if self._options is None or optimizer is not self._option_type:
            if self._options is not None:
                self._options.hide()
                self._options.deleteLater()
            self._option_type = optimizer
            self._options = ModelRows(optimizer, self._make_row, self._apply_option, _GAP_PX, self)
            self._options.finished.connect(self._document.end_gesture)
            self._settings.insert_below("optimizer", self._options)
            # Left to the layout, they would be seen a turn of the event loop later.
            self._options.show()
        return self._options

    @Slot(str, object)
    def _apply(self, name: str, training: TrainingSettings) -> None:
        title, project = name.replace("_", " "), self._document.project
        self._document.apply(f"Change {title}", project.with_training(training), f"training.{name}")

    @Slot(str, object)
    def _apply_option(self, name: str, optimizer: Any) -> None:
        title, project = name.replace("_", " "), self._document.project
        training = project.training.model_copy(update={"optimizer": optimizer})
        self._document.apply(f"Change {title}", project.with_training(training), f"training.optimizer.{name}")


def _make_editor(kind: Kind, context: EditorContext) -> Editor:
    # The chosen optimizer's own settings get rows like the others.
    return VariantChoice(kind, context) if isinstance(kind, Variants) else make_editor(kind, context)
