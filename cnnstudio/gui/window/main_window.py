"""The window: it arranges the pages and routes commands and messages, nothing more."""

from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QMainWindow, QVBoxLayout, QWidget

from cnnstudio.engine.files.recovery import Recovery
from cnnstudio.engine.training.events import BatchEnded, Event
from cnnstudio.gui.commands.actions import ACTIONS
from cnnstudio.gui.commands.studio_action import dress_actions, fill_menu, make_actions, refresh_actions
from cnnstudio.gui.document.current_run import CurrentRun
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.document.selection import Selection
from cnnstudio.gui.document.session import TrainingSession
from cnnstudio.gui.pages import PageContext
from cnnstudio.gui.pages.builder.arrangement import restore_arrangement, save_arrangement
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.file_dialog import PURPOSES, folders_of, set_folders
from cnnstudio.gui.widgets.floating import Floating
from cnnstudio.gui.widgets.message_bar import MessageBar, Severity
from cnnstudio.gui.widgets.reading_order import move_focus
from cnnstudio.gui.widgets.round_menu import RoundMenu
from cnnstudio.gui.window.appearance import Appearance
from cnnstudio.gui.window.autosave import Autosave
from cnnstudio.gui.window.closing import Closing
from cnnstudio.gui.window.header import Header
from cnnstudio.gui.window.notices import Notices
from cnnstudio.gui.window.opening import Opening
from cnnstudio.gui.window.pages import Pages
from cnnstudio.gui.window.project_files import ProjectFiles
from cnnstudio.gui.window.questions import Questions
from cnnstudio.gui.window.recovery_bar import RecoveryBar
from cnnstudio.gui.window.selection_bar import SelectionBar
from cnnstudio.gui.window.settings import Settings
from cnnstudio.gui.window.training_start import TrainingStart

if TYPE_CHECKING:
    from cnnstudio.gui.window.export import ExportDialogs


_SIZE = QSize(1440, 900)
"""At the first start, where the screen has room for it."""
_FRAME = QSize(0, 40)
"""What the desktop's title bar takes at most."""


