"""A line of a form: title, help, editor and, when something is refused, the reason."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from cnnstudio.core.forms.fields import Setting
from cnnstudio.gui.fields.composite import MaybeEditor
from cnnstudio.gui.fields.editor import Editor, EditorContext
from cnnstudio.gui.fields.simple import SwitchEditor
from cnnstudio.gui.widgets.labels import label
from cnnstudio.gui.widgets.undo_keys import claims_undo, is_undo
from cnnstudio.gui.widgets.validity import is_marked_invalid

_TITLE_PX = 92
_LINE_PX = 30
_GAP_PX = 8
_BAR_PX = 3
_TOP = Qt.AlignmentFlag.AlignTop


class FieldRow(QWidget):
    """Shows one setting of one or several values, on a narrow line whose help is a tooltip.

    Signals:
        edited(str, object): the setting's name and its new value.
        finished(str): the gesture on that setting is over.
        reverted(str): the values edited together are to differ again, as they did before the gesture.
        taken_back(str): what stands there refused is to give way to the setting's value.
        pointed(object): the row while the mouse is over it, `None` once it has left.
    """

    edited = Signal(str, object)
    finished = Signal(str)
    reverted = Signal(str)
    taken_back = Signal(str)
    pointed = Signal(object)

    def __init__(
        self,
        setting: Setting,
        context: EditorContext,
        editor: Editor | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setting = setting
        self.theme = context.theme
        self.editor = context.make(setting.kind, context) if editor is None else editor
        self.title = label(setting.title, "secondary", self, wrap=True)
        self.reason = label("", "error", self, wrap=True)
        self._lit = False
        self._is_telling = False
        self._explain()
        self._lay_out()
        self.editor.edited.connect(self._on_edited)
        self.editor.refused.connect(self.show_reason)
        self.editor.finished.connect(self._on_finished)
        self.editor.reverted.connect(self._on_reverted)
        self.theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def show_values(self, values: Sequence[Any]) -> None:
        """Show the value that all have, or that they differ; while the row tells of an edit, nothing."""
        if self._is_telling:
            # An edit comes back from the document while it is told: as the value that was written, which is
            # shown already, or as the one from before, when it was refused: what is written stays then.
            return
        self.show_reason("")
        if all(value == values[-1] for value in values):
            self.editor.show_value(values[-1])
        else:
            self.editor.show_mixed(values[-1])

    @Slot(object)
    def show_reason(self, reason: str) -> None:
        """Say why something was refused; an empty text takes that back."""
        if reason != self.reason.text():
            self.reason.setText(reason)
            self.reason.setVisible(bool(reason))
            self.editor.set_texts(self.setting.title, f"{reason} {self.setting.help}".strip())

    def is_refused(self) -> bool:
        """Whether something stands there that was not taken."""
        inputs = self.editor.findChildren(QWidget)
        return bool(self.reason.text()) or any(is_marked_invalid(one) for one in inputs)

    def set_highlight(self, lit: bool) -> None:
        """Put a bar and a ground behind the row, or take them away."""
        if lit != self._lit:
            self._lit = lit
            self.update()

    def is_highlighted(self) -> bool:
        """Whether the row is lit."""
        return self._lit

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.pointed.emit(self)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointed.emit(None)

    def event(self, event: QEvent) -> bool:
        if claims_undo(event) and self.is_refused():
            self.taken_back.emit(self.setting.name)
            # That was what is undone; a redo goes on to the document.
            if is_undo(event):
                event.accept()
                return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._lit:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.color("accent_soft"))
        painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        painter.setBrush(self.theme.color("accent"))
        painter.drawRoundedRect(QRectF(0, 2, _BAR_PX, self.height() - 4), 1.5, 1.5)

    def _explain(self) -> None:
        if isinstance(self.editor, MaybeEditor) and self.setting.default is not None:
            self.editor.begin_with(self.setting.default)
        self.editor.set_texts(self.setting.title, self.setting.help)
        self.title.setToolTip(self.setting.help)
        self.title.setBuddy(self.editor)
        self.setWhatsThis(self.setting.help)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(_BAR_PX + 3, 2, 2, 2)
        grid.setHorizontalSpacing(_GAP_PX)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        self._place(grid)
        grid.addWidget(self.reason, 2, 1)
        self.reason.hide()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def _place(self, grid: QGridLayout) -> None:
        if isinstance(self.editor, SwitchEditor):
            # A switch says its title itself.
            self.title.setText("")
        beside_first = self.editor.has_lines
        grid.addWidget(self.title, 0, 0, _TOP if beside_first else Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self.editor, 0, 1)
        if self.editor.details is not None:
            grid.addWidget(self.editor.details, 1, 0, 1, 2)

    @Slot(object)
    def _on_edited(self, value: object) -> None:
        self.show_reason("")
        self._is_telling = True
        self.edited.emit(self.setting.name, value)
        self._is_telling = False

    @Slot()
    def _on_reverted(self) -> None:
        self._is_telling = True
        self.reverted.emit(self.setting.name)
        self._is_telling = False

    @Slot()
    def _on_finished(self) -> None:
        self.finished.emit(self.setting.name)

    @Slot()
    def _on_theme_changed(self) -> None:
        layout = self.layout()
        assert isinstance(layout, QGridLayout)
        layout.setColumnMinimumWidth(0, self.theme.scaled(_TITLE_PX))
        self.title.setFixedWidth(self.theme.scaled(_TITLE_PX))
        if self.editor.has_lines:
            self.title.setMinimumHeight(self.theme.scaled(_LINE_PX))
        self.update()
