"""The grid of samples: any number of cells without a layout, pictures of what is seen only."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event as Flag
from threading import get_ident

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cnnstudio.core.project.corrections import left_out, relabelled
from cnnstudio.core.project.data import DataChoice, Preparation
from cnnstudio.core.project.sources import Folder
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine import data as datasets
from cnnstudio.engine.data.budget import PictureBudget
from cnnstudio.engine.data.dataset import Dataset, dataset_of
from cnnstudio.engine.data.decoded import Decoded, DecodedSamples
from cnnstudio.engine.data.images import Listing
from cnnstudio.engine.data.looking import Wanted, rows_of
from cnnstudio.gui.pages.data.grid import SampleGrid
from cnnstudio.gui.pages.data.samples import Shown
from cnnstudio.gui.pages.data.thumbnails import SIDE
from cnnstudio.gui.theme.theme import Theme

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
COUNT = 100_000


def made(decode: Callable[[int], Decoded], count: int = COUNT, shape: tuple[int, int] = (8, 12)) -> Dataset:
    """Samples that are decoded by a function of their row."""
    labels = np.arange(count) % 2
    source = Folder(path="/x", class_names=("a", "b"), train_count=count, test_count=0)
    choice = DataChoice(source=source, preparation=Preparation(size=shape, colors="color"))
    facts = datasets.facts_of(choice)
    assert facts is not None
    listing = Listing(labels, [f"{number}.png" for number in range(count)], 0, 0)
    samples = DecodedSamples(listing, decode, (*shape, 3), "x", budget=PictureBudget(0))
    return dataset_of(samples, facts, ("a", "b"), choice)


def of_level(row: int, shape: tuple[int, int] = (8, 12)) -> Decoded:
    if row == 3:
        raise StudioError("3.png is no picture. Take it out.")
    return np.full((*shape, 3), row % 250, np.uint8), None


TRAINING = Wanted()


def shown(data: Dataset, wanted: Wanted = TRAINING) -> Shown:
    return Shown(data, rows_of(data, wanted))


@pytest.fixture
def grid(theme: Theme, qtbot: QtBot) -> Iterator[SampleGrid]:
    made = SampleGrid(theme)
    qtbot.addWidget(made)
    made.resize(760, 420)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.thumbnails.close_jobs()


def rest(grid: SampleGrid, qtbot: QtBot) -> None:
    """Wait until all that is seen has its picture."""
    grid.grab()
    qtbot.waitUntil(lambda: not grid.thumbnails.is_busy)


def level_at(grid: SampleGrid, place: int) -> int:
    """The color in the middle of a cell's picture."""
    image = grid.viewport().grab().toImage()
    room = grid.visualRect(grid.samples.index(place))
    return image.pixelColor(room.center().x(), room.top() + 36).red()


def test_each_cell_shows_the_picture_of_its_row(grid: SampleGrid, qtbot: QtBot) -> None:
    data = made(of_level)
    grid.show_samples(shown(data))
    rest(grid, qtbot)
    rows = data.catalog.rows("training")
    assert len(rows) == 80_000
    for place in (1, 4, grid.columns, 2 * grid.columns + 1):
        assert level_at(grid, place) == rows[place] % 250


