"""Parts of a panel: below each other while there is height, one at a time behind tabs where there is not."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Slot
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QTabBar, QVBoxLayout, QWidget

from cnnstudio.gui.pages.builder.divided import Divided
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.labels import label

_MARGINS_PX = (16, 0, 4, 4)
_HEAD_PX = 8
_ICON_PX = 14


class Parts(QWidget):
    """Parts by their place, in a fixed order. The first may be lent to another place of the page.

    `bar` has the tabs; a movable line stands between the parts that are below each other. The part chosen
    last comes to the front again when there are tabs again.
    """

    def __init__(
        self, theme: Theme, titles: Sequence[str], contents: Sequence[QWidget], kept: int, rest: int
    ) -> None:
        super().__init__()
        self._theme = theme
        self._chosen = 0
        self._is_stacked = self._is_lent = False
        self.bar = QTabBar(self)
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.splitter = Divided(theme, Qt.Orientation.Vertical, 1, kept, rest, self)
        self._parts = [_Part(title, one) for title, one in zip(titles, contents, strict=True)]
        for title, part in zip(titles, self._parts, strict=True):
            self.bar.addTab(title)
            self.splitter.addWidget(part)
        self._lay_out()
        self.bar.currentChanged.connect(self._on_current_changed)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()
        self._arrange()

    @property
    def chosen(self) -> int:
        """The part that is seen while there are tabs."""
        return self._chosen

    @property
    def is_stacked(self) -> bool:
        """Whether all parts are seen below each other."""
        return self._is_stacked

    def choose(self, part: int) -> None:
        """Bring a part to the front; one that does not exist stays where it is."""
        if part in range(len(self._parts)):
            self._chosen = part
            self._arrange()

    def set_stacked(self, stacked: bool) -> None:
        """Show the parts below each other, or one at a time."""
        if stacked != self._is_stacked:
            self._is_stacked = stacked
            self._arrange()

    def lend(self, is_lent: bool) -> None:
        """Have no tab for the first part while it stands elsewhere; take it back by `hold`."""
        self._is_lent = is_lent
        self._arrange()

    def hold(self, content: QWidget) -> None:
        """Take the first part back."""
        self._parts[0].hold(content)
        self.lend(False)

    def set_heading(
        self, part: int, text: str, icon: str, color: str, explanation: str, is_marked: bool
    ) -> None:
        """Say more in the heading of a part and on its tab, which always has the icon."""
        self.bar.setTabIcon(part, self._theme.icon(icon, color, _ICON_PX))
        self.bar.setTabText(part, text)
        self.bar.setTabToolTip(part, explanation)
        picture = self._theme.pixmap(icon, color, _ICON_PX, self.devicePixelRatioF())
        self._parts[part].set_heading(text, picture if is_marked else QPixmap(), explanation)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.setContentsMargins(_MARGINS_PX[0] - 8, 0, 0, 0)
        row.addWidget(self.bar, 1)
        column.addLayout(row)
        column.addWidget(self.splitter, 1)

    def _arrange(self) -> None:
        shown = max(self._chosen, int(self._is_lent))
        blocker = QSignalBlocker(self.bar)
        self.bar.setTabVisible(0, not self._is_lent)
        self.bar.setCurrentIndex(shown)
        blocker.unblock()
        self.bar.setVisible(not self._is_stacked)
        for at, part in enumerate(self._parts):
            part.head.setVisible(self._is_stacked)
            part.setVisible(at == shown or (self._is_stacked and not (at == 0 and self._is_lent)))
        self.splitter.share()

    @Slot(int)
    def _on_current_changed(self, part: int) -> None:
        self.choose(part)

    @Slot()
    def _on_theme_changed(self) -> None:
        side = self._theme.scaled(_ICON_PX)
        self.bar.setIconSize(QSize(side, side))


class _Part(QWidget):
    """A heading, seen while there are no tabs, over a content."""

    def __init__(self, title: str, content: QWidget) -> None:
        super().__init__()
        self.head = QWidget(self)
        self._picture = QLabel()
        self._text = label(title, "heading")
        row = QHBoxLayout(self.head)
        row.setContentsMargins(0, _HEAD_PX, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._picture)
        row.addWidget(self._text, 1)
        self._picture.hide()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(*_MARGINS_PX)
        self._column.setSpacing(0)
        self._column.addWidget(self.head)
        self.hold(content)

    def hold(self, content: QWidget) -> None:
        """Show this below the heading."""
        self._column.addWidget(content, 1)
        content.show()

    def set_heading(self, text: str, picture: QPixmap, explanation: str) -> None:
        """Say this in the heading, behind the picture where it is one."""
        self._picture.setPixmap(picture)
        self._picture.setVisible(not picture.isNull())
        self._text.setText(text)
        self.head.setToolTip(explanation)
