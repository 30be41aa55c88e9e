"""The bar below every page: picture, answer, checkpoint and run, by real keys, clicks and drops."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cnnstudio.core.layers import Conv2D, Dense, Flatten, Input, Rescaling
from cnnstudio.core.network import Network
from cnnstudio.core.project import Project
from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.project.sources import Included
from cnnstudio.core.project.training import TrainingSettings
from cnnstudio.core.tasks import Reconstruction
from cnnstudio.engine.data import facts_of
from cnnstudio.engine.evaluation import answers
from cnnstudio.engine.evaluation.network import TrainedNetwork, as_sample, open_network
from cnnstudio.engine.files.photos import PHOTOS
from cnnstudio.engine.files.projects import open_project, save_project
from cnnstudio.engine.interpret.choices import DataPicture
from cnnstudio.engine.interpret.pictures import read_picture
from cnnstudio.engine.runs.folder import PROJECT_FILE, Run, read_run
from cnnstudio.engine.runs.names import run_name
from cnnstudio.engine.runs.story import story_of
from cnnstudio.engine.training.stopping import never
from cnnstudio.engine.training.trainer import TrainingJob, train
from cnnstudio.gui.pages.inspector.page import InspectPage
from cnnstudio.gui.pages.inspector.views.kernels import KernelGallery
from cnnstudio.gui.window.main_window import MainWindow
from cnnstudio.gui.window.selection_bar import SelectionBar
from tests.core.pictures import stack
from tests.gui.dragging import drop_from_outside
from tests.gui.drive import click

FIRST, SECOND = DataPicture("training", 0), DataPicture("training", 1)


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of two epochs over a few digits."""
    layers = (
        Input(name="input"),
        Rescaling(name="rescale"),
        Conv2D(name="conv1", filters=2, strides=(2, 2)),
        Flatten(name="flatten"),
        Dense(name="dense", units=10, activation="softmax"),
    )
    project = Project(
        network=Network(layers=layers),
        data=DataChoice(source=Included(), limit=200),
        training=TrainingSettings(epochs=2),
    )
    folder = tmp_path_factory.mktemp("runs") / "20261130T221000Z-digits"
    folder.mkdir()
    train(TrainingJob(project, folder), lambda event: None, never)
    return folder


@pytest.fixture
def bar(qtbot: QtBot, window: MainWindow) -> SelectionBar:
    window.selection_bar.allow_pictures()
    ready(qtbot, window.selection_bar)
    return window.selection_bar


def ready(qtbot: QtBot, bar: SelectionBar) -> None:
    qtbot.waitUntil(lambda: not bar.is_busy, timeout=60_000)


def show_run(window: MainWindow, folder: Path) -> None:
    window.run.story = story_of(read_run(folder))
    window.run.changed.emit()


def shown(bar: SelectionBar) -> str:
    return bar.picture.title.whole_text()


def test_before_it_is_allowed_nothing_is_read(window: MainWindow) -> None:
    window.selection.set_picture(PHOTOS[0])
    assert not window.selection_bar.is_busy
    assert shown(window.selection_bar) == "No picture"


def test_it_is_seen_below_every_page_and_fits_the_narrowest_window(window: MainWindow) -> None:
    for page in ("build", "inspect"):
        window.show_page(page)
        window.resize(960, 620)
        QApplication.processEvents()
        bar = window.selection_bar
        assert (window.width(), window.height()) == (960, 620)
        assert (bar.width(), bar.height()) == (960, 64)
        assert bar.geometry().bottom() == window.pages.geometry().bottom() + 64
        assert all(part.geometry().right() <= 960 for part in (bar.answer, bar.checkpoint, bar.run_name))


