"""Which arrays of a file are the pictures and which their labels, picked from a list with their shapes."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TypeAlias, get_args

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnnstudio.core.project.sources import Arrays, PartArrays
from cnnstudio.engine.data.arrays.choosing import Chosen, chosen_from
from cnnstudio.engine.data.arrays.container import Array
from cnnstudio.engine.data.tensor import shape_text
from cnnstudio.gui.document.jobs import BackgroundJobs
from cnnstudio.gui.widgets.labels import label
from cnnstudio.gui.widgets.quiet_combo import QuietCombo

_Part: TypeAlias = Literal["training", "validation", "test"]
_Role: TypeAlias = Literal["images", "labels"]
_PARTS: tuple[_Part, ...] = get_args(_Part)
_ROLES: tuple[_Role, ...] = get_args(_Role)
_NONE = "None"


class ArraysPanel(QWidget):
    """Shows the arrays of a source, and offers the others of its file once these have been listed.

    Signals:
        chosen(Chosen): other arrays are to be taken.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source: Arrays | None = None
        self._arrays: tuple[Array, ...] = ()
        self._jobs = BackgroundJobs(self)
        self.combos: dict[tuple[_Part, _Role], QuietCombo] = {}
        self.reason = label("", "error", self, wrap=True)
        self.reason.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for part in _PARTS:
            column.addWidget(label(f"{part.capitalize()}: images and labels", "heading", self))
            for role in _ROLES:
                column.addWidget(self._combo(part, role))
        column.addWidget(self.reason)
        self._jobs.finished.connect(self._on_listed)
        self._jobs.failed.connect(self._say)

    def show_source(self, source: Arrays) -> None:
        """Show the arrays of a source; another file is listed in a thread."""
        before, self._source = self._source, source
        self._say("")
        if before is None or before.path != source.path:
            self._arrays = ()
            path = Path(source.path)
            self._jobs.submit(lambda: _listed(path))
        self._fill()

    def close_jobs(self) -> None:
        """End the thread, and wait for it."""
        self._jobs.close()

    def _combo(self, part: _Part, role: _Role) -> QuietCombo:
        combo = self.combos[part, role] = QuietCombo(parent=self)
        combo.setAccessibleName(f"{part.capitalize()} {role}")
        combo.setSizeAdjustPolicy(QuietCombo.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.activated.connect(self._on_activated)
        return combo

    def _fill(self) -> None:
        for (part, role), combo in self.combos.items():
            taken = getattr(self._source, part)
            name = None if taken is None else getattr(taken, role)
            with QSignalBlocker(combo):
                combo.clear()
                if part != "training":
                    combo.addItem(_NONE)
                for one in self._arrays or (() if name is None else (name,)):
                    told = one if isinstance(one, str) else f"{one.name} ({shape_text(one.shape)})"
                    combo.addItem(told, one if isinstance(one, str) else one.name)
                combo.setCurrentIndex(combo.findData(name) if name is not None else 0)

    def _pair(self, part: _Part) -> PartArrays | None:
        images, labels = (self.combos[part, role].currentData() for role in _ROLES)
        return None if images is None or labels is None else PartArrays(images=images, labels=labels)

    def _half_chosen(self) -> bool:
        names = {place: combo.currentData() for place, combo in self.combos.items()}
        return any((names[part, "images"] is None) != (names[part, "labels"] is None) for part in _PARTS)

    @Slot(int)
    def _on_activated(self, _row: int) -> None:
        if self._half_chosen():
            self._say("Choose both for a part, images and labels, or none.")
            return
        self._say("")
        training, validation, test = (self._pair(part) for part in _PARTS)
        if training is not None and self._arrays:
            self.chosen.emit(Chosen(training, validation, test, _names(self._arrays)))

    @Slot(object)
    def _on_listed(self, arrays: tuple[Array, ...]) -> None:
        self._arrays = arrays
        self._fill()

    @Slot(str)
    def _say(self, sentence: str) -> None:
        self.reason.setText(sentence)
        self.reason.setVisible(bool(sentence))


def _listed(path: Path) -> tuple[Array, ...]:
    # It reads files of all kinds, whose libraries the window does not wait for.
    from cnnstudio.engine.data.arrays.opening import arrays_in

    return arrays_in(path)


def _names(arrays: Sequence[Array]) -> str | None:
    """The array that names the classes, as it was found at first."""
    return chosen_from(arrays, "").names
