"""The pictures of a folder as arrays, and training on them."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event as Flag
from threading import Thread
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from PIL import Image

from cnnstudio.core.analysis import analyze
from cnnstudio.core.project import Project
from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.project.training import Adam, TrainingSettings
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine import data as datasets
from cnnstudio.engine.data import prepare
from cnnstudio.engine.data.budget import BUDGET
from cnnstudio.engine.data.cache import CACHE, SampleCache
from cnnstudio.engine.data.catalog import PARTS
from cnnstudio.engine.data.decoded import DecodedSamples
from cnnstudio.engine.data.folder import FOLDERS
from cnnstudio.engine.data.folder.files import class_files, scrambled
from cnnstudio.engine.data.folder.images import opened
from cnnstudio.engine.data.folder.scan import FoundFolder, scan
from cnnstudio.engine.data.images import Images, Pixels
from cnnstudio.engine.data.source import Found
from cnnstudio.engine.data.stream import in_order
from cnnstudio.engine.files.images import open_image
from cnnstudio.engine.interpret.previews import Previewer, Request
from cnnstudio.engine.training.events import EpochEnded, Event, Failed, Finished, Stopped, Warned
from cnnstudio.engine.training.stopping import StopRequested, never
from cnnstudio.engine.training.trainer import TrainingJob, train
from tests.core.pictures import stack
from tests.engine.small import Listener, whole_of
from tests.folders import class_folders, write_picture


@pytest.fixture
def found(tmp_path: Path) -> FoundFolder:
    """Forty dark and forty bright pictures, looked through."""
    return scan(class_folders(tmp_path / "shades", {"dark": 40, "light": 40}))


def choice_of(found: Found, **changes: object) -> DataChoice:
    """These pictures, with other settings of the source."""
    return DataChoice().with_source(found.source.model_copy(update=changes), found.preparation)


def read_all(found: FoundFolder, **changes: object) -> Images:
    """The pictures, with other settings of the preparation."""
    return whole_of(opened(found.source, found.preparation.model_copy(update=changes)))


def to_learn_from(read: Images) -> Pixels:
    return read.pixels[: read.train_count]


def resized_by_pillow(path: Path, size: tuple[int, int]) -> np.ndarray:
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB").resize((size[1], size[0]), Image.Resampling.BICUBIC))


def test_the_arrays_are_what_the_facts_promise(found: FoundFolder) -> None:
    facts = datasets.facts_of(choice_of(found))
    data = datasets.load(choice_of(found))
    assert facts is not None
    assert facts.title == "shades"
    assert facts.class_names == data.catalog.class_names == ("dark", "light")
    training, validation, test = (data.stream(part) for part in PARTS)
    assert len(training) + len(validation) == facts.train_count == 72
    assert len(test) == facts.test_count == 8
    pixels = training.batch(np.arange(len(training))).pixels
    assert pixels.shape[1:] == facts.sample_shape == (8, 8, 3)
    assert pixels.dtype == np.uint8
    assert data.note == ""
    assert np.array_equal(pixels.mean(axis=(1, 2, 3)) > 128, training.labels == 1)


def test_a_picture_is_named_by_its_place_in_the_folder(found: FoundFolder) -> None:
    sample = datasets.load(choice_of(found)).stream("test").sample(0)
    expected = resized_by_pillow(Path(found.source.path) / sample.locator, (8, 8))
    assert np.array_equal(sample.pixels, expected)
    assert sample.locator.split("/")[0] == ("dark", "light")[sample.label]


def test_the_first_pictures_are_of_all_classes_and_always_the_same(found: FoundFolder) -> None:
    first, again = read_all(found), read_all(found)
    assert set(first.labels[:20]) == {0, 1}
    assert np.array_equal(first.pixels, again.pixels)


def test_facts_are_known_where_the_folder_is_not(found: FoundFolder) -> None:
    elsewhere = choice_of(found, path="/nowhere/shades")
    assert datasets.facts_of(elsewhere) == datasets.facts_of(choice_of(found))
    with pytest.raises(StudioError, match="There is no folder /nowhere/shades"):
        datasets.load(elsewhere)


@pytest.mark.parametrize("size", [(8, 8), (5, 11), (1, 1), (30, 20)])
def test_pictures_are_resized_as_pillow_does(found: FoundFolder, size: tuple[int, int]) -> None:
    pictures = read_all(found, size=size).pixels
    one = resized_by_pillow(next(iter(sorted(Path(found.source.path).glob("dark/*.png")))), size)
    assert any(np.array_equal(one, picture) for picture in pictures)


def test_gray_is_the_luma_of_the_colors(found: FoundFolder) -> None:
    colored = to_learn_from(read_all(found))
    gray = to_learn_from(read_all(found, colors="gray"))
    assert gray.shape == (*colored.shape[:3], 1)
    luma = colored @ np.array((0.299, 0.587, 0.114))
    assert np.abs(gray[..., 0] - luma).max() <= 0.5001


def test_a_large_jpeg_is_decoded_small_and_looks_the_same(tmp_path: Path) -> None:
    ramp = np.linspace(0, 255, 1600, dtype=np.uint8)[None, :, None].repeat(1200, 0).repeat(3, 2)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        for number in range(2):
            Image.fromarray(ramp).save(tmp_path / name / f"{number}.jpg", quality=95)
    found = scan(tmp_path)
    assert found.preparation.size == (48, 64)
    expected = resized_by_pillow(tmp_path / "a" / "0.jpg", found.preparation.size)
    assert np.abs(to_learn_from(read_all(found))[0].astype(int) - expected).max() <= 3


def test_the_orientation_of_the_camera_is_applied(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    lying = np.zeros((16, 16, 3), np.uint8)
    lying[:, :8] = 255
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        for number in range(2):
            Image.fromarray(lying).save(tmp_path / name / f"{number}.jpg", exif=exif, quality=95)
    picture = to_learn_from(read_all(scan(tmp_path)))[0]
    assert picture[:7].mean() > 240
    assert picture[9:].mean() < 15


def test_a_few_damaged_pictures_are_left_out_and_told(found: FoundFolder) -> None:
    root = Path(found.source.path)
    (root / "dark" / "005.png").write_bytes(b"")
    whole = (root / "light" / "007.png").read_bytes()
    (root / "light" / "007.png").write_bytes(whole[: len(whole) // 2])
    data = datasets.load(choice_of(found))
    assert data.note == ""
    read = [len(batch.labels) for part in PARTS for batch in in_order(data.stream(part), 7)]
    assert sum(read) == 78
    assert data.note.startswith("2 pictures of 80 cannot be read and are left out; the first: ")
    assert "is no picture that can be read" in data.note or "is a damaged picture" in data.note


def test_more_than_one_in_ten_damaged_is_an_error_that_names_the_first(found: FoundFolder) -> None:
    for number in range(20, 29):
        (Path(found.source.path) / "dark" / f"{number:03d}.png").write_bytes(b"no picture")
    with pytest.raises(StudioError, match=r"More than 1 in 10 of 80 .*first: .*/02[0-8]\.png is no picture"):
        read_all(found)


def test_a_picture_that_would_fill_the_memory_is_left_out(found: FoundFolder) -> None:
    header = bytearray((Path(found.source.path) / "dark" / "000.png").read_bytes())
    header[16:24] = (200_000).to_bytes(4, "big") * 2
    (Path(found.source.path) / "dark" / "000.png").write_bytes(header)
    note = read_all(found).note
    assert "000.png" in note
    assert "1 picture of 80" in note


def test_other_classes_than_the_project_says_are_refused(found: FoundFolder) -> None:
    (Path(found.source.path) / "dark").rename(Path(found.source.path) / "night")
    with pytest.raises(StudioError, match=r"holds other classes .*: dark is gone and night is new"):
        read_all(found)


def test_decoded_pictures_are_kept_as_far_as_the_budget_goes_and_no_further(
    found: FoundFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which is what later epochs gain by."""
    opened_paths = counted_openings(monkeypatch)
    monkeypatch.setattr(BUDGET, "most_bytes", 30 * 8 * 8 * 3 * 5 // 4)
    samples = opened(found.source, found.preparation)
    first, again = (samples.read(np.arange(80)).pixels for _ in range(2))
    assert np.array_equal(first, again)
    assert samples.kept_bytes == 30 * 8 * 8 * 3
    # All in the first round, and in the second those for which there was no room.
    assert len(opened_paths) == 80 + 50
    assert np.array_equal(samples.read(np.arange(80)[::-1]).pixels, first[::-1])


def test_a_batch_leaves_out_what_cannot_be_read_and_keeps_its_labels_in_step(found: FoundFolder) -> None:
    stream = datasets.load(choice_of(found)).stream("training")
    whole = stream.batch(np.arange(6))
    lost = Path(found.source.path) / stream.sample(2).locator
    lost.write_bytes(b"no picture at all")
    stream = datasets.load(choice_of(found)).stream("training")
    batch = stream.batch(np.arange(6))
    assert batch.places.tolist() == [0, 1, 3, 4, 5]
    assert np.array_equal(batch.labels, whole.labels[batch.places])
    assert np.array_equal(batch.pixels, whole.pixels[batch.places])
    with pytest.raises(StudioError, match="is no picture that can be read"):
        stream.sample(2)


def test_many_threads_read_the_same_pictures_as_one(found: FoundFolder) -> None:
    samples, alone = (opened(found.source, found.preparation) for _ in range(2))
    rows = [np.random.default_rng(seed).permutation(80) for seed in range(12)]
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(samples.read, rows))
    for order, taken in zip(rows, together, strict=True):
        assert np.array_equal(taken.pixels, alone.read(order).pixels)


