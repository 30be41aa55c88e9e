"""The list of layers that can be added."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from cnnstudio.core.layers.catalogue import matching, type_name
from cnnstudio.gui.pages.builder.palette_tree import PaletteTree
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.clear_action import ClearAction
from cnnstudio.gui.widgets.labels import label


class Palette(QWidget):
    """Layer types by family, with a search field above.

    Signals: add_requested(str) with the type of a layer that was double-clicked or confirmed by Enter.
    """

    add_requested = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("surface", "panel")
        self.search = _SearchField(theme, self)
        self.tree = PaletteTree(theme, self)
        self.nothing = label("", "secondary", self, wrap=True)
        self.nothing.hide()
        self._lay_out()
        self.search.textChanged.connect(self._on_search_changed)
        self.search.left_downwards.connect(self._on_left_downwards)
        self.search.returnPressed.connect(self._on_search_confirmed)
        self.tree.chosen.connect(self.add_requested)
        self.tree.left_upwards.connect(self._on_left_upwards)

    def _lay_out(self) -> None:
        heading = QHBoxLayout()
        heading.addWidget(label("Layers", "heading", self))
        heading.addStretch(1)
        heading.addWidget(label("drag or ⏎", "hint", self))
        column = QVBoxLayout(self)
        column.setContentsMargins(11, 14, 2, 4)
        column.setSpacing(8)
        inset = QVBoxLayout()
        inset.setContentsMargins(4, 0, 11, 0)
        inset.setSpacing(8)
        inset.addLayout(heading)
        inset.addWidget(self.search)
        inset.addWidget(self.nothing)
        column.addLayout(inset)
        column.addWidget(self.tree, 1)

    @Slot(str)
    def _on_search_changed(self, text: str) -> None:
        found = matching(text)
        self.tree.show_only(found if text.strip() else None)
        self.nothing.setText(
            f"No layer is called “{text.strip()}”. Try a shorter word, such as pool or norm."
        )
        self.nothing.setVisible(not found)

    @Slot()
    def _on_search_confirmed(self) -> None:
        found = matching(self.search.text())
        if self.search.text().strip() and found:
            self.add_requested.emit(type_name(found[0]))

    @Slot()
    def _on_left_downwards(self) -> None:
        self.tree.setFocus()
        self.tree.mark_first()

    @Slot()
    def _on_left_upwards(self) -> None:
        self.search.setFocus()
        self.search.selectAll()


class _SearchField(QLineEdit):
    """Down leaves it for the list, Escape empties it."""

    left_downwards = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setPlaceholderText("Search layers")
        self.setAccessibleName("Search layers")
        ClearAction(self, theme)
        self._picture = self.addAction(
            theme.icon("search", "text3"), QLineEdit.ActionPosition.LeadingPosition
        )
        theme.changed.connect(self._on_theme_changed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match Qt.Key(event.key()):
            case Qt.Key.Key_Down:
                self.left_downwards.emit()
            case Qt.Key.Key_Escape if self.text():
                self.clear()
            case _:
                super().keyPressEvent(event)

    @Slot()
    def _on_theme_changed(self) -> None:
        self._picture.setIcon(self._theme.icon("search", "text3"))
