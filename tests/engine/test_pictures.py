"""Pictures to look at: of the data, of included sets, photos, files; and what a network gets of them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from cnnstudio.core.analysis import analyze
from cnnstudio.core.layers import Conv2D, Input
from cnnstudio.core.network import Network
from cnnstudio.core.project.data import DataChoice, Preparation
from cnnstudio.core.project.sources import Folder, Included, Levels
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.data import load
from cnnstudio.engine.data.catalog import PARTS, Part
from cnnstudio.engine.data.folder.scan import scan
from cnnstudio.engine.data.images import Pixels
from cnnstudio.engine.files.images import open_image
from cnnstudio.engine.files.photos import PHOTOS
from cnnstudio.engine.interpret.choices import DEFAULT_PICTURE, DataPicture, Sample
from cnnstudio.engine.interpret.pictures import fitted_to, read_picture
from cnnstudio.engine.interpret.previews import Previewer, Request
from cnnstudio.engine.training.stopping import StopRequested
from tests.folders import class_folders

DIGITS = DataChoice(source=Included())
COLORED = DataChoice(source=Included(), preparation=Preparation(size=(20, 12), fit="pad", colors="color"))


def network(*shape: int | None) -> Network:
    return Network(layers=(Input(name="input", shape=shape), Conv2D(name="conv1", filters=2)))


@pytest.mark.parametrize("part", ["training", "validation", "test"])
def test_a_picture_of_the_data_is_that_of_its_part(part: str) -> None:
    stream = load(DIGITS).stream(part)  # type: ignore[arg-type]
    picture = read_picture(DataPicture(part, 3), DIGITS)  # type: ignore[arg-type]
    assert np.array_equal(picture.pixels, stream.sample(3).pixels)
    assert picture.title == f"{stream.sample(3).label}, {part} image 4"
    assert picture.count == len(stream)


def test_a_picture_that_the_data_do_not_have_is_refused_with_how_many_there_are() -> None:
    count = len(load(DIGITS).stream("test"))
    with pytest.raises(StudioError, match=f"no test image {count + 1:,}: the data have {count:,}"):
        read_picture(DataPicture("test", count), DIGITS)
    with pytest.raises(StudioError):
        read_picture(DataPicture("test", -1), DIGITS)


def test_without_data_there_is_no_picture_of_them_but_any_other() -> None:
    with pytest.raises(StudioError, match="No data are chosen"):
        read_picture(DEFAULT_PICTURE, DataChoice())
    assert read_picture(PHOTOS[0], DataChoice()).title == "Cameraman"
    assert read_picture(Sample("mnist", 3), DataChoice()).count > 3


def test_reading_the_data_ends_when_it_is_asked_to() -> None:
    with pytest.raises(StopRequested):
        read_picture(DEFAULT_PICTURE, COLORED, lambda: True)


def test_another_picture_gets_the_inputs_size_and_colors() -> None:
    photo = read_picture(PHOTOS[1], DIGITS)
    assert fitted_to(photo, (28, 28, 1), DIGITS).shape == (28, 28, 1)
    assert fitted_to(photo, (24, 16, 3), DIGITS).shape == (24, 16, 3)


def test_a_size_that_the_input_leaves_open_is_that_of_the_data_or_the_pictures_own() -> None:
    photo = read_picture(PHOTOS[1], DIGITS)
    assert fitted_to(photo, (None, None, 1), DIGITS).shape == (28, 28, 1)
    own = photo.pixels.shape[:2]
    assert fitted_to(photo, (None, None, 1), DataChoice()).shape == (*own, 1)


def test_it_is_fitted_the_way_the_data_are_prepared(tmp_path: Path) -> None:
    from cnnstudio.engine.files.images import save_png_map

    save_png_map(np.tile(np.linspace(0, 1, 40, dtype=np.float32), (10, 1)), tmp_path / "wide.png")
    wide = read_picture(tmp_path / "wide.png", COLORED)
    padded = fitted_to(wide, (20, 12, 3), COLORED)
    stretched = fitted_to(wide, (20, 12, 3), DIGITS)
    assert not padded[:5].any()
    assert stretched[:5].any()


def test_a_picture_of_the_data_reaches_the_network_as_it_is() -> None:
    picture = read_picture(DEFAULT_PICTURE, DIGITS)
    assert fitted_to(picture, (10, 10, 3), DIGITS) is picture.pixels


def test_the_pictures_in_the_blocks_show_the_selected_one() -> None:
    analysis = analyze(network(28, 28, 1))
    maker = Previewer()
    shown = [
        maker.pictures(Request(analysis, DIGITS, None, choice))
        for choice in (DataPicture("training", 0), DataPicture("test", 1), PHOTOS[0])
    ]
    pixels = [made["input"].values for made in shown if made is not None]
    assert len(pixels) == 3
    assert not np.array_equal(pixels[0], pixels[1])
    assert not np.array_equal(pixels[0], pixels[2])
    assert all("conv1" in made for made in shown if made is not None)


def test_a_photo_goes_through_a_network_without_data() -> None:
    made = Previewer().pictures(Request(analyze(network(16, 16, 3)), DataChoice(), None, PHOTOS[2]))
    assert made is not None
    assert set(made) == {"input", "conv1"}


def test_pictures_that_were_asked_to_stop_while_reading_are_none() -> None:
    request = Request(analyze(network(20, 12, 3)), COLORED, None, DEFAULT_PICTURE)
    assert Previewer().pictures(request, lambda: True) is None


@pytest.fixture
def pets(tmp_path: Path) -> DataChoice:
    """A folder with pictures of two classes, chosen."""
    found = scan(class_folders(tmp_path / "pets", {"cat": 20, "dog": 30}))
    return DataChoice(source=found.source, preparation=found.preparation)


@pytest.mark.parametrize("part", PARTS)
def test_of_a_folder_only_the_picture_that_is_shown_is_read(
    part: Part, pets: DataChoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def counted(path: Path, *rest: Any, **more: Any) -> Pixels:
        opened.append(path.name)
        return open_image(path, *rest, **more)

    monkeypatch.setattr("cnnstudio.engine.data.prepare.open_image", counted)
    alone = read_picture(DataPicture(part, 2), pets)
    assert len(opened) == 1
    stream = load(pets).stream(part)
    assert np.array_equal(alone.pixels, stream.sample(2).pixels)
    assert (alone.count, alone.title.split(",")[0]) == (len(stream), ("cat", "dog")[stream.sample(2).label])
    assert np.array_equal(read_picture(DataPicture(part, 2), pets).pixels, alone.pixels)
    with pytest.raises(StudioError, match=f"no {part} image 1,001: the data have {len(stream)}"):
        read_picture(DataPicture(part, 1000), pets)


def test_a_picture_of_a_folder_that_cannot_be_read_gives_way_to_the_next(pets: DataChoice) -> None:
    first, second = (read_picture(DataPicture("training", index), pets) for index in (0, 1))
    assert isinstance(pets.source, Folder)
    for path in Path(pets.source.path).glob("*/*.png"):
        if np.array_equal(open_image(path), first.pixels):
            path.write_bytes(b"")
    again = read_picture(DataPicture("training", 0), pets)
    assert np.array_equal(again.pixels, second.pixels)
    assert again.title.startswith(second.title.split(",")[0])


def test_a_deep_picture_of_a_person_is_seen_as_those_of_the_data_are(
    pets: DataChoice, tmp_path: Path
) -> None:
    assert isinstance(pets.source, Folder)
    deep = pets.source.model_copy(update={"levels": Levels(whole=(0, 4095))})
    Image.fromarray(np.full((4, 4), 200, np.uint16)).save(tmp_path / "dim.png")
    own = read_picture(tmp_path / "dim.png", DataChoice())
    learned = read_picture(tmp_path / "dim.png", pets.model_copy(update={"source": deep}))
    assert (own.pixels.max(), learned.pixels.max()) == (200, 12)
    assert own.note == "Shown are whole numbers from 0 (black) to 255 (white)."
    assert learned.note == "Shown are whole numbers from 0 (black) to 4,095 (white)."
    assert read_picture(PHOTOS[0].path, DataChoice()).note == ""
