"""A folder of class folders, looked through: what counts, what is proposed, what is refused."""

import os
from pathlib import Path

import keras
import pytest
from PIL import Image

from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine import data as datasets
from cnnstudio.engine.data.folder.files import class_files
from cnnstudio.engine.data.folder.scan import scan
from cnnstudio.engine.files.kinds import PICTURE_SUFFIXES
from tests.folders import class_folders, write_picture


def test_classes_are_the_folders_in_the_order_of_their_names(tmp_path: Path) -> None:
    source = scan(class_folders(tmp_path, {"dog": 12, "cat": 20, "Emu": 3})).source
    assert source.class_names == ("Emu", "cat", "dog")
    assert source.path == str(tmp_path)
    assert (source.train_count, source.test_count) == (2 + 18 + 11, 1 + 2 + 1)


def test_keras_finds_the_same_classes_and_the_same_pictures(tmp_path: Path) -> None:
    class_folders(tmp_path, {"b": 5, "a": 4, "Z": 3, "10": 3, "9": 3})
    (tmp_path / "a" / "notes.txt").write_text("no picture")
    theirs = keras.utils.image_dataset_from_directory(tmp_path, shuffle=False, verbose=False)
    ours = class_files(tmp_path)
    assert list(theirs.class_names) == [one.name for one in ours]
    pictures = sorted(path for one in ours for path in (*one.training, *one.test))
    assert pictures == sorted(theirs.file_paths)
    labels = {path: number for number, one in enumerate(ours) for path in (*one.training, *one.test)}
    given = [int(label) for _, batch in theirs for label in batch]
    assert given == [labels[path] for path in theirs.file_paths]


@pytest.mark.parametrize(("count", "kept"), [(2, 0), (3, 1), (19, 1), (20, 2), (100, 10)])
def test_one_picture_in_ten_is_kept_for_the_test_and_at_least_one_of_three(
    tmp_path: Path, count: int, kept: int
) -> None:
    class_folders(tmp_path, {"a": count, "b": 2}, size=(1, 1))
    one = class_files(tmp_path)[0]
    assert (len(one.training), len(one.test)) == (count - kept, kept)
    assert set(one.training).isdisjoint(one.test)


def test_the_same_names_are_kept_for_the_test_whatever_order_the_disk_lists_them_in(tmp_path: Path) -> None:
    for root in (tmp_path / "one", tmp_path / "other"):
        order = range(30) if root.name == "one" else reversed(range(30))
        for index in order:
            for name in ("a", "b"):
                write_picture(root / name / f"{index}.png", size=(1, 1))
    kept = [
        [[os.path.basename(path) for path in one.test] for one in class_files(tmp_path / root)]  # noqa: PTH119
        for root in ("one", "other")
    ]
    assert kept[0] == kept[1]
    assert len(kept[0][0]) == 3


def test_hidden_files_links_to_nowhere_and_other_files_do_not_count(tmp_path: Path) -> None:
    class_folders(tmp_path, {"cat": 2, "dog": 2, ".git": 2})
    (tmp_path / "cat" / ".hidden.png").write_bytes(b"")
    (tmp_path / "cat" / "readme.md").write_text("no picture")
    (tmp_path / "cat" / "gone.png").symlink_to(tmp_path / "nowhere.png")
    (tmp_path / "cat" / "more.png").mkdir()
    (tmp_path / "dog.png").write_bytes(b"")
    (tmp_path / "dog (file)").write_bytes(b"")
    os.mkfifo(tmp_path / "cat" / "pipe.png")
    source = scan(tmp_path).source
    assert source.class_names == ("cat", "dog")
    assert source.train_count == 4


def test_links_that_lead_in_a_circle_end(tmp_path: Path) -> None:
    class_folders(tmp_path, {"cat": 2, "dog": 2})
    (tmp_path / "cat" / "up").symlink_to(tmp_path)
    (tmp_path / "cat" / "self.png").symlink_to(tmp_path / "cat" / "self.png")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert scan(tmp_path).source.class_names == ("cat", "dog")


def decoded_by_pillow(suffix: str, folder: Path) -> bool:
    """Whether this Pillow writes a picture in color under the ending and reads it again, by itself."""
    try:
        with Image.open(write_picture(folder / f"it{suffix}")) as picture:
            return picture.load() is not None
    except (OSError, ValueError, KeyError, DeprecationWarning):
        return False


def test_every_ending_that_pillow_writes_and_reads_is_one_of_a_picture(tmp_path: Path) -> None:
    Image.init()
    known = {suffix for suffix in Image.registered_extensions() if decoded_by_pillow(suffix, tmp_path)}
    assert set(PICTURE_SUFFIXES) >= known > {".avif", ".jfif", ".jp2", ".pgm", ".ppm", ".tga"}


@pytest.mark.parametrize("suffix", PICTURE_SUFFIXES)
def test_every_kind_of_picture_counts_in_small_and_large_letters(tmp_path: Path, suffix: str) -> None:
    for name in ("a", "b"):
        write_picture(tmp_path / name / f"1{suffix}")
        write_picture(tmp_path / name / f"2{suffix}").rename(tmp_path / name / f"3{suffix.upper()}")
    assert scan(tmp_path).source.train_count == 4


def test_names_in_any_script_are_kept(tmp_path: Path) -> None:
    names = ("Äpfel", "кот", "猫", 'it\'s a "dog", {0}')
    source = scan(class_folders(tmp_path / "画像", dict.fromkeys(names, 2))).source
    assert source.class_names == tuple(sorted(names))
    assert source.name == "画像"


def test_a_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    class_folders(tmp_path, {"a": 2, "b": 2})
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe")).mkdir()
    with pytest.raises(StudioError, match=r"is not Unicode text\. Give the folder another name"):
        scan(tmp_path)


