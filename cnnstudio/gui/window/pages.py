"""The pages of the window; all but Build are made when they are first wanted: the window paints sooner."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.data import facts_of
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.document.session import TrainingSession
from cnnstudio.gui.pages.builder.page import BuildPage
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.window.project_files import ProjectFiles
from cnnstudio.gui.window.settings import Settings

if TYPE_CHECKING:
    from cnnstudio.gui.pages.data.page import DataPage
    from cnnstudio.gui.pages.inspector.page import InspectPage
    from cnnstudio.gui.pages.start.page import StartPage
    from cnnstudio.gui.pages.train.page import TrainPage

PAGES = (("build", "Build"), ("data", "Data"), ("train", "Train"), ("inspect", "Inspect"))
KEYS = (*(key for key, _ in PAGES), "start")

_Page = TypeVar("_Page", bound=QWidget)


class Pages(QStackedWidget):
    """Shows one page at a time and passes on what the pages say.

    Signals:
        page_shown(str): the key of the page that is shown now.
        message(str, str): severity and sentence.
        train_requested(): the person pressed Train on the Train page.
    """

    page_shown = Signal(str)
    message = Signal(str, str)
    train_requested = Signal()

    def __init__(
        self,
        document: Document,
        training: TrainingSession,
        files: ProjectFiles,
        theme: Theme,
        settings: Settings,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._document, self._training, self._files = document, training, files
        self._theme, self._settings = theme, settings
        for _ in KEYS:
            self.addWidget(QWidget(self))
        self.build = self._put_in("build", BuildPage(document, theme, self))

    @property
    def key(self) -> str:
        """The key of the page that is shown."""
        return KEYS[self.currentIndex()]

    def show_page(self, key: str) -> None:
        """Show the page of that key."""
        getattr(self, key)
        self.setCurrentIndex(KEYS.index(key))
        self.page_shown.emit(key)

    @cached_property
    def data(self) -> "DataPage":
        """The Data page."""
        from cnnstudio.gui.pages.data.page import DataPage

        page = DataPage(self._document, self._theme, self)
        page.message.connect(self.message)
        page.folder_taken.connect(self._on_folder_taken)
        return self._put_in("data", page)

    @cached_property
    def train(self) -> "TrainPage":
        """The Train page."""
        from cnnstudio.gui.pages.train.page import TrainPage

        page = TrainPage(self._document, self._training, self._theme, self)
        page.start_requested.connect(self.train_requested)
        page.message.connect(self.message)
        page.inspect_requested.connect(self.inspect_file)
        page.run_finished.connect(self._on_run_finished)
        return self._put_in("train", page)

    @cached_property
    def inspect(self) -> "InspectPage":
        """The Inspect page."""
        from cnnstudio.gui.pages.inspector.page import InspectPage

        page = InspectPage(self._theme, self)
        page.message.connect(self.message)
        return self._put_in("inspect", page)

    @cached_property
    def start(self) -> "StartPage":
        """The page a new network begins on."""
        from cnnstudio.gui.pages.start.page import StartPage

        page = StartPage(self._theme, self._settings, self)
        page.template_chosen.connect(self._on_template_chosen)
        page.project_chosen.connect(self._on_project_chosen)
        page.open_requested.connect(self._files.open)
        page.forget_requested.connect(self._settings.forget)
        page.dismissed.connect(self._on_dismissed)
        return self._put_in("start", page)

    @Slot(object)
    def inspect_file(self, path: Path) -> None:
        """Show saved weights, or a picture, on the Inspect page."""
        self.show_page("inspect")
        self.inspect.open_file(path)

    def use_folder(self, path: Path) -> None:
        """Learn from a folder of class folders; the Data page is shown once it has been looked through."""
        self.data.use_folder(path)

    def show_start(self) -> None:
        """Show the start page, its templates made for the chosen data."""
        self.start.set_facts(facts_of(self._document.project.data))
        self.show_page("start")

    def search_palette(self) -> None:
        """Put the keyboard into the palette's search field."""
        self.show_page("build")
        self.build.search_palette()

    def make_next(self) -> bool:
        """Make a page nobody has asked for yet, so that its first show is quick; false when all are there."""
        missing = next((key for key, _ in PAGES if key not in vars(self)), None)
        if missing is not None:
            getattr(self, missing)
        return missing is not None

    def close_jobs(self) -> None:
        """End the threads of all pages; call it before the window goes."""
        for key in KEYS:
            page = vars(self).get(key)
            if page is not None:
                page.close_jobs()

    def _put_in(self, key: str, page: _Page) -> _Page:
        """Put a page in the place that is kept for it."""
        index, shown = KEYS.index(key), self.currentIndex()
        placeholder = self.widget(index)
        self.insertWidget(index, page)
        if placeholder is not None:
            self.removeWidget(placeholder)
            placeholder.deleteLater()
        self.setCurrentIndex(shown)
        return page

    @Slot(object)
    def _on_run_finished(self, best: Path) -> None:
        self.inspect.show_run_best(best)

    @Slot()
    def _on_folder_taken(self) -> None:
        self.show_page("data")

    @Slot(str)
    def _on_template_chosen(self, key: str) -> None:
        from cnnstudio.gui.pages.start.projects import started_project

        try:
            data = self._document.project.data
            project = started_project(key, facts_of(data), data)
        except StudioError as error:
            self.message.emit("error", str(error))
            return
        self._files.begin(project)

    @Slot(object)
    def _on_project_chosen(self, path: Path) -> None:
        self._files.open_path(path)

    @Slot()
    def _on_dismissed(self) -> None:
        self.show_page("build")
