"""The middle of the Build page: stack and shapes, and the code pane below it where a person wants that."""

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget

from cnnstudio.gui.document.document import Document
from cnnstudio.gui.theme.theme import Theme

if TYPE_CHECKING:
    from cnnstudio.gui.pages.builder.code_pane import CodePane

_HEIGHTS = (600, 240)


class StackAndCode(QSplitter):
    """Two parts with a movable line between them.

    The code pane is made when it is first wanted, which the start of the program does not wait for; it begins
    hidden and keeps its height.
    """

    def __init__(self, upper: QWidget, document: Document, theme: Theme, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._document, self._theme = document, theme
        self._heights: tuple[int, ...] = _HEIGHTS
        self.addWidget(upper)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)

    @cached_property
    def code(self) -> "CodePane":
        """The code pane, hidden at first."""
        from cnnstudio.gui.pages.builder.code_pane import CodePane

        code = CodePane(self._document, self._theme, self)
        code.hide()
        self.addWidget(code)
        self.setSizes(self._heights)
        return code

    def close_jobs(self) -> None:
        """End the thread of the code pane, where there is one."""
        if "code" in vars(self):
            self.code.close_jobs()

    @property
    def shows_code(self) -> bool:
        """Whether the code pane is there when the page is shown."""
        return "code" in vars(self) and not self.code.isHidden()

    def show_code(self, shown: bool) -> None:
        """Show or hide the code pane."""
        if shown != self.shows_code:
            self._heights = self.heights()
            self.code.setVisible(shown)

    def heights(self) -> tuple[int, ...]:
        """Pixels of both parts as they are, or were when the code pane was shown last."""
        return tuple(self.sizes()) if self.shows_code else self._heights

    def share(self, *heights: int) -> None:
        """Divide the room in this proportion, where both are shown."""
        self._heights = heights
        self.setSizes(heights)
