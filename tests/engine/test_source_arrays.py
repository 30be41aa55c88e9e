"""Arrays in files as data sets: NumPy's archive, HDF5, IDX, tables of pixels."""

import gzip
import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from numpy.typing import NDArray

from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.project.sources import Arrays, Levels
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine import data as datasets
from cnnstudio.engine.data.arrays import container
from cnnstudio.engine.data.arrays.opening import arrays_in, find_arrays
from cnnstudio.engine.data.catalog import PARTS
from cnnstudio.engine.training.events import EpochEnded, Finished
from cnnstudio.engine.training.stopping import StopRequested
from cnnstudio.engine.training.trainer import TrainingJob, train
from tests.engine.small import Listener
from tests.engine.test_folder_images import project_of

COUNT = 40
PICTURES = np.random.default_rng(4).integers(0, 256, (COUNT, 6, 6), np.uint8)
NUMBERS = np.arange(COUNT) % 4


def npz(path: Path, **arrays: Any) -> Path:
    with path.open("wb") as file:
        np.savez(file, **arrays)
    return path


def hdf5(path: Path, **arrays: Any) -> Path:
    with h5py.File(path, "w") as file:
        for name, values in arrays.items():
            file[name.replace("__", "/")] = values
    return path


def idx(folder: Path, name: str, values: NDArray[np.uint8], packed: bool = False) -> Path:
    data = struct.pack(f">HBB{values.ndim}I", 0, 8, values.ndim, *values.shape) + values.tobytes()
    path = folder / (f"{name}.gz" if packed else name)
    path.write_bytes(gzip.compress(data) if packed else data)
    return path


def table(path: Path, rows: list[str]) -> Path:
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def choice_at(path: Path) -> DataChoice:
    found = datasets.find(path)
    return DataChoice(source=found.source, preparation=found.preparation)


def source_at(path: Path) -> Arrays:
    source = choice_at(path).source
    assert isinstance(source, Arrays)
    return source


def by_row(path: Path) -> dict[int, tuple[NDArray[np.uint8], str]]:
    """Each sample of a file by the row it says it comes from: its pixels, and the name of its class."""
    data = datasets.load(choice_at(path))
    found = {}
    for part in PARTS:
        stream = data.stream(part)
        for place in range(len(stream)):
            sample = stream.sample(place)
            row = int(sample.locator.rsplit("/", 1)[1])
            found[row] = sample.pixels, data.catalog.class_names[sample.label]
    return found


def test_an_archive_gives_its_pictures_and_classes(tmp_path: Path) -> None:
    found = by_row(npz(tmp_path / "a.npz", images=PICTURES, labels=NUMBERS))
    assert len(found) == COUNT
    for row, (pixels, name) in found.items():
        assert np.array_equal(pixels[..., 0], PICTURES[row])
        assert name == str(NUMBERS[row])


def test_one_picture_in_ten_of_each_class_is_kept_for_the_test_where_the_file_has_no_part_for_it(
    tmp_path: Path,
) -> None:
    path = npz(tmp_path / "a.npz", images=PICTURES, labels=NUMBERS)
    data = datasets.load(choice_at(path))
    assert data.catalog.counts[:, 2].tolist() == [1] * 4
    assert "One picture in ten of each class is kept for the test." in datasets.find(path).remarks[0]


@pytest.mark.parametrize(
    "names",
    [
        ("x_train", "y_train", "x_val", "y_val", "x_test", "y_test"),
        ("train_images", "train_labels", "valid_images", "valid_labels", "test_images", "test_labels"),
        ("trainX", "trainY", "validationX", "validationY", "testX", "testY"),
    ],
)
def test_parts_are_told_by_the_usual_spellings(tmp_path: Path, names: tuple[str, ...]) -> None:
    arrays = dict(
        zip(names, (PICTURES, NUMBERS, PICTURES[:9], NUMBERS[:9], PICTURES[:5], NUMBERS[:5]), strict=True)
    )
    source = source_at(npz(tmp_path / "a.npz", **arrays))
    assert (source.train_count, source.validation_count, source.test_count) == (40, 9, 5)
    assert source.training.images == names[0]
    assert source.test is not None
    assert source.test.labels == names[5]


