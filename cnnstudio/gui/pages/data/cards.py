"""A card per data set, of which exactly one is chosen."""

from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QVBoxLayout, QWidget

from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.project.sources import Included, IncludedName
from cnnstudio.core.values.facts import DataFacts
from cnnstudio.core.values.words import counted
from cnnstudio.engine.data import INCLUDED, kind_of
from cnnstudio.engine.data.tensor import shape_text
from cnnstudio.gui.fields.editor import Editor
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.reading_order import mark_as_choice
from cnnstudio.gui.widgets.tooltips import plain_tooltip

_HEIGHT_PX = 76
_FOLDER = "Folder of pictures…"
_NO_FOLDER = ("One folder per class: cat, dog…", "Choose it, or drop it here.")
_LOOKING = "Looking through the folder…"


class DatasetCard(QAbstractButton):
    """Title and two lines about one data set; a dot in a ring, as of a radio button, when chosen.

    Signals:
        stumbled_upon(): it has the keyboard, and no key or click of a person led there.
    """

    stumbled_upon = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lines: tuple[str, str] = ("", "")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._on_theme_changed)

    def show_texts(self, title: str, lines: tuple[str, str]) -> None:
        """Say something else on the card."""
        self._lines = lines
        # An ampersand in a folder's name is no mark of a shortcut; the card paints its text itself.
        self.setText(title.replace("&", "&&"))
        self.setAccessibleName(title)
        self.setAccessibleDescription(". ".join(lines))
        self.setToolTip(plain_tooltip("\n".join((title, *lines))))
        self.update()

    def show_facts(self, facts: DataFacts) -> None:
        """Show title, counts and sample shape of a data set."""
        shape = shape_text(tuple(size or 0 for size in facts.sample_shape))
        self.show_texts(facts.title, (facts.counts_text, f"{counted(facts.classes, 'class')}, {shape} each"))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() == Qt.FocusReason.OtherFocusReason and not self.isChecked():
            self.stumbled_upon.emit()

    def sizeHint(self) -> QSize:
        return QSize(200, self._theme.scaled(_HEIGHT_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        # The keyboard has a ring of its own inside: where nothing is chosen, no edge may look as if.
        edge = "accent" if on else "outline" if self.hasFocus() or self.underMouse() else "border"
        painter.setPen(QPen(self._theme.color(edge), 2 if on else 1))
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
        _paint_line(painter, room, self.accessibleName())
        painter.setFont(theme.font(11, tabular=True))
        painter.setPen(theme.color("text2"))
        for number, text in enumerate(self._lines, start=1):
            _paint_line(painter, room.translated(0, number * line - number * 2), text)

    @Slot()
    def _on_theme_changed(self) -> None:
        self.updateGeometry()
        self.update()


class FolderCard(DatasetCard):
    """Stays as it is when it is pressed: it is chosen once a folder is."""

    def nextCheckState(self) -> None:
        pass


class DatasetCards(Editor):
    """The included data sets by key, among which arrow keys move the choice, and a folder of pictures.

    Its value is a whole `DataChoice`; what it gives is the name of an included data set. None is chosen where
    the choice has no source.

    Signals:
        folder_wanted(): a folder is to be chosen.
    """

    folder_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._shown = ""
        self._group = QButtonGroup(self)
        self.cards: dict[str, DatasetCard] = {one.name: DatasetCard(theme, self) for one in INCLUDED}
        self.folder = FolderCard(theme, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for one in INCLUDED:
            card = self.cards[one.name]
            card.show_facts(one.facts)
            self._group.addButton(card)
            mark_as_choice(card)
            column.addWidget(card)
        column.addWidget(self.folder)
        self._group.buttonToggled.connect(self._on_toggled)
        self.folder.clicked.connect(self._on_folder_clicked)
        for card in (*self.cards.values(), self.folder):
            card.stumbled_upon.connect(self._on_stumbled_upon)

    def show_value(self, value: Any) -> None:
        choice: DataChoice = value
        source = choice.source
        self._shown = source.set if isinstance(source, Included) else ""
        # Of an exclusive group one button is always chosen.
        self._group.setExclusive(False)
        for key, card in self.cards.items():
            card.setChecked(key == self._shown)
        self._group.setExclusive(True)
        own = None if isinstance(source, Included) else source
        self.folder.setChecked(own is not None)
        if own is not None:
            # As of the others, all that is there: classes and images are chosen below.
            self.folder.show_facts(kind_of(own).facts_of(own, choice.preparation))
        else:
            self.folder.show_texts(_FOLDER, _NO_FOLDER)

    def show_looking(self, name: str) -> None:
        """Say that a folder of that name is being looked through; the next value takes it away."""
        self.folder.show_texts(name, (_LOOKING, ""))

    def show_count(self, count: int) -> None:
        """Say how many pictures were found so far."""
        self.folder.show_texts(
            self.folder.accessibleName(), (_LOOKING, f"{counted(count, 'picture')} so far")
        )

    def show_mixed(self, value: Any) -> None:
        raise NotImplementedError("a project has one data set")

    @Slot(QAbstractButton, bool)
    def _on_toggled(self, card: QAbstractButton, on: bool) -> None:
        name: IncludedName | None = next(
            (one.name for one in INCLUDED if self.cards[one.name] is card and on), None
        )
        if name is not None and name != self._shown:
            self._shown = name
            self.folder.setChecked(False)
            self.folder.show_texts(_FOLDER, _NO_FOLDER)
            self.edited.emit(name)
            self.finished.emit()

    @Slot()
    def _on_stumbled_upon(self) -> None:
        """When a page comes to the front Qt gives the keyboard to its first card, whichever is chosen."""
        chosen = next((card for card in (*self.cards.values(), self.folder) if card.isChecked()), None)
        if chosen is not None:
            chosen.setFocus(Qt.FocusReason.TabFocusReason)

    @Slot()
    def _on_folder_clicked(self) -> None:
        if not self.folder.isChecked():
            self.folder_wanted.emit()


def _paint_line(painter: QPainter, room: QRectF, text: str) -> None:
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)
