"""Which folders of a person's folder are the classes, and which are parts of the data."""

from pathlib import Path

import keras
import pytest

from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.project.sources import Folder
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine import data as datasets
from cnnstudio.engine.data.catalog import PARTS
from cnnstudio.engine.data.dataset import Dataset
from cnnstudio.engine.data.folder.files import class_files
from cnnstudio.engine.data.folder.scan import FoundFolder, scan
from cnnstudio.engine.data.folder.walk import MAX_DEPTH
from tests.folders import class_folders, write_picture

PETS = {"cat": 4, "dog": 3}


def counts(source: Folder) -> tuple[int, int | None, int]:
    return source.train_count, source.validation_count, source.test_count


def choice_of(found: FoundFolder) -> DataChoice:
    return DataChoice(source=found.source, preparation=found.preparation)


def read(root: Path) -> Dataset:
    """The pictures of a folder, whose facts are those that were promised before reading."""
    choice = choice_of(scan(root))
    data = datasets.load(choice)
    assert data.facts == datasets.facts_of(choice)
    return data


def test_folders_in_a_class_folder_are_of_that_class_as_keras_has_it(tmp_path: Path) -> None:
    class_folders(tmp_path, {"cat": 3, "cat/day": 20, "cat/night/rain": 2, "dog": 3})
    theirs = keras.utils.image_dataset_from_directory(tmp_path, shuffle=False, verbose=False)
    ours = class_files(tmp_path)
    assert [one.name for one in ours] == theirs.class_names == ["cat", "dog"]
    assert sorted(path for one in ours for path in (*one.training, *one.test)) == sorted(theirs.file_paths)
    assert scan(tmp_path).source.class_counts == ((23, 0, 2), (2, 0, 1))


def test_the_order_of_nested_pictures_is_always_the_same(tmp_path: Path) -> None:
    class_folders(tmp_path, {"cat/b": 12, "cat/a": 12, "cat": 12, "dog": 3})
    first, again = read(tmp_path), read(tmp_path)
    assert list(first.catalog.locators) == list(again.catalog.locators)
    assert len(set(first.catalog.locators)) == 39
    assert first.catalog.fingerprint == again.catalog.fingerprint


@pytest.mark.parametrize("inside", ["train", "Training", "animals", "archive/animals", "pets/train"])
def test_a_single_folder_around_the_classes_is_looked_into(tmp_path: Path, inside: str) -> None:
    class_folders(tmp_path / inside, PETS)
    found = scan(tmp_path)
    assert found.source.class_names == ("cat", "dog")
    assert counts(found.source) == (3 + 2, None, 1 + 1)
    assert found.remarks == (f"The classes are the folders in {inside}.",)
    assert read(tmp_path).catalog.locators[0].startswith(f"{inside}/")


def test_a_single_class_folder_is_no_folder_around_others(tmp_path: Path) -> None:
    class_folders(tmp_path, {"cat": 5, "cat/day": 5, "cat/night": 5})
    with pytest.raises(StudioError, match="holds one class folder only, cat"):
        scan(tmp_path)


@pytest.mark.parametrize(
    ("train", "validation", "test"),
    [
        ("train", "val", "test"),
        ("Training", "Validation", "Testing"),
        ("TRAIN", "VALID", "TEST"),
        ("training_set", "validation-set", "Test Images"),
        ("pets/train", "pets/valid", "pets/test"),
        ("train/train", "val/val", "test"),
    ],
)
def test_parts_of_the_folder_are_taken_as_they_are(
    tmp_path: Path, train: str, validation: str, test: str
) -> None:
    for part, count in ((train, 10), (validation, 6), (test, 4)):
        class_folders(tmp_path / part, {"cat": count, "dog": count})
    found = scan(tmp_path)
    assert counts(found.source) == (20, 12, 8)
    assert found.remarks == ("The validation and test pictures are the folder's own; no share is held out.",)
    data = read(tmp_path)
    assert data.catalog.counts.tolist() == [[10, 6, 4]] * 2
    assert data.catalog.remarks == found.remarks
    for part, folder in zip(PARTS, (train, validation, test), strict=True):
        stream = data.stream(part)
        assert {stream.sample(place).locator.rsplit("/", 2)[0] for place in range(len(stream))} == {folder}


