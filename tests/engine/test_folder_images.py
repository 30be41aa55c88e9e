"""The pictures of a folder as arrays, and training on them."""

import os
from pathlib import Path
from threading import Event as Flag
from threading import Thread

import numpy as np
import pytest
from PIL import Image

from cnnstudio.core.analysis import analyze
from cnnstudio.core.project import Project
from cnnstudio.core.project.data import DataChoice, FolderSource
from cnnstudio.core.project.training import Adam, TrainingSettings
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine import data as datasets
from cnnstudio.engine.data.folder import images
from cnnstudio.engine.data.folder.cache import FolderCache
from cnnstudio.engine.data.folder.files import class_files, scrambled
from cnnstudio.engine.data.folder.images import read
from cnnstudio.engine.data.folder.scan import scan
from cnnstudio.engine.interpret.previews import Previewer, Request
from cnnstudio.engine.training.events import EpochEnded, Finished, Stopped, Warned
from cnnstudio.engine.training.stopping import StopRequested, never
from cnnstudio.engine.training.trainer import TrainingJob, train
from tests.core.pictures import stack
from tests.engine.small import Listener
from tests.folders import class_folders, write_picture


@pytest.fixture
def source(tmp_path: Path) -> FolderSource:
    """Forty dark and forty bright pictures, looked through."""
    return scan(class_folders(tmp_path / "shades", {"dark": 40, "light": 40}))


def choice_of(source: FolderSource, **changes: object) -> DataChoice:
    return DataChoice().with_folder(source.model_copy(update=changes))


def resized_by_pillow(path: Path, size: tuple[int, int]) -> np.ndarray:
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB").resize((size[1], size[0]), Image.Resampling.BICUBIC))


def test_the_arrays_are_what_the_facts_promise(source: FolderSource) -> None:
    facts = datasets.facts_of(choice_of(source))
    data = datasets.load(choice_of(source))
    assert facts.title == "shades"
    assert facts.class_names == data.class_names == ("dark", "light")
    assert len(data.x_train) + len(data.x_val) == facts.train_count == 72
    assert len(data.x_test) == facts.test_count == 8
    assert data.x_train.shape[1:] == facts.sample_shape == (8, 8, 3)
    assert data.x_train.dtype == np.uint8
    assert data.note == ""
    means = data.x_train.mean(axis=(1, 2, 3))
    assert np.array_equal(means > 128, data.y_train == 1)


def test_the_first_pictures_are_of_all_classes_and_always_the_same(source: FolderSource) -> None:
    first, again = read(source), read(source)
    assert set(first.y_train[:20]) == {0, 1}
    assert np.array_equal(first.x_train, again.x_train)
    assert first.fingerprint == again.fingerprint


def test_facts_are_known_where_the_folder_is_not(source: FolderSource) -> None:
    elsewhere = choice_of(source, path="/nowhere/shades")
    assert datasets.facts_of(elsewhere) == datasets.facts_of(choice_of(source))
    with pytest.raises(StudioError, match="There is no folder /nowhere/shades"):
        datasets.load(elsewhere)


@pytest.mark.parametrize("size", [(8, 8), (5, 11), (1, 1), (30, 20)])
def test_pictures_are_resized_as_pillow_does(source: FolderSource, size: tuple[int, int]) -> None:
    found = read(source.model_copy(update={"size": size}))
    one = resized_by_pillow(next(iter(sorted(Path(source.path).glob("dark/*.png")))), size)
    assert any(np.array_equal(one, picture) for picture in (*found.x_train, *found.x_test))


def test_gray_is_the_luma_of_the_colors(source: FolderSource) -> None:
    colored = read(source).x_train
    gray = read(source.model_copy(update={"colors": "gray"})).x_train
    assert gray.shape == (*colored.shape[:3], 1)
    luma = colored @ np.array((0.299, 0.587, 0.114))
    assert np.abs(gray[..., 0] - luma).max() <= 0.5001


def test_a_large_jpeg_is_decoded_small_and_looks_the_same(tmp_path: Path) -> None:
    ramp = np.linspace(0, 255, 1600, dtype=np.uint8)[None, :, None].repeat(1200, 0).repeat(3, 2)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        for number in range(2):
            Image.fromarray(ramp).save(tmp_path / name / f"{number}.jpg", quality=95)
    source = scan(tmp_path)
    assert source.size == (48, 64)
    expected = resized_by_pillow(tmp_path / "a" / "0.jpg", source.size)
    assert np.abs(read(source).x_train[0].astype(int) - expected).max() <= 3


