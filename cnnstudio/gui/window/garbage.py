"""Python's garbage collector, kept in the GUI thread.

Left to itself it runs in whatever thread happens to allocate, the training thread included; when it then
finds a removed block or a closed dialog in a reference cycle, Qt objects are destroyed outside the GUI
thread while that one paints, and the process dies (seen with PySide6 6.11; pyqtgraph documents the same).
"""

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_PERIOD_MS = 500


class GuiThreadCollector(QObject):
    """Turns automatic collection off and collects by a timer, by the same thresholds Python uses."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=_PERIOD_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    @Slot()
    def collect(self) -> None:
        """Collect the generations that are due."""
        for generation, (count, threshold) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)):
            if count <= threshold:
                break
            gc.collect(generation)

    @Slot()
    def keep_what_is_loaded(self) -> None:
        """Never look at today's objects again: TensorFlow's are many, stay, and cost 0.3 s a full round."""
        gc.freeze()

    def stop(self) -> None:
        """Give collection back to Python."""
        self._timer.stop()
        gc.enable()
