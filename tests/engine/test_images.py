import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.files import images
from cnnstudio.engine.files.images import (
    normalised,
    open_image,
    resized,
    save_npy,
    save_png_map,
    to_channels,
    to_unit_range,
)
from cnnstudio.engine.files.photos import PHOTOS

GRAY = np.arange(12, dtype=np.uint8).reshape(3, 4) * 20
RGB = np.random.default_rng(0).integers(0, 256, (3, 4, 3), dtype=np.uint8)


def saved(tmp_path: Path, picture: Image.Image, name: str = "a.png", **options: Any) -> Path:
    picture.save(tmp_path / name, **options)
    return tmp_path / name


def test_every_included_photo_opens() -> None:
    shapes = {photo.name: open_image(photo.path).shape for photo in PHOTOS}

    assert shapes == {
        "camera": (512, 512, 1),
        "chelsea": (300, 451, 3),
        "coffee": (400, 600, 3),
        "coins": (303, 384, 1),
        "brick": (512, 512, 1),
    }


def test_gray_and_color_come_back_as_saved(tmp_path: Path) -> None:
    assert np.array_equal(open_image(saved(tmp_path, Image.fromarray(GRAY)))[:, :, 0], GRAY)
    assert np.array_equal(open_image(saved(tmp_path, Image.fromarray(RGB))), RGB)


def test_a_turned_photo_is_turned_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    path = saved(tmp_path, Image.fromarray(GRAY), exif=exif)

    assert np.array_equal(open_image(path)[:, :, 0], np.rot90(GRAY, -1))


def test_sixteen_bits_are_scaled_not_cut(tmp_path: Path) -> None:
    deep = np.array([[0, 32768, 65535]], dtype=np.uint16)

    assert open_image(saved(tmp_path, Image.fromarray(deep)))[0, :, 0].tolist() == [0, 128, 255]


@pytest.mark.parametrize(
    ("values", "seen"), [([0.0, 0.5, 1.0], [0, 128, 255]), ([0.0, 128.0, 255.0], [0, 128, 255])]
)
def test_float_pictures_are_scaled_by_their_range(
    tmp_path: Path, values: list[float], seen: list[int]
) -> None:
    picture = Image.fromarray(np.array([values], dtype=np.float32))

    assert open_image(saved(tmp_path, picture, "a.tiff"))[0, :, 0].tolist() == seen


def test_transparent_parts_lie_on_white(tmp_path: Path) -> None:
    colors = np.array([[[255, 0, 0, 255], [255, 0, 0, 0]]], dtype=np.uint8)
    grays = np.array([[[10, 255], [10, 0]]], dtype=np.uint8)

    assert open_image(saved(tmp_path, Image.fromarray(colors)))[0].tolist() == [[255, 0, 0], [255, 255, 255]]
    assert open_image(saved(tmp_path, Image.fromarray(grays)))[0].tolist() == [[10], [255]]


def test_palettes_become_colors_or_gray(tmp_path: Path) -> None:
    color = open_image(saved(tmp_path, Image.fromarray(RGB).quantize(12)))
    gray = open_image(saved(tmp_path, Image.fromarray(GRAY).convert("P")))

    assert color.shape == (3, 4, 3)
    assert np.abs(color.astype(int) - RGB).max() < 130
    assert np.array_equal(gray[:, :, 0], GRAY)


def test_one_bit_and_cmyk_open(tmp_path: Path) -> None:
    assert set(np.unique(open_image(saved(tmp_path, Image.fromarray(GRAY).convert("1"))))) == {0, 255}
    cmyk = saved(tmp_path, Image.new("CMYK", (4, 3), (0, 255, 255, 0)), "a.jpg")
    assert open_image(cmyk).shape == (3, 4, 3)


def test_an_animation_shows_its_first_frame(tmp_path: Path) -> None:
    frames = [Image.new("L", (4, 3), gray) for gray in (50, 200)]
    path = saved(tmp_path, frames[0], "a.gif", save_all=True, append_images=frames[1:])

    assert set(np.unique(open_image(path))) == {50}


def test_what_is_no_picture_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "text.png").write_text("hello")
    (tmp_path / "empty.png").write_bytes(b"")
    whole = saved(tmp_path, Image.fromarray(np.tile(RGB, (40, 40, 1)))).read_bytes()
    (tmp_path / "half.png").write_bytes(whole[: len(whole) // 2])
    refused = {
        "text.png": "is no picture",
        "empty.png": "is no picture",
        "half.png": "is a damaged picture",
        "missing.png": "There is no picture",
        "": "is a folder",
        "a.png/b.png": "damaged|no picture",
    }
    for name, said in refused.items():
        with pytest.raises(StudioError, match=said):
            open_image(tmp_path / name)


def test_a_picture_too_large_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(tmp_path, Image.new("L", (40, 30)))
    monkeypatch.setattr(images, "MAX_PIXELS", 1_000)

    with pytest.raises(StudioError, match="million pixels"):
        open_image(path)


def test_a_decompression_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = saved(tmp_path, Image.new("L", (40, 30)))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)

    with pytest.raises(StudioError, match="64 million pixels"):
        open_image(path)


def test_channels_are_turned_into_each_other() -> None:
    pillow = np.asarray(Image.fromarray(RGB).convert("L")).astype(int)
    gray = to_channels(RGB, 1)

    assert gray.dtype == np.uint8
    assert np.abs(gray[:, :, 0] - pillow).max() <= 1
    assert np.array_equal(to_channels(gray, 3), np.repeat(gray, 3, axis=2))
    assert np.array_equal(to_channels(RGB, 5), np.repeat(gray, 5, axis=2))
    assert to_channels(RGB, 3) is RGB
    assert to_channels(to_unit_range(RGB), 1).dtype == np.float32


def test_pixels_run_from_zero_to_one() -> None:
    assert to_unit_range(np.array([[[0], [255]]], dtype=np.uint8)).ravel().tolist() == [0.0, 1.0]


def test_resizing_keeps_channels_and_takes_height_first() -> None:
    assert resized(RGB, (7, 5)).shape == (7, 5, 3)
    assert resized(GRAY[:, :, np.newaxis], (7, 5)).shape == (7, 5, 1)
    with pytest.raises(StudioError, match="0 x 5"):
        resized(RGB, (0, 5))


def test_a_map_is_saved_from_black_to_white(tmp_path: Path) -> None:
    save_png_map(np.array([[-1.0, 0.0, 1.0]]), tmp_path / "map.png")

    assert open_image(tmp_path / "map.png")[0, :, 0].tolist() == [0, 128, 255]


def test_constant_and_infinite_maps_are_saved_too() -> None:
    assert set(np.unique(normalised(np.full((2, 2), 7.0)))) == {128}
    assert set(np.unique(normalised(np.array([[1e-34, -3e-11]])))) == {128}
    assert normalised(np.array([[np.nan, np.inf, 1.0, -1.0]])).tolist() == [[128, 128, 255, 0]]


def test_an_array_is_saved_with_its_exact_numbers(tmp_path: Path) -> None:
    values = np.random.default_rng(0).normal(size=(3, 4)).astype(np.float32)
    save_npy(values, tmp_path / "map.npy")

    assert np.array_equal(np.load(tmp_path / "map.npy"), values)
    assert np.load(tmp_path / "map.npy").dtype == np.float32


def test_warnings_are_as_before_after_several_threads_have_read(tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    Image.new("RGB", (300, 300)).save(file)
    before = list(warnings.filters)
    with ThreadPoolExecutor(4) as pool:
        for _ in pool.map(open_image, [file] * 40):
            pass
    assert list(warnings.filters) == before
