"""A narrow map of the whole stack beside it: what each part weighs, where one is, and the way there."""

from collections.abc import Iterator
from typing import Literal, TypeAlias

from msgspec import Struct
from PySide6.QtCore import QEvent, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QContextMenuEvent, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from cnnstudio.core.values.words import counted
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.pages.builder.stack.column_scene import ColumnScene
from cnnstudio.gui.pages.builder.stack.group_item import GroupItem
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.round_menu import RoundMenu

Weight: TypeAlias = Literal["parameters", "macs"]
_WEIGHTS: tuple[tuple[Weight, str], ...] = (("parameters", "Parameters"), ("macs", "MACs"))
_WIDTH, _EDGE, _LEAST_BAR = 40, 5, 3
"""Designed pixels."""
_LATER_MS = 120


class Bar(Struct, frozen=True):
    """A layer or a collapsed group on the map: where it stands in the scene, and what it weighs."""

    name: str
    family: str
    top: float
    height: float
    parameters: int
    macs: int

    def weight(self, by: Weight) -> int:
        """How many parameters or multiplications it has."""
        return self.parameters if by == "parameters" else self.macs

    @property
    def sentence(self) -> str:
        """The tooltip."""
        return f"{self.name}: {counted(self.parameters, 'parameter')}, {counted(self.macs, 'MAC')}"


class MiniMap(QWidget):
    """Shows all that stands in the column, as bars as long as they are heavy, and what of it is seen.

    Signals:
        asked(float): a person wants to see what stands at this height of the scene.
    """

    asked = Signal(float)

    def __init__(self, scene: ColumnScene, document: Document, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._scene, self._document, self._theme = scene, document, theme
        self.by: Weight = "parameters"
        self._bars: list[Bar] | None = None
        # A thousand bars take some milliseconds, which no key shall wait for.
        self._later = QTimer(self, singleShot=True, interval=_LATER_MS)
        self._later.timeout.connect(self.update)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("Map of the stack")
        self.setAccessibleDescription(
            "Bars as long as the layers are heavy. Click to see a part of the stack."
        )
        document.changed.connect(self.renew)
        document.collapsed_changed.connect(self.renew)
        theme.changed.connect(self.renew)

    @property
    def wanted_width(self) -> int:
        """Pixels at the present size of the text."""
        return self._theme.scaled(_WIDTH)

    @property
    def bars(self) -> list[Bar]:
        """What is on the map, from top to bottom."""
        if self._bars is None:
            self._bars = list(self._made())
        return self._bars

    @Slot()
    def renew(self) -> None:
        """The stack is another one, or stands otherwise: it is painted anew once the person pauses."""
        self._bars = None
        self._later.start()

    def weigh_by(self, by: Weight) -> None:
        """Let the length of the bars be the parameters, or the multiplications."""
        self.by = by
        self.update()

    def bar_at(self, y: float) -> Bar | None:
        """What is at a height of this widget."""
        at = self._to_scene(y)
        return next((bar for bar in self.bars if at <= bar.top + bar.height), None)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("canvas"))
        for bar, rect in self._rects():
            painter.fillRect(rect, self._theme.family_color(bar.family, 0.85))
        self._paint_seen(painter)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            bar = self.bar_at(event.pos().y())
            QToolTip.showText(event.globalPos(), bar.sentence if bar else "", self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.asked.emit(self._to_scene(event.position().y()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.asked.emit(self._to_scene(event.position().y()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        # Else the view below would take the end of the way for the end of one of its own.
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = RoundMenu(parent=self)
        menu.aboutToHide.connect(menu.deleteLater)
        for by, title in _WEIGHTS:
            action = QAction(f"Length by {title}", menu, checkable=True, checked=by == self.by)
            action.setData(by)
            menu.addAction(action)
        menu.triggered.connect(self._on_weight_chosen)
        menu.popup(event.globalPos())

    def _made(self) -> Iterator[Bar]:
        """Not of the heads of expanded groups, whose layers follow."""
        analysis, tops = self._document.analysis, self._scene.column.tops
        stops = set(self._scene.stops)
        for item, top in zip(self._scene.shown, tops, strict=True):
            if item not in stops:
                continue
            rows = [analysis.row(name) for name in item.names]
            leader = max(rows, key=lambda row: row.parameters)
            name = item.name if isinstance(item, GroupItem) else leader.name
            parameters, macs = sum(row.parameters for row in rows), sum(row.macs for row in rows)
            yield Bar(name, leader.layer.family, top, item.height, parameters, macs)

    def _rects(self) -> Iterator[tuple[Bar, QRectF]]:
        edge, scale = self._theme.scaled(_EDGE), self._scale
        least = self._theme.scaled(_LEAST_BAR)
        most = self.width() - 2 * edge - least
        heaviest = max((bar.weight(self.by) for bar in self.bars), default=0) or 1
        for bar in self.bars:
            length = least + most * bar.weight(self.by) / heaviest
            # The gap between cards is too small to be kept where there are many.
            yield bar, QRectF(edge, edge + bar.top * scale, length, max(1.0, bar.height * scale))

    def _paint_seen(self, painter: QPainter) -> None:
        seen, edge = self._scene.seen, self._theme.scaled(_EDGE)
        top = max(0.0, edge + seen.top() * self._scale)
        bottom = min(float(self.height()), edge + seen.bottom() * self._scale)
        frame = QRectF(1.5, top + 0.5, self.width() - 3, max(6.0, bottom - top - 1))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("accent"), 1.5))
        painter.setBrush(self._theme.color("accent", 0.10))
        painter.drawRoundedRect(frame, 4, 4)

    @property
    def _scale(self) -> float:
        """Pixels of the map to a unit of the scene."""
        room = self.height() - 2 * self._theme.scaled(_EDGE)
        return room / max(1.0, self._scene.column.bottom)

    def _to_scene(self, y: float) -> float:
        return (y - self._theme.scaled(_EDGE)) / self._scale

    @Slot(QAction)
    def _on_weight_chosen(self, action: QAction) -> None:
        self.weigh_by("macs" if action.data() == "macs" else "parameters")
