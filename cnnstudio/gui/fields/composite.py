"""Editors made of editors: pairs and triples, and values that may be missing."""

from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout

from cnnstudio.core.forms.draft import Draft
from cnnstudio.core.forms.field_values import start_of
from cnnstudio.core.forms.fields import Integer, Maybe, Parts
from cnnstudio.gui.fields.editor import MIXED, Editor, EditorContext, explain
from cnnstudio.gui.fields.simple import IntegerEditor
from cnnstudio.gui.widgets.icon_button import IconButton
from cnnstudio.gui.widgets.labels import label

_AXES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}
_RANGE = ("from", "to")
_ENDS = ("before", "after")
_GAP_PX = 4
_OWN = "Own value"


class PartsEditor(Editor):
    """The editors of the parts side by side; two or three whole numbers can be linked.

    While linked, a change of one is a change of all. Parts that have parts themselves stand one below
    the other.
    """

    def __init__(self, kind: Parts, context: EditorContext) -> None:
        super().__init__()
        self._draft = Draft[tuple[Any, ...]](tuple(start_of(item) for item in kind.items))
        self._reasons = [""] * len(kind.items)
        self.are_ends = False
        self._nested = self.has_lines = any(isinstance(item, Parts) for item in kind.items)
        self.parts = [context.make(item, context) for item in kind.items]
        self.link = self._link(kind, context)
        self._lay_out()
        for index, part in enumerate(self.parts):
            part.setProperty("part", index)
            part.edited.connect(self._on_part_edited)
            part.reverted.connect(self._on_part_reverted)
            part.refused.connect(self._on_part_refused)
            part.finished.connect(self.finished)

    def show_value(self, value: Any) -> None:
        self._draft.show(value)
        for part, one in zip(self.parts, value, strict=True):
            part.show_value(one)
        if self.link is not None and len(set(value)) > 1:
            self._show_linked(False)

    def show_mixed(self, value: Any) -> None:
        self._draft.show(value, is_mixed=True)
        for part, one in zip(self.parts, value, strict=True):
            part.show_mixed(one)

    def set_texts(self, name: str, explanation: str) -> None:
        super().set_texts(name, explanation)
        for part, word in zip(self.parts, self._words(), strict=True):
            if isinstance(part, PartsEditor):
                part.are_ends = True
            part.set_texts(f"{name} {word}", f"{word.capitalize()}. {explanation}")

    def _words(self) -> tuple[str, ...]:
        if self.are_ends:
            return _ENDS
        if self.link is None and len(self.parts) == 2 and not self._nested:
            return _RANGE
        return _AXES.get(len(self.parts), tuple(str(index + 1) for index in range(len(self.parts))))

    def _link(self, kind: Parts, context: EditorContext) -> IconButton | None:
        if len(kind.items) < 2 or not all(isinstance(item, Integer) for item in kind.items):
            return None
        button = IconButton(context.theme, "link", "Keep all the same", size=14, parent=self)
        button.setCheckable(True)
        button.setChecked(True)
        button.toggled.connect(self._on_link_toggled)
        return button

    def _lay_out(self) -> None:
        row = QVBoxLayout(self) if self._nested else QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP_PX)
        for part in self.parts:
            row.addWidget(part, 1)
        if self.link is not None:
            row.insertWidget(1, self.link)
        self._leave_room()
        self.setFocusProxy(self.parts[0])

    def _leave_room(self) -> None:
        # Three boxes with arrows would leave no room for their numbers.
        if len(self.parts) > 2:
            for part in self.parts:
                if isinstance(part, IntegerEditor):
                    part.spin.hide_arrows()

    @Slot(object)
    def _on_part_edited(self, one: object) -> None:
        index = self.sender().property("part")
        last, linked = self._draft.value, self.link is not None and self.link.isChecked()
        values = (one,) * len(last) if linked else (*last[:index], one, *last[index + 1 :])
        self._draft.take(values)
        for part, value in zip(self.parts, values, strict=True):
            if linked and part is not self.parts[index]:
                part.show_value(value)
        self.edited.emit(values)
        self._tell_reason()

    @Slot()
    def _on_part_reverted(self) -> None:
        self._draft.refuse("")
        for part, one in zip(self.parts, self._draft.value, strict=True):
            if part is not self.sender():
                part.show_mixed(one)
        self.reverted.emit()

    @Slot(object)
    def _on_part_refused(self, reason: str) -> None:
        self._reasons[self.sender().property("part")] = reason
        self._tell_reason()

    def _tell_reason(self) -> None:
        self.refused.emit(next(filter(None, self._reasons), ""))

    @Slot(bool)
    def _on_link_toggled(self, linked: bool) -> None:
        self._show_linked(linked)
        value = self._draft.value
        if linked and len(set(value)) > 1:
            self.show_value((value[0],) * len(value))
            self.edited.emit(self._draft.value)
            self.finished.emit()

    def _show_linked(self, linked: bool) -> None:
        assert self.link is not None
        blocker = QSignalBlocker(self.link)
        self.link.setChecked(linked)
        self.link.set_icon("link" if linked else "unlink")
        blocker.unblock()