def test_groups_of_hdf5_are_parts_too(tmp_path: Path) -> None:
    path = tmp_path / "a.h5"
    hdf5(
        path,
        train__images=PICTURES,
        train__labels=NUMBERS,
        test__images=PICTURES[:8],
        test__labels=NUMBERS[:8],
    )
    source = source_at(path)
    assert (source.training.images, source.training.labels) == ("train/images", "train/labels")
    assert (source.train_count, source.test_count) == (40, 8)


FORMS: list[tuple[Callable[[NDArray[Any]], NDArray[Any]], tuple[int, int, int]]] = [
    (lambda colors: colors, (6, 6, 3)),
    (lambda colors: colors.transpose(0, 3, 1, 2), (6, 6, 3)),
    (lambda colors: colors.reshape(COUNT, -1), (6, 6, 3)),
    (lambda colors: colors[..., 0], (6, 6, 1)),
    (lambda colors: colors[..., :1].reshape(COUNT, -1), (6, 6, 1)),
]


@pytest.mark.parametrize(("form", "shape"), FORMS)
def test_pictures_are_the_same_however_their_axes_lie(
    tmp_path: Path, form: Callable[[NDArray[Any]], NDArray[Any]], shape: tuple[int, int, int]
) -> None:
    colors = np.random.default_rng(5).integers(0, 256, (COUNT, 6, 6, 3), np.uint8)
    path = npz(tmp_path / "a.npz", x=form(colors), y=NUMBERS)
    assert source_at(path).sample_shape == shape
    for row, (pixels, _) in by_row(path).items():
        assert np.array_equal(pixels, colors[row, :, :, : shape[2]])


def test_transparent_pixels_of_arrays_lie_on_white(tmp_path: Path) -> None:
    clear = np.zeros((COUNT, 6, 6, 4), np.uint8)
    clear[..., 3] = np.where(np.arange(6) < 3, 255, 0)
    pixels, _ = by_row(npz(tmp_path / "a.npz", x=clear, y=NUMBERS))[0]
    assert pixels[:, :3].max() == 0
    assert pixels[:, 3:].min() == 255


@pytest.mark.parametrize(
    ("values", "levels"),
    [
        (PICTURES / 255, Levels(real=(0, 1))),
        (PICTURES.astype(np.float32), Levels(whole=(0, 255))),
        (PICTURES.astype(np.int64), Levels(whole=(0, 255))),
        (PICTURES.astype(np.uint16) * 16, Levels(whole=(0, 4095))),
        (PICTURES / 127.5 - 1, Levels(real=(-1, 1))),
    ],
)
@pytest.mark.parametrize("write", [npz, hdf5])
def test_other_numbers_are_brought_to_bytes_and_that_is_told(
    tmp_path: Path, values: NDArray[Any], levels: Levels, write: Callable[..., Path]
) -> None:
    path = write(tmp_path / ("a.npz" if write is npz else "a.h5"), x=values, y=NUMBERS)
    found = datasets.find(path)
    assert source_at(path).levels == levels
    assert any("(white)" in remark for remark in found.remarks)
    for row, (pixels, _) in by_row(path).items():
        assert np.abs(pixels[..., 0].astype(int) - PICTURES[row]).max() <= 1


def test_rows_of_hdf5_are_read_when_they_are_wanted_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cnnstudio.engine.data.arrays.hdf5 import Hdf5File

    choice = choice_at(hdf5(tmp_path / "a.hdf5", images=PICTURES, labels=NUMBERS))
    rows: list[int] = []
    usual = Hdf5File.row

    def counted(self: Hdf5File, name: str, row: int) -> NDArray[Any]:
        rows.append(row)
        return usual(self, name, row)

    monkeypatch.setattr(Hdf5File, "row", counted)
    stream = datasets.load(choice).stream("training")
    assert rows == []
    stream.batch(np.array([3, 5]))
    stream.sample(3)
    assert len(rows) == 2


