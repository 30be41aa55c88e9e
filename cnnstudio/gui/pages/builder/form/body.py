"""All rows of one type of layer: what is often set, and the rest in a folded section."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnnstudio.core.forms.fields import Setting, Sources
from cnnstudio.core.forms.layer_settings import layer_settings
from cnnstudio.core.layers import Layer
from cnnstudio.gui.fields.editor import EditorContext
from cnnstudio.gui.fields.row import FieldRow
from cnnstudio.gui.pages.builder.form.sources import SourcesEditor, make_layer_editor
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.section import MORE, Section


class FormBody(QWidget):
    """The settings of a layer class; with `several`, of layers of that class together.

    `rows` has those that are made: what is seldom set, two thirds of the fields of a convolution, is made
    when its section is first unfolded.

    Signals:
        edited(str, object): a setting's name and its new value.
        finished(str): the gesture on that setting is over.
        reverted(str): the values edited together are to differ again, as they did before the gesture.
        pointed(object): the row under the mouse, `None` once it has left.
        taken_back(str): what stands there refused was given up for the setting's value.
    """

    edited = Signal(str, object)
    finished = Signal(str)
    reverted = Signal(str)
    taken_back = Signal(str)
    pointed = Signal(object)

    def __init__(
        self, theme: Theme, model: type[Layer], several: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._workshop = EditorContext(theme, several, make_layer_editor)
        # Inputs are taken by one layer: what is above several layers differs.
        settings = [one for one in layer_settings(model) if not (several and isinstance(one.kind, Sources))]
        self._often = [setting for setting in settings if not setting.advanced]
        self._seldom = [setting for setting in settings if setting.advanced]
        self._shown: dict[str, list[Any]] = {}
        self._candidates: tuple[str, ...] = ()
        self._kept_open = False
        self.rows: dict[str, FieldRow] = {}
        self.more = self._more(theme) if self._seldom else None
        self._lay_out()

    def show_layers(self, layers: Sequence[Layer], candidates: tuple[str, ...], afresh: bool) -> None:
        """Show the layers' settings; only what differs from what is shown unless `afresh`."""
        self._candidates = candidates
        for setting in (*self._often, *self._seldom):
            name = setting.name
            values = [getattr(layer, name) for layer in layers]
            row = self.rows.get(name)
            if row is not None and isinstance(row.editor, SourcesEditor):
                row.editor.show_candidates(candidates)
            if afresh or values != self._shown.get(name):
                self._shown[name] = values
                if row is not None:
                    row.show_values(values)
        if self.more is not None:
            self._show_more(self.more, afresh)

    def set_highlight(self, name: str | None) -> None:
        """Light the row of that setting, and no other."""
        for setting, row in self.rows.items():
            row.set_highlight(setting == name)

    def focus_setting(self, name: str) -> None:
        """Give that setting the keyboard focus, unfolding the section it is in."""
        if self.more is not None and any(setting.name == name for setting in self._seldom):
            self.more.set_folded(False)
        if name in self.rows:
            self.rows[name].editor.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _added_rows(self, settings: Sequence[Setting], column: QVBoxLayout) -> list[FieldRow]:
        added = [self._row(setting) for setting in settings]
        for row in added:
            self.rows[row.setting.name] = row
            column.addWidget(row)
        return added

    def _row(self, setting: Setting) -> FieldRow:
        row = FieldRow(setting, self._workshop)
        row.edited.connect(self.edited)
        row.finished.connect(self.finished)
        row.reverted.connect(self.reverted)
        row.taken_back.connect(self._on_taken_back)
        row.pointed.connect(self.pointed)
        return row

    def _more(self, theme: Theme) -> Section:
        content = QWidget()
        self._seldom_column = _column(content)
        section = Section(theme, MORE, content, self)
        section.unfolding.connect(self._on_unfolding)
        section.folded_changed.connect(self._on_folded)
        return section

    def _lay_out(self) -> None:
        column = _column(self)
        self._added_rows(self._often, column)
        if self.more is not None:
            column.addSpacing(4)
            column.addWidget(self.more)
        column.addStretch(1)

    def _show_more(self, more: Section, afresh: bool) -> None:
        changed = [setting for setting in self._seldom if self._is_changed(setting)]
        more.heading.setText(f"{MORE} · {len(changed)} changed" if changed else MORE)
        if afresh:
            more.set_folded(not (changed or self._kept_open))

    @Slot()
    def _on_unfolding(self) -> None:
        if self._seldom[0].name in self.rows:
            return
        for row in self._added_rows(self._seldom, self._seldom_column):
            if isinstance(row.editor, SourcesEditor):
                row.editor.show_candidates(self._candidates)
            row.show_values(self._shown[row.setting.name])

    @Slot(str)
    def _on_taken_back(self, name: str) -> None:
        self.rows[name].show_values(self._shown[name])
        self.taken_back.emit(name)

    @Slot(object)
    def _on_folded(self, folded: bool) -> None:
        self._kept_open = not folded

    def _is_changed(self, setting: Setting) -> bool:
        return any(value != setting.default for value in self._shown[setting.name])


def _column(parent: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(parent)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    return column
