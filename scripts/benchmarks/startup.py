"""Time from the start of the process to the first paint, against a bare PySide6 window."""

import subprocess
import sys
from statistics import median
from time import perf_counter

from scripts.benchmarks.measure import line

ROUNDS = 7
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
from cnnstudio.gui.app import create_window, make_application
{_PAINTED}
app = make_application()
window = create_window(app)
watch = Watch()
window.pages.build.stack.viewport().installEventFilter(watch)
window.show()
app.exec()
"""


def report() -> None:
    bare, studio = [], []
    for counted in range(-1, ROUNDS):
        pair = _until_painted(BARE), _until_painted(STUDIO)
        if counted >= 0:
            bare.append(pair[0])
            studio.append(pair[1])
    ratios = [b / a for a, b in zip(bare, studio, strict=True)]
    line("first paint of a bare PySide6 window", f"{median(bare):.2f} s")
    line("first paint of the studio, its stack drawn", f"{median(studio):.2f} s")
    line("ratio (goal: at most 1.5 and half a second)", f"{median(ratios):.2f}")
    line("over 1.5 times the bare window by", f"{median(studio) - 1.5 * median(bare):+.2f} s")


def _until_painted(code: str) -> float:
    start = perf_counter()
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "painted"
        return perf_counter() - start
