"""The left column of the page: which data set, how its labels are written, how it is split."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnnstudio.core.forms.fields import Choice, Number, Setting
from cnnstudio.core.forms.model_settings import settings_of
from cnnstudio.core.project.data import DataChoice, DataKind, FolderSource
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.fields.choices import SegmentedEditor
from cnnstudio.gui.fields.described_row import DescribedRow
from cnnstudio.gui.fields.editor import Editor, EditorContext
from cnnstudio.gui.fields.factory import make_editor
from cnnstudio.gui.fields.model_rows import ModelRows
from cnnstudio.gui.pages.data.cards import DatasetCards
from cnnstudio.gui.pages.data.folder_panel import FolderPanel
from cnnstudio.gui.pages.data.folder_search import FolderSearch
from cnnstudio.gui.pages.data.share import ShareEditor
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.labels import label
from cnnstudio.gui.widgets.scroll import scrolled
from cnnstudio.gui.widgets.side_panel import SidePanel

_WIDTH = 272
_GAP_PX = 14
_STEPS = {"labels": "Use {0} labels"}
_DATA_SET = frozenset({"kind", "folder"})
"""The fields that go together, and are edited by the cards and the folder's panel."""


class ChoicePanel(SidePanel):
    """Shows and edits the document's data choice; each edit is one named undo step."""

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, _WIDTH, parent)
        self._document = document
        self.setProperty("surface", "left")
        self._workshop = EditorContext(theme, False, make_editor)
        self.search = FolderSearch(document, self)
        self.cards = DatasetCards(theme)
        self._kind = _Row(settings_of(DataChoice)[0], self._workshop, self.cards)
        self.folder = FolderPanel(theme, self._row, _GAP_PX, self)
        self._fields = ModelRows(DataChoice, self._row, self._apply, _GAP_PX, self, _DATA_SET)
        self._shown: DataChoice | None = None
        self._lay_out()
        self._connect()
        self._show()

    def editor(self, name: str) -> Editor:
        """The editor of one of the data choice's fields."""
        return self._fields.rows[name].editor

    @property
    def refusal(self) -> str:
        """Why the folder that was given last is no data set; empty when it is one."""
        return self._kind.reason.text()

    def _row(self, setting: Setting) -> DescribedRow:
        match setting.kind:
            case Choice() as kind:
                return _Row(setting, self._workshop, SegmentedEditor(kind, self._workshop, _capitalized))
            case Number() as kind:
                return _Row(setting, self._workshop, ShareEditor(kind, self._workshop))
            case _:
                return _Row(setting, self._workshop)

    def _lay_out(self) -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 14, 16, 16)
        column.setSpacing(_GAP_PX)
        column.addWidget(label("Data", "title", self))
        for widget in (self._kind, self.folder, self._fields):
            column.addWidget(widget)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(inner, self))

    def _connect(self) -> None:
        self._kind.edited.connect(self._on_kind_chosen)
        self.cards.folder_wanted.connect(self.search.choose)
        self.folder.another_wanted.connect(self.search.choose)
        self.folder.edited.connect(self._on_folder_edited)
        self.search.began.connect(self._on_search_began)
        self.search.failed.connect(self._on_search_failed)
        # The same folder again is no edit, and yet the search is over.
        self.search.taken.connect(self._show)
        for part in (self._kind, self.folder, self._fields):
            part.finished.connect(self._document.end_gesture)
        self._document.changed.connect(self._on_document_changed)

    @Slot(str, object)
    def _apply(self, name: str, data: DataChoice) -> None:
        title = self._fields.rows[name].setting.title.lower()
        text = _STEPS.get(name, f"Change {title}").format(getattr(data, name))
        self._document.apply(text, self._document.project.with_data(data), f"data.{name}")

    @Slot(str, object)
    def _on_kind_chosen(self, _name: str, kind: DataKind) -> None:
        project = self._document.project
        self._document.apply("Choose another data set", project.with_data(project.data.with_included(kind)))

    @Slot(str, object)
    def _on_folder_edited(self, name: str, source: FolderSource) -> None:
        project = self._document.project
        text = f"Change {self.folder.title(name).lower()} of the pictures"
        self._document.apply(text, project.with_data(project.data.with_folder(source)), f"data.folder.{name}")

    @Slot(str)
    def _on_search_began(self, name: str) -> None:
        self._kind.show_reason("")
        self.cards.show_looking(name)

    @Slot(str)
    def _on_search_failed(self, sentence: str) -> None:
        self.cards.show_value(self._document.project.data)
        self._kind.show_reason(sentence)

    @Slot()
    def _on_document_changed(self) -> None:
        # Most edits are of the network.
        if self._document.project.data is not self._shown:
            self._show()

    @Slot()
    def _show(self) -> None:
        self._shown = data = self._document.project.data
        self._kind.show_values([data])
        self.folder.setVisible(data.folder is not None)
        if data.folder is not None:
            self.folder.show_source(data.folder)
        self._fields.show_model(data)


class _Row(DescribedRow):
    title_role = "heading"
    line_gap_px = 6

    def is_above(self) -> bool:
        return True


def _capitalized(value: object) -> str:
    return str(value).capitalize()
