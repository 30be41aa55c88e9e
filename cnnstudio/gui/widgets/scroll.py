"""Room for a column that may be higher than its panel."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget


def scrolled(content: QWidget, parent: QWidget | None = None) -> QScrollArea:
    """A view of `content` that takes no focus and shows the panel's ground.

    It scrolls up and down; and sideways only where very large text needs more width than there is, for what
    is cut off at the right could not be reached otherwise.
    """
    area = QScrollArea(parent)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(content)
    area.viewport().setAutoFillBackground(False)
    content.setAutoFillBackground(False)
    return area
