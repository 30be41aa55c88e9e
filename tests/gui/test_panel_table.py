"""The shape table: rows, selection both ways, sorting, columns, copying, small updates."""

from collections.abc import Callable
from typing import TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from cnnstudio.core.analysis import Analysis, analyze
from cnnstudio.core.analysis.columns import COLUMN_BY_KEY, COLUMNS, TableContext
from cnnstudio.core.layers import Conv2D, Dropout
from cnnstudio.core.network import Network
from cnnstudio.core.project import Project
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.pages.builder.panel.shape_table import ShapeTable
from cnnstudio.gui.pages.builder.panel.table_delegates import CellDelegate
from cnnstudio.gui.pages.builder.panel.table_model import TableModel
from cnnstudio.gui.theme.theme import Theme
from tests.core.pictures import stack

Open: TypeAlias = Callable[..., tuple[Document, ShapeTable]]
PICTURE = "c1=conv(8,3) p=maxpool c2=conv(16,3) flat=flatten out=dense(10)"
KEYS = [column.key for column in COLUMNS]
PLAIN = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def opened(qtbot: QtBot, theme: Theme) -> Open:
    def make(picture: str = PICTURE) -> tuple[Document, ShapeTable]:
        document = Document(Project(network=stack(picture)))
        table = ShapeTable(document, theme)
        qtbot.addWidget(table)
        document.setParent(table)
        table.resize(320, 400)
        table.show()
        QApplication.processEvents()
        return document, table

    return make


def texts(table: ShapeTable, key: str) -> list[str]:
    model, at = table.table_model, KEYS.index(key)
    return [model.index(row, at).data() for row in range(model.rowCount())]


def selected_rows(table: ShapeTable) -> list[int]:
    return sorted(index.row() for index in table.selectionModel().selectedRows())


def click_row(table: ShapeTable, row: int, modifier: Qt.KeyboardModifier = PLAIN) -> None:
    place = table.visualRect(table.table_model.index(row, 1)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, modifier, place)


