"""The Inspect page with real weights files: opening, choosing, dropping, and what cannot be read."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import h5py
import numpy as np
import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from cnnstudio.engine.interpret import gallery
from cnnstudio.engine.interpret.loaded import LoadedWeight, kernel_choice, read_weight
from cnnstudio.engine.interpret.response import Steps
from cnnstudio.engine.weights import KernelEntry, open_weights
from cnnstudio.gui.pages.inspector.page import InspectPage
from cnnstudio.gui.pages.inspector.views.kernel_tiles import TileModel
from cnnstudio.gui.pages.inspector.views.kernels import PAGE, KernelGallery
from cnnstudio.gui.pages.inspector.views.matrix import MatrixView
from cnnstudio.gui.pages.inspector.views.vector import VectorView
from cnnstudio.gui.theme.theme import Theme
from tests.gui.selections import a_selection

FIXTURES = Path(__file__).parent.parent / "fixtures"
FER = FIXTURES / "fer_emotion_mini_xception_keras2.0.5.hdf5"
LENET = FIXTURES / "tensorspace_mnist_keras2.1.6.h5"


@pytest.fixture
def page(qtbot: QtBot, theme: Theme) -> Iterator[InspectPage]:
    made = InspectPage(theme, a_selection())
    qtbot.addWidget(made)
    made.resize(1440, 840)
    made.show()
    qtbot.waitUntil(lambda: made.response.response is not None and not made.response.is_busy)
    yield made
    made.close_jobs()
    made.close()


def _opened(qtbot: QtBot, page: InspectPage, path: Path) -> None:
    with qtbot.waitSignal(page.shown):
        page.open_file(path)


def _choose(qtbot: QtBot, page: InspectPage, layer: str) -> None:
    row = page.layers.layers.row_of(layer)
    assert row is not None
    with qtbot.waitSignal(page.shown):
        page.layers.setCurrentIndex(page.layers.layers.index(row, 0))


def _gallery(page: InspectPage) -> KernelGallery:
    view = page.weight.stack.currentWidget()
    assert isinstance(view, KernelGallery)
    return view


def _drop(target: QWidget, *paths: Path) -> bool:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(9, 9), copy, mime, left, none)
    QApplication.sendEvent(target, enter)
    if not enter.isAccepted():
        return False
    drop = QDropEvent(QPointF(9, 9), copy, mime, left, none, QEvent.Type.Drop)
    QApplication.sendEvent(target, drop)
    return drop.isAccepted()


def test_without_a_file_the_page_says_what_to_do_and_a_preset_works(page: InspectPage) -> None:
    assert page.weight.stack.currentWidget() is page.weight.empty
    assert "Train a network" in page.weight.empty.accessibleDescription()
    assert page.response.response is not None
    assert page.response.response.values.shape == (512, 512)


def _whole_model(path: Path, settings: str) -> Path:
    """A first convolution with these settings, and a second one that keeps to Keras's defaults."""
    first = f'{{"class_name": "Conv2D", "config": {{"name": "first", {settings}}}}}'
    second = '{"class_name": "Conv2D", "config": {"name": "second"}}'
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = f'{{"class_name": "Sequential", "config": [{first}, {second}]}}'
        group = file.create_group("model_weights")
        group.attrs["layer_names"] = ["first", "second"]
        for name, channels in (("first", 1), ("second", 4)):
            group.create_group(name).attrs["weight_names"] = [f"{name}/kernel:0"]
            group[f"{name}/{name}/kernel:0"] = np.ones((3, 3, channels, 4), np.float32)
    return path


