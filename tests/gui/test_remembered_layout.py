"""The layout of the window from one start to the next."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QPoint, QRect, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSplitter, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken

from cnnstudio.gui.pages.builder.arrangement import PARTS
from cnnstudio.gui.pages.builder.columns import PALETTE, PANEL
from cnnstudio.gui.pages.builder.page import BuildPage
from cnnstudio.gui.pages.builder.panel.live_panel import ARITHMETIC, SHAPES
from cnnstudio.gui.widgets.file_dialog import FileDialog, set_folders
from cnnstudio.gui.window.app import create_window
from cnnstudio.gui.window.main_window import MainWindow
from cnnstudio.gui.window.settings import Settings

WIDE, NARROW = (1440, 900), (960, 620)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the settings are."""
    return tmp_path / "settings.ini"


class Starts:
    """The studio, started again and again with the same settings; one window at a time."""

    def __init__(self, qtbot: QtBot, app: QApplication, folder: Path, file: Path) -> None:
        self._qtbot, self._app, self._folder, self._file = qtbot, app, folder, file
        self._window: MainWindow | None = None

    def __call__(self, size: tuple[int, int] | None = WIDE) -> BuildPage:
        """The Build page of the next window, which has this size or the remembered one."""
        self.close()
        folder = self._folder
        self._window = create_window(self._app, Settings(self._file), folder / "runs", folder / "recovery")
        if size is not None:
            self._window.resize(*size)
        self._window.show()
        self._qtbot.waitExposed(self._window)
        QApplication.processEvents()
        return self._window.pages.build

    def close(self) -> None:
        """Close the window that is open, if one is."""
        window, self._window = self._window, None
        if window is not None:
            window.document.undo_stack.setClean()
            window.close()
            self._qtbot.waitUntil(lambda: not window.isVisible())
            self._app.setStyleSheet("")
            Shiboken.delete(window)


@pytest.fixture
def start(qtbot: QtBot, qapp: QApplication, tmp_path: Path, file: Path) -> Iterator[Starts]:
    made = Starts(qtbot, qapp, tmp_path, file)
    yield made
    made.close()


def move_line(splitter: QSplitter, at: int, by: int) -> None:
    """Drag the line above or left of part `at` by so many pixels."""
    handle = splitter.handle(at)
    place = handle.rect().center()
    is_across = splitter.orientation() == Qt.Orientation.Horizontal
    there = place + (QPoint(by, 0) if is_across else QPoint(0, by))
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseMove(handle, there)
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=handle.rect().center())
    QApplication.processEvents()


def assert_usable(build: BuildPage) -> None:
    """Every part that is shown lies whole in the window and has the room it needs."""
    window = build.window()
    parts: list[QWidget] = [build.stack, build.form, build.panel.parts]
    parts += [part for part in (build.palette_panel, build.code) if not part.isHidden()]
    if not build.panel.has_shapes or build.panel.parts.chosen == SHAPES:
        assert build.panel.table.isVisible()
        parts += [build.panel.table, build.panel.shapes.totals]
    for part in parts:
        place = QRect(part.mapTo(window, QPoint(0, 0)), part.size())
        assert window.rect().contains(place), part
        assert part.height() >= part.minimumSizeHint().height(), part


def test_the_first_window_of_all_is_no_larger_than_the_screen(start: Starts) -> None:
    window = start(None).window()
    room = window.screen().availableSize()
    assert window.width() == max(min(1440, room.width()), window.minimumWidth())
    assert window.height() < room.height()


def test_the_widths_of_the_columns_are_remembered(start: Starts) -> None:
    build = start()
    move_line(build.columns, 1, 60)
    move_line(build.columns, 2, -90)
    moved = build.columns.sizes()
    assert moved != [PALETTE, moved[1], PANEL]
    assert start().columns.sizes() == moved


def test_the_columns_follow_the_text_scale_of_the_next_start(start: Starts, file: Path) -> None:
    build = start()
    move_line(build.columns, 1, 60)
    palette = build.columns.sizes()[0]
    Settings(file).text_scale = 1.2
    assert start().columns.sizes()[0] == pytest.approx(palette * 1.2, abs=1)


def test_a_window_that_was_narrow_for_a_while_has_the_widths_a_person_gave(start: Starts) -> None:
    build = start()
    move_line(build.columns, 1, 60)
    moved = build.columns.sizes()
    assert_usable(start(NARROW))
    assert start().columns.sizes() == moved


@pytest.mark.parametrize("opened", [True, False])
def test_whether_the_palette_is_folded_is_remembered(start: Starts, file: Path, opened: bool) -> None:
    Settings(file).text_scale = 1.2
    build = start(NARROW)
    if opened:
        build.columns.rail.button.click()
    build = start(NARROW)
    assert build.columns.rail.isVisible()
    assert build.palette_panel.isVisible() == opened


def test_the_lines_in_the_side_panel_are_remembered(start: Starts) -> None:
    build = start()
    designed = lines(build)
    move_line(build.side, 1, -70)
    move_line(build.panel.parts.splitter, 2, 50)
    move_line(build.upper, 1, -20)
    moved = lines(build)
    assert all(before != after for before, after in zip(designed, moved, strict=True))
    assert lines(start()) == moved


def lines(build: BuildPage) -> list[list[int]]:
    """How the room is shared at each line that follows the text scale."""
    return [one.sizes() for one in (build.side, build.panel.parts.splitter, build.upper)]


