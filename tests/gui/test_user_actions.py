"""Whatever a person does in the window and in which order, every view shows the document as it is."""

from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QListWidget,
    QMessageBox,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken

from cnnstudio.core.analysis import analyze
from cnnstudio.core.analysis.columns import COLUMNS, TableContext
from cnnstudio.core.keras_format.code import code_text, keras_code
from cnnstudio.core.network.arcs import arcs_of
from cnnstudio.core.project import Project
from cnnstudio.engine.files.projects import open_project
from cnnstudio.gui.pages import TABS, PageSpec
from cnnstudio.gui.pages.builder.form.layer_form import LayerForm
from cnnstudio.gui.pages.builder.mime import layer_mime
from cnnstudio.gui.pages.builder.stack.content import content_of
from cnnstudio.gui.widgets.icon_button import IconButton
from cnnstudio.gui.window.main_window import MainWindow
from cnnstudio.gui.window.repeat_dialog import RepeatDialog
from tests.core.pictures import stack
from tests.gui.dragging import send_drop
from tests.gui.drive import change, write

Key = Qt.Key
Modifier = Qt.KeyboardModifier
Chord: TypeAlias = tuple[Qt.Key, Qt.KeyboardModifier]
Shown: TypeAlias = dict[str, list[str]]
_Dialog = TypeVar("_Dialog", bound=QWidget)

PICTURE = "a=conv(8,3,same) b=bn c=conv(8,3,same) s=add<-c,a p=maxpool f=flatten d=dense(10,softmax)"
TYPES = ("Conv2D", "Add", "Dropout", "MaxPooling2D", "Concatenate", "BatchNormalization", "Flatten", "Dense")
NONE, CTRL, SHIFT, ALT = (
    Modifier.NoModifier,
    Modifier.ControlModifier,
    Modifier.ShiftModifier,
    Modifier.AltModifier,
)
COMMANDS: dict[str, Chord] = {
    "delete": (Key.Key_Delete, NONE),
    "duplicate": (Key.Key_D, CTRL),
    "move up": (Key.Key_Up, ALT),
    "move down": (Key.Key_Down, ALT),
    "freeze": (Key.Key_L, CTRL),
    "disable": (Key.Key_Slash, CTRL),
    "group": (Key.Key_G, CTRL),
    "ungroup": (Key.Key_G, CTRL | SHIFT),
    "collapse": (Key.Key_Period, CTRL),
    "select all": (Key.Key_A, CTRL),
    "copy": (Key.Key_C, CTRL),
    "cut": (Key.Key_X, CTRL),
    "paste": (Key.Key_V, CTRL),
    "code": (Key.Key_K, CTRL),
}
STEPS: dict[str, Chord] = {
    "up": (Key.Key_Up, NONE),
    "down": (Key.Key_Down, NONE),
    "further up": (Key.Key_Up, SHIFT),
    "further down": (Key.Key_Down, SHIFT),
    "first": (Key.Key_Home, NONE),
    "last": (Key.Key_End, NONE),
    "nothing": (Key.Key_Escape, NONE),
}
ENOUGH_LAYERS = 30
NUMBERS = st.integers(0, 50)


def open_dialog(kind: type[_Dialog]) -> _Dialog:
    """The one dialog of that kind that is open."""
    (found,) = [top for top in QApplication.topLevelWidgets() if isinstance(top, kind) and top.isVisible()]
    return found


def press(box: QMessageBox, button: QMessageBox.StandardButton) -> None:
    QTest.mouseClick(box.button(button), Qt.MouseButton.LeftButton)


def texts_of(row: QWidget) -> list[str]:
    """What can be read and changed in a row of a form, whatever its editors are."""

    def usable(widget: QWidget) -> bool:
        return widget.isVisibleTo(row) and widget.isEnabled() and not isinstance(widget, IconButton)

    found = [edit.text() for edit in row.findChildren(QLineEdit) if usable(edit)]
    found += [combo.currentText() for combo in row.findChildren(QComboBox) if usable(combo)]
    buttons = [button for button in row.findChildren(QAbstractButton) if button.isCheckable()]
    found += [f"{button.text()} {button.isChecked()}" for button in buttons if usable(button)]
    for view in row.findChildren(QListWidget):
        items = [view.item(at) for at in range(view.count())]
        found += [f"{item.text()} {item.checkState().name}" for item in items]
    return sorted(found)