LABELS: list[tuple[Any, tuple[str, ...]]] = [
    (NUMBERS[:, None], ("0", "1", "2", "3")),
    (NUMBERS + 1, ("1", "2", "3", "4")),
    (NUMBERS.astype(np.float64), ("0", "1", "2", "3")),
    (np.eye(4)[NUMBERS], ("0", "1", "2", "3")),
    (NUMBERS % 2 * 2 - 1, ("-1", "1")),
    (NUMBERS % 2 == 1, ("0", "1")),
    (np.array(["cat", "dog", "emu", "fox"])[NUMBERS], ("cat", "dog", "emu", "fox")),
    (np.array([b"cat", b"dog", b"emu", b"fox"])[NUMBERS], ("cat", "dog", "emu", "fox")),
]


@pytest.mark.parametrize(("labels", "names"), LABELS)
@pytest.mark.parametrize("write", [npz, hdf5])
def test_labels_are_classes_in_every_usual_form(
    tmp_path: Path, labels: Any, names: tuple[str, ...], write: Callable[..., Path]
) -> None:
    if write is hdf5 and labels.dtype.kind == "U":
        labels = labels.astype(h5py.string_dtype())
    path = write(tmp_path / ("a.npz" if write is npz else "a.h5"), images=PICTURES, labels=labels)
    assert source_at(path).class_names == names
    for row, (_, name) in by_row(path).items():
        assert name == names[NUMBERS[row] % len(names)]


def test_an_array_of_names_names_the_classes(tmp_path: Path) -> None:
    names = np.array(["cat", "dog", "emu", "fox"])
    path = npz(tmp_path / "a.npz", images=PICTURES, labels=NUMBERS, class_names=names)
    assert source_at(path).class_names == ("cat", "dog", "emu", "fox")
    assert {name for _, name in by_row(path).values()} == set(names)


@pytest.mark.parametrize("packed", [False, True])
def test_mnists_own_files_are_found_by_any_of_them_and_by_their_folder(tmp_path: Path, packed: bool) -> None:
    one = idx(tmp_path, "train-images-idx3-ubyte", PICTURES, packed)
    idx(tmp_path, "train-labels-idx1-ubyte", NUMBERS.astype(np.uint8), packed)
    idx(tmp_path, "t10k-images-idx3-ubyte", PICTURES[:8], packed)
    idx(tmp_path, "t10k-labels-idx1-ubyte", NUMBERS[:8].astype(np.uint8), packed)
    for path in (one, tmp_path):
        source = source_at(path)
        assert (source.train_count, source.test_count, source.sample_shape) == (40, 8, (6, 6, 1))
    pixels, name = by_row(tmp_path)[39]
    assert np.array_equal(pixels[..., 0], PICTURES[39])
    assert name == "3"


def pixel_rows(delimiter: str = ",", first: bool = True) -> list[str]:
    return [
        delimiter.join(map(str, [number, *row] if first else [*row, number]))
        for row, number in zip(PICTURES.reshape(COUNT, -1).tolist(), NUMBERS.tolist(), strict=True)
    ]


HEAD = ["label", *(f"pixel{number}" for number in range(36))]
TABLES = {
    "label first": pixel_rows(),
    "a heading": [",".join(HEAD), *pixel_rows()],
    "label last, by its heading": [",".join([*HEAD[1:], "label"]), *pixel_rows(first=False)],
    "semicolons": pixel_rows(";"),
    "a byte order mark": ["\ufeff" + ",".join(HEAD), *pixel_rows()],
    "decimal commas": [row.replace(";", ",0;", 37).replace(",0;", ";", 1) for row in pixel_rows(";")],
    "words at the end": [f"{row.rpartition(',')[0]},class {row[-1]}" for row in pixel_rows(first=False)],
    "quoted line breaks": [f'"class\n{row[0]}"{row[1:]}' for row in pixel_rows()],
}


