"""Pictures with masks of the same names: found, read, and trained on."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from cnnstudio.core.project import Project
from cnnstudio.core.project.data import DataChoice, Preparation
from cnnstudio.core.project.sources import MaskPairs
from cnnstudio.core.project.training import Adam, TrainingSettings
from cnnstudio.core.tasks import Classification, Segmentation
from cnnstudio.core.templates.fitted import fitted
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine import data as datasets
from cnnstudio.engine.data.catalog import PARTS
from cnnstudio.engine.files.projects import sample_project
from cnnstudio.engine.training.events import EpochEnded, Finished
from cnnstudio.engine.training.trainer import TrainingJob, refuse_faulty, train
from tests.engine.small import Listener

SIZE = (24, 32)


def mask_of(number: int, values: tuple[int, ...] = (1, 2)) -> NDArray[np.uint8]:
    """A box of a class on the ground, elsewhere for each number."""
    mask = np.zeros(SIZE, np.uint8)
    top, left = number % 12, number * 5 % 20
    mask[top : top + 10, left : left + 10] = values[number % len(values)]
    return mask


def picture_of(mask: NDArray[np.uint8]) -> Image.Image:
    shades = np.stack([mask * 90 + 20, 200 - mask * 70, np.full(SIZE, 99, np.uint8)], axis=2)
    return Image.fromarray(shades.astype(np.uint8))


def pairs(
    root: Path,
    count: int = 30,
    places: tuple[str, str] = ("images", "masks"),
    ending: str = "",
    palette: bool = False,
) -> Path:
    for number in range(count):
        mask = mask_of(number)
        for place in places:
            (root / place).mkdir(parents=True, exist_ok=True)
        picture_of(mask).save(root / places[0] / f"{number:03d}.jpg", quality=95, subsampling=0)
        drawn = Image.fromarray(mask)
        if palette:
            drawn = drawn.convert("P")
            drawn.putpalette([0, 0, 0, 200, 0, 0, 0, 200, 0] + [9, 9, 9] * 253)
        drawn.save(root / places[1] / f"{number:03d}{ending}.png")
    return root


def choice_at(root: Path, size: tuple[int, int] = SIZE) -> DataChoice:
    found = datasets.find(root)
    return DataChoice(source=found.source, preparation=Preparation(size=size, colors="color"))


def source_at(root: Path) -> MaskPairs:
    source = datasets.find(root).source
    assert isinstance(source, MaskPairs)
    return source


@pytest.mark.parametrize(
    "places",
    [("images", "masks"), ("JPEGImages", "SegmentationClass"), ("train/img", "train/labels"), ("imgs", "gt")],
)
def test_folders_are_told_by_their_names(tmp_path: Path, places: tuple[str, str]) -> None:
    source = source_at(pairs(tmp_path, places=places))
    assert source.values == (1, 2)
    assert source.class_names == ("1", "2")
    assert source.train_count + source.test_count == 30


@pytest.mark.parametrize("ending", ["", "_mask", "-label", "_gt"])
@pytest.mark.parametrize("palette", [False, True])
def test_every_pixel_has_the_class_that_its_mask_says(tmp_path: Path, ending: str, palette: bool) -> None:
    data = datasets.load(choice_at(pairs(tmp_path, ending=ending, palette=palette)))
    seen = set()
    for part in PARTS:
        stream = data.stream(part)
        for place in range(len(stream)):
            sample = stream.sample(place)
            number = int(Path(sample.locator).stem)
            assert sample.mask is not None
            assert np.array_equal(sample.mask, mask_of(number))
            assert np.abs(sample.pixels.astype(int) - np.asarray(picture_of(mask_of(number)))).mean() < 12
            seen.add(number)
    assert seen == set(range(30))


def test_a_mask_is_brought_to_size_with_its_picture_and_keeps_its_classes(tmp_path: Path) -> None:
    data = datasets.load(choice_at(pairs(tmp_path), (12, 16)))
    sample = data.stream("training").sample(0)
    number = int(Path(sample.locator).stem)
    assert sample.mask is not None
    assert sample.mask.shape == (12, 16)
    assert np.array_equal(sample.mask, mask_of(number)[1::2, 1::2])


def test_black_and_white_masks_have_one_class(tmp_path: Path) -> None:
    pairs(tmp_path)
    for number in range(30):
        Image.fromarray(mask_of(number, (255,))).save(tmp_path / "masks" / f"{number:03d}.png")
    source = source_at(tmp_path)
    assert (source.values, source.class_names) == ((255,), ("object",))


def test_colors_are_classes(tmp_path: Path) -> None:
    pairs(tmp_path)
    table = np.array([[0, 0, 0], [255, 0, 0], [0, 0, 255]], np.uint8)
    for number in range(30):
        Image.fromarray(table[mask_of(number)]).save(tmp_path / "masks" / f"{number:03d}.png")
    source = source_at(tmp_path)
    assert source.in_color
    assert source.class_names == ("#0000ff", "#ff0000")
    sample = datasets.load(choice_at(tmp_path)).stream("training").sample(0)
    expected = np.array([0, 2, 1])[mask_of(int(Path(sample.locator).stem))]
    assert sample.mask is not None
    assert np.array_equal(sample.mask, expected)


def test_the_border_that_a_palette_has_at_255_is_ground(tmp_path: Path) -> None:
    pairs(tmp_path, palette=True)
    path = tmp_path / "masks" / "003.png"
    with Image.open(path) as mask:
        mask.load()
        mask.putpixel((0, 0), 255)
    mask.save(path)
    found = datasets.find(tmp_path)
    assert isinstance(found.source, MaskPairs)
    assert found.source.values == (1, 2)
    assert "255 is taken for a border of no class" in found.remarks[0]


def test_parts_of_the_folder_are_the_split(tmp_path: Path) -> None:
    for part, count in (("train", 12), ("val", 5), ("test", 3)):
        pairs(tmp_path / part, count)
    source = source_at(tmp_path)
    assert (source.train_count, source.validation_count, source.test_count) == (12, 5, 3)
    other = tmp_path / "other"
    for part, count in (("train", 12), ("val", 5)):
        pairs(other, count, (f"images/{part}", f"masks/{part}"))
    source = source_at(other)
    assert (source.train_count, source.validation_count, source.test_count) == (12, 5, 0)


def test_files_without_a_partner_are_passed_over_and_told(tmp_path: Path) -> None:
    pairs(tmp_path)
    (tmp_path / "masks" / "004.png").unlink()
    (tmp_path / "images" / "005.jpg").unlink()
    found = datasets.find(tmp_path)
    assert found.remarks[-1] == "Passed over: 2 files without a picture or mask of the same name."


def test_a_mask_of_another_size_than_its_picture_is_left_out_and_told(tmp_path: Path) -> None:
    pairs(tmp_path)
    Image.fromarray(np.ones((5, 5), np.uint8)).save(tmp_path / "masks" / "004.png")
    data = datasets.load(choice_at(tmp_path))
    read = sum(len(data.stream(part).batch(np.arange(len(data.stream(part)))).pixels) for part in PARTS)
    assert read == 29
    assert "is 5 x 5 pixels, and its picture 24 x 32. Give both one size." in data.note


def noisy(root: Path) -> None:
    values = np.random.default_rng(0).integers(0, 2**16, SIZE).astype(np.uint16)
    Image.fromarray(values).save(root / "masks" / "000.png")


def empty(root: Path) -> None:
    for path in (root / "masks").iterdir():
        Image.fromarray(np.zeros(SIZE, np.uint8)).save(path)


def mixed(root: Path) -> None:
    Image.new("RGB", SIZE[::-1]).save(root / "masks" / "000.png")


def unmatched(root: Path) -> None:
    for path in list((root / "masks").iterdir()):
        path.rename(path.with_name(f"a{path.name}"))


def damaged(root: Path) -> None:
    (root / "masks" / "000.png").write_bytes(b"")


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (noisy, "Save masks as PNG: JPEG changes their values."),
        (empty, "are empty: every pixel is 0, the ground"),
        (mixed, "are in color and some are gray"),
        (unmatched, "holds no pictures with masks of the same names"),
        (damaged, "is no picture that can be read"),
    ],
)
def test_what_is_no_such_data_set_is_refused_in_a_sentence(
    tmp_path: Path, damage: object, sentence: str
) -> None:
    pairs(tmp_path)
    assert callable(damage)
    damage(tmp_path)
    with pytest.raises(StudioError) as caught:
        datasets.find(tmp_path)
    assert sentence in str(caught.value)


def test_names_that_a_person_gives_are_kept_and_one_class_alone_can_be_learned(tmp_path: Path) -> None:
    choice = choice_at(pairs(tmp_path))
    source = choice.source
    assert isinstance(source, MaskPairs)
    named = source.model_copy(update={"class_names": ("cat", "dog")})
    data = datasets.load(choice.model_copy(update={"source": named}))
    assert data.facts.mask_names == ("ground", "cat", "dog")
    some = datasets.load(choice.model_copy(update={"source": named, "classes": ("dog", "cat")}))
    assert some.facts.mask_names == ("ground", "dog", "cat")
    sample = some.stream("training").sample(0)
    assert sample.mask is not None
    assert np.array_equal(sample.mask, np.array([0, 2, 1])[mask_of(int(Path(sample.locator).stem))])


def project_on(root: Path) -> Project:
    choice = choice_at(root)
    facts = datasets.facts_of(choice)
    assert facts is not None
    made = fitted(sample_project().with_data(choice), facts)
    settings = TrainingSettings(
        optimizer=Adam(learning_rate=0.002), epochs=15, batch_size=4, loss=made.training.loss
    )
    return made.with_training(settings)


def test_a_fitted_network_learns_the_masks(tmp_path: Path) -> None:
    project = project_on(pairs(tmp_path / "data", 40))
    assert isinstance(project.task, Segmentation)
    (tmp_path / "run").mkdir()
    listener = Listener()
    train(TrainingJob(project, tmp_path / "run"), listener.emit, listener.should_stop)
    assert isinstance(listener.ending, Finished)
    assert max(epoch.values["val_iou"] for epoch in listener.all_of(EpochEnded)) > 0.5


def test_whole_pictures_without_a_class_are_not_classified(tmp_path: Path) -> None:
    project = project_on(pairs(tmp_path / "data")).with_task(Classification())
    with pytest.raises(StudioError, match="has a class for each pixel, and none for a whole picture"):
        refuse_faulty(project)
