"""Where the pictures of a folder are, and what they are brought to."""

from collections.abc import Callable
from typing import Annotated

from pydantic import Field
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cnnstudio.core.forms.fields import Setting
from cnnstudio.core.project.data import Colors, Preparation, Side
from cnnstudio.core.project.sources import OwnData
from cnnstudio.gui.fields.editor import Editor
from cnnstudio.gui.fields.model_rows import ModelRows
from cnnstudio.gui.fields.row import FieldRow
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.elided import ElidedLabel
from cnnstudio.gui.widgets.icon_button import IconButton
from cnnstudio.gui.widgets.labels import label


class _Whole(Preparation):
    """A preparation that leaves nothing open: the pictures of a folder have any size and colors."""

    size: Annotated[
        tuple[Side, Side],
        Field(title="Size", description="Height and width every picture is brought to, in pixels."),
    ]
    colors: Annotated[
        Colors, Field(title="Colors", description="Gray: one channel. Color: red, green and blue.")
    ]


class FolderPanel(QWidget):
    """Shows the path of a folder, and edits what its pictures are brought to.

    Signals:
        edited(str, Preparation): the field that was changed, and the whole changed preparation.
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
        self._fields = ModelRows(_Whole, make_row, self._on_edited, gap, self)
        self._lay_out(gap)
        self.another.clicked.connect(self.another_wanted)
        self._fields.finished.connect(self.finished)

    def show_source(self, source: OwnData, preparation: Preparation) -> None:
        """Show another folder, or something else its pictures are brought to."""
        self.path.set_text(source.path)
        self._fields.show_model(_Whole.model_validate(dict(preparation)))

    def editor(self, name: str) -> Editor:
        """The editor of one of the preparation's fields."""
        return self._fields.rows[name].editor

    def title(self, name: str) -> str:
        """What a person calls one of the preparation's fields."""
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
    def _on_edited(self, name: str, whole: Preparation) -> None:
        self.edited.emit(name, Preparation.model_validate(dict(whole)))
