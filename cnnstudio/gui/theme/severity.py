"""How severe a finding or a message is, as icon and color; its word stands beside `Severity` itself."""

from typing import Literal, TypeAlias

from msgspec import Struct

from cnnstudio.core.analysis.findings import Severity

Level: TypeAlias = Severity | Literal["info"]
"""A finding's severity, or that of a message that only tells."""


class Look(Struct, frozen=True):
    """An icon and a token of the theme: the shape tells it too. `frame` is what the style sheet calls it."""

    icon: str
    color: str
    frame: Literal["error", "warning", "info"]


LOOKS: dict[Level, Look] = {
    "error": Look("circle-alert", "danger", "error"),
    "warning": Look("triangle-alert", "warning", "warning"),
    "advice": Look("lightbulb", "accent", "info"),
    "info": Look("circle-check", "accent", "info"),
}
