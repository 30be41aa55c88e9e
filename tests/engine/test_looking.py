"""Looking through a data set: which samples are meant, small pictures, what was before a correction."""

from pathlib import Path

import numpy as np
import pytest

from cnnstudio.core.project.corrections import left_out, relabelled
from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.project.sources import Included
from cnnstudio.engine import data as datasets
from cnnstudio.engine.data.folder.scan import scan
from cnnstudio.engine.data.looking import (
    Wanted,
    class_before,
    classes_before,
    file_of,
    place_of,
    rows_of,
    thumbnails,
)
from tests.folders import class_folders


@pytest.fixture
def pets(tmp_path: Path) -> DataChoice:
    found = scan(class_folders(tmp_path / "pets", {"cat": 20, "dog": 20}, size=(12, 16)))
    return DataChoice(source=found.source, preparation=found.preparation)


def locators(choice: DataChoice, wanted: Wanted) -> list[str]:
    data = datasets.load(choice)
    return [data.catalog.locators[row] for row in rows_of(data, wanted)]


def test_samples_are_found_by_part_class_and_name(pets: DataChoice) -> None:
    data = datasets.load(pets)
    for part in ("training", "validation", "test"):
        assert np.array_equal(rows_of(data, Wanted(part)), data.catalog.rows(part))
    dogs = locators(pets, Wanted("training", 1))
    assert dogs
    assert all(name.startswith("dog/") for name in dogs)
    assert set(locators(pets, Wanted("training", None, "G/00"))) == {
        name for name in dogs if name.startswith("dog/00")
    }
    assert locators(pets, Wanted("training", 0, "dog")) == []


def test_what_was_put_right_is_found_though_it_takes_no_part(pets: DataChoice) -> None:
    choice = left_out(relabelled(pets, ["cat/003.png"], "dog"), ["dog/004.png"])
    assert set(locators(choice, Wanted("corrected"))) == {"cat/003.png", "dog/004.png"}
    assert locators(choice, Wanted("corrected", 0)) == []
    data = datasets.load(choice)
    assert classes_before(data) == {"cat/003.png": "cat", "dog/004.png": "dog"}
    row = list(data.catalog.locators).index("dog/004.png")
    assert place_of(data, row) is None
    assert class_before(data, np.array([row])) == ["dog"]


def test_the_place_of_a_row_leads_back_to_it(pets: DataChoice) -> None:
    data = datasets.load(pets)
    for part in ("training", "validation", "test"):
        for index, row in enumerate(data.catalog.rows(part)):
            assert place_of(data, int(row)) == (part, index)


def test_a_sample_of_a_folder_has_a_file_and_one_of_an_array_has_none(pets: DataChoice) -> None:
    file = file_of(pets, "cat/003.png")
    assert file is not None
    assert file.is_file()
    assert file_of(DataChoice(source=Included()), "train/3") is None


def test_small_pictures_are_those_of_their_rows_and_say_why_there_is_none(pets: DataChoice) -> None:
    file = file_of(pets, "dog/004.png")
    assert file is not None
    file.write_bytes(b"")
    data = datasets.load(pets)
    stream, names = data.everything(), list(data.catalog.locators)
    rows = np.array([names.index("dog/004.png"), names.index("cat/001.png"), 0])
    broken, cat, first = thumbnails(stream, rows, 128)
    assert broken.pixels is None
    assert "004.png" in broken.reason
    for one in (cat, first):
        assert one.pixels is not None
        assert np.array_equal(one.pixels, stream.sample(one.row).pixels)
    small = thumbnails(stream, rows[1:], 8)[0].pixels
    assert small is not None
    assert small.shape == (6, 8, 3)
    assert abs(float(small.mean()) - float(stream.sample(int(rows[1])).pixels.mean())) < 3


def test_pictures_are_seen_where_most_cannot_be_read(pets: DataChoice) -> None:
    folder = file_of(pets, "dog")
    assert folder is not None
    for file in folder.iterdir():
        file.write_bytes(b"")
    data = datasets.load(pets)
    found = thumbnails(data.everything(), np.arange(len(data.catalog.labels)), 128)
    assert sum(one.pixels is None for one in found) == 20
    assert all(bool(one.reason) == (one.pixels is None) for one in found)
