"""New, open and save: what stands between the document and the disk, and never loses work unasked."""

import re
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from cnnstudio.core.network import Network
from cnnstudio.core.project import Project
from cnnstudio.core.project.training import TrainingSettings
from cnnstudio.core.project.unknown import sentence_about
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.files.kinds import MODELS_FILTER, PROJECTS_FILTER
from cnnstudio.engine.files.projects import SUFFIX, content_stamp, open_project, save_project
from cnnstudio.engine.training.start_weights import Fit, fit_of_own
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.document.jobs import BackgroundJobs
from cnnstudio.gui.widgets.file_dialog import FileDialog
from cnnstudio.gui.widgets.message_box import set_margins, set_variant
from cnnstudio.gui.window.changed_on_disk import ask_about_changed_file
from cnnstudio.gui.window.settings import Settings

_Step = Callable[[], None]


class ImportedModel(Struct, frozen=True):
    """A Keras model read as a network; `notes` says in words what was left out.

    `fit` tells which layers begin with the file's own weights; `None` where none does.
    """

    name: str
    network: Network
    notes: str
    fit: Fit | None


def _imported(path: Path) -> ImportedModel:
    """Runs in a worker thread."""
    from cnnstudio.engine.importers import import_model

    result = import_model(path)
    return ImportedModel(path.name, result.network, " ".join(result.notes), fit_of_own(result.network, path))


def _start(fit: Fit | None) -> str:
    """What training starts from, in short where that is all there is."""
    if fit is None:
        return ""
    return f"Training starts: {fit.sentence()}" if fit.random else "Training starts from its weights."


