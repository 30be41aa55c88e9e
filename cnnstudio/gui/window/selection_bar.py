"""The bar below every page: picture, the network's answer, checkpoint, run."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from cnnstudio.engine.files.kinds import kind_of
from cnnstudio.engine.runs.names import run_name
from cnnstudio.engine.training.events import BatchEnded, Event
from cnnstudio.gui.document.current_run import CurrentRun
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.document.selection import CHECKPOINTS, Checkpoint, Selection
from cnnstudio.gui.document.session import TrainingSession
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.elided import ElidedLabel
from cnnstudio.gui.widgets.labels import separator
from cnnstudio.gui.widgets.segmented import Segmented
from cnnstudio.gui.window.answer_part import AnswerPart
from cnnstudio.gui.window.picture_part import PicturePart

_HEIGHT, _ROOMY = 64, 1_200
_NO_RUN = "No run yet"


class SelectionBar(QFrame):
    """Shows and sets the window's selection. Pictures are read from `allow_pictures` on, which imports NumPy;
    networks are asked from `allow_answers` on, which imports Keras.

    Signals:
        failed(str): a picture that was chosen cannot be read; one sentence for a person.
    """

    failed = Signal(str)

    def __init__(
        self,
        selection: Selection,
        document: Document,
        run: CurrentRun,
        training: TrainingSession,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._selection, self._run, self._training, self._theme = selection, run, training, theme
        self._answers_allowed = False
        self._asked_for: object = None
        self.setProperty("surface", "footer")
        self.setAccessibleName("Selection")
        self.setAcceptDrops(True)
        self.picture = PicturePart(selection, document, theme, self)
        self.answer = AnswerPart(theme, self)
        self.checkpoint = Segmented([(one, one.capitalize()) for one in CHECKPOINTS], "Checkpoint", self)
        self.run_name = ElidedLabel("secondary", parent=self)
        self.run_name.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._lay_out()
        self._connect()
        self._on_theme_changed()
        self._refresh()

    @property
    def is_busy(self) -> bool:
        """Whether a picture or an answer is still to come."""
        return self.picture.is_busy or self.answer.is_busy

    @Slot()
    def allow_pictures(self) -> None:
        """The window is painted: NumPy may be imported."""
        self.picture.allow()

    @Slot()
    def allow_answers(self) -> None:
        """TensorFlow is loaded: networks may be asked."""
        self._answers_allowed = True
        self._ask()

    def close_jobs(self) -> None:
        """End the threads; call it before the window goes."""
        self.picture.close_jobs()
        self.answer.close_jobs()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event) is not None:
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if _dropped(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = _dropped(event)
        if path is not None:
            self.picture.choose(path)
            event.acceptProposedAction()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 16, 0)
        row.setSpacing(14)
        row.addWidget(self.picture, 3)
        self._lines = [separator(vertical=True, parent=self) for _ in range(2)]
        row.addWidget(self._lines[0])
        row.addWidget(self.answer)
        row.addWidget(self._lines[1])
        row.addWidget(self.checkpoint, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.run_name, 1)

    def _connect(self) -> None:
        self._selection.changed.connect(self._refresh)
        self._run.changed.connect(self._refresh)
        self._run.told.connect(self._on_told)
        self._training.running_changed.connect(self._refresh)
        self.picture.failed.connect(self.failed)
        self.checkpoint.chosen.connect(self._on_checkpoint_chosen)
        self._theme.changed.connect(self._on_theme_changed)

    @Slot()
    def _refresh(self) -> None:
        self._show_checkpoints()
        self._show_run()
        self._ask()

    def _show_checkpoints(self) -> None:
        self.checkpoint.set_value(self._selection.checkpoint)
        for one in CHECKPOINTS:
            button, epoch = self.checkpoint.button(one), self._run.epoch_of(one)
            word = one.capitalize()
            short, full = (word, word) if epoch is None else (f"{word} {epoch}", f"{word}, epoch {epoch}")
            button.setText(short if self._is_narrow else full)
            button.setAccessibleName(f"Checkpoint: {full}")
            button.setToolTip(f"The weights of the {one} epoch" + ("" if epoch is None else f", {epoch}"))
            button.setEnabled(self._run.weights_of(one) is not None)

    def _show_run(self) -> None:
        story = self._run.story
        folder = None if story is None else story.folder
        self.run_name.set_text(
            _NO_RUN if folder is None else run_name(folder), "" if folder is None else str(folder)
        )

    def _ask(self) -> None:
        """Ask the network, unless the same has been asked already."""
        weights = self._run.weights_of(self._selection.checkpoint)
        if self._training.is_running:
            self._say("The network answers once the training has ended.")
        elif weights is None:
            self._say("The network answers once it has been trained.")
        elif self._answers_allowed:
            self._ask_with(weights)

    def _say(self, text: str) -> None:
        self._asked_for = None
        self.answer.say(text)

    def _ask_with(self, weights: Path) -> None:
        # Its libraries must not be imported before the first paint.
        from cnnstudio.engine.evaluation.answers import Question

        picture, data = self._selection.picture_source
        question = Question(weights.parent, self._selection.checkpoint, weights, picture, data)
        if question != self._asked_for:
            self._asked_for = question
            self.answer.ask(question)

    @property
    def _is_narrow(self) -> bool:
        return self.width() < self._theme.scaled(_ROOMY)

    def _make_room(self) -> None:
        self.answer.fit(self._is_narrow)
        self._show_checkpoints()

    @Slot(object)
    def _on_told(self, event: Event) -> None:
        if not isinstance(event, BatchEnded):
            self._refresh()

    @Slot(object)
    def _on_checkpoint_chosen(self, checkpoint: Checkpoint) -> None:
        self._selection.set_checkpoint(checkpoint)

    @Slot()
    def _on_theme_changed(self) -> None:
        self.setFixedHeight(self._theme.scaled(_HEIGHT))
        for line in self._lines:
            line.setFixedHeight(self._theme.scaled(36))
        self._make_room()


def _dropped(event: QDropEvent) -> Path | None:
    """The picture file that is dragged; anything else is left to the window."""
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return paths[0] if len(paths) == 1 and kind_of(paths[0]) == "picture" else None
