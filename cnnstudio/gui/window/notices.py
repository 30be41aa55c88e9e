"""What the window says in its message bar, and when that goes away again."""

from PySide6.QtCore import QObject, QTimer, Slot

from cnnstudio.core.values.words import crossed
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.widgets.message_bar import MessageBar, Severity

_GOOD_NEWS_MS = 4_000


class Notices(QObject):
    """Good news goes by itself; what is said about an action goes with the next; news stays.

    The next action is an edit, or what `dismiss` is called for.
    """

    def __init__(self, bar: MessageBar, document: Document, parent: QObject) -> None:
        super().__init__(parent)
        self._bar = bar
        self._is_news = False
        self._timer = QTimer(self, singleShot=True, interval=_GOOD_NEWS_MS)
        self._timer.timeout.connect(bar.hide)
        document.changed.connect(self.dismiss)

    def show(self, severity: Severity, text: str, details: str = "", *, is_news: bool = False) -> None:
        """Say something. News, which is about no action of the person, and details stay until closed."""
        self._bar.show_message(severity, crossed(text), details)
        self._is_news = is_news or bool(details)
        if severity == "info":
            self._timer.start()
        else:
            self._timer.stop()

    @Slot(str)
    def inform(self, sentence: str) -> None:
        """Say that something has been done."""
        self.show("info", sentence)

    @Slot(str)
    def warn(self, sentence: str) -> None:
        """Say why something was not done."""
        self.show("warning", sentence)

    @Slot(str)
    def warn_of_news(self, sentence: str) -> None:
        """Say what goes wrong while the person does something else."""
        self.show("warning", sentence, is_news=True)

    @Slot(str)
    def fail(self, sentence: str) -> None:
        """Say that something could not be done."""
        self.show("error", sentence)

    def clear(self) -> None:
        """Take away what is said."""
        self._bar.hide()

    @Slot()
    def dismiss(self) -> None:
        """Take away what is said about an action: the person does another one."""
        if not self._is_news:
            self._bar.hide()

    def stop(self) -> None:
        """Wait for nothing any more; call it before the window goes."""
        self._timer.stop()
