"""Pictures of more than 8 bits and of real numbers: what is black and white, in one and in a whole folder."""

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, TiffImagePlugin

from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.project.sources import Levels
from cnnstudio.engine import data as datasets
from cnnstudio.engine.data.folder.images import opened
from cnnstudio.engine.data.folder.levels import levels_over
from cnnstudio.engine.data.folder.scan import scan
from cnnstudio.engine.files.images import open_image, read_extremes
from cnnstudio.engine.training.stopping import ShouldStop
from tests.engine.small import whole_of
from tests.folders import write_picture

RAMP = np.linspace(0, 1, 256)
GRAYS = np.arange(256, dtype=np.uint8)


def ramp(low: float, high: float, dtype: str) -> NDArray[Any]:
    """One row of 256 numbers from low to high."""
    values = low + (high - low) * RAMP
    return (values if np.dtype(dtype).kind == "f" else np.rint(values)).astype(dtype)[np.newaxis]


def tiff(path: Path, values: NDArray[Any]) -> Path:
    """A TIFF of one strip, with the numbers as they are; Pillow writes no signed or unsigned 32 bits."""
    height, width = values.shape
    kind = {"u": 1, "i": 2, "f": 3}[values.dtype.kind]
    tags = {256: width, 257: height, 258: values.itemsize * 8, 259: 1, 262: 1, 277: 1, 278: height, 339: kind}
    first = 8 + 2 + 12 * (len(tags) + 2) + 4
    tags |= {273: first, 279: values.nbytes}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in sorted(tags.items()))
    head = b"II*\0" + struct.pack("<IH", 8, len(tags))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(head + entries + b"\0\0\0\0" + values.astype(values.dtype.newbyteorder("<")).tobytes())
    return path