def test_a_validation_folder_alone_leaves_none_for_the_test(tmp_path: Path) -> None:
    class_folders(tmp_path / "train", {"cat": 20, "dog": 10})
    class_folders(tmp_path / "val", {"cat": 4, "dog": 1})
    data = read(tmp_path)
    assert data.catalog.counts.tolist() == [[20, 4, 0], [10, 1, 0]]
    assert "None is for the test" in data.catalog.remarks[0]


def test_beside_a_test_folder_alone_the_share_is_held_out(tmp_path: Path) -> None:
    class_folders(tmp_path / "train", {"cat": 20, "dog": 10})
    class_folders(tmp_path / "testing", {"cat": 4})
    data = read(tmp_path)
    assert data.catalog.counts.tolist() == [[16, 4, 4], [8, 2, 0]]
    assert data.catalog.remarks == ("The test pictures are the folder's own.",)


@pytest.mark.parametrize(
    ("part", "expected"), [("test", (7, None, 3)), ("TEST", (7, None, 3)), ("val", (7, 3, 0))]
)
def test_a_part_beside_the_classes_is_no_class(
    tmp_path: Path, part: str, expected: tuple[int, int | None, int]
) -> None:
    class_folders(tmp_path, PETS)
    class_folders(tmp_path / part, {"cat": 2, "dog": 1})
    source = scan(tmp_path).source
    assert source.class_names == ("cat", "dog")
    assert counts(source) == expected


@pytest.mark.parametrize("names", [("train", "test", "boat"), ("train/day", "train/night", "test", "boat")])
def test_a_class_may_be_named_like_a_part(tmp_path: Path, names: tuple[str, ...]) -> None:
    source = scan(class_folders(tmp_path, dict.fromkeys(names, 4))).source
    assert source.class_names == ("boat", "test", "train")


def test_test_pictures_without_classes_are_counted_and_take_no_part(tmp_path: Path) -> None:
    class_folders(tmp_path / "train", {"cat": 10, "dog": 10})
    for number in range(5):
        write_picture(tmp_path / "test" / f"{number}.png")
        write_picture(tmp_path / "test" / "more" / f"{number}.png")
    found = scan(tmp_path)
    assert found.source.class_names == ("cat", "dog")
    assert counts(found.source) == (18, None, 2)
    assert found.remarks[-1] == "Passed over: 10 pictures outside of the class folders."


@pytest.mark.parametrize("train", ["train", "."])
def test_a_part_whose_class_folders_are_empty_is_none(tmp_path: Path, train: str) -> None:
    class_folders(tmp_path / train, {"cat": 10, "dog": 10})
    for name in ("cat", "dog"):
        (tmp_path / "val" / name).mkdir(parents=True)
        (tmp_path / "test" / name).mkdir(parents=True)
    found = scan(tmp_path)
    assert counts(found.source) == (18, None, 2)
    assert found.source.class_names == ("cat", "dog")
    if train == ".":
        assert found.remarks[-1] == "Passed over: 2 class folders without a picture."


@pytest.mark.parametrize("names", [("train", "test"), ("val/cat", "val/dog", "test/cat", "test/dog")])
def test_parts_without_classes_to_learn_from_are_refused(tmp_path: Path, names: tuple[str, ...]) -> None:
    class_folders(tmp_path, dict.fromkeys(names, 4))
    with pytest.raises(StudioError, match=r"holds the parts test and .* and no class folders to learn from"):
        scan(tmp_path)


@pytest.mark.parametrize("part", ["test", "val"])
def test_a_class_of_a_part_without_pictures_to_learn_from_is_refused(tmp_path: Path, part: str) -> None:
    class_folders(tmp_path / "train", {"cat": 2, "dog": 2})
    class_folders(tmp_path / part, {"cat": 2, "emu": 2})
    with pytest.raises(StudioError, match=f"{part} holds the class emu, of which there are no pictures"):
        scan(tmp_path)