@pytest.mark.parametrize("kind", TABLES)
def test_a_table_of_pixels_is_read_whatever_it_is_written_with(tmp_path: Path, kind: str) -> None:
    found = by_row(table(tmp_path / "a.csv", TABLES[kind]))
    assert len(found) == COUNT
    for row, (pixels, name) in found.items():
        assert np.array_equal(pixels[..., 0], PICTURES[row])
        assert name.split()[-1] == str(NUMBERS[row])


def test_a_gzipped_table_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress("\n".join(pixel_rows()).encode()))
    assert len(by_row(tmp_path / "a.csv.gz")) == COUNT


NAN = PICTURES.astype(np.float64)
NAN[7, 0, 0] = np.nan
BAD: dict[str, tuple[dict[str, Any], str]] = {
    "objects": ({"images": PICTURES, "labels": np.array([{}] * COUNT)}, "holds no pictures with labels"),
    "lengths": ({"images": PICTURES, "labels": NUMBERS[:30]}, "40 pictures, and labels has 30 labels"),
    "nan": ({"images": NAN, "labels": NUMBERS}, "1 of 40 pictures hold numbers that are not finite"),
    "fractions": ({"images": PICTURES, "labels": NUMBERS + 0.5}, "label of picture 1 in labels is 0.5"),
    "missing": ({"images": PICTURES, "labels": np.where(NUMBERS, NUMBERS, np.nan)}, "is missing"),
    "negative": ({"images": PICTURES, "labels": NUMBERS - 1}, "is -1, and a class has a number from 0 on"),
    "no text": ({"images": PICTURES, "labels": np.array(["", "a"] * 20)}, "20 pictures of 40 have no label"),
    "one class": ({"images": PICTURES, "labels": NUMBERS * 0}, "All labels are 0"),
    "two hot": ({"images": PICTURES, "labels": np.ones((COUNT, 4))}, "are not one-hot"),
    "empty": ({"images": PICTURES[:0], "labels": NUMBERS[:0]}, "is empty"),
    "no pictures": ({"labels": NUMBERS}, "holds no pictures with labels: labels (40)"),
    "nothing": ({}, "it is empty"),
    "text as pictures": ({"images": np.full((COUNT, 6, 6), "a"), "labels": NUMBERS}, "holds no pictures"),
}


@pytest.mark.parametrize("kind", BAD)
def test_arrays_that_are_no_data_set_are_refused_in_a_sentence(tmp_path: Path, kind: str) -> None:
    arrays, sentence = BAD[kind]
    with pytest.raises(StudioError) as caught:
        datasets.find(npz(tmp_path / "a.npz", **arrays))
    assert sentence in str(caught.value)
    assert str(caught.value).endswith(".")


def test_pickled_objects_are_never_loaded(tmp_path: Path) -> None:
    """Reading them could run a program: this one would leave a file behind."""

    class Trap:
        def __reduce__(self) -> Any:
            return (Path.touch, (tmp_path / "sprung",))

    trap = np.array([Trap()] * COUNT, object)
    path = npz(tmp_path / "a.npz", images=PICTURES, labels=NUMBERS, class_names=trap)
    with pytest.raises(StudioError, match=r"class_names of .* holds pickled Python objects"):
        datasets.find(path)
    assert not (tmp_path / "sprung").exists()


def test_an_archive_that_states_more_than_the_memory_holds_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        head, {"descr": "|u1", "fortran_order": False, "shape": (10**6, 1000, 1000)}
    )
    path = tmp_path / "bomb.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("images.npy", head.getvalue() + bytes(10**6))
        labels = io.BytesIO()
        np.save(labels, np.arange(10**6, dtype=np.uint8) % 4)
        archive.writestr("labels.npy", labels.getvalue())
    monkeypatch.setattr(container, "free_memory", lambda: 2**30)
    choice = choice_at(path)
    with pytest.raises(StudioError, match="take 931 GB of memory") as caught:
        datasets.load(choice)
    assert "Save them as HDF5" in str(caught.value)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:200])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [cut_short, emptied])
