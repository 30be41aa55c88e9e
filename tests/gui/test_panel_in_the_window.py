"""The live panel where it stands: with the form above it, and with what the window remembers."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cnnstudio.core.layers import Conv2D
from cnnstudio.gui.window.main_window import MainWindow
from cnnstudio.gui.window.settings import Settings


@pytest.fixture
def on_a_convolution(window: MainWindow) -> MainWindow:
    document = window.document
    document.select((next(row.name for row in document.analysis.by_type[Conv2D]),))
    QApplication.processEvents()
    return window


def lit(window: MainWindow) -> list[str]:
    body = window.pages.build.form.body
    assert body is not None
    return [name for name, row in body.rows.items() if row.is_highlighted()]


def test_a_number_of_the_arithmetic_lights_its_setting_while_the_mouse_is_on_it(
    on_a_convolution: MainWindow,
) -> None:
    handle = on_a_convolution.windowHandle()
    lines = on_a_convolution.pages.build.panel.arithmetic.lines
    for setting in ("kernel_size", "filters"):
        place = lines.mapTo(on_a_convolution, lines.rect_of(setting).center().toPoint())
        QTest.mouseMove(handle, place)
        QApplication.processEvents()
        assert lit(on_a_convolution) == [setting]
    QTest.mouseMove(handle, QPoint(5, 5))
    QApplication.processEvents()
    assert lit(on_a_convolution) == []


def test_a_click_on_a_number_of_the_arithmetic_puts_the_keyboard_into_its_field(
    on_a_convolution: MainWindow,
) -> None:
    build = on_a_convolution.pages.build
    lines = build.panel.arithmetic.lines
    QTest.mouseClick(lines, Qt.MouseButton.LeftButton, pos=lines.rect_of("filters").center().toPoint())
    assert build.form.body is not None
    field = on_a_convolution.focusWidget()
    assert field is not None
    assert build.form.body.rows["filters"].isAncestorOf(field)


def test_the_choice_of_columns_is_remembered(window: MainWindow, tmp_path: Path) -> None:
    table = window.pages.build.panel.table
    next(one for one in table.menus.for_columns().actions() if one.data() == "macs").trigger()
    assert Settings(tmp_path / "settings.ini").columns == ("name", "output", "parameters", "macs")


def test_the_columns_are_those_of_the_last_time(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    Settings(tmp_path / "settings.ini").set_columns(["name", "output", "parameters", "memory", "of old"])
    window: MainWindow = request.getfixturevalue("window")
    shown = window.pages.build.panel.table.shown_columns()
    assert [column.key for column in shown] == ["name", "output", "parameters", "memory"]
