"""Where the pictures of a folder are, and what they are brought to."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cnnstudio.core.forms.fields import Setting
from cnnstudio.core.project.data import FolderSource
from cnnstudio.gui.fields.editor import Editor
from cnnstudio.gui.fields.model_rows import ModelRows
from cnnstudio.gui.fields.row import FieldRow
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.elided import ElidedLabel
from cnnstudio.gui.widgets.icon_button import IconButton
from cnnstudio.gui.widgets.labels import label

_FOUND = frozenset({"path", "class_names", "train_count", "test_count"})
"""What the folder says and a person does not set."""


class FolderPanel(QWidget):
    """Shows the path of a folder, and edits the size and colors of its pictures.

    Signals:
        edited(str, FolderSource): the field that was changed, and the whole changed source.
        finished(): the gesture is over.
        another_wanted(): another folder is to be chosen.
    """

    edited = Signal(str, object)
    finished = Signal()
    another_wanted = Signal()

    def __init__(
        self,
        theme: Theme,
        make_row: Callable[[Setting], FieldRow],
        gap: int,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.path = ElidedLabel("secondary", Qt.TextElideMode.ElideMiddle, self)
        self.another = IconButton(theme, "folder-open", "Choose another folder", size=16, parent=self)
        self._fields = ModelRows(FolderSource, make_row, self._on_edited, gap, self, _FOUND)
        self._lay_out(gap)
        self.another.clicked.connect(self.another_wanted)
        self._fields.finished.connect(self.finished)

    def show_source(self, source: FolderSource) -> None:
        """Show another folder, or other settings of it."""
        self.path.set_text(source.path)
        self._fields.show_model(source)

    def editor(self, name: str) -> Editor:
        """The editor of one of the source's fields."""
        return self._fields.rows[name].editor

    def title(self, name: str) -> str:
        """What a person calls one of the source's fields."""
        return self._fields.rows[name].setting.title

    def _lay_out(self, gap: int) -> None:
        place = QHBoxLayout()
        place.setSpacing(6)
        place.addWidget(self.path, 1)
        place.addWidget(self.another)
        top = QVBoxLayout()
        top.setSpacing(2)
        top.addWidget(label("Folder", "heading", self))
        top.addLayout(place)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(gap)
        column.addLayout(top)
        column.addWidget(self._fields)

    @Slot(str, object)
    def _on_edited(self, name: str, source: FolderSource) -> None:
        self.edited.emit(name, source)