class MaybeEditor(Editor):
    """A check box that turns the value on, and the editor of the value.

    Where there is no value, words for what happens then stand in place of its editor; with the title in
    the box the editor is shown but disabled.
    """

    def __init__(self, kind: Maybe, context: EditorContext) -> None:
        super().__init__()
        self._last = start_of(kind.inner)
        self._title = ""
        self.box = QCheckBox(self)
        self.inner = context.make(kind.inner, context)
        self.without = label(kind.without, "secondary", self, wrap=True)
        self._lay_out()
        self.box.clicked.connect(self._on_clicked)
        self.inner.edited.connect(self._on_inner_edited)
        self.inner.reverted.connect(self.reverted)
        self.inner.refused.connect(self.refused)
        self.inner.finished.connect(self.finished)

    def show_value(self, value: Any) -> None:
        self.box.setTristate(False)
        self.box.setChecked(value is not None)
        self._last = self._last if value is None else value
        self.inner.setVisible(bool(self._title) or value is not None)
        self.inner.setEnabled(value is not None)
        self.box.setText(self._title or (_OWN if value is None else ""))
        self.without.setVisible(value is None and not self._title)
        if value is not None or self._title:
            self.inner.show_value(self._last)

    def show_mixed(self, value: Any) -> None:
        self.box.setTristate(True)
        self.box.setCheckState(Qt.CheckState.PartiallyChecked)
        self.box.setText(self._title or (MIXED if value is None else ""))
        self.without.hide()
        self.inner.setVisible(value is not None)
        self.inner.setEnabled(True)
        if value is not None:
            self._last = value
            self.inner.show_mixed(value)

    def set_texts(self, name: str, explanation: str) -> None:
        super().set_texts(name, explanation)
        explain(self.box, f"{name}: set", explanation)
        self.inner.set_texts(name, explanation)

    def begin_with(self, value: Any) -> None:
        """Turn on with this value, until there was another one."""
        self._last = value

    def carry_title(self, title: str) -> None:
        """Say the setting's title in the box, so that it can be clicked."""
        self._title = title
        self.box.setText(title)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP_PX)
        row.addWidget(self.box)
        row.addWidget(self.without, 1)
        row.addWidget(self.inner, 1)
        self.setFocusProxy(self.box)

    @Slot()
    def _on_clicked(self) -> None:
        self.box.setTristate(False)
        value = self._last if self.box.isChecked() else None
        self.show_value(value)
        self.edited.emit(value)
        self.finished.emit()

    @Slot(object)
    def _on_inner_edited(self, value: object) -> None:
        self._last = value
        # From "mixed" there is a value for all.
        self.box.setTristate(False)
        self.box.setChecked(True)
        self.edited.emit(value)