class ProjectFiles(QObject):
    """Reads and writes project files for the document. Dialogs are shown without blocking.

    Signals:
        failed(str): one sentence for a person.
        done(str): what was written or opened, for the status line.
        warned(str): what was opened, and what of it has no effect.
    """

    failed = Signal(str)
    done = Signal(str)
    warned = Signal(str)

    def __init__(self, document: Document, settings: Settings, window: QWidget) -> None:
        super().__init__(window)
        self._document = document
        self._settings = settings
        self._window = window
        self._then: _Step | None = None
        # The file as it was when it was last read or written here.
        self._known: tuple[Path | None, str | None] = (None, None)
        self._imports = BackgroundJobs(self)
        self._imports.finished.connect(self._on_imported)
        self._imports.failed.connect(self.failed)
        document.opened.connect(self._on_opened)

    def begin(self, project: Project, title: str) -> None:
        """Begin with a project that is in no file yet, after asking about unsaved work."""
        self.after_asking(lambda: self._document.open(project, None, title))

    @Slot()
    def import_model(self) -> None:
        """Let the person choose a Keras model to begin with, after asking about unsaved work."""
        self.after_asking(self._choose_and_import)

    @Slot()
    def open(self) -> None:
        """Let the person choose a project file, after asking about unsaved work."""
        self.after_asking(self._choose_and_open)

    def open_path(self, path: Path) -> None:
        """Open this project file, after asking about unsaved work."""
        self.after_asking(lambda: self._read(path))

    @Slot()
    def save(self) -> None:
        """Save to the project's file, or ask for one; ask too where the file has changed meanwhile."""
        path = self._document.path
        if path is None:
            self.save_as()
        elif self._is_another(path):
            ask_about_changed_file(
                path.name,
                overwrite=lambda: self._write(path),
                reload=lambda: self._reload(path),
                save_as=self.save_as,
                give_up=self._give_up,
                window=self._window,
            )
        else:
            self._write(path)

    @Slot()
    def save_as(self) -> None:
        """Ask for a file and save to it."""
        dialog = FileDialog(self._window, "Save the project", "projects", Path.home())
        dialog.setNameFilter(PROJECTS_FILTER)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(SUFFIX.removeprefix("."))
        dialog.selectFile(self._proposed_name())
        dialog.fileSelected.connect(self._on_save_chosen)
        dialog.rejected.connect(self._give_up)
        _open(dialog)

    def close_jobs(self) -> None:
        """End the thread that reads models; call it before the window goes."""
        self._imports.close()

    def after_asking(self, step: _Step) -> None:
        """Do `step` at once, or after the person has saved or given up the unsaved changes."""
        if not self._document.is_modified:
            step()
            return
        self._then = step
        box = QMessageBox(
            QMessageBox.Icon.NoIcon,
            "Unsaved changes",
            f"{self._title()} has changes that are not saved.",
            QMessageBox.StandardButton.Save
            | QMessageBox.StandardButton.Discard
            | QMessageBox.StandardButton.Cancel,
            self._window,
        )
        box.setInformativeText("Save them first?")
        box.setDefaultButton(QMessageBox.StandardButton.Save)
        set_variant(box.button(QMessageBox.StandardButton.Save), "primary")
        set_variant(box.button(QMessageBox.StandardButton.Discard), "danger")
        set_margins(box)
        box.finished.connect(self._on_answered)
        _open(box)

    @Slot(int)
    def _on_answered(self, answer: int) -> None:
        if answer == QMessageBox.StandardButton.Save:
            self.save()
        elif answer == QMessageBox.StandardButton.Discard:
            self._go_on()
        else:
            self._then = None

    def _go_on(self) -> None:
        step, self._then = self._then, None
        if step is not None:
            step()

    def _choose_and_import(self) -> None:
        dialog = FileDialog(self._window, "Import a Keras model", "models", self._folder())
        dialog.setNameFilter(MODELS_FILTER)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._on_import_chosen)
        _open(dialog)

    @Slot(str)
    def _on_import_chosen(self, name: str) -> None:
        path = Path(name)
        self._imports.submit(lambda: _imported(path))

    @Slot(object)
    def _on_imported(self, imported: ImportedModel) -> None:
        fit = imported.fit
        training = TrainingSettings(start_from=fit.reference if fit else None)
        project = Project(network=imported.network, training=training, notes=imported.notes)
        self._document.open(project, None, Path(imported.name).stem)
        # It is in no project file yet, so there is something to lose.
        self._document.undo_stack.resetClean()
        self.done.emit(" ".join(filter(None, (f"Imported {imported.name}.", _start(fit), imported.notes))))

    def _choose_and_open(self) -> None:
        dialog = FileDialog(self._window, "Open a project", "projects", self._folder())
        dialog.setNameFilter(PROJECTS_FILTER)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._on_open_chosen)
        _open(dialog)

    @Slot(str)
    def _on_open_chosen(self, name: str) -> None:
        self._read(Path(name))

    def _read(self, path: Path) -> None:
        if self._show(lambda: open_project(path), path):
            self._settings.remember(path)
            opened, unknown = f"Opened {path.name}.", sentence_about(self._document.project.unknown)
            if unknown:
                self.warned.emit(f"{opened} {unknown}")
            else:
                self.done.emit(opened)

    def _show(self, read: Callable[[], Project], path: Path | None) -> bool:
        try:
            project = read()
        except StudioError as error:
            self.failed.emit(str(error))
            return False
        self._document.open(project, path)
        return True

    @Slot(str)
    def _on_save_chosen(self, name: str) -> None:
        self._write(Path(name))

    @Slot()
    def _give_up(self) -> None:
        self._then = None

    def _reload(self, path: Path) -> None:
        self._give_up()
        self._read(path)

    def _is_another(self, path: Path) -> bool:
        """Whether something that was not read here would be overwritten."""
        known, stamp = self._known
        now = content_stamp(path)
        return path == known and now is not None and now != stamp

    @Slot()
    def _on_opened(self) -> None:
        path = self._document.path
        self._known = (path, None if path is None else content_stamp(path))

    def _write(self, path: Path) -> None:
        try:
            save_project(self._document.project, path)
        except StudioError as error:
            self._then = None
            self.failed.emit(str(error))
            return
        self._document.saved_as(path)
        self._known = (path, content_stamp(path))
        self._settings.remember(path)
        self.done.emit(f"Saved {path.name}.")
        self._go_on()

    def _title(self) -> str:
        return self._document.title

    def _folder(self) -> Path:
        return self._document.path.parent if self._document.path else Path.home()

    def _proposed_name(self) -> str:
        return str(self._document.path or f"{_file_name(self._document.title)}{SUFFIX}")


def _file_name(title: str) -> str:
    """`untitled`, `small-u-net`: a title as the name of a file."""
    return re.sub(r"[^\w.-]+", "-", title.lower()).strip("-.") or "network"


def _open(dialog: QFileDialog | QMessageBox) -> None:
    """Show a dialog that cleans up after itself, without a nested event loop."""
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
