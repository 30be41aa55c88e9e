"""ZIP archives of pictures: taken for the folder they hold, and never more than that."""

import shutil
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.project.sources import Folder, MaskPairs
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine import data as datasets
from cnnstudio.engine.data import unpacking
from cnnstudio.engine.data.looking import file_of
from cnnstudio.engine.data.presence import absence_of
from cnnstudio.engine.training.stopping import StopRequested
from tests.folders import class_folders, write_picture

COUNTS = {"cat": 5, "dog": 4}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where archives are unpacked."""
    monkeypatch.setattr(unpacking, "_archives", lambda: tmp_path / "cache" / "archives")
    return tmp_path / "cache"


def zipped(folder: Path, place: Path | None = None) -> Path:
    return Path(shutil.make_archive(str(place or folder), "zip", folder))


def choice_at(path: Path) -> DataChoice:
    found = datasets.find(path)
    return DataChoice(source=found.source, preparation=found.preparation)


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_an_archive_gives_what_its_folder_gives(tmp_path: Path) -> None:
    folder = class_folders(tmp_path / "pets", COUNTS)
    archive = zipped(folder)
    of_folder, of_archive = choice_at(folder), choice_at(archive)
    assert isinstance(of_archive.source, Folder)
    assert of_archive.source.path == str(archive)
    first, second = datasets.load(of_folder), datasets.load(of_archive)
    assert first.samples.fingerprint == second.samples.fingerprint
    assert list(first.catalog.locators) == list(second.catalog.locators)
    for part in ("training", "test"):
        rows = np.arange(len(first.stream(part)))
        assert np.array_equal(first.stream(part).batch(rows).pixels, second.stream(part).batch(rows).pixels)
    assert np.array_equal(datasets.first_image(of_folder), datasets.first_image(of_archive))
    locator = second.catalog.locators[0]
    file = file_of(of_archive, locator)
    assert file is not None
    assert file.read_bytes() == (folder / locator).read_bytes()


def test_a_folder_around_all_and_what_a_mac_adds_make_no_difference(tmp_path: Path) -> None:
    class_folders(tmp_path / "all" / "pets", COUNTS)
    for junk in ("__MACOSX/pets/cat/._000.png", "pets/cat/.hidden.png", "pets/read me.txt"):
        (tmp_path / "all" / junk).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "all" / junk).write_bytes(b"no picture")
    source = choice_at(zipped(tmp_path / "all", tmp_path / "pets")).source
    assert isinstance(source, Folder)
    assert source.class_names == ("cat", "dog")
    assert source.train_count + source.test_count == 9


def test_pictures_with_masks_in_an_archive(tmp_path: Path) -> None:
    for number in range(6):
        write_picture(tmp_path / "boxes" / "images" / f"{number}.png")
        mask = np.zeros((8, 8), np.uint8)
        mask[:4, :4] = 1
        (tmp_path / "boxes" / "masks").mkdir(exist_ok=True)
        Image.fromarray(mask).save(tmp_path / "boxes" / "masks" / f"{number}.png")
    choice = choice_at(zipped(tmp_path / "boxes"))
    assert isinstance(choice.source, MaskPairs)
    masks = datasets.load(choice).stream("training").batch(np.arange(2)).masks
    assert masks is not None
    assert masks.sum() == 2 * 16


def test_it_is_unpacked_once_and_anew_once_it_was_written_again(tmp_path: Path, cache: Path) -> None:
    archive = zipped(class_folders(tmp_path / "pets", COUNTS))
    choice = choice_at(archive)
    inodes = {path: path.stat().st_ino for path in files_below(cache)}
    assert len(inodes) == 10
    datasets.load(choice)
    assert {path: path.stat().st_ino for path in files_below(cache)} == inodes
    write_picture(tmp_path / "pets" / "cat" / "new.png")
    zipped(tmp_path / "pets")
    assert len(datasets.load(choice).catalog.labels) == 10
    assert len(files_below(cache)) == 11, "what was unpacked before is gone"


def test_an_archive_that_is_gone_says_so(tmp_path: Path) -> None:
    archive = zipped(class_folders(tmp_path / "pets", COUNTS))
    choice = choice_at(archive)
    assert absence_of(choice) == ""
    archive.unlink()
    assert str(archive) in absence_of(choice)
    with pytest.raises(StudioError, match=r"pets\.zip"):
        datasets.load(choice)


def refusal_of(archive: Path, cache: Path) -> str:
    before = archive.read_bytes()
    with pytest.raises(StudioError) as refused:
        datasets.find(archive)
    assert archive.read_bytes() == before
    assert files_below(cache) == [], "something was left behind"
    message = str(refused.value)
    assert archive.name in message
    assert "cache" not in message
    return message


@pytest.mark.parametrize(
    "name", ["../out.png", "/etc/out.png", "cat/../../out.png", "C:/out.png", "..\\out.png"]
)
def test_a_name_that_leads_outside_is_refused(tmp_path: Path, cache: Path, name: str) -> None:
    archive = zipped(class_folders(tmp_path / "pets", COUNTS))
    with zipfile.ZipFile(archive, "a") as opened:
        opened.writestr(name, b"x")
    assert "names a file outside of itself" in refusal_of(archive, cache)
    assert not list(tmp_path.rglob("out.png"))


def test_a_bomb_is_refused_before_anything_is_written(tmp_path: Path, cache: Path) -> None:
    archive = tmp_path / "bomb.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        for number in range(6):
            opened.writestr(f"cat/{number}.png", bytes(50 * 2**20))
    assert "says to hold 6 pictures of 300 MB, more than pictures pack to" in refusal_of(archive, cache)


def test_what_does_not_fit_on_the_disk_is_refused(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = zipped(class_folders(tmp_path / "pets", COUNTS))
    monkeypatch.setattr(unpacking, "_SPARE_BYTES", 2**60)
    with pytest.raises(StudioError, match="Make room, or unpack it elsewhere"):
        datasets.find(archive)
    assert files_below(cache) == []


def test_a_member_that_says_less_than_it_holds_is_cut_off_and_refused(tmp_path: Path, cache: Path) -> None:
    archive = zipped(class_folders(tmp_path / "pets", COUNTS))
    data = bytearray(archive.read_bytes())
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 5)
    archive.write_bytes(data)
    assert "damaged or no ZIP archive" in refusal_of(archive, cache)


@pytest.mark.parametrize("damage", ["no zip", "cut off", "empty", "locked"])
def test_a_damaged_archive_is_one_sentence(tmp_path: Path, cache: Path, damage: str) -> None:
    archive = zipped(class_folders(tmp_path / "pets", COUNTS))
    data = bytearray(archive.read_bytes())
    if damage == "locked":
        for mark, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
            start = data.rfind(mark)
            data[start + at] |= 1
    damaged = {"no zip": b"this is no archive" * 9, "cut off": data[: len(data) // 2], "empty": b""}
    archive.write_bytes(bytes(damaged.get(damage, data)))
    told = refusal_of(archive, cache)
    assert ("locked by a password" if damage == "locked" else "damaged or no ZIP archive") in told


def test_an_archive_without_pictures_says_what_it_holds(tmp_path: Path, cache: Path) -> None:
    np.savez(tmp_path / "arrays.npz", x=np.zeros(3), y=np.zeros(3))
    (tmp_path / "arrays.npz").rename(tmp_path / "arrays.zip")
    assert "2 NumPy arrays and no pictures. Give it the ending .npz" in refusal_of(
        tmp_path / "arrays.zip", cache
    )
    with zipfile.ZipFile(tmp_path / "texts.zip", "w") as opened:
        opened.writestr("a.txt", "text")
    assert "holds no pictures" in refusal_of(tmp_path / "texts.zip", cache)


def test_what_is_no_data_set_names_the_archive(tmp_path: Path, cache: Path) -> None:
    archive = zipped(class_folders(tmp_path / "pets", {"cat": 3}))
    with pytest.raises(StudioError, match="one class folder only, cat") as refused:
        datasets.find(archive)
    assert str(archive) in str(refused.value)
    assert str(cache) not in str(refused.value)


def test_unpacking_can_be_stopped_and_leaves_nothing(tmp_path: Path, cache: Path) -> None:
    archive = zipped(class_folders(tmp_path / "pets", COUNTS))
    told: list[int] = []
    with pytest.raises(StopRequested):
        datasets.find(archive, lambda: len(told) > 3, told.append)
    assert told == [0, 1, 2, 3]
    assert files_below(cache) == []