def test_the_arrows_go_through_the_pictures_of_the_data(
    qtbot: QtBot, window: MainWindow, bar: SelectionBar
) -> None:
    assert shown(bar).endswith("training image 1")
    assert not bar.picture.previous.isEnabled()
    click(bar.picture.next)
    ready(qtbot, bar)
    assert window.selection.picture == SECOND
    assert shown(bar).endswith("training image 2")
    bar.picture.previous.setFocus()
    QTest.keyClick(bar.picture.previous, Qt.Key.Key_Space)
    ready(qtbot, bar)
    assert window.selection.picture == FIRST


def test_from_a_photo_the_way_leads_to_the_data(qtbot: QtBot, window: MainWindow, bar: SelectionBar) -> None:
    next(action for action in bar.picture.menu.actions() if action.text() == PHOTOS[0].title).trigger()
    ready(qtbot, bar)
    assert shown(bar) == PHOTOS[0].title
    click(bar.picture.next)
    ready(qtbot, bar)
    assert window.selection.picture == FIRST


def test_a_picture_that_is_selected_elsewhere_is_shown(
    qtbot: QtBot, window: MainWindow, bar: SelectionBar
) -> None:
    window.selection.set_picture(DataPicture("test", 4))
    ready(qtbot, bar)
    assert shown(bar).endswith("test image 5")
    assert bar.picture.thumbnail.accessibleName().startswith(f"Picture: {shown(bar)}")


def drop(bar: SelectionBar, path: Path) -> bool:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    return drop_from_outside(bar, mime, QPoint(200, 30))


def test_a_picture_file_that_is_dropped_on_it_is_selected_and_the_page_stays(
    qtbot: QtBot, window: MainWindow, bar: SelectionBar
) -> None:
    assert drop(bar, PHOTOS[3].path)
    ready(qtbot, bar)
    assert window.selection.picture == PHOTOS[3].path
    assert shown(bar) == PHOTOS[3].path.name
    assert window.pages.key == "build"


def test_a_file_that_is_no_picture_leaves_the_one_before_and_is_explained(
    qtbot: QtBot, window: MainWindow, bar: SelectionBar, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    with qtbot.waitSignal(bar.failed):
        drop(bar, broken)
    assert window.selection.picture == FIRST
    assert shown(bar).endswith("training image 1")
    assert "broken.png" in window.messages.text.text()


def test_a_picture_that_is_gone_is_said_in_its_place(
    qtbot: QtBot, window: MainWindow, bar: SelectionBar
) -> None:
    window.selection.set_picture(DataPicture("training", 10_000_000))
    ready(qtbot, bar)
    assert shown(bar) == "No picture"
    assert "There is no training image 10,000,001" in bar.picture.hint.whole_text()


def test_without_a_run_there_is_no_answer_and_no_checkpoint(window: MainWindow) -> None:
    bar = window.selection_bar
    assert bar.run_name.whole_text() == "No run yet"
    assert bar.answer.text == "The network answers once it has been trained."
    assert not any(bar.checkpoint.button(one).isEnabled() for one in ("best", "last"))


def test_the_network_answers_with_its_two_likeliest_classes(
    qtbot: QtBot, window: MainWindow, bar: SelectionBar, run_folder: Path
) -> None:
    show_run(window, run_folder)
    bar.allow_answers()
    ready(qtbot, bar)
    run = read_run(run_folder)
    picture = read_picture(FIRST, window.document.project.data)
    network = open_network(run)
    facts = facts_of(run.project.data)
    assert facts is not None
    given = as_sample(picture.pixels, facts, run)
    shares = network.shares_of(network.model.predict_on_batch(given[None]))[0]
    best, second = sorted(range(10), key=lambda one: -shares[one])[:2]
    assert [name for name, _ in bar.answer.classes] == [str(best), str(second)]
    assert bar.answer.classes[0][1] == pytest.approx(shares[best], abs=1e-5)
    before = bar.answer.classes
    click(bar.picture.next)
    ready(qtbot, bar)
    assert bar.answer.classes != before
    assert bar.answer.accessibleName().startswith(f"The network’s answer: {bar.answer.classes[0][0]} ")


def test_the_checkpoint_is_chosen_by_keyboard_and_the_answer_follows(
    qtbot: QtBot, window: MainWindow, bar: SelectionBar, run_folder: Path
) -> None:
    show_run(window, run_folder)
    bar.allow_answers()
    ready(qtbot, bar)
    button = bar.checkpoint.button("best")
    assert "epoch" in button.text()
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Right)
    assert window.selection.checkpoint == "last"
    assert bar.checkpoint.button("last").accessibleName() == "Checkpoint: Last, epoch 2"
    ready(qtbot, bar)
    assert len(bar.answer.classes) == 2


