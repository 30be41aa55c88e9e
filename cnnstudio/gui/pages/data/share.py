"""The editor of the validation share."""

from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QSlider

from cnnstudio.core.forms.fields import Number
from cnnstudio.gui.fields.editor import Editor, EditorContext, explain
from cnnstudio.gui.widgets.number import NumberField

_STEP = 0.05
_FIELD_PX = 76


class ShareEditor(Editor):
    """A slider in whole per cent, and the share as a number beside it."""

    def __init__(self, kind: Number, context: EditorContext) -> None:
        super().__init__()
        self._theme = context.theme
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setRange(1, round(100 * (1.0 if kind.highest is None else kind.highest)))
        self.slider.setPageStep(round(100 * _STEP))
        self.field = NumberField(kind, step=_STEP, parent=self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.slider, 1)
        row.addWidget(self.field)
        self.setFocusProxy(self.slider)
        self._connect()
        self._on_theme_changed()

    def show_value(self, value: Any) -> None:
        self.field.set_value(value)
        self._move_slider(value)

    def show_mixed(self, value: Any) -> None:
        raise NotImplementedError("there is one data set")

    def set_texts(self, name: str, explanation: str) -> None:
        super().set_texts(name, explanation)
        explain(self.slider, f"{name} in per cent", explanation)
        explain(self.field, name, explanation)

    def _connect(self) -> None:
        self.slider.valueChanged.connect(self._on_slider_moved)
        self.slider.sliderReleased.connect(self.finished)
        self.field.value_changed.connect(self._on_share_written)
        self.field.line.settled.connect(self.finished)
        self._theme.changed.connect(self._on_theme_changed)

    @Slot(int)
    def _on_slider_moved(self, percent: int) -> None:
        self.field.set_value(percent / 100)
        self.edited.emit(percent / 100)

    @Slot(object)
    def _on_share_written(self, share: float) -> None:
        self._move_slider(share)
        self.edited.emit(share)

    def _move_slider(self, share: float) -> None:
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(100 * share))

    @Slot()
    def _on_theme_changed(self) -> None:
        self.field.setFixedWidth(self._theme.scaled(_FIELD_PX))
