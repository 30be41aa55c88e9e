"""The data linter: each rule with data that have the fault, and with neighbors that are sound."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageFilter

from cnnstudio.core.project.corrections import left_out
from cnnstudio.core.project.data import DataChoice, Preparation
from cnnstudio.core.project.sources import Included
from cnnstudio.engine import data as datasets
from cnnstudio.engine.data.catalog import PARTS
from cnnstudio.engine.data.linting import RULES, DataFinding, check_data
from cnnstudio.engine.files.photos import PHOTOS
from cnnstudio.engine.training.stopping import StopRequested

SIDE = 96


def photo_part(number: int, side: int = SIDE) -> Image.Image:
    """Another part of a photograph for each number; no two overlap up to 100."""
    with Image.open(PHOTOS[number % len(PHOTOS)].path) as photo:
        picture = photo.convert("RGB").resize((600, 480))
    row, column = divmod(number // len(PHOTOS) % 20, 5)
    return picture.crop((120 * column, 120 * row, 120 * column + 120, 120 * row + 120)).resize((side, side))


@pytest.fixture(scope="module")
def sound_photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty parts of photographs in two classes, with a test folder of their own. Nothing is amiss."""
    root = tmp_path_factory.mktemp("sound")
    for number in range(60):
        part = "train" if number < 40 else "val" if number < 50 else "test"
        place = root / part / ("even", "odd")[number % 2]
        place.mkdir(parents=True, exist_ok=True)
        photo_part(number).save(place / f"{number:02d}.png")
    return root


@pytest.fixture
def photos(sound_photos: Path, tmp_path: Path) -> Path:
    """A copy of them in which a fault may be planted."""
    return Path(shutil.copytree(sound_photos, tmp_path / "photos"))


def choice_of(root: Path) -> DataChoice:
    found = datasets.find(root)
    return DataChoice(source=found.source, preparation=Preparation(size=(SIDE, SIDE), colors="color"))


def found_in(root: Path) -> dict[str, DataFinding]:
    return {finding.code: finding for finding in check_data(choice_of(root)).findings}


def cut_off(root: Path) -> set[str]:
    path = root / "train" / "odd" / "01.png"
    path.write_bytes(path.read_bytes()[:900])
    (root / "train" / "odd" / "03.png").write_text("<html>")
    return {"train/odd/01.png", "train/odd/03.png"}


def copied(root: Path) -> set[str]:
    shutil.copy(root / "train" / "odd" / "01.png", root / "train" / "odd" / "copy.png")
    return {"train/odd/01.png", "train/odd/copy.png"}


def copied_with_other_bytes(root: Path) -> set[str]:
    with Image.open(root / "train" / "odd" / "01.png") as picture:
        picture.save(root / "train" / "odd" / "copy.bmp")
    return {"train/odd/01.png", "train/odd/copy.bmp"}


def in_both_classes(root: Path) -> set[str]:
    shutil.copy(root / "train" / "odd" / "01.png", root / "train" / "even" / "copy.png")
    return {"train/odd/01.png", "train/even/copy.png"}


def in_training_and_test(root: Path) -> set[str]:
    shutil.copy(root / "train" / "odd" / "01.png", root / "test" / "odd" / "copy.png")
    return {"train/odd/01.png", "test/odd/copy.png"}


def saved_anew(root: Path) -> set[str]:
    with Image.open(root / "train" / "odd" / "01.png") as picture:
        smaller = picture.convert("RGB").crop((1, 1, SIDE - 1, SIDE - 1)).resize((SIDE - 20, SIDE - 20))
        smaller.point(lambda value: min(255, value + 6)).save(root / "test" / "odd" / "copy.jpg", quality=70)
    return {"train/odd/01.png", "test/odd/copy.jpg"}


def huge(root: Path) -> set[str]:
    photo_part(90, 1_200).save(root / "train" / "odd" / "huge.png")
    return {"train/odd/huge.png"}


def one_color(root: Path) -> set[str]:
    Image.new("RGB", (SIDE, SIDE), (90, 80, 70)).save(root / "train" / "odd" / "blank.png")
    return {"train/odd/blank.png"}


