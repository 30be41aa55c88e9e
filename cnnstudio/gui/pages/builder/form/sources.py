"""The editor of a layer's inputs: which earlier layers it takes."""

from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem

from cnnstudio.core.forms.fields import Kind, Sources
from cnnstudio.gui.fields.editor import Editor, EditorContext, explain
from cnnstudio.gui.fields.factory import make_editor
from cnnstudio.gui.fields.simple import fill
from cnnstudio.gui.widgets.quiet_combo import QuietCombo

_ROWS_SHOWN = 5


class SourcesEditor(Editor):
    """Shows the names of earlier layers, set by `show_candidates` before any value is shown."""

    def show_candidates(self, names: tuple[str, ...]) -> None:
        """Offer these layers, nearest first."""
        raise NotImplementedError


class OneSourceEditor(SourcesEditor):
    """A combo box: the layer above, or any earlier one."""

    def __init__(self, kind: Sources, context: EditorContext) -> None:
        del kind, context
        super().__init__()
        self._names: tuple[str, ...] = ()
        self._value: tuple[str, ...] = ()
        self.combo = QuietCombo(parent=self)
        fill(self, self.combo)
        self.combo.currentIndexChanged.connect(self._on_index_changed)

    def show_candidates(self, names: tuple[str, ...]) -> None:
        if names != self._names:
            self._names = names
            blocker = QSignalBlocker(self.combo)
            self.combo.clear()
            self.combo.addItems(["the layer above", *names])
            blocker.unblock()
            self.show_value(self._value)

    def show_value(self, value: Any) -> None:
        self._value = value
        known = len(value) == 1 and value[0] in self._names
        self.combo.setPlaceholderText(", ".join(value))
        self.combo.show_index(0 if not value else self._names.index(value[0]) + 1 if known else -1)

    def set_texts(self, name: str, explanation: str) -> None:
        super().set_texts(name, explanation)
        explain(self.combo, name, explanation)

    @Slot(int)
    def _on_index_changed(self, index: int) -> None:
        self._value = (self._names[index - 1],) if index > 0 else ()
        self.edited.emit(self._value)
        self.finished.emit()


class ManySourcesEditor(SourcesEditor):
    """A list with a check box per earlier layer; layers are joined in the order of checking.

    The chosen ones come first, so that they are seen without scrolling.
    """

    def __init__(self, kind: Sources, context: EditorContext) -> None:
        del kind
        super().__init__()
        self._names: tuple[str, ...] = ()
        self._value: tuple[str, ...] = ()
        self.has_lines = True
        self.list = QListWidget(self)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setUniformItemSizes(True)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        fill(self, self.list)
        self.list.itemChanged.connect(self._on_item_changed)
        context.theme.changed.connect(self._fit)

    def show_candidates(self, names: tuple[str, ...]) -> None:
        if names != self._names:
            self._names = names
            self._fill()
            self._fit()

    def show_value(self, value: Any) -> None:
        if value != self._value:
            # It comes from elsewhere; what is checked here moves nothing under the pointer.
            self._value = value
            self._fill()
        self._check()

    def _fill(self) -> None:
        taken = self._taken()
        kept = self.list.currentItem().text() if self.list.currentRow() >= 0 else ""
        blocker = QSignalBlocker(self.list)
        self.list.clear()
        for name in sorted(self._names, key=lambda name: name not in taken):
            item = QListWidgetItem(name, self.list)
            item.setToolTip(name)
            if name == kept:
                self.list.setCurrentItem(item)
        blocker.unblock()
        self._check()

    def _check(self) -> None:
        taken = self._taken()
        blocker = QSignalBlocker(self.list)
        for item in map(self.list.item, range(self.list.count())):
            checked = Qt.CheckState.Checked if item.text() in taken else Qt.CheckState.Unchecked
            item.setCheckState(checked)
        blocker.unblock()

    def set_texts(self, name: str, explanation: str) -> None:
        super().set_texts(name, explanation)
        explain(self.list, name, explanation)

    @Slot(QListWidgetItem)
    def _on_item_changed(self, item: QListWidgetItem) -> None:
        others = tuple(name for name in self._taken() if name != item.text())
        checked = item.checkState() == Qt.CheckState.Checked
        self._value = (*others, item.text()) if checked else others
        self.edited.emit(self._value)
        self.finished.emit()
        self._check()

    @Slot()
    def _fit(self) -> None:
        """As high as its entries; a long list scrolls."""
        self.list.ensurePolished()
        rows = max(1, min(self.list.count(), _ROWS_SHOWN))
        self.list.setFixedHeight(rows * self.list.sizeHintForRow(0) + 2 * self.list.frameWidth())

    def _taken(self) -> tuple[str, ...]:
        """What arrives at the layer: without names it takes the nearest, the layer above."""
        return self._value or self._names[:1]


def make_layer_editor(kind: Kind, context: EditorContext) -> Editor:
    """A new editor for settings of that kind, the inputs of layers included."""
    if not isinstance(kind, Sources):
        return make_editor(kind, context)
    return ManySourcesEditor(kind, context) if kind.several else OneSourceEditor(kind, context)