class MainWindow(QMainWindow):
    """Header, message bars, the pages over one document, and the bar of what is selected.

    The parts that are declared here are what the rows of `ACTIONS` use.
    """

    document: Document
    training: TrainingSession
    files: ProjectFiles
    pages: Pages
    questions: Questions
    appearance: Appearance
    starter: TrainingStart

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
        self.training = TrainingSession(self)
        self.files = ProjectFiles(document, settings, self)
        self.autosave = Autosave(document, self, recovery_folder)
        self.run = CurrentRun(document, self.training, runs_folder, self)
        self.selection = Selection(document, self)
        context = PageContext(document, self.training, self.run, theme, settings, self.selection)
        self.pages = Pages(context, self.files, self)
        self.questions = Questions(document, self)
        self.appearance = Appearance(theme, settings, self.pages.build.previews)
        self.actions_by_id = make_actions(ACTIONS, self)
        self.messages = MessageBar(theme, self)
        self.notices = Notices(self.messages, document, self)
        self.starter = TrainingStart(document, self.training, self.pages, self.notices, self.run)
        self.opening = Opening(self.pages, self.files, self)
        self.recovery_bar = RecoveryBar(theme, self)
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
        from cnnstudio.gui.window.export import ExportDialogs

        exports = ExportDialogs(self.document, self)
        exports.failed.connect(self.notices.fail)
        exports.done.connect(self.notices.inform)
        return exports

    def show_page(self, page: str) -> None:
        """Show the page of that key."""
        self.pages.show_page(page)

    def show_message(self, severity: Severity, text: str) -> None:
        """Say something in the message bar."""
        self.notices.show(severity, text)

    @Slot(str, str)
    def show_unexpected(self, sentence: str, details: str) -> None:
        """Say that the studio itself failed; work goes on."""
        self.notices.show("error", f"Something went wrong inside the studio ({sentence}).", details)

    def open_path(self, path: Path) -> None:
        """Open whatever it is: a project, weights, a picture, or the folder of a run."""
        self.opening.open_path(path)

    def put_on_clipboard(self, text: str) -> None:
        """Copy a text for this and other programs."""
        self.notices.dismiss()
        QApplication.clipboard().setText(text)

    def clipboard_text(self) -> str:
        """What was copied last, as text."""
        return QApplication.clipboard().text()

    def show_commands(self) -> None:
        """Open the command palette in the middle of the window."""
        from cnnstudio.gui.commands.command_palette import CommandPalette

        self._dress_actions()
        palette = CommandPalette(list(self.actions_by_id.values()), self.theme, self)
        middle = self.mapToGlobal(self.rect().center())
        palette.move(middle.x() - palette.width() // 2, self.mapToGlobal(self.rect().topLeft()).y() + 90)
        palette.open()
        palette.search.setFocus()

    def show_shortcuts(self) -> None:
        """Open the sheet of all shortcuts."""
        from cnnstudio.gui.commands.shortcut_sheet import ShortcutSheet

        ShortcutSheet(ACTIONS, self.theme, self).open()

    def _lay_out(self) -> None:
        self._menu = RoundMenu(parent=self)
        fill_menu(self._menu, self.actions_by_id.values())
        self.header = Header(self.document, self.training, self.theme, self.actions_by_id, self._menu, self)
        root = QWidget(self)
        column = QVBoxLayout(root)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.header, self.recovery_bar):
            column.addWidget(widget)
        column.addWidget(self.pages, 1)
        self.selection_bar = SelectionBar(
            self.selection, self.document, self.run, self.training, self.theme, root
        )
        column.addWidget(self.selection_bar)
        Floating(self.messages, root, self.theme, above=self.selection_bar)
        self.setCentralWidget(root)
        self.setMinimumSize(960, 620)

    def _connect(self) -> None:
        QShortcut(QKeySequence("F10"), self).activated.connect(self._on_menu_key)
        self.header.page_chosen.connect(self.pages.show_page)
        self._menu.aboutToShow.connect(self._dress_actions)
        self.training.running_changed.connect(self._refresh_actions)
        self._connect_document()
        self._connect_pages()
        self._connect_previews()
        self._connect_files()
        self.opening.leave_pictures_to(self.selection_bar)
        self.selection_bar.failed.connect(self.notices.fail)

    def _connect_document(self) -> None:
        self.document.undo_stack.indexChanged.connect(self._refresh_actions)
        self.document.selection_changed.connect(self._refresh_actions)
        self.document.file_changed.connect(self._on_file_changed)
        self.document.opened.connect(self._on_opened)

    def _connect_pages(self) -> None:
        self.pages.page_shown.connect(self._on_page_shown)
        self.pages.message.connect(self._on_page_message)
        self.pages.train_requested.connect(self.starter.start)
        self.pages.build.stack.refused.connect(self.notices.warn)
        table = self.pages.build.panel.table
        table.show_columns(self.settings.columns)
        table.columns_changed.connect(self.settings.set_columns)
        self.questions.weights_chosen.connect(self.notices.dismiss)
        self.questions.weights_chosen.connect(self.pages.inspect_file)

    def _connect_previews(self) -> None:
        previews = self.pages.build.previews
        self.training.running_changed.connect(previews.set_training)
        self.selection.changed.connect(self._on_selection_changed)
        self.run.changed.connect(self._show_weights)
        self.run.told.connect(self._on_told)

    def _connect_files(self) -> None:
        self.files.failed.connect(self.notices.fail)
        self.files.done.connect(self.notices.inform)
        self.files.warned.connect(self.notices.warn)
        self.opening.begun.connect(self.notices.dismiss)
        self.opening.refused.connect(self.notices.warn)
        self.autosave.failed.connect(self.notices.warn_of_news)
        self.autosave.found.connect(self.recovery_bar.offer)
        self.recovery_bar.restore_requested.connect(self._on_restore_requested)
        self.recovery_bar.discard_requested.connect(self.autosave.discard)
        self._closing.waiting.connect(self._on_closing_waits)
        self._closing.agreed.connect(self._on_closing_agreed)

    def _restore(self) -> None:
        geometry = self.settings.layout("window")
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(_SIZE.boundedTo(self.screen().availableSize() - _FRAME))
        restore_arrangement(self.pages.build, self.settings)
        remembered = {purpose: self.settings.folder(purpose) for purpose in PURPOSES}
        set_folders(self, {purpose: folder for purpose, folder in remembered.items() if folder is not None})

    @Slot()
    def _refresh_actions(self) -> None:
        refresh_actions(self.actions_by_id, self.document.undo_stack)

    @Slot()
    def _dress_actions(self) -> None:
        dress_actions(self.actions_by_id.values(), self.theme)

    @Slot()
    def _on_file_changed(self) -> None:
        self.setWindowTitle(f"{self.document.title}[*] - CNN Studio")
        self.setWindowModified(self.document.is_modified)

    @Slot()
    def _on_opened(self) -> None:
        self.show_page("build")

    @Slot(str)
    def _on_page_shown(self, page: str) -> None:
        self.header.show_page(page)
        self._refresh_actions()

    @Slot()
    def _on_menu_key(self) -> None:
        self.header.menu_button.showMenu()

    @Slot(object)
    def _on_restore_requested(self, recovery: Recovery) -> None:
        self.files.after_asking(partial(self.autosave.restore, recovery))

    @Slot()
    def _show_weights(self) -> None:
        self.pages.build.previews.set_weights(self.run.weights_of(self.selection.checkpoint))

    @Slot()
    def _on_selection_changed(self) -> None:
        self.pages.build.previews.set_picture(self.selection.picture)
        self._show_weights()

    @Slot(object)
    def _on_told(self, event: Event) -> None:
        if not isinstance(event, BatchEnded):
            self._show_weights()

    @Slot(str, str)
    def _on_page_message(self, severity: Severity, text: str) -> None:
        # While Build is shown another page speaks of what goes on behind it, such as a training.
        self.notices.show(severity, text, is_news=self.pages.key == "build")

    def focusNextPrevChild(self, forward: bool) -> bool:
        return move_focus(self, forward)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.messages.isVisible():
            self.messages.hide()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._may_close:
            event.ignore()
            self._closing.ask()
            return
        self.notices.stop()
        self.training.stop_and_wait()
        self.run.close()
        self.pages.close_jobs()
        self.selection_bar.close_jobs()
        if "exports" in vars(self):
            self.exports.close_jobs()
        self.files.close_jobs()
        self.autosave.close()
        self.settings.set_layout("window", self.saveGeometry())
        save_arrangement(self.pages.build, self.settings)
        for purpose, folder in folders_of(self).items():
            self.settings.set_folder(purpose, folder)
        event.accept()

    @Slot()
    def _on_closing_waits(self) -> None:
        self.notices.inform("Stopping the training…")

    @Slot()
    def _on_closing_agreed(self) -> None:
        self._may_close = True
        self.close()