def test_a_kernel_starts_with_the_stride_padding_and_dilation_of_its_layer(
    qtbot: QtBot, page: InspectPage, tmp_path: Path
) -> None:
    settings = '"strides": [2, 2], "padding": "valid", "dilation_rate": [3, 3]'
    _opened(qtbot, page, _whole_model(tmp_path / "a.h5", settings))
    qtbot.waitUntil(lambda: not page.response.is_busy)
    assert page.response.steps.steps() == Steps(2, 3, "valid")
    assert page.response.response is not None
    assert page.response.response.values.shape == (253, 253)
    assert "here its kernel lies on the picture" not in page.response.parts.note.text()

    page.response.steps.stride.setValue(1)
    page.weight.kernel_chosen.emit(kernel_choice(_loaded(page, "first"), 2, 0))
    assert page.response.steps.steps() == Steps(1, 3, "valid")

    page.layers.setCurrentIndex(page.layers.layers.index(1, 0))
    qtbot.waitUntil(lambda: "second" in page.response.kernel_sources.currentText())
    qtbot.waitUntil(lambda: not page.response.is_busy)
    assert page.response.steps.steps() == Steps(1, 1, "valid")
    assert "here its kernel lies on the picture" in page.response.parts.note.text()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (None, "does not state the layer's stride, padding and dilation"),
        ('"strides": [2, 1]', "stride 2 × 1, dilation 1 × 1 and padding valid are not followed"),
        ('"padding": "causal"', "padding causal are not followed"),
    ],
)
def test_what_is_not_followed_of_a_layer_is_said(
    qtbot: QtBot, page: InspectPage, tmp_path: Path, settings: str | None, said: str
) -> None:
    path = _whole_model(tmp_path / "a.h5", settings or '"padding": "valid"')
    if settings is None:
        with h5py.File(path, "r+") as file:
            del file.attrs["model_config"]
    _opened(qtbot, page, path)
    qtbot.waitUntil(lambda: not page.response.is_busy)
    assert said in page.response.parts.note.text()


def _loaded(page: InspectPage, layer: str) -> LoadedWeight:
    assert page.store.file is not None
    return read_weight(page.store.file, layer, "kernel")


def test_what_was_assumed_of_a_file_is_told_beside_its_name(
    qtbot: QtBot, page: InspectPage, tmp_path: Path
) -> None:
    with h5py.File(tmp_path / "keras1.h5", "w") as file:
        file.attrs["layer_names"] = ["conv"]
        file.create_group("conv").attrs["weight_names"] = ["conv_W", "conv_b"]
        file["conv/conv_W"], file["conv/conv_b"] = np.ones((3, 3, 3, 3)), np.zeros(3)
    _opened(qtbot, page, tmp_path / "keras1.h5")
    assert "(rows, columns, channels, filters) is assumed" in page.card.details.text()


def test_opening_a_file_shows_its_layers_in_order_and_its_first_kernels(
    qtbot: QtBot, page: InspectPage
) -> None:
    _opened(qtbot, page, FER)
    model = page.layers.layers
    names = [model.index(row, 0).data() for row in range(model.rowCount())]
    with open_weights(FER) as weights:
        assert names == [layer.name for layer in weights.layers]
    assert page.card.name.whole_text() == FER.name
    assert "2.0.5" in page.card.details.text()
    assert _gallery(page).tiles.rowCount() == 8
    assert "Filter 0 of conv2d_1" in page.response.kernel_sources.currentText()
    assert "Filters 0 and 5 are dead" in page.statistics.remarks.text()


def test_a_file_that_cannot_be_read_leaves_the_one_before(
    qtbot: QtBot, page: InspectPage, tmp_path: Path
) -> None:
    _opened(qtbot, page, LENET)
    broken = tmp_path / "broken.weights.h5"
    broken.write_bytes(LENET.read_bytes()[:3000])
    with qtbot.waitSignal(page.message) as sent:
        page.open_file(broken)
    assert sent.args is not None
    assert sent.args[0] == "error"
    assert str(broken) in sent.args[1]
    assert page.card.name.whole_text() == LENET.name
    _choose(qtbot, page, "Dense_2")
    assert isinstance(page.weight.stack.currentWidget(), MatrixView)


def test_arrow_keys_go_through_layers_and_filters(qtbot: QtBot, page: InspectPage) -> None:
    _opened(qtbot, page, LENET)
    gallery = _gallery(page)
    QTest.keyClick(gallery.list, Qt.Key.Key_Right)
    assert "Filter 1 of Conv2D_1" in page.response.kernel_sources.currentText()
    with qtbot.waitSignal(page.shown):
        QTest.keyClick(page.layers, Qt.Key.Key_Down)
    assert gallery.tiles.rowCount() == 16
    assert gallery.list.currentIndex().row() == 1
    assert gallery.channel.isVisible()


