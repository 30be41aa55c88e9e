"""What stands above and below the table: for a moment what the last edit changed, and the totals."""

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cnnstudio.core.analysis.describe import change_text, totals_text, totals_told, trainable_text
from cnnstudio.core.analysis.memory import TrainingMemory, memory_sentence, memory_text, training_memory
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.labels import label
from cnnstudio.gui.widgets.value_line import ValueLine


class ChangeLine(QWidget):
    """The table's title, and a pill with the change of an edit that goes away after `linger_ms`.

    The edits of one gesture are told as one change.
    """

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.linger_ms = 5000
        self._document = document
        self._before = self._after = document.analysis.totals
        self._step = document.undo_stack.index()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self.title = label("Shapes", "heading", self)
        self.change = label("", "pill", self)
        self._lay_out()
        self._timer.timeout.connect(self.change.hide)
        # The document changes before its undo stack does, which alone knows what belongs to one step.
        document.undo_stack.indexChanged.connect(self._on_index_changed)
        document.opened.connect(self._on_opened)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()
        self.change.hide()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.title)
        row.addStretch(1)
        row.addWidget(self.change)
        # The pill comes and goes without moving the table.
        policy = self.change.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.change.setSizePolicy(policy)
        self.change.hide()

    @Slot(int)
    def _on_index_changed(self, step: int) -> None:
        totals = self._document.analysis.totals
        # A step that was taken back within its gesture is gone from the stack: nothing was changed.
        is_gone = step < self._step and self._document.undo_stack.count() == step
        if step != self._step:
            self._before, self._step = totals if is_gone else self._after, step
        self._after = totals
        text = change_text(self._before, totals)
        self.change.setText(text)
        self.change.setAccessibleName(f"The last edit: {text}")
        self.change.setVisible(bool(text))
        if text:
            self._timer.start(self.linger_ms)

    @Slot()
    def _on_opened(self) -> None:
        # Another project is no edit of this one.
        self._before = self._after = self._document.analysis.totals
        self._step = 0
        self.change.hide()


class TotalsLine(QWidget):
    """The totals in short, their trainable part, and the memory training takes beside the free one.

    They are told in full in the tooltips.
    With a break the totals are counted up to it and beside it, and the memory is not known.
    """

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.totals = ValueLine(theme, "Total", self)
        self.trainable = ValueLine(theme, "Trainable", self)
        self.memory = ValueLine(theme, "Training memory", self)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 0, 8, 0)
        column.setSpacing(2)
        for line in (self.totals, self.trainable, self.memory):
            column.addWidget(line)
        document.changed.connect(self._on_changed)
        self._on_changed(document.project)

    @Slot(object)
    def _on_changed(self, _project: object) -> None:
        analysis = self._document.analysis
        told = totals_told(analysis)
        self.totals.show_value(totals_text(analysis.totals), told.sentence, told.title)
        self.trainable.show_value(trainable_text(analysis.totals), told.sentence)
        is_broken = analysis.first_break is not None
        self._show_memory(None if is_broken else training_memory(analysis, self._document.project.training))

    def _show_memory(self, memory: TrainingMemory | None) -> None:
        free, batch_size = self._document.free_memory, self._document.project.training.batch_size
        self.memory.show_value(memory_text(memory, free), memory_sentence(memory, free, batch_size))