@pytest.mark.parametrize(
    ("sizes", "proposed"),
    [
        ([(28, 28)], (28, 28)),
        ([(480, 640)], (48, 64)),
        ([(640, 480)], (64, 48)),
        ([(40, 30), (30, 40)], (35, 35)),
        ([(100, 400), (400, 100), (300, 300)], (64, 64)),
        ([(1, 900)], (1, 64)),
    ],
)
def test_the_proposed_size_is_the_middle_one_and_square_where_shapes_differ(
    tmp_path: Path, sizes: list[tuple[int, int]], proposed: tuple[int, int]
) -> None:
    for name in ("a", "b"):
        for number, size in enumerate(sizes * 2):
            write_picture(tmp_path / name / f"{number:02d}.png", size=size)
    (tmp_path / "train").mkdir()
    for name in ("a", "b"):
        (tmp_path / name).rename(tmp_path / "train" / name)
    class_folders(tmp_path / "test", {"a": 1, "b": 1})
    assert scan(tmp_path).preparation.size == proposed


def test_a_picture_taken_upright_is_measured_as_it_is_looked_at(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    for name in ("a", "b"):
        for number in range(2):
            (tmp_path / name).mkdir(exist_ok=True)
            Image.new("RGB", (40, 20)).save(tmp_path / name / f"{number}.jpg", exif=exif)
    assert scan(tmp_path).preparation.size == (40, 20)


@pytest.mark.parametrize(
    ("mode", "colors"), [("L", "gray"), ("1", "gray"), ("RGB", "color"), ("P", "color"), ("RGBA", "color")]
)
def test_gray_is_proposed_when_all_are_gray(tmp_path: Path, mode: str, colors: str) -> None:
    assert scan(class_folders(tmp_path, {"a": 3, "b": 3}, mode=mode)).preparation.colors == colors


def test_one_picture_in_color_makes_all_color(tmp_path: Path) -> None:
    class_folders(tmp_path, {"a": 3, "b": 2}, mode="L")
    write_picture(tmp_path / "b" / "x1.png")
    write_picture(tmp_path / "b" / "x2.png")
    assert scan(tmp_path).preparation.colors == "color"


def no_folder(root: Path) -> Path:
    return root / "nowhere"


def a_file(root: Path) -> Path:
    return write_picture(root / "1.png")


def empty(root: Path) -> Path:
    return root


def no_class_folders(root: Path) -> Path:
    write_picture(root / "1.png")
    return root


def one_class(root: Path) -> Path:
    return class_folders(root, {"cat": 5})


def only_one_class_with_pictures(root: Path) -> Path:
    (class_folders(root, {"cat": 5}) / "emu").mkdir()
    return root


def one_picture(root: Path) -> Path:
    return class_folders(root, {"cat": 5, "dog": 1})


def no_picture_at_all(root: Path) -> Path:
    for name in ("cat", "dog"):
        (root / name).mkdir()
        for number in range(3):
            (root / name / f"{number}.png").write_bytes(b"")
    return root


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (no_folder, "There is no folder .*nowhere. Check the name"),
        (a_file, "1.png is no folder. Choose a folder with a folder for each class"),
        (empty, "holds no class folders. Put the pictures of each class into a folder of their own"),
        (no_class_folders, "holds no class folders"),
        (one_class, "holds one class folder only, cat, and telling apart takes two"),
        (only_one_class_with_pictures, r"The folder emu in .* has no pictures \(png, jpg"),
        (one_picture, "The class dog in .* has one picture only, and each class needs at least two"),
        (no_picture_at_all, "None of 4 pictures tried can be read; the first: .*cat/0.png"),
    ],
)
def test_another_folder_is_refused_in_a_sentence(tmp_path: Path, make: object, sentence: str) -> None:
    assert callable(make)
    with pytest.raises(StudioError, match=sentence):
        scan(make(tmp_path))


def test_a_class_folder_without_pictures_is_passed_over_and_told(tmp_path: Path) -> None:
    (class_folders(tmp_path, {"cat": 5, "dog": 5}) / "emu").mkdir()
    found = scan(tmp_path)
    assert found.source.class_names == ("cat", "dog")
    assert found.remarks == ("Passed over: 1 class folder without a picture.",)
    write_picture(tmp_path / "emu" / "1.png")
    write_picture(tmp_path / "emu" / "2.png")
    with pytest.raises(StudioError, match="holds other classes than when it was chosen: emu is new"):
        datasets.load(DataChoice(source=found.source, preparation=found.preparation))


def test_a_folder_that_may_not_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class_folders(tmp_path, {"cat": 2, "dog": 2})

    def refuse(path: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(StudioError, match=f"You may not read {tmp_path}. Change its permissions"):
        scan(tmp_path)


@pytest.mark.parametrize("path", ["x" * 300, "/".join(["x" * 200] * 30), "a\0b"])
def test_a_name_that_no_folder_can_have_is_refused(path: str) -> None:
    with pytest.raises(StudioError, match="Choose another folder"):
        scan(Path(path))


def test_a_large_folder_is_looked_through_by_names_and_a_few_beginnings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = write_picture(tmp_path / "a" / "0.png")
    (tmp_path / "b").mkdir()
    for number in range(1, 25_000):
        os.link(first, tmp_path / "a" / f"{number}.png")
    for number in range(25_000):
        os.link(first, tmp_path / "b" / f"{number}.png")
    opened: list[object] = []
    real = Image.open

    def counted(path: object, *rest: object) -> Image.Image:
        opened.append(path)
        return real(path, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Image, "open", counted)
    source = scan(tmp_path).source
    assert (source.train_count, source.test_count) == (45_000, 5_000)
    assert len(opened) <= 32
