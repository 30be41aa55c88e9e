"""The editor of the shape of a sample."""

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cnnstudio.core.forms.fields import Choice, Sizes
from cnnstudio.core.values.shape import labels
from cnnstudio.gui.fields.editor import Editor, EditorContext
from cnnstudio.gui.widgets.labels import label
from cnnstudio.gui.widgets.whole_spin import WholeSpin

_GAP_PX = 4
_SHAPES = {1: "features", 2: "sequence", 3: "image", 4: "volume"}
_OPEN = "any"


class SizesEditor(Editor):
    """What a sample is (an image, a sequence ...) and its sizes; an empty one is known only at run time."""

    def __init__(self, kind: Sizes, context: EditorContext) -> None:
        super().__init__()
        self._kind = kind
        self._value: tuple[int | None, ...] = ()
        self._reasons = [""] * kind.longest
        ranks = tuple(range(kind.shortest, kind.longest + 1))
        self.rank = context.make(Choice(tuple(_SHAPES.get(rank, str(rank)) for rank in ranks)), context)
        self._ranks = ranks
        self.cells = [self._cell(index) for index in range(kind.longest)]
        self._lay_out()
        self.rank.edited.connect(self._on_rank_edited)

    def show_value(self, value: Any) -> None:
        self._value = value
        self.rank.show_value(_SHAPES.get(len(value), str(len(value))))
        for index, (cell, spin, caption) in enumerate(self.cells):
            cell.setVisible(index < len(value))
            if index < len(value):
                spin.show_value(value[index])
                caption.setText(labels(value)[index])
                spin.setAccessibleName(labels(value)[index])

    def show_mixed(self, value: Any) -> None:
        self.show_value(value)

    def _cell(self, index: int) -> tuple[QWidget, WholeSpin, QLabel]:
        cell = QWidget(self)
        spin = WholeSpin(replace(self._kind.size, optional=True), _OPEN, cell)
        spin.line.setProperty("axis", index)
        spin.hide_arrows()
        caption = label("", "hint", cell)
        _stacked(QVBoxLayout(cell), (spin, caption), 2)
        spin.line.edited.connect(self._on_size_changed)
        spin.line.refused.connect(self._on_size_refused)
        spin.line.settled.connect(self.finished)
        return cell, spin, caption

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        _stacked(row, [cell for cell, _, _ in self.cells], _GAP_PX)
        column = QVBoxLayout(self)
        _stacked(column, (self.rank,), _GAP_PX)
        column.addLayout(row)
        self.setFocusProxy(self.rank)

    @Slot(object)
    def _on_rank_edited(self, word: object) -> None:
        names = [_SHAPES.get(rank, str(rank)) for rank in self._ranks]
        self.show_value(_of_rank(self._value, self._ranks[names.index(str(word))]))
        self.edited.emit(self._value)
        self.finished.emit()

    @Slot(object)
    def _on_size_changed(self, size: int | None) -> None:
        axis = self.sender().property("axis")
        self._value = (*self._value[:axis], size, *self._value[axis + 1 :])
        self.edited.emit(self._value)
        self._tell_reason()

    @Slot(object)
    def _on_size_refused(self, reason: str) -> None:
        self._reasons[self.sender().property("axis")] = reason
        self._tell_reason()

    def _tell_reason(self) -> None:
        self.refused.emit(next(filter(None, self._reasons), ""))


def _stacked(layout: QBoxLayout, widgets: Sequence[QWidget], gap: int) -> None:
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(gap)
    for widget in widgets:
        layout.addWidget(widget)


def _of_rank(shape: tuple[int | None, ...], rank: int) -> tuple[int | None, ...]:
    """The shape with another number of axes; the channels stay last."""
    if rank < len(shape):
        return (*shape[: rank - 1], shape[-1])
    missing = rank - len(shape)
    first = shape[0] if len(shape) > 1 else 28
    return (*(first,) * missing, *shape)
