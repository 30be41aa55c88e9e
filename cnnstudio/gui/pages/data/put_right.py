"""Putting samples right where they are seen: another class, left out, put back; and their files."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QPoint, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from cnnstudio.core.project import corrections
from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.values.words import counted
from cnnstudio.engine.data.dataset import Dataset
from cnnstudio.engine.data.images import Indices
from cnnstudio.engine.data.looking import class_before, classes_before, file_of
from cnnstudio.engine.files.writing import write_text_atomically
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.document.jobs import BackgroundJobs
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.file_dialog import FileDialog
from cnnstudio.gui.widgets.round_menu import RoundMenu


class PutRight(QObject):
    """Corrects what is chosen; each correction is one undo step. No file is touched.

    Signals:
        done(str): what was written, for a person.
        failed(str): one sentence.
    """

    done = Signal(object)
    failed = Signal(str)

    def __init__(self, document: Document, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._document, self._theme, self._window = document, theme, window
        self._data: Dataset | None = None
        self._rows: Indices = np.zeros(0, np.int64)
        self._jobs = BackgroundJobs(self, latest_only=False)
        self._jobs.finished.connect(self.done)
        self._jobs.failed.connect(self.failed)

    def choose(self, data: Dataset, rows: Indices) -> None:
        """Correct these rows of a data set from now on."""
        self._data, self._rows = data, rows

    @property
    def _locators(self) -> tuple[str, ...]:
        locators = () if self._data is None else self._data.catalog.locators
        return tuple(locators[row] for row in self._rows.tolist())

    @Slot()
    def leave_out(self) -> None:
        """Let the chosen samples take no part."""
        self._apply(corrections.left_out, "Leave out")

    @Slot()
    def put_back(self) -> None:
        """Let the chosen samples be what they were."""
        self._apply(corrections.restored, "Put back")

    def relabel(self, name: str) -> None:
        """Say that the chosen samples are of a class; one that always was is as it was."""
        data, chosen = self._data, self._locators
        if data is None or not chosen:
            return
        before = dict(zip(chosen, class_before(data, self._rows), strict=True))
        choice = corrections.reclassified(self._document.project.data, before, name)
        self._take(choice, f"Say that {counted(len(chosen), 'picture')} {_are(len(chosen))} {name}")

    def pop_up(self, place: QPoint) -> None:
        """Show all that can be done at a place on the screen."""
        self._shown(self.menu()).popup(place)

    def pop_up_classes(self, place: QPoint) -> None:
        """Show the classes that the chosen samples may be of."""
        menu = self._shown(RoundMenu(parent=self._window))
        self._add_classes(menu)
        menu.popup(place)

    def menu(self) -> QMenu:
        """All that can be done with the chosen samples."""
        menu = RoundMenu(parent=self._window)
        classes = menu.addMenu(self._theme.icon("pencil"), "Another class\tF2")
        self._add_classes(classes)
        chosen = self._locators
        names = () if self._data is None else self._data.catalog.class_names
        # Pictures that as a whole are of no class are all of one.
        classes.setEnabled(bool(chosen) and len(names) > 1)
        known = frozenset(corrections.corrected(self._document.project.data))
        self._entry(menu, "x", "Leave out\tDel", self.leave_out, bool(chosen))
        is_corrected = not known.isdisjoint(chosen)
        self._entry(menu, "rotate-ccw", "Put back\tBackspace", self.put_back, is_corrected)
        menu.addSeparator()
        file = self._file()
        self._entry(menu, "folder-open", "Show in folder", self.show_in_folder, file is not None)
        self._entry(menu, "copy", "Copy path", self.copy_path, file is not None)
        menu.addSeparator()
        self._entry(menu, "download", "Save corrections as CSV…", self.ask_where_to_save, bool(known))
        return menu

    @Slot()
    def show_in_folder(self) -> None:
        """Open the folder of the first chosen sample in the system's file manager."""
        file = self._file()
        if file is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(file.parent)))

    @Slot()
    def copy_path(self) -> None:
        """Put the paths of the chosen samples on the clipboard, a line each."""
        choice = self._document.project.data
        paths = [file_of(choice, locator) for locator in self._locators]
        QGuiApplication.clipboard().setText("\n".join(str(path) for path in paths if path is not None))

    @Slot()
    def ask_where_to_save(self) -> None:
        """Let the person choose the file of the corrections."""
        dialog = FileDialog(self._window, "Save the corrections", "exports", Path.home())
        dialog.setNameFilter("CSV (*.csv)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.selectFile("corrections.csv")
        dialog.fileSelected.connect(self._on_file_chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def close_jobs(self) -> None:
        """Wait for the file that is written."""
        self._jobs.close()

    def _file(self) -> Path | None:
        chosen = self._locators[:1]
        return file_of(self._document.project.data, chosen[0]) if chosen else None

    def _add_classes(self, menu: QMenu) -> None:
        for name in self._data.catalog.class_names if self._data is not None else ():
            self._entry(menu, "", name.replace("&", "&&"), partial(self.relabel, name))

    def _entry(
        self, menu: QMenu, icon: str, text: str, call: Callable[[], object], enabled: bool = True
    ) -> None:
        action = menu.addAction(text)
        if icon:
            action.setIcon(self._theme.icon(icon))
        action.setEnabled(enabled)
        action.triggered.connect(lambda: call())

    def _shown(self, menu: QMenu) -> QMenu:
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _apply(self, edit: Callable[[DataChoice, Sequence[str]], DataChoice], verb: str) -> None:
        chosen = self._locators
        if chosen:
            choice = edit(self._document.project.data, chosen)
            self._take(choice, f"{verb} {counted(len(chosen), 'picture')}")

    def _take(self, choice: DataChoice, text: str) -> None:
        self._document.apply(text, self._document.project.with_data(choice))

    @Slot(str)
    def _on_file_chosen(self, name: str) -> None:
        data, path = self._data, Path(name)
        if data is not None:
            self._jobs.submit(lambda: _saved(data, path))


def _saved(data: Dataset, path: Path) -> str:
    table = corrections.as_csv(data.choice, classes_before(data))
    write_text_atomically(path, table)
    return f"Saved {counted(table.count(chr(10)) - 1, 'correction')} to {path.name}."


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