def test_the_network_is_opened_once_for_many_pictures(
    qtbot: QtBot, window: MainWindow, bar: SelectionBar, run_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def counted(run: Run, checkpoint: str) -> TrainedNetwork:
        opened.append(checkpoint)
        return open_network(run, checkpoint)

    monkeypatch.setattr(answers, "open_network", counted)
    show_run(window, run_folder)
    bar.allow_answers()
    ready(qtbot, bar)
    for _ in range(2):
        click(bar.picture.next)
        ready(qtbot, bar)
    assert opened == ["best"]
    window.selection.set_checkpoint("last")
    ready(qtbot, bar)
    assert opened == ["best", "last"]


def test_while_a_training_runs_the_network_is_not_asked(
    qtbot: QtBot, window: MainWindow, bar: SelectionBar, run_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    show_run(window, run_folder)
    monkeypatch.setattr(type(window.training), "is_running", property(lambda session: True))
    bar.allow_answers()
    assert not bar.answer.is_busy
    assert bar.answer.text == "The network answers once the training has ended."
    monkeypatch.undo()
    window.training.running_changed.emit(False)
    ready(qtbot, bar)
    assert len(bar.answer.classes) == 2


def test_of_another_task_only_its_text_is_shown(
    qtbot: QtBot, window: MainWindow, bar: SelectionBar, run_folder: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "20261130T221000Z-copies"
    shutil.copytree(run_folder, folder)
    project = open_project(folder / PROJECT_FILE)
    save_project(project.with_task(Reconstruction()), folder / PROJECT_FILE)
    show_run(window, folder)
    bar.allow_answers()
    ready(qtbot, bar)
    assert bar.answer.classes == ()
    assert bar.answer.text.startswith("Reconstruction")


def test_weights_that_cannot_be_read_are_explained(
    qtbot: QtBot, window: MainWindow, bar: SelectionBar, run_folder: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "20261130T221000Z-broken"
    shutil.copytree(run_folder, folder)
    show_run(window, folder)
    (folder / "best.weights.h5").write_bytes(b"nothing")
    bar.allow_answers()
    ready(qtbot, bar)
    assert "does not fit the network of its run" in bar.answer.text


def test_a_run_is_named_by_when_it_began() -> None:
    assert run_name(Path("/runs/20261130T121000Z-digits")).startswith("run 30 Nov, ")
    assert run_name(Path("/runs/mine")) == "run mine"


def test_the_inspector_shows_the_selected_picture_and_selects_others(
    qtbot: QtBot, window: MainWindow, bar: SelectionBar
) -> None:
    response = window.pages.inspect.response
    window.show_page("inspect")
    window.selection.set_picture(SECOND)
    qtbot.waitUntil(lambda: not response.is_busy and not bar.is_busy)
    assert response.picture is not None
    assert response.picture.choice == SECOND
    assert (response.bar.sources.currentIndex(), response.bar.index.value()) == (0, 2)
    response.bar.index.stepUp()
    qtbot.waitUntil(lambda: not response.is_busy and not bar.is_busy)
    assert window.selection.picture == DataPicture("training", 2)
    assert shown(bar).endswith("training image 3")
    response.open_picture(PHOTOS[1])
    qtbot.waitUntil(lambda: not response.is_busy and not bar.is_busy)
    assert shown(bar) == PHOTOS[1].title


def opened_in(page: InspectPage) -> str:
    return "" if page.store.file is None else page.store.file.path.name


def test_the_inspector_follows_the_checkpoint_of_its_run_and_leaves_other_files(
    qtbot: QtBot, window: MainWindow, bar: SelectionBar, run_folder: Path, tmp_path: Path
) -> None:
    inspect = window.pages.inspect
    show_run(window, run_folder)
    inspect.show_run_best(run_folder / "best.weights.h5")
    qtbot.waitUntil(lambda: opened_in(inspect) == "best.weights.h5")
    click(bar.checkpoint.button("last"))
    qtbot.waitUntil(lambda: opened_in(inspect) == "last.weights.h5")
    other = tmp_path / "other.weights.h5"
    shutil.copy(run_folder / "best.weights.h5", other)
    inspect.open_file(other)
    qtbot.waitUntil(lambda: opened_in(inspect) == other.name)
    window.selection.set_checkpoint("best")
    qtbot.wait(50)
    assert opened_in(inspect) == other.name


def test_layer_and_filter_are_the_same_in_build_and_in_the_inspector(
    qtbot: QtBot, window: MainWindow, bar: SelectionBar, run_folder: Path
) -> None:
    window.document.open(open_project(run_folder / PROJECT_FILE), None)
    inspect, document = window.pages.inspect, window.document
    show_run(window, run_folder)
    document.select(("conv1",))
    inspect.show_run_best(run_folder / "best.weights.h5")
    qtbot.waitUntil(lambda: inspect.layers.currentIndex().data() == "conv1")
    document.select(("dense",))
    qtbot.waitUntil(lambda: inspect.layers.currentIndex().data() == "dense")
    window.show_page("inspect")
    inspect.layers.setFocus()
    with qtbot.waitSignal(inspect.shown):
        QTest.keyClick(inspect.layers, Qt.Key.Key_Up)
    assert document.selection == ("conv1",)
    gallery = inspect.weight.stack.currentWidget()
    assert isinstance(gallery, KernelGallery)
    QTest.keyClick(gallery.list, Qt.Key.Key_Right)
    assert window.selection.unit == 1
    # The weights of another epoch show the same filter.
    with qtbot.waitSignal(inspect.shown):
        window.selection.set_checkpoint("last")
    assert gallery.tiles.first + gallery.list.currentIndex().row() == 1
    window.selection.set_unit(0)
    assert gallery.list.currentIndex().row() == 0
    document.select(("flatten",))
    assert inspect.layers.currentIndex().data() == "conv1", "the file has no weights of that layer"


def test_layers_of_another_file_are_not_selected_in_build(
    qtbot: QtBot, window: MainWindow, bar: SelectionBar, run_folder: Path, tmp_path: Path
) -> None:
    window.document.open(open_project(run_folder / PROJECT_FILE), None)
    other = tmp_path / "other.weights.h5"
    shutil.copy(run_folder / "best.weights.h5", other)
    inspect = window.pages.inspect
    with qtbot.waitSignal(inspect.shown):
        inspect.open_file(other)
    with qtbot.waitSignal(inspect.shown):
        QTest.keyClick(inspect.layers, Qt.Key.Key_Down)
    assert window.document.selection == ()


def test_the_weights_of_a_run_leave_the_inspector_with_its_project(
    qtbot: QtBot, window: MainWindow, bar: SelectionBar, run_folder: Path, tmp_path: Path
) -> None:
    inspect = window.pages.inspect
    show_run(window, run_folder)
    inspect.show_run_best(run_folder / "best.weights.h5")
    qtbot.waitUntil(lambda: opened_in(inspect) == "best.weights.h5")
    window.document.open(Project(network=stack("flatten dense(3,softmax)")), None)
    qtbot.waitUntil(lambda: opened_in(inspect) == "")
    assert inspect.weight.stack.currentWidget() is inspect.weight.empty
    assert inspect.card.name.whole_text() == "No weights open"
    assert not inspect.layers.isVisibleTo(inspect)
    other = tmp_path / "other.weights.h5"
    shutil.copy(run_folder / "best.weights.h5", other)
    inspect.open_file(other)
    qtbot.waitUntil(lambda: opened_in(inspect) == other.name)
    window.document.open(Project(network=stack("flatten dense(4,softmax)")), None)
    qtbot.wait(50)
    assert opened_in(inspect) == other.name


def test_the_pictures_in_the_blocks_follow_the_checkpoint(
    monkeypatch: pytest.MonkeyPatch, window: MainWindow, bar: SelectionBar, run_folder: Path
) -> None:
    used: list[Path | None] = []
    monkeypatch.setattr(window.pages.build.previews, "set_weights", used.append)
    show_run(window, run_folder)
    click(bar.checkpoint.button("last"))
    click(bar.checkpoint.button("best"))
    names = [path.name for path in used if path is not None]
    assert list(dict.fromkeys(names)) == ["best.weights.h5", "last.weights.h5"]
    assert names[-1] == "best.weights.h5"


def test_the_pictures_in_the_blocks_follow_the_picture(
    qtbot: QtBot, window: MainWindow, bar: SelectionBar
) -> None:
    previews = window.pages.build.previews
    previews.allow()
    previews.set_on(True)
    qtbot.waitUntil(lambda: "input" in previews.pictures, timeout=60_000)
    before = previews.pictures["input"].preview
    click(bar.picture.next)
    qtbot.waitUntil(
        lambda: not previews.pictures["input"].is_stale and previews.pictures["input"].preview != before,
        timeout=60_000,
    )


def test_without_data_the_bar_asks_for_a_picture_and_the_page_alone_says_what_is_missing(
    qtbot: QtBot, window: MainWindow, bar: SelectionBar
) -> None:
    window.document.open(Project(network=stack("c=conv(4,3)"), data=DataChoice(source=None)), None)
    qtbot.waitUntil(lambda: bar.picture.title.whole_text() == "No picture")
    assert bar.picture.hint.whole_text() == "Choose or drop one"


def test_a_picture_is_put_right_from_the_bar_of_every_page(
    qtbot: QtBot, window: MainWindow, bar: SelectionBar
) -> None:
    ready(qtbot, bar)
    document, part = window.document, bar.picture
    window.show_page("train")
    first = part.title.whole_text()
    part.menu.aboutToShow.emit()
    of_class = first.split(",")[0]
    assert [action.text() for action in part.classes.actions() if not action.isEnabled()] == [of_class]
    other = next(action for action in part.classes.actions() if action.isEnabled())
    part.classes.triggered.emit(other)
    qtbot.waitUntil(lambda: part.title.whole_text() == first.replace(of_class, other.text(), 1))
    assert list(document.project.data.corrections.relabelled.values()) == [other.text()]
    part.menu.aboutToShow.emit()
    back = next(action for action in part.classes.actions() if action.text() == of_class)
    part.classes.triggered.emit(back)
    assert not document.project.data.corrections.relabelled, "it is what it always was"
    qtbot.waitUntil(lambda: part.title.whole_text() == first)
    part.menu.aboutToShow.emit()
    part.leave_out.trigger()
    assert len(document.project.data.corrections.left_out) == 1
    qtbot.waitUntil(lambda: part.title.whole_text() != first or part.is_busy is False)
    document.undo_stack.undo()
    qtbot.waitUntil(lambda: part.title.whole_text() == first)


def test_a_photo_has_nothing_to_put_right(qtbot: QtBot, window: MainWindow, bar: SelectionBar) -> None:
    ready(qtbot, bar)
    bar.picture.choose(PHOTOS[0])
    qtbot.waitUntil(lambda: bar.picture.title.whole_text() == PHOTOS[0].title)
    bar.picture.menu.aboutToShow.emit()
    assert not bar.picture.classes.isEnabled()
    assert not bar.picture.leave_out.isEnabled()
