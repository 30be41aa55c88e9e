"""A grid of samples: a picture and its label each, chosen by mouse or arrow keys."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from cnnstudio.core.values.errors import StudioError
from cnnstudio.gui.pages.data.samples import Sample, SampleModel
from cnnstudio.gui.theme.theme import Theme

_PICTURE_PX = 56
_CELL_PX = 72
_LABEL_PX = 20


class SampleDelegate(QStyledItemDelegate):
    """Paints a sample from the model's atlas, its class name below it, and a frame when it is selected."""

    def __init__(self, model: SampleModel, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._model, self._theme = model, theme

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.save()
        area = option.rect.adjusted(3, 3, -3, -3)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            self._paint_frame(painter, area)
        self._paint_picture(painter, area, self._model.source(index.row()))
        self._paint_label(painter, area, str(index.data()), selected)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return cell_size(self._theme)

    def _paint_picture(self, painter: QPainter, area: QRect, source: QRect) -> None:
        side = self._theme.scaled(_PICTURE_PX)
        room = QRect(area.center().x() - side // 2, area.top() + 5, side, side)
        size = source.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        picture = QRect(QPoint(), size)
        picture.moveCenter(room.center())
        # The pixels of a small picture are to be seen; a large one loses some of them.
        is_shrunk = size.width() < source.width()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_shrunk)
        painter.drawPixmap(picture, self._model.atlas, source)

    def _paint_frame(self, painter: QPainter, area: QRect) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("accent"), 2))
        painter.setBrush(self._theme.color("accent_soft"))
        painter.drawRoundedRect(QRectF(area), 7, 7)

    def _paint_label(self, painter: QPainter, area: QRect, text: str, selected: bool) -> None:
        painter.setFont(self._theme.font(11))
        painter.setPen(self._theme.color("text" if selected else "text2"))
        room = area.adjusted(1, area.height() - self._theme.scaled(_LABEL_PX), -1, 0)
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, shown)


def cell_size(theme: Theme) -> QSize:
    """Room for a picture, its label and its frame."""
    return QSize(theme.scaled(_CELL_PX), theme.scaled(_PICTURE_PX + _LABEL_PX + 14))


class SampleGrid(QListView):
    """Shows the samples of its model.

    Signals:
        sample_chosen(Sample): another sample is the current one; None when there is none, or it
            cannot be read.
    """

    sample_chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.samples = SampleModel(self)
        self.setModel(self.samples)
        self.setItemDelegate(SampleDelegate(self.samples, theme, self))
        self.setAccessibleName("Samples")
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.selectionModel().currentChanged.connect(self._on_current_changed)
        self.samples.modelReset.connect(self._on_reset)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    @Slot()
    def _on_reset(self) -> None:
        if self.samples.rowCount():
            self.setCurrentIndex(self.samples.index(0))
        else:
            self.sample_chosen.emit(None)

    @Slot(QModelIndex, QModelIndex)
    def _on_current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            self.sample_chosen.emit(self._readable(current.row()))

    def _readable(self, row: int) -> Sample | None:
        try:
            return self.samples.sample(row)
        except StudioError:
            return None

    @Slot()
    def _on_theme_changed(self) -> None:
        self.setGridSize(cell_size(self._theme))
        self.viewport().update()
