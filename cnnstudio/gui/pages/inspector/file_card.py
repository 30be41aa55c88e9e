"""The card that says which file is open, and opens another."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from cnnstudio.core.values.words import counted
from cnnstudio.engine.files.kinds import WEIGHT_SUFFIXES
from cnnstudio.engine.weights import WeightsFile
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.elided import ElidedLabel
from cnnstudio.gui.widgets.labels import label
from cnnstudio.gui.widgets.push_button import PushButton

_FORMATS = {
    "keras-legacy-model": "Whole model, Keras 1 or 2",
    "keras-legacy-weights": "Weights only, Keras 1 or 2",
    "keras-3-weights": "Weights only, Keras 3",
    "keras-3-model": "Whole model, Keras 3",
}


class FileCard(QFrame):
    """Name, format and Keras version of the open file; `open_asked` is its button."""

    open_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "well")
        self.name = ElidedLabel("heading", Qt.TextElideMode.ElideMiddle, self)
        self.details = label("", "secondary", self, wrap=True)
        self.button = PushButton(theme, "Open weights…", "folder-open", parent=self)
        self.button.setToolTip(f"Open a Keras weights or model file: {', '.join(WEIGHT_SUFFIXES)}")
        self.button.clicked.connect(self.open_asked)
        self._lay_out()
        self.show_file(None)

    def show_file(self, file: WeightsFile | None, origin: str = "") -> None:
        """Say what is open; `origin` tells where it comes from, such as a run."""
        if file is None:
            self.name.set_text("No weights open")
            self.details.setText("Drop a file here, or open one.")
            return
        self.name.set_text(file.path.name, str(file.path))
        kind = _FORMATS.get(file.format, file.format)
        version = f"Saved by Keras {file.keras_version}" if file.keras_version else "Version not stored"
        count = f"{version}, {counted(len(file.layers), 'layer')}"
        self.details.setText("\n".join(part for part in (origin, kind, count, *file.notes) if part))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(4)
        column.addWidget(self.name)
        column.addWidget(self.details)
        column.addSpacing(6)
        column.addWidget(self.button)