def test_what_is_passed_over_is_counted_by_reason(tmp_path: Path) -> None:
    class_folders(tmp_path, {"cat": 4, "dog": 4, "/".join(["cat", *"abcdefgh", "deeper"]): 2})
    assert MAX_DEPTH == 8
    for name in ("notes.txt", "labels.csv", ".DS_Store", "day/.hidden.png"):
        (tmp_path / "cat" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "cat" / name).write_bytes(b"")
    write_picture(tmp_path / "__MACOSX" / "cat" / "1.png")
    write_picture(tmp_path / "loose.png")
    (tmp_path / "dog" / "up").symlink_to(tmp_path)
    found = scan(tmp_path)
    assert found.source.class_names == ("cat", "dog")
    assert found.remarks == (
        "Passed over: 2 files without the ending of a picture, 3 hidden, 1 folder more than 8 folders deep, "
        "1 link to folders and 1 picture outside of the class folders.",
    )
    assert read(tmp_path).catalog.remarks == found.remarks


def test_a_plain_folder_has_nothing_to_be_told(tmp_path: Path) -> None:
    assert scan(class_folders(tmp_path, PETS)).remarks == ()


def of_the_first_version(root: Path) -> DataChoice:
    """What a project of the first version says of a folder whose classes are cat and dog."""
    found = scan(root)
    old = Folder(path=str(root), class_names=("cat", "dog"), train_count=2, test_count=0)
    return choice_of(found).with_source(old, found.preparation)


def test_a_project_of_the_first_version_keeps_its_pictures_and_its_split(tmp_path: Path) -> None:
    class_folders(tmp_path / "train", {"cat": 10, "dog": 10, "cat/day": 5})
    class_folders(tmp_path / "val", {"cat": 6, "dog": 6})
    write_picture(tmp_path / "train" / "dog" / "new.tga")
    data = datasets.load(of_the_first_version(tmp_path))
    assert data.catalog.counts.tolist() == [[8, 2, 6], [8, 2, 6]]
    assert "keeps the pictures and the split that the first version gave it" in data.catalog.remarks[-1]


def test_a_plain_folder_of_the_first_version_is_as_it_was_and_nothing_is_told(tmp_path: Path) -> None:
    class_folders(tmp_path, {"cat": 20, "dog": 20})
    old, new = datasets.load(of_the_first_version(tmp_path)), read(tmp_path)
    assert old.catalog.fingerprint == new.catalog.fingerprint
    assert old.catalog.parts.tolist() == new.catalog.parts.tolist()
    assert old.catalog.remarks == ()


def test_the_counts_of_some_classes_are_exact(tmp_path: Path) -> None:
    found = scan(class_folders(tmp_path, {"ant": 3, "bee": 40, "cow": 11}))
    choice = choice_of(found).model_copy(update={"classes": ("cow", "bee")})
    facts, data = datasets.facts_of(choice), datasets.load(choice)
    assert facts is not None
    assert (facts.train_count, facts.test_count) == (10 + 36, 1 + 4)
    assert facts.class_counts == ((10, 0, 1), (36, 0, 4))
    totals = data.catalog.counts.sum(axis=0).tolist()
    assert (totals[0] + totals[1], totals[2]) == (facts.train_count, facts.test_count)


def test_a_limit_leaves_the_folder_s_own_validation_whole(tmp_path: Path) -> None:
    for part, count in (("train", 10), ("val", 6)):
        class_folders(tmp_path / part, {"cat": count, "dog": count})
    choice = choice_of(scan(tmp_path)).model_copy(update={"limit": 8})
    data = datasets.load(choice)
    assert data.catalog.counts.tolist() == [[4, 6, 0]] * 2
    assert data.facts == datasets.facts_of(choice)
    assert (data.facts.train_count, data.facts.validation_count) == (8, 12)


def test_the_same_pictures_in_other_parts_have_another_fingerprint(tmp_path: Path) -> None:
    prints = []
    for part in ("val", "test"):
        root = tmp_path / part
        class_folders(root / "train", {"cat": 10, "dog": 10})
        class_folders(root / part, {"cat": 3, "dog": 3})
        prints.append(read(root).catalog.fingerprint)
    assert prints[0] != prints[1]