def png(path: Path, values: NDArray[Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(values.astype(np.uint16)).save(path)
    return path


@pytest.mark.parametrize(
    ("low", "high", "dtype"),
    [
        (0, 255, "i4"),
        (0, 255, "u4"),
        (0, 255, "u2"),
        (0, 1023, "u2"),
        (0, 4095, "u2"),
        (0, 4095, "i2"),
        (0, 16383, "u4"),
        (0, 65535, "u2"),
        (0, 65535, "i4"),
        (0, 2**31 - 1, "i4"),
        (0, 2**32 - 1, "u4"),
        (-1000, 3000, "i2"),
        (-32768, 32767, "i2"),
        (-5, 20, "i4"),
        (0, 1, "f4"),
        (-1, 1, "f4"),
        (0, 255, "f4"),
        (0, 4095, "f4"),
        (-1024, 3071, "f4"),
    ],
)
def test_a_full_ramp_goes_from_black_to_white(tmp_path: Path, low: float, high: float, dtype: str) -> None:
    picture = open_image(tiff(tmp_path / "ramp.tif", ramp(low, high, dtype)))
    assert picture.shape == (1, 256, 1)
    expected = np.rint((ramp(low, high, dtype)[0].astype(float) - low) / (high - low) * 255)
    assert picture[0, :, 0].tolist() == expected.tolist()
    assert (picture.min(), picture.max()) == (0, 255)


def test_twelve_bits_in_sixteen_are_the_full_ramp_in_a_png(tmp_path: Path) -> None:
    assert np.array_equal(open_image(png(tmp_path / "a.png", ramp(0, 4095, "u2")))[0, :, 0], GRAYS)


def test_a_picture_in_the_dark_stays_darker_than_its_depth(tmp_path: Path) -> None:
    assert open_image(png(tmp_path / "a.png", ramp(0, 2000, "u2"))).max() == round(2000 / 4095 * 255)


@pytest.mark.parametrize(("highest", "written"), [(4095, 1000), (65535, 1000), (300, 300)])
def test_a_graymap_says_itself_what_is_white(tmp_path: Path, highest: int, written: int) -> None:
    values = ramp(0, written, "u2").astype(">u2")
    (tmp_path / "a.pgm").write_bytes(b"P5 256 1 %d\n" % highest + values.tobytes())
    assert open_image(tmp_path / "a.pgm").max() == round(written / highest * 255)


def test_a_tiff_of_twelve_bits_says_itself_what_is_white(tmp_path: Path) -> None:
    # Two numbers of 12 bits in three bytes.
    dim = tiff(tmp_path / "a.tif", np.array([[0x10, 0x01, 0x00]], np.uint8)).read_bytes()
    tags = {256: 2, 258: 12}
    for tag, value in tags.items():
        at = dim.index(struct.pack("<HHI", tag, 4, 1))
        dim = dim[: at + 8] + struct.pack("<I", value) + dim[at + 12 :]
    (tmp_path / "a.tif").write_bytes(dim)
    with Image.open(tmp_path / "a.tif") as picture:
        assert isinstance(picture, TiffImagePlugin.TiffImageFile)
        assert np.asarray(picture).tolist() == [[0x100, 0x100]]
    assert open_image(tmp_path / "a.tif")[0, :, 0].tolist() == [16, 16]


def test_numbers_that_are_not_finite_count_for_nothing(tmp_path: Path) -> None:
    values = np.array([[np.nan, np.inf, -np.inf, 0, 1, 0.5]], np.float32)
    assert open_image(tiff(tmp_path / "a.tif", values))[0, :, 0].tolist() == [0, 255, 0, 0, 255, 128]
    nothing = tiff(tmp_path / "b.tif", np.full((1, 3), np.nan, np.float32))
    assert open_image(nothing)[0, :, 0].tolist() == [0, 0, 0]


@pytest.mark.parametrize("value", [0, -7])
def test_a_deep_picture_of_one_number_opens(tmp_path: Path, value: int) -> None:
    assert open_image(tiff(tmp_path / "a.tif", np.full((2, 2), value, np.int32))).tolist() == [[[0]] * 2] * 2


def test_a_deep_picture_taken_lying_is_turned_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    values = ramp(0, 65535, "u2")
    Image.fromarray(values).save(tmp_path / "a.png", exif=exif)
    assert np.array_equal(open_image(tmp_path / "a.png")[:, :, 0], np.rot90(GRAYS[np.newaxis], -1))


def test_pictures_of_8_bits_have_no_extremes(tmp_path: Path) -> None:
    extremes = read_extremes(write_picture(tmp_path / "a.png"))
    assert (extremes.whole, extremes.real) == (None, None)


def deep_folder(root: Path, tops: dict[str, int]) -> Path:
    """Three pictures a class, each a ramp up to the class's number."""
    for name, top in tops.items():
        for number in range(3):
            png(root / name / f"{number}.png", ramp(0, top, "u2"))
    return root


def test_all_pictures_of_a_folder_are_scaled_alike_and_that_is_told(tmp_path: Path) -> None:
    found = scan(deep_folder(tmp_path, {"bright": 4095, "dim": 200}))
    assert found.source.levels == Levels(whole=(0, 4095))
    sentence = "Deep pictures are scaled alike: whole numbers from 0 (black) to 4,095 (white)."
    assert found.remarks == (sentence,)
    size = found.preparation.model_copy(update={"size": (1, 256)})
    images = whole_of(opened(found.source, size))
    assert images.remarks == (sentence,)
    tops = [images.pixels[images.labels == label].max(axis=(1, 2, 3)).tolist() for label in (0, 1)]
    assert tops == [[255] * 3, [round(200 / 4095 * 255)] * 3]
    choice = DataChoice(source=found.source, preparation=size)
    assert np.array_equal(datasets.first_image(choice), images.pixels[0])


def test_without_levels_in_the_project_they_are_those_of_all_its_pictures(tmp_path: Path) -> None:
    found = scan(deep_folder(tmp_path, {"bright": 4095, "dim": 200}))
    for number in range(40):
        write_picture(tmp_path / "dim" / f"shallow{number}.png", size=(1, 256))
    unsaid = found.source.model_copy(update={"levels": None})
    size = found.preparation.model_copy(update={"size": (1, 256)})
    images, same = (whole_of(opened(source, size)) for source in (unsaid, found.source))
    assert np.array_equal(images.pixels, same.pixels)
    assert images.remarks == same.remarks == found.remarks


def test_levels_of_the_project_hold_for_pictures_that_came_later(tmp_path: Path) -> None:
    found = scan(deep_folder(tmp_path, {"a": 1000, "b": 1000}))
    png(tmp_path / "a" / "new.png", ramp(0, 60000, "u2"))
    choice = DataChoice(source=found.source, preparation=found.preparation)
    assert datasets.load(choice).catalog.remarks == found.remarks


def test_whole_and_real_numbers_in_one_folder_have_ends_of_their_own(tmp_path: Path) -> None:
    deep_folder(tmp_path, {"a": 4000, "b": 4000})
    for number in range(3):
        tiff(tmp_path / "b" / f"real{number}.tif", ramp(-1, 1, "f4"))
    found = scan(tmp_path)
    assert found.source.levels == Levels(whole=(0, 4095), real=(-1, 1))
    assert found.remarks[-1].endswith("4,095 (white) and real numbers from −1 (black) to 1 (white).")


def test_only_a_folder_of_deep_pictures_is_read_when_it_is_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[int] = []

    def counted(paths: Sequence[str], should_stop: ShouldStop) -> Levels:
        looked.append(len(paths))
        return levels_over(paths, should_stop)

    monkeypatch.setattr("cnnstudio.engine.data.folder.scan.levels_over", counted)
    for name in ("a", "b"):
        for number in range(3):
            write_picture(tmp_path / "shallow" / name / f"{number}.png")
    scan(tmp_path / "shallow")
    assert looked == []
    scan(deep_folder(tmp_path / "deep", {"a": 9, "b": 9}))
    assert looked == [6]
