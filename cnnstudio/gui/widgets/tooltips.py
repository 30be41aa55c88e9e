"""Tooltips that hold names of a person's: Qt takes a text that looks like HTML for HTML."""

import html

from PySide6.QtGui import Qt


def plain_tooltip(text: str) -> str:
    """The text as a tooltip that shows its signs as they are: a class may be named `<b>`."""
    if not Qt.mightBeRichText(text):
        return text
    return html.escape(text, quote=False).replace("\n", "<br>")
