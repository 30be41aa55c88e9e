"""Disabled layers in the stack, the panel, the code and what is trained."""

from collections import Counter
from itertools import product

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from cnnstudio.core.analysis import analyze
from cnnstudio.gui.pages.builder.stack.card import Highlight, paint_card, texts_of
from cnnstudio.gui.pages.builder.stack.content import content_of
from cnnstudio.gui.pages.builder.stack.looks import SHADOW_REACH
from cnnstudio.gui.pages.builder.stack.metrics import TILE, metrics_of
from cnnstudio.gui.theme.fonts import SEMIBOLD
from cnnstudio.gui.theme.measuring import width_of
from cnnstudio.gui.theme.theme import Theme
from tests.core.pictures import stack
from tests.gui import edits
from tests.gui.stack_driver import StackDriver

SCALE = 4
"""Pixels a unit: strokes of letters are wide enough for pixels of their very color."""
BACKGROUND = "#00FF00"
PICTURE = "a=conv(8,3,same) b=conv(16,3,same) f=flatten d=dense(10)"


@pytest.fixture
def driven(qtbot: QtBot, theme: Theme) -> StackDriver:
    return StackDriver(qtbot, theme, PICTURE)


class Painted:
    """The card of a convolution, enabled or not and else the same, four pixels a unit on a plain ground."""

    def __init__(self, theme: Theme, is_disabled: bool) -> None:
        self._theme = theme
        row = analyze(stack("b=conv(16,3,same)")).row("b")
        self._content = replace(content_of(row, ()), is_disabled=is_disabled)
        metrics = metrics_of(theme)
        width, height = metrics.width + 2 * SHADOW_REACH, metrics.height + 2 * SHADOW_REACH
        self._rect = QRectF(SHADOW_REACH, SHADOW_REACH, metrics.width, metrics.height)
        self._image = QImage(SCALE * width, SCALE * height, QImage.Format.Format_RGB32)
        self._image.fill(QColor(BACKGROUND))
        painter = QPainter(self._image)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.scale(SCALE, SCALE)
        paint_card(painter, theme, SCALE, self._rect, self._content, Highlight())
        painter.end()

    @property
    def edge(self) -> QImage:
        """A line of pixels in the middle of the upper border."""
        return self._part(self._rect.left() + 40, self._rect.top() + 0.5, 100, 1 / SCALE)

    @property
    def below(self) -> QImage:
        """Where the shadow falls."""
        return self._part(self._rect.left() + 40, self._rect.bottom() + 2, 100, 3)

    @property
    def ground(self) -> str:
        """The color of the card where nothing is painted on it."""
        (color,) = colors(self._part(self._rect.left() + 40, self._rect.top() + 3, 100, 2))
        return color

    @property
    def icon(self) -> QImage:
        centre = self._rect.left() + self._theme.scaled(12 + TILE // 2)
        return self._part(centre - 9, self._rect.center().y() - 9, 18, 18)

    @property
    def tile_strength(self) -> float:
        """How much of the family's color the tile has over the ground, 0 to 1."""
        left, top = self._rect.left() + self._theme.scaled(12), self._rect.center().y()
        (tile,) = colors(self._part(left + 1, top, 1, 1))
        over, under, full = (QColor(one).red() for one in (tile, self.ground, self._theme.tokens.convolution))
        return (over - under) / (full - under)

    @property
    def name(self) -> QImage:
        return self._upper(0, self._name_width)

    @property
    def behind_name(self) -> QImage:
        return self._upper(self._name_width + 1, 24)

    @property
    def shape(self) -> QImage:
        room = texts_of(self._rect, self._theme).width()
        return self._upper(room / 2, room / 2)

    @property
    def _name_width(self) -> float:
        return width_of(self._theme.font(13, SEMIBOLD), self._content.name)

    def _upper(self, start: float, width: float) -> QImage:
        """A part of the upper line of text."""
        room = texts_of(self._rect, self._theme)
        return self._part(room.left() + start, room.center().y() - self._theme.scaled(20), width, 18)

    def _part(self, left: float, top: float, width: float, height: float) -> QImage:
        return self._image.copy(*(round(SCALE * one) for one in (left, top, width, height)))


def colors(image: QImage) -> Counter[str]:
    """How many pixels have each color, written as the tokens are."""
    places = product(range(image.width()), range(image.height()))
    return Counter(QColor(image.pixel(x, y)).name().upper() for x, y in places)


def disable(it: StackDriver, *names: str) -> None:
    it.document.select(names)
    edits.toggle_disabled(it.document)


def test_disabling_is_one_named_step_that_takes_all_or_none(driven: StackDriver) -> None:
    disable(driven, "a", "b")
    assert driven.document.undo_stack.undoText() == "Disable 2 layers"
    assert not driven.document.network.layer("b").enabled
    edits.toggle_disabled(driven.document)
    assert driven.document.undo_stack.undoText() == "Enable 2 layers"
    assert driven.document.network.layer("b").enabled


def test_a_disabled_block_says_so_and_passes_its_input_on(driven: StackDriver) -> None:
    disable(driven, "b")
    content = driven.view.stack.blocks["b"].content
    assert content.is_disabled
    assert content.about.startswith("off · Conv2D")
    assert (content.shape, content.parameters) == ("28 × 28 × 8", "")
    assert "disabled" in content.spoken


def test_a_disabled_block_is_drawn_apart(driven: StackDriver, theme: Theme) -> None:
    def ground() -> str:
        corner = driven.at("b") - QPoint(90, 20)
        card = driven.view.viewport().grab().toImage().copy(corner.x(), corner.y(), 180, 40)
        return colors(card).most_common(1)[0][0]

    before = ground()
    disable(driven, "b")
    assert (before, ground()) == (theme.tokens.card, theme.tokens.canvas)


def test_the_line_around_a_disabled_card_is_louder_and_has_gaps(theme: Theme) -> None:
    enabled, disabled = (colors(Painted(theme, is_disabled).edge) for is_disabled in (False, True))
    assert set(enabled) == {theme.tokens.border}
    assert set(disabled) >= {theme.tokens.outline, theme.tokens.canvas}


def test_a_disabled_card_lies_on_the_canvas_and_casts_no_shadow(theme: Theme) -> None:
    enabled, disabled = Painted(theme, False), Painted(theme, True)
    assert (enabled.ground, disabled.ground) == (theme.tokens.card, theme.tokens.canvas)
    assert set(colors(disabled.below)) == {BACKGROUND}
    assert BACKGROUND not in colors(enabled.below)


def test_the_tile_of_a_disabled_card_is_faded_and_its_icon_gray(theme: Theme) -> None:
    enabled, disabled = Painted(theme, False), Painted(theme, True)
    assert theme.tokens.convolution in colors(enabled.icon)
    assert theme.tokens.convolution not in colors(disabled.icon)
    assert theme.tokens.text3 in colors(disabled.icon)
    assert enabled.tile_strength == pytest.approx(theme.tokens.tile_alpha, abs=0.02)
    assert disabled.tile_strength == pytest.approx(0.4 * theme.tokens.tile_alpha, abs=0.02)


@pytest.mark.parametrize("part", ["name", "shape"])
def test_what_is_read_first_steps_back_on_a_disabled_card(theme: Theme, part: str) -> None:
    enabled, disabled = (colors(getattr(Painted(theme, is_disabled), part)) for is_disabled in (False, True))
    assert theme.tokens.text in enabled
    assert theme.tokens.text not in disabled
    assert theme.tokens.text2 in disabled


def test_a_disabled_card_has_a_mark_behind_its_name(theme: Theme) -> None:
    enabled, disabled = Painted(theme, False), Painted(theme, True)
    assert set(colors(enabled.behind_name)) == {theme.tokens.card}
    assert theme.tokens.text2 in colors(disabled.behind_name)


def test_the_totals_leave_disabled_layers_out(driven: StackDriver) -> None:
    before = driven.document.analysis.totals.parameters
    disable(driven, "b")
    assert driven.document.analysis.totals.parameters == before - 16 * 73 - 28 * 28 * 8 * 10
