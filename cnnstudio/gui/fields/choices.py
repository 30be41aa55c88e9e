"""Editors of a choice: segments side by side, or a list that opens."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Slot

from cnnstudio.core.forms.fields import Choice, title_of
from cnnstudio.gui.fields.editor import MIXED, Editor, EditorContext, explain
from cnnstudio.gui.fields.simple import fill
from cnnstudio.gui.widgets.quiet_combo import QuietCombo
from cnnstudio.gui.widgets.segmented import Segmented

_MOST_SEGMENTS = 3
_LONGEST_SEGMENTS = 18
"""Letters that fit a segmented control at the width of a side panel."""


class ComboEditor(Editor):
    """A list that opens; long words do not widen the form."""

    def __init__(self, kind: Choice, context: EditorContext) -> None:
        del context
        super().__init__()
        self._values = list(kind.values)
        self.combo = QuietCombo([title_of(value) for value in self._values], self)
        fill(self, self.combo)
        self.combo.currentIndexChanged.connect(self._on_index_changed)

    def show_value(self, value: Any) -> None:
        self.combo.show_index(self._values.index(value))

    def show_mixed(self, value: Any) -> None:
        del value
        self.combo.setPlaceholderText(MIXED)
        self.combo.show_index(-1)

    def set_texts(self, name: str, explanation: str) -> None:
        super().set_texts(name, explanation)
        explain(self.combo, name, explanation)

    @Slot(int)
    def _on_index_changed(self, index: int) -> None:
        if index >= 0:
            self.edited.emit(self._chosen(self._values[index]))
            self.finished.emit()

    def _chosen(self, entry: Any) -> object:
        """The value that choosing an entry gives."""
        return entry


class SegmentedEditor(Editor):
    """Two or three short choices side by side."""

    def __init__(
        self,
        kind: Choice,
        context: EditorContext,
        text: Callable[[object], str] = title_of,
    ) -> None:
        del context
        super().__init__()
        self.control = Segmented([(value, text(value)) for value in kind.values], parent=self)
        # A form is narrow; where it is wide the segments share the width anyway.
        self.control.setProperty("tight", True)
        fill(self, self.control)
        self.setFocusProxy(self.control.button(kind.values[0]))
        self.control.chosen.connect(self._on_chosen)

    def show_value(self, value: Any) -> None:
        self.control.set_value(value)

    def show_mixed(self, value: Any) -> None:
        raise NotImplementedError("values that differ get a combo box, which can show none of its choices")

    def set_texts(self, name: str, explanation: str) -> None:
        super().set_texts(name, explanation)
        self.control.setAccessibleName(name)
        self.control.setAccessibleDescription(explanation)

    @Slot(object)
    def _on_chosen(self, value: object) -> None:
        self.edited.emit(value)
        self.finished.emit()


def choice_editor(kind: Choice, context: EditorContext) -> Editor:
    """Segments for a few short choices of one value, a combo box for the rest."""
    letters = sum(len(title_of(value)) for value in kind.values)
    few = 2 <= len(kind.values) <= _MOST_SEGMENTS and letters <= _LONGEST_SEGMENTS
    return SegmentedEditor(kind, context) if few and not context.several else ComboEditor(kind, context)
