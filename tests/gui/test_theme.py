"""The table of colors, the icons and the theme that puts them on."""

from itertools import product
from pathlib import Path
from typing import get_args

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontInfo, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken

from cnnstudio.engine.files.resources import resource_path
from cnnstudio.gui.theme import icons
from cnnstudio.gui.theme.contrast import channels, contrast, luminance
from cnnstudio.gui.theme.measuring import whole_parts, width_of
from cnnstudio.gui.theme.severity import LOOKS, Level
from cnnstudio.gui.theme.theme import Mode, Theme, wants_dark
from cnnstudio.gui.theme.tokens import DARK, LIGHT, Family, Tokens
from cnnstudio.gui.widgets.icon_button import IconButton

SURFACES = ("window", "canvas", "panel", "card", "raised", "hover", "field")
STATES = ("danger", "warning", "ok")
FAMILIES = get_args(Family)
READABLE, VISIBLE = 4.5, 3.0

TEXT_PAIRS = [
    *product(("text", "text2", "text3", "accent", *STATES), (*SURFACES, "accent_soft")),
    *product(("on_accent",), ("accent", "accent_hover")),
    *((text, f"{state}_soft") for state in STATES for text in (state, "text", "text2", "accent")),
]
SHAPE_PAIRS = [
    *product(("outline",), (*SURFACES, "danger_soft", "warning_soft")),
    *product(("accent",), ("border", *SURFACES)),
    ("wire", "canvas"),
    *product(("train", "validation", "test", "star"), ("panel", "card", "window")),
]

both_looks = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])


def too_close(tokens: Tokens, pairs: list[tuple[str, str]], least: float) -> list[str]:
    found = [(front, back, contrast(getattr(tokens, front), getattr(tokens, back))) for front, back in pairs]
    return [f"{front} on {back}: {ratio:.2f}" for front, back, ratio in found if ratio < least]


def test_contrast_agrees_with_the_examples_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.005)
    assert luminance("#FF0000") == pytest.approx(0.2126)


def blend(front: str, alpha: float, back: str) -> str:
    """The opaque color seen where `front` lies over `back` with opacity `alpha`, 0 to 1."""
    pairs = zip(channels(front), channels(back), strict=True)
    mixed = [round(alpha * near + (1 - alpha) * far) for near, far in pairs]
    return "#{:02X}{:02X}{:02X}".format(*mixed)


@both_looks
def test_every_text_can_be_read_on_every_surface_it_is_used_on(tokens: Tokens) -> None:
    assert too_close(tokens, TEXT_PAIRS, READABLE) == []


@both_looks
def test_every_outline_and_curve_can_be_seen(tokens: Tokens) -> None:
    assert too_close(tokens, SHAPE_PAIRS, VISIBLE) == []


@both_looks
def test_a_star_is_brighter_than_a_warning(tokens: Tokens) -> None:
    assert luminance(tokens.star) > luminance(tokens.warning)


@both_looks
@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_can_be_read_on_its_own_tile(tokens: Tokens, family: str) -> None:
    hue = getattr(tokens, family)
    for surface in ("panel", "card", "hover", "window"):
        ground = blend(hue, tokens.tile_alpha, getattr(tokens, surface))
        assert contrast(hue, ground) >= READABLE, surface


@both_looks
def test_no_two_families_share_a_hue(tokens: Tokens) -> None:
    assert len({getattr(tokens, family) for family in FAMILIES}) == len(FAMILIES) == 14


def test_the_palette_and_the_style_sheet_follow_a_toggle(
    theme: Theme, qapp: QApplication, qtbot: QtBot
) -> None:
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(LIGHT.window)
    with qtbot.waitSignal(theme.changed):
        theme.toggle()
    assert theme.is_dark
    assert theme.mode == "dark"
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(DARK.window)
    assert DARK.panel in qapp.styleSheet()
    assert LIGHT.text not in qapp.styleSheet()


def test_what_is_built_without_the_style_sheet_wears_it_afterwards(
    theme: Theme, qapp: QApplication, qtbot: QtBot
) -> None:
    sheet = qapp.styleSheet()
    heading = QLabel("Shapes")
    heading.setProperty("role", "title")
    qtbot.addWidget(heading)
    with theme.without_style_sheet():
        assert qapp.styleSheet() == ""
        heading.ensurePolished()
        plain = heading.font().pixelSize()
    assert qapp.styleSheet() == sheet
    assert heading.font().pixelSize() > plain


