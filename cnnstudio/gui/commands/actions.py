"""Every command of the window as one row: menus, shortcuts and buttons are made from this table."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from cnnstudio.core.network import edits
from cnnstudio.core.network.edits import Edited, Stack
from cnnstudio.gui.commands.action_spec import ActionSpec, Run
from cnnstudio.gui.pages import TABS, PageSpec

if TYPE_CHECKING:
    from cnnstudio.gui.window.main_window import MainWindow


def _building(window: "MainWindow") -> bool:
    return window.pages.key == "build"


def _layers_selected(window: "MainWindow") -> bool:
    names = window.document.selection
    return _building(window) and bool(names) and names != (window.document.network.input.name,)


def _of_layers(key: str, title: str, run: Run, shortcut: str, icon: str) -> ActionSpec:
    """A command that is there for the selected layers."""
    return ActionSpec(key, title, "Edit", run, shortcut, icon, _layers_selected)


def _edit(key: str, title: str, edit: Callable[[Stack], Edited], shortcut: str, icon: str) -> ActionSpec:
    return _of_layers(key, title, lambda it: it.document.edit(edit), shortcut, icon)


def _of_page(page: PageSpec) -> ActionSpec:
    """The command that shows a page."""
    return ActionSpec(
        f"page_{page.key}",
        page.title,
        "View",
        lambda it: it.pages.show_page(page.key),
        page.shortcut,
        page.icon,
    )


ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("new", "New…", "File", lambda it: it.pages.show_page("start"), "Ctrl+N", "file-plus"),
    ActionSpec("open", "Open…", "File", lambda it: it.files.open(), "Ctrl+O", "folder-open"),
    ActionSpec("save", "Save", "File", lambda it: it.files.save(), "Ctrl+S", "save"),
    ActionSpec("save_as", "Save as…", "File", lambda it: it.files.save_as(), "Ctrl+Shift+S", "save"),
    ActionSpec(
        "open_weights",
        "Open weights…",
        "File",
        lambda it: it.questions.choose_weights(),
        "Ctrl+Shift+O",
        "scan-eye",
        starts_group=True,
    ),
    ActionSpec("import", "Import Keras model…", "File", lambda it: it.files.import_model(), "", "download"),
    ActionSpec("export", "Export…", "File", lambda it: it.exports.show(), "Ctrl+E", "upload"),
    ActionSpec("quit", "Quit", "File", lambda it: it.close(), "Ctrl+Q", "x", starts_group=True),
    ActionSpec(
        "undo",
        "Undo",
        "Edit",
        lambda it: it.document.undo_stack.undo(),
        "Ctrl+Z",
        "undo-2",
        lambda it: it.document.undo_stack.canUndo(),
    ),
    ActionSpec(
        "redo",
        "Redo",
        "Edit",
        lambda it: it.document.undo_stack.redo(),
        "Ctrl+Shift+Z",
        "redo-2",
        lambda it: it.document.undo_stack.canRedo(),
    ),
    ActionSpec(
        "cut",
        "Cut layers",
        "Edit",
        lambda it: it.put_on_clipboard(it.document.edit(edits.cut_selected).clipboard),
        "Ctrl+X",
        "scissors",
        _layers_selected,
        starts_group=True,
    ),
    ActionSpec(
        "copy",
        "Copy layers",
        "Edit",
        lambda it: it.put_on_clipboard(edits.copy_selected(it.document.stack)),
        "Ctrl+C",
        "copy",
        # Where no layer can be copied it says so: the key would go on to the table, which copies a cell.
        _building,
    ),
    ActionSpec(
        "paste",
        "Paste layers",
        "Edit",
        lambda it: it.document.edit(edits.paste, it.clipboard_text()),
        "Ctrl+V",
        "clipboard-paste",
        _building,
    ),
    _edit("duplicate", "Duplicate layers", edits.duplicate_selected, "Ctrl+D", "copy"),
    _of_layers("repeat", "Repeat layers…", lambda it: it.questions.ask_how_often(), "Ctrl+R", "repeat"),
    _edit("delete", "Delete layers", edits.delete_selected, "Del", "trash-2"),
    _edit("move_up", "Move layers up", edits.move_up, "Alt+Up", "arrow-up"),
    _edit("move_down", "Move layers down", edits.move_down, "Alt+Down", "arrow-down"),
    _edit("freeze", "Freeze or unfreeze layers", edits.toggle_frozen, "Ctrl+L", "lock"),
    _edit("disable", "Disable or enable layers", edits.toggle_disabled, "Ctrl+/", "power"),
    _of_layers("group", "Group layers", lambda it: it.pages.build.stack.commands.group(), "Ctrl+G", "folder"),
    _edit("ungroup", "Ungroup layers", edits.ungroup_selected, "Ctrl+Shift+G", "ungroup"),
    _of_layers(
        "fold",
        "Collapse or expand group",
        lambda it: it.pages.build.stack.commands.fold(),
        "Ctrl+.",
        "fold-vertical",
    ),
    _of_layers("rename", "Rename layer", lambda it: it.pages.build.stack.commands.rename(), "F2", "pencil"),
    ActionSpec(
        "add",
        "Add a layer by name…",
        "Edit",
        lambda it: it.pages.build.stack.commands.open_search(),
        "Ctrl+Space",
        "plus",
        _building,
        starts_group=True,
    ),
    ActionSpec(
        "select_all",
        "Select all layers",
        "Edit",
        lambda it: it.document.select_all(),
        "Ctrl+A",
        "",
        _building,
    ),
    *map(_of_page, TABS),
    ActionSpec(
        "code",
        "Keras code",
        "View",
        lambda it: it.pages.build.toggle_code(),
        "Ctrl+K",
        "code",
        _building,
        starts_group=True,
    ),
    ActionSpec(
        "previews",
        "Pictures in the blocks",
        "View",
        lambda it: it.appearance.toggle_previews(),
        "Ctrl+Shift+I",
        "images",
        _building,
    ),
    ActionSpec(
        "find_layer", "Search the palette", "View", lambda it: it.pages.search_palette(), "Ctrl+F", "search"
    ),
    ActionSpec(
        "toggle_theme",
        "Light or dark",
        "View",
        lambda it: it.appearance.toggle_theme(),
        "Ctrl+T",
        "moon",
        starts_group=True,
    ),
    ActionSpec(
        "system_theme",
        "Theme of the system",
        "View",
        lambda it: it.appearance.follow_system_theme(),
        "",
        "monitor",
    ),
    ActionSpec(
        "larger_text",
        "Larger text",
        "View",
        lambda it: it.appearance.scale_text(1),
        "Ctrl++",
        "zoom-in",
        other_shortcut="Ctrl+=",
    ),
    ActionSpec(
        "smaller_text",
        "Smaller text",
        "View",
        lambda it: it.appearance.scale_text(-1),
        "Ctrl+-",
        "zoom-out",
    ),
    ActionSpec(
        "train",
        "Start training",
        "Train",
        lambda it: it.starter.start(),
        "F5",
        "play",
        lambda it: not it.training.is_running,
    ),
    ActionSpec(
        "stop",
        "Stop training",
        "Train",
        lambda it: it.training.stop(),
        "Shift+F5",
        "square",
        lambda it: it.training.is_running,
    ),
    ActionSpec("commands", "All commands…", "Help", lambda it: it.show_commands(), "Ctrl+Shift+P", "command"),
    ActionSpec("shortcuts", "Keyboard shortcuts", "Help", lambda it: it.show_shortcuts(), "F1", "keyboard"),
)
