"""The context menu of the canvas."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from cnnstudio.core.network import edits
from cnnstudio.core.network.arcs import Arc
from cnnstudio.core.network.edits import Edited, Stack
from cnnstudio.core.values.errors import StudioError
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.pages.builder.stack.commands import StackCommands
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.round_menu import RoundMenu

_REPEATS = (2, 3, 4, 6, 8)


class StackMenus(QObject):
    """Makes menus for the selection and for a line.

    Signals: refused(str) with one sentence when an edit cannot be made; edit_requested().
    """

    refused = Signal(str)
    edit_requested = Signal()

    def __init__(self, document: Document, theme: Theme, commands: StackCommands, parent: QWidget) -> None:
        super().__init__(parent)
        self._document, self._theme = document, theme
        self._commands, self._parent = commands, parent

    def for_selection(self) -> QMenu:
        """Everything that can be done with the selected layers."""
        menu = self._menu()
        names = [name for name in self._document.selection if self._document.network.position(name) > 0]
        self._entry(menu, "sliders-horizontal", "Edit settings", "Enter", self.edit_requested.emit)
        if len(self._document.selection) == 1:
            self._entry(menu, "pencil", "Rename", "F2", self._commands.rename)
        if names:
            self._add_edits(menu, names)
        menu.addSeparator()
        self._entry(menu, "clipboard-paste", "Paste below", "Ctrl+V", self._paste)
        self._entry(menu, "list", "Select all", "Ctrl+A", self._document.select_all)
        return menu

    def for_arc(self, arc: Arc) -> QMenu:
        """What can be done with a connection."""
        menu = self._menu()
        self._entry(menu, "unlink", f"Disconnect {arc.source} from {arc.target}", "", self._cut_arc(arc))
        return menu

    def _add_edits(self, menu: QMenu, names: list[str]) -> None:
        layers = [self._document.network.layer(name) for name in names]
        menu.addSeparator()
        self._entry(menu, "copy-plus", "Duplicate", "Ctrl+D", self._do(edits.duplicate_selected))
        repeats = menu.addMenu(self._theme.icon("repeat"), "Repeat")
        for times in _REPEATS:
            self._entry(repeats, "", f"Stand {times} times", "", self._repeat(times))
        self._entry(menu, "scissors", "Cut", "Ctrl+X", self._cut)
        self._entry(menu, "copy", "Copy", "Ctrl+C", self._copy)
        menu.addSeparator()
        self._entry(menu, "arrow-up", "Move up", "Alt+Up", self._do(edits.move_up))
        self._entry(menu, "arrow-down", "Move down", "Alt+Down", self._do(edits.move_down))
        frozen = not any(layer.trainable for layer in layers)
        icon, text = ("lock-open", "Unfreeze") if frozen else ("lock", "Freeze")
        self._entry(menu, icon, text, "Ctrl+L", self._do(edits.toggle_frozen))
        text = "Disable" if any(layer.enabled for layer in layers) else "Enable"
        self._entry(menu, "power", text, "Ctrl+/", self._do(edits.toggle_disabled))
        self._add_grouping(menu, {layer.group for layer in layers})
        menu.addSeparator()
        self._entry(menu, "trash-2", "Delete", "Del", self._do(edits.delete_selected))

    def _add_grouping(self, menu: QMenu, groups: set[str]) -> None:
        menu.addSeparator()
        if len(groups) > 1 or groups == {""}:
            self._entry(menu, "folder", "Group", "Ctrl+G", self._tried(self._commands.group))
        if groups == {""}:
            return
        if len(groups) == 1:
            self._entry(
                menu, "fold-vertical", "Collapse or expand", "Ctrl+.", self._tried(self._commands.fold)
            )
            self._entry(menu, "pencil", "Rename group", "", self._commands.rename_group)
        self._entry(menu, "ungroup", "Ungroup", "Ctrl+Shift+G", self._do(edits.ungroup_selected))

    def _menu(self) -> QMenu:
        menu = RoundMenu(parent=self._parent)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _entry(self, menu: QMenu, icon: str, text: str, keys: str, call: Callable[[], object]) -> None:
        # The keys are bound by the window; here they are only shown.
        action = QAction(f"{text}\t{keys}" if keys else text, menu)
        if icon:
            action.setIcon(self._theme.icon(icon))
        action.triggered.connect(call)
        menu.addAction(action)

    def _do(self, edit: Callable[[Stack], Edited]) -> Callable[[], None]:
        return self._tried(lambda: self._document.edit(edit))

    def _tried(self, edit: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            self._attempt(edit)

        return run

    def _repeat(self, times: int) -> Callable[[], None]:
        return self._do(lambda stack: edits.repeat_selected(stack, times))

    def _cut_arc(self, arc: Arc) -> Callable[[], None]:
        return self._do(lambda stack: edits.disconnect(stack, arc.source, arc.target))

    def _copy(self) -> None:
        self._attempt(lambda: QGuiApplication.clipboard().setText(edits.copy_selected(self._document.stack)))

    def _cut(self) -> None:
        cut = edits.cut_selected
        self._attempt(lambda: QGuiApplication.clipboard().setText(self._document.edit(cut).clipboard))

    def _paste(self) -> None:
        self._attempt(lambda: self._document.edit(edits.paste, QGuiApplication.clipboard().text()))

    def _attempt(self, edit: Callable[[], object]) -> None:
        try:
            edit()
        except StudioError as error:
            self.refused.emit(str(error))
