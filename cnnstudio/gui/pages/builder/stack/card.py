"""Paints the card of a layer: the block of the stack, and the picture that follows a drag."""

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPixmap

from cnnstudio.gui.pages.builder.stack.content import Content
from cnnstudio.gui.pages.builder.stack.looks import SHADOW_REACH, PlateStyle, plate
from cnnstudio.gui.pages.builder.stack.metrics import SMALL_TILE, TILE, Metrics, metrics_of
from cnnstudio.gui.pages.builder.stack.text_painter import TextPainter
from cnnstudio.gui.pages.builder.stack.thumbnail import Slot, paint_thumbnail, slot_box, slot_width
from cnnstudio.gui.theme.fonts import MEDIUM, SEMIBOLD
from cnnstudio.gui.theme.measuring import width_of
from cnnstudio.gui.theme.severity import LOOKS
from cnnstudio.gui.theme.theme import Theme

_PLAIN_BELOW = 0.3
_FADED = 0.4
_MARK = 15


class Highlight(Struct, frozen=True):
    """How a card is shown apart from what it says."""

    selected: bool = False
    focused: bool = False
    hovered: bool = False
    highlighted: bool = False
    lifted: bool = False


def card_height(content: Content, metrics: Metrics) -> int:
    """How high the card of this content is, in scene units."""
    return metrics.small_height if content.is_small else metrics.height


def card_pixmap(content: Content, theme: Theme, dpr: float) -> QPixmap:
    """The lifted card on a transparent ground, with `SHADOW_REACH` of room on each side."""
    metrics = metrics_of(theme)
    width, height = metrics.width, card_height(content, metrics)
    reach = SHADOW_REACH
    made = QPixmap(round((width + 2 * reach) * dpr), round((height + 2 * reach) * dpr))
    made.setDevicePixelRatio(dpr)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    rect = QRectF(reach, reach, width, height)
    paint_card(painter, theme, dpr, rect, content, Highlight(selected=True, lifted=True))
    painter.end()
    return made


def paint_card(
    painter: QPainter,
    theme: Theme,
    scale: float,
    rect: QRectF,
    content: Content,
    state: Highlight,
    slot: Slot | None = None,
) -> None:
    """Paint into `rect`; shadow and focus ring lie outside. `scale` is device pixels a painter unit."""
    if scale < _PLAIN_BELOW:
        _paint_plate(painter, theme, rect, content, state)
    else:
        _Card(TextPainter(painter, theme, scale), theme, scale, rect, content, state).paint(slot)


def texts_of(rect: QRectF, theme: Theme) -> QRectF:
    """The room between the tile and the grip of a card."""
    return rect.adjusted(theme.scaled(12 + TILE + 12), 0, -theme.scaled(36), 0)


def _paint_plate(painter: QPainter, theme: Theme, rect: QRectF, content: Content, state: Highlight) -> None:
    """From far away a card is a plate with a spot of its family's color."""
    side = rect.height() - 16
    spot = QRectF(rect.left() + 8, rect.top() + 8, side, side)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("accent_soft" if state.selected else "card"))
    painter.drawRect(rect)
    painter.setBrush(theme.family_color(content.family))
    painter.drawRect(spot)
    if content.severity:
        painter.setBrush(theme.color(LOOKS[content.severity].color))
        painter.drawRect(spot.translated(rect.width() - side - 16, 0))