def test_choosing_the_look_that_is_on_changes_nothing(theme: Theme, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(theme.changed):
        theme.set_mode("light")


def test_a_desktop_that_says_nothing_is_taken_as_light(qapp: QApplication) -> None:
    assert qapp.styleHints().colorScheme() == Qt.ColorScheme.Unknown
    theme = Theme(qapp, "system")
    assert not theme.is_dark
    Shiboken.delete(theme)


@pytest.mark.parametrize(
    ("mode", "desktop", "dark"),
    [
        ("system", Qt.ColorScheme.Dark, True),
        ("system", Qt.ColorScheme.Light, False),
        ("system", Qt.ColorScheme.Unknown, False),
        ("dark", Qt.ColorScheme.Light, True),
        ("light", Qt.ColorScheme.Dark, False),
    ],
)
def test_the_desktop_decides_only_when_it_is_asked(mode: Mode, desktop: Qt.ColorScheme, dark: bool) -> None:
    assert wants_dark(mode, desktop) is dark


def test_every_length_and_color_of_the_style_sheet_is_filled_in(theme: Theme, qapp: QApplication) -> None:
    theme.set_text_scale(1.25)
    sheet = qapp.styleSheet()
    assert "$" not in sheet
    assert "sp;" not in sheet
    assert "font-size: 15px" in sheet  # 12 at 125%


def test_text_grows_with_the_text_scale(theme: Theme, qapp: QApplication) -> None:
    theme.set_text_scale(1.5)
    assert theme.font(12).pixelSize() == 18
    assert qapp.font().pixelSize() == round(13 * 1.5)


def test_the_shipped_typeface_is_used(theme: Theme) -> None:
    assert QFontInfo(theme.font(13)).family() == "Inter"


def test_colors_come_from_the_look_that_is_on(theme: Theme) -> None:
    assert theme.color("panel").name().upper() == LIGHT.panel
    theme.toggle()
    assert theme.color("panel").name().upper() == DARK.panel
    assert theme.family_color("pooling", 0.5).alphaF() == pytest.approx(0.5, abs=0.01)


def test_every_severity_has_an_icon_of_its_own_and_a_color_of_the_theme(theme: Theme) -> None:
    severities = {name for part in get_args(Level) for name in get_args(part) or (part,)}
    assert set(LOOKS) == severities
    assert len({look.icon for look in LOOKS.values()}) == len(LOOKS)
    for look in LOOKS.values():
        assert resource_path("icons", f"{look.icon}.svg").is_file()
        assert theme.color(look.color).isValid()


def inked(picture: QPixmap) -> set[str]:
    image = picture.toImage()
    places = product(range(image.width()), range(image.height()))
    colors = (image.pixelColor(x, y) for x, y in places)
    return {color.name() for color in colors if color.alpha() == 255}


@pytest.mark.parametrize("path", sorted(resource_path("icons").glob("*.svg")), ids=lambda path: path.stem)
def test_every_shipped_icon_is_drawn_in_the_color_asked_for(theme: Theme, path: Path) -> None:
    assert inked(icons.pixmap(path.stem, "#ff0000", 24, 2.0)) == {"#ff0000"}


def test_a_filled_icon_covers_more_than_its_outline(theme: Theme) -> None:
    def covered(name: str) -> int:
        image = icons.pixmap(name, "#ff0000", 24).toImage()
        return sum(image.pixelColor(x, y).alpha() for x, y in product(range(24), range(24)))

    assert covered("star-filled") > 1.5 * covered("star")


def test_an_icon_that_cannot_be_pressed_is_drawn_in_the_disabled_color(theme: Theme) -> None:
    dimmed = icons.icon("save", "#ff0000", 18, "#112233").pixmap(18, 18, QIcon.Mode.Disabled)
    assert inked(dimmed) == {"#112233"}


def test_an_icon_button_takes_the_colors_of_the_new_look(theme: Theme, qtbot: QtBot) -> None:
    button = IconButton(theme, "save", "Save", "Ctrl+S")
    qtbot.addWidget(button)
    theme.toggle()
    assert inked(button.icon().pixmap(18, 18)) == {DARK.text2.lower()}


def test_a_widget_that_is_gone_is_no_longer_told(theme: Theme) -> None:
    before = theme.receivers("2changed()")
    button = IconButton(theme, "save", "Save")
    assert theme.receivers("2changed()") == before + 1
    Shiboken.delete(button)
    assert theme.receivers("2changed()") == before


def test_a_style_role_reaches_the_label(theme: Theme, qtbot: QtBot) -> None:
    label = QLabel("X")
    label.setProperty("role", "value")
    qtbot.addWidget(label)
    label.ensurePolished()
    assert label.font().pixelSize() == 18


def test_of_what_a_card_says_each_part_is_whole_or_not_there(theme: Theme) -> None:
    font, text = theme.font(12), "Conv2D · 5×5 · same · dilation 2×2 · relu"
    shown = [whole_parts(font, text, float(room)) for room in range(400)]
    assert shown[-1] == text
    assert "Conv2D · 5×5 · same · …" in shown
    for room, one in enumerate(shown):
        assert width_of(font, one) <= room
        assert all(part in text.split(" · ") for part in one.removesuffix(" · …").split(" · ") if part)
    assert whole_parts(font, "Batch Normalization", 60.0) == ""
