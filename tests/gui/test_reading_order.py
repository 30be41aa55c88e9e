"""Tab walks through the whole window as one reads, forwards and backwards."""

import gc
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QButtonGroup,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken

from cnnstudio.core.project import Project
from cnnstudio.engine.files.photos import PHOTOS
from cnnstudio.gui.fields.choices import ComboEditor
from cnnstudio.gui.pages import PAGES
from cnnstudio.gui.pages.builder.form.body import FormBody
from cnnstudio.gui.pages.inspector.page import InspectPage
from cnnstudio.gui.pages.inspector.views.kernels import KernelGallery
from cnnstudio.gui.widgets.reading_order import move_focus, reading_order
from cnnstudio.gui.widgets.segmented import Segmented
from cnnstudio.gui.window.main_window import MainWindow
from tests.core.pictures import stack

LENET = Path(__file__).parent.parent / "fixtures" / "tensorspace_mnist_keras2.1.6.h5"
LINE_PX = 12
TAB, BACK = Qt.Key.Key_Tab, Qt.Key.Key_Backtab


@pytest.fixture
def studio(window: MainWindow, qtbot: QtBot) -> MainWindow:
    network = stack("conv(8,3) dropout(0.5) flatten dense(10,softmax)")
    window.document.open(Project(network=network), None)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def walked(start: QWidget, steps: int, key: Qt.Key = TAB) -> list[QWidget]:
    """Where the keyboard is at first, and after each of `steps` presses."""
    start.setFocus()
    found = [focused()]
    for _ in range(steps):
        QTest.keyClick(focused(), key)
        found.append(focused())
    return found


def names(widgets: list[QWidget]) -> list[str]:
    return [widget.accessibleName() for widget in widgets]


def body_of(studio: MainWindow, layer: str) -> FormBody:
    studio.document.select((layer,))
    QApplication.processEvents()
    body = studio.pages.build.form.body
    assert body is not None
    return body


def test_tab_goes_through_the_form_from_the_name_down_and_on_to_the_panel(studio: MainWindow) -> None:
    build = studio.pages.build
    for layer in ("dropout", "conv"):  # the form of the second is made later, and still comes in between
        name = next(one.name for one in studio.document.network.layers if one.name.startswith(layer))
        body = body_of(studio, name)
        order = walked(build.form.header.name, 16)
        inside = [widget for widget in order if body.isAncestorOf(widget)]
        assert order[0] is build.form.header.name
        assert order[1 : len(inside) + 1] == inside
        assert build.panel.isAncestorOf(order[len(inside) + 1])
        places = [widget.mapTo(body, widget.rect().center()) for widget in inside]
        assert all(below.y() - above.y() > -LINE_PX for above, below in pairwise(places))
        assert places[-1].y() - places[0].y() > LINE_PX
        assert body.more is not None
        assert inside[-1] is body.more.heading


def test_tab_goes_from_the_palette_to_the_stack_and_to_the_table_beside_it(studio: MainWindow) -> None:
    studio.resize(1440, 900)
    QApplication.processEvents()
    build = studio.pages.build
    assert not build.panel.has_shapes
    studio.document.select((studio.document.network.layers[1].name,))
    QApplication.processEvents()
    parts = (build.palette_panel, build.stack, build.panel.table, build.form, build.panel)
    order = [next((at for at, part in enumerate(parts) if part is one or part.isAncestorOf(one)), -1)
             for one in reading_order(build)]  # fmt: skip
    assert order == sorted(order)
    assert set(order) == set(range(len(parts)))


def test_where_the_shapes_are_in_the_panel_tab_reaches_them_behind_their_tab(studio: MainWindow) -> None:
    studio.resize(1000, 700)
    QApplication.processEvents()
    build = studio.pages.build
    assert build.panel.has_shapes
    assert walked(build.panel.parts.bar, 1)[1] is build.panel.table


def test_fields_that_come_with_a_choice_stand_where_they_are_seen(studio: MainWindow) -> None:
    body = body_of(studio, studio.document.network.layers[1].name)
    assert body.more is not None
    body.more.set_folded(False)
    QApplication.processEvents()
    row = body.rows["kernel_regularizer"]
    choice = row.editor.findChild(ComboEditor)
    assert choice is not None
    QTest.keyClick(choice.combo, Qt.Key.Key_Down)
    QApplication.processEvents()
    order = walked(choice.combo, 2)
    assert row.isAncestorOf(order[1])
    assert order[1] is not choice.combo
    assert order[1].mapTo(body, QPoint()).y() > choice.combo.mapTo(body, QPoint()).y()


def test_backwards_is_the_same_way_back(studio: MainWindow) -> None:
    body_of(studio, studio.document.network.layers[1].name)
    start = studio.pages.build.stack
    steps = len(reading_order(studio))
    there = walked(start, steps)
    assert there[-1] is start
    assert len(set(map(id, there))) == steps
    assert walked(start, steps, BACK) == there[::-1]


