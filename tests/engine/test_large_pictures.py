"""Pictures of many pixels: read in little memory, few at once, and with the same colors as small ones."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import numpy as np
import pytest
from PIL import Image

from cnnstudio.engine.files import images, pixels
from cnnstudio.engine.files.images import open_image, resized

_READER = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from cnnstudio.core.project.data import Preparation
from cnnstudio.engine.data.prepare import prepared
from cnnstudio.engine.files.images import open_image
wanted = Preparation(size=(64, 64), colors="gray")
def read(path):
    return prepared(open_image(path, near=(64, 64)), wanted).shape
with ThreadPoolExecutor(4) as pool:
    assert set(pool.map(read, [Path(sys.argv[1])] * 4)) == {(64, 64, 1)}
status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
print(status["VmHWM"].split()[0])  # of this program alone; getrusage counts what forked it too
"""


@pytest.mark.skipif(sys.platform != "linux", reason="counts in the units of Linux")
@pytest.mark.parametrize("mode", ["P", "RGBA"])
def test_four_threads_read_64_million_transparent_pixels_each_below_a_gigabyte(
    tmp_path: Path, mode: str
) -> None:
    picture = Image.new(mode, (8000, 8000))
    if mode == "P":
        picture.info["transparency"] = 0
    picture.save(tmp_path / "large.png", compress_level=1)
    del picture

    call = [sys.executable, "-c", _READER, str(tmp_path / "large.png")]
    ran = subprocess.run(call, capture_output=True, text=True, check=True)

    assert int(ran.stdout) * 1024 < 2**30


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "LA", "P"])
def test_a_picture_read_in_bands_has_the_colors_of_one_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    values = np.random.default_rng(1).integers(0, 256, (61, 47, 4), np.uint8)
    Image.fromarray(values).convert(mode).save(tmp_path / "a.png")
    whole = open_image(tmp_path / "a.png")

    monkeypatch.setattr(pixels, "BAND_PIXELS", 300)

    assert np.array_equal(open_image(tmp_path / "a.png"), whole)


def test_a_large_picture_that_will_be_small_comes_smaller_and_looks_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, columns = np.mgrid[0:400, 0:300]
    wave = (127 + 100 * np.sin(rows / 40) * np.cos(columns / 30)).astype(np.uint8)
    Image.fromarray(wave).save(tmp_path / "a.png")
    whole = open_image(tmp_path / "a.png", near=(40, 30))
    monkeypatch.setattr(pixels, "_LARGE_PIXELS", 10_000)
    monkeypatch.setattr(pixels, "BAND_PIXELS", 20_000)

    small = open_image(tmp_path / "a.png", near=(40, 30))

    assert whole.shape == (400, 300, 1)
    assert small.shape == (80, 60, 1)
    assert np.abs(resized(small, (40, 30)).astype(int) - resized(whole, (40, 30))).max() <= 3


def test_usual_pictures_are_decoded_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Image.new("L", (20, 20)).save(tmp_path / "a.png")
    together = Barrier(4, timeout=60)
    usual = images._as_bytes

    def meeting(picture: Image.Image, near: tuple[int, int] | None, background: str) -> images.Bytes:
        together.wait()
        return usual(picture, near, background)

    monkeypatch.setattr(images, "_as_bytes", meeting)
    with ThreadPoolExecutor(4) as pool:
        assert len(list(pool.map(open_image, [tmp_path / "a.png"] * 4))) == 4
