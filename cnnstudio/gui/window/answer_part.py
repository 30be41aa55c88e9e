"""The part of the bar that shows what the network says to the selected picture."""

from threading import Event as Flag
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cnnstudio.gui.document.jobs import BackgroundJobs
from cnnstudio.gui.theme.theme import Theme

if TYPE_CHECKING:
    from cnnstudio.engine.evaluation.answers import Answer, Answerer, Question
    from cnnstudio.engine.training.stopping import ShouldStop

_WIDTH_PX, _NARROW_PX = 220, 150
_ROW_PX, _BAR_PX, _GAP_PX, _PERCENT_PX = 17, 6, 8, 40
_LONGEST_NAME = 0.42
"""Of the width, for the name of a class."""
_SECOND = 0.55
"""Opacity of all bars but the first."""


class AnswerPart(QWidget):
    """The two likeliest classes with bars, or a text; asks the network in a worker thread."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_narrow = False
        self._classes: tuple[tuple[str, float], ...] = ()
        self._text = ""
        self._asked: Question | None = None
        self._stop = Flag()
        self._answerer: Answerer | None = None
        self._jobs = BackgroundJobs(self)
        self._jobs.finished.connect(self._on_answered)
        self._jobs.failed.connect(self._on_failed)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self._on_theme_changed)

    @property
    def classes(self) -> tuple[tuple[str, float], ...]:
        """The classes that are shown with their shares."""
        return self._classes

    @property
    def text(self) -> str:
        """What is said where there are no classes."""
        return self._text

    @property
    def is_busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._jobs.is_busy

    def ask(self, question: "Question") -> None:
        """Ask the network; what was shown stays until it has answered."""
        if not self._classes:
            self._show((), "The network is looking…")
        self._stop.set()
        self._stop = Flag()
        self._asked = question
        should_stop = self._stop.is_set
        self._jobs.submit(lambda: (question, self._answer(question, should_stop)))

    def say(self, text: str) -> None:
        """Show a text; what was asked is wanted no longer."""
        self._stop.set()
        self._asked = None
        self._show((), text)

    def fit(self, narrow: bool) -> None:
        """Take less room in a narrow window."""
        if narrow != self._is_narrow:
            self._is_narrow = narrow
            self.updateGeometry()

    def close_jobs(self) -> None:
        """End the thread; call it before the window goes."""
        self._stop.set()
        self._jobs.close()

    def sizeHint(self) -> QSize:
        width = self._theme.scaled(_NARROW_PX if self._is_narrow else _WIDTH_PX)
        return QSize(width, self._theme.scaled(2 * _ROW_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._theme.font(12, tabular=True))
        if not self._classes:
            self._paint_text(painter)
            return
        height = self._theme.scaled(_ROW_PX)
        top = (self.height() - height * len(self._classes)) / 2
        for row, (name, share) in enumerate(self._classes):
            area = QRectF(0, top + row * height, self.width(), height)
            self._paint_class(painter, area, name, share, 1.0 if row == 0 else _SECOND)

    def _paint_text(self, painter: QPainter) -> None:
        painter.setPen(self._theme.color("text3"))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(QRectF(self.rect()), flags, self._text)

    def _paint_class(self, painter: QPainter, area: QRectF, name: str, share: float, opacity: float) -> None:
        gap, percent = self._theme.scaled(_GAP_PX), self._theme.scaled(_PERCENT_PX)
        metrics = QFontMetricsF(painter.font())
        room = self._name_width(metrics)
        vertically = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(self._theme.color("text"))
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | vertically, shown)
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | vertically, _percent(share))
        thickness = self._theme.scaled(_BAR_PX)
        ground = QRectF(
            area.left() + room + gap,
            area.center().y() - thickness / 2,
            max(area.width() - room - percent - 2 * gap, 1),
            thickness,
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("border"))
        painter.drawRoundedRect(ground, thickness / 2, thickness / 2)
        ground.setWidth(max(ground.width() * share, thickness))
        painter.setBrush(self._theme.color("accent", opacity))
        painter.drawRoundedRect(ground, thickness / 2, thickness / 2)

    def _name_width(self, metrics: QFontMetricsF) -> float:
        """All names get the same room, so that the bars begin below each other."""
        longest = max(metrics.horizontalAdvance(name) for name, _ in self._classes)
        return min(longest + 1, self.width() * _LONGEST_NAME)

    def _answer(self, question: "Question", should_stop: "ShouldStop") -> "Answer":
        """Runs in the worker thread, which imports Keras with the first question."""
        from cnnstudio.engine.evaluation.answers import Answerer

        if self._answerer is None:
            self._answerer = Answerer()
        return self._answerer.answer(question, should_stop)

    @Slot(object)
    def _on_answered(self, answered: "tuple[Question, Answer]") -> None:
        question, answer = answered
        if question is self._asked:
            self._show(answer.classes, answer.sentence)

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        if self._asked is not None:
            self._show((), sentence)

    def _show(self, classes: tuple[tuple[str, float], ...], text: str) -> None:
        self._classes, self._text = classes, text
        words = ", ".join(f"{name} {_percent(share)}" for name, share in classes) or text
        self.setAccessibleName(f"The network’s answer: {words}" if words else "The network’s answer")
        self.setToolTip(words)
        self.update()

    @Slot()
    def _on_theme_changed(self) -> None:
        self.updateGeometry()
        self.update()


def _percent(share: float) -> str:
    """Whole per cent, but small shares are not nothing."""
    return f"{share:.0%}" if share >= 0.01 or share == 0 else "< 1%"
