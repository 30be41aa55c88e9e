"""Every command of the window as one row: menus, shortcuts and buttons are made from this table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction, QKeySequence

from cnnstudio.core.errors import StudioError
from cnnstudio.gui.build import edits

if TYPE_CHECKING:
    from cnnstudio.gui.main_window import MainWindow

_Run = Callable[["MainWindow"], None]
_Test = Callable[["MainWindow"], bool]


def _always(_window: "MainWindow") -> bool:
    return True


def _building(window: "MainWindow") -> bool:
    return window.pages.key == "build"


def _layers_selected(window: "MainWindow") -> bool:
    names = window.document.selection
    return _building(window) and bool(names) and names != (window.document.network.input.name,)


@dataclass(frozen=True)
class ActionSpec:
    """A command: what it is called, where it stands, what it does, and when it can be used."""

    id: str
    title: str
    menu: str
    run: _Run
    shortcut: str = ""
    icon: str = ""
    enabled: _Test = _always
    starts_group: bool = False


ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("new", "New…", "File", lambda w: w.pages.show_start(), "Ctrl+N", "file-plus"),
    ActionSpec("open", "Open…", "File", lambda w: w.files.open(), "Ctrl+O", "folder-open"),
    ActionSpec("save", "Save", "File", lambda w: w.files.save(), "Ctrl+S", "save"),
    ActionSpec("save_as", "Save as…", "File", lambda w: w.files.save_as(), "Ctrl+Shift+S", "save"),
    ActionSpec(
        "open_weights",
        "Open weights…",
        "File",
        lambda w: w.choose_weights(),
        "Ctrl+Shift+O",
        "scan-eye",
        starts_group=True,
    ),
    ActionSpec("import", "Import Keras model…", "File", lambda w: w.files.import_model(), "", "download"),
    ActionSpec("export", "Export…", "File", lambda w: w.exports.show(), "Ctrl+E", "upload"),
    ActionSpec("quit", "Quit", "File", lambda w: w.quit(), "Ctrl+Q", "x", starts_group=True),
    ActionSpec(
        "undo",
        "Undo",
        "Edit",
        lambda w: w.document.undo_stack.undo(),
        "Ctrl+Z",
        "undo-2",
        lambda w: w.document.undo_stack.canUndo(),
    ),
    ActionSpec(
        "redo",
        "Redo",
        "Edit",
        lambda w: w.document.undo_stack.redo(),
        "Ctrl+Shift+Z",
        "redo-2",
        lambda w: w.document.undo_stack.canRedo(),
    ),
    ActionSpec(
        "cut",
        "Cut layers",
        "Edit",
        lambda w: w.put_on_clipboard(edits.cut_selected(w.document)),
        "Ctrl+X",
        "scissors",
        _layers_selected,
        starts_group=True,
    ),
    ActionSpec(
        "copy",
        "Copy layers",
        "Edit",
        lambda w: w.put_on_clipboard(edits.copy_selected(w.document)),
        "Ctrl+C",
        "copy",
        _layers_selected,
    ),
    ActionSpec(
        "paste",
        "Paste layers",
        "Edit",
        lambda w: edits.paste(w.document, w.clipboard_text()),
        "Ctrl+V",
        "clipboard-paste",
        _building,
    ),
    ActionSpec(
        "duplicate",
        "Duplicate layers",
        "Edit",
        lambda w: edits.duplicate_selected(w.document),
        "Ctrl+D",
        "copy",
        _layers_selected,
    ),
    ActionSpec(
        "repeat", "Repeat layers…", "Edit", lambda w: w.ask_how_often(), "Ctrl+R", "repeat", _layers_selected
    ),
    ActionSpec(
        "delete",
        "Delete layers",
        "Edit",
        lambda w: edits.delete_selected(w.document),
        "Del",
        "trash-2",
        _layers_selected,
    ),
    ActionSpec(
        "move_up",
        "Move layers up",
        "Edit",
        lambda w: edits.move_up(w.document),
        "Alt+Up",
        "arrow-up",
        _layers_selected,
    ),
    ActionSpec(
        "move_down",
        "Move layers down",
        "Edit",
        lambda w: edits.move_down(w.document),
        "Alt+Down",
        "arrow-down",
        _layers_selected,
    ),
    ActionSpec(
        "freeze",
        "Freeze or unfreeze layers",
        "Edit",
        lambda w: edits.toggle_frozen(w.document),
        "Ctrl+L",
        "lock",
        _layers_selected,
    ),
    ActionSpec(
        "rename",
        "Rename layer",
        "Edit",
        lambda w: w.pages.build.stack.rename_current(),
        "F2",
        "pencil",
        _layers_selected,
    ),
    ActionSpec(
        "add",
        "Add a layer by name…",
        "Edit",
        lambda w: w.pages.build.stack.open_search(),
        "Ctrl+Space",
        "plus",
        _building,
        starts_group=True,
    ),
    ActionSpec(
        "select_all",
        "Select all layers",
        "Edit",
        lambda w: edits.select_all(w.document),
        "Ctrl+A",
        "",
        _building,
    ),
    ActionSpec("page_build", "Build", "View", lambda w: w.show_page("build"), "Ctrl+1", "blocks"),
    ActionSpec("page_data", "Data", "View", lambda w: w.show_page("data"), "Ctrl+2", "database"),
    ActionSpec("page_train", "Train", "View", lambda w: w.show_page("train"), "Ctrl+3", "chart-line"),
    ActionSpec("page_inspect", "Inspect", "View", lambda w: w.show_page("inspect"), "Ctrl+4", "scan-eye"),
    ActionSpec(
        "code",
        "Keras code",
        "View",
        lambda w: w.pages.build.toggle_code(),
        "Ctrl+K",
        "code",
        _building,
        starts_group=True,
    ),
    ActionSpec(
        "previews",
        "Pictures in the blocks",
        "View",
        lambda w: w.toggle_previews(),
        "Ctrl+Shift+I",
        "images",
        _building,
    ),
    ActionSpec("find_layer", "Search the palette", "View", lambda w: w.search_palette(), "Ctrl+F", "search"),
    ActionSpec(
        "toggle_theme",
        "Light or dark",
        "View",
        lambda w: w.toggle_theme(),
        "Ctrl+T",
        "moon",
        starts_group=True,
    ),
    ActionSpec(
        "system_theme", "Theme of the system", "View", lambda w: w.follow_system_theme(), "", "monitor"
    ),
    ActionSpec("larger_text", "Larger text", "View", lambda w: w.scale_text(1.1), "Ctrl++", "zoom-in"),
    ActionSpec("smaller_text", "Smaller text", "View", lambda w: w.scale_text(1 / 1.1), "Ctrl+-", "zoom-out"),
    ActionSpec(
        "train",
        "Start training",
        "Train",
        lambda w: w.start_training(),
        "F5",
        "play",
        lambda w: not w.training.is_running,
    ),
    ActionSpec(
        "stop",
        "Stop training",
        "Train",
        lambda w: w.training.stop(),
        "Shift+F5",
        "square",
        lambda w: w.training.is_running,
    ),
    ActionSpec("commands", "All commands…", "Help", lambda w: w.show_commands(), "Ctrl+Shift+P", "command"),
    ActionSpec("shortcuts", "Keyboard shortcuts", "Help", lambda w: w.show_shortcuts(), "F1", "keyboard"),
)


class StudioAction(QAction):
    """The Qt side of one row of the table."""

    def __init__(self, spec: ActionSpec, window: "MainWindow") -> None:
        super().__init__(spec.title, window)
        self.spec = spec
        self._window = window
        self.setObjectName(spec.id)
        if spec.shortcut:
            self.setShortcut(QKeySequence(spec.shortcut))
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


def make_actions(window: "MainWindow") -> dict[str, StudioAction]:
    """An action for every row, owned by the window so that its shortcuts work on every page."""
    made = {spec.id: StudioAction(spec, window) for spec in ACTIONS}
    for action in made.values():
        window.addAction(action)
    return made
