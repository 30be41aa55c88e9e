"""A person at the keyboard of the Build page's form."""

from msgspec import Struct
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from cnnstudio.core.layers import Normalization, Reshape
from cnnstudio.core.project import Project
from cnnstudio.gui.fields.editor import Editor
from cnnstudio.gui.fields.row import FieldRow
from cnnstudio.gui.pages.builder.form.layer_form import LayerForm
from cnnstudio.gui.window.main_window import MainWindow
from tests.core.pictures import stack

PICTURE = "c1=conv(8,3) c2=conv(8,5) bn=bn r=rescale p=maxpool drop=dropout flat=flatten out=dense(10)"
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key


def line_in(widget: QWidget) -> QLineEdit:
    """The first line of text in it."""
    found = widget.findChild(QLineEdit)
    assert isinstance(found, QLineEdit)
    return found


class Typist(Struct, frozen=True):
    """Presses keys in the window, as the keyboard does, and reads what came of it."""

    window: MainWindow

    @property
    def form(self) -> LayerForm:
        return self.window.pages.build.form

    def editor(self, layer: str, setting: str) -> Editor:
        """The editor of that setting, with the keyboard in it and its text selected."""
        self.window.document.select((layer,))
        return self.focused(self.row(setting).editor)

    def focused(self, editor: Editor) -> Editor:
        editor.setFocus(Qt.FocusReason.TabFocusReason)
        QApplication.processEvents()
        for line in editor.findChildren(QLineEdit)[:1]:
            line.selectAll()
        return editor

    def row(self, setting: str) -> FieldRow:
        assert self.form.body is not None
        if self.form.body.more is not None:
            self.form.body.more.set_folded(False)
        return self.form.body.rows[setting]

    @property
    def taker(self) -> QWidget:
        """What has the keyboard."""
        focused = QApplication.focusWidget()
        assert focused is not None
        return focused

    @property
    def line(self) -> QLineEdit:
        """The line of text that has the keyboard."""
        return self.taker if isinstance(self.taker, QLineEdit) else line_in(self.taker)

    @property
    def text(self) -> str:
        return self.line.text()

    def type(self, text: str) -> None:
        QTest.keyClicks(self.taker, text)

    def press(self, key: Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.window.windowHandle(), key, modifiers)

    def undo(self) -> None:
        self.press(Key.Key_Z, CTRL)

    def redo(self) -> None:
        self.press(Key.Key_Z, CTRL | SHIFT)

    @property
    def steps(self) -> tuple[int, int]:
        """How many undo steps are done, and how many there are."""
        undo_stack = self.window.document.undo_stack
        return undo_stack.index(), undo_stack.count()

    def value(self, layer: str, setting: str) -> object:
        return getattr(self.window.document.network.layer(layer), setting)


def reasons(row: FieldRow) -> list[str]:
    """The reasons that are shown in a row, by whichever part of it."""
    said = [one for one in row.findChildren(QLabel) if one.property("role") == "error"]
    return [one.text() for one in said if one.isVisible()]


def typist_at(window: MainWindow, qtbot: QtBot) -> Typist:
    """A typist at that window, over a short stack."""
    window.theme.animation_ms = 0
    network = stack(PICTURE).inserted(1, Normalization(name="n"))
    network = network.inserted(len(network.layers), Reshape(name="shape"))
    window.document.open(Project(network=network), None)
    window.show_page("build")
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return Typist(window)
