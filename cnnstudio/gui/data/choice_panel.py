"""The left column of the page: which data set, how its labels are written, how it is split."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from cnnstudio.core.data import DataChoice
from cnnstudio.core.fields import Choice, Number, Setting
from cnnstudio.gui.data.cards import DatasetCards
from cnnstudio.gui.data.share import ShareEditor
from cnnstudio.gui.document import Document
from cnnstudio.gui.fields.choices import SegmentedEditor
from cnnstudio.gui.fields.described_row import DescribedRow
from cnnstudio.gui.fields.editor import Editor, Workshop
from cnnstudio.gui.fields.factory import make_editor
from cnnstudio.gui.fields.model_rows import ModelRows
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.labels import label
from cnnstudio.gui.widgets.scroll import scrolled

_WIDTH = 272
_GAP_PX = 14
_STEPS = {"kind": "Choose another data set", "labels": "Use {0} labels"}


class ChoicePanel(QFrame):
    """Shows and edits the document's data choice; each edit is one named undo step."""

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._theme = document, theme
        self.setProperty("surface", "left")
        self._workshop = Workshop(theme, False, make_editor)
        self._fields = ModelRows(DataChoice, self._row, self._apply, _GAP_PX)
        self._lay_out()
        self._fields.finished.connect(document.end_gesture)
        document.changed.connect(self._on_document_changed)
        theme.changed.connect(self._on_theme_changed)
        self._on_document_changed()
        self._on_theme_changed()

    def editor(self, name: str) -> Editor:
        """The editor of one of the data choice's fields."""
        return self._fields.rows[name].editor

    def _row(self, setting: Setting) -> DescribedRow:
        match setting.name, setting.kind:
            case "kind", _:
                return _Row(setting, self._workshop, DatasetCards(self._theme))
            case _, Choice() as kind:
                return _Row(setting, self._workshop, SegmentedEditor(kind, self._workshop, _capitalized))
            case _, Number() as kind:
                return _Row(setting, self._workshop, ShareEditor(kind, self._workshop))
            case _:
                return _Row(setting, self._workshop)

    def _lay_out(self) -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 14, 16, 16)
        column.setSpacing(_GAP_PX)
        column.addWidget(label("Data", "title", self))
        column.addWidget(self._fields)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(inner, self))

    @Slot(str, object)
    def _apply(self, name: str, data: DataChoice) -> None:
        title = self._fields.rows[name].setting.title.lower()
        text = _STEPS.get(name, f"Change {title}").format(getattr(data, name))
        self._document.apply(text, self._document.project.with_data(data), f"data.{name}")

    @Slot()
    def _on_document_changed(self) -> None:
        self._fields.show_model(self._document.project.data)

    @Slot()
    def _on_theme_changed(self) -> None:
        self.setFixedWidth(self._theme.scaled(_WIDTH))


class _Row(DescribedRow):
    title_role = "heading"
    line_gap_px = 6

    def is_above(self) -> bool:
        return True


def _capitalized(value: object) -> str:
    return str(value).capitalize()
