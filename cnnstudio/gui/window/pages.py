"""The pages in the window: which is shown, when each is made, and what one asks of another."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from cnnstudio.core.values.errors import StudioError
from cnnstudio.gui.fields.refused import Refused
from cnnstudio.gui.pages import PAGES, TABS, PageContext
from cnnstudio.gui.window.project_files import ProjectFiles

if TYPE_CHECKING:
    from cnnstudio.gui.pages.builder.page import BuildPage
    from cnnstudio.gui.pages.data.page import DataPage
    from cnnstudio.gui.pages.inspector.page import InspectPage
    from cnnstudio.gui.pages.page import Page
    from cnnstudio.gui.pages.start.page import StartPage
    from cnnstudio.gui.pages.train.page import TrainPage

_SPECS = {spec.key: spec for spec in PAGES}


class Pages(QStackedWidget):
    """Shows one page at a time and passes on what the pages say.

    All but the first are made when they are first wanted: the window paints sooner.

    Signals:
        page_shown(str): the key of the page that is shown now.
        message(str, str): severity and sentence.
        train_requested(): the person pressed Train on the Train page.
    """

    page_shown = Signal(str)
    message = Signal(str, str)
    train_requested = Signal()

    def __init__(self, context: PageContext, files: ProjectFiles, parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._files = context, files
        self._made: dict[str, Page] = {}
        self._key = PAGES[0].key
        context.run.changed.connect(self._show_weights_of_run)
        self.page(self._key)

    @property
    def key(self) -> str:
        """The key of the page that is shown."""
        return self._key

    def page(self, key: str) -> "Page":
        """The page of that key, made now if nobody has wanted it before."""
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = _SPECS[key].make(self._context, self)
            self.addWidget(made)
            self._connect(key, made)
        return made

    def show_page(self, key: str) -> None:
        """Show the page of that key."""
        page = self.page(key)
        self._key = key
        self.setCurrentWidget(page)
        self.page_shown.emit(key)

    @property
    def build(self) -> "BuildPage":
        """The Build page."""
        return cast("BuildPage", self.page("build"))

    @property
    def data(self) -> "DataPage":
        """The Data page."""
        return cast("DataPage", self.page("data"))

    @property
    def train(self) -> "TrainPage":
        """The Train page."""
        return cast("TrainPage", self.page("train"))

    @property
    def inspect(self) -> "InspectPage":
        """The Inspect page."""
        return cast("InspectPage", self.page("inspect"))

    @property
    def start(self) -> "StartPage":
        """The page a new network begins on."""
        return cast("StartPage", self.page("start"))

    @Slot(object)
    def inspect_file(self, path: Path) -> None:
        """Show saved weights, or a picture, on the Inspect page."""
        self.show_page("inspect")
        self.inspect.open_file(path)

    def use_data(self, path: Path) -> None:
        """Learn from a person's own data set; the Data page is shown once it has been looked through."""
        self.data.use(path)

    def search_palette(self) -> None:
        """Put the keyboard into the palette's search field."""
        self.show_page("build")
        self.build.search_palette()

    def refused(self) -> tuple[str, Refused] | None:
        """The key of a page and its first field that shows what the project did not take."""
        found = ((key, page.refused()) for key, page in self._made.items())
        return next(((key, refused) for key, refused in found if refused is not None), None)

    def make_next(self) -> bool:
        """Make a page nobody has asked for yet, so that its first show is quick; false when all are there."""
        missing = next((spec.key for spec in TABS if spec.key not in self._made), None)
        if missing is not None:
            self.page(missing)
        return missing is not None

    def close_jobs(self) -> None:
        """End the threads of all pages; call it before the window goes."""
        for page in self._made.values():
            page.close_jobs()

    def _connect(self, key: str, page: "Page") -> None:
        """All that pages ask of each other and of the window; one that asks for nothing has no case."""
        page.message.connect(self.message)
        match key:
            case "data":
                self.data.taken.connect(self._on_data_taken)
                self.data.picture_chosen.connect(self._context.selection.set_picture)
                self.data.memory_chosen.connect(self._context.settings.set_picture_memory)
            case "train":
                self.train.start_requested.connect(self.train_requested)
                self.train.inspect_requested.connect(self.inspect_file)
                self.train.run_finished.connect(self._on_run_finished)
            case "inspect":
                self._show_weights_of_run()
            case "start":
                self.start.template_chosen.connect(self._on_template_chosen)
                self.start.project_chosen.connect(self._on_project_chosen)
                self.start.open_requested.connect(self._files.open)
                self.start.forget_requested.connect(self._context.settings.forget)
                self.start.dismissed.connect(self._on_dismissed)
            case _:
                pass

    @Slot()
    def _show_weights_of_run(self) -> None:
        """Inspect shows the weights of the run of the open project, and those of another no more."""
        best = self._context.run.weights_of("best")
        if "inspect" not in self._made:
            return
        if best is not None:
            self.inspect.show_run_best(best)
        elif self._context.run.story is None:
            self.inspect.forget_run()

    @Slot(object)
    def _on_run_finished(self, best: Path) -> None:
        self.inspect.show_run_best(best)

    @Slot()
    def _on_data_taken(self) -> None:
        self.show_page("data")

    @Slot(str)
    def _on_template_chosen(self, key: str) -> None:
        from cnnstudio.gui.pages.start.projects import (
            beginning_data,
            beginning_facts,
            started_project,
            title_of,
        )

        try:
            data = beginning_data(self._context.document.project.data)
            project = started_project(key, beginning_facts(data), data)
        except StudioError as error:
            self.message.emit("error", str(error))
            return
        self._files.begin(project, title_of(key))

    @Slot(object)
    def _on_project_chosen(self, path: Path) -> None:
        self._files.open_path(path)

    @Slot()
    def _on_dismissed(self) -> None:
        self.show_page("build")
