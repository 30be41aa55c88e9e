"""The window: it arranges the pages and routes commands and messages, nothing more."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QInputDialog,
    QMainWindow,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from cnnstudio.core.errors import StudioError
from cnnstudio.engine.events import CheckpointSaved, Event
from cnnstudio.engine.recovery import Recovery
from cnnstudio.engine.runs import default_runs_folder, new_run_folder
from cnnstudio.gui.actions import ACTIONS, StudioAction, make_actions
from cnnstudio.gui.autosave import Autosave
from cnnstudio.gui.build import edits
from cnnstudio.gui.closing import Closing
from cnnstudio.gui.command_palette import CommandPalette
from cnnstudio.gui.document import Document
from cnnstudio.gui.header import Header
from cnnstudio.gui.pages import PAGES, Pages
from cnnstudio.gui.project_files import ProjectFiles
from cnnstudio.gui.recovery_bar import RecoveryBar
from cnnstudio.gui.settings import Settings
from cnnstudio.gui.shortcut_sheet import ShortcutSheet
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.training import TrainingSession
from cnnstudio.gui.widgets.message_bar import MessageBar, Severity

if TYPE_CHECKING:
    from cnnstudio.gui.export import ExportDialogs

_NOTICE_MS = 4_000
WEIGHT_SUFFIXES = (".h5", ".hdf5", ".keras")
PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp")


class MainWindow(QMainWindow):
    """Header, message bars and the pages over one document."""

    document: Document
    files: ProjectFiles
    pages: Pages
    training: TrainingSession

    def __init__(
        self,
        document: Document,
        theme: Theme,
        settings: Settings,
        runs_folder: Path | None = None,
        recovery_folder: Path | None = None,
    ) -> None:
        super().__init__()
        self.document, self.theme, self.settings = document, theme, settings
        self.runs_folder = runs_folder or default_runs_folder()
        self.training = TrainingSession(self)
        self.files = ProjectFiles(document, settings, self)
        self.autosave = Autosave(document, self, recovery_folder)
        self.pages = Pages(document, self.training, self.files, theme, settings, self)
        self.actions_by_id = make_actions(self)
        self.messages = MessageBar(theme, self)
        self.recovery_bar = RecoveryBar(theme, self)
        self._recovery: Recovery | None = None
        self._notice = QTimer(self, singleShot=True, interval=_NOTICE_MS)
        self._closing = Closing(self.files, self.training, self)
        self._may_close = False
        self._lay_out()
        self._connect()
        self._restore()
        self._refresh_actions()
        self._on_file_changed()
        self.pages.build.stack.setFocus()

    @cached_property
    def exports(self) -> "ExportDialogs":
        """What writes pictures and code, made when it is first wanted."""
        from cnnstudio.gui.export import ExportDialogs

        exports = ExportDialogs(self.document, self)
        exports.failed.connect(self._on_failed)
        exports.done.connect(self._on_done)
        return exports

    def show_page(self, page: str) -> None:
        """Show the page of that key."""
        self.pages.show_page(page)

    @Slot(str, str)
    def show_message(self, severity: Severity, text: str, details: str = "") -> None:
        """Say something in the bar; good news goes away by itself."""
        self.messages.show_message(severity, text, details)
        if severity == "info":
            self._notice.start()
        else:
            self._notice.stop()

    @Slot(str, str)
    def show_unexpected(self, sentence: str, details: str) -> None:
        """Say that the studio itself failed; work goes on."""
        self.show_message("error", f"Something went wrong inside the studio ({sentence}).", details)

    def start_training(self) -> None:
        """Train the project as it stands into a new run folder, and show its curves."""
        if self.training.is_running:
            return
        problem = next((one for one in self.document.findings if one.severity == "error"), None)
        if problem is not None:
            self.show_page("build")
            self.document.select((problem.layer,) if problem.layer else ())
            self.show_message("error", f"This cannot be trained yet. {problem.message}")
            return
        name = self.document.path.stem if self.document.path else "sample"
        try:
            folder = new_run_folder(self.runs_folder, name)
        except StudioError as error:
            self.show_message("error", str(error))
            return
        self.messages.hide()
        self.show_page("train")
        self.training.start(self.document.project, folder)

    def open_path(self, path: Path) -> None:
        """Open whatever the file is: a project, weights, or a picture."""
        if path.suffix.lower() in (*WEIGHT_SUFFIXES, *PICTURE_SUFFIXES):
            self.pages.inspect_file(path)
        else:
            self.files.open_path(path)

    def choose_weights(self) -> None:
        """Let the person choose a weights file to inspect."""
        dialog = QFileDialog(self, "Open weights", "", "Keras weights (*.h5 *.hdf5 *.keras);;All files (*)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._on_weights_chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def put_on_clipboard(self, text: str) -> None:
        """Copy a text for this and other programs."""
        QApplication.clipboard().setText(text)

    def clipboard_text(self) -> str:
        """What was copied last, as text."""
        return QApplication.clipboard().text()

    def ask_how_often(self) -> None:
        """Ask how many times the selected layers shall stand, and repeat them."""
        dialog = QInputDialog(self)
        dialog.setWindowTitle("Repeat layers")
        dialog.setLabelText("How many times they shall stand one after the other:")
        dialog.setInputMode(QInputDialog.InputMode.IntInput)
        dialog.setIntRange(2, 100)
        dialog.intValueSelected.connect(self._on_repeat_chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def search_palette(self) -> None:
        """Put the keyboard into the palette's search field."""
        self.show_page("build")
        self.pages.build.palette_panel.search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def toggle_theme(self) -> None:
        """Go from light to dark or back, and remember it."""
        self.theme.toggle()
        self.settings.theme_mode = self.theme.mode

    def toggle_previews(self) -> None:
        """Show the pictures in the blocks or hide them, and remember it."""
        self.settings.previews = not self.settings.previews
        self.pages.build.previews.set_on(self.settings.previews)

    def follow_system_theme(self) -> None:
        """Be light or dark as the desktop is, and remember it."""
        self.theme.set_mode("system")
        self.settings.theme_mode = "system"

    def scale_text(self, factor: float) -> None:
        """Make all text larger or smaller, and remember it."""
        self.settings.text_scale = self.theme.text_scale * factor
        self.theme.set_text_scale(self.settings.text_scale)

    def quit(self) -> None:
        """Close the window, with its questions."""
        self.close()

    def show_commands(self) -> None:
        """Open the command palette in the middle of the window."""
        palette = CommandPalette(list(self.actions_by_id.values()), self.theme, self)
        middle = self.mapToGlobal(self.rect().center())
        palette.move(middle.x() - palette.width() // 2, self.mapToGlobal(self.rect().topLeft()).y() + 90)
        palette.open()
        palette.search.setFocus()

    def show_shortcuts(self) -> None:
        """Open the sheet of all shortcuts."""
        ShortcutSheet(ACTIONS, self.theme, self).open()

    def _lay_out(self) -> None:
        self._menu = QMenu(self)
        self._fill_menu()
        self.header = Header(self.document, self.training, self.theme, self.actions_by_id, self._menu, self)
        root = QWidget(self)
        column = QVBoxLayout(root)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.header, self.recovery_bar, self.messages):
            column.addWidget(widget)
        column.addWidget(self.pages, 1)
        self.setCentralWidget(root)
        self.setAcceptDrops(True)
        self.setMinimumSize(960, 620)

    def _fill_menu(self) -> None:
        menus: dict[str, QMenu] = {}
        for action in self.actions_by_id.values():
            menu = menus.get(action.spec.menu) or self._menu.addMenu(action.spec.menu)
            menus[action.spec.menu] = menu
            if action.spec.starts_group:
                menu.addSeparator()
            menu.addAction(action)

    def _connect(self) -> None:
        QShortcut(QKeySequence("F10"), self).activated.connect(self._on_menu_key)
        self.header.page_chosen.connect(self.pages.show_page)
        self.theme.changed.connect(self._refresh_actions)
        self.training.running_changed.connect(self._refresh_actions)
        self._notice.timeout.connect(self.messages.hide)
        self._connect_document()
        self._connect_pages()
        self._connect_previews()
        self._connect_files()

    def _connect_document(self) -> None:
        self.document.undo_stack.indexChanged.connect(self._refresh_actions)
        self.document.selection_changed.connect(self._refresh_actions)
        self.document.file_changed.connect(self._on_file_changed)
        self.document.opened.connect(self._on_opened)

    def _connect_pages(self) -> None:
        self.pages.page_shown.connect(self._on_page_shown)
        self.pages.message.connect(self.show_message)
        self.pages.train_requested.connect(self.start_training)
        self.pages.build.stack.refused.connect(self._on_refused)

    def _connect_previews(self) -> None:
        previews = self.pages.build.previews
        previews.set_on(self.settings.previews)
        self.training.running_changed.connect(previews.set_training)
        self.training.happened.connect(self._on_training_event)

    def _connect_files(self) -> None:
        self.files.failed.connect(self._on_failed)
        self.files.done.connect(self._on_done)
        self.autosave.failed.connect(self._on_refused)
        self.autosave.found.connect(self._on_recovery_found)
        self.recovery_bar.restore_requested.connect(self._on_restore_requested)
        self.recovery_bar.discard_requested.connect(self._on_discard_requested)
        self._closing.waiting.connect(self._on_closing_waits)
        self._closing.agreed.connect(self._on_closing_agreed)

    def _restore(self) -> None:
        geometry = self.settings.layout("window")
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(1440, 900)

    @Slot()
    def _refresh_actions(self) -> None:
        for action in self.actions_by_id.values():
            action.refresh()
            if action.spec.icon:
                action.setIcon(self.theme.icon(action.spec.icon))
        self._name_undo(self.actions_by_id["undo"], "Undo", self.document.undo_stack.undoText())
        self._name_undo(self.actions_by_id["redo"], "Redo", self.document.undo_stack.redoText())

    @staticmethod
    def _name_undo(action: StudioAction, verb: str, step: str) -> None:
        action.setText(f"{verb}: {step}" if step else verb)

    @Slot()
    def _on_file_changed(self) -> None:
        path = self.document.path
        self.setWindowTitle(f"{path.name if path else 'Sample project'}[*] - CNN Studio")
        self.setWindowModified(self.document.is_modified)

    @Slot()
    def _on_opened(self) -> None:
        self.show_page("build")

    @Slot(str)
    def _on_page_shown(self, page: str) -> None:
        if page in dict(PAGES):
            self.header.show_page(page)
        self._refresh_actions()

    @Slot()
    def _on_menu_key(self) -> None:
        self.header.menu_button.showMenu()

    @Slot(object)
    def _on_recovery_found(self, recovery: Recovery) -> None:
        self._recovery = recovery
        self.recovery_bar.offer(recovery)

    @Slot()
    def _on_restore_requested(self) -> None:
        recovery = self._recovery
        if recovery is not None:
            self.files.after_asking(lambda: self.autosave.restore(recovery))

    @Slot()
    def _on_discard_requested(self) -> None:
        if self._recovery is not None:
            self.autosave.discard(self._recovery)

    @Slot(object)
    def _on_training_event(self, event: Event) -> None:
        if isinstance(event, CheckpointSaved):
            self.pages.build.previews.set_weights(event.path)

    @Slot(int)
    def _on_repeat_chosen(self, times: int) -> None:
        edits.repeat_selected(self.document, times)

    @Slot(str)
    def _on_refused(self, sentence: str) -> None:
        self.show_message("warning", sentence)

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        self.show_message("error", sentence)

    @Slot(str)
    def _on_done(self, sentence: str) -> None:
        self.show_message("info", sentence)

    @Slot(str)
    def _on_weights_chosen(self, name: str) -> None:
        self.pages.inspect_file(Path(name))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped_file(event) is not None:
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if _dropped_file(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = _dropped_file(event)
        if path is not None:
            event.acceptProposedAction()
            self.open_path(path)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._may_close:
            event.ignore()
            self._closing.ask()
            return
        self._notice.stop()
        self.training.stop_and_wait()
        self.pages.close_jobs()
        if "exports" in vars(self):
            self.exports.close_jobs()
        self.files.close_jobs()
        self.autosave.close()
        self.settings.set_layout("window", self.saveGeometry())
        event.accept()

    @Slot()
    def _on_closing_waits(self) -> None:
        self.show_message("info", "Stopping the training…")

    @Slot()
    def _on_closing_agreed(self) -> None:
        self._may_close = True
        self.close()


def _dropped_file(event: QDropEvent) -> Path | None:
    urls = event.mimeData().urls()
    return Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None
