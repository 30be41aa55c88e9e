"""The text of the code pane: read-only, changed line by line, with marks at chosen lines."""

from collections.abc import Iterable, Iterator, Sequence

from PySide6.QtCore import QRect, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QTextBlock, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from cnnstudio.gui.pages.builder.code.highlighter import PythonHighlighter
from cnnstudio.gui.pages.builder.code.margin import Margin
from cnnstudio.gui.theme.fonts import code_font
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.text_keys import TextKeys

_PX = 12
_LAYER_KEYS = (
    "Ctrl+D",
    "Ctrl+R",
    "Ctrl+L",
    "Ctrl+/",
    "Ctrl+G",
    "Ctrl+Shift+G",
    "Ctrl+.",
    "F2",
    "Alt+Up",
    "Alt+Down",
)
"""Commands on the selected layers: who reads the code would not see what they change."""


class CodeView(QPlainTextEdit):
    """Shows lines of code; a person selects and copies, only `set_lines` writes.

    While it has the focus the keys of a text are its own, and those of commands on layers do nothing.

    Signals:
        lines_chosen(range): the person moved the cursor or selected text; the lines, from 0, it touches.
    """

    lines_chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lines: tuple[str, ...] = ("",)
        self.highlighter = PythonHighlighter(theme, self.document())
        self.margin = Margin(theme, self.visible_lines, self)
        self._set_up()
        TextKeys(self, _LAYER_KEYS)
        self.selectionChanged.connect(self._on_cursor_moved)
        self.cursorPositionChanged.connect(self._on_cursor_moved)
        self.updateRequest.connect(self._on_update_request)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def set_lines(self, lines: Sequence[str]) -> None:
        """Show these lines; only those that differ are written, so cursor and scroll bar stay."""
        new = tuple(lines)
        if new == self._lines:
            return
        top, left = self.verticalScrollBar().value(), self.horizontalScrollBar().value()
        blocked = self.blockSignals(True)
        self._write(new)
        self.blockSignals(blocked)
        self._lines = new
        self._make_room()
        self.verticalScrollBar().setValue(top)
        self.horizontalScrollBar().setValue(left)

    def mark(self, lines: Iterable[int]) -> None:
        """Lay the selection's ground and a mark in the margin at these lines."""
        wanted = frozenset(lines)
        if wanted != self.margin.marked:
            self.margin.mark(wanted)
            self.viewport().update()

    def reveal(self, line: int) -> None:
        """Scroll so that the line is in sight; the cursor stays where it is."""
        shown = [number for number, _ in self.visible_lines()]
        if line not in shown[:-1]:
            self.verticalScrollBar().setValue(max(0, line - len(shown) // 3))

    def show_top(self) -> None:
        """Scroll to the first line and put the cursor there; nothing is chosen by that."""
        blocked = self.blockSignals(True)
        self.setTextCursor(QTextCursor(self.document()))
        self.blockSignals(blocked)
        for bar in (self.verticalScrollBar(), self.horizontalScrollBar()):
            bar.setValue(0)

    def visible_lines(self) -> Iterator[tuple[int, QRect]]:
        """The lines in sight, from the top: number from 0 and rectangle in the viewport."""
        block = self.firstVisibleBlock()
        bottom = self.viewport().height()
        while block.isValid():
            rect = self.blockBoundingGeometry(block).translated(self.contentOffset()).toRect()
            if rect.top() > bottom:
                return
            yield block.blockNumber(), rect
            block = block.next()

    def _set_up(self) -> None:
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setUndoRedoEnabled(False)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        # Without one of its own the style draws a box where the two scroll bars meet.
        self.setCornerWidget(QWidget(self))
        self.setAccessibleName("Keras code of the network")

    def _write(self, new: tuple[str, ...]) -> None:
        """Replace the lines between the common beginning and the common end."""
        old = self._lines
        line, column = self.textCursor().blockNumber(), self.textCursor().positionInBlock()
        head = _equal_ones(old, new)
        tail = _equal_ones(old[: head - 1 if head else None : -1], new[: head - 1 if head else None : -1])
        changed = new[head : len(new) - tail]
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        if tail:
            # Up to the first line that stays, so that its own line is never touched.
            _select(cursor, self._block(head), self._block(len(old) - tail))
            cursor.insertText("".join(f"{line}\n" for line in changed))
        else:
            _select_to_end(cursor, self._block(head - 1) if head else None)
            cursor.insertText(("\n" if head and changed else "") + "\n".join(changed))
        cursor.endEditBlock()
        if head <= line < len(old) - tail:
            self._put_cursor(min(line, len(new) - 1), column)

    def _put_cursor(self, line: int, column: int) -> None:
        """Bring the cursor back that went along with replaced text."""
        block = self._block(line)
        cursor = self.textCursor()
        cursor.setPosition(block.position() + min(column, block.length() - 1))
        self.setTextCursor(cursor)

    def _block(self, line: int) -> QTextBlock:
        return self.document().findBlockByNumber(line)

    def _make_room(self) -> None:
        width = self.margin.width_for(len(self._lines))
        self.setViewportMargins(width, 0, 0, 0)
        area = self.contentsRect()
        self.margin.setGeometry(area.left(), self.viewport().y(), width, self.viewport().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        # Painted here and not by Qt's extra selections, which take 80 ms for a thousand lines.
        painter = QPainter(self.viewport())
        for line, rect in self.visible_lines():
            if line in self.margin.marked:
                ground = QRect(0, rect.top(), self.viewport().width(), rect.height())
                painter.fillRect(ground, self._theme.color("accent_soft"))
        painter.end()
        super().paintEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    @Slot()
    def _on_cursor_moved(self) -> None:
        cursor = self.textCursor()
        first = self.document().findBlock(cursor.selectionStart()).blockNumber()
        last = self.document().findBlock(cursor.selectionEnd()).blockNumber()
        self.lines_chosen.emit(range(first, last + 1))

    @Slot(QRect, int)
    def _on_update_request(self, rect: QRect, dy: int) -> None:
        if dy:
            self.margin.scroll(0, dy)
        else:
            self.margin.update(0, rect.y(), self.margin.width(), rect.height())

    @Slot()
    def _on_theme_changed(self) -> None:
        font = code_font(_PX, self._theme.text_scale)
        self.setFont(font)
        self.margin.setFont(font)
        self._make_room()


def _equal_ones(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines two texts have in common from their beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (left, right) in pairs if left != right), min(len(one), len(other)))


def _select(cursor: QTextCursor, first: QTextBlock, behind: QTextBlock) -> None:
    """Select from the beginning of a line up to the beginning of another."""
    cursor.setPosition(first.position())
    cursor.setPosition(behind.position(), QTextCursor.MoveMode.KeepAnchor)


def _select_to_end(cursor: QTextCursor, kept: QTextBlock | None) -> None:
    """Select everything behind the last line that is kept."""
    if kept is not None:
        cursor.setPosition(kept.position() + kept.length() - 1)
    cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
