"""The quick way of decoding JPEGs: the same pixels as Pillow's, and only for usual ones."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from cnnstudio.core.project.data import Fit, Preparation, Resampling
from cnnstudio.engine.data import prepare
from cnnstudio.engine.data.prepare import prepared, read_prepared
from cnnstudio.engine.files.images import open_image
from cnnstudio.engine.files.jpeg import open_usual_jpeg
from cnnstudio.engine.files.photos import PHOTOS


def jpeg(path: Path, size: tuple[int, int], mode: str = "RGB", **options: object) -> Path:
    """A part of a photograph, `size` is height and width."""
    with Image.open(PHOTOS[0].path) as photo:
        photo.convert(mode).resize(size[::-1]).save(path, format="JPEG", **options)
    return path


@given(
    height=st.integers(1, 300),
    width=st.integers(1, 300),
    near=st.tuples(st.integers(1, 120), st.integers(1, 120)),
    mode=st.sampled_from(["RGB", "L"]),
    subsampling=st.sampled_from([0, 1, 2]),
    progressive=st.booleans(),
)
def test_the_pixels_are_those_of_pillow_to_the_last_bit(
    height: int,
    width: int,
    near: tuple[int, int],
    mode: str,
    subsampling: int,
    progressive: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path_factory.mktemp("jpeg") / "a.jpg"
    jpeg(path, (height, width), mode, subsampling=subsampling, progressive=progressive)
    found = open_usual_jpeg(path, near, len(mode))
    assert found is not None
    assert np.array_equal(found, open_image(path, near))


def test_unusual_jpegs_and_other_files_are_left_to_pillow(tmp_path: Path) -> None:
    turned = Image.Exif()
    turned[0x0112] = 6
    left = [
        jpeg(tmp_path / "turned.jpg", (40, 30), exif=turned),
        jpeg(tmp_path / "cmyk.jpg", (40, 30), "CMYK"),
        jpeg(tmp_path / "gray.jpg", (40, 30), "L"),
    ]
    (tmp_path / "cut.jpg").write_bytes(jpeg(tmp_path / "whole.jpg", (90, 90)).read_bytes()[:1500])
    Image.new("RGB", (40, 30)).save(tmp_path / "a.png")
    (tmp_path / "page.jpg").write_text("<html>")
    left += [tmp_path / name for name in ("cut.jpg", "a.png", "page.jpg", "gone.jpg")]
    for path in left:
        assert open_usual_jpeg(path, (20, 20), 3) is None, path.name


@pytest.mark.parametrize("fit", ["stretch", "crop", "pad"])
@pytest.mark.parametrize("resampling", ["nearest", "bilinear", "bicubic", "area"])
def test_a_picture_is_prepared_alike_whoever_decodes_it(
    fit: Fit, resampling: Resampling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = jpeg(tmp_path / "a.jpg", (150, 220))
    wanted = Preparation(size=(37, 51), colors="color", fit=fit, resampling=resampling)
    quick = read_prepared(path, wanted, None)
    monkeypatch.setattr(prepare, "open_usual_jpeg", lambda *_: None)
    assert np.array_equal(quick, read_prepared(path, wanted, None))
    assert quick.shape == (37, 51, 3)


@pytest.mark.parametrize(
    ("resampling", "pillow"),
    [
        ("nearest", Image.Resampling.NEAREST),
        ("bilinear", Image.Resampling.BILINEAR),
        ("bicubic", Image.Resampling.BICUBIC),
        ("area", Image.Resampling.BOX),
    ],
)
def test_each_resampling_is_pillows(resampling: Resampling, pillow: Image.Resampling) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (30, 20, 3), np.uint8)
    found = prepared(pixels, Preparation(size=(13, 17), colors="color", resampling=resampling))
    assert np.array_equal(found, np.asarray(Image.fromarray(pixels).resize((17, 13), pillow)))


def test_transparent_parts_lie_on_the_chosen_color(tmp_path: Path) -> None:
    clear = Image.new("RGBA", (8, 8), (255, 0, 0, 0))
    clear.paste((0, 0, 255, 255), (0, 0, 4, 8))
    clear.save(tmp_path / "a.png")
    wanted = Preparation(size=(8, 8), colors="color", background="#00ff00")
    found = read_prepared(tmp_path / "a.png", wanted, None)
    assert found[0, 0].tolist() == [0, 0, 255]
    assert found[0, 7].tolist() == [0, 255, 0]
    white = read_prepared(tmp_path / "a.png", Preparation(size=(8, 8), colors="color"), None)
    assert white[0, 7].tolist() == [255, 255, 255]
