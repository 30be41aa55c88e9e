"""Data pages of their own for a test, shown as in the window and closed with their threads."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pytestqt.qtbot import QtBot

from cnnstudio.core.project.data import DataChoice
from cnnstudio.engine.data.dataset import Dataset
from cnnstudio.engine.interpret.augmented import draws
from cnnstudio.engine.training.stopping import ShouldStop
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.pages.data.augmentation import Draw
from cnnstudio.gui.pages.data.page import DataPage
from cnnstudio.gui.theme.theme import Theme

Load = Callable[[DataChoice, ShouldStop], Dataset]
MakePage = Callable[..., DataPage]


@contextmanager
def data_pages(document: Document, theme: Theme, qtbot: QtBot, usual: Load) -> Iterator[MakePage]:
    """Gives a function that shows a page; the page reads by `usual` unless the function is handed another."""
    made: list[DataPage] = []

    def make(load: Load = usual, draw: Draw = draws) -> DataPage:
        page = DataPage(document, theme, load=load, draw=draw)
        made.append(page)
        qtbot.addWidget(page)
        page.resize(1440, 844)
        page.show()
        qtbot.waitExposed(page)
        return page

    try:
        yield make
    finally:
        for page in made:
            page.close_jobs()