def test_the_orientation_of_the_camera_is_applied(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    lying = np.zeros((16, 16, 3), np.uint8)
    lying[:, :8] = 255
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        for number in range(2):
            Image.fromarray(lying).save(tmp_path / name / f"{number}.jpg", exif=exif, quality=95)
    picture = read(scan(tmp_path)).x_train[0]
    assert picture[:7].mean() > 240
    assert picture[9:].mean() < 15


def test_a_few_damaged_pictures_are_left_out_and_told(source: FolderSource) -> None:
    root = Path(source.path)
    (root / "dark" / "005.png").write_bytes(b"")
    whole = (root / "light" / "007.png").read_bytes()
    (root / "light" / "007.png").write_bytes(whole[: len(whole) // 2])
    data = datasets.load(choice_of(source))
    assert len(data.x_train) + len(data.x_val) + len(data.x_test) == 78
    assert data.note.startswith("2 pictures of 80 cannot be read and left out; the first: ")
    assert "light/007.png is a damaged picture" in data.note


def test_more_than_one_in_ten_damaged_is_an_error_that_names_the_first(source: FolderSource) -> None:
    for number in range(20, 29):
        (Path(source.path) / "dark" / f"{number:03d}.png").write_bytes(b"no picture")
    with pytest.raises(StudioError, match=r"More than 1 in 10 of 80 .*first: .*/02[0-8]\.png is no picture"):
        read(source)


def test_a_class_of_which_nothing_can_be_read_is_an_error(tmp_path: Path) -> None:
    source = scan(class_folders(tmp_path, {"a": 2, "b": 60}))
    for path in (tmp_path / "a").iterdir():
        path.write_bytes(b"no picture")
    with pytest.raises(StudioError, match="No picture of the class a in"):
        read(source)


def test_a_picture_that_would_fill_the_memory_is_left_out(source: FolderSource) -> None:
    header = bytearray((Path(source.path) / "dark" / "000.png").read_bytes())
    header[16:24] = (200_000).to_bytes(4, "big") * 2
    (Path(source.path) / "dark" / "000.png").write_bytes(header)
    note = read(source).note
    assert "000.png" in note
    assert "1 picture of 80" in note


def test_other_classes_than_the_project_says_are_refused(source: FolderSource) -> None:
    (Path(source.path) / "dark").rename(Path(source.path) / "night")
    with pytest.raises(StudioError, match=r"holds other classes .*: dark is gone and night is new"):
        read(source)


def test_pictures_that_would_not_fit_the_memory_are_refused_before_any_is_read(
    source: FolderSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(images, "free_memory", lambda: 1_000_000)
    large = source.model_copy(update={"size": (1024, 1024)})
    with pytest.raises(
        StudioError, match=r"80 pictures of 1024 x 1024 x 3 take 480 MB .* Choose a smaller size"
    ):
        read(large)
    monkeypatch.setattr(images, "free_memory", lambda: None)
    assert len(read(source).x_train) == 72


def test_reading_stops_when_it_is_asked_to(source: FolderSource) -> None:
    asked: list[int] = []

    def should_stop() -> bool:
        asked.append(1)
        return len(asked) == 2

    with pytest.raises(StopRequested):
        read(source, should_stop)
    assert len(asked) == 2


def test_the_same_folder_is_read_once_until_a_file_changes(source: FolderSource) -> None:
    shelf = FolderCache()
    first = shelf.images(source, never)
    assert shelf.images(source, never) is first
    assert shelf.images(source.model_copy(update={"size": (4, 4)}), never) is not first
    second = shelf.images(source, never)
    file = write_picture(Path(source.path) / "dark" / "000.png", 250)
    os.utime(file, ns=(1, 1))
    assert shelf.images(source, never) is not second


def test_who_waits_for_another_reader_can_be_stopped(source: FolderSource) -> None:
    shelf, reading, go = FolderCache(), Flag(), Flag()

    def slow() -> bool:
        reading.set()
        return not go.wait(30)

    reader = Thread(target=lambda: shelf.images(source, slow))
    reader.start()
    assert reading.wait(30)
    with pytest.raises(StopRequested):
        shelf.images(source, lambda: True)
    go.set()
    reader.join(30)
    assert not reader.is_alive()


def test_the_picture_in_the_blocks_is_the_first_to_learn_from_and_no_other_is_read(
    source: FolderSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = read(source).x_train[0]
    monkeypatch.setattr(images, "read_files", None)
    assert np.array_equal(datasets.first_image(choice_of(source)), expected)
    analysis = analyze(stack("conv(4,3)", (8, 8, 3)))
    pictures = Previewer().pictures(Request(analysis, choice_of(source)))
    assert pictures is not None
    assert set(pictures) == {"input", "conv1"}


def test_first_pictures_that_cannot_be_read_are_passed_over(source: FolderSource) -> None:
    expected = read(source).x_train[2]
    training = (path for one in class_files(Path(source.path)) for path in one.training)
    for path in sorted(training, key=scrambled)[:2]:
        Path(path).write_bytes(b"")
    assert np.array_equal(datasets.first_image(choice_of(source)), expected)
    for file in Path(source.path).glob("*/*.png"):
        file.write_bytes(b"")
    with pytest.raises(StudioError, match="is no picture that can be read"):
        datasets.first_image(choice_of(source))


def project_of(source: FolderSource, epochs: int = 2) -> Project:
    network = stack("rescale conv(4,3) relu flatten dense(2,softmax)", source.sample_shape)
    settings = TrainingSettings(optimizer=Adam(learning_rate=0.01), epochs=epochs, batch_size=8)
    return Project(network=network, data=choice_of(source), training=settings)


def test_two_epochs_tell_bright_pictures_from_dark_ones(source: FolderSource, tmp_path: Path) -> None:
    (Path(source.path) / "dark" / "000.png").write_bytes(b"")
    listener = Listener()
    (tmp_path / "run").mkdir()
    train(TrainingJob(project_of(source), tmp_path / "run"), listener.emit, listener.should_stop)
    assert isinstance(listener.ending, Finished)
    assert listener.all_of(EpochEnded)[-1].val_accuracy >= 0.95
    assert "1 picture of 80 cannot be read" in listener.all_of(Warned)[0].message


def test_training_stops_while_pictures_are_read(source: FolderSource, tmp_path: Path) -> None:
    listener = Listener()
    train(TrainingJob(project_of(source), tmp_path), listener.emit, lambda: True)
    assert isinstance(listener.ending, Stopped)
