"""How finely the screens draw: pictures are made for these ratios and no others."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication, QScreen


class ScreenRatios(QObject):
    """The device pixel ratios of all screens there are, the smallest first.

    `changed` is emitted when they become others: a screen is plugged in or out, or is set to another scale.
    Of the last Qt tells only where the screen then has another size in points.
    """

    changed = Signal()

    def __init__(self, app: QGuiApplication, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self.values = self._of_screens()
        for screen in app.screens():
            self._watch(screen)
        app.screenAdded.connect(self._on_screen_added)
        app.screenRemoved.connect(self._on_changed)

    def _of_screens(self) -> tuple[float, ...]:
        return tuple(sorted({screen.devicePixelRatio() for screen in self._app.screens()}))

    def _watch(self, screen: QScreen) -> None:
        # The `NOTIFY` of QScreen's `devicePixelRatio`.
        screen.physicalDotsPerInchChanged.connect(self._on_changed)

    @Slot(QScreen)
    def _on_screen_added(self, screen: QScreen) -> None:
        self._watch(screen)
        self._on_changed()

    @Slot()
    def _on_changed(self) -> None:
        if (now := self._of_screens()) != self.values:
            self.values = now
            self.changed.emit()
