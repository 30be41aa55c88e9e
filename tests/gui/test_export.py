"""Export from the window: format and file are chosen in one dialog, and written in the background."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from cnnstudio.core.analysis import analyze
from cnnstudio.core.diagram import PAPER, stack_svg
from cnnstudio.core.project import Project
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.exporters import Exporter
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.theme.theme import Theme
from cnnstudio.gui.window.export import FORMATS, ExportDialogs, png_bytes
from tests.core.pictures import stack


@pytest.fixture
def dialogs(qapp: QApplication, theme: Theme, qtbot: QtBot) -> Iterator[ExportDialogs]:
    window = QWidget()
    qtbot.addWidget(window)
    document = Document(Project(network=stack("conv(8,3) relu flatten dense(10)")), window)
    made = ExportDialogs(document, window)
    yield made
    made.close_jobs()


def dialog_of(dialogs: ExportDialogs) -> QFileDialog:
    window = dialogs.parent()
    assert isinstance(window, QWidget)
    (dialog,) = window.findChildren(QFileDialog)
    return dialog


@pytest.mark.parametrize("exporter", FORMATS, ids=lambda exporter: exporter.key)
def test_every_format_can_be_chosen_and_is_written(
    dialogs: ExportDialogs, exporter: Exporter, tmp_path: Path, qtbot: QtBot
) -> None:
    dialogs.show()
    dialog = dialog_of(dialogs)
    name_filter = f"{exporter.title} (*{exporter.suffix})"
    dialog.selectNameFilter(name_filter)
    dialog.filterSelected.emit(name_filter)
    dialog.selectFile(str(tmp_path / "net"))
    with qtbot.waitSignal(dialogs.done) as told:
        dialog.accept()
    assert told.args == [f"Exported net{exporter.suffix}."]
    assert (tmp_path / f"net{exporter.suffix}").stat().st_size > 100


def test_the_ending_of_the_name_counts_more_than_the_filter(
    dialogs: ExportDialogs, tmp_path: Path, qtbot: QtBot
) -> None:
    dialogs.show()
    dialog = dialog_of(dialogs)
    dialog.selectFile(str(tmp_path / "net.png"))
    with qtbot.waitSignal(dialogs.done):
        dialog.accept()
    assert not QImage(str(tmp_path / "net.png")).isNull()


def test_a_refused_file_is_told_in_a_sentence(dialogs: ExportDialogs, tmp_path: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(dialogs.failed) as told:
        dialogs.write(FORMATS[0], tmp_path / "nowhere" / "net.py")
    assert "its folder does not exist" in told.args[0]


def test_a_cancelled_dialog_writes_nothing(dialogs: ExportDialogs, tmp_path: Path, qtbot: QtBot) -> None:
    dialogs.show()
    dialog = dialog_of(dialogs)
    dialog.selectFile(str(tmp_path / "net.py"))
    with qtbot.assertNotEmitted(dialogs.done, wait=20):
        dialog.reject()
    assert list(tmp_path.iterdir()) == []


def test_a_png_has_two_pixels_a_unit_and_is_not_empty(qapp: QApplication, theme: Theme) -> None:
    svg = stack_svg(analyze(stack("conv(8,3) flatten dense(10)")), PAPER)
    image = QImage.fromData(png_bytes(svg))
    assert f'width="{image.width() // 2}"' in svg
    shades = {image.pixelColor(x, 100).name() for x in range(0, image.width(), 3)}
    assert {PAPER["canvas"].lower(), PAPER["io"].lower()} <= shades


def test_a_diagram_too_long_for_a_png_is_refused_with_a_way_out(qapp: QApplication) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="456" height="740000"></svg>'
    with pytest.raises(StudioError, match=r"740,000 units.*Export it as SVG"):
        png_bytes(svg)
