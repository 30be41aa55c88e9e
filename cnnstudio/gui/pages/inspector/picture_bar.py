"""Chooses the picture: an included photo, a sample of a data set, a file."""

from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from cnnstudio.engine.files.images import Photo
from cnnstudio.engine.files.kinds import PICTURES_FILTER
from cnnstudio.engine.interpret.pictures import Picture, PictureChoice, Sample, source_titles
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.icon_button import IconButton
from cnnstudio.gui.widgets.round_combo import RoundCombo
from cnnstudio.gui.widgets.spin import IntSpin


class PictureBar(QWidget):
    """`chosen(object)` carries a PictureChoice; what is shown follows `show_picture`."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sources = RoundCombo(self)
        self.sources.setAccessibleName("Picture")
        self.sources.setMinimumContentsLength(9)
        self.sources.setSizeAdjustPolicy(RoundCombo.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.index = IntSpin(0, 0, name="Index of the sample", parent=self)
        self.open_button = IconButton(theme, "image", "Open a picture…", parent=self)
        self._dialog: QFileDialog | None = None
        for choice, title in source_titles():
            self.sources.addItem(title, choice)
        self._included = self.sources.count()
        self._lay_out()
        self.sources.activated.connect(self._on_source_activated)
        self.index.valueChanged.connect(self._on_index_changed)
        self.open_button.clicked.connect(self.ask_for_file)
        self._show_index(0, 0)

    def show_picture(self, picture: Picture) -> None:
        """Show which picture is on, without a signal."""
        match picture.choice:
            case Path():
                self._show_file(picture.choice)
            case Photo() | Sample():
                self.sources.setCurrentIndex(self._row(picture.choice))
        index = picture.choice.index if isinstance(picture.choice, Sample) else 0
        self._show_index(index, picture.count)

    @Slot()
    def ask_for_file(self) -> None:
        """Show the file dialog; it does not block."""
        if self._dialog is None:
            self._dialog = QFileDialog(self, "Open a picture", "", PICTURES_FILTER)
            self._dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
            self._dialog.fileSelected.connect(self._on_file_selected)
        self._dialog.open()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.sources, 1)
        row.addWidget(self.index)
        row.addWidget(self.open_button)

    def _row(self, choice: Photo | Sample) -> int:
        for row, (known, _) in enumerate(source_titles()):
            if known == choice or (
                isinstance(known, Sample) and isinstance(choice, Sample) and known.key == choice.key
            ):
                return row
        return 0

    def _show_file(self, path: Path) -> None:
        """Files come after what is included; one is remembered."""
        self.sources.removeItem(self._included)
        self.sources.addItem(path.name, path)
        self.sources.setCurrentIndex(self._included)

    def _show_index(self, index: int, count: int) -> None:
        blocker = QSignalBlocker(self.index)
        self.index.setRange(0, max(count - 1, 0))
        self.index.setValue(index)
        self.index.setToolTip(f"Which of the {count:,} training images, from 0")
        self.index.setVisible(count > 0)
        blocker.unblock()

    @Slot(int)
    def _on_source_activated(self, row: int) -> None:
        choice: PictureChoice = self.sources.itemData(row)
        self.chosen.emit(choice)

    @Slot(int)
    def _on_index_changed(self, index: int) -> None:
        choice = self.sources.currentData()
        if isinstance(choice, Sample):
            self.chosen.emit(Sample(choice.key, index))

    @Slot(str)
    def _on_file_selected(self, name: str) -> None:
        self.chosen.emit(Path(name))
