"""The Qt side of the table of commands: actions with their shortcuts, and the menu made of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction, QKeySequence, QUndoStack
from PySide6.QtWidgets import QMenu

from cnnstudio.core.values.errors import StudioError
from cnnstudio.gui.commands.action_spec import ActionSpec
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.widgets.round_menu import RoundMenu

if TYPE_CHECKING:
    from cnnstudio.gui.window.main_window import MainWindow


class StudioAction(QAction):
    """One row of the table; an error meant for a person goes to the message bar."""

    def __init__(self, spec: ActionSpec, window: "MainWindow") -> None:
        super().__init__(spec.title, window)
        self.spec = spec
        self._window = window
        self.setObjectName(spec.id)
        self.setShortcuts([QKeySequence(keys) for keys in spec.shortcuts])
        self.triggered.connect(self._on_triggered)

    def refresh(self) -> None:
        """Ask the table whether the command can be used now."""
        self.setEnabled(self.spec.enabled(self._window))

    @Slot()
    def _on_triggered(self) -> None:
        try:
            self.spec.run(self._window)
        except StudioError as error:
            self._window.show_message("warning", str(error))


def make_actions(specs: Sequence[ActionSpec], window: "MainWindow") -> dict[str, StudioAction]:
    """An action for every row, owned by the window so that its shortcuts work on every page."""
    made = {spec.id: StudioAction(spec, window) for spec in specs}
    for action in made.values():
        window.addAction(action)
    return made


def fill_menu(menu: QMenu, actions: Iterable[StudioAction]) -> None:
    """A submenu for each menu of the table, in the table's order."""
    submenus: dict[str, QMenu] = {}
    for action in actions:
        submenu = submenus.get(action.spec.menu) or _submenu(action.spec.menu, menu)
        submenus[action.spec.menu] = submenu
        if action.spec.starts_group:
            submenu.addSeparator()
        submenu.addAction(action)


def _submenu(title: str, menu: QMenu) -> QMenu:
    made = RoundMenu(title, menu)
    menu.addMenu(made)
    return made


def refresh_actions(actions: Mapping[str, StudioAction], undo_stack: QUndoStack) -> None:
    """Enable what can be used now; Undo and Redo say which step they mean."""
    for action in actions.values():
        action.refresh()
    for key, step in (("undo", undo_stack.undoText()), ("redo", undo_stack.redoText())):
        title = actions[key].spec.title
        actions[key].setText(f"{title}: {step}" if step else title)


def dress_actions(actions: Iterable[StudioAction], theme: Theme) -> None:
    """Give the actions their icons, in the theme's colors; needed only where they are about to be seen."""
    for action in actions:
        if action.spec.icon:
            action.setIcon(theme.icon(action.spec.icon))
