"""The code pane of the Build page: the network as Keras code, in step with the selection."""

from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cnnstudio.core.keras_format.code import CodeLine, code_text, keras_code
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.document.jobs import BackgroundJobs
from cnnstudio.gui.pages.builder.code.view import CodeView
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.labels import label
from cnnstudio.gui.widgets.push_button import PushButton


class CodePane(QWidget):
    """Each line that makes a layer selects its block; the selected blocks' lines are marked.

    The script is written in the background, and only while the pane is shown. Call `close_jobs` before the
    window goes.
    """

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._lines: tuple[CodeLine, ...] = ()
        self._line_of: dict[str, int] = {}
        self._is_current = False
        self._reveals = True
        self._is_choosing = False
        self._is_another = False
        self._jobs = BackgroundJobs(self)
        self.view = CodeView(theme, self)
        self.copy_button = PushButton(theme, "Copy all", "copy", "quiet", self)
        self._lay_out()
        self._connect()

    @Slot()
    def copy_all(self) -> None:
        """Put the whole script on the clipboard."""
        QGuiApplication.clipboard().setText(code_text(keras_code(self._document.network)))

    def close_jobs(self) -> None:
        """Wait for what is being written."""
        self._jobs.close()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._is_current:
            self._request()

    def _lay_out(self) -> None:
        heading = QHBoxLayout()
        heading.addWidget(label("Keras code", "heading", self))
        heading.addStretch(1)
        heading.addWidget(self.copy_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(15, 10, 15, 12)
        column.setSpacing(6)
        column.addLayout(heading)
        column.addWidget(self.view, 1)

    def _connect(self) -> None:
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("surface", "panel")
        self.copy_button.setToolTip("Copy the whole script")
        self.copy_button.clicked.connect(self.copy_all)
        self.view.lines_chosen.connect(self._on_lines_chosen)
        self._jobs.finished.connect(self._on_written)
        self._jobs.failed.connect(self._on_failed)
        self._document.opened.connect(self._on_opened)
        self._document.changed.connect(self._on_changed)
        self._document.selection_changed.connect(self._on_selection_changed)

    def _request(self) -> None:
        self._is_current = True
        self._jobs.submit(partial(keras_code, self._document.network))

    def _mark(self) -> None:
        marked = [self._line_of[name] for name in self._document.selection if name in self._line_of]
        self.view.mark(marked)
        if marked and self._reveals:
            self.view.reveal(marked[-1])
        self._reveals = False

    @Slot(object)
    def _on_written(self, lines: tuple[CodeLine, ...]) -> None:
        self._lines = lines
        self._line_of = {line.layer: at for at, line in enumerate(lines) if line.layer is not None}
        self.view.set_lines([line.text for line in lines])
        if self._is_another:
            self._is_another = False
            self.view.show_top()
        self._mark()

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        self._on_written((CodeLine(f"# {sentence}"),))

    @Slot()
    def _on_opened(self) -> None:
        self._is_another = True

    @Slot(object)
    def _on_changed(self, _project: object) -> None:
        self._is_current = False
        if self.isVisible():
            self._request()

    @Slot(object)
    def _on_selection_changed(self, _names: object) -> None:
        self._reveals = not self._is_choosing
        if self._is_current and not self._jobs.is_busy:
            self._mark()

    @Slot(object)
    def _on_lines_chosen(self, lines: range) -> None:
        names = [self._lines[at].layer for at in lines if at < len(self._lines)]
        found = tuple(name for name in names if name is not None)
        if found:
            self._is_choosing = True
            self._document.select(found)
            self._is_choosing = False