def shown_in(form: LayerForm, leaving_out: set[str]) -> Shown:
    """What each row of a form shows, by setting, and its head."""
    if form.body is None:
        return {"empty": [form.empty.title.text()]}
    found = {name: texts_of(row) for name, row in form.body.rows.items()}
    found["head"] = [form.header.name.text(), form.header.badge.text()]
    return {name: texts for name, texts in found.items() if name not in leaving_out}


class UserActions(RuleBasedStateMachine):
    """A person at the window; after each action all views are compared with the document."""

    def __init__(self, window: MainWindow, qtbot: QtBot, folder: Path, errors: list[Any]) -> None:
        super().__init__()
        self.window, self.qtbot, self.folder, self.errors = window, qtbot, folder, errors
        self.document, self.build = window.document, window.pages.build
        self.numbers = count(1)
        self.theme_is_changed = False
        errors.clear()
        self.begin_anew()
        self.first = self.document.project

    def begin_anew(self) -> None:
        """One window serves all examples: what the one before left behind goes."""
        for left in [top for top in QApplication.topLevelWidgets() if top.isVisible()]:
            if left is not self.window:
                left.close()
        self.window.theme.set_mode("light")
        self.window.theme.animation_ms = 0
        self.window.messages.hide()
        self.window.put_on_clipboard("")
        self.build.code.hide()
        self.build.panel.table.restore_stack_order()
        self.document.open(Project(network=stack(PICTURE)), None)
        self.go_to_stack()

    def go_to_stack(self) -> None:
        self.come_back()
        if self.window.pages.key != "build":
            QTest.keyClick(self.window, Key.Key_1, CTRL)
        self.build.stack.setFocus()

    def come_back(self) -> None:
        """After a dialog, as a window system does; layouts settle too, for a message moves the canvas."""
        self.window.activateWindow()
        self.qtbot.waitUntil(self.window.isActiveWindow)
        QApplication.processEvents()

    def undo(self) -> None:
        QTest.keyClick(self.window, Key.Key_Z, CTRL)

    def redo(self) -> None:
        QTest.keyClick(self.window, Key.Key_Z, CTRL | SHIFT)

    def key(self, chord: Chord) -> None:
        QTest.keyClick(self.build.stack, *chord)

    def name_at(self, number: int) -> str:
        layers = self.document.network.layers
        return layers[number % len(layers)].name

    def place_of(self, name: str) -> QPoint:
        """A point of the canvas on a block, scrolled into sight."""
        view = self.build.stack
        view.reveal(name)
        item = view.stack.shower_of(name)
        return view.mapFromScene(QPointF(-100, item.y() + item.height / 2))

    @rule(kind=st.sampled_from(TYPES), by_search=st.booleans())
    def add_from_the_palette(self, kind: str, by_search: bool) -> None:
        if len(self.document.network.layers) > ENOUGH_LAYERS:
            return
        self.go_to_stack()
        search = self.build.palette_panel.search
        write(search, kind)
        if not by_search:
            QTest.keyClick(search, Key.Key_Down)
        QTest.keyClick(search if by_search else self.build.palette_panel.tree, Key.Key_Return)
        search.clear()

    @rule(kind=st.sampled_from(TYPES))
    def add_by_its_letters(self, kind: str) -> None:
        if len(self.document.network.layers) > ENOUGH_LAYERS:
            return
        self.go_to_stack()
        QTest.keyClicks(self.build.stack, kind[0])
        field = self.build.stack.overlays.search.field
        QTest.keyClicks(field, kind[1:])
        QTest.keyClick(field, Key.Key_Return)

    @rule(kind=st.sampled_from(TYPES), number=NUMBERS)
    def drop(self, kind: str, number: int) -> None:
        if len(self.document.network.layers) > ENOUGH_LAYERS:
            return
        self.go_to_stack()
        place = self.place_of(self.name_at(number))
        assert send_drop(self.build.stack.viewport(), layer_mime(kind), place + QPoint(0, 20))

    @rule(number=NUMBERS, modifier=st.sampled_from((NONE, CTRL, SHIFT)))
    def click(self, number: int, modifier: Qt.KeyboardModifier) -> None:
        self.go_to_stack()
        place = self.place_of(self.name_at(number))
        QTest.mouseClick(self.build.stack.viewport(), Qt.MouseButton.LeftButton, modifier, place)

    @rule(step=st.sampled_from(sorted(STEPS)))
    def walk(self, step: str) -> None:
        self.go_to_stack()
        self.key(STEPS[step])

    @rule(command=st.sampled_from(sorted(COMMANDS)))
    def command(self, command: str) -> None:
        grows = command in ("duplicate", "paste")
        if grows and len(self.document.network.layers) > ENOUGH_LAYERS:
            return
        self.go_to_stack()
        self.key(COMMANDS[command])

    @rule(again=st.booleans())
    def undo_or_redo(self, again: bool) -> None:
        self.come_back()
        self.redo() if again else self.undo()

    @rule(number=NUMBERS, times=st.integers(2, 3))
    def repeat(self, number: int, times: int) -> None:
        if len(self.document.network.layers) > ENOUGH_LAYERS or not number % len(
            self.document.network.layers
        ):
            return
        self.click(number, NONE)
        self.key((Key.Key_R, CTRL))
        asked = open_dialog(RepeatDialog)
        write(asked.times.lineEdit(), str(times))
        QTest.keyClick(asked, Key.Key_Return)
        assert not asked.isVisible()

    @rule(number=NUMBERS, name=st.sampled_from(("a", "conv2d_1", "x y", "")), in_form=st.booleans())
    def rename(self, number: int, name: str, in_form: bool) -> None:
        self.click(number, NONE)
        if not in_form:
            self.key((Key.Key_F2, NONE))
        field = self.build.form.header.name if in_form else self.build.stack.overlays.name_editor
        write(field, name)
        QTest.keyClick(field, Key.Key_Return)
        QTest.keyClick(field, Key.Key_Escape)

    @rule(number=NUMBERS)
    def edit_a_setting(self, number: int) -> None:
        self.go_to_stack()
        body = self.build.form.body
        rows = [row for row in body.rows.values() if row.isVisible()] if body else []
        if rows:
            change(rows[number % len(rows)].editor)

    @rule(source=NUMBERS, taker=NUMBERS)
    def connect(self, source: int, taker: int) -> None:
        self.go_to_stack()
        view, last = self.build.stack, len(self.document.network.layers) - 1
        start = self.name_at(source % last if last else 0)
        self.place_of(start)
        port = view.mapFromScene(view.stack.blocks[start].port)
        end = view.mapFromScene(QPointF(-100, view.stack.blocks[self.name_at(taker)].y() + 20))
        self.drag(port, end)

    @rule(number=NUMBERS, distance=st.integers(-250, 250))
    def drag_a_block(self, number: int, distance: int) -> None:
        self.go_to_stack()
        start = self.place_of(self.name_at(number))
        self.drag(start, start + QPoint(0, distance))

    def drag(self, start: QPoint, end: QPoint) -> None:
        port, left = self.build.stack.viewport(), Qt.MouseButton.LeftButton
        QTest.mousePress(port, left, NONE, start)
        QTest.mouseMove(port, start + (end - start) / 2)
        QTest.mouseMove(port, end)
        QTest.mouseRelease(port, left, NONE, end)

    # A quarter of a second; without arguments it would be drawn for every fifth action.
    @precondition(lambda self: not self.theme_is_changed)
    @rule()
    def change_the_theme(self) -> None:
        self.theme_is_changed = True
        self.come_back()
        QTest.keyClick(self.window, Key.Key_T, CTRL)

    @rule(page=st.sampled_from(TABS))
    def switch_the_page(self, page: PageSpec) -> None:
        self.come_back()
        QTest.keySequence(self.window, QKeySequence(page.shortcut))

    @rule(column=st.integers(0, 2))
    def sort_the_table(self, column: int) -> None:
        self.go_to_stack()
        header = self.build.panel.table.horizontalHeader()
        place = QPoint(header.sectionViewportPosition(column) + 10, header.height() // 2)
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)

    @rule(again=st.booleans())
    def save_and_open(self, again: bool) -> None:
        path = self.folder / f"{next(self.numbers)}.cnnstudio"
        self.come_back()
        QTest.keyClick(self.window, Key.Key_S, CTRL | SHIFT)
        asked = open_dialog(QFileDialog)
        asked.fileSelected.emit(str(path))
        asked.close()
        assert not self.document.is_modified
        assert open_project(path) == self.document.project
        if again:
            self.window.open_path(path)
            self.first = self.document.project
            assert not self.document.undo_stack.count()

    @rule()
    def open_the_saved_file_and_discard_the_changes(self) -> None:
        path, changed = self.document.path, self.document.is_modified
        if path is None:
            return
        self.window.open_path(path)
        if changed:
            press(open_dialog(QMessageBox), QMessageBox.StandardButton.Discard)
        self.first = open_project(path)
        assert self.document.project == self.first

    @rule()
    def undo_all_then_redo_all(self) -> None:
        steps = self.document.undo_stack
        self.come_back()
        steps.setIndex(steps.count())
        last = self.document.project
        for _ in range(steps.count()):
            self.undo()
        assert self.document.project == self.first
        self.everything_agrees()
        for _ in range(steps.count()):
            self.redo()
        assert self.document.project == last

    @invariant()
    def everything_agrees(self) -> None:
        assert not self.errors
        self.stack_agrees()
        self.table_agrees()
        self.form_agrees()
        self.code_agrees()

    def stack_agrees(self) -> None:
        rows, scene = self.document.analysis.rows, self.build.stack.stack
        blocks = self.build.stack.stack.order
        assert [block.name for block in blocks] == [layer.name for layer in self.document.network.layers]
        shown = {row.name: scene.shower_of(row.name) for row in rows}
        arcs = [arc for arc in arcs_of(self.document.network) if shown[arc.source] is not shown[arc.target]]
        assert set(scene.arcs.items) == set(arcs)
        for block, row in zip(blocks, rows, strict=True):
            about = [finding for finding in self.document.findings if finding.layer == row.name]
            assert block.content == content_of(row, about)
            assert block.highlight.selected == (row.name in self.document.selection)

    def table_agrees(self) -> None:
        table = self.build.panel.table
        model, fresh = table.table_model, analyze(self.document.network)
        frame = TableContext(fresh.totals, self.document.project.training.batch_size)
        shown = [[model.index(at, to).data() for to in range(len(COLUMNS))] for at in range(model.rowCount())]
        expected = [[column.text(row, frame) for column in COLUMNS] for row in fresh.rows]
        assert sorted(shown) == sorted(expected)
        picked = {model.rows[at.row()].name for at in table.selectionModel().selectedRows()}
        assert picked == set(self.document.selection)

    def form_agrees(self) -> None:
        """A form made anew for the same selection is the oracle; texts that are refused stay as typed."""
        shown, fresh = self.build.form, LayerForm(self.document, self.window.theme)
        for form in (shown, fresh):
            # What is seldom set is made when it is first unfolded.
            if form.body is not None and form.body.more is not None:
                form.body.more.set_folded(False)
        rows = shown.body.rows if shown.body else {}
        refused = {name for name, row in rows.items() if row.reason.text()}
        if shown.header.reason.text():
            refused.add("head")
        try:
            assert shown_in(shown, refused) == shown_in(fresh, refused)
        finally:
            Shiboken.delete(fresh)

    def code_agrees(self) -> None:
        if self.build.code.isVisible():
            text = code_text(keras_code(self.document.network)).rstrip("\n")
            self.qtbot.waitUntil(lambda: self.build.code.view.toPlainText() == text)

    def teardown(self) -> None:
        self.undo_all_then_redo_all()


def drive(window: MainWindow, qtbot: QtBot, folder: Path, examples: int, steps: int) -> None:
    """Let that many people do that many things each."""
    with qtbot.captureExceptions() as errors:
        # Hypothesis calls it as it would a class.
        make: Any = partial(UserActions, window, qtbot, folder, errors)
        chosen = settings(
            max_examples=examples,
            stateful_step_count=steps,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        run_state_machine_as_test(make, settings=chosen)


def test_all_views_follow_whatever_is_done(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    drive(window, qtbot, tmp_path, examples=12, steps=25)


@pytest.mark.long
@pytest.mark.timeout(1_800)
def test_all_views_follow_whatever_is_done_for_long(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    drive(window, qtbot, tmp_path, examples=40, steps=40)
