"""Every color of the window, once for light and once for dark.

Palette, style sheet, icons, plots and painted widgets all read this table; no other file holds a color.
The test of the theme computes the contrast of every pair that is used together.
"""

from typing import Literal

from msgspec import Struct

Family = Literal[
    "io", "preprocessing", "convolution", "pooling", "reshaping", "dense",
    "recurrent", "attention", "activation", "normalization", "regularization", "augmentation",
    "merging", "custom",
]  # fmt: skip


class Tokens(Struct, frozen=True):
    """Colors as `#RRGGBB`; `tile_alpha` is the opacity of a family's hue on its icon tile."""

    # Surfaces, from the back to the front.
    window: str
    canvas: str
    panel: str
    card: str
    raised: str
    hover: str
    field: str
    # Lines: `border` only decorates, `outline` is what a person must see to find a control.
    border: str
    outline: str
    dot: str
    wire: str
    grip: str
    shadow: str
    # Text, from the loudest to the quietest; all are readable on every surface.
    text: str
    text2: str
    text3: str
    disabled: str
    # The one accent; `accent_soft` is the ground of what is selected.
    accent: str
    accent_hover: str
    on_accent: str
    accent_soft: str
    # States, each with the ground of its message bar.
    danger: str
    danger_soft: str
    warning: str
    warning_soft: str
    ok: str
    ok_soft: str
    # Curves.
    train: str
    validation: str
    test: str
    star: str
    grid: str
    # Layer families.
    tile_alpha: float
    io: str
    preprocessing: str
    convolution: str
    pooling: str
    reshaping: str
    dense: str
    recurrent: str
    attention: str
    activation: str
    normalization: str
    regularization: str
    augmentation: str
    merging: str
    custom: str


DARK = Tokens(
    window="#0F1218",
    canvas="#10141B",
    panel="#151A22",
    card="#1C222D",
    raised="#232B38",
    hover="#232B38",
    field="#10151D",
    border="#29313F",
    outline="#6B778C",
    dot="#222A36",
    wire="#66758D",
    grip="#46546A",
    shadow="#000000",
    text="#E8ECF3",
    text2="#A9B4C5",
    text3="#8F9BB0",
    disabled="#5C6779",
    accent="#7D98FF",
    accent_hover="#93A9FF",
    on_accent="#0B1020",
    accent_soft="#202A4D",
    danger="#FF7B7B",
    danger_soft="#351D24",
    warning="#F7B955",
    warning_soft="#33291A",
    ok="#3DD68C",
    ok_soft="#15302A",
    train="#6E8BFF",
    validation="#FF9A62",
    test="#3CCFB4",
    star="#FFC94A",
    grid="#2A3240",
    tile_alpha=0.16,
    io="#9FADC0",
    preprocessing="#D2BC96",
    convolution="#90A8FF",
    pooling="#3CCFB4",
    reshaping="#A9CF5E",
    dense="#FF9F6B",
    recurrent="#E0D060",
    attention="#E0A0C8",
    activation="#F7B955",
    normalization="#BF9BFF",
    regularization="#FF8FA3",
    augmentation="#63D384",
    merging="#4FC3F7",
    custom="#EE90E6",
)

LIGHT = Tokens(
    window="#EEF1F6",
    canvas="#F5F7FA",
    panel="#FFFFFF",
    card="#FFFFFF",
    raised="#FFFFFF",
    hover="#F1F4F9",
    field="#F4F6FA",
    border="#DFE4EC",
    outline="#7F8A9C",
    dot="#DDE3EC",
    wire="#838FA3",
    grip="#A9B4C5",
    shadow="#4A5878",
    text="#151C28",
    text2="#4A5669",
    text3="#5C687C",
    disabled="#98A3B4",
    accent="#3352D8",
    accent_hover="#2A49C9",
    on_accent="#FFFFFF",
    accent_soft="#E4E9FF",
    danger="#C4232F",
    danger_soft="#FDECED",
    warning="#8A5600",
    warning_soft="#FFF4DC",
    ok="#0B7547",
    ok_soft="#E2F6EC",
    train="#3F5EE8",
    validation="#C4520F",
    test="#0B7A67",
    star="#C27A00",
    grid="#E3E8EF",
    tile_alpha=0.11,
    io="#546379",
    preprocessing="#755930",
    convolution="#3352D8",
    pooling="#0A705F",
    reshaping="#4D6B0E",
    dense="#A6420B",
    recurrent="#665C00",
    attention="#8F2F6B",
    activation="#835200",
    normalization="#7040D0",
    regularization="#B5284A",
    augmentation="#147035",
    merging="#09678F",
    custom="#A82395",
)
