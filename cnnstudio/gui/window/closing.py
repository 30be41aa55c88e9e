"""How the window closes: it asks about a running training and about unsaved work, then stops and waits."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from cnnstudio.gui.document.session import TrainingSession
from cnnstudio.gui.widgets.message_box import set_margins, set_variant
from cnnstudio.gui.window.project_files import ProjectFiles


class Closing(QObject):
    """Asked once per wish to close; agrees by its signal, never blocks.

    Signals:
        waiting(): the training was asked to stop and has not ended yet.
        agreed(): nothing is running and nothing would be lost.
    """

    waiting = Signal()
    agreed = Signal()

    def __init__(self, files: ProjectFiles, training: TrainingSession, window: QWidget) -> None:
        super().__init__(window)
        self._files, self._training, self._window = files, training, window
        self._is_waiting = False

    def ask(self) -> None:
        """Begin with the questions; an answer of Cancel leaves everything as it is."""
        if self._is_waiting:
            return
        if self._training.is_running:
            self._ask_about_training(self._ask_about_files)
        else:
            self._ask_about_files()

    def _ask_about_training(self, then: Callable[[], None]) -> None:
        box = QMessageBox(
            QMessageBox.Icon.NoIcon,
            "Training is running",
            "Training is still running.",
            QMessageBox.StandardButton.Cancel,
            self._window,
        )
        box.setInformativeText("Stop it and close? The best weights so far are kept.")
        stop = box.addButton("Stop and close", QMessageBox.ButtonRole.AcceptRole)
        stop.clicked.connect(then)
        set_variant(stop, "danger")
        set_margins(box)
        # It asks about nothing any more once the training has ended; the person sees how, and may close anew.
        self._training.running_changed.connect(box.reject)
        box.finished.connect(box.deleteLater)
        box.open()

    def _ask_about_files(self) -> None:
        self._files.after_asking(self._stop_and_agree)

    def _stop_and_agree(self) -> None:
        self._training.stop()
        if self._training.is_running:
            self._is_waiting = True
            self._training.running_changed.connect(self.agreed, Qt.ConnectionType.SingleShotConnection)
            self.waiting.emit()
        else:
            QTimer.singleShot(0, self, self.agreed.emit)