def test_only_what_is_seen_is_decoded_and_never_in_the_threads_of_the_window(
    grid: SampleGrid, qtbot: QtBot
) -> None:
    decoded: set[int] = set()
    threads: set[int] = set()

    def decode(row: int) -> Decoded:
        decoded.add(row)
        threads.add(get_ident())
        return of_level(row)

    data = made(decode)
    grid.show_samples(shown(data))
    rest(grid, qtbot)
    seen = grid.columns * (grid.viewport().height() // grid.visualRect(grid.samples.index(0)).height() + 2)
    assert 0 < len(decoded) <= 2 * seen
    decoded.clear()
    QTest.keyClick(grid, Qt.Key.Key_End)
    rest(grid, qtbot)
    assert int(data.catalog.rows("training")[-1]) in decoded
    assert len(decoded) <= 2 * seen
    assert get_ident() not in threads


def test_what_was_scrolled_away_is_not_decoded_any_more(grid: SampleGrid, qtbot: QtBot) -> None:
    go, decoded = Flag(), list[int]()

    def decode(row: int) -> Decoded:
        decoded.append(row)
        go.wait(10)
        return of_level(row)

    grid.show_samples(shown(made(decode)))
    grid.grab()
    qtbot.waitUntil(lambda: bool(decoded))
    QTest.keyClick(grid, Qt.Key.Key_End)
    grid.grab()
    go.set()
    rest(grid, qtbot)
    # Those that were in work when the person scrolled on, and what is seen now.
    assert sum(row < COUNT // 2 for row in set(decoded)) <= 16


def test_an_unreadable_picture_is_marked_and_says_why(grid: SampleGrid, qtbot: QtBot) -> None:
    data = made(of_level)
    grid.show_samples(Shown(data, np.arange(20)))
    rest(grid, qtbot)
    assert grid.thumbnails.reason(3) == "3.png is no picture. Take it out."
    assert "3.png is no picture. Take it out." in grid.tooltip(3)
    assert grid.thumbnails.picture(3) is None
    broken, sound = (grid._cell(Shown(data, np.arange(20)), place) for place in (3, 4))
    assert (broken.is_unreadable, sound.is_unreadable) == (True, False)


def test_large_pictures_are_kept_small(grid: SampleGrid, qtbot: QtBot) -> None:
    shape = (300, 1000)
    grid.show_samples(Shown(made(lambda row: of_level(row, shape), 40, shape), np.arange(8)))
    rest(grid, qtbot)
    picture = grid.thumbnails.picture(5)
    assert picture is not None
    assert (picture.height(), picture.width()) == (round(SIDE * 0.3), SIDE)


def test_pictures_stay_when_the_same_samples_are_shared_out_anew(grid: SampleGrid, qtbot: QtBot) -> None:
    decoded: list[int] = []

    def decode(row: int) -> Decoded:
        decoded.append(row)
        return of_level(row)

    data = made(decode, 40)
    grid.show_samples(Shown(data, np.arange(40)))
    rest(grid, qtbot)
    count = len(decoded)
    facts, choice = data.facts, left_out(data.choice, ["7.png"])
    grid.show_samples(Shown(dataset_of(data.samples, facts, ("a", "b"), choice), np.arange(40)))
    rest(grid, qtbot)
    assert len(decoded) == count


def test_keys_reach_the_last_of_a_hundred_thousand(grid: SampleGrid) -> None:
    grid.show_samples(shown(made(of_level)))
    last = grid.samples.rowCount() - 1
    QTest.keyClick(grid, Qt.Key.Key_End)
    assert grid.currentIndex().row() == last
    assert grid.viewport().rect().contains(grid.visualRect(grid.currentIndex()))
    QTest.keyClick(grid, Qt.Key.Key_PageUp)
    assert 0 < grid.currentIndex().row() < last
    QTest.keyClick(grid, Qt.Key.Key_Home)
    assert (grid.currentIndex().row(), grid.verticalScrollBar().value()) == (0, 0)


def test_every_cell_is_found_where_it_is_painted(grid: SampleGrid) -> None:
    grid.show_samples(shown(made(of_level)))
    grid.verticalScrollBar().setValue(1234)
    first = grid.indexAt(QPoint(2, 2)).row()
    for place in range(first, first + 4 * grid.columns):
        assert grid.indexAt(grid.visualRect(grid.samples.index(place)).center()).row() == place
    beside = QPoint(grid.columns * grid.visualRect(grid.samples.index(0)).width() + 1, 30)
    assert not grid.indexAt(beside).isValid()


def test_several_are_chosen_in_reading_order_with_shift(grid: SampleGrid) -> None:
    grid.show_samples(shown(made(of_level)))
    ends = grid.columns - 1, 2 * grid.columns + 1
    for place, keys in zip(ends, (NONE, SHIFT), strict=True):
        QTest.mouseClick(grid.viewport(), LEFT, keys, grid.visualRect(grid.samples.index(place)).center())
    assert grid.selected_places().tolist() == list(range(ends[0], ends[1] + 1))
    QTest.keyClick(grid, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(grid.selected_places()) == grid.samples.rowCount()


def test_a_corrected_sample_is_marked_and_says_so(grid: SampleGrid) -> None:
    data = made(of_level, 40)
    choice = left_out(relabelled(data.choice, ["4.png"], "b"), ["5.png"])
    corrected = shown(dataset_of(data.samples, data.facts, ("a", "b"), choice), Wanted("corrected"))
    grid.show_samples(corrected)
    assert [grid._cell(corrected, place).mark for place in (0, 1)] == ["pencil", "x"]
    spoken = [grid.samples.index(place).data(Qt.ItemDataRole.AccessibleTextRole) for place in (0, 1)]
    assert "given another class" in spoken[0]
    assert "left out" in spoken[1]


def test_another_width_keeps_what_is_at_the_top(grid: SampleGrid, qtbot: QtBot) -> None:
    grid.show_samples(shown(made(of_level)))
    grid.verticalScrollBar().setValue(90_000)
    first = grid.indexAt(QPoint(2, 2)).row()
    grid.resize(500, 420)
    qtbot.waitUntil(lambda: grid.columns < 9)
    assert first - grid.columns < grid.indexAt(QPoint(2, 2)).row() <= first


def test_screen_readers_hear_of_each_sample(grid: SampleGrid) -> None:
    grid.show_samples(shown(made(of_level, 40)))
    spoken = QAccessible.queryAccessibleInterface(grid)
    assert spoken.childCount() == grid.samples.rowCount()
    assert spoken.child(2).text(QAccessible.Text.Name).startswith(("a, training", "b, training"))


def test_nothing_to_show_is_told(grid: SampleGrid, tmp_path: Path) -> None:
    told: list[int] = []
    grid.current_changed.connect(told.append)
    data = made(of_level, 40)
    grid.show_samples(Shown(data, np.zeros(0, np.int64)))
    assert told == [-1]
    QTest.keyClick(grid, Qt.Key.Key_Down)
    QTest.mouseClick(grid.viewport(), LEFT, NONE, QPoint(20, 20))
    grid.grab()
    assert grid.selected_places().tolist() == []
