"""Where a sample is read from, and the ways there."""

from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QWidget

from cnnstudio.gui.pages.data.samples import Sample
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.elided import ElidedLabel
from cnnstudio.gui.widgets.icon_button import IconButton


class FileLine(QWidget):
    """The name of a sample in its source; one that has a file of its own can be shown in its folder."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._file: Path | None = None
        self.name = ElidedLabel("secondary", Qt.TextElideMode.ElideMiddle, self)
        self.folder = IconButton(theme, "folder-open", "Show in folder", size=15, parent=self)
        self.copy = IconButton(theme, "copy", "Copy path", size=15, parent=self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(self.name, 1)
        for button in (self.folder, self.copy):
            row.addWidget(button)
        self.folder.clicked.connect(self._on_folder_clicked)
        self.copy.clicked.connect(self._on_copy_clicked)

    def show_sample(self, sample: Sample | None) -> None:
        """Name another sample; None names none."""
        self._file = None if sample is None else sample.file
        name = "" if sample is None else sample.locator
        self.name.set_text(name, name if self._file is None else str(self._file))
        for button in (self.folder, self.copy):
            button.setVisible(self._file is not None)

    @Slot()
    def _on_folder_clicked(self) -> None:
        if self._file is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._file.parent)))

    @Slot()
    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(str(self._file))
