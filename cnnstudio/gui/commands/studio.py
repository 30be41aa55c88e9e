"""What a command may use of the window."""

from typing import TYPE_CHECKING, Protocol

from cnnstudio.gui.document.document import Document
from cnnstudio.gui.document.session import TrainingSession
from cnnstudio.gui.widgets.message_bar import Severity
from cnnstudio.gui.window.appearance import Appearance
from cnnstudio.gui.window.pages import Pages
from cnnstudio.gui.window.project_files import ProjectFiles
from cnnstudio.gui.window.questions import Questions
from cnnstudio.gui.window.training_start import TrainingStart

if TYPE_CHECKING:
    from cnnstudio.gui.window.export import ExportDialogs


class Studio(Protocol):
    """The window as commands see it; `MainWindow` is one."""

    @property
    def document(self) -> Document: ...
    @property
    def files(self) -> ProjectFiles: ...
    @property
    def pages(self) -> Pages: ...
    @property
    def training(self) -> TrainingSession: ...
    @property
    def starter(self) -> TrainingStart: ...
    @property
    def exports(self) -> "ExportDialogs": ...
    @property
    def questions(self) -> Questions: ...
    @property
    def appearance(self) -> Appearance: ...

    def show_message(self, severity: Severity, text: str) -> None:
        """Say something in the message bar."""

    def put_on_clipboard(self, text: str) -> None:
        """Copy a text for this and other programs."""

    def clipboard_text(self) -> str:
        """What was copied last, as text."""

    def show_commands(self) -> None:
        """Open the command palette."""

    def show_shortcuts(self) -> None:
        """Open the sheet of all shortcuts."""

    def close(self) -> bool:
        """Close the window, with its questions."""
