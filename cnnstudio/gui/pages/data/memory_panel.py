"""How much memory decoded pictures may take, and how much they take."""

from collections.abc import Callable
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnnstudio.core.forms.fields import Setting
from cnnstudio.engine.data.budget import BUDGET
from cnnstudio.engine.data.dataset import Dataset
from cnnstudio.engine.data.decoded import DecodedSamples
from cnnstudio.gui.fields.model_rows import ModelRows
from cnnstudio.gui.fields.row import FieldRow
from cnnstudio.gui.widgets.labels import label

MEGABYTE = 2**20


class PictureMemory(BaseModel):
    """A setting of the machine, not of the project."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    megabytes: Annotated[
        int,
        Field(
            ge=0,
            le=1_000_000,
            title="Memory for pictures",
            description="Pictures are kept in it once they were decoded; more are read again each epoch.",
            json_schema_extra={"unit": "MB"},
        ),
    ]


class MemoryPanel(QWidget):
    """Seen for data whose pictures are decoded from files.

    Signals:
        chosen(int): so many megabytes are allowed from now on; not before the person is done writing.
    """

    chosen = Signal(int)

    def __init__(self, make_row: Callable[[Setting], FieldRow], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._written = BUDGET.most_bytes // MEGABYTE
        self.rows = ModelRows(PictureMemory, make_row, self._on_edited, 0, self)
        self.used = label("", "hint", self, wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for widget in (self.rows, self.used):
            column.addWidget(widget)
        self.rows.show_model(PictureMemory(megabytes=self._written))
        self.rows.finished.connect(self._on_finished)
        self.hide()

    def show_data(self, data: Dataset | None) -> None:
        """Say what the pictures of these data take."""
        samples = None if data is None else data.samples
        self.setVisible(isinstance(samples, DecodedSamples))
        if isinstance(samples, DecodedSamples):
            self.used.setText(f"{samples.kept_bytes / MEGABYTE:,.1f} MB are taken now.")

    @Slot(str, object)
    def _on_edited(self, _name: str, memory: PictureMemory) -> None:
        self._written = memory.megabytes

    @Slot()
    def _on_finished(self) -> None:
        if self._written * MEGABYTE != BUDGET.most_bytes:
            BUDGET.most_bytes = self._written * MEGABYTE
            self.chosen.emit(self._written)
