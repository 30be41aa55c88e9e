"""One pixmap that holds all kernels of a page; the delegate draws parts of it."""

from typing import cast

import numpy as np
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPixmap, qRgb

from cnnstudio.engine.interpret.gallery import Mosaic
from cnnstudio.gui.widgets.colormaps import color_table, levels


class Atlas:
    """A mosaic in the diverging colors, blue below zero, white at zero, orange above."""

    def __init__(self, mosaic: Mosaic) -> None:
        self.mosaic = mosaic
        indices = np.ascontiguousarray(levels(mosaic.values, (-1.0, 1.0)))
        height, width = indices.shape
        image = QImage(indices.data, width, height, width, QImage.Format.Format_Indexed8)
        image.setColorTable([qRgb(*cast("list[int]", row)) for row in color_table("diverging").tolist()])
        self.pixmap = QPixmap.fromImage(image)

    def source(self, index: int) -> QRect:
        """Where kernel `index` of the page lies in the pixmap."""
        row, column = self.mosaic.place(index)
        height, width = self.mosaic.tile
        return QRect(column, row, width, height)
