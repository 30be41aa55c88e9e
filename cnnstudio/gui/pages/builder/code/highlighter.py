"""Colors of Python: a pure split of a line into words, and the highlighter that paints them."""

import keyword
import re
from collections.abc import Iterator

from msgspec import Struct
from PySide6.QtCore import Slot
from PySide6.QtGui import QSyntaxHighlighter, QTextCharFormat, QTextDocument

from cnnstudio.gui.theme.theme import Theme

COLORS = {
    "comment": "text3",
    "string": "ok",
    "number": "dense",
    "keyword": "normalization",
    "argument": "text2",
    "call": "convolution",
}
"""The token of the theme for each kind of word; all other text is `text`."""
_WORD = re.compile(
    r"(?P<comment>#.*)"
    r"|(?P<string>[rb]?'(?:\\.|[^'\\])*'|[rb]?\"(?:\\.|[^\"\\])*\")"
    r"|(?P<number>(?<![\w.])-?\d+(?:\.\d*)?(?:e[-+]?\d+)?)"
    rf"|(?P<keyword>\b(?:{'|'.join(keyword.kwlist)})\b)"
    r"|(?P<argument>\b\w+(?==(?!=)))"
    r"|(?P<call>\b\w+(?=\())"
)


class Span(Struct, frozen=True):
    """A part of a line that has a color of its own."""

    start: int
    length: int
    kind: str


def spans_of(line: str) -> Iterator[Span]:
    """The colored parts of a line of Python that holds no piece of a longer string."""
    for match in _WORD.finditer(line):
        if match.lastgroup:
            yield Span(match.start(), match.end() - match.start(), match.lastgroup)


class PythonHighlighter(QSyntaxHighlighter):
    """Paints the spans in the theme's colors."""

    def __init__(self, theme: Theme, document: QTextDocument) -> None:
        super().__init__(document)
        self._theme = theme
        self._formats: dict[str, QTextCharFormat] = {}
        theme.changed.connect(self._on_theme_changed)
        self._make_formats()

    def highlightBlock(self, text: str) -> None:
        for span in spans_of(text):
            self.setFormat(span.start, span.length, self._formats[span.kind])

    def _make_formats(self) -> None:
        for kind, color in COLORS.items():
            made = QTextCharFormat()
            made.setForeground(self._theme.color(color))
            self._formats[kind] = made

    @Slot()
    def _on_theme_changed(self) -> None:
        self._make_formats()
        self.rehighlight()
