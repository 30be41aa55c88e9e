"""Recent projects: a button each, grayed where the file is gone, and a small one that forgets it."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cnnstudio.gui.document.jobs import BackgroundJobs
from cnnstudio.gui.pages.start.card_button import CardButton
from cnnstudio.gui.theme.fonts import MEDIUM
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.icon_button import IconButton
from cnnstudio.gui.widgets.labels import label

_HEIGHT, _PAD, _RADIUS = 48, 10, 8
_NOTHING = "No recent projects yet: those you open or save are listed here."


class RecentProjects(QWidget):
    """The latest first. Whether the files are there is looked up in the background: a disk may be slow.

    Call `close_jobs` before the window goes.

    Signals: chosen(Path), forget_requested(Path); the row of a forgotten one is gone already.
    """

    chosen = Signal(object)
    forget_requested = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.rows: dict[Path, RecentRow] = {}
        self.nothing = label(_NOTHING, "secondary", self, wrap=True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._column.addWidget(self.nothing)
        self._jobs = BackgroundJobs(self)
        self._jobs.finished.connect(self._on_looked)

    def show_paths(self, paths: Iterable[Path]) -> None:
        """List these files."""
        for path in list(self.rows):
            self._drop(path)
        for path in paths:
            row = RecentRow(path, self._theme, self)
            row.button.chosen.connect(self.chosen)
            row.forget_requested.connect(self._on_forget)
            self.rows[path] = row
            self._column.addWidget(row)
        self.nothing.setVisible(not self.rows)
        if self.rows:
            self._jobs.submit(partial(_missing, tuple(self.rows)))

    def close_jobs(self) -> None:
        """Wait for what is being looked up."""
        self._jobs.close()

    def _drop(self, path: Path) -> None:
        row = self.rows.pop(path)
        row.hide()
        row.deleteLater()
        self.nothing.setVisible(not self.rows)

    @Slot(object)
    def _on_forget(self, path: Path) -> None:
        self._drop(path)
        self.forget_requested.emit(path)

    @Slot(object)
    def _on_looked(self, missing: frozenset[Path]) -> None:
        for path, row in self.rows.items():
            row.button.set_missing(path in missing)


class RecentRow(QWidget):
    """One project and the button that forgets it."""

    forget_requested = Signal(object)

    def __init__(self, path: Path, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self.button = RecentButton(path, theme, self)
        self.forget = IconButton(theme, "x", f"Take {path.name} off this list", size=14, parent=self)
        self.forget.clicked.connect(self._on_forget)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(self.button, 1)
        row.addWidget(self.forget)

    @Slot()
    def _on_forget(self) -> None:
        self.forget_requested.emit(self._path)


class RecentButton(CardButton):
    """Name and folder of a project file.

    Signals: chosen(Path).
    """

    chosen = Signal(object)

    def __init__(self, path: Path, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._path = path
        self.setMinimumWidth(120)
        self.clicked.connect(self._on_clicked)
        theme.changed.connect(self._on_theme_changed)
        self.set_missing(False)
        self._on_theme_changed()

    def set_missing(self, missing: bool) -> None:
        """Gray the project and say that its file is not there."""
        self.setEnabled(not missing)
        self.setText(f"not found: {self._path.parent}" if missing else str(self._path.parent))
        self.setAccessibleName(f"{self._path.name}, {self.text()}")
        self.setToolTip(str(self._path))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.scaled(240), self._theme.scaled(_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, rect = self._theme, QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.is_ringed or (self.underMouse() and self.isEnabled()):
            painter.setPen(QPen(theme.color("accent" if self.is_ringed else "border"), 2))
            painter.setBrush(theme.color("hover"))
            painter.drawRoundedRect(rect, _RADIUS, _RADIUS)
        half = rect.height() / 2
        upper = rect.adjusted(_PAD, theme.scaled(5), -_PAD, -half)
        lower = rect.adjusted(_PAD, half, -_PAD, -theme.scaled(5))
        self._paint_line(painter, upper, self._path.stem, 13, "text" if self.isEnabled() else "text3")
        self._paint_line(painter, lower, self.text(), 11, "text3")
        painter.end()

    def _paint_line(self, painter: QPainter, rect: QRectF, words: str, px: int, color: str) -> None:
        font = self._theme.font(px, MEDIUM)
        painter.setFont(font)
        painter.setPen(self._theme.color(color))
        shown = QFontMetricsF(font).elidedText(words, Qt.TextElideMode.ElideMiddle, rect.width())
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)

    @Slot()
    def _on_clicked(self) -> None:
        self.chosen.emit(self._path)

    @Slot()
    def _on_theme_changed(self) -> None:
        self.setFixedHeight(self._theme.scaled(_HEIGHT))
        self.update()


def _missing(paths: tuple[Path, ...]) -> frozenset[Path]:
    """Runs in a worker thread."""
    return frozenset(path for path in paths if not path.is_file())
