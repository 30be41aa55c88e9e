"""Files and folders dropped on the window open where they belong, wherever they are let go."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from cnnstudio.core.project import Project
from cnnstudio.core.project.sources import Folder
from cnnstudio.engine.files.kinds import PICTURE_SUFFIXES, WEIGHT_SUFFIXES
from cnnstudio.engine.files.resources import resource_path
from cnnstudio.engine.runs.folder import BEST_FILE, read_run
from cnnstudio.gui.pages.builder.panel.finding_card import FindingCard
from cnnstudio.gui.pages.builder.panel.live_panel import FINDINGS
from cnnstudio.gui.window.main_window import MainWindow
from tests.folders import class_folders, write_picture
from tests.gui.dragging import drop_from_outside

WEIGHTS = Path(__file__).parent.parent / "fixtures" / "tensorspace_mnist_keras2.1.6.h5"
PLACES: dict[str, Callable[[MainWindow], QWidget]] = {
    "header": lambda window: window.header,
    "canvas": lambda window: window.pages.build.stack.viewport(),
    "palette": lambda window: window.pages.build.palette_panel,
    "search field": lambda window: window.pages.build.palette_panel.search,
    "form": lambda window: window.pages.build.form,
    "panel": lambda window: window.pages.build.panel,
}


def mime_of(*paths: Path) -> QMimeData:
    """As a file manager makes it: the addresses, and the paths as text."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    mime.setText("\n".join(map(str, paths)))
    return mime


def drop(window: MainWindow, *paths: Path, on: str = "header") -> bool:
    return drop_from_outside(PLACES[on](window), mime_of(*paths), QPoint(20, 10))


