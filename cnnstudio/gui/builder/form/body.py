"""All rows of one type of layer: what is often set, and the rest in a folded section."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnnstudio.core.fields import Setting, Sources
from cnnstudio.core.layer_settings import layer_settings
from cnnstudio.core.layers import Layer
from cnnstudio.gui.builder.form.sources import SourcesEditor, make_layer_editor
from cnnstudio.gui.fields.editor import Workshop
from cnnstudio.gui.fields.row import FieldRow
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.section import Section

_MORE = "More settings"


class FormBody(QWidget):
    """The settings of a layer class; with `several`, of layers of that class together.

    Signals:
        edited(str, object): a setting's name and its new value.
        finished(str): the gesture on that setting is over.
        withdrawn(str): what was made of values that differ is to be taken back.
        taken_back(str): what stands there refused was given up for the setting's value.
    """

    edited = Signal(str, object)
    finished = Signal(str)
    withdrawn = Signal(str)
    taken_back = Signal(str)

    def __init__(
        self, theme: Theme, model: type[Layer], several: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._workshop = Workshop(theme, several, make_layer_editor)
        # Inputs are taken by one layer: what is above several layers differs.
        settings = [one for one in layer_settings(model) if not (several and isinstance(one.kind, Sources))]
        self._shown: dict[str, list[Any]] = {}
        self._kept_open = False
        self.rows = {setting.name: self._row(setting) for setting in settings}
        self.more = self._more(theme)
        self._lay_out()

    def show_layers(
        self, layers: Sequence[Layer], candidates: tuple[str, ...], afresh: bool, kept: str = ""
    ) -> None:
        """Show the layers' settings; only what differs from what is shown unless `afresh`.

        The row of the setting `kept` stays as it is.
        """
        for name, row in self.rows.items():
            values = [getattr(layer, name) for layer in layers]
            if isinstance(row.editor, SourcesEditor):
                row.editor.show_candidates(candidates)
            if afresh or values != self._shown.get(name):
                self._shown[name] = values
                if name != kept:
                    row.show_values(values)
        if self.more is not None:
            self._show_more(self.more, afresh)

    def set_highlight(self, name: str | None) -> None:
        """Light the row of that setting, and no other."""
        for setting, row in self.rows.items():
            row.set_highlight(setting == name)

    def focus_setting(self, name: str) -> None:
        """Give that setting the keyboard focus, unfolding the section it is in."""
        row = self.rows.get(name)
        if row is None:
            return
        if row.setting.advanced and self.more is not None:
            self.more.set_folded(False)
        row.editor.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _row(self, setting: Setting) -> FieldRow:
        row = FieldRow(setting, self._workshop)
        row.edited.connect(self.edited)
        row.finished.connect(self.finished)
        row.withdrawn.connect(self.withdrawn)
        row.taken_back.connect(self._on_taken_back)
        return row

    def _seldom(self) -> list[FieldRow]:
        return [row for row in self.rows.values() if row.setting.advanced]

    def _more(self, theme: Theme) -> Section | None:
        if not self._seldom():
            return None
        content = QWidget()
        _column(content, self._seldom())
        section = Section(theme, _MORE, content, self)
        section.folded_changed.connect(self._on_folded)
        return section

    def _lay_out(self) -> None:
        column = _column(self, [row for row in self.rows.values() if not row.setting.advanced])
        if self.more is not None:
            column.addSpacing(4)
            column.addWidget(self.more)
        column.addStretch(1)

    def _show_more(self, more: Section, afresh: bool) -> None:
        changed = [row for row in self._seldom() if self._is_changed(row.setting)]
        more.heading.setText(f"{_MORE} · {len(changed)} changed" if changed else _MORE)
        if afresh:
            more.set_folded(not (changed or self._kept_open))

    @Slot(str)
    def _on_taken_back(self, name: str) -> None:
        self.rows[name].show_values(self._shown[name])
        self.taken_back.emit(name)

    @Slot(object)
    def _on_folded(self, folded: bool) -> None:
        self._kept_open = not folded

    def _is_changed(self, setting: Setting) -> bool:
        return any(value != setting.default for value in self._shown[setting.name])


def _column(parent: QWidget, rows: Sequence[QWidget]) -> QVBoxLayout:
    column = QVBoxLayout(parent)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    for row in rows:
        column.addWidget(row)
    return column
