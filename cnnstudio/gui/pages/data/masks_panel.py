"""The values found in masks: each with a name and a color that a person gives it."""

from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QColorDialog, QGridLayout, QLineEdit, QToolButton, QVBoxLayout, QWidget

from cnnstudio.core.project.sources import MAX_NAME, MaskPairs
from cnnstudio.gui.widgets.labels import label
from cnnstudio.gui.widgets.validity import mark_invalid

_MOST_ROWS = 40
_SWATCH_PX = 16


class MasksPanel(QWidget):
    """A row for each value: its color, the value, and the name of its class.

    Signals:
        edited(str, MaskPairs): what was done, and the source as it is to be.
    """

    edited = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source: MaskPairs | None = None
        self.names: list[QLineEdit] = []
        self.swatches: list[QToolButton] = []
        self.reason = label("", "error", self, wrap=True)
        self.more = label("", "hint", self, wrap=True)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(2, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(label("Values in the masks", "heading", self))
        column.addLayout(self._grid)
        column.addWidget(self.more)
        column.addWidget(self.reason)

    def show_source(self, source: MaskPairs) -> None:
        """Show the values of a source."""
        before, self._source = self._source, source
        if before is None or before.values != source.values:
            self._make_rows(source)
        colors = source.colors_of(source.class_names)
        for row, (name, color) in enumerate(zip(self.names, self.swatches, strict=True)):
            if name.text() != source.class_names[row]:
                name.setText(source.class_names[row])
            color.setIcon(_swatch(colors[row]))
        self._say(None, "")
        left = len(source.values) - len(self.names)
        self.more.setText(f"{left} more have the names of their values.")
        self.more.setVisible(left > 0)

    def _make_rows(self, source: MaskPairs) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        self.names, self.swatches = [], []
        for row, value in enumerate(source.values[:_MOST_ROWS]):
            shown = f"#{value:06x}" if source.in_color else f"{value:,}"
            swatch, name = QToolButton(self), QLineEdit(self)
            swatch.setAutoRaise(True)
            swatch.setToolTip("Choose another color")
            swatch.setAccessibleName(f"Color of the value {shown}")
            name.setMaxLength(MAX_NAME)
            name.setAccessibleName(f"Name of the value {shown}")
            swatch.clicked.connect(partial(self._ask_for_color, row))
            name.editingFinished.connect(partial(self._on_named, row))
            self._grid.addWidget(swatch, row, 0)
            self._grid.addWidget(label(shown, "secondary", self), row, 1, Qt.AlignmentFlag.AlignRight)
            self._grid.addWidget(name, row, 2)
            self.swatches.append(swatch)
            self.names.append(name)

    def _on_named(self, row: int) -> None:
        source, field = self._source, self.names[row]
        if source is None or field.text().strip() == source.class_names[row]:
            self._say(field, "")
            return
        name = field.text().strip()
        if not name or name in source.class_names:
            told = f"“{name}” is the name of another value" if name else "There is no name"
            self._say(field, f"{told}. Give each value a name of its own.")
            return
        self._say(field, "")
        names = (*source.class_names[:row], name, *source.class_names[row + 1 :])
        self.edited.emit(f"Call a class {name}", source.model_copy(update={"class_names": names}))

    def _ask_for_color(self, row: int, _checked: bool = False) -> None:
        if self._source is None:
            return
        dialog = QColorDialog(QColor(self._source.colors_of(self._source.class_names)[row]), self)
        dialog.setWindowTitle(f"Color of {self._source.class_names[row]}")
        dialog.colorSelected.connect(partial(self.set_color, row))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def set_color(self, row: int, color: QColor) -> None:
        """Give the class of a row another color."""
        if self._source is None or not color.isValid():
            return
        colors = list(self._source.colors_of(self._source.class_names))
        colors[row] = color.name()
        name = self._source.class_names[row]
        self.edited.emit(f"Color {name}", self._source.model_copy(update={"colors": tuple(colors)}))

    @Slot()
    def _say(self, field: QLineEdit | None, sentence: str) -> None:
        for one in self.names if field is None else [field]:
            mark_invalid(one, bool(sentence))
        self.reason.setText(sentence)
        self.reason.setVisible(bool(sentence))


def _swatch(color: str) -> QIcon:
    pixmap = QPixmap(_SWATCH_PX, _SWATCH_PX)
    pixmap.fill(QColor(color))
    return QIcon(pixmap)