def text_fields(page: QWidget) -> list[QLineEdit]:
    """Those that are seen and can be written in, number fields included."""
    fields = [field for field in page.findChildren(QLineEdit) if not field.visibleRegion().isEmpty()]
    assert fields
    return fields


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A folder with the best weights of a run in it."""
    folder = tmp_path / "run"
    folder.mkdir()
    shutil.copy(WEIGHTS, folder / BEST_FILE)
    return folder


@pytest.mark.parametrize("place", PLACES)
def test_a_project_opens_wherever_it_is_dropped(window: MainWindow, tmp_path: Path, place: str) -> None:
    file = tmp_path / "net.cnnstudio"
    shutil.copy(resource_path("projects", "mnist.cnnstudio"), file)
    assert drop(window, file, on=place)
    assert window.document.path == file
    assert window.pages.key == "build"


def test_a_project_dropped_on_the_inspector_opens_too(window: MainWindow, tmp_path: Path) -> None:
    window.show_page("inspect")
    file = tmp_path / "net.cnnstudio"
    shutil.copy(resource_path("projects", "mnist.cnnstudio"), file)
    assert drop_from_outside(window.pages.inspect, mime_of(file), QPoint(20, 10))
    assert window.document.path == file
    assert window.pages.key == "build"


@pytest.mark.parametrize("page", ["data", "train"])
def test_a_file_dropped_on_a_text_field_opens_and_is_not_written_into_it(
    window: MainWindow, tmp_path: Path, page: str
) -> None:
    file = tmp_path / "net.cnnstudio"
    shutil.copy(resource_path("projects", "mnist.cnnstudio"), file)
    window.show_page(page)
    for field in text_fields(getattr(window.pages, page)):
        before = field.text()
        window.document.open(window.document.project, None)
        window.show_page(page)
        assert drop_from_outside(field, mime_of(file), QPoint(5, 5))
        assert (window.document.path, field.text()) == (file, before)


@pytest.mark.parametrize("dropped", ["pool", "https://example.org"])
def test_text_that_is_dropped_on_a_text_field_is_written_into_it(window: MainWindow, dropped: str) -> None:
    search = window.pages.build.palette_panel.search
    mime = QMimeData()
    mime.setText(dropped)
    if dropped.startswith("https"):
        mime.setUrls([QUrl(dropped)])
    assert drop_from_outside(search, mime, QPoint(60, 5))
    assert search.text() == dropped
    assert not window.messages.isVisible()


def fix_first(window: MainWindow, code: str, qtbot: QtBot) -> None:
    """Press the button of the first finding of that code that has one."""
    before = window.document.project
    panel = window.pages.build.panel

    def with_fix() -> list[FindingCard]:
        cards = panel.findChildren(FindingCard)
        return [card for card in cards if card.isVisible() and card.finding.code == code and card.buttons]

    qtbot.waitUntil(lambda: bool(with_fix()))
    QTest.mouseClick(with_fix()[0].buttons[0], Qt.MouseButton.LeftButton)
    assert window.document.project != before


@pytest.mark.timeout(180)
def test_a_dropped_folder_is_learned_after_its_findings_are_fixed(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    shades = class_folders(tmp_path / "shades", {"dark": 60, "light": 60}, size=(20, 20))
    assert drop(window, shades)
    qtbot.waitUntil(lambda: window.pages.key == "data")
    window.show_page("build")
    window.pages.build.panel.parts.choose(FINDINGS)
    while any(one.code == "C01" for one in window.document.findings):
        fix_first(window, "C01", qtbot)
    assert window.document.network.input_shape == (20, 20, 3)
    settings = window.document.project.training.model_copy(update={"epochs": 3, "batch_size": 8})
    window.document.apply("Three epochs", window.document.project.with_training(settings))
    QTest.mouseClick(window.header.train_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.training.is_running, timeout=110_000)
    run = read_run(next(window.run.runs_folder.iterdir()))
    assert run.record.state == "finished"
    assert run.history[-1].values["val_accuracy"] == 1


@pytest.mark.parametrize("suffix", WEIGHT_SUFFIXES)
def test_weights_open_in_the_inspector(window: MainWindow, qtbot: QtBot, tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"trained{suffix.upper()}"
    shutil.copy(WEIGHTS, file)
    assert drop(window, file, on="canvas")
    assert window.pages.key == "inspect"
    qtbot.waitUntil(lambda: window.pages.inspect.layers.model().rowCount() > 0, timeout=10_000)


@pytest.mark.parametrize("suffix", PICTURE_SUFFIXES[::6])
def test_a_picture_is_convolved_in_the_inspector(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, suffix: str
) -> None:
    path = write_picture(tmp_path / f"cat{suffix}").rename(tmp_path / f"cat{suffix.upper()}")
    assert drop(window, path)
    assert window.pages.key == "inspect"
    response = window.pages.inspect.response
    qtbot.waitUntil(lambda: response.picture is not None and response.picture.title == path.name)


def test_the_folder_of_a_run_shows_its_best_weights(window: MainWindow, qtbot: QtBot, run: Path) -> None:
    assert drop(window, run, on="canvas")
    assert window.pages.key == "inspect"
    qtbot.waitUntil(lambda: window.pages.inspect.layers.model().rowCount() > 0, timeout=10_000)


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    """A folder of class folders."""
    return class_folders(tmp_path / "pets", {"cat": 12, "dog": 12}, size=(12, 16))


@pytest.mark.parametrize("place", PLACES)
def test_class_folders_become_the_data_in_one_undo_step_and_the_page_shows_them(
    window: MainWindow, qtbot: QtBot, pets: Path, place: str
) -> None:
    before = window.document.project
    assert drop(window, pets, on=place)
    qtbot.waitUntil(lambda: window.pages.key == "data")
    source = window.document.project.data.source
    assert isinstance(source, Folder)
    assert (source.path, source.class_names) == (str(pets), ("cat", "dog"))
    assert window.document.undo_stack.undoText() == "Use the pictures in pets"
    qtbot.waitUntil(window.pages.data.browser.isVisible)
    assert window.pages.data.summary.split_bar.split().training > 0
    window.document.undo_stack.undo()
    assert window.document.project == before


def test_a_network_that_does_not_fit_the_folder_is_told_and_mended_by_its_findings(
    window: MainWindow, qtbot: QtBot, pets: Path
) -> None:
    assert drop(window, pets)
    qtbot.waitUntil(lambda: window.pages.data.offer.isVisible())
    assert not window.messages.isVisible()
    while fixes := [one.fixes[0] for one in window.document.findings_with_fixes if one.code == "C01"]:
        window.document.apply("Fix", fixes[0].apply(window.document.project))
    assert window.document.network.input_shape == (12, 16, 3)
    assert window.document.analysis.rows[-1].output_shape == (2,)
    assert drop(window, pets)
    qtbot.waitUntil(lambda: "learns from the pictures in pets now" in window.messages.text.text())


def test_a_folder_dropped_on_the_data_page_is_refused_below_the_cards(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window.show_page("data")
    project = window.document.project
    (tmp_path / "empty").mkdir()
    assert drop_from_outside(window.pages.data, mime_of(tmp_path / "empty"), QPoint(20, 10))
    qtbot.waitUntil(lambda: "empty holds no class folders" in window.pages.data.choice.refusal)
    assert window.document.project == project


def test_a_project_that_is_opened_meanwhile_does_not_get_the_folder(
    window: MainWindow, qtbot: QtBot, pets: Path
) -> None:
    assert drop(window, pets)
    window.document.open(Project(network=window.document.network), None)
    search = window.pages.data.choice.search
    qtbot.waitUntil(lambda: not search.is_busy)
    assert window.document.project.data.source is None
    assert window.pages.key == "build"


def test_another_folder_gives_one_sentence_and_changes_nothing(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    project = window.document.project
    (tmp_path / "cats").mkdir()
    assert drop(window, tmp_path / "cats")
    qtbot.waitUntil(lambda: "cats holds no class folders" in window.messages.text.text())
    assert window.messages.isVisible()
    assert (window.document.project, window.pages.key) == (project, "build")


@pytest.mark.parametrize("place", ["header", "canvas", "panel"])
def test_of_several_files_none_is_opened_and_a_sentence_says_so(window: MainWindow, place: str) -> None:
    before = window.document.project
    assert drop(window, WEIGHTS, WEIGHTS, WEIGHTS, on=place)
    assert window.messages.isVisible()
    assert window.messages.text.text().startswith("3 files or folders were dropped")
    assert (window.document.project, window.pages.key) == (before, "build")


def test_what_was_said_of_a_drop_goes_when_the_next_is_opened(window: MainWindow) -> None:
    assert drop(window, WEIGHTS, WEIGHTS)
    assert window.messages.isVisible()
    assert drop(window, resource_path("photos", "coffee.png"))
    assert not window.messages.isVisible()


def test_an_address_of_the_web_is_not_opened_and_a_sentence_says_so(window: MainWindow) -> None:
    web = QMimeData()
    web.setUrls([QUrl("https://example.org/net.cnnstudio")])
    assert drop_from_outside(window.header, web, QPoint(20, 10))
    assert window.messages.text.text().startswith("Only files of this machine can be opened.")
    assert window.pages.key == "build"


def test_text_that_is_dropped_beside_the_fields_is_not_taken(window: MainWindow) -> None:
    text = QMimeData()
    text.setText("https://example.org")
    assert not drop_from_outside(window.header, text, QPoint(20, 10))
    assert not window.messages.isVisible()


def test_a_keras_archive_is_shown_on_inspect(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    import keras

    path = tmp_path / "tiny.keras"
    keras.Sequential([keras.Input((6, 6, 1)), keras.layers.Conv2D(2, 3, name="edges")]).save(path)
    assert drop(window, path)
    assert window.pages.key == "inspect"
    layers = window.pages.inspect.layers
    qtbot.waitUntil(lambda: layers.model().rowCount() > 0)
    shown = [layers.model().index(row, 0).data() for row in range(layers.model().rowCount())]
    assert any("edges" in str(text) for text in shown)
