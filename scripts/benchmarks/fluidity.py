"""How late a 5 ms timer of the GUI thread fires while a network trains in the same process."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from PySide6.QtCore import QEventLoop, Qt, QTimer

from cnnstudio.engine.files.projects import sample_project
from cnnstudio.engine.training.warmup import warm_up
from cnnstudio.gui.window.app import create_window, make_application
from cnnstudio.gui.window.garbage import GuiThreadCollector
from scripts.benchmarks.measure import Board

PERIOD_S = 0.005
EPOCHS = 3


def report(board: Board) -> None:
    app = make_application()
    with tempfile.TemporaryDirectory() as folder:
        window = create_window(app, runs_folder=Path(folder))
        collector = GuiThreadCollector(window)
        window.show()
        while window.pages.make_next():
            app.processEvents()
        warm_up()
        collector.keep_what_is_loaded()
        _add(board, "idle", lateness(lambda loop: QTimer.singleShot(3_000, loop.quit)))
        project = sample_project()
        settings = project.training.model_copy(update={"epochs": EPOCHS})
        window.document.open(project.with_training(settings), None)

        def train(loop: QEventLoop) -> None:
            window.training.running_changed.connect(lambda running: None if running else loop.quit())
            window.starter.start()

        _add(board, "training", lateness(train))
        window.close()
        app.processEvents()


def lateness(start: Callable[[QEventLoop], None]) -> list[float]:
    """Seconds by which each tick came too late, until the loop that `start` set going ends."""
    loop, late, last = QEventLoop(), [], [perf_counter()]
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.setInterval(round(PERIOD_S * 1000))

    def tick() -> None:
        now = perf_counter()
        late.append(max(now - last[0] - PERIOD_S, 0.0))
        last[0] = now

    timer.timeout.connect(tick)
    timer.start()
    start(loop)
    loop.exec()
    timer.stop()
    return late


def _add(board: Board, what: str, late: list[float]) -> None:
    board.spread_ms(f"5 ms timer, {what}, late by", late)