def test_a_moved_line_follows_the_text_scale_of_the_next_start(start: Starts, file: Path) -> None:
    build = start((2000, 1200))
    move_line(build.upper, 1, -40)
    width = build.upper.sizes()[1]
    Settings(file).text_scale = 1.2
    assert start((2000, 1200)).upper.sizes()[1] == pytest.approx(1.2 * width, abs=1)


def test_the_arrangement_of_an_earlier_version_is_ignored(start: Starts, file: Path) -> None:
    designed = lines(start())
    start.close()
    settings = Settings(file)
    for key, numbers in (("form", (300, 470)), ("table", (300, 220)), ("tab", (1,))):
        settings.set_arrangement(key, numbers)
    del settings
    build = start()
    assert lines(build) == designed
    assert build.panel.parts.chosen == SHAPES


def test_the_code_pane_and_its_height_are_remembered(start: Starts, qtbot: QtBot) -> None:
    build = start()
    assert build.code.isHidden()
    build.toggle_code()
    QApplication.processEvents()
    move_line(build.middle, 1, -80)
    moved = build.middle.sizes()
    build = start()
    assert build.middle.sizes() == moved
    qtbot.waitUntil(lambda: "keras" in build.code.view.toPlainText())


def test_the_height_of_the_code_pane_is_remembered_while_it_is_hidden(start: Starts) -> None:
    build = start()
    build.toggle_code()
    QApplication.processEvents()
    move_line(build.middle, 1, -80)
    moved = build.middle.sizes()
    build.toggle_code()
    build = start()
    assert build.code.isHidden()
    build.toggle_code()
    QApplication.processEvents()
    assert build.middle.sizes() == moved


def test_the_zoom_and_the_tab_are_remembered(start: Starts) -> None:
    build = start()
    build.stack.zoom.step(-1)
    build.stack.zoom.step(-1)
    build.panel.parts.choose(ARITHMETIC)
    build = start()
    assert build.stack.zoom.scale == pytest.approx(0.8)
    assert build.stack.overlays.pill.percent.text() == "80%"
    assert build.panel.parts.chosen == ARITHMETIC


def test_a_window_closed_on_another_page_keeps_the_layout_of_build(start: Starts) -> None:
    build = start()
    move_line(build.side, 1, -70)
    build.toggle_code()
    QApplication.processEvents()
    moved = build.side.sizes(), build.middle.sizes()
    window = build.window()
    assert isinstance(window, MainWindow)
    window.show_page("data")
    build = start()
    assert (build.side.sizes(), build.middle.sizes()) == moved


def test_what_a_wide_window_remembers_fits_a_narrow_one(start: Starts) -> None:
    build = start()
    build.toggle_code()
    QApplication.processEvents()
    for splitter, at, by in (
        (build.columns, 1, 300),
        (build.columns, 2, -300),
        (build.side, 1, 300),
        (build.panel.parts.splitter, 2, 300),
        (build.upper, 1, -300),
        (build.middle, 1, -500),
    ):
        move_line(splitter, at, by)
    build = start(NARROW)
    assert (build.window().width(), build.window().height()) == NARROW
    assert_usable(build)


def test_on_a_smaller_screen_the_window_is_no_larger_than_that_and_usable(start: Starts) -> None:
    start((1800, 1400))
    window = start(None).window()
    room = window.screen().availableSize().expandedTo(window.minimumSize())
    assert window.width() <= room.width()
    assert window.height() <= room.height()
    assert_usable(start(None))


BROKEN = (
    "",
    "x",
    "-5 -5",
    "0 0",
    "1.5 2",
    "1 2 3 4 5",
    "9" * 5_000,
    f"{10**12} {10**12}",
    "nan",
    ["a", "b"],
    QByteArray(b"\x00\xff\x00\x00garbage"),
)


def arranged(build: BuildPage) -> list[list[int]]:
    return [list(part.numbers(build)) for part in PARTS]


@pytest.mark.parametrize("value", BROKEN, ids=range(len(BROKEN)))
def test_broken_values_are_as_if_nothing_was_saved(start: Starts, file: Path, value: object) -> None:
    designed = arranged(start())
    start.close()
    store = QSettings(str(file), QSettings.Format.IniFormat)
    for part in PARTS:
        store.setValue(f"arrangement/{part.key}", value)
    store.setValue("layout/window", value)
    store.sync()
    build = start()
    assert arranged(build) == designed
    assert_usable(build)


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("numbers", [(1, 1), (19_999, 1), (1, 19_999), (19_999, 19_999)])
def test_sizes_of_no_screen_still_leave_every_part_its_room(
    start: Starts, file: Path, numbers: tuple[int, int], size: tuple[int, int]
) -> None:
    settings = Settings(file)
    for part in PARTS:
        settings.set_arrangement(part.key, numbers[: len(part.limits)])
    del settings
    assert_usable(start(size))


def test_file_dialogs_begin_where_the_last_one_ended_before_a_restart(start: Starts, tmp_path: Path) -> None:
    set_folders(start().window(), {"projects": tmp_path / "mine"})
    (tmp_path / "mine").mkdir()
    dialog = FileDialog(start(), "Open a project", "projects")
    assert Path(dialog.directory().absolutePath()) == tmp_path / "mine"
    dialog.deleteLater()
