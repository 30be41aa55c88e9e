"""Every command of the window, found by typing a part of its name."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt, Slot
from PySide6.QtGui import (
    QAction,
    QFontMetrics,
    QIcon,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPixmap,
)
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOption,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.labels import label
from cnnstudio.gui.widgets.round_corners import RoundCorners

_WIDTH, _HEIGHT = 520, 400
_MARGIN, _SPACING = 12, 8
_KEYS_PX, _PAD, _GAP, _ICON_PX = 12, 10, 16, 18
_KEYS = Qt.ItemDataRole.UserRole + 1
_TRAVEL = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


def matches(query: str, text: str) -> bool:
    """Whether every word of the query stands somewhere in the text, whatever the case."""
    return all(word in text.casefold() for word in query.casefold().split())


class CommandPalette(QDialog):
    """A search field over a list of the commands that can be used now; Enter runs the marked one."""

    def __init__(self, actions: Sequence[QAction], theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self._actions = [action for action in actions if action.isEnabled()]
        self._theme = theme
        self._no_icon = _blank(theme.scaled(_ICON_PX))
        self.search = QLineEdit(self)
        self.list = QListWidget(self)
        self.nothing = label("No command fits.", "secondary", self)
        self._set_up()
        self._lay_out()
        self.search.textChanged.connect(self._on_text_changed)
        self.search.installEventFilter(self)
        self.list.itemClicked.connect(self._on_item_chosen)
        self._on_text_changed("")

    def _set_up(self) -> None:
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        RoundCorners(self)
        self.setProperty("surface", "floating")
        self.setAccessibleName("Command palette")
        self.search.setPlaceholderText("Type a command")
        self.search.setAccessibleName("Search commands")
        self.list.setAccessibleName("Commands")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setItemDelegate(_CommandDelegate(self._theme, self.list))
        self.list.ensurePolished()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(*(_MARGIN,) * 4)
        column.setSpacing(_SPACING)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        column.addWidget(self.nothing, 1, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self.nothing.setContentsMargins(0, 16, 0, 16)

    def paintEvent(self, _event: QPaintEvent) -> None:
        # A window that lets the ground through is given no background of the style.
        option, painter = QStyleOption(), QPainter(self)
        option.initFrom(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_Widget, option, painter, self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrow keys in the search field move through the list, Enter runs."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in _TRAVEL:
                self.list.event(event)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._on_item_chosen(self.list.currentItem())
                return True
        return super().eventFilter(watched, event)

    @Slot(str)
    def _on_text_changed(self, query: str) -> None:
        self.list.clear()
        for action in self._actions:
            if matches(query, action.text()):
                self.list.addItem(self._item(action))
        self.list.setCurrentRow(0)
        fits = self.list.count() > 0
        self.list.setVisible(fits)
        self.nothing.setVisible(not fits)
        self._fit()

    def _fit(self) -> None:
        """As high as what is found; a long list is cut between two rows, and scrolls."""
        around = 2 * _MARGIN + _SPACING + self.search.sizeHint().height()
        row, rows = self.list.sizeHintForRow(0), self.list.count()
        most = (self._theme.scaled(_HEIGHT) - around) // row if rows else 0
        inside = (
            min(rows, most) * row + 2 * self.list.frameWidth() if rows else self.nothing.sizeHint().height()
        )
        self.resize(self._theme.scaled(_WIDTH), around + inside)

    def _item(self, action: QAction) -> QListWidgetItem:
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        icon = self._no_icon if action.icon().isNull() else action.icon()
        item = QListWidgetItem(icon, action.text())
        item.setData(Qt.ItemDataRole.UserRole, action)
        item.setData(_KEYS, keys)
        told = f"{action.text()}, {keys}" if keys else action.text()
        item.setData(Qt.ItemDataRole.AccessibleTextRole, told)
        return item

    @Slot(QListWidgetItem)
    def _on_item_chosen(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        action = item.data(Qt.ItemDataRole.UserRole)
        self.close()
        action.trigger()


def _blank(side: int) -> QIcon:
    """Room as for an icon: names stand in line, whether they have one or not."""
    nothing = QPixmap(side, side)
    nothing.fill(Qt.GlobalColor.transparent)
    return QIcon(nothing)


class _CommandDelegate(QStyledItemDelegate):
    """The keys of a command stand in a column at the right; a long name ends before them."""

    def __init__(self, theme: Theme, commands: QListWidget) -> None:
        super().__init__(commands)
        self._theme, self._list = theme, commands

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        keys, font = index.data(_KEYS), self._theme.font(_KEYS_PX)
        self._paint_row(painter, option, index, QFontMetrics(font).horizontalAdvance(keys))
        painter.save()
        painter.setFont(font)
        painter.setPen(self._theme.color("text2"))
        area: QRect = option.rect
        area = area.adjusted(0, 0, -_PAD, 0)
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, keys)
        painter.restore()

    def _paint_row(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
        taken: int,
    ) -> None:
        """Ground, icon and name, whose text leaves `taken` pixels free."""
        row = QStyleOptionViewItem(option)
        self.initStyleOption(row, index)
        room = row.rect.width() - row.decorationSize.width() - taken - 2 * _PAD - _GAP
        row.text = row.fontMetrics.elidedText(row.text, Qt.TextElideMode.ElideRight, room)
        self._list.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, row, painter, self._list)