def test_a_field_that_gets_the_keyboard_comes_into_sight(studio: MainWindow) -> None:
    studio.resize(1440, 620)
    body = body_of(studio, studio.document.network.layers[1].name)
    assert body.more is not None
    body.more.set_folded(False)
    QApplication.processEvents()
    last = [widget for widget in reading_order(studio) if body.isAncestorOf(widget)][-1]
    assert last.visibleRegion().isEmpty()
    walked(studio.pages.build.panel.parts.bar, 1, BACK)
    assert focused() is last
    assert not last.visibleRegion().isEmpty()


def test_of_a_group_of_choices_tab_stops_at_the_one_that_is_on(studio: MainWindow) -> None:
    pages = studio.header.pages
    for page in ("data", "build"):
        studio.show_page(page)
        order = walked(studio.header.menu_button, 2)
        assert order[1] is pages.button(page)
        assert not pages.isAncestorOf(order[2])


def test_tab_goes_through_the_training_settings_from_top_to_bottom(studio: MainWindow) -> None:
    studio.show_page("train")
    form = studio.pages.train.settings.form
    optimizer = form.rows["optimizer"].editor
    assert isinstance(optimizer, ComboEditor)
    QTest.keyClick(optimizer.combo, Qt.Key.Key_Down)
    QApplication.processEvents()
    wanted = [
        "optimizer",
        "optimizer.learning_rate",
        "optimizer.momentum",
        "loss",
        "from_logits",
        "batch_size",
    ]
    order = walked(optimizer.combo, len(wanted) - 1)
    for name, taker in zip(wanted, order, strict=True):
        assert form.rows[name].editor.isAncestorOf(taker)


def opened(qtbot: QtBot, studio: MainWindow) -> InspectPage:
    studio.show_page("inspect")
    studio.selection.set_picture(PHOTOS[0])
    page = studio.pages.inspect
    with qtbot.waitSignal(page.shown):
        page.open_file(LENET)
    row = page.layers.layers.row_of("Conv2D_2")
    assert row is not None
    with qtbot.waitSignal(page.shown):
        page.layers.setCurrentIndex(page.layers.layers.index(row, 0))
    qtbot.waitUntil(lambda: page.response.response is not None and not page.response.is_busy)
    return page


def test_tab_goes_from_the_layers_over_their_weights_to_the_gallery_and_on(
    qtbot: QtBot, studio: MainWindow
) -> None:
    page = opened(qtbot, studio)
    gallery, response = page.weight.stack.currentWidget(), page.response
    assert isinstance(gallery, KernelGallery)
    assert page.weight.names is not None
    parts = [
        *(page.layers, page.weight.names.button("kernel"), gallery.list, response.bar.sources),
        *(response.bar.open_button, response.kernel_sources, response.steps.stride, response.steps.dilation),
        *(response.parts.image, response.parts.map, response.kernel.grid, page.card.button, page.layers),
    ]
    order = walked(page.layers, len(reading_order(studio)))
    places = [order.index(part) for part in parts[:-2]]
    assert places == sorted(places)
    assert page.card.button in order
    assert order[-1] is page.layers


def test_a_grid_is_read_line_by_line_and_what_is_not_seen_or_off_is_left_out(qtbot: QtBot) -> None:
    root = QWidget()
    qtbot.addWidget(root)
    column = QVBoxLayout(root)
    first, off, hidden, last = (QPushButton(text) for text in ("first", "off", "hidden", "last"))
    for widget in (last, off, hidden, first):
        column.addWidget(widget)
    column.insertWidget(0, first)
    off.setEnabled(False)
    choices = Segmented([(1, "one"), (2, "two"), (3, "three")], parent=root)
    choices.set_value(2)
    column.addWidget(choices)
    root.show()
    hidden.hide()
    qtbot.waitExposed(root)
    assert reading_order(root) == [first, last, choices.button(2)]


def test_where_nothing_takes_the_keyboard_nothing_happens(qtbot: QtBot) -> None:
    label = QLabel("A text")
    qtbot.addWidget(label)
    label.show()
    qtbot.waitExposed(label)
    assert not move_focus(label, True)


def test_walking_leaves_what_only_qt_holds_alive(qtbot: QtBot) -> None:
    root = QWidget()
    qtbot.addWidget(root)
    text = _put_into_an_area(root)
    _put_into_a_group(root)
    root.show()
    buttons = len(root.findChildren(QPushButton))
    reading_order(root)
    gc.collect()
    assert Shiboken.isValid(text)
    assert len(root.findChildren(QPushButton)) == buttons


def _put_into_an_area(root: QWidget) -> QLabel:
    area, text = QScrollArea(root), QLabel("text")
    area.setWidget(text)
    area.viewport().setAutoFillBackground(False)
    return text


def _put_into_a_group(root: QWidget) -> None:
    group = QButtonGroup(root)
    for word in ("one", "two"):
        button = QPushButton(word, root)
        button.setCheckable(True)
        group.addButton(button)


@pytest.mark.parametrize("page", [spec.key for spec in PAGES])
def test_walking_leaves_every_part_of_a_page_alive(studio: MainWindow, page: str) -> None:
    studio.show_page(page)
    QApplication.processEvents()
    for _ in range(3):
        QTest.keyClick(QApplication.focusWidget() or studio, TAB)
    before = len(studio.findChildren(QWidget))
    gc.collect()
    assert len(studio.findChildren(QWidget)) == before