def test_the_kernel_of_the_gallery_is_the_slice_of_the_file(qtbot: QtBot, page: InspectPage) -> None:
    _opened(qtbot, page, LENET)
    _choose(qtbot, page, "Conv2D_2")
    gallery = _gallery(page)
    gallery.choose(5)
    gallery.channel.setValue(3)
    with open_weights(LENET) as weights:
        kernel, bias = weights.read("Conv2D_2", "kernel"), weights.read("Conv2D_2", "bias")
    assert (page.response.kernel.values == kernel[:, :, 3, 5]).all()
    assert page.response.kernel.choice.bias == bias[5]
    gallery.channel.setValue(-1)
    np.testing.assert_allclose(page.response.kernel.values, kernel[:, :, :, 5].mean(axis=2), atol=1e-7)
    assert "mean of 6 channels" in page.response.kernel.choice.title


def test_tiles_tell_their_filter_channel_and_range(qtbot: QtBot, page: InspectPage) -> None:
    _opened(qtbot, page, LENET)
    _choose(qtbot, page, "Conv2D_2")
    text = _gallery(page).tiles.index(4, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert text.startswith("Filter 4, channel 0, −")
    assert text == _gallery(page).tiles.index(4, 0).data(Qt.ItemDataRole.AccessibleTextRole)


def test_each_weight_gets_the_first_view_that_volunteers(qtbot: QtBot, page: InspectPage) -> None:
    _opened(qtbot, page, LENET)
    _choose(qtbot, page, "Dense_1")
    matrix = page.weight.stack.currentWidget()
    assert isinstance(matrix, MatrixView)
    matrix.image.hovered.emit((2, 7))
    assert matrix.text.text().startswith("Input 2, unit 7: ")
    assert page.weight.names is not None
    with qtbot.waitSignal(page.shown):
        page.weight.names.button("bias").click()
    vector = page.weight.stack.currentWidget()
    assert isinstance(vector, VectorView)
    assert vector.table.numbers.rowCount() == 120


def test_large_layers_are_shown_page_by_page(qtbot: QtBot, theme: Theme) -> None:
    kernel = np.random.default_rng(0).normal(size=(3, 3, 2, 600)).astype(np.float32)
    filters = np.ascontiguousarray(gallery.filters_of(kernel, "convolution"))
    entry = KernelEntry("conv", "kernel", kernel.shape)
    weight = LoadedWeight(
        "conv", "kernel", kernel, gallery.statistics(kernel), gallery.histogram(kernel),
        kernel=entry, filters=filters, limit=4.0,
    )  # fmt: skip
    view = KernelGallery(theme)
    qtbot.addWidget(view)
    view.show_weight(weight)
    assert view.tiles.rowCount() == PAGE
    chosen: list[object] = []
    view.kernel_chosen.connect(chosen.append)
    view.pager.forward.click()
    view.pager.forward.click()
    assert view.tiles.rowCount() == 600 - 2 * PAGE
    assert not view.pager.forward.isEnabled()
    assert view.tiles.index(0, 0).data() == str(2 * PAGE)
    assert len(chosen) == 2


def test_a_weight_that_cannot_be_read_is_explained_in_its_place(
    qtbot: QtBot, page: InspectPage, tmp_path: Path
) -> None:
    damaged = tmp_path / "damaged.h5"
    shutil.copy(LENET, damaged)
    with h5py.File(damaged, "r+") as file:
        group = file["model_weights/Conv2D_2"]
        name = next(name for name in group.attrs["weight_names"] if b"kernel" in bytes(name)).decode()
        del group[name]
        group.create_dataset(name, data=np.array([b"text"]))
    _opened(qtbot, page, damaged)
    row = page.layers.layers.row_of("Conv2D_2")
    assert row is not None
    with qtbot.waitSignal(page.message) as sent:
        page.layers.setCurrentIndex(page.layers.layers.index(row, 0))
    assert sent.args is not None
    assert "not numbers" in sent.args[1]
    assert not page.statistics.isVisible()
    _choose(qtbot, page, "Conv2D_1")
    assert page.statistics.isVisible()
    assert _gallery(page).isVisible()


def test_the_tiles_are_a_sound_model(qtbot: QtBot, page: InspectPage) -> None:
    tiles = TileModel()
    testers = [
        QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
        for model in (tiles, page.layers.layers, page.response.kernel.grid.kernel)
    ]
    _opened(qtbot, page, LENET)
    with open_weights(LENET) as file:
        tiles.show_page(read_weight(file, "Conv2D_1", "kernel"), 0, "layer", 0, PAGE)
    assert tiles.rowCount() == 6
    assert len(testers) == 3


def test_weights_and_pictures_dropped_on_the_page_open(
    qtbot: QtBot, page: InspectPage, tmp_path: Path
) -> None:
    with qtbot.waitSignal(page.shown):
        assert _drop(page, FER)
    picture = tmp_path / "my coins.png"
    shutil.copy(Path(__file__).parents[2] / "resources" / "photos" / "coins.png", picture)
    assert _drop(page, picture)
    # Not for the next response: that may still be the first picture's.
    qtbot.waitUntil(lambda: page.response.bar.sources.currentText() == "my coins.png")


def test_a_dropped_text_is_not_taken(page: InspectPage) -> None:
    mime = QMimeData()
    mime.setText("no file")
    enter = QDragEnterEvent(
        QPoint(9, 9),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(page, enter)
    assert not enter.isAccepted()


def test_a_dropped_file_that_is_no_picture_leaves_the_picture(
    qtbot: QtBot, page: InspectPage, tmp_path: Path
) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("no picture")
    with qtbot.waitSignal(page.message) as sent:
        _drop(page, text)
    assert sent.args is not None
    assert "no picture" in sent.args[1]
    assert page.response.bar.sources.currentText() == "Cameraman"


def test_the_best_weights_of_the_next_run_keep_layer_and_filter(
    qtbot: QtBot, page: InspectPage, tmp_path: Path
) -> None:
    best = tmp_path / "best.weights.h5"
    shutil.copy(LENET, best)
    with qtbot.waitSignal(page.shown):
        page.show_run_best(best)
    assert "Best weights of the last run" in page.card.details.text()
    _choose(qtbot, page, "Conv2D_2")
    _gallery(page).choose(9)
    with qtbot.waitSignal(page.shown):
        page.show_run_best(best)
    assert page.layers.currentIndex().data() == "Conv2D_2"
    assert "Filter 9" in page.response.kernel_sources.currentText()


def test_the_button_opens_a_dialog_that_does_not_block(qtbot: QtBot, page: InspectPage) -> None:
    page.card.button.click()
    dialog = page.findChild(QFileDialog)
    assert dialog is not None
    assert dialog.isVisible()
    dialog.close()
    with qtbot.waitSignal(page.shown):
        dialog.fileSelected.emit(str(LENET))
    assert page.card.name.whole_text() == LENET.name


def test_the_last_of_many_layers_flown_over_is_the_one_shown(qtbot: QtBot, page: InspectPage) -> None:
    _opened(qtbot, page, FER)
    for row in range(page.layers.layers.rowCount()):
        page.layers.setCurrentIndex(page.layers.layers.index(row, 0))
    last = page.layers.currentIndex().data()
    shown: list[LoadedWeight] = []
    page.shown.connect(shown.append)
    qtbot.waitUntil(lambda: bool(shown) and shown[-1].layer == last)
    assert [weight.layer for weight in shown] == [last]


def test_a_narrow_page_puts_the_parts_below_each_other(qtbot: QtBot, page: InspectPage) -> None:
    assert page.middle.orientation() == Qt.Orientation.Horizontal
    page.resize(1100, 610)
    qtbot.waitUntil(lambda: page.middle.orientation() == Qt.Orientation.Vertical)
    assert page.width() == 1100
    page.resize(1440, 840)
    qtbot.waitUntil(lambda: page.middle.orientation() == Qt.Orientation.Horizontal)


def test_the_page_follows_the_theme(qtbot: QtBot, page: InspectPage, theme: Theme) -> None:
    _opened(qtbot, page, FER)
    light = page.grab().toImage()
    theme.set_mode("dark")
    dark = page.grab().toImage()
    places = [QPoint(4, 4), QPoint(400, 500), QPoint(1000, 830)]
    for place in places:
        assert light.pixelColor(place).lightness() > 200
        assert dark.pixelColor(place).lightness() < 60
