"""A titled part of a panel that can be folded."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QSizePolicy, QToolButton, QVBoxLayout, QWidget

from cnnstudio.gui.theme.theme import Theme

MORE = "More settings"
"""Above what is seldom set."""
_ARROW_PX = 14


class Section(QWidget):
    """A heading button over `content`, folded at first.

    Signals:
        folded_changed(object): True when the person folds it, False when they unfold it.
        unfolding(): the content is about to be shown, whoever wants it.
    """

    folded_changed = Signal(object)
    unfolding = Signal()

    def __init__(self, theme: Theme, title: str, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._content = theme, content
        self.heading = QToolButton(self)
        self.heading.setProperty("role", "section")
        self.heading.setText(title)
        self.heading.setAccessibleName(title)
        self.heading.setCheckable(True)
        self.heading.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.heading.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.heading.clicked.connect(self._on_clicked)
        self._lay_out()
        theme.changed.connect(self._on_theme_changed)
        self.set_folded(True)

    def is_folded(self) -> bool:
        """Whether only the heading is shown."""
        return not self.heading.isChecked()

    def set_folded(self, folded: bool) -> None:
        """Fold or unfold, without `folded_changed`."""
        if not folded:
            self.unfolding.emit()
        self.heading.setChecked(not folded)
        self._content.setVisible(not folded)
        self.heading.setAccessibleDescription("folded" if folded else "unfolded")
        self._on_theme_changed()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.heading)
        column.addWidget(self._content)

    @Slot()
    def _on_clicked(self) -> None:
        self.set_folded(self.is_folded())
        self.folded_changed.emit(self.is_folded())

    @Slot()
    def _on_theme_changed(self) -> None:
        side = self._theme.scaled(_ARROW_PX)
        name = "chevron-right" if self.is_folded() else "chevron-down"
        self.heading.setIconSize(QSize(side, side))
        self.heading.setIcon(self._theme.icon(name, "text3", _ARROW_PX))
