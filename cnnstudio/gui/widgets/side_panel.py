"""A panel beside a page: its width grows with the text as far as the page has room."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QWidget

from cnnstudio.gui.theme.theme import Theme

_SHARE = 0.31
"""Of the width of the page, which a panel takes at most once it is wider than designed."""


def side_width(designed: int, scale: float, page: int | None) -> int:
    """Pixels of a panel of `designed` pixels on a page of `page` pixels, texts grown by `scale`."""
    grown = round(designed * scale)
    return grown if page is None else min(grown, max(designed, round(_SHARE * page)))


class SidePanel(QFrame):
    """As wide as designed, times the text scale; `fit` keeps that from eating up a narrow page."""

    def __init__(self, theme: Theme, designed_px: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._designed = theme, designed_px
        self._page: int | None = None
        theme.changed.connect(self._on_scale_changed)
        self._on_scale_changed()

    def fit(self, page_px: int) -> None:
        """Take no more than its share of a page of that width."""
        self._page = page_px
        self._on_scale_changed()

    @Slot()
    def _on_scale_changed(self) -> None:
        self.setFixedWidth(side_width(self._designed, self._theme.text_scale, self._page))
