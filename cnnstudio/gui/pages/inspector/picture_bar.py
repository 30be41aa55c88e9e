"""Chooses the picture: one of the project's data, an included photo, a sample of a data set, a file."""

from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from cnnstudio.engine.files.kinds import PICTURES_FILTER
from cnnstudio.engine.files.photos import Photo
from cnnstudio.engine.interpret.choices import DEFAULT_PICTURE, DataPicture, PictureChoice, Sample
from cnnstudio.engine.interpret.pictures import Picture, source_titles
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.file_dialog import FileDialog
from cnnstudio.gui.widgets.icon_button import IconButton
from cnnstudio.gui.widgets.round_combo import RoundCombo
from cnnstudio.gui.widgets.spin import IntSpin

if TYPE_CHECKING:
    from cnnstudio.engine.data.catalog import Part


class PictureBar(QWidget):
    """`chosen(object)` carries a PictureChoice; what is shown follows `show_picture`."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sources = RoundCombo(self)
        self.sources.setAccessibleName("Picture")
        self.sources.setMinimumContentsLength(9)
        self.sources.setSizeAdjustPolicy(RoundCombo.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.index = IntSpin(1, 1, name="Number of the image", parent=self)
        self.open_button = IconButton(theme, "image", "Open a picture…", parent=self)
        self._dialog: FileDialog | None = None
        self._titles: list[tuple[PictureChoice, str]] = [
            (DEFAULT_PICTURE, "Project’s data"),
            *source_titles(),
        ]
        for choice, title in self._titles:
            self.sources.addItem(title, choice)
        self._included = self.sources.count()
        self._lay_out()
        self.sources.activated.connect(self._on_source_activated)
        self.index.valueChanged.connect(self._on_index_changed)
        self.open_button.clicked.connect(self.ask_for_file)
        self._part: Part = DEFAULT_PICTURE.part
        self._show_index(0, 0)

    def show_picture(self, picture: Picture) -> None:
        """Show which picture is on, without a signal."""
        self.show_choice(picture.choice)
        index = picture.choice.index if isinstance(picture.choice, Sample | DataPicture) else 0
        self._show_index(index, picture.count)

    def show_choice(self, choice: PictureChoice) -> None:
        """Show where a picture is from, without a signal; nothing is known of it yet."""
        match choice:
            case Path():
                self._show_file(choice)
            case DataPicture():
                self._part = choice.part
                self.sources.setCurrentIndex(0)
            case Photo() | Sample():
                self.sources.setCurrentIndex(self._row(choice))
            case _:
                assert_never(choice)
        self._show_index(0, 0)

    @Slot()
    def ask_for_file(self) -> None:
        """Show the file dialog; it does not block."""
        if self._dialog is None:
            self._dialog = FileDialog(self, "Open a picture", "pictures")
            self._dialog.setNameFilter(PICTURES_FILTER)
            self._dialog.setFileMode(FileDialog.FileMode.ExistingFile)
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
        for row, (known, _) in enumerate(self._titles):
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
        """Show the image at a place, from 0, by its number, from 1, as the rest of the window does."""
        blocker = QSignalBlocker(self.index)
        self.index.setRange(1, max(count, 1))
        self.index.setValue(index + 1)
        part = self._part if self.sources.currentIndex() == 0 else "training"
        self.index.setToolTip(f"Which of the {count:,} {part} images, from 1")
        self.index.setVisible(count > 0)
        blocker.unblock()

    @Slot(int)
    def _on_source_activated(self, row: int) -> None:
        choice: PictureChoice = self.sources.itemData(row)
        self.chosen.emit(choice)

    @Slot(int)
    def _on_index_changed(self, number: int) -> None:
        choice = self.sources.currentData()
        if isinstance(choice, Sample):
            self.chosen.emit(Sample(choice.key, number - 1))
        elif isinstance(choice, DataPicture):
            self.chosen.emit(DataPicture(self._part, number - 1))

    @Slot(str)
    def _on_file_selected(self, name: str) -> None:
        self.chosen.emit(Path(name))
