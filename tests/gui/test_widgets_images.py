"""Maps of numbers as pictures: the colors, the scale and the view."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cnnstudio.gui.theme.contrast import luminance
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.colormaps import (
    LEVELS,
    MIDDLE,
    NOT_FINITE,
    Colormap,
    color_table,
    levels,
    value_range,
)  # fmt: skip
from cnnstudio.gui.widgets.image_view import ImageView
from cnnstudio.gui.widgets.legend import legend_text

RAMP = np.arange(12, dtype=np.float32).reshape(3, 4)


@pytest.fixture
def view(theme: Theme, qtbot: QtBot) -> ImageView:
    made = ImageView(theme, "Kernel 0")
    qtbot.addWidget(made)
    made.resize(300, 300)
    with qtbot.waitExposed(made):
        made.show()
    return made


def center(view: ImageView, row: int, col: int, rows: int, cols: int) -> QPoint:
    area = view.image_rect()
    across, down = area.width() / cols, area.height() / rows
    return QPointF(area.left() + (col + 0.5) * across, area.top() + (row + 0.5) * down).toPoint()


def painted(view: ImageView) -> QImage:
    return view.grab().toImage()


def hexes(name: Colormap) -> list[str]:
    return ["#{:02X}{:02X}{:02X}".format(*row) for row in color_table(name)[:LEVELS].tolist()]


@pytest.mark.parametrize("name", ["gray", "sequential"])
def test_a_larger_number_is_never_darker(name: Colormap) -> None:
    lights = [luminance(color) for color in hexes(name)]
    assert lights == sorted(lights)


def test_the_middle_of_the_diverging_map_is_white_and_its_ends_are_blue_and_orange() -> None:
    table = color_table("diverging").astype(int)
    assert table[MIDDLE].min() > 240
    assert table[20][2] > table[20][0] + 60
    assert table[-22][0] > table[-22][2] + 60


def test_zero_is_exactly_the_middle_of_a_diverging_map() -> None:
    values = np.array([[-0.1, 0.0, 0.4]], np.float32)
    limits = value_range(values, "diverging")
    assert limits == pytest.approx((-0.4, 0.4))
    assert levels(values, limits)[0].tolist()[1:] == [MIDDLE, LEVELS - 1]


@pytest.mark.parametrize("name", ["gray", "diverging"])
def test_the_map_of_a_dead_kernel_is_flat(name: Colormap) -> None:
    values = np.array([[1e-34, -3e-11]])
    assert set(levels(values, value_range(values, name)).ravel()) == {MIDDLE}


def test_the_levels_of_a_map_span_its_own_range() -> None:
    found = levels(RAMP, value_range(RAMP, "gray"))
    assert (found.min(), found.max(), found.shape) == (0, LEVELS - 1, RAMP.shape)


def test_a_constant_map_is_in_the_middle_without_a_warning() -> None:
    values = np.full((2, 2), 3.0, np.float32)
    assert value_range(values, "gray") == (3, 3)
    assert np.unique(levels(values, (3, 3))).tolist() == [MIDDLE]


def test_what_is_not_finite_is_marked_and_does_not_stretch_the_scale() -> None:
    values = np.array([[np.nan, 0.0, 1.0, np.inf]], np.float32)
    assert value_range(values, "sequential") == (0, 1)
    assert levels(values, (0, 1))[0].tolist() == [NOT_FINITE, 0, LEVELS - 1, NOT_FINITE]
    assert value_range(np.array([[np.nan]], np.float32), "gray") == (0, 0)


def test_numbers_outside_a_given_scale_get_its_ends() -> None:
    assert levels(np.array([[-9.0, 9.0]]), (-1, 1))[0].tolist() == [0, LEVELS - 1]


def test_every_cell_is_painted_in_the_color_of_its_number(view: ImageView) -> None:
    view.set_map(RAMP, "gray")
    image = painted(view)
    shades = [image.pixelColor(center(view, row, col, 3, 4)).red() for row in range(3) for col in range(4)]
    assert shades == pytest.approx(np.linspace(0, 255, 12), abs=2)


def test_a_color_picture_is_painted_as_it_is(view: ImageView) -> None:
    view.set_rgb(np.array([[[255, 0, 0], [0, 128, 255]]], np.uint8))
    image = painted(view)
    assert image.pixelColor(center(view, 0, 0, 1, 2)) == QColor(255, 0, 0)
    assert image.pixelColor(center(view, 0, 1, 1, 2)) == QColor(0, 128, 255)


def test_an_array_that_is_not_contiguous_is_shown_right(view: ImageView) -> None:
    view.set_map(np.ascontiguousarray(RAMP.T).T[::-1], "gray")
    assert painted(view).pixelColor(center(view, 0, 3, 3, 4)).red() == 255


def test_the_proportions_are_kept_and_the_scale_stays_inside(view: ImageView) -> None:
    view.set_map(RAMP, "sequential")
    area = view.image_rect()
    assert area.width() / area.height() == pytest.approx(4 / 3)
    assert view.rect().toRectF().contains(area)


def test_the_mouse_says_which_cell_it_is_over_once(view: ImageView) -> None:
    view.set_map(RAMP)
    said: list[object] = []
    view.hovered.connect(said.append)
    place = center(view, 2, 1, 3, 4)
    for point in (place, place + QPoint(1, 1), QPoint(1, 1)):
        QTest.mouseMove(view, point)
    assert said == [(2, 1), None]


def test_arrow_keys_walk_over_the_cells_and_stay_inside(view: ImageView) -> None:
    view.set_map(RAMP)
    said: list[object] = []
    view.hovered.connect(said.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Left):
        QTest.keyClick(view, key)
    assert said == [(0, 0), (0, 1), (1, 1), (1, 0)]


def test_the_highlight_frames_its_cells(view: ImageView) -> None:
    view.set_map(np.zeros((3, 4), np.float32), "diverging")
    plain = painted(view)
    view.set_highlight(1, 1, 1, 2)
    framed = painted(view)
    edge = (center(view, 1, 0, 3, 4) + center(view, 1, 1, 3, 4)) / 2
    around = [edge + QPoint(shift, 0) for shift in range(-4, 5)]
    assert any(plain.pixelColor(place) != framed.pixelColor(place) for place in around)
    assert plain.pixelColor(center(view, 0, 0, 3, 4)) == framed.pixelColor(center(view, 0, 0, 3, 4))
    view.clear_highlight()
    assert painted(view) == plain


def test_a_view_without_a_picture_paints_nothing_and_has_no_cells(view: ImageView) -> None:
    view.set_map(RAMP)
    view.clear()
    assert view.image_rect().isEmpty()
    assert view.cell_at(QPoint(150, 150)) is None
    assert not painted(view).isNull()


def test_a_constant_map_says_its_one_number(view: ImageView) -> None:
    view.set_map(np.full((3, 3), 0.2, np.float32))
    assert view.limits() == pytest.approx((0.2, 0.2))
    assert not painted(view).isNull()


def test_a_screen_reader_hears_size_and_scale(view: ImageView) -> None:
    view.set_map(RAMP)
    assert view.accessibleName() == "Kernel 0"
    assert view.accessibleDescription() == "3 by 4, scale 0 to 11"


@pytest.mark.parametrize(
    ("number", "text"), [(-0.0, "0"), (-2.331, "−2.33"), (12345.0, "1.23e+04"), (0.5, "0.5")]
)
def test_the_ends_of_a_scale_are_short(number: float, text: str) -> None:
    assert legend_text(number) == text
