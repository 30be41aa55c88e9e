"""My picture with my kernel: Keras's own numbers, edits by hand, and the sum behind every number."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from cnnstudio.core.kernels.convolution import FloatArray
from cnnstudio.core.kernels.presets import PRESETS
from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.files.images import save_png_map
from cnnstudio.engine.files.photos import PHOTOS
from cnnstudio.engine.files.projects import sample_project
from cnnstudio.engine.interpret.choices import DataPicture, Sample
from cnnstudio.engine.interpret.loaded import KernelChoice
from cnnstudio.engine.interpret.pictures import MAX_SIDE, read_picture
from cnnstudio.engine.interpret.response import (
    Steps,
    arithmetic,
    cell_over,
    image_map,
    patch_of,
    respond,
    size_texts,
)
from cnnstudio.gui.document.document import Document
from cnnstudio.gui.document.selection import Selection
from cnnstudio.gui.pages.inspector.response_panel import ResponsePanel
from cnnstudio.gui.theme.theme import Theme
from tests.gui.selections import a_selection

SETTINGS = [
    Steps(),
    Steps(stride=2),
    Steps(dilation=3),
    Steps(padding="valid", stride=3),
    Steps(bias=-0.25, relu=True),
    Steps(stride=4, padding="same", bias=0.5),
]


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme) -> Iterator[ResponsePanel]:
    made = ResponsePanel(theme, a_selection())
    qtbot.addWidget(made)
    made.resize(900, 800)
    made.arrange(900, 800)
    made.show()
    _settled(qtbot, made)
    yield made
    made.close_jobs()
    made.close()


def _settled(qtbot: QtBot, panel: ResponsePanel) -> None:
    qtbot.waitUntil(lambda: panel.response is not None and not panel.is_busy)


def _random(height: int, width: int, middle: float = 0.5) -> FloatArray:
    numbers = np.random.default_rng(height + width).random((height, width))
    return (numbers + middle - 0.5).astype(np.float32)


@pytest.mark.parametrize("steps", SETTINGS, ids=str)
@pytest.mark.parametrize("kernel_shape", [(3, 3), (2, 5)])
def test_the_feature_map_is_that_of_keras(steps: Steps, kernel_shape: tuple[int, int]) -> None:
    import keras

    image, kernel = _random(29, 40), _random(*kernel_shape, middle=0)
    layer = keras.layers.Conv2D(
        1, kernel_shape, strides=steps.stride, padding=steps.padding, dilation_rate=steps.dilation,
        activation="relu" if steps.relu else None,
    )  # fmt: skip
    layer.build((None, 29, 40, 1))
    layer.set_weights([kernel[:, :, None, None], np.array([steps.bias], dtype=np.float32)])
    expected = np.asarray(layer(image[None, :, :, None]))[0, :, :, 0]
    np.testing.assert_allclose(respond(image, kernel, steps).values, expected, atol=1e-5)


@pytest.mark.parametrize("steps", SETTINGS, ids=str)
def test_the_products_of_every_patch_add_up_to_its_number(steps: Steps) -> None:
    response = respond(_random(9, 7), _random(3, 3, middle=0), steps)
    for cell in np.ndindex(*response.values.shape):
        patch = patch_of(response, (cell[0], cell[1]))
        total = steps.bias
        for row, column in np.ndindex(3, 3):
            y, x = patch.row + row * steps.dilation, patch.column + column * steps.dilation
            if 0 <= y < 9 and 0 <= x < 7:
                total += float(response.image[y, x]) * float(response.kernel[row, column])
        expected = max(total, 0) if steps.relu else total
        assert response.values[cell] == pytest.approx(expected, abs=1e-5)


def test_the_arithmetic_shows_padding_bias_and_relu_in_words() -> None:
    image = np.array([[1, 0.5], [0.25, 0]], dtype=np.float32)
    response = respond(image, np.array([[1, 2, -3]], dtype=np.float32), Steps(bias=0.5, relu=True))
    assert arithmetic(response, (0, 0)) == (
        "[0]·1 + 1·2 + 0.500·(−3) = 0.500\n"
        "Sum of all products = 0.500;  0.500 + bias 0.500 = 1;  ReLU: max(0, 1) = 1"
    )


@pytest.mark.parametrize("steps", SETTINGS, ids=str)
def test_a_pixel_leads_to_the_number_whose_patch_is_around_it(steps: Steps) -> None:
    response = respond(_random(30, 31), _random(3, 3), steps)
    for cell in np.ndindex(*response.values.shape):
        patch = patch_of(response, (cell[0], cell[1]))
        middle = (patch.row + patch.height // 2, patch.column + patch.width // 2)
        assert cell_over(response, middle) == cell


def test_the_size_formula_gives_the_size_of_the_map() -> None:
    for steps in SETTINGS:
        response = respond(_random(28, 33), _random(3, 3), steps)
        texts = size_texts(response)
        assert [int(text.rpartition("= ")[2]) for text in texts] == list(response.values.shape)
    assert (
        size_texts(respond(_random(28, 28), _random(3, 3), Steps()))[0]
        == "floor((28 - 3 + 2*1) / 1) + 1 = 28"
    )


def test_a_color_picture_is_converted_and_it_is_said() -> None:
    pixels = np.zeros((2, 2, 3), dtype=np.uint8)
    pixels[:, :, 1] = 255
    gray, note = image_map(pixels, None, 1)
    assert gray[0, 0] == pytest.approx(0.587, abs=1e-3)
    assert "gray" in note
    green, note = image_map(pixels, 1, 3)
    assert green.min() == 1
    assert "green" in note


def test_a_large_picture_is_shrunken_and_it_is_said(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    save_png_map(np.arange(1000 * 2000.0).reshape(1000, 2000), path)
    picture = read_picture(path, DataChoice())
    assert picture.pixels.shape == (MAX_SIDE // 2, MAX_SIDE, 1)
    assert "Shrunken from 1000 × 2000" in picture.note


def test_samples_carry_their_label_and_know_how_many_there_are() -> None:
    picture = read_picture(Sample("mnist", 3), DataChoice())
    assert picture.pixels.shape == (28, 28, 1)
    assert re.fullmatch(r"MNIST 4, label “\d”", picture.title)
    with pytest.raises(StudioError, match="no image"):
        read_picture(Sample("mnist", picture.count), DataChoice())


def test_presets_work_without_any_file(qtbot: QtBot, panel: ResponsePanel) -> None:
    for row, preset in enumerate(PRESETS, start=1):
        panel.kernel_sources.setCurrentIndex(row)
        panel.kernel_sources.activated.emit(row)
        _settled(qtbot, panel)
        assert panel.response is not None
        assert (panel.response.kernel == np.array(preset.values, dtype=np.float32)).all()


def test_the_controls_change_the_feature_map(qtbot: QtBot, panel: ResponsePanel) -> None:
    with qtbot.waitSignal(panel.responded):
        panel.steps.stride.setValue(2)
    with qtbot.waitSignal(panel.responded):
        panel.steps.padding.button("valid").click()
    with qtbot.waitSignal(panel.responded):
        panel.steps.relu.click()
    assert panel.response is not None
    assert panel.response.values.shape == (255, 255)
    assert panel.response.values.min() >= 0
    assert not panel.steps.bias.isEnabled()
    assert "/ 2) + 1 = 255" in panel.parts.sizes.text()


def test_a_number_typed_into_the_kernel_marks_it_edited_until_it_is_reset(
    qtbot: QtBot, panel: ResponsePanel
) -> None:
    grid = panel.kernel.grid
    grid.setFocus()
    grid.setCurrentIndex(grid.kernel.index(1, 1))
    QTest.keyClick(grid, Qt.Key.Key_F2)
    editor = grid.findChild(QLineEdit)
    assert editor is not None
    editor.setText("2.5")
    with qtbot.waitSignal(panel.responded):
        QTest.keyClick(editor, Qt.Key.Key_Return)
    assert panel.response is not None
    assert panel.response.kernel[1, 1] == 2.5
    assert panel.kernel.edited_mark.isVisible()
    assert panel.kernel.sources.currentIndex() == -1, "it is none of those that are offered any more"
    assert panel.kernel.sources.placeholderText() == "Horizontal lines, edited"
    assert "High where a bright row" not in panel.parts.note.text()
    with qtbot.waitSignal(panel.responded):
        panel.kernel.reset_button.click()
    assert panel.response.kernel[1, 1] == 1
    assert not panel.kernel.edited_mark.isVisible()
    assert panel.kernel.sources.currentText() == "Horizontal lines"
    assert "High where a bright row" in panel.parts.note.text()


def test_a_text_that_is_no_number_leaves_the_kernel_and_is_explained(
    qtbot: QtBot, panel: ResponsePanel
) -> None:
    model = panel.kernel.grid.kernel
    with qtbot.waitSignal(panel.failed) as sent:
        assert not model.setData(model.index(0, 0), "one")
    assert sent.args is not None
    assert "not a number" in sent.args[0]
    assert not panel.kernel.is_edited


def test_pointing_at_the_map_frames_the_patch_and_shows_its_sum(qtbot: QtBot, panel: ResponsePanel) -> None:
    view = panel.parts.map
    place = view.image_rect().center().toPoint()
    cell = view.cell_at(place)
    assert cell is not None
    QTest.mouseMove(view, place + QPoint(1, 0))
    QTest.mouseMove(view, place)
    assert panel.response is not None
    assert arithmetic(panel.response, cell) in panel.parts.lines.toPlainText()
    assert panel.parts.lines.toPlainText().startswith(f"Row {cell[0]}, column {cell[1]}")


def test_the_sum_of_a_large_kernel_goes_on_below_and_grows_with_the_text(
    qtbot: QtBot, panel: ResponsePanel, theme: Theme
) -> None:
    panel.show_gallery_kernel(KernelChoice("wide", _random(5, 7, middle=0)))
    _settled(qtbot, panel)
    panel.parts.image.setFocus()
    QTest.keyClick(panel.parts.image, Qt.Key.Key_Right)
    lines = panel.parts.lines
    assert lines.toPlainText().count("·") == 35 + 1, "and the one of the heading"
    assert lines.horizontalScrollBar().maximum() == 0, "no product is out of sight at the right"
    before = lines.fontMetrics().height()
    theme.set_text_scale(1.6)
    assert lines.fontMetrics().height() > before
    theme.set_text_scale(1.0)


def test_arrow_keys_on_the_picture_do_the_same(qtbot: QtBot, panel: ResponsePanel) -> None:
    panel.parts.image.setFocus()
    QTest.keyClick(panel.parts.image, Qt.Key.Key_Right)
    assert "[0] is padding" in panel.parts.lines.toPlainText()
    assert panel.parts.lines.toPlainText().startswith("Row 0, column 0")


def test_a_kernel_that_does_not_fit_is_explained_and_the_panel_goes_on(
    qtbot: QtBot, panel: ResponsePanel
) -> None:
    panel.open_picture(Sample("mnist", 0))
    _settled(qtbot, panel)
    panel.steps.padding.button("valid").click()
    with qtbot.waitSignal(panel.failed):
        panel.steps.dilation.setValue(32)
    assert "does not fit" in panel.parts.lines.toPlainText()
    with qtbot.waitSignal(panel.responded):
        panel.steps.dilation.setValue(1)


def test_the_index_goes_through_the_samples(qtbot: QtBot, panel: ResponsePanel) -> None:
    row = 1 + len(PHOTOS)
    panel.bar.sources.setCurrentIndex(row)
    with qtbot.waitSignal(panel.responded):
        panel.bar.sources.activated.emit(row)
    assert panel.bar.index.isVisible()
    with qtbot.waitSignal(panel.responded):
        QTest.keyClick(panel.bar.index, Qt.Key.Key_Up)
    assert "MNIST 2, label" in panel.parts.image_caption.whole_text()


def test_a_picture_has_one_number_in_the_field_and_in_the_title(qtbot: QtBot, panel: ResponsePanel) -> None:
    for choice in (Sample("mnist", 3), DataPicture("training", 3)):
        with qtbot.waitSignal(panel.responded):
            panel.open_picture(choice)
        assert panel.bar.index.value() == 4
        assert re.search(r"(MNIST|image) 4\b", panel.parts.image_caption.whole_text())
    with qtbot.waitSignal(panel.responded):
        panel.bar.index.setValue(1)
    assert panel.picture is not None
    assert panel.picture.choice == DataPicture("training", 0)
    assert panel.bar.index.minimum() == 1


def test_no_picture_is_read_before_the_panel_is_seen(qtbot: QtBot, theme: Theme) -> None:
    panel = ResponsePanel(theme, a_selection())
    qtbot.addWidget(panel)
    assert not panel.is_busy
    panel.show()
    _settled(qtbot, panel)
    assert panel.picture is not None
    panel.close_jobs()


def test_a_picture_chosen_before_the_panel_is_seen_stays(qtbot: QtBot, theme: Theme) -> None:
    panel = ResponsePanel(theme, a_selection())
    qtbot.addWidget(panel)
    panel.open_picture(Sample("mnist", 3))
    panel.show()
    _settled(qtbot, panel)
    assert panel.picture is not None
    assert panel.picture.choice == Sample("mnist", 3)
    panel.close_jobs()


def test_without_data_the_picture_of_before_is_gone(qtbot: QtBot, theme: Theme) -> None:
    document = Document(sample_project())
    selection = Selection(document)
    document.setParent(selection)
    panel = ResponsePanel(theme, selection)
    qtbot.addWidget(panel)
    panel.show()
    _settled(qtbot, panel)
    document.apply("Choose no data", document.project.model_copy(update={"data": DataChoice()}))
    qtbot.waitUntil(lambda: panel.picture is None and not panel.is_busy)
    assert panel.parts.image_caption.whole_text() == "No picture"
    assert panel.parts.image.accessibleDescription() == "empty"
    assert "No data are chosen" in panel.parts.lines.toPlainText()
    panel.close_jobs()


def test_a_constant_map_has_a_scale_that_says_so(qtbot: QtBot, panel: ResponsePanel) -> None:
    model = panel.kernel.grid.kernel
    for row, column in np.ndindex(3, 3):
        model.setData(model.index(row, column), "0")
    qtbot.waitUntil(lambda: panel.response is not None and not panel.response.kernel.any())
    assert panel.parts.map.limits() == (0, 0)
    assert not panel.parts.map.grab().isNull()
