"""What every page of the window has."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cnnstudio.gui.fields.refused import Refused


class Page(QWidget):
    """One of the pages that the window shows in turn; a row of `PAGES` makes it.

    Signals:
        message(str, str): severity and sentence for the message bar; an empty sentence takes the last away.
    """

    message = Signal(str, str)

    def refused(self) -> Refused | None:
        """The first field of the project that shows what was not taken, or `None`."""
        return None

    def close_jobs(self) -> None:
        """End what works for the page behind the window, and wait for it: threads, timers, open files.

        The window calls it once, in its own thread, before the page goes; afterwards the page begins
        nothing new. A page that begins nothing of that kind leaves it as it is.
        """
