"""Puts the window together and runs it."""

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import PySide6
from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.data.budget import BUDGET
from cnnstudio.engine.files.projects import SAMPLE_TITLE, sample_project
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.window.garbage import GuiThreadCollector
from cnnstudio.gui.window.main_window import MainWindow
from cnnstudio.gui.window.screen import refuse_without_screen
from cnnstudio.gui.window.settings import Settings

_log = logging.getLogger(__name__)
_BETWEEN_PAGES_MS = 50
_SWITCH_INTERVAL_S = 0.0005
"""How often Python threads take turns: ten times the default keeps the canvas fluid while one computes."""


def run(path: Path | None) -> int:
    """Open the window, with the project of `path` if one is given; returns the exit status."""
    app = make_application()
    window = create_window(app)
    _report_errors_in(window)
    collector = GuiThreadCollector(window)
    window.show()
    if path is not None:
        window.open_path(path)
    preparation = _Preparation(window)
    preparation.done.connect(collector.keep_what_is_loaded)
    preparation.libraries_loaded.connect(window.document.look_at_memory)
    preparation.libraries_loaded.connect(window.selection_bar.allow_pictures)
    preparation.done.connect(window.pages.build.previews.allow)
    preparation.done.connect(window.selection_bar.allow_answers)
    after_first_paint(window, preparation.start)
    after_first_paint(window, window.autosave.start)
    return app.exec()


def make_application() -> QApplication:
    """The QApplication with the studio's name; StudioError where Qt would abort the program."""
    if sys.version_info < (3, 12) and PySide6.__version_info__[:2] >= (6, 12):
        raise StudioError(
            f"PySide6 {PySide6.__version__} is installed, which loses references to None on Python "
            f"{sys.version_info.major}.{sys.version_info.minor} and aborts. Install PySide6-Essentials<6.12."
        )
    if QApplication.instance() is None:
        refuse_without_screen()
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("CNN Studio")
    app.setApplicationDisplayName("CNN Studio")
    app.setOrganizationName("CNN Studio")
    return app


def create_window(
    app: QApplication,
    settings: Settings | None = None,
    runs_folder: Path | None = None,
    recovery_folder: Path | None = None,
) -> MainWindow:
    """The window over the sample project, not shown yet."""
    settings = settings or Settings()
    BUDGET.most_bytes = settings.picture_memory * 2**20
    theme = Theme(app, settings.theme_mode, settings.text_scale)
    document = Document(sample_project(), title=SAMPLE_TITLE)
    with theme.without_style_sheet():
        window = MainWindow(document, theme, settings, runs_folder, recovery_folder)
    document.setParent(window)
    return window


def after_first_paint(window: MainWindow, step: Callable[[], None]) -> None:
    """Do `step` once the window has been drawn and the event loop is idle."""
    QTimer.singleShot(0, window, lambda: QTimer.singleShot(0, window, step))


class _Preparation(QObject):
    """After the first paint: slow libraries in a thread, then the other pages, then TensorFlow in a thread.

    In this order the window is held up least: a page that imports NumPy itself waits for it, and while
    TensorFlow is imported a page takes many times as long to be made.

    Signals:
        libraries_loaded(): files can be read.
        done(): TensorFlow is loaded; Train starts at once.
    """

    libraries_loaded = Signal()
    done = Signal()

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._pages = window.pages
        self.libraries_loaded.connect(self._make_next_page)

    def start(self) -> None:
        """Begin; does not wait."""
        _in_background("studio-libraries", self._load_libraries)

    def _load_libraries(self) -> None:
        from cnnstudio.engine.training.warmup import load_file_libraries

        load_file_libraries()
        # The window, and this object with it, may be gone by now.
        with suppress(RuntimeError):
            self.libraries_loaded.emit()

    @Slot()
    def _make_next_page(self) -> None:
        """One page a turn of the event loop, so that clicks come in between."""
        if self._pages.make_next():
            QTimer.singleShot(_BETWEEN_PAGES_MS, self, self._make_next_page)
        else:
            _in_background("studio-warm-up", self._warm_up)

    def _warm_up(self) -> None:
        from cnnstudio.engine.training.warmup import warm_up

        warm_up()
        with suppress(RuntimeError):
            self.done.emit()


def _in_background(name: str, work: Callable[[], None]) -> None:
    threading.Thread(target=work, name=name, daemon=True).start()


class _ErrorReporter(QObject):
    """Carries unexpected errors of any thread to the window's message bar.

    Signals:
        caught(str, str): one sentence and the traceback.
    """

    caught = Signal(str, str)


def _report_errors_in(window: MainWindow) -> None:
    reporter = _ErrorReporter(window)
    reporter.caught.connect(window.show_unexpected)

    def report(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error or kind(), trace)
            return
        text = "".join(traceback.format_exception(kind, error, trace))
        _log.error("unexpected error\n%s", text)
        reporter.caught.emit(f"{kind.__name__}: {error}", text)

    sys.excepthook = report
    threading.excepthook = lambda args: report(args.exc_type, args.exc_value, args.exc_traceback)
