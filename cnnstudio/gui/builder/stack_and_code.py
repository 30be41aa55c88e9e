"""The middle of the Build page: the stack, and the code pane below it where a person wants that."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget

_HEIGHTS = (600, 240)


class StackAndCode(QSplitter):
    """Two parts with a movable line between them; the code pane begins hidden and keeps its height."""

    def __init__(self, stack: QWidget, code: QWidget, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._code = code
        self._heights: tuple[int, ...] = _HEIGHTS
        code.hide()
        self.addWidget(stack)
        self.addWidget(code)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)
        self.setSizes(_HEIGHTS)

    @property
    def shows_code(self) -> bool:
        """Whether the code pane is there when the page is shown."""
        return not self._code.isHidden()

    def show_code(self, shown: bool) -> None:
        """Show or hide the code pane."""
        self._heights = self.heights()
        self._code.setVisible(shown)

    def heights(self) -> tuple[int, ...]:
        """Pixels of both parts as they are, or were when the code pane was shown last."""
        return tuple(self.sizes()) if self.shows_code else self._heights

    def share(self, *heights: int) -> None:
        """Divide the room in this proportion, where both are shown."""
        self._heights = heights
        self.setSizes(heights)
