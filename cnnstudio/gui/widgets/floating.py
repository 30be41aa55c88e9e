"""Keeps a widget over the lower edge of a page, so that it moves nothing when it comes and goes."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from cnnstudio.gui.theme.theme import Theme

_MARGIN_PX = 16
_WIDEST_PX = 640
_LIFT_PX = 72
"""What stays free below: there the pages have buttons that must be reached at any time, such as Stop."""
_OWN_CHANGES = (QEvent.Type.Show, QEvent.Type.LayoutRequest)


class Floating(QObject):
    """Puts `widget` in the middle above the bottom of `host`, in front of what is there.

    Where a bar `above` lies along the bottom, it counts as the end of the host.

    It is as wide as its size hint, at most 640 designed pixels, and as high as its texts then need.
    """

    def __init__(self, widget: QWidget, host: QWidget, theme: Theme, above: QWidget | None = None) -> None:
        super().__init__(host)
        self._widget, self._host, self._theme, self._above = widget, host, theme, above
        is_hidden = widget.isHidden()
        widget.setProperty("floating", "true")
        widget.setParent(host)
        widget.setVisible(not is_hidden)
        host.installEventFilter(self)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the host's size, and the widget's own once its texts change."""
        of_host = watched is self._host and event.type() == QEvent.Type.Resize
        of_widget = watched is self._widget and event.type() in _OWN_CHANGES
        if of_host or of_widget:
            self.place()
        return False

    def place(self) -> None:
        """Lay the widget out for the host as it is."""
        margin, widget, host = self._theme.scaled(_MARGIN_PX), self._widget, self._host
        widest = min(self._theme.scaled(_WIDEST_PX), host.width() - 2 * margin)
        width = min(widget.sizeHint().width(), widest)
        height = widget.heightForWidth(width) if widget.hasHeightForWidth() else widget.sizeHint().height()
        bar = 0 if self._above is None else self._above.height()
        top = max(host.height() - bar - height - self._theme.scaled(_LIFT_PX), 0)
        widget.setGeometry((host.width() - width) // 2, top, width, height)
        widget.raise_()
