"""The widgets of the training form, one per kind of setting."""

import secrets
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QWidget

from cnnstudio.core.fields import Choice, Integer, Kind, Maybe, Number, Switch, Variants, title_of
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.icon_button import IconButton
from cnnstudio.gui.widgets.number import Bounds, NumberField
from cnnstudio.gui.widgets.spin import LARGEST, IntSpin


class Field(QWidget):
    """Shows one value; never tells of what it was told to show.

    Signals:
        edited(object): a person made another value.
        finished(): the gesture is over; the next edit is another step.
    """

    edited = Signal(object)
    finished = Signal()

    def __init__(self, *widgets: QWidget) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for widget in widgets:
            row.addWidget(widget, 0 if isinstance(widget, QCheckBox | IconButton) else 1)
        self.input = widgets[0]
        self.setFocusProxy(self.input)

    def show_value(self, value: Any) -> None:
        """Show a value of the setting's kind, without a signal."""
        raise NotImplementedError

    def explain(self, name: str, help_text: str) -> None:
        """Name and explain the field to screen readers and in its tooltip."""
        self.input.setAccessibleName(name)
        self.input.setAccessibleDescription(help_text)
        self.input.setWhatsThis(help_text)


class WholeField(Field):
    """A spin box."""

    def __init__(self, kind: Integer, *more: QWidget) -> None:
        highest = LARGEST if kind.highest is None else kind.highest
        self.spin = IntSpin(kind.lowest or 0, highest, kind.powers_of_two)
        super().__init__(self.spin, *more)
        self.spin.valueChanged.connect(self._on_value_changed)
        self.spin.editingFinished.connect(self.finished)

    def show_value(self, value: Any) -> None:
        with QSignalBlocker(self.spin):
            self.spin.setValue(value)

    @Slot(int)
    def _on_value_changed(self, value: int) -> None:
        self.edited.emit(value)


class SeedField(WholeField):
    """A spin box with a die that throws another number."""

    def __init__(self, kind: Integer, theme: Theme) -> None:
        self.dice = IconButton(theme, "dices", "Another seed by chance", size=16)
        super().__init__(kind, self.dice)
        self.dice.clicked.connect(self._on_dice_clicked)

    @Slot()
    def _on_dice_clicked(self) -> None:
        self.finished.emit()
        self.edited.emit(secrets.randbelow(10_000))
        self.finished.emit()


class RealField(Field):
    """A field for a number with a fraction, such as 1e-3; Up and Down double and halve it."""

    def __init__(self, kind: Number) -> None:
        lowest = float("-inf") if kind.lowest is None else kind.lowest
        highest = float("inf") if kind.highest is None else kind.highest
        bounds = Bounds(lowest, highest, kind.open_lowest, kind.open_highest)
        is_share = kind.lowest == 0 and kind.highest == 1
        self.number = NumberField(bounds, step=0.05 if is_share else None)
        super().__init__(self.number)
        self.number.value_changed.connect(self.edited)
        self.number.edit.editingFinished.connect(self.finished)

    def show_value(self, value: Any) -> None:
        self.number.set_value(value)

    def explain(self, name: str, help_text: str) -> None:
        super().explain(name, help_text)
        self.number.edit.setToolTip(help_text)


class SwitchField(Field):
    """A check box that says its own name."""

    def __init__(self) -> None:
        self.box = QCheckBox()
        super().__init__(self.box)
        self.box.clicked.connect(self._on_clicked)

    def show_value(self, value: Any) -> None:
        self.box.setChecked(value)

    def explain(self, name: str, help_text: str) -> None:
        super().explain(name, help_text)
        self.box.setText(name)

    @Slot(bool)
    def _on_clicked(self, on: bool) -> None:
        self.edited.emit(on)
        self.finished.emit()


class OptionalField(Field):
    """A check box for "at all" before a spin box for "how much"; off means None."""

    def __init__(self, kind: Integer, start: int) -> None:
        self.box = QCheckBox()
        self.whole = WholeField(kind)
        self._start = start
        super().__init__(self.box, self.whole)
        self.box.clicked.connect(self._on_clicked)
        self.whole.edited.connect(self.edited)
        self.whole.finished.connect(self.finished)

    def show_value(self, value: Any) -> None:
        self.box.setChecked(value is not None)
        self.whole.setEnabled(value is not None)
        if value is not None:
            self._start = value
        self.whole.show_value(self._start)

    def explain(self, name: str, help_text: str) -> None:
        super().explain(name, help_text)
        self.box.setText(name)
        self.whole.explain(f"{name}: epochs", help_text)
        self.whole.spin.setSuffix(" epochs")

    @Slot(bool)
    def _on_clicked(self, on: bool) -> None:
        self.edited.emit(self._start if on else None)
        self.finished.emit()


class QuietCombo(QComboBox):
    """A combo box that leaves the wheel to the page unless it has the keyboard focus."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class ChoiceField(Field):
    """A list of values that opens."""

    def __init__(self, values: tuple[object, ...]) -> None:
        self._values = list(values)
        self.combo = QuietCombo()
        self.combo.setMinimumContentsLength(6)
        self.combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.combo.addItems([title_of(value) for value in values])
        super().__init__(self.combo)
        self.combo.currentIndexChanged.connect(self._on_index_changed)

    def show_value(self, value: Any) -> None:
        with QSignalBlocker(self.combo):
            self.combo.setCurrentIndex(self._values.index(value))

    @Slot(int)
    def _on_index_changed(self, index: int) -> None:
        self.edited.emit(self._values[index])
        self.finished.emit()


class VariantField(ChoiceField):
    """A list of models; choosing one gives a new value with that model's defaults."""

    def __init__(self, kind: Variants) -> None:
        super().__init__(kind.models)

    def show_value(self, value: Any) -> None:
        super().show_value(type(value))

    @Slot(int)
    def _on_index_changed(self, index: int) -> None:
        model: Any = self._values[index]
        self.edited.emit(model())
        self.finished.emit()


def make_field(name: str, kind: Kind, default: object, theme: Theme) -> Field:
    """The widget for one setting; TypeError for a kind that training has not had so far."""
    match kind:
        case Integer() if name == "seed":
            return SeedField(kind, theme)
        case Integer():
            return WholeField(kind)
        case Number():
            return RealField(kind)
        case Switch():
            return SwitchField()
        case Choice(values):
            return ChoiceField(values)
        case Variants():
            return VariantField(kind)
        case Maybe(Integer() as inner):
            return OptionalField(inner, default if isinstance(default, int) else 1)
        case _:
            raise TypeError(f"{name}: there is no field for {kind}")
