"""Python's garbage collector, kept in the GUI thread.

Left to itself it runs in whatever thread happens to allocate, the training thread included; when it then
finds a removed block or a closed dialog in a reference cycle, Qt objects are destroyed outside the GUI
thread while that one paints, and the process dies (seen with PySide6 6.11; pyqtgraph documents the same).
"""

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_PERIOD_MS = 500
_LOADING_MS = 60_000
"""How long to wait at most for all that is loaded after the start; TensorFlow may be missing, or broken."""


class GuiThreadCollector(QObject):
    """Turns automatic collection off and collects by a timer, by the same thresholds Python uses.

    It begins when all is loaded: until then nearly every new object is one of a module and stays, and each
    look at them held the window up for 40 to 70 ms.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=_LOADING_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    @Slot()
    def collect(self) -> None:
        """Collect the generations that are due."""
        self._timer.setInterval(_PERIOD_MS)
        for generation, (count, threshold) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)):
            if count <= threshold:
                break
            gc.collect(generation)

    @Slot()
    def keep_what_is_loaded(self) -> None:
        """Begin, and never look at today's objects: TensorFlow's are many, stay, and cost 0.3 s a round."""
        gc.freeze()
        self._timer.setInterval(_PERIOD_MS)

    def stop(self) -> None:
        """Give collection back to Python."""
        self._timer.stop()
        gc.enable()
