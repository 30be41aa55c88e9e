"""A card per data set, of which exactly one is chosen."""

from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QVBoxLayout, QWidget

from cnnstudio.engine.datasets import DATASET_KINDS, DatasetKind
from cnnstudio.gui.data.tensor import shape_text
from cnnstudio.gui.fields.editor import Editor
from cnnstudio.gui.theme.theme import Theme

_HEIGHT_PX = 76


class DatasetCard(QAbstractButton):
    """Title, counts and sample shape of one data set; a dot in a ring, as of a radio button, when chosen."""

    def __init__(self, kind: DatasetKind, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self.kind = theme, kind
        facts = kind.facts
        shape = shape_text(tuple(size or 0 for size in facts.sample_shape))
        self._lines = (
            f"{facts.train_count:,} training, {facts.test_count:,} test images",
            f"{facts.classes} classes, {shape} each",
        )
        self.setText(facts.title)
        self.setAccessibleName(facts.title)
        self.setAccessibleDescription(". ".join(self._lines))
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._on_theme_changed)

    def sizeHint(self) -> QSize:
        return QSize(200, self._theme.scaled(_HEIGHT_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        edge = "accent" if on or self.hasFocus() else "outline" if self.underMouse() else "border"
        painter.setPen(QPen(self._theme.color(edge), 2 if self.hasFocus() or on else 1))
        painter.setBrush(self._theme.color("accent_soft" if on else "card"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 10, 10)
        if self.hasFocus():
            self._paint_focus(painter)
        self._paint_dot(painter, on)
        self._paint_texts(painter)
        painter.end()

    def _paint_focus(self, painter: QPainter) -> None:
        painter.setPen(QPen(self._theme.color("accent"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(4, 4, -4, -4), 7, 7)

    def _paint_dot(self, painter: QPainter, on: bool) -> None:
        side = self._theme.scaled(16)
        ring = QRectF(14, 13, side, side)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._theme.color("accent" if on else "outline"), 1.5))
        painter.drawEllipse(ring)
        if on:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("accent"))
            painter.drawEllipse(ring.adjusted(4, 4, -4, -4))

    def _paint_texts(self, painter: QPainter) -> None:
        theme, left = self._theme, 14 + self._theme.scaled(16) + 10
        line = theme.scaled(19)
        room = QRectF(left, 11, self.width() - left - 8, line)
        painter.setFont(theme.font(13, QFont.Weight.DemiBold))
        painter.setPen(theme.color("text"))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.setFont(theme.font(11, tabular=True))
        painter.setPen(theme.color("text2"))
        for number, text in enumerate(self._lines, start=1):
            place = room.translated(0, number * line - number * 2)
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, shown)

    @Slot()
    def _on_theme_changed(self) -> None:
        self.updateGeometry()
        self.update()


class DatasetCards(Editor):
    """All kinds of data sets by key; arrow keys move the choice."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._shown = ""
        self._group = QButtonGroup(self)
        self.cards = {kind.key: DatasetCard(kind, theme, self) for kind in DATASET_KINDS}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for card in self.cards.values():
            self._group.addButton(card)
            column.addWidget(card)
        self._group.buttonToggled.connect(self._on_toggled)

    def show_value(self, value: Any) -> None:
        self._shown = value
        self.cards[value].setChecked(True)

    def show_mixed(self, value: Any) -> None:
        raise NotImplementedError("a project has one data set")

    @Slot(QAbstractButton, bool)
    def _on_toggled(self, card: QAbstractButton, on: bool) -> None:
        if on and isinstance(card, DatasetCard) and card.kind.key != self._shown:
            self._shown = card.kind.key
            self.edited.emit(self._shown)
            self.finished.emit()
