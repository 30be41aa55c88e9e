"""The picture in a block: what a sample looks like after its layer, as pixels and as words.

NumPy and what needs it is imported with the first picture, which comes long after the first paint.
"""

from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter, QPen, QPixmap

from cnnstudio.gui.theme.theme import Theme

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from cnnstudio.engine.interpret.previews import Preview
    from cnnstudio.gui.widgets.colormaps import Colormap, Range

SIDE, SMALL_SIDE = 44, 30
"""How large a picture is in a block and in a small one, in designed pixels."""
_GAP = 12
_STRIP_SHARE = 0.36
_STALE = 0.35


class Thumbnail(Struct, frozen=True, eq=False):
    """A picture ready to be painted; `is_strip` is one of a list, as wide as can be and low."""

    pixmap: QPixmap
    is_strip: bool
    words: str


class Slot(Struct, frozen=True):
    """A place for a picture in a card, empty as long as there is none."""

    thumbnail: Thumbnail | None = None
    is_stale: bool = False


def slot_width(theme: Theme) -> int:
    """What the place for a picture takes from the texts, in scene units."""
    return theme.scaled(SIDE + _GAP)


def slot_box(theme: Theme, texts: QRectF, is_small: bool) -> QRectF:
    """The square of the picture, at the right end of the room for texts."""
    side = theme.scaled(SMALL_SIDE if is_small else SIDE)
    box = QRectF(0, 0, side, side)
    box.moveCenter(QPointF(texts.right() - theme.scaled(SIDE) / 2, texts.center().y()))
    return box


def thumbnail_of(preview: "Preview") -> Thumbnail:
    """The thumbnail of a preview; zero is the scale's end, or its middle where values are negative."""
    return Thumbnail(_pixmap(preview), preview.kind == "features", words_of(preview))


def paint_thumbnail(
    painter: QPainter, theme: Theme, box: QRectF, thumbnail: Thumbnail, is_stale: bool
) -> None:
    """Paint into the middle of a square, with a thin frame; dimmed while it is stale."""
    # Lists are as wide in small blocks as in others: their columns stand below each other.
    target = _placed(thumbnail, box, theme.scaled(SIDE))
    painter.fillRect(target, theme.color("field"))
    _paint_pixmap(painter, target, thumbnail.pixmap, _STALE if is_stale else 1.0)
    painter.setPen(QPen(theme.color("border" if is_stale else "outline"), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(target.adjusted(-0.5, -0.5, 0.5, 0.5))


def words_of(preview: "Preview") -> str:
    """What the picture shows: `mean of 16 maps, 0 to 2.31, untrained`."""
    parts = [_subject(preview), _range_words(preview.limits), _source_words(preview)]
    if preview.is_example:
        parts.append("one draw; the layers below get the image without it")
    return ", ".join(part for part in parts if part)


def _subject(preview: "Preview") -> str:
    match preview.kind:
        case "image":
            return "the first training image"
        case "map" if preview.count == 1:
            return "the only map"
        case "map":
            return f"{'mean' if preview.is_mean else 'first'} of {preview.count:,} maps"
        case "sequence":
            return f"{preview.count:,} channels from top to bottom"
        case "features":
            return f"{preview.count:,} features from left to right"


def _range_words(limits: "Range") -> str:
    from cnnstudio.gui.widgets.legend import legend_text

    lowest, highest = (legend_text(limit) for limit in limits)
    return f"{lowest} everywhere" if lowest == highest else f"{lowest} to {highest}"


def _source_words(preview: "Preview") -> str:
    if "untrained" not in preview.sources:
        return "trained weights" if preview.sources else ""
    return "partly untrained" if "trained" in preview.sources else "untrained"


def _scale(preview: "Preview") -> "tuple[Colormap, Range]":
    lowest, highest = preview.limits
    if preview.kind == "image":
        return "gray", (lowest, highest)
    if lowest < 0:
        widest = max(-lowest, highest)
        return "diverging", (-widest, widest)
    # A map of nothing but zeros is at the end of the scale, not in its middle.
    return "sequential", (0.0, highest or 1.0)


def _pixmap(preview: "Preview") -> QPixmap:
    import numpy as np

    from cnnstudio.gui.widgets.colormaps import color_table, levels

    colormap, limits = _scale(preview)
    values = levels(preview.values, limits)
    if preview.kind != "image":
        return _from_rgb(color_table(colormap)[values])
    return _from_rgb(np.broadcast_to(values, (*values.shape[:2], 3)))


def _from_rgb(pixels: "npt.NDArray[np.uint8]") -> QPixmap:
    import numpy as np

    lines = np.ascontiguousarray(pixels)
    height, width, _ = lines.shape
    return QPixmap.fromImage(QImage(lines.data, width, height, 3 * width, QImage.Format.Format_RGB888))


def _placed(thumbnail: Thumbnail, box: QRectF, width: float) -> QRectF:
    if thumbnail.is_strip:
        size = QSizeF(width, round(width * _STRIP_SHARE))
    else:
        size = QSizeF(thumbnail.pixmap.size()).scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
    placed = QRectF(0, 0, max(size.width(), 3.0), max(size.height(), 3.0))
    placed.moveCenter(box.center())
    return placed


def _paint_pixmap(painter: QPainter, target: QRectF, pixmap: QPixmap, opacity: float) -> None:
    shown = painter.worldTransform().mapRect(target)
    # Few values are shown as sharp squares, many are blended.
    blended = pixmap.width() > shown.width() or pixmap.height() > shown.height()
    hint = QPainter.RenderHint.SmoothPixmapTransform
    was_blended, was_opaque = painter.testRenderHint(hint), painter.opacity()
    painter.setRenderHint(hint, blended)
    painter.setOpacity(was_opaque * opacity)
    painter.drawPixmap(target, pixmap, QRectF(pixmap.rect()))
    painter.setRenderHint(hint, was_blended)
    painter.setOpacity(was_opaque)
