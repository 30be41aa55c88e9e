"""How the commands write to standard output."""

from rich.console import Console

_WIDTH_OF_A_FILE = 140


def plain_console() -> Console:
    """A console on standard output; a file or a pipe gets lines wide enough not to be folded."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=_WIDTH_OF_A_FILE)


def printable(text: str) -> str:
    """The text without signs that would steer a terminal; they can stand in the names of a foreign file."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)
