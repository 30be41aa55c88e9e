"""The part of the bar that shows the selected picture and chooses another."""

from functools import partial
from pathlib import Path
from threading import Event as Flag
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QIcon, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from cnnstudio.core.project import corrections
from cnnstudio.core.project.data import DataChoice
from cnnstudio.engine.files.kinds import PICTURES_FILTER
from cnnstudio.engine.files.photos import PHOTOS, Photo
from cnnstudio.engine.interpret.choices import DEFAULT_PICTURE, DataPicture, PictureChoice, Sample
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.document.jobs import BackgroundJobs
from cnnstudio.gui.document.selection import Selection
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.elided import ElidedLabel
from cnnstudio.gui.widgets.file_dialog import FileDialog
from cnnstudio.gui.widgets.icon_button import IconButton
from cnnstudio.gui.widgets.round_menu import RoundMenu

if TYPE_CHECKING:
    from cnnstudio.engine.data.single import Single
    from cnnstudio.engine.interpret.pictures import Picture

THUMBNAIL_PX = 42


class PicturePart(QWidget):
    """Reads the picture in a worker thread, from `allow` on: reading imports NumPy.

    Another picture that a person chooses is selected once it could be read.

    Signals:
        failed(str): a picture that was chosen cannot be read; the one before stays.
    """

    failed = Signal(str)

    def __init__(
        self, selection: Selection, document: Document, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._selection, self._document, self._theme = selection, document, theme
        self._source: tuple[PictureChoice, DataChoice] | None = None
        self._wanted: PictureChoice | None = None
        self._allowed = False
        self._picture: Picture | None = None
        self._stop = Flag()
        self._jobs = BackgroundJobs(self)
        self._dialog: FileDialog | None = None
        self.menu = self._menu()
        self.thumbnail = _thumbnail_button(self.menu, self)
        self.title = ElidedLabel("heading", parent=self)
        self.hint = ElidedLabel("hint", parent=self)
        self.previous = IconButton(theme, "chevron-left", "Previous picture of the data", parent=self)
        self.next = IconButton(theme, "chevron-right", "Next picture of the data", parent=self)
        self._lay_out()
        self._connect()
        self._show_state()
        self._on_theme_changed()

    @property
    def is_busy(self) -> bool:
        """Whether a picture is still to come."""
        return self._jobs.is_busy

    def allow(self) -> None:
        """The window is painted: pictures may be read from now on."""
        self._allowed = True
        self._on_selection_changed()

    def choose(self, choice: PictureChoice) -> None:
        """Select a picture, if it can be read."""
        self._wanted = choice
        self._read(choice)

    def close_jobs(self) -> None:
        """End the thread; call it before the window goes."""
        self._stop.set()
        self._jobs.close()

    @Slot()
    def ask_for_file(self) -> None:
        """Show the file dialog; it does not block."""
        if self._dialog is None:
            self._dialog = FileDialog(self, "Choose a picture", "pictures")
            self._dialog.setNameFilter(PICTURES_FILTER)
            self._dialog.setFileMode(FileDialog.FileMode.ExistingFile)
            self._dialog.fileSelected.connect(self._on_file_selected)
        self._dialog.open()

    def _menu(self) -> RoundMenu:
        menu = RoundMenu(parent=self)
        self.classes = menu.addMenu("It shows another class")
        self.leave_out = menu.addAction("Leave it out", self._on_leave_out)
        menu.addSeparator()
        menu.addAction("This project’s data", partial(self.choose, DEFAULT_PICTURE))
        menu.addSeparator()
        for photo in PHOTOS:
            menu.addAction(photo.title, partial(self.choose, photo))
        menu.addSeparator()
        menu.addAction("A picture file…", self.ask_for_file)
        return menu

    def _lay_out(self) -> None:
        texts = QVBoxLayout()
        texts.setSpacing(1)
        texts.addStretch(1)
        texts.addWidget(self.title)
        texts.addWidget(self.hint)
        texts.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        pictures = QHBoxLayout()
        pictures.setSpacing(0)
        for button in (self.previous, self.thumbnail, self.next):
            pictures.addWidget(button)
        row.addLayout(pictures)
        row.addLayout(texts, 1)

    def _connect(self) -> None:
        self.menu.aboutToShow.connect(self._on_menu_about_to_show)
        self.classes.triggered.connect(self._on_class_chosen)
        self._selection.changed.connect(self._on_selection_changed)
        self._jobs.finished.connect(self._on_read)
        self._jobs.failed.connect(self._on_failed)
        self.previous.clicked.connect(self._on_previous)
        self.next.clicked.connect(self._on_next)
        self._theme.changed.connect(self._on_theme_changed)

    def _read(self, choice: PictureChoice) -> None:
        data, self._stop = self._selection.data, Flag()
        should_stop = self._stop.is_set

        def read() -> object:
            from cnnstudio.engine.interpret.pictures import read_picture

            return read_picture(choice, data, should_stop)

        self._jobs.submit(read)

    @Slot()
    def _on_selection_changed(self) -> None:
        source = self._selection.picture_source
        if self._allowed and source != self._source:
            self._source, self._wanted = source, None
            self._read(source[0])

    @Slot(object)
    def _on_read(self, picture: "Picture") -> None:
        self._picture, self._wanted = picture, None
        self._source = self._selection.source_of(picture.choice)
        self._selection.set_picture(picture.choice)
        self._show_state()

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        if self._wanted is not None:
            self._wanted = None
            self.failed.emit(sentence)
            return
        self._picture = None
        # That no data are chosen is said where they are chosen, and by what needs them.
        self._show_state("" if self._selection.data.source is None else sentence)

    @property
    def _of_data(self) -> "Single | None":
        """What is known of the picture, where it is one of the project's data as they stand."""
        known = self._source == self._selection.picture_source and not self._jobs.is_busy
        return self._picture.of_data if known and self._picture is not None else None

    @Slot()
    def _on_menu_about_to_show(self) -> None:
        of_data = self._of_data
        names = () if of_data is None else of_data.class_names
        self.classes.clear()
        for name in names:
            action = self.classes.addAction(name.replace("&", "&&"))
            action.setData(name)
            action.setEnabled(of_data is not None and name != of_data.class_name)
        # Pictures that as a whole are of no class are all of one.
        self.classes.setEnabled(len(names) > 1)
        self.leave_out.setEnabled(of_data is not None)

    @Slot(QAction)
    def _on_class_chosen(self, action: QAction) -> None:
        of_data, name = self._of_data, action.data()
        if of_data is not None:
            before = {of_data.locator: of_data.class_before}
            choice = corrections.reclassified(self._document.project.data, before, name)
            self._apply(f"Say that 1 picture is {name}", choice)

    @Slot()
    def _on_leave_out(self) -> None:
        of_data = self._of_data
        if of_data is not None:
            choice = corrections.left_out(self._document.project.data, [of_data.locator])
            self._apply("Leave out 1 picture", choice)

    def _apply(self, text: str, data: DataChoice) -> None:
        self._document.apply(text, self._document.project.with_data(data))

    @Slot()
    def _on_previous(self) -> None:
        self._step(-1)

    @Slot()
    def _on_next(self) -> None:
        self._step(1)

    def _step(self, by: int) -> None:
        stepped = _stepped(self._selection.picture, by)
        if self._place_exists(stepped):
            self._selection.set_picture(stepped)
            self._show_arrows()

    def _place_exists(self, choice: PictureChoice) -> bool:
        """Whether the data have a picture there, as far as is known."""
        if not isinstance(choice, Sample | DataPicture) or self._picture is None:
            return False
        return 0 <= choice.index < (self._picture.count or 1)

    def _show_state(self, problem: str = "") -> None:
        picture = self._picture
        self.title.set_text("No picture" if picture is None else picture.title)
        self.hint.set_text(problem or _place_of(picture))
        self.thumbnail.setAccessibleName(f"Picture: {self.title.whole_text()}. Choose another")
        self._show_thumbnail()
        self._show_arrows()

    def _show_arrows(self) -> None:
        for button, by in ((self.previous, -1), (self.next, 1)):
            button.setEnabled(self._place_exists(_stepped(self._selection.picture, by)))

    def _show_thumbnail(self) -> None:
        side = self._theme.scaled(THUMBNAIL_PX)
        if self._picture is None:
            self.thumbnail.setIcon(self._theme.icon("image", size=THUMBNAIL_PX // 2))
        else:
            shown = _pixmap(self._picture, side, self.devicePixelRatioF())
            _frame(shown, self._theme)
            self.thumbnail.setIcon(QIcon(shown))

    @Slot()
    def _on_theme_changed(self) -> None:
        side = self._theme.scaled(THUMBNAIL_PX)
        self.thumbnail.setIconSize(QSize(side, side))
        self._show_thumbnail()

    @Slot(str)
    def _on_file_selected(self, name: str) -> None:
        self.choose(Path(name))


def _thumbnail_button(menu: RoundMenu, parent: QWidget) -> QToolButton:
    button = QToolButton(parent)
    button.setMenu(menu)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setToolTip("Choose another picture")
    return button


def _stepped(choice: PictureChoice, by: int) -> PictureChoice:
    """The picture beside it in its data; from any other picture the way leads to the first of the data."""
    match choice:
        case DataPicture():
            return DataPicture(choice.part, choice.index + by)
        case Sample():
            return Sample(choice.key, choice.index + by)
        case Photo() | Path():
            return DEFAULT_PICTURE if by > 0 else choice


def _place_of(picture: "Picture | None") -> str:
    if picture is None:
        return "Choose or drop one"
    choice = picture.choice
    place = f"{choice.index + 1:,} of {picture.count:,}" if isinstance(choice, Sample | DataPicture) else ""
    return f"{place} · choose or drop another" if place else "Choose or drop another"


def _frame(picture: QPixmap, theme: Theme) -> None:
    """A line around it: the picture's ground may have the color of the bar."""
    painter = QPainter(picture)
    painter.setPen(theme.color("outline"))
    painter.drawRect(QRectF(QPointF(), picture.deviceIndependentSize()).adjusted(0.5, 0.5, -0.5, -0.5))
    painter.end()


def _pixmap(picture: "Picture", side: int, ratio: float) -> QPixmap:
    """The picture as large as it fits into a square; small ones keep their pixels sharp."""
    import numpy as np

    pixels = picture.pixels
    colored = pixels[..., :3] if pixels.shape[2] >= 3 else np.repeat(pixels[..., :1], 3, axis=2)
    lines = np.ascontiguousarray(colored)
    height, width, _ = lines.shape
    image = QImage(lines.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    room = round(side * ratio)
    is_small = max(height, width) < room
    mode = (
        Qt.TransformationMode.FastTransformation if is_small else Qt.TransformationMode.SmoothTransformation
    )
    shown = QPixmap.fromImage(image.scaled(room, room, Qt.AspectRatioMode.KeepAspectRatio, mode))
    shown.setDevicePixelRatio(ratio)
    return shown