def test_the_fingerprint_is_that_of_the_files_wherever_they_are(found: FoundFolder, tmp_path: Path) -> None:
    first = opened(found.source, found.preparation).fingerprint
    root = Path(found.source.path).rename(tmp_path / "moved")
    moved = found.source.model_copy(update={"path": str(root)})
    smaller = found.preparation.model_copy(update={"size": (4, 4)})
    assert opened(moved, found.preparation).fingerprint == opened(moved, smaller).fingerprint == first
    with (root / "dark" / "000.png").open("ab") as file:
        file.write(b"longer")
    assert opened(moved, found.preparation).fingerprint != first


def test_opening_a_folder_of_deep_pictures_stops_when_it_is_asked_to(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        for number in range(3):
            Image.fromarray(np.full((4, 4), 900 + number, np.uint16)).save(tmp_path / name / f"{number}.png")
    found = scan(tmp_path)
    with pytest.raises(StopRequested):
        opened(found.source.model_copy(update={"levels": None}), found.preparation, lambda: True)


def test_the_same_folder_is_opened_once_until_a_file_changes(found: FoundFolder) -> None:
    cache, source, preparation = SampleCache(), found.source, found.preparation
    first = cache.samples(FOLDERS, source, preparation, never)
    assert cache.samples(FOLDERS, source, preparation, never) is first
    smaller = preparation.model_copy(update={"size": (4, 4)})
    assert cache.samples(FOLDERS, source, smaller, never) is not first
    second = cache.samples(FOLDERS, source, preparation, never)
    file = write_picture(Path(source.path) / "dark" / "000.png", 250)
    os.utime(file, ns=(1, 1))
    assert cache.samples(FOLDERS, source, preparation, never) is not second


def test_who_waits_for_another_reader_can_be_stopped(found: FoundFolder) -> None:
    cache, opening, go = SampleCache(), Flag(), Flag()

    def slow(*asked: Any) -> DecodedSamples:
        opening.set()
        assert go.wait(30)
        return opened(*asked)

    kind = replace(FOLDERS, open=slow)
    reader = Thread(target=lambda: cache.samples(kind, found.source, found.preparation, never))
    reader.start()
    assert opening.wait(30)
    with pytest.raises(StopRequested):
        cache.samples(kind, found.source, found.preparation, lambda: True)
    go.set()
    reader.join(30)
    assert not reader.is_alive()


def counted_openings(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The pictures that are opened from now on."""
    paths: list[Path] = []

    def counted(path: Path, *rest: Any, **more: Any) -> Pixels:
        paths.append(path)
        return open_image(path, *rest, **more)

    monkeypatch.setattr(prepare, "open_image", counted)
    return paths


def test_the_picture_in_the_blocks_is_the_first_to_learn_from_and_no_other_is_read(
    found: FoundFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = to_learn_from(read_all(found))[0]
    paths = counted_openings(monkeypatch)
    assert np.array_equal(datasets.first_image(choice_of(found)), expected)
    analysis = analyze(stack("conv(4,3)", (8, 8, 3)))
    pictures = Previewer().pictures(Request(analysis, choice_of(found)))
    assert pictures is not None
    assert set(pictures) == {"input", "conv1"}
    assert len(set(paths)) == 1


def test_first_pictures_that_cannot_be_read_are_passed_over(found: FoundFolder) -> None:
    expected = to_learn_from(read_all(found))[2]
    training = (path for one in class_files(Path(found.source.path)) for path in one.training)
    for path in sorted(training, key=scrambled)[:2]:
        Path(path).write_bytes(b"")
    assert np.array_equal(datasets.first_image(choice_of(found)), expected)
    for file in Path(found.source.path).glob("*/*.png"):
        file.write_bytes(b"")
    # Where to look took long, as on a busy machine, who browses believes for a while what was there.
    CACHE.forget()
    with pytest.raises(StudioError, match="is no picture that can be read"):
        datasets.first_image(choice_of(found))


def project_of(found: Found, epochs: int = 2) -> Project:
    network = stack("rescale conv(4,3) relu flatten dense(2,softmax)", (8, 8, 3))
    settings = TrainingSettings(optimizer=Adam(learning_rate=0.01), epochs=epochs, batch_size=8)
    return Project(network=network, data=choice_of(found), training=settings)


def test_two_epochs_tell_bright_pictures_from_dark_ones(found: FoundFolder, tmp_path: Path) -> None:
    (Path(found.source.path) / "dark" / "000.png").write_bytes(b"")
    listener = Listener()
    (tmp_path / "run").mkdir()
    train(TrainingJob(project_of(found), tmp_path / "run"), listener.emit, listener.should_stop)
    assert isinstance(listener.ending, Finished)
    assert listener.all_of(EpochEnded)[-1].values["val_accuracy"] >= 0.95
    assert "1 picture of 80 cannot be read" in listener.all_of(Warned)[0].message


def test_training_stops_before_pictures_are_read(found: FoundFolder, tmp_path: Path) -> None:
    listener = Listener()
    train(TrainingJob(project_of(found), tmp_path), listener.emit, lambda: True)
    assert isinstance(listener.ending, Stopped)


def test_pictures_that_vanish_while_training_are_one_clear_sentence(
    found: FoundFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is kept in memory, and the folder goes after the first epoch."""
    monkeypatch.setattr(BUDGET, "most_bytes", 0)
    root = Path(found.source.path)

    def vanish(event: Event) -> bool:
        if isinstance(event, EpochEnded) and root.is_dir():
            root.rename(tmp_path / "gone")
        return False

    (tmp_path / "run").mkdir()
    listener = Listener(vanish)
    train(TrainingJob(project_of(found, 6), tmp_path / "run"), listener.emit, listener.should_stop)
    assert isinstance(listener.ending, Failed)
    assert listener.ending.message.startswith(
        "More than 1 in 10 of 80 pictures cannot be read; the first: There is"
    )
    assert listener.ending.details == ""