class _Card:
    def __init__(
        self,
        draw: TextPainter,
        theme: Theme,
        scale: float,
        rect: QRectF,
        content: Content,
        state: Highlight,
    ) -> None:
        self._draw, self._painter, self._theme, self._scale = draw, draw.painter, theme, scale
        self._rect, self._content, self._state = rect, content, state

    def paint(self, slot: Slot | None) -> None:
        self._paint_ground()
        self._paint_tile()
        self._paint_grip()
        text = texts_of(self._rect, self._theme)
        if slot is not None:
            self._paint_slot(slot, text)
            text = text.adjusted(0, 0, -slot_width(self._theme), 0)
        if self._content.is_small:
            self._paint_one_line(text)
        else:
            self._paint_two_lines(text)

    def _paint_ground(self) -> None:
        rect = self._rect
        pixmap = plate(self._theme, int(rect.width()), int(rect.height()), self._style(), self._scale)
        self._painter.drawPixmap(QPointF(rect.left() - SHADOW_REACH, rect.top() - SHADOW_REACH), pixmap)

    def _style(self) -> PlateStyle:
        state = self._state
        border, width = "outline" if self._content.is_disabled else "border", 1.0
        if state.selected:
            border, width = "accent", 2.0
        elif state.highlighted:
            border, width = "merging", 2.0
        elif self._content.severity == "error":
            border, width = "danger", 1.2
        elif state.hovered or state.lifted:
            border = "outline"
        ground = (
            "raised" if state.hovered or state.lifted else "canvas" if self._content.is_disabled else "card"
        )
        return PlateStyle(ground, border, width, state.focused, state.lifted, self._content.is_disabled)

    def _paint_slot(self, slot: Slot, room: QRectF) -> None:
        if slot.thumbnail is not None:
            box = slot_box(self._theme, room, self._content.is_small)
            paint_thumbnail(self._painter, self._theme, box, slot.thumbnail, slot.is_stale)

    def _paint_tile(self) -> None:
        theme, content = self._theme, self._content
        side = theme.scaled(SMALL_TILE if content.is_small else TILE)
        centre = QPointF(self._rect.left() + theme.scaled(12 + TILE // 2), self._rect.center().y())
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(theme.tile_color(content.family))
        self._painter.setOpacity(_FADED if content.is_disabled else 1.0)
        self._painter.drawRoundedRect(QRectF(centre.x() - side / 2, centre.y() - side / 2, side, side), 8, 8)
        self._painter.setOpacity(1.0)
        color = "text3" if content.is_disabled else content.family
        self._draw.icon(content.icon, color, centre, 15 if content.is_small else 19)

    def _paint_grip(self) -> None:
        if not self._content.can_move:
            return
        loud = self._state.hovered or self._state.lifted
        centre = QPointF(self._rect.right() - self._theme.scaled(19), self._rect.center().y())
        self._draw.icon("grip-vertical", "text2" if loud else "grip", centre, 15)

    def _paint_two_lines(self, rect: QRectF) -> None:
        scaled, middle = self._theme.scaled, rect.center().y()
        upper = QRectF(rect.left(), middle - scaled(20), rect.width(), scaled(20))
        lower = QRectF(rect.left(), middle + scaled(1), rect.width(), scaled(18))
        self._paint_name(_up_to(upper, self._paint_shape(upper, 13) - scaled(10)))
        free = self._draw.right(lower, self._content.parameters, self._font(12, tabular=True), "text3")
        self._paint_about(_up_to(lower, free - scaled(10)))

    def _paint_one_line(self, rect: QRectF) -> None:
        scaled, content = self._theme.scaled, self._content
        free = self._paint_shape(rect, 12) - scaled(10)
        digits = self._font(12, tabular=True)
        taken = width_of(digits, content.parameters) + scaled(10)
        # A name that is cut says less than a number that stands in the table too.
        if content.has_parameters and self._name_width() + taken <= free - rect.left():
            free = self._draw.right(_up_to(rect, free), content.parameters, digits, "text3") - scaled(10)
        used = self._paint_name(_up_to(rect, free))
        self._paint_about(_up_to(QRectF(used + scaled(8), rect.top(), rect.width(), rect.height()), free))

    def _paint_about(self, rect: QRectF) -> None:
        """What the layer is and how it is set; only the settings where there is no room for both.

        What it is can be seen by the icon and the color of its tile.
        """
        font, content = self._font(12), self._content
        fits = width_of(font, content.about) <= rect.width() or not content.details
        self._draw.parts(rect, content.about if fits else content.details, font, "text2")

    def _paint_shape(self, rect: QRectF, px: int) -> float:
        content = self._content
        if content.stands:
            font = self._theme.font(px, SEMIBOLD, tabular=True)
            return self._draw.right(rect, content.shape, font, self._loud)
        color = "danger" if content.severity == "error" else "text3"
        return self._draw.right(rect, content.shape, self._theme.font(12, MEDIUM), color)

    def _paint_name(self, rect: QRectF) -> float:
        """The name, the lock and the badge behind it; gives the x where they end."""
        right, font = rect.right() - self._marks_width(), self._theme.font(13, SEMIBOLD)
        x = self._draw.left(_up_to(rect, right), self._content.name, font, self._loud)
        for icon, color in self._marks():
            x += self._theme.scaled(_MARK + 5)
            self._draw.icon(icon, color, QPointF(x - self._theme.scaled(_MARK) / 2, rect.center().y()), _MARK)
        return x

    def _name_width(self) -> float:
        """What the name and the marks behind it take where they are whole."""
        return width_of(self._theme.font(13, SEMIBOLD), self._content.name) + self._marks_width()

    def _marks_width(self) -> float:
        return len(self._marks()) * self._theme.scaled(_MARK + 5)

    @property
    def _loud(self) -> str:
        """The color of what is read first; a disabled layer steps back."""
        return "text2" if self._content.is_disabled else "text"

    def _marks(self) -> list[tuple[str, str]]:
        marks = [("power-off", "text2")] if self._content.is_disabled else []
        if self._content.is_frozen:
            marks.append(("lock", "text2"))
        if self._content.severity:
            look = LOOKS[self._content.severity]
            marks.append((look.icon, look.color))
        return marks

    def _font(self, px: int, tabular: bool = False) -> QFont:
        return self._theme.font(px, tabular=tabular)


def _up_to(rect: QRectF, right: float) -> QRectF:
    return QRectF(rect.left(), rect.top(), max(0.0, right - rect.left()), rect.height())
