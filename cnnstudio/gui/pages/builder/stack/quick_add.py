"""The small search box that opens when a letter is typed on the canvas."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from cnnstudio.core.layers.catalogue import matching, summary, type_name
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.labels import label

_SHOWN = 6
_ROW = 30
_WIDTH = 300
_MENU = Qt.FocusReason.PopupFocusReason
_ROLE = Qt.ItemDataRole.UserRole


class QuickAdd(QFrame):
    """Signals: chosen(str) with the type of the layer to add, closed() when it is about to go away.

    Enter takes the marked row, the arrow keys mark another, Escape and leaving the box close it.
    """

    chosen = Signal(str)
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("surface", "card")
        self.field = QLineEdit(self)
        self.field.setPlaceholderText("Layer to add")
        self.field.setAccessibleName("Layer to add: type a few letters, then press Enter")
        self.list = QListWidget(self)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setAccessibleName("Layers that fit")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.nothing = label("No layer fits these letters.", "secondary", self)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(4)
        for widget in (self.field, self.list, self.nothing):
            column.addWidget(widget)
        self.field.textChanged.connect(self._on_text_changed)
        self.list.itemClicked.connect(self._on_clicked)
        self.field.installEventFilter(self)
        theme.changed.connect(self._on_theme_changed)
        self._is_open = False
        self.hide()

    def open(self, text: str) -> None:
        """Show it with some letters typed already."""
        self._is_open = True
        self.show()
        self.raise_()
        self.field.setText(text)
        self._on_text_changed(text)
        self.field.setFocus()

    def close_box(self) -> None:
        """Go away without a choice."""
        if self._is_open:
            self._is_open = False
            self.closed.emit()
            self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFocusEvent) and event.lostFocus() and event.reason() != _MENU:
            self.close_box()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._takes(event)
        return super().eventFilter(watched, event)

    def _takes(self, event: QKeyEvent) -> bool:
        match Qt.Key(event.key()):
            case Qt.Key.Key_Escape:
                self.close_box()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._choose(self.list.currentItem())
            case Qt.Key.Key_Down:
                self._mark(self.list.currentRow() + 1)
            case Qt.Key.Key_Up:
                self._mark(self.list.currentRow() - 1)
            case _:
                return False
        return True

    def _mark(self, row: int) -> None:
        if self.list.count():
            self.list.setCurrentRow(row % self.list.count())

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            name = item.data(_ROLE)
            self.close_box()
            self.chosen.emit(name)

    @Slot(QListWidgetItem)
    def _on_clicked(self, item: QListWidgetItem) -> None:
        self._choose(item)

    @Slot(str)
    def _on_text_changed(self, text: str) -> None:
        self.list.clear()
        for layer in matching(text):
            item = QListWidgetItem(self._theme.icon(layer.icon, layer.family, 16), layer.title, self.list)
            item.setData(_ROLE, type_name(layer))
            item.setToolTip(summary(layer))
            item.setSizeHint(QSize(0, self._theme.scaled(_ROW)))
        self._mark(0)
        self.list.setVisible(self.list.count() > 0)
        self.nothing.setVisible(self.list.count() == 0)
        self.list.setFixedHeight(self._theme.scaled(_ROW) * min(self.list.count(), _SHOWN) + 4)
        self.setFixedWidth(self._theme.scaled(_WIDTH))
        self.adjustSize()

    @Slot()
    def _on_theme_changed(self) -> None:
        if self._is_open:
            self._on_text_changed(self.field.text())