def nearly_black(root: Path) -> set[str]:
    photo_part(91).point(lambda value: value // 16).save(root / "train" / "odd" / "dark.png")
    return {"train/odd/dark.png"}


def out_of_focus(root: Path) -> set[str]:
    photo_part(62).filter(ImageFilter.GaussianBlur(6)).save(root / "train" / "odd" / "blurred.png")
    return {"train/odd/blurred.png"}


def a_rare_class(root: Path) -> set[str]:
    (root / "train" / "rare").mkdir()
    for number in range(4):
        photo_part(64 + number).save(root / "train" / "rare" / f"{number}.png")
    return {f"train/rare/{number}.png" for number in range(4)}


def framed(root: Path) -> None:
    """Another color around the pictures of each class."""
    for path in root.glob("*/*/*.png"):
        with Image.open(path) as picture:
            frame = Image.new("RGB", (SIDE, SIDE), "#204080" if path.parent.name == "odd" else "#208040")
            frame.paste(picture.convert("RGB").crop((6, 6, SIDE - 6, SIDE - 6)), (6, 6))
        frame.save(path)


FAULTS: list[tuple[str, Callable[[Path], set[str]]]] = [
    ("D01", cut_off),
    ("D02", copied),
    ("D02", copied_with_other_bytes),
    ("D03", in_both_classes),
    ("D04", in_training_and_test),
    ("D05", saved_anew),
    ("D06", huge),
    ("D07", one_color),
    ("D08", nearly_black),
    ("D09", out_of_focus),
    ("D10", a_rare_class),
]


def test_nothing_is_found_in_photographs_of_which_nothing_is_amiss(photos: Path) -> None:
    assert found_in(photos) == {}


@pytest.mark.parametrize(("code", "plant"), FAULTS, ids=lambda one: getattr(one, "__name__", one))
def test_a_fault_is_found_with_its_pictures_and_no_other_is_named(
    photos: Path, code: str, plant: Callable[[Path], set[str]]
) -> None:
    planted = plant(photos)
    found = found_in(photos)
    assert list(found) == [code]
    assert set(found[code].locators) == planted
    assert found[code].count == len(planted)
    assert found[code].message.endswith(".")


@pytest.mark.parametrize(("code", "plant"), FAULTS[:-1], ids=lambda one: getattr(one, "__name__", one))
def test_leaving_out_what_a_finding_names_mends_it(
    photos: Path, code: str, plant: Callable[[Path], set[str]]
) -> None:
    plant(photos)
    choice = choice_of(photos)
    (finding,) = check_data(choice).findings
    assert finding.leave_out
    assert check_data(left_out(choice, finding.leave_out)).findings == ()


def test_a_border_that_gives_the_class_away_is_found(photos: Path) -> None:
    framed(photos)
    found = found_in(photos)
    assert "D11" in found
    assert found["D11"].severity == "warning"
    assert "tells the class of 100% of the pictures" in found["D11"].message


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist", "shapes"])
def test_the_included_data_give_no_false_alarm(name: str) -> None:
    choice = DataChoice.model_validate({"source": Included.model_validate({"set": name})})
    report = check_data(choice)
    assert report.findings == ()
    assert report.pictures == sum(datasets.load(choice).catalog.count(part) for part in PARTS)


def test_every_rule_has_a_fault_that_it_finds() -> None:
    assert len(RULES) == len({code for code, _ in FAULTS}) + 1  # the border has a test of its own


def test_checking_tells_its_progress_and_stops_when_asked_to(photos: Path) -> None:
    told: list[tuple[int, int]] = []
    check_data(choice_of(photos), lambda done, total: told.append((done, total)))
    assert told[-1] == (60, 60)
    with pytest.raises(StopRequested):
        check_data(choice_of(photos), should_stop=lambda: True)


def test_more_than_one_in_ten_that_cannot_be_read_are_all_named(photos: Path) -> None:
    for path in (photos / "train" / "odd").iterdir():
        path.write_bytes(b"")
    assert found_in(photos)["D01"].count == 20
