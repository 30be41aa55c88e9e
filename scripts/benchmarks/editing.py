"""Keystroke in a form until the panel is repainted, then the canvas, and the memory of an idle window.

Two times are told: the clock's, which the goals are for, and the processor time of the GUI thread alone,
which other programs on the machine change less.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter, thread_time
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from cnnstudio.core.project import Project
from cnnstudio.gui.window.app import create_window, make_application
from cnnstudio.gui.window.garbage import GuiThreadCollector
from cnnstudio.gui.window.main_window import MainWindow
from cnnstudio.gui.window.settings import Settings
from scripts.benchmarks.analysis import residual_stack
from scripts.benchmarks.measure import Board

LAYERS = (20, 200, 1_000)
GOALS = {200: 16.0, 1_000: 33.0}
"""Most milliseconds of the 99th percentile, by the number of layers."""
KEYSTROKES = 300
WARM_UP = 20
DIGITS = "123456789"
BETWEEN_S = 0.03
"""A fast typist's pause: the collector and what was put off come between the keys as in the program."""


class _Took(NamedTuple):
    """Seconds by the clock, and of the processor's time in the GUI thread."""

    clock: float
    work: float


class _Paints(QObject):
    """Counts the paint events of one widget."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__(watched)
        self.count = 0
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        del watched
        self.count += event.type() == QEvent.Type.Paint
        return False


def report(board: Board) -> None:
    app = make_application()
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        window = create_window(app, Settings(base / "settings.ini"), base / "runs", base / "recovery")
        collector = GuiThreadCollector(window)
        window.resize(1440, 900)
        window.show()
        window.activateWindow()
        while window.pages.make_next():
            app.processEvents()
        collector.keep_what_is_loaded()
        for layers in LAYERS:
            panel, canvas = _keystrokes(app, window, layers)
            _add(board, f"key to repainted panel, {layers:,} layers", panel, GOALS.get(layers))
            _add(board, f"key to repainted panel and canvas, {layers:,} layers", canvas)
        collector.stop()
        window.document.undo_stack.setClean()
        window.close()
        app.processEvents()
    _report_memory(board)


def _keystrokes(app: QApplication, window: MainWindow, layers: int) -> tuple[list[_Took], list[_Took]]:
    """From each digit typed over the filters of a layer in the middle to the painted table, and canvas.

    The sum below takes 16 filters, or 1 that is spread: all other digits break the lower half of the network,
    and each 1 mends it. No edit has more to change.
    """
    window.document.open(Project(network=residual_stack(layers)), None)
    middle = f"conv{layers // 6}"
    window.document.select((middle,))
    window.pages.build.form.focus_setting("filters")
    _wait(app, 1.0)
    field = _field_with_focus()
    build = window.pages.build
    paints = [_Paints(view.viewport()) for view in (build.panel.table, build.stack)]
    panel, canvas = [], []
    for at in range(WARM_UP + KEYSTROKES):
        _wait(app, BETWEEN_S)
        field.selectAll()
        first, second = _until(app, paints, partial(QTest.keyClicks, field, DIGITS[at % len(DIGITS)]))
        panel.append(first)
        canvas.append(second)
    return panel[WARM_UP:], canvas[WARM_UP:]


def _field_with_focus() -> QLineEdit:
    widget = QApplication.focusWidget()
    found = widget if isinstance(widget, QLineEdit) else widget and widget.findChild(QLineEdit)
    assert isinstance(found, QLineEdit)
    return found


def _until(app: QApplication, paints: Sequence[_Paints], press: Callable[[], object]) -> list[_Took]:
    """How long it takes until each has been painted, one after the other."""
    before = [one.count for one in paints]
    start, worked = perf_counter(), thread_time()
    press()
    took = []
    for one, count in zip(paints, before, strict=True):
        # What is painted with the table is painted by the same event; timers have their turn after it.
        app.sendPostedEvents()
        while one.count == count:
            app.processEvents()
            app.sendPostedEvents()
        took.append(_Took(perf_counter() - start, thread_time() - worked))
    return took


def _wait(app: QApplication, seconds: float) -> None:
    end = perf_counter() + seconds
    while perf_counter() < end:
        app.processEvents()


def _add(board: Board, what: str, times: list[_Took], p99_goal: float | None = None) -> None:
    board.spread_ms(what, [took.clock for took in times], p99_goal)
    board.spread_ms(f"{what}, processor time of the GUI thread", [took.work for took in times])


_IDLE = """
from pathlib import Path
from time import perf_counter
from PySide6.QtWidgets import QApplication, QMainWindow

def resident_mb():
    fields = Path("/proc/self/status").read_text().split("VmRSS:")[1].split()
    return int(fields[0]) / 1024

def idle(app, seconds):
    end = perf_counter() + seconds
    while perf_counter() < end:
        app.processEvents()
"""
_BARE = f"""{_IDLE}
app = QApplication([])
window = QMainWindow()
window.resize(1440, 900)
window.show()
idle(app, 1)
print(resident_mb())
"""
_STUDIO = f"""{_IDLE}
import os, sys
from cnnstudio.gui.window.app import create_window, make_application
from cnnstudio.gui.window.garbage import GuiThreadCollector
from cnnstudio.gui.window.settings import Settings
base = Path(sys.argv[1])
app = make_application()
window = create_window(app, Settings(base / "settings.ini"), base / "runs", base / "recovery")
collector = GuiThreadCollector(window)
window.resize(1440, 900)
window.show()
idle(app, 1)
painted = resident_mb()
while window.pages.make_next():
    app.processEvents()
idle(app, 2)
pages = resident_mb()
from cnnstudio.engine.training.warmup import warm_up
warm_up()
idle(app, 1)
print(painted, pages, resident_mb(), flush=True)
os._exit(0)
"""


def _report_memory(board: Board) -> None:
    if not Path("/proc/self/status").exists():
        return  # only Linux tells it so
    (bare,) = _numbers(_BARE)
    painted, pages, warm = _numbers(_STUDIO)
    board.add("memory of a bare PySide6 window", bare, "MB")
    board.add("memory of the studio after its first paint", painted, "MB")
    board.add("with all its pages made, idle", pages, "MB")
    board.add("with TensorFlow loaded", warm, "MB")


def _numbers(code: str) -> list[float]:
    """What a fresh process prints."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", code, folder]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [float(number) for number in done.stdout.split()]
