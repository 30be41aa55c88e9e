"""Painted bars: how the images are split, and how many there are of each class."""

from collections.abc import Callable, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QHelpEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.tooltips import plain_tooltip

PART_COLORS = {"training": "train", "validation": "validation", "test": "test"}
_BAR_PX, _TEXT_PX, _GAP_PX = 14, 18, 6
_CLASSES_PX, _LOW_CLASSES_PX = 118, 76
_BAR_GAP_PX = 8
_MOST_TOLD = 30
"""Classes that are told one by one."""
_MARK_PX, _MARK_GAP_PX, _WORD_GAP_PX = 8, 6, 18
_UNCOUNTED: NDArray[np.int64] = np.zeros((0, 3), np.int64)


class Split(Struct, frozen=True):
    """Images for training, held out for validation, and kept for the test."""

    training: int
    validation: int
    test: int

    @property
    def parts(self) -> tuple[tuple[str, int], ...]:
        """Name and count of each part, in the order of drawing."""
        return ("training", self.training), ("validation", self.validation), ("test", self.test)

    @property
    def captions(self) -> tuple[tuple[str, str, str], ...]:
        """Count and name of each part, from long to short; the shares are those of the training images."""
        share = self.validation / max(self.training + self.validation, 1)
        training, validation, test = (f"{count:,}" for _, count in self.parts)
        return (
            (
                f"{training} training ({1 - share:.0%})",
                f"{validation} validation ({share:.0%})",
                f"{test} for the test, kept apart",
            ),
            (f"{training} training", f"{validation} validation", f"{test} test"),
            (f"{training} train", f"{validation} val", f"{test} test"),
            (training, validation, test),
        )

    @property
    def words(self) -> str:
        """The split as a sentence for a screen reader."""
        return ", ".join(f"{count:,} {name}" for name, count in self.parts)