def click_heading(table: ShapeTable, key: str) -> None:
    header = table.horizontalHeader()
    at = KEYS.index(key)
    place = QPoint(header.sectionViewportPosition(at) + header.sectionSize(at) // 2, header.height() // 2)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_each_layer_has_a_row_with_shape_and_parameters(opened: Open) -> None:
    _, table = opened()
    assert texts(table, "name") == ["input", "c1", "p", "c2", "flat", "out"]
    assert texts(table, "output") == ["28×28×1", "28×28×8", "14×14×8", "14×14×16", "3136", "10"]
    assert texts(table, "parameters") == ["0", "80", "0", "1,168", "0", "31,370"]
    assert [column.key for column in table.shown_columns()] == ["name", "output", "parameters"]
    share = table.table_model.frame.share(table.table_model.rows[5])
    assert share == pytest.approx(31_370 / 32_618)


def test_a_click_selects_the_layer_and_control_adds_another_in_stack_order(opened: Open) -> None:
    document, table = opened()
    click_row(table, 3)
    assert list(document.selection) == ["c2"]
    click_row(table, 1, CONTROL)
    assert list(document.selection) == ["c1", "c2"]


def test_the_arrow_keys_go_through_the_network(opened: Open) -> None:
    document, table = opened()
    document.select(("c1",))
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert list(document.selection) == ["p"]
    QTest.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert list(document.selection) == ["p", "c2"]


def test_the_table_follows_the_selection_of_the_document(opened: Open) -> None:
    document, table = opened()
    document.select(("c1", "flat"))
    assert selected_rows(table) == [1, 4]
    document.select(())
    assert selected_rows(table) == []
    assert document.selection == ()


def test_the_selection_survives_a_rename_a_move_and_a_removal(opened: Open) -> None:
    document, table = opened()
    document.select(("c2",))
    document.apply_network("Rename", document.network.renamed("c2", "second"))
    assert document.selection == ("second",)
    assert selected_rows(table) == [3]
    document.apply_network("Move", document.network.moved("second", 1))
    assert selected_rows(table) == [1]
    document.apply_network("Remove", document.network.removed("p"))
    assert (document.selection, selected_rows(table)) == (("second",), [1])
    document.undo_stack.undo()
    assert texts(table, "name") == ["input", "second", "c1", "p", "flat", "out"]


def test_a_broken_layer_keeps_the_rows_above_and_badges_itself(opened: Open) -> None:
    document, table = opened()
    conv = document.network.layer("c2").updated(kernel_size=(99, 99), padding="valid")
    document.apply_network("Set", document.network.replaced("c2", conv))
    assert texts(table, "output")[2:] == ["14×14×8", "does not fit", "waits for c2", "waits for c2"]
    model = table.table_model
    assert (model.badge("c2"), model.badge("flat")) == ("error", None)
    assert "99 x 99 kernel" in model.index(3, 1).data(Qt.ItemDataRole.ToolTipRole)


def test_a_heading_sorts_downwards_upwards_and_gives_the_stack_back(opened: Open) -> None:
    document, table = opened()
    document.select(("c2",))
    for expected in (
        ["input", "p", "flat", "c1", "c2", "out"],
        ["out", "c2", "c1", "input", "p", "flat"],
        ["input", "c1", "p", "c2", "flat", "out"],
    ):
        click_heading(table, "parameters")
        assert texts(table, "name") == expected
        assert [expected[row] for row in selected_rows(table)] == ["c2"]
    assert document.selection == ("c2",)


def test_a_sorted_table_stays_sorted_through_edits(opened: Open) -> None:
    document, table = opened()
    click_heading(table, "parameters")
    conv = document.network.layer("c1").updated(filters=4096)
    document.apply_network("Set", document.network.replaced("c1", conv))
    assert texts(table, "name")[-1] == "c2"
    document.apply_network("Insert", document.network.inserted(1, Conv2D(name="new", filters=1)))
    assert texts(table, "name")[:4] == ["input", "p", "flat", "new"]
    table.restore_stack_order()
    assert texts(table, "name") == ["input", "new", "c1", "p", "c2", "flat", "out"]


def test_columns_are_shown_and_hidden_by_the_menu_of_the_headings(opened: Open) -> None:
    _, table = opened()
    menu = table.menus.for_columns()
    action = next(one for one in menu.actions() if one.data() == "macs")
    action.trigger()
    assert "macs" in [column.key for column in table.shown_columns()]
    again = next(one for one in table.menus.for_columns().actions() if one.data() == "macs")
    assert again.isChecked()
    again.trigger()
    assert "macs" not in [column.key for column in table.shown_columns()]


def test_the_columns_that_are_shown_can_be_kept_and_shown_again(opened: Open) -> None:
    _, table = opened()
    told: list[list[str]] = []
    table.columns_changed.connect(told.append)
    next(one for one in table.menus.for_columns().actions() if one.data() == "type").trigger()
    next(one for one in table.menus.for_columns().actions() if one.data() == "memory").trigger()
    assert told[-1] == ["name", "output", "parameters", "type", "memory"]
    _, other = opened()
    other.show_columns([*told[-1], "no such column"])
    assert [column.key for column in other.shown_columns()] == told[-1]


def long_table(opened: Open) -> tuple[Document, ShapeTable]:
    return opened(" ".join(f"c{at}=conv({at},1)" for at in range(1, 61)))


def is_in_sight(table: ShapeTable, name: str) -> bool:
    row = texts(table, "name").index(name)
    area = table.visualRect(table.table_model.index(row, 0))
    return table.viewport().rect().contains(area)


def test_the_selected_row_comes_into_sight_when_the_rows_are_sorted(opened: Open) -> None:
    document, table = long_table(opened)
    document.select(("c58",))
    table.sort_by("parameters")
    assert is_in_sight(table, "c58")
    table.sort_by("name")
    assert is_in_sight(table, "c58")
    table.restore_stack_order()
    assert is_in_sight(table, "c58")
    assert not is_in_sight(table, "c1")


def test_the_selected_row_stays_in_sight_when_rows_come_in_above_it(opened: Open) -> None:
    document, table = long_table(opened)
    document.select(("c9",))
    copies = [Conv2D(name=f"new{at}", filters=1, kernel_size=(1, 1)) for at in range(20)]
    document.apply_network("Insert", document.network.inserted(1, *copies))
    assert is_in_sight(table, "c9")


def test_an_edit_leaves_a_table_alone_that_was_scrolled_away_from_the_selected_row(opened: Open) -> None:
    document, table = long_table(opened)
    document.select(("c2",))
    table.scrollToBottom()
    place = table.verticalScrollBar().value()
    layer = document.network.layer("c2").updated(filters=99)
    document.apply_network("Set", document.network.replaced("c2", layer))
    assert table.verticalScrollBar().value() == place


def test_what_a_layer_waits_for_can_be_read_across_the_cells_of_shape_and_count(
    opened: Open, theme: Theme
) -> None:
    _, table = opened("block3_conv2=conv(8,99,valid) flatten")
    delegate = table.itemDelegate()
    assert isinstance(delegate, CellDelegate)
    room = delegate.room_for_words(table.visualRect(table.table_model.index(2, 0)))
    words = QFontMetrics(theme.font(12, tabular=True)).horizontalAdvance("waits for block3_conv2")
    assert words <= room.width()
    picture = table.grab(room.translated(table.viewport().pos())).toImage()
    inked = [x for x in range(picture.width()) if len({picture.pixel(x, y) for y in range(5, 25)}) > 1]
    assert inked[-1] - inked[0] > 0.9 * words
    assert texts(table, "parameters")[2] == "–"


def test_the_row_under_the_mouse_alone_is_lit(opened: Open, theme: Theme, qtbot: QtBot) -> None:
    document, table = opened(" ".join(f"c{at}=conv(8,3)" for at in range(40)))
    document.select(("c39",))
    QApplication.processEvents()
    assert table.verticalScrollBar().value() % table.rowHeight(0)

    def lit() -> list[int]:
        picture, x = table.viewport().grab().toImage(), table.columnWidth(0) - 1
        middles = range(3, table.viewport().height() - 3)
        hovered = [y for y in middles if picture.pixelColor(x, y) == theme.color("hover")]
        return sorted({table.rowAt(y) for y in hovered})

    assert lit() == []
    QTest.mouseMove(table.viewport(), QPoint(40, 100))
    qtbot.waitUntil(lambda: lit() == [table.rowAt(100)])


def test_the_menu_of_the_rows_sorts_and_gives_the_order_of_the_stack_back(opened: Open) -> None:
    document, table = opened()
    stack = [layer.name for layer in document.network.layers]
    menu = table.menus.for_rows()
    sorting = next(one for one in menu.findChildren(QMenu) if one.title() == "Sort by")
    next(one for one in sorting.actions() if one.data() == "name").trigger()
    assert texts(table, "name") == sorted(stack)
    next(one for one in menu.actions() if one.text() == "Stack order").trigger()
    assert texts(table, "name") == stack


@pytest.mark.parametrize(
    ("name", "begins"), [("text", "Layer"), ("Markdown", "| Layer |"), ("CSV", "Layer,")]
)
def test_the_table_is_copied_with_the_columns_that_are_shown(name: str, begins: str, opened: Open) -> None:
    _, table = opened()
    table.show_column("field", True)
    next(one for one in table.menus.for_rows().actions() if one.data() == name).trigger()
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith(begins)
    assert "Sees" in copied
    assert "MACs" not in copied.splitlines()[0]


def test_rows_can_be_read_by_a_screen_reader(opened: Open) -> None:
    _, table = opened()
    index = table.table_model.index(1, KEYS.index("output"))
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Output 28×28×8"
    assert table.accessibleName()


class Watched(TableModel):
    """Notes what it tells its views."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []
        self.modelReset.connect(self._on_reset)
        self.dataChanged.connect(self._on_data)
        self.rowsInserted.connect(self._on_inserted)
        self.rowsRemoved.connect(self._on_removed)

    def _on_reset(self) -> None:
        self.told.append("reset")

    def _on_data(self, first: QModelIndex, last: QModelIndex) -> None:
        columns = "all" if last.column() > first.column() else KEYS[first.column()]
        self.told.append(f"{first.row()}-{last.row()} {columns}")

    def _on_inserted(self, _parent: QModelIndex, first: int, last: int) -> None:
        self.told.append(f"+{first}-{last}")

    def _on_removed(self, _parent: QModelIndex, first: int, last: int) -> None:
        self.told.append(f"-{first}-{last}")


class Shown:
    """Shows networks in a model as the table does, keeping what still holds."""

    def __init__(self, model: Watched) -> None:
        self.model = model
        self.analysis: Analysis | None = None

    def show(self, network: Network) -> list[str]:
        """Show it and return what the views were told."""
        self.model.told.clear()
        self.analysis = analyze(network, self.analysis)
        self.model.show(self.analysis.rows, TableContext(self.analysis.totals, 32), {})
        return self.model.told


@pytest.fixture
def shown(qapp: QApplication) -> Shown:
    return Shown(Watched())


def test_an_edit_tells_only_of_the_rows_that_differ(shown: Shown) -> None:
    network = stack(PICTURE)
    shown.show(network)
    assert shown.show(network.replaced("p", network.layer("p").updated(trainable=False))) == ["2-2 all"]


def test_an_edit_that_changes_the_totals_also_tells_of_all_shares(shown: Shown) -> None:
    network = stack(PICTURE)
    shown.show(network)
    smaller = network.replaced("out", network.layer("out").updated(units=3))
    assert shown.show(smaller) == ["5-5 all", "0-5 parameters"]


def test_an_inserted_layer_is_one_inserted_row_and_goes_as_one(shown: Shown) -> None:
    network = stack(PICTURE)
    shown.show(network)
    longer = network.inserted(2, Dropout(name="drop"))
    told = shown.show(longer)
    assert (told[0], [one for one in told if one[0] in "+-"]) == ("+2-2", ["+2-2"])
    told = shown.show(longer.removed("drop"))
    assert (told[0], [one for one in told if one[0] in "+-"]) == ("-2-2", ["-2-2"])


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["insert", "remove", "move", "rename", "sort"]),
        st.integers(0, 20),
        st.integers(0, 20),
    ),
    max_size=12,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_after_any_edits_the_rows_are_those_of_the_network_without_a_reset(
    qapp: QApplication, steps: list[tuple[str, int, int]]
) -> None:
    model = Watched()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    network = stack("conv relu dropout")
    for step, first, second in steps:
        name = network.layers[1 + first % (len(network.layers) - 1)].name if len(network.layers) > 1 else None
        match step:
            case "insert":
                network = network.inserted(1 + first, Dropout(name=network.free_name("new")))
            case "remove" if name:
                network = network.removed(name)
            case "move" if name:
                network = network.moved(name, second)
            case "rename" if name:
                network = network.renamed(name, network.free_name("other"))
            case "sort":
                model.sort(second % (len(COLUMNS) + 1) - 1, Qt.SortOrder.DescendingOrder)
            case _:
                # There is no layer that the step could be about.
                assert name is None
        analysis = analyze(network)
        model.show(analysis.rows, TableContext(analysis.totals, 1), {})
        assert {row.name for row in model.rows} == {layer.name for layer in network.layers}
    model.sort(-1)
    if steps:
        assert [row.name for row in model.rows] == [layer.name for layer in network.layers]
    assert "reset" not in model.told
    assert tester.model() is model


def test_another_network_is_shown_from_its_top(opened: Open) -> None:
    document, table = opened(" ".join(f"c{at}=conv(8,3,same)" for at in range(60)))
    document.select(("c55",))
    assert table.verticalScrollBar().value() > 0
    document.open(Project(network=stack(" ".join(f"n{at}=conv(4,3,same)" for at in range(50)))), None)
    QApplication.processEvents()
    assert table.verticalScrollBar().value() == 0
    assert selected_rows(table) == []
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert table.verticalScrollBar().value() == 0
    assert document.selection == ("input",)


def test_a_count_without_room_is_told_in_short_and_no_digit_is_left_out(opened: Open, theme: Theme) -> None:
    _, table = opened("flat=flatten out=dense(50000)")
    assert count_as_painted(table, theme, room=200) == "39,250,000"
    assert count_as_painted(table, theme, room=50) == "39.2 M"


def count_as_painted(table: ShapeTable, theme: Theme, room: float) -> str:
    """The last layer's parameters, in a cell of that width."""
    delegate = CellDelegate(theme, table.table_model, table)
    return delegate.words(theme.font(12), room, table.table_model.rows[-1], COLUMN_BY_KEY["parameters"])
