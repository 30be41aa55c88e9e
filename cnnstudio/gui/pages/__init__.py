"""The pages of the window. A new one is a folder here and a row in `PAGES`.

A page is imported when it is made, so that this table costs the start of the window nothing.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cnnstudio.gui.document.current_run import CurrentRun
    from cnnstudio.gui.document.document import Document
    from cnnstudio.gui.document.selection import Selection
    from cnnstudio.gui.document.session import TrainingSession
    from cnnstudio.gui.pages.page import Page
    from cnnstudio.gui.theme.theme import Theme
    from cnnstudio.gui.window.settings import Settings


class PageContext(Struct, frozen=True, eq=False):
    """What a page may use of the window."""

    document: "Document"
    training: "TrainingSession"
    run: "CurrentRun"
    theme: "Theme"
    settings: "Settings"
    selection: "Selection"


class PageSpec(Struct, frozen=True):
    """A page: its name for the program and for people, its icon in menus, its keys, and how it is made.

    One without a tab is reached by a command of its own only, and is made no sooner than that.
    """

    key: str
    title: str
    icon: str
    shortcut: str
    make: "Callable[[PageContext, QWidget | None], Page]"
    has_tab: bool = True


def _build(context: PageContext, parent: "QWidget | None") -> "Page":
    from cnnstudio.gui.pages.builder.page import BuildPage

    return BuildPage(context.document, context.theme, parent)


def _data(context: PageContext, parent: "QWidget | None") -> "Page":
    from cnnstudio.gui.pages.data.page import DataPage

    return DataPage(context.document, context.theme, parent)


def _train(context: PageContext, parent: "QWidget | None") -> "Page":
    from cnnstudio.gui.pages.train.page import TrainPage

    return TrainPage(context.document, context.training, context.run, context.theme, parent)


def _evaluate(context: PageContext, parent: "QWidget | None") -> "Page":
    from cnnstudio.gui.pages.evaluate.page import EvaluatePage

    return EvaluatePage(context.run, context.selection, context.theme, parent)


def _inspect(context: PageContext, parent: "QWidget | None") -> "Page":
    from cnnstudio.gui.pages.inspector.page import InspectPage

    return InspectPage(context.theme, context.selection, parent)


def _start(context: PageContext, parent: "QWidget | None") -> "Page":
    from cnnstudio.gui.pages.start.page import StartPage

    return StartPage(context.document, context.theme, context.settings, parent)


# In the order of the tabs; the first is made at once and shown.
PAGES: tuple[PageSpec, ...] = (
    PageSpec("build", "Build", "blocks", "Ctrl+1", _build),
    PageSpec("data", "Data", "database", "Ctrl+2", _data),
    PageSpec("train", "Train", "chart-line", "Ctrl+3", _train),
    PageSpec("evaluate", "Evaluate", "circle-check", "Ctrl+4", _evaluate),
    PageSpec("inspect", "Inspect", "scan-eye", "Ctrl+5", _inspect),
    PageSpec("start", "Start", "file-plus", "", _start, has_tab=False),
)
TABS = tuple(spec for spec in PAGES if spec.has_tab)
"""The pages that the switcher in the header leads to."""
