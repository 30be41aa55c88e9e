"""A row for a page with room: the help stands below the editor."""

from typing import ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from cnnstudio.core.forms.fields import Choice, FileName, Variants
from cnnstudio.gui.fields.composite import MaybeEditor
from cnnstudio.gui.fields.row import FieldRow
from cnnstudio.gui.fields.simple import SwitchEditor
from cnnstudio.gui.widgets.labels import Role, label

_TITLE_PX = 104
_GAP_PX = 8
_REASON_GAP_PX = 3


class DescribedRow(FieldRow):
    """Title, editor, reason and one sentence of help; a list stands below its title."""

    title_role: ClassVar[Role] = "secondary"
    line_gap_px: ClassVar[int] = 4

    def is_above(self) -> bool:
        """Whether the title stands above the editor and not beside it."""
        return isinstance(self.setting.kind, Choice | Variants | FileName)

    def _lay_out(self) -> None:
        self.title.setProperty("role", self.title_role)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self.line_gap_px)
        line = QVBoxLayout() if self.is_above() else QHBoxLayout()
        line.setSpacing(self.line_gap_px if self.is_above() else _GAP_PX)
        line.addWidget(self.title)
        line.addLayout(self._editor_and_reason(), 1)
        column.addLayout(line)
        column.addWidget(label(self.setting.help, "hint", self, wrap=True))
        self._let_editor_say_title()

    def _editor_and_reason(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(_REASON_GAP_PX)
        column.addWidget(self.editor)
        column.addWidget(self.reason)
        self.reason.hide()
        return column

    def _let_editor_say_title(self) -> None:
        if isinstance(self.editor, MaybeEditor):
            self.editor.carry_title(self.setting.title)
        self.title.setVisible(not isinstance(self.editor, SwitchEditor | MaybeEditor))

    @Slot()
    def _on_theme_changed(self) -> None:
        if not self.is_above():
            self.title.setFixedWidth(self.theme.scaled(_TITLE_PX))
        self.update()
