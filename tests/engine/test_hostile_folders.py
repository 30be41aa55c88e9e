"""Folders with what people really have in them: each thing is told or taken, and no file is ever changed."""

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnnstudio.core.project import Project
from cnnstudio.core.project.data import DataChoice, Preparation
from cnnstudio.core.project.training import TrainingSettings
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine import data as datasets
from cnnstudio.engine.data.linting import check_data
from cnnstudio.engine.training.events import EpochEnded, Event, Failed, Finished, Warned
from cnnstudio.engine.training.trainer import TrainingJob, train
from tests.core.pictures import stack
from tests.engine.small import Listener
from tests.folders import class_folders, write_picture

SIZE = (8, 8)


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    """Twelve sound pictures of each of two classes."""
    return class_folders(tmp_path / "pets", {"cat": 12, "dog": 12})


def choice_at(root: Path) -> DataChoice:
    return DataChoice(source=datasets.find(root).source, preparation=Preparation(size=SIZE, colors="color"))


def snapshot(root: Path) -> dict[str, tuple[int, bytes]]:
    """Every file with its time and its bytes."""
    files = (path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}


def _png_of_size(side: int) -> bytes:
    """A PNG that says to be so large, with the data of a single row."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(99)))
        + chunk(b"IEND", b"")
    )


def _cut_off(path: Path) -> None:
    whole = write_picture(path, size=(64, 64)).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


UNREADABLE: dict[str, Callable[[Path], object]] = {
    "empty.jpg": lambda path: path.write_bytes(b""),
    "cut.png": _cut_off,
    "page.jpg": lambda path: path.write_text("<!DOCTYPE html><html><body>404</body></html>"),
    "noise.png": lambda path: path.write_bytes(bytes(range(256)) * 4),
    "huge.png": lambda path: path.write_bytes(_png_of_size(50_000)),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_picture_that_cannot_be_read_is_named_and_left_out(pets: Path, name: str) -> None:
    UNREADABLE[name](pets / "cat" / name)
    before = snapshot(pets)
    choice = choice_at(pets)
    data = datasets.load(choice)
    rows = [row for row, locator in enumerate(data.catalog.locators) if locator == f"cat/{name}"]
    with pytest.raises(StudioError) as refused:
        data.everything().sample(rows[0])
    assert name in str(refused.value)
    (found,) = (one for one in check_data(choice).findings if one.code == "D01")
    assert found.locators == (f"cat/{name}",)
    assert snapshot(pets) == before


def _saved(mode: str, ending: str, **more: object) -> Callable[[Path], None]:
    def save(path: Path) -> None:
        picture = Image.fromarray(np.full((20, 30, 3), 130, np.uint8)).convert(mode)
        picture.save(path.with_suffix(ending), **more)  # type: ignore[arg-type]

    return save


def _sixteen(path: Path) -> None:
    Image.fromarray(np.linspace(0, 65_535, 600).astype(np.uint16).reshape(20, 30)).save(
        path.with_suffix(".png")
    )


def _animated(path: Path) -> None:
    frames = [Image.new("RGB", (30, 20), color) for color in ("red", "green", "blue")]
    frames[0].save(path.with_suffix(".gif"), save_all=True, append_images=frames[1:])


ODD: dict[str, Callable[[Path], None]] = {
    "one pixel": lambda path: Image.new("RGB", (1, 1)).save(path.with_suffix(".png")),
    "cmyk": _saved("CMYK", ".jpg"),
    "palette": _saved("P", ".png"),
    "transparent": _saved("RGBA", ".png"),
    "gray and alpha": _saved("LA", ".png"),
    "black and white": _saved("1", ".png"),
    "16 bits": _sixteen,
    "animated": _animated,
}


@pytest.mark.parametrize("kind", ODD)
def test_an_odd_picture_is_read_like_any_other(pets: Path, kind: str) -> None:
    ODD[kind](pets / "dog" / "odd")
    before = snapshot(pets)
    choice = choice_at(pets)
    data = datasets.load(choice)
    row = next(row for row, locator in enumerate(data.catalog.locators) if locator.startswith("dog/odd."))
    assert data.everything().sample(row).pixels.shape == (*SIZE, 3)
    assert "D01" not in {one.code for one in check_data(choice).findings}
    assert snapshot(pets) == before


NAMES = ["with space", 'it\'s "quoted"', "line\nbreak", "日本語", "Ünï", "-rf", "%s {0}", "<b>"]


@pytest.mark.parametrize("name", NAMES)
def test_any_name_is_taken_as_it_is(pets: Path, name: str) -> None:
    for number in range(3):
        write_picture(pets / name / f"{name} {number}.png")
    choice = choice_at(pets)
    data = datasets.load(choice)
    assert name in data.catalog.class_names
    locators = [locator for locator in data.catalog.locators if locator.startswith(f"{name}/")]
    assert len(locators) == 3
    assert not [one for one in check_data(choice).findings if one.code == "D01"]


def test_links_that_loop_or_lead_outside_end_and_are_told(pets: Path, tmp_path: Path) -> None:
    outside = class_folders(tmp_path / "outside", {"cow": 5})
    (pets / "cat" / "again").symlink_to(pets, target_is_directory=True)
    (pets / "cat" / "away").symlink_to(outside, target_is_directory=True)
    (pets / "cat" / "itself.png").symlink_to(pets / "cat" / "itself.png")
    (pets / "cat" / "nowhere.png").symlink_to(tmp_path / "gone.png")
    found = datasets.find(pets)
    assert "2 links to folders" in found.remarks[-1]
    data = datasets.load(choice_at(pets))
    assert data.catalog.class_names == ("cat", "dog")
    assert len(data.catalog.labels) == 24


def _training(pets: Path, change: Callable[[int], None], folder: Path) -> Listener:
    """Train for four epochs; `change` is called when an epoch has ended."""
    (folder / "run").mkdir()
    project = Project(
        network=stack("rescale conv(4,3) flatten dense(2,softmax)", (*SIZE, 3)),
        data=choice_at(pets),
        training=TrainingSettings(epochs=4, batch_size=8),
    )
    listener = Listener()

    def emit(event: Event) -> None:
        listener.emit(event)
        if isinstance(event, EpochEnded):
            change(event.epoch)

    train(TrainingJob(project, folder / "run"), emit, listener.should_stop)
    return listener


def test_pictures_that_come_while_training_wait_for_the_next(
    pets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_nothing(monkeypatch)

    def add(epoch: int) -> None:
        write_picture(pets / "cat" / f"new{epoch}.png")

    listener = _training(pets, add, tmp_path)
    assert isinstance(listener.ending, Finished)
    assert len(listener.all_of(EpochEnded)) == 4
    assert len(datasets.load(choice_at(pets)).catalog.labels) == 28


def test_a_picture_that_goes_while_training_is_told_and_training_goes_on(
    pets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_nothing(monkeypatch)
    gone = datasets.load(choice_at(pets)).catalog.locators[0]
    listener = _training(pets, lambda epoch: (pets / gone).unlink(missing_ok=True), tmp_path)
    assert isinstance(listener.ending, Finished)
    assert any("1 picture of 24 cannot be read" in warned.message for warned in listener.all_of(Warned))


def test_a_folder_that_goes_while_training_is_one_sentence(
    pets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_nothing(monkeypatch)

    def move(epoch: int) -> None:
        if epoch == 1:
            pets.rename(tmp_path / "elsewhere")

    listener = _training(pets, move, tmp_path)
    assert isinstance(listener.ending, Failed)
    assert "cannot be read" in listener.ending.message
    assert len(snapshot(tmp_path / "elsewhere")) == 24


def keep_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read every picture again in each epoch: what is kept in memory would not be missed."""
    from cnnstudio.engine.data.budget import BUDGET
    from cnnstudio.engine.data.cache import CACHE

    monkeypatch.setattr(BUDGET, "most_bytes", 0)
    CACHE.forget()