@pytest.mark.parametrize("name", ["a.npz", "a.h5", "a.csv.gz"])
def test_a_damaged_file_is_refused_in_a_sentence(
    tmp_path: Path, damage: Callable[[Path], None], name: str
) -> None:
    path = tmp_path / name
    if name == "a.csv.gz":
        path.write_bytes(gzip.compress("\n".join(pixel_rows()).encode()))
    else:
        (npz if name == "a.npz" else hdf5)(path, images=PICTURES, labels=NUMBERS)
    damage(path)
    with pytest.raises(StudioError, match=r"a\.(npz|h5|csv\.gz)"):
        datasets.find(path)


def test_an_idx_file_that_is_shorter_than_it_says_is_refused(tmp_path: Path) -> None:
    path = idx(tmp_path, "train-images-idx3-ubyte", PICTURES)
    idx(tmp_path, "train-labels-idx1-ubyte", NUMBERS.astype(np.uint8))
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(StudioError, match="should hold 1,440 bytes"):
        datasets.load(choice_at(path))


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (["a,b", "1,2"], "has 2 columns in its first row"),
        ([*pixel_rows(), "1,2,3"], "has 3 columns in row 41, and 37 in its first"),
        ([pixel_rows()[0], "0,no pixel," + ",".join(["1"] * 35)], "has 'no pixel' where a pixel should be"),
        ([",".join(["0"] * 36)] * 9, "holds no pictures with labels"),
        ([",".join(HEAD)], "has no rows of pixels"),
    ],
)
def test_a_table_that_holds_no_pictures_is_refused_in_a_sentence(
    tmp_path: Path, rows: list[str], sentence: str
) -> None:
    with pytest.raises(StudioError) as caught:
        datasets.find(table(tmp_path / "a.csv", rows))
    assert sentence in str(caught.value)


def test_looking_through_a_table_stops_when_it_is_asked_to(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", pixel_rows() * 60)
    with pytest.raises(StopRequested):
        datasets.find(path, lambda: True)


def test_what_is_in_a_file_is_listed_to_choose_from(tmp_path: Path) -> None:
    path = hdf5(tmp_path / "a.h5", group__pictures=PICTURES, labels=NUMBERS)
    listed = {one.name: one.shape for one in arrays_in(path)}
    assert listed == {"group/pictures": (40, 6, 6), "labels": (40,)}


def test_a_file_that_changed_is_told_from_what_the_project_knew(tmp_path: Path) -> None:
    path = npz(tmp_path / "a.npz", images=PICTURES, labels=NUMBERS)
    choice = choice_at(path)
    npz(path, images=PICTURES[:, :4, :4], labels=NUMBERS)
    with pytest.raises(StudioError, match="of another size than when it was chosen"):
        datasets.load(choice)
    npz(path, pictures=PICTURES, labels=NUMBERS)
    with pytest.raises(StudioError, match="has no array images any more"):
        datasets.load(choice)
    npz(path, images=PICTURES, labels=NUMBERS + 3)
    with pytest.raises(StudioError, match=r"the class [456], which the project does not know"):
        datasets.load(choice)
    path.unlink()
    with pytest.raises(StudioError, match="There is no file"):
        datasets.load(choice)


@pytest.mark.parametrize("write", [npz, hdf5])
def test_two_epochs_on_arrays_tell_dark_from_bright(tmp_path: Path, write: Callable[..., Path]) -> None:
    shades = (
        np.random.default_rng(3).integers(0, 60, (80, 8, 8, 3))
        + 190 * (np.arange(80) % 2)[:, None, None, None]
    )
    path = write(
        tmp_path / ("a.npz" if write is npz else "a.h5"), x=shades.astype(np.uint8), y=np.arange(80) % 2
    )
    found = find_arrays(path)
    project = project_of(found)
    (tmp_path / "run").mkdir()
    listener = Listener()
    train(TrainingJob(project, tmp_path / "run"), listener.emit, listener.should_stop)
    assert isinstance(listener.ending, Finished)
    assert listener.all_of(EpochEnded)[-1].values["val_accuracy"] >= 0.9
