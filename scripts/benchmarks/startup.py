"""Time from the start of the process to the first paint, against a bare PySide6 window.

The least of all rounds counts, as in Python's own timeit: what makes one round longer than another is not in
the program. On a shared machine the same start takes half as long again from one minute to the next.

As at any start but the very first: Python keeps what it compiled, and a round that is not counted compiles.
"""

import os
import resource
import subprocess
import sys
from collections.abc import Mapping
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from msgspec import Struct

from scripts.benchmarks.measure import Board

ROUNDS = 15
_PAINTED = """
from PySide6.QtCore import QEvent, QObject
class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            print("painted", flush=True)
            import os
            os._exit(0)
        return False
"""
BARE = f"""
from PySide6.QtWidgets import QApplication, QMainWindow
{_PAINTED}
app = QApplication([])
window = QMainWindow()
window.resize(1440, 900)
watch = Watch()
window.installEventFilter(watch)
window.show()
app.exec()
"""
STUDIO = f"""
import gc
gc.disable()  # as the command does
from cnnstudio.gui.window.app import create_window, make_application
{_PAINTED}
app = make_application()
window = create_window(app)
window.resize(1440, 900)
watch = Watch()
window.pages.build.stack.viewport().installEventFilter(watch)
window.show()
app.exec()
"""


def report(board: Board) -> None:
    with TemporaryDirectory() as folder:
        environment = _environment(folder)
        pairs = [
            (_until_painted(BARE, environment), _until_painted(STUDIO, environment))
            for _ in range(ROUNDS + 1)
        ][1:]
    bare, studio = ([start.wall_s for start in starts] for starts in zip(*pairs, strict=True))
    board.add("first paint of a bare PySide6 window, least", min(bare), "s")
    board.add("first paint of a bare PySide6 window, median", median(bare), "s")
    board.add("first paint of the studio, its stack drawn, least", min(studio), "s")
    board.add("first paint of the studio, its stack drawn, median", median(studio), "s")
    board.add("studio / bare, least", min(studio) / min(bare))
    board.add("over 1.5 times the bare window by, least", min(studio) - 1.5 * min(bare), "s", 0.5)
    board.add("over 1.5 times the bare window by, medians", median(studio) - 1.5 * median(bare), "s")
    bare, studio = ([start.cpu_s for start in starts] for starts in zip(*pairs, strict=True))
    board.add("the same in processor time, least", min(studio) - 1.5 * min(bare), "s")


class Start(Struct, frozen=True):
    """How long a window took to be painted, by the clock and of the processor."""

    wall_s: float
    cpu_s: float


def _environment(folder: str) -> dict[str, str]:
    """Ours, with compiled code kept where Python keeps it, and with nobody's settings."""
    unusual = ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX")
    ours = {name: value for name, value in os.environ.items() if name not in unusual}
    return {**ours, "XDG_CONFIG_HOME": folder}


def _until_painted(code: str, environment: Mapping[str, str]) -> Start:
    start, before = perf_counter(), _children_s()
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "painted"
        wall = perf_counter() - start
    return Start(wall, _children_s() - before)


def _children_s() -> float:
    """Processor time of all processes that were started here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
