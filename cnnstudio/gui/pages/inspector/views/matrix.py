"""A Dense layer's weights as one picture: inputs downwards, units to the right."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnnstudio.engine.interpret.gallery import Matrix
from cnnstudio.engine.interpret.loaded import LoadedWeight
from cnnstudio.engine.interpret.response import number
from cnnstudio.gui.pages.inspector.views.view import ViewKind, WeightView
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.image_view import ImageView
from cnnstudio.gui.widgets.labels import label


class MatrixView(WeightView):
    """The whole matrix, zero in the middle of the colors; pointing at a cell tells its number."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._matrix: Matrix | None = None
        self._plain = ""
        self.image = ImageView(theme, "Matrix of weights", self)
        self.text = label("", "secondary", self, wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.image, 1)
        column.addWidget(self.text)
        self.image.hovered.connect(self._on_hovered)

    def show_weight(self, weight: LoadedWeight) -> None:
        """Show another matrix; the largest ones in blocks, which is said."""
        matrix = weight.matrix
        assert matrix is not None
        rows, columns = weight.values.shape
        self._plain = f"{rows:,} inputs downwards, {columns:,} units to the right."
        if matrix.block != (1, 1):
            self._plain += (
                f" Each cell is the weight furthest from zero of {matrix.block[0]} × {matrix.block[1]}."
            )
        self._matrix = matrix
        room = min(self.image.width(), self.image.height())
        self.image.set_smooth(max(matrix.values.shape) > room)
        self.image.set_map(matrix.values, "diverging")
        self.text.setText(self._plain)

    @Slot(object)
    def _on_hovered(self, cell: tuple[int, int] | None) -> None:
        if self._matrix is None or cell is None:
            self.text.setText(self._plain)
            return
        places = [_span(place, step) for place, step in zip(cell, self._matrix.block, strict=True)]
        value = number(float(self._matrix.values[cell]))
        self.text.setText(f"Input {places[0]}, unit {places[1]}: {value}")


def _span(place: int, step: int) -> str:
    return str(place) if step == 1 else f"{place * step} to {(place + 1) * step - 1}"


def _is_matrix(weight: LoadedWeight) -> bool:
    return weight.matrix is not None


VIEW = ViewKind("Matrix", _is_matrix, MatrixView)
