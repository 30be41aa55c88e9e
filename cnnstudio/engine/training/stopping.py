"""Long work that can be asked to stop."""

from collections.abc import Callable
from typing import TypeAlias

ShouldStop: TypeAlias = Callable[[], bool]
"""Asked again and again, in the thread that works."""


class StopRequested(Exception):  # noqa: N818 - it is a request, not an error
    """Raised out of the work once it was asked to stop."""


def never() -> bool:
    """Let the work come to its end."""
    return False
