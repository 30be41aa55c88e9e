"""Editors of a choice: segments side by side, or a list that opens."""

from typing import Any

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox

from cnnstudio.core.fields import Choice, title_of
from cnnstudio.gui.build.form.editor import MIXED, Editor, Workshop, explain
from cnnstudio.gui.build.form.simple import fill
from cnnstudio.gui.widgets.segmented import Segmented

_MOST_SEGMENTS = 3
_LONGEST_SEGMENTS = 18
"""Letters that fit a segmented control at the width of the form."""


class QuietCombo(QComboBox):
    """A combo box that leaves the wheel to the page unless it has the keyboard focus."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class ComboEditor(Editor):
    """A list that opens; long words do not widen the form."""

    def __init__(self, kind: Choice, workshop: Workshop) -> None:
        del workshop
        super().__init__()
        self._values = list(kind.values)
        self.combo = QuietCombo(self)
        self.combo.setMinimumContentsLength(6)
        self.combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.combo.addItems([title_of(value) for value in self._values])
        fill(self, self.combo)
        self.combo.currentIndexChanged.connect(self._on_index_changed)

    def show_value(self, value: Any) -> None:
        self._show(self._values.index(value))

    def show_mixed(self, value: Any) -> None:
        del value
        self.combo.setPlaceholderText(MIXED)
        self._show(-1)

    def set_texts(self, name: str, explanation: str) -> None:
        super().set_texts(name, explanation)
        explain(self.combo, name, explanation)

    def _show(self, index: int) -> None:
        blocker = QSignalBlocker(self.combo)
        self.combo.setCurrentIndex(index)
        blocker.unblock()

    @Slot(int)
    def _on_index_changed(self, index: int) -> None:
        if index >= 0:
            self.edited.emit(self._values[index])
            self.finished.emit()


class SegmentedEditor(Editor):
    """Two or three short choices side by side."""

    def __init__(self, kind: Choice, workshop: Workshop) -> None:
        del workshop
        super().__init__()
        self.control = Segmented([(value, title_of(value)) for value in kind.values], parent=self)
        fill(self, self.control)
        self.setFocusProxy(self.control.button(kind.values[0]))
        self.control.chosen.connect(self._on_chosen)

    def show_value(self, value: Any) -> None:
        self.control.set_value(value)

    def show_mixed(self, value: Any) -> None:
        raise NotImplementedError("several layers get a combo box, which can show none of its choices")

    def set_texts(self, name: str, explanation: str) -> None:
        super().set_texts(name, explanation)
        self.control.setAccessibleName(name)
        self.control.setAccessibleDescription(explanation)

    @Slot(object)
    def _on_chosen(self, value: object) -> None:
        self.edited.emit(value)
        self.finished.emit()


def choice_editor(kind: Choice, workshop: Workshop) -> Editor:
    """Segments for a few short choices of one layer, a combo box for the rest."""
    letters = sum(len(title_of(value)) for value in kind.values)
    few = 2 <= len(kind.values) <= _MOST_SEGMENTS and letters <= _LONGEST_SEGMENTS
    return SegmentedEditor(kind, workshop) if few and not workshop.several else ComboEditor(kind, workshop)
