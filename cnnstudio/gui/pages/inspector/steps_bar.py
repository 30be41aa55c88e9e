"""How the kernel moves: stride, dilation, padding, and what is added to each sum."""

from typing import cast

from PySide6.QtCore import QSignalBlocker, QSize, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QCheckBox, QHBoxLayout, QWidget

from cnnstudio.core.kernels.convolution import Padding
from cnnstudio.engine.interpret.response import MOST_STEP, Steps, number
from cnnstudio.gui.widgets.labels import label
from cnnstudio.gui.widgets.segmented import Segmented
from cnnstudio.gui.widgets.spin import IntSpin

_GAP_PX = 8


class StepsBar(QWidget):
    """Controls of the convolution; `changed` fires when a person changed one."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stride = IntSpin(1, MOST_STEP, name="Stride", parent=self)
        self.dilation = IntSpin(1, MOST_STEP, name="Dilation", parent=self)
        self.padding = Segmented((("same", "same"), ("valid", "valid")), "Padding", self)
        self.bias = QCheckBox("+ bias", self)
        self.relu = QCheckBox("ReLU", self)
        self._bias_value: float | None = None
        self.stride.setToolTip("How many pixels the kernel moves at a time, 1 to 32")
        self.dilation.setToolTip("How many pixels lie between neighbours of the kernel, 1 to 32")
        self.padding.setToolTip("same: zeros around the picture. valid: the kernel stays inside it.")
        self.relu.setToolTip("Negative sums become 0")
        self._lay_out()
        self.show_bias(None)
        for spin in (self.stride, self.dilation):
            spin.valueChanged.connect(self._on_changed)
        self.padding.chosen.connect(self._on_changed)
        for box in (self.bias, self.relu):
            box.toggled.connect(self._on_changed)

    def minimumSizeHint(self) -> QSize:
        """The widest of the two lines it breaks into, at its present height."""
        return QSize(max(self._widths()), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        fits = self.width() >= sum(self._widths()) + 3 * _GAP_PX
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._lines.setDirection(across if fits else down)

    def steps(self) -> Steps:
        """The settings as they stand; the bias is 0 unless it is there and switched on."""
        return Steps(
            self.stride.value(),
            self.dilation.value(),
            cast("Padding", self.padding.value()),
            self._bias_value or 0.0 if self.bias.isChecked() else 0.0,
            self.relu.isChecked(),
        )

    def show_steps(self, steps: Steps) -> None:
        """Take over stride, dilation and padding; no signal."""
        blockers = [QSignalBlocker(spin) for spin in (self.stride, self.dilation)]
        self.stride.setValue(steps.stride)
        self.dilation.setValue(steps.dilation)
        self.padding.set_value(steps.padding)
        for blocker in blockers:
            blocker.unblock()

    def show_bias(self, value: float | None) -> None:
        """Offer a kernel's bias, None for a kernel without one; no signal."""
        self._bias_value = value
        self.bias.setEnabled(value is not None)
        self.bias.setText("+ bias" if value is None else f"+ bias {number(value)}")
        why = "This kernel has no bias" if value is None else "Add the bias of this filter to each sum"
        self.bias.setToolTip(why)

    def _lay_out(self) -> None:
        self._lines = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(_GAP_PX)
        how = QHBoxLayout()
        for text, control in (
            ("Stride", self.stride),
            ("Dilation", self.dilation),
            ("Padding", self.padding),
        ):
            how.addWidget(label(text, "secondary", self))
            how.addWidget(control)
        how.addStretch(1)
        added = QHBoxLayout()
        for box in (self.bias, self.relu):
            added.addWidget(box)
        added.addStretch(1)
        self._parts = (how, added)
        for part in self._parts:
            part.setSpacing(_GAP_PX)
            self._lines.addLayout(part)
        self._lines.addStretch(1)

    def _widths(self) -> list[int]:
        return [part.minimumSize().width() for part in self._parts]

    @Slot()
    def _on_changed(self) -> None:
        self.changed.emit()
