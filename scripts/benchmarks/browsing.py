"""The Data page over 100,000 pictures: how soon they are seen, and how late the window is meanwhile."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import numpy as np
from PIL import Image
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from cnnstudio.core.project.data import Split
from cnnstudio.engine.data.cache import CACHE
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.pages.data.page import DataPage
from cnnstudio.gui.window.app import create_window, make_application
from cnnstudio.gui.window.settings import Settings
from scripts.benchmarks.fluidity import lateness
from scripts.benchmarks.measure import Board

_COUNT, _CLASSES, _KINDS = 100_000, 100, 30
_SIZE = (1920, 1080)
_STEPS, _STEP_MS, _LINES = 200, 16, 60
_LATE_GOAL_MS = 16.0


def report(board: Board) -> None:
    app = make_application()
    with tempfile.TemporaryDirectory() as folder:
        root = _pictures(Path(folder) / "pictures")
        settings = Settings(Path(folder) / "settings.ini")
        window = create_window(app, settings, Path(folder) / "runs", Path(folder) / "recovery")
        window.resize(*_SIZE)
        window.show()
        while window.pages.make_next():
            app.processEvents()
        page = window.pages.data
        _look_through(page, root, board)
        window.show_page("data")
        _see_again(window.document, page, board)
        grid = page.browser.grid
        bar = grid.verticalScrollBar()
        wheel = lateness(_stepping(lambda number: bar.setValue(bar.value() + _LINES)))
        board.spread_ms("5 ms timer, scrolling, late by", wheel, _LATE_GOAL_MS)
        jumps = lateness(_stepping(lambda number: bar.setValue(bar.maximum() * number // _STEPS)))
        board.spread_ms("5 ms timer, jumping, late by", jumps, _LATE_GOAL_MS)
        window.document.undo_stack.setClean()
        window.close()
        app.processEvents()


def _pictures(root: Path) -> Path:
    """A few small pictures under many names."""
    random, files = np.random.default_rng(0), list[Path]()
    root.parent.mkdir(exist_ok=True)
    for number in range(_KINDS):
        files.append(root.parent / f"{number}.png")
        Image.fromarray(random.integers(0, 256, (24, 24, 3), dtype=np.uint8)).save(files[-1])
    for class_number in range(_CLASSES):
        place = root / f"class {class_number:02d}"
        place.mkdir(parents=True)
        for number in range(_COUNT // _CLASSES):
            os.link(files[(7 * class_number + number) % _KINDS], place / f"{number:04d}.png")
    return root


def _look_through(page: DataPage, root: Path, board: Board) -> None:
    """From the drop to the first screen."""
    began = perf_counter()

    def look(loop: QEventLoop) -> None:
        page.taken.connect(loop.quit)
        page.use(root)

    late = lateness(look)
    _until(lambda: page.browser.grid.samples.rowCount() > _COUNT // 2 and not page.browser.is_busy)
    board.add(f"folder of {_COUNT:,} looked through and seen", perf_counter() - began, "s")
    board.spread_ms("5 ms timer, looking through, late by", late, _LATE_GOAL_MS)


def _see_again(document: Document, page: DataPage, board: Board) -> None:
    """The first screen after the folder was opened before, though nothing of it is kept in memory."""
    CACHE.forget()
    before, data = page.browser.grid.samples.shown, document.project.data
    began = perf_counter()
    document.apply("Split anew", document.project.with_data(data.with_split(Split(seed=3))))
    _until(lambda: page.browser.grid.samples.shown is not before and not page.browser.is_busy)
    board.add(f"first screen of {_COUNT:,} again", perf_counter() - began, "s", 1.0)


def _stepping(step: Callable[[int], None]) -> Callable[[QEventLoop], None]:
    """Does a step for each frame of a screen, and then ends."""

    def start(loop: QEventLoop) -> None:
        timer, numbers = QTimer(loop), iter(range(_STEPS))

        def go_on() -> None:
            number = next(numbers, None)
            if number is None:
                timer.stop()
                loop.quit()
            else:
                step(number)

        timer.timeout.connect(go_on)
        timer.start(_STEP_MS)

    return start


def _until(is_done: Callable[[], bool]) -> None:
    while not is_done():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)
