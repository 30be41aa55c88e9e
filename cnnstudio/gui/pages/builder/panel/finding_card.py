"""One finding: what is wrong, why it matters, and the buttons that mend it."""

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cnnstudio.core.analysis.findings import Finding, Fix
from cnnstudio.core.values.words import crossed
from cnnstudio.gui.theme.severity import LOOKS
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.labels import label
from cnnstudio.gui.widgets.push_button import PushButton

_ICON_PX = 15
_LEFT_PX, _RIGHT_PX = 12, 8
_BAR_PX, _MARKED_BAR_PX = 3, 6
_PRESSES = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class FindingCard(QWidget):
    """Signals:
    picked(object): the name of the layer the finding is about; nothing for one about the whole project.
    fix_chosen(object): the `Fix` a person wants.
    """

    picked = Signal(object)
    fix_chosen = Signal(object)

    def __init__(self, theme: Theme, finding: Finding, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._finding = theme, finding
        self._marked = False
        self._arranging = QTimer(self, singleShot=True, interval=0)
        self._arranging.timeout.connect(self._arrange_fixes)
        self._picture = QLabel(self)
        self.word = label("", "hint", self)
        self.message = label("", "body", self, wrap=True)
        self.why_button = PushButton(theme, "Why?", variant="quiet", parent=self)
        self.why = label("", "secondary", self, wrap=True)
        self.buttons: list[PushButton] = []
        self._lay_out()
        self.open_why(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.why_button.clicked.connect(self._on_why_clicked)
        theme.changed.connect(self._on_theme_changed)
        self.show_finding(finding)

    @property
    def finding(self) -> Finding:
        """What the card shows."""
        return self._finding

    def show_finding(self, finding: Finding) -> None:
        """Show another finding in the same place."""
        word = finding.severity.capitalize()
        self._finding = finding
        self.word.setText(f"{word} · {finding.code}")
        self.message.setText(crossed(finding.message))
        self.why.setText(crossed(finding.why))
        self.why_button.setVisible(bool(finding.why))
        self._show_fixes(finding.fixes)
        self.setAccessibleName(f"{word}: {finding.message}")
        self.setAccessibleDescription(finding.why)
        self.setToolTip("Click to select the layer" if finding.layer else "")
        self._on_theme_changed()

    @property
    def is_why_open(self) -> bool:
        """Whether the reason is shown."""
        return not self.why.isHidden()

    def open_why(self, is_open: bool) -> None:
        """Show the reason, or hide it."""
        self.why.setVisible(is_open)
        self.why_button.set_text("Hide" if is_open else "Why?")

    def set_marked(self, marked: bool) -> None:
        """TableContext the card while its layer is selected, or not."""
        if marked != self._marked:
            self._marked = marked
            self.update()

    def is_marked(self) -> bool:
        """Whether the card is framed."""
        return self._marked

    def take(self, finding: Finding) -> None:
        """Hold an equal finding, whose fixes may be those of another network; nothing is repainted."""
        self._finding = finding

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _PRESSES and self._finding.layer is not None:
            self.picked.emit(self._finding.layer)
        else:
            super().keyPressEvent(event)

    def minimumSizeHint(self) -> QSize:
        # Fixes side by side must not keep the card from becoming too narrow for that.
        widest = max((button.sizeHint().width() for button in self.buttons), default=0)
        return QSize(widest + _LEFT_PX + _RIGHT_PX, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # A layout that turns while it is laid out would be laid out for ever.
        self._arranging.start()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        inside = self.rect().contains(event.position().toPoint())
        if inside and event.button() == Qt.MouseButton.LeftButton and self._finding.layer is not None:
            self.picked.emit(self._finding.layer)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = LOOKS[self._finding.severity].color
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("accent_soft" if color == "accent" else f"{color}_soft"))
        painter.drawRoundedRect(area, 8, 8)
        painter.setBrush(self._theme.color(color))
        bar = _MARKED_BAR_PX if self._marked else _BAR_PX
        painter.drawRoundedRect(QRectF(area.left(), area.top() + 6, bar, area.height() - 12), 1.5, 1.5)
        if self._marked:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.color(color), 1))
            painter.drawRoundedRect(area, 8, 8)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.color("accent"), 2))
            painter.drawRoundedRect(area, 8, 8)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self._picture)
        head.addWidget(self.word, 1)
        head.addWidget(self.why_button)
        self._fixes = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._fixes.setSpacing(4)
        self._fixes.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(_LEFT_PX, 6, _RIGHT_PX, 8)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.message)
        # The reason is long: below the fixes it pushes none of them out of sight.
        column.addLayout(self._fixes)
        column.addWidget(self.why)

    def _show_fixes(self, fixes: tuple[Fix, ...]) -> None:
        labels = [fix.label for fix in fixes]
        if labels == [button.accessibleName() for button in self.buttons]:
            return
        for button in self.buttons:
            self._fixes.removeWidget(button)
            button.hide()
            button.deleteLater()
        # Where there are several, the room is for their words.
        icon = "wand-sparkles" if len(fixes) == 1 else ""
        self.buttons = [self._button(at, fix, icon) for at, fix in enumerate(fixes)]
        self._arrange_fixes()

    @Slot()
    def _arrange_fixes(self) -> None:
        """Side by side where they fit: the second of two would be below the edge of a low pane."""
        widths = [button.sizeHint().width() for button in self.buttons]
        taken = sum(widths) + self._fixes.spacing() * max(len(widths) - 1, 0)
        fits = taken <= self.width() - _LEFT_PX - _RIGHT_PX
        direction = QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom
        if direction != self._fixes.direction():
            self._fixes.setDirection(direction)

    def _button(self, at: int, fix: Fix, icon: str) -> PushButton:
        button = PushButton(self._theme, crossed(fix.label), icon, parent=self)
        button.setProperty("fix", at)
        button.clicked.connect(self._on_fix_clicked)
        self._fixes.insertWidget(at, button, 0, Qt.AlignmentFlag.AlignLeft)
        return button

    @Slot()
    def _on_fix_clicked(self) -> None:
        self.fix_chosen.emit(self._finding.fixes[self.sender().property("fix")])

    @Slot()
    def _on_why_clicked(self) -> None:
        self.open_why(not self.is_why_open)

    @Slot()
    def _on_theme_changed(self) -> None:
        look = LOOKS[self._finding.severity]
        ratio = self.devicePixelRatioF()
        self._picture.setPixmap(self._theme.pixmap(look.icon, look.color, _ICON_PX, ratio))
        self.update()
