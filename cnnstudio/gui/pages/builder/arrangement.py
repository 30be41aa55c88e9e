"""What is remembered of how a person has arranged the Build page."""

from collections.abc import Callable, Sequence

from msgspec import Struct

from cnnstudio.gui.pages.builder.divided import Divided
from cnnstudio.gui.pages.builder.page import BuildPage
from cnnstudio.gui.window.settings import Settings

_PIXELS, _CHOSEN, _SWITCH, _NUMBER = range(1, 20_000), range(20_000), range(2), range(100)
_THOUSANDTHS = range(150, 2_001)


class Part(Struct, frozen=True):
    """A part of the page: what its arrangement is in whole numbers, and how it takes one up again.

    Numbers that are not as many as `limits`, or not within them, are from another version or broken.
    """

    key: str
    limits: tuple[range, ...]
    numbers: Callable[[BuildPage], Sequence[int]]
    arrange: Callable[[BuildPage, Sequence[int]], None]

    def takes(self, numbers: Sequence[int]) -> bool:
        """Whether the part can be arranged so."""
        fits = len(numbers) == len(self.limits)
        return fits and all(one in limit for one, limit in zip(numbers, self.limits, strict=True))


def _line(key: str, divided: Callable[[BuildPage], Divided]) -> Part:
    """A movable line between two parts; 0 while nobody has moved it."""
    return Part(
        key,
        (_CHOSEN,),
        lambda page: (divided(page).chosen,),
        lambda page, chosen: divided(page).choose(chosen[0]),
    )


PARTS: tuple[Part, ...] = (
    Part(
        "columns",
        (_PIXELS, _PIXELS),
        lambda page: page.columns.widths,
        lambda page, widths: page.columns.share(*widths),
    ),
    Part(
        "palette",
        (_SWITCH,),
        lambda page: (page.columns.rail.button.isChecked(),),
        lambda page, opened: page.columns.rail.button.setChecked(bool(opened[0])),
    ),
    _line("form_height", lambda page: page.side),
    _line("shapes_width", lambda page: page.upper),
    _line("arithmetic_height", lambda page: page.panel.parts.splitter),
    Part(
        "code",
        (_PIXELS, _PIXELS),
        lambda page: page.middle.heights(),
        lambda page, heights: page.middle.share(*heights),
    ),
    Part(
        "code_shown",
        (_SWITCH,),
        lambda page: (page.middle.shows_code,),
        lambda page, shown: page.middle.show_code(bool(shown[0])),
    ),
    Part(
        "zoom",
        (_THOUSANDTHS,),
        lambda page: (round(page.stack.zoom.scale * 1_000),),
        lambda page, scale: page.stack.zoom.set_scale(scale[0] / 1_000),
    ),
    Part(
        "part",
        (_NUMBER,),
        lambda page: (page.panel.parts.chosen,),
        lambda page, part: page.panel.parts.choose(part[0]),
    ),
)


def restore_arrangement(page: BuildPage, settings: Settings) -> None:
    """Arrange the page as it was saved; what is broken or of another version is left as designed."""
    for part in PARTS:
        numbers = settings.arrangement(part.key)
        if part.takes(numbers):
            part.arrange(page, numbers)


def save_arrangement(page: BuildPage, settings: Settings) -> None:
    """Remember how the page is arranged."""
    for part in PARTS:
        settings.set_arrangement(part.key, part.numbers(page))