class SplitBar(QWidget):
    """One bar whose three pieces are as long as the parts are large; names and counts stand below."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._split = Split(0, 0, 0)
        self._names: tuple[str, ...] = ()
        self._counts = _UNCOUNTED
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._on_theme_changed)

    def show_split(
        self,
        split: Split,
        names: Sequence[str] = (),
        counts: NDArray[np.int64] = _UNCOUNTED,
    ) -> None:
        """Draw another split; `counts` (classes, 3) are those of each class, once they are known."""
        self._split, self._names, self._counts = split, tuple(names), counts
        self.setAccessibleName(f"Split: {split.words}")
        told = [self.part_words(number) for number in range(len(PART_COLORS))] if self._names else []
        self.setAccessibleDescription(". ".join(told))
        self.update()

    def part_words(self, number: int) -> str:
        """A part and how many of each class are in it, for a person."""
        name, count = self._split.parts[number]
        each = f" ({_words(self._names, self._counts[:, number].tolist())})" if self._names and count else ""
        return f"{count:,} {name}{each}"

    def split(self) -> Split:
        """The split that is drawn."""
        return self._split

    def sizeHint(self) -> QSize:
        return QSize(360, self._theme.scaled(_BAR_PX + _GAP_PX + _TEXT_PX))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), plain_tooltip(self.tooltip(event.x())), self)
            return True
        return super().event(event)

    def tooltip(self, x: int) -> str:
        """What is said of the piece at that place."""
        ends = np.cumsum([count for _, count in self._split.parts])
        if not ends[-1]:
            return ""
        return self.part_words(
            int(np.searchsorted(ends, x / max(self.width(), 1) * ends[-1], "right").clip(0, 2))
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        total = sum(count for _, count in self._split.parts)
        if total:
            self._paint_bar(painter, total)
            self._paint_words(painter)
        painter.end()

    def _paint_bar(self, painter: QPainter, total: int) -> None:
        height = self._theme.scaled(_BAR_PX)
        round_ends = QPainterPath()
        round_ends.addRoundedRect(QRectF(0, 0, self.width(), height), 5, 5)
        painter.setClipPath(round_ends)
        left = 0.0
        for name, count in self._split.parts:
            width = self.width() * count / total
            painter.fillRect(QRectF(left, 0, width - 2, height), self._theme.color(PART_COLORS[name]))
            left += width
        painter.setClipping(False)

    def _paint_words(self, painter: QPainter) -> None:
        painter.setFont(self._theme.font(12, tabular=True))
        measure = painter.fontMetrics().horizontalAdvance
        mark = self._theme.scaled(_MARK_PX) + _MARK_GAP_PX
        left = 0
        for (name, _), text in zip(self._split.parts, self._texts(measure, mark), strict=True):
            self._paint_word(painter, left, name, text)
            left += mark + measure(text) + _WORD_GAP_PX

    def _texts(self, measure: Callable[[str], int], mark: int) -> tuple[str, ...]:
        """The longest words that fit."""
        for texts in self._split.captions:
            if sum(measure(text) + mark + _WORD_GAP_PX for text in texts) - _WORD_GAP_PX <= self.width():
                return texts
        return self._split.captions[-1]

    def _paint_word(self, painter: QPainter, left: int, name: str, text: str) -> None:
        side, height = self._theme.scaled(_MARK_PX), self._theme.scaled(_TEXT_PX)
        top = self._theme.scaled(_BAR_PX + _GAP_PX)
        mark = QRectF(left, top + (height - side) / 2, side, side)
        painter.fillRect(mark, self._theme.color(PART_COLORS[name]))
        painter.setPen(self._theme.color("text2"))
        area = QRectF(left + side + _MARK_GAP_PX, top, self.width(), height)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, text)

    @Slot()
    def _on_theme_changed(self) -> None:
        self.updateGeometry()
        self.update()


class ClassBars(QWidget):
    """A column per class: training images below, those for validation on top, with number and name."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._names: tuple[str, ...] = ()
        self._counts = _UNCOUNTED
        self._most = 1
        self._is_low = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._on_theme_changed)

    def show_counts(self, names: Sequence[str], counts: NDArray[np.int64]) -> None:
        """Draw the counts (classes, 3) of training, validation and test."""
        self._names, self._counts = tuple(names), counts
        totals = counts[:, :2].sum(axis=1).tolist()
        self._most = max(1, *totals)
        words = _words(self._names, totals)
        self.setAccessibleName(f"Images per class. {words}")
        self.setToolTip(plain_tooltip(words))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(360, self._theme.scaled(_LOW_CLASSES_PX if self._is_low else _CLASSES_PX))

    def set_low(self, is_low: bool) -> None:
        """Take less height, where others need it."""
        if is_low != self._is_low:
            self._is_low = is_low
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._names:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._theme.font(11, tabular=True))
        width = self.width() / len(self._names)
        for number in range(len(self._names)):
            self._paint_class(painter, number, QRectF(number * width, 0, width, self.height()))
        painter.end()

    def _paint_class(self, painter: QPainter, number: int, area: QRectF) -> None:
        text_height = self._theme.scaled(_TEXT_PX)
        training, validation = (int(count) for count in self._counts[number, :2])
        room = area.height() - 2 * text_height
        bar = min(area.width() - min(_BAR_GAP_PX, area.width() / 3), self._theme.scaled(44))
        left, bottom = area.center().x() - bar / 2, area.bottom() - text_height
        for count, name in ((training, "training"), (validation, "validation")):
            height = room * count / self._most
            rect = QRectF(left, bottom - height, bar, max(height - 1, 0))
            painter.fillRect(rect, self._theme.color(PART_COLORS[name]))
            bottom -= height
        total = QRectF(area.left(), bottom - text_height, area.width(), text_height)
        painter.setPen(self._theme.color("text2"))
        text = f"{training + validation:,}"
        # Numbers that would touch are left to the tooltip.
        if painter.fontMetrics().horizontalAdvance(text) + 6 <= area.width():
            painter.drawText(total, Qt.AlignmentFlag.AlignCenter, text)
        self._paint_name(painter, number, area)

    def _paint_name(self, painter: QPainter, number: int, area: QRectF) -> None:
        room = area.adjusted(2, area.height() - self._theme.scaled(_TEXT_PX), -2, 0)
        text = painter.fontMetrics().elidedText(
            self._names[number], Qt.TextElideMode.ElideRight, int(room.width())
        )
        painter.setPen(self._theme.color("text"))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)

    @Slot()
    def _on_theme_changed(self) -> None:
        self.updateGeometry()
        self.update()


def _words(names: Sequence[str], counts: Sequence[int]) -> str:
    """Names and counts, or how many there are where that would be a page of text."""
    if len(names) > _MOST_TOLD:
        return f"{len(names):,} classes of {min(counts):,} to {max(counts):,} images"
    return ", ".join(f"{name}: {count:,}" for name, count in zip(names, counts, strict=True))
