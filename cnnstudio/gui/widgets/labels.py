"""Labels in the text styles of the window."""

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

Role = Literal["body", "title", "heading", "overline", "secondary", "hint", "error", "value", "pill", "key"]


def label(text: str, role: Role = "body", parent: QWidget | None = None, wrap: bool = False) -> QLabel:
    """A label that never reads its text as markup; the style sheet gives each role its size and color."""
    made = QLabel(parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(text.upper() if role == "overline" else text)
    made.setProperty("role", role)
    made.setWordWrap(wrap)
    if role in ("pill", "key"):
        # They keep their shape where a row offers more height.
        made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return made


def separator(vertical: bool = False, parent: QWidget | None = None) -> QFrame:
    """A thin line between two parts of a page."""
    line = QFrame(parent)
    line.setProperty("surface", "line")
    if vertical:
        line.setFixedWidth(1)
    else:
        line.setFixedHeight(1)
    return line
