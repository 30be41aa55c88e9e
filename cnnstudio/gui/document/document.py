"""The open project: one value, one undo stack, one signal."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Concatenate, ParamSpec
from weakref import ref

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoCommand, QUndoStack

from cnnstudio.core.analysis import Analysis, analyze
from cnnstudio.core.analysis.findings import Finding
from cnnstudio.core.checks import Checked
from cnnstudio.core.network import Network, name_after
from cnnstudio.core.network.edits import Edited, Stack, add_layer
from cnnstudio.core.network.groups import renamed_groups, split_groups, with_whole_groups
from cnnstudio.core.network.repeats import collapsed_at_first
from cnnstudio.core.project import Project
from cnnstudio.core.project.data import DataChoice
from cnnstudio.engine.data import facts_of
from cnnstudio.engine.files.system import free_memory_lately

_P = ParamSpec("_P")


UNTITLED = "Untitled"
"""What a project is called that has no file and no other name yet."""
_USUAL_CLASSES = 10
"""What a last layer is given where no data say how many classes there are."""


class Document(QObject):
    """Holds the project every view shows; lives on the GUI thread.

    Signals:
        changed(Project): after every edit, undo, redo and opening; analysis, findings and selection are
            up to date.
        selection_changed(tuple[str, ...]): the names of the selected layers, in stack order. Where an edit
            has changed them it comes after `changed`: whoever hears of a layer knows the network it is in.
        collapsed_changed(frozenset[str]): other groups of the same network are collapsed.
        file_changed(): the path or the "modified" state is another one.
        opened(): another project is shown, with no undo steps.
    """

    changed = Signal(object)
    selection_changed = Signal(object)
    collapsed_changed = Signal(object)
    file_changed = Signal()
    opened = Signal()

    def __init__(self, project: Project, parent: QObject | None = None, title: str = UNTITLED) -> None:
        super().__init__(parent)
        self._project = project
        self._path: Path | None = None
        self._title = title
        self._selection: tuple[str, ...] = ()
        self._collapsed: frozenset[str] = frozenset()
        self._data_findings: tuple[DataChoice, tuple[Finding, ...]] = (project.data, ())
        self.undo_stack = QUndoStack(self)
        self.undo_stack.cleanChanged.connect(self._on_clean_changed)
        # To ask for the free memory imports psutil, 25 ms of the time to the window's first paint.
        self._take(project, None, free_memory=None)

    @property
    def project(self) -> Project:
        """The project as it stands."""
        return self._project

    @property
    def network(self) -> Network:
        """The project's network."""
        return self._project.network

    @property
    def analysis(self) -> Analysis:
        """Shapes and counts of the network as it stands."""
        return self._analysis

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong or unwise in the project as it stands and, once checked, its data; without fixes."""
        return (*self._checked.findings, *(replace(one, fixes=()) for one in self._in_data()))

    @property
    def findings_with_fixes(self) -> tuple[Finding, ...]:
        """The same with what would mend it, which is tried when first asked for: 20 ms for 1,000 layers."""
        return (*self._checked.findings_with_fixes, *self._in_data())

    def tell_of_data(self, data: DataChoice, findings: tuple[Finding, ...]) -> None:
        """Count what was found in the pictures among the findings, as long as the data are these."""
        self._data_findings = data, findings
        self.changed.emit(self._project)

    @property
    def free_memory(self) -> int | None:
        """Bytes that training may take, as the findings know it; `None` before `look_at_memory` and the
        first edit, and where the system does not tell."""
        return self._free_memory

    @property
    def path(self) -> Path | None:
        """The file the project was opened from or saved to."""
        return self._path

    @property
    def title(self) -> str:
        """The name of the project's file, or what the project is called until it has one."""
        return self._title if self._path is None else self._path.name

    @property
    def is_modified(self) -> bool:
        """Whether there is something to lose."""
        return not self.undo_stack.isClean()

    @property
    def selection(self) -> tuple[str, ...]:
        """The names of the selected layers, in stack order."""
        return self._selection

    @property
    def current(self) -> str | None:
        """The last selected layer: the one the form shows."""
        return self._selection[-1] if self._selection else None

    @property
    def collapsed(self) -> frozenset[str]:
        """The names of the groups that stand as one card: like the selection no undo step, and not saved.

        Names of groups that are gone are kept: undo brings these back as they were.
        """
        return self._collapsed

    @property
    def stack(self) -> Stack:
        """The network with its selection and its collapsed groups: what edits of it begin with."""
        return Stack(self.network, self._selection, self._collapsed)

    def apply(self, text: str, project: Project, merge_key: str = "") -> None:
        """Make the project the new one, as one undo step named `text`.

        Steps that follow each other with the same non-empty `merge_key` become one. A project equal to
        the present one is no step.
        """
        if project != self._project:
            self.undo_stack.push(_Edit(self, text, self._project, project, merge_key))

    def apply_network(self, text: str, network: Network, merge_key: str = "") -> None:
        """Like `apply`, with another network in the present project."""
        self.apply(text, self._project.with_network(network), merge_key)

    def edit(
        self, make: Callable[Concatenate[Stack, _P], Edited], *args: _P.args, **kwargs: _P.kwargs
    ) -> Edited:
        """Make an edit of the stack, one of `core.network.edits`, with what it takes besides the stack.

        It is one undo step, and leaves selected what it says. StudioError when it is refused; then nothing
        has changed.
        """
        edited = make(self.stack, *args, **kwargs)
        if edited.collapsed != self._collapsed:
            self._set_collapsed(edited.collapsed)
            self.select_whole(self._selection)
        self.apply_network(edited.title, edited.network)
        if edited.selection is not None:
            self.select(edited.selection)
        return edited

    def add_layer(self, type_name: str, index: int | None = None) -> None:
        """Put in a new layer with settings that suit its place and the data, else below the selection."""
        facts = facts_of(self._project.data)
        # None are known without data, nor where the task needs masks that the data do not have.
        classes = facts and self._project.task.outputs(facts)
        self.edit(add_layer, type_name, index, self._analysis, classes or _USUAL_CLASSES)

    def end_gesture(self) -> None:
        """The next edit starts an undo step of its own, whatever its merge key."""
        index = self.undo_stack.index()
        command = self.undo_stack.command(index - 1) if index else None
        if isinstance(command, _Edit):
            command.close()

    def open(self, project: Project, path: Path | None, title: str = UNTITLED) -> None:
        """Show another project, called `title` while it has no file.

        The undo stack starts anew, and groups of a long network begin collapsed.
        """
        self.undo_stack.clear()
        self._path, self._title = path, title
        self.select(())
        self._take(project, None, free_memory_lately())
        before, self._collapsed = self._collapsed, collapsed_at_first(project.network.layers)
        self.changed.emit(project)
        if self._collapsed != before:
            self.collapsed_changed.emit(self._collapsed)
        self.file_changed.emit()
        self.opened.emit()

    def saved_as(self, path: Path) -> None:
        """Remember that the project as it stands is on disk at `path`."""
        self._path = path
        self.end_gesture()
        self.undo_stack.setClean()
        self.file_changed.emit()

    def select(self, names: tuple[str, ...]) -> None:
        """Select the layers that a person asks for; names that are not in the network are left out.

        A collapsed group of which only a part is selected is expanded: what is selected can be seen.
        """
        kept = self._present(names)
        if self._collapsed:
            self._set_collapsed(self._collapsed - split_groups(self.network.layers, kept))
        self._set_selection(kept)

    def select_whole(self, names: tuple[str, ...]) -> None:
        """Like `select`, but a collapsed group stays so, and all of its layers are selected."""
        self._set_selection(self._whole(self._present(names)))

    def select_all(self) -> None:
        """Select everything that can be edited: all but the Input."""
        self.select(tuple(layer.name for layer in self.network.layers[1:]))

    def fold(self, group: str, collapsed: bool) -> None:
        """Collapse a group to one card, or expand it; where a part of a card is selected, all of it is."""
        others = self._collapsed - {group}
        self._set_collapsed(others | {group} if collapsed else others)
        self.select_whole(self._selection)

    def collapse_all(self) -> None:
        """Collapse every group to one card."""
        self._set_collapsed(frozenset(group.name for group in self.network.groups))
        self.select_whole(self._selection)

    def show(self, project: Project) -> None:
        """Make the project the present one; only the undo stack calls this."""
        before, selection = self._project, self._selection
        self._take(project, self._analysis, free_memory_lately())
        self._collapsed = _still_collapsed(self._collapsed, before.network, project.network)
        self._selection = self._whole(_followed(selection, before.network, project.network))
        self.changed.emit(project)
        if self._selection != selection:
            self.selection_changed.emit(self._selection)

    @Slot()
    def look_at_memory(self) -> None:
        """Judge the project by the memory that is free now: the one it was made with was judged without."""
        self._take(self._project, self._analysis, free_memory_lately())
        self.changed.emit(self._project)

    def _take(self, project: Project, previous: Analysis | None, free_memory: int | None) -> None:
        self._project = project
        self._analysis = analyze(project.network, previous)
        self._free_memory = free_memory
        self._checked = Checked(project, self._analysis, facts_of(project.data), free_memory)

    def _in_data(self) -> tuple[Finding, ...]:
        data, findings = self._data_findings
        return findings if data == self._project.data else ()

    def _present(self, names: Iterable[str]) -> tuple[str, ...]:
        positions = self.network.positions
        return tuple(dict.fromkeys(name for name in names if name in positions))

    def _whole(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return with_whole_groups(self.network.layers, names, self._collapsed)

    def _set_selection(self, names: tuple[str, ...]) -> None:
        if names != self._selection:
            self._selection = names
            self.selection_changed.emit(names)

    def _set_collapsed(self, groups: frozenset[str]) -> None:
        if groups != self._collapsed:
            self._collapsed = groups
            self.collapsed_changed.emit(groups)

    def _on_clean_changed(self, _clean: bool) -> None:
        self.file_changed.emit()


def _followed(selection: tuple[str, ...], before: Network, after: Network) -> tuple[str, ...]:
    """A renamed layer stays selected; where all are gone, the layer above the first of them is."""
    names = [name_after(name, before, after) for name in selection]
    kept = tuple(name for name in names if name is not None)
    return kept or _above(selection, before, after)


def _above(names: tuple[str, ...], before: Network, after: Network) -> tuple[str, ...]:
    """The nearest layer above the first of them that is still there."""
    if not names:
        return ()
    above = before.layers[: before.position(names[0])]
    return next(((layer.name,) for layer in reversed(above) if layer.name in after.positions), ())


def _still_collapsed(collapsed: frozenset[str], before: Network, after: Network) -> frozenset[str]:
    """A renamed group is what it was before."""
    if not collapsed:
        return collapsed
    for old, new in renamed_groups(before.groups, after.groups).items():
        others = collapsed - {old, new}
        collapsed = others | {new} if old in collapsed else others
    return collapsed


class _Edit(QUndoCommand):
    """One step from a project to another; the only kind of command there is."""

    def __init__(
        self, document: Document, text: str, before: Project, after: Project, merge_key: str
    ) -> None:
        super().__init__(text)
        # Weak: the document owns the stack that owns this step, and Qt's objects must not be left to
        # Python's collector in a cycle.
        self._document = ref(document)
        self._before = before
        self._after = after
        self._merge_key = merge_key

    def redo(self) -> None:
        self._show(self._after)

    def undo(self) -> None:
        self._show(self._before)

    def _show(self, project: Project) -> None:
        document = self._document()
        if document is not None:
            document.show(project)

    def id(self) -> int:
        return 1 if self._merge_key else -1

    def close(self) -> None:
        """Let no further step merge into this one."""
        self._merge_key = ""

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Edit) or other._merge_key != self._merge_key or not self._merge_key:
            return False
        self._after = other._after
        self.setObsolete(self._after == self._before)
        return True
