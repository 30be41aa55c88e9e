"""How the commands write to standard output."""

from rich.console import Console

_WIDTH_OF_A_FILE = 140


def plain_console() -> Console:
    """A console on standard output; a file or a pipe gets lines wide enough not to be folded."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=_WIDTH_OF_A_FILE)
