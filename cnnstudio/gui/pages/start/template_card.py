"""A template as a card that is a button: picture, title, one sentence, size."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from cnnstudio.core.analysis import analyze
from cnnstudio.core.analysis.describe import short_count
from cnnstudio.core.templates import Template
from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.facts import DataFacts
from cnnstudio.core.values.words import counted
from cnnstudio.gui.pages.start.card_button import CardButton
from cnnstudio.gui.pages.start.miniature import Bar, bars_of, paint_bars
from cnnstudio.gui.theme.fonts import SEMIBOLD
from cnnstudio.gui.theme.theme import Theme

WIDTH, HEIGHT = 220, 232
_PICTURE, _PAD, _RADIUS = 96, 16, 10


class TemplateCard(CardButton):
    """A template to begin with; one that cannot take the data is disabled and says why.

    Signals: chosen(str) with the template's key.
    """

    chosen = Signal(str)

    def __init__(
        self, template: Template, facts: DataFacts, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, parent)
        self.template = template
        self._bars: tuple[Bar, ...] = ()
        self._size = ""
        self._sentence = template.description
        self._fit(facts)
        self.setText(template.title)
        self.setAccessibleName(template.title)
        self.setAccessibleDescription(f"{self._sentence} {self._size}".strip())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(self._on_clicked)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    @property
    def sentence(self) -> str:
        """What the template is, or why it cannot be used."""
        return self._sentence

    def sizeHint(self) -> QSize:
        return QSize(self._theme.scaled(WIDTH), self._theme.scaled(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        scaled = self._theme.scaled
        inner = QRectF(self.rect()).adjusted(scaled(_PAD), scaled(12), -scaled(_PAD), -scaled(12))
        if self._bars:
            picture = QRectF(inner.left(), inner.top(), inner.width(), scaled(_PICTURE))
            paint_bars(painter, self._theme, self._bars, picture)
        self._paint_words(painter, inner.adjusted(0, scaled(_PICTURE + 10), 0, 0))
        painter.end()

    def _fit(self, facts: DataFacts) -> None:
        try:
            analysis = analyze(self.template.project(facts.sample_shape, facts.classes).network)
        except StudioError as error:
            self._sentence = str(error)
            self.setToolTip(self._sentence)
            self.setEnabled(False)
            return
        self._bars = bars_of(analysis)
        layers = len(analysis.rows)
        self._size = f"{counted(layers, 'layer')} · {short_count(analysis.totals.parameters)} params"

    def _paint_ground(self, painter: QPainter) -> None:
        theme, rect = self._theme, QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        lit = self.isEnabled() and (self.underMouse() or self.isDown())
        focused = self.is_ringed
        painter.setPen(
            QPen(theme.color("accent" if focused else "outline" if lit else "border"), 2 if focused else 1)
        )
        painter.setBrush(theme.color("hover" if lit else "card"))
        painter.drawRoundedRect(rect, _RADIUS, _RADIUS)

    def _paint_words(self, painter: QPainter, rect: QRectF) -> None:
        theme, scaled = self._theme, self._theme.scaled
        painter.setFont(theme.font(13, SEMIBOLD))
        painter.setPen(theme.color("text" if self.isEnabled() else "text3"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignTop, self.text())
        small = theme.font(12)
        painter.setFont(small)
        painter.setPen(theme.color("text2" if self.isEnabled() else "text3"))
        about = rect.adjusted(0, scaled(21), 0, -scaled(18))
        painter.drawText(about, Qt.TextFlag.TextWordWrap, self._sentence)
        painter.setPen(theme.color("text3"))
        line = QFontMetricsF(small).height()
        painter.drawText(
            QRectF(rect.left(), rect.bottom() - line, rect.width(), line),
            Qt.AlignmentFlag.AlignLeft,
            self._size,
        )

    @Slot()
    def _on_clicked(self) -> None:
        self.chosen.emit(self.template.key)

    @Slot()
    def _on_theme_changed(self) -> None:
        self.setMinimumWidth(self.sizeHint().width())
        self.setFixedHeight(self.sizeHint().height())
        self.updateGeometry()
        self.update()
