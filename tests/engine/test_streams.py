"""Catalogs and streams: which samples a choice takes, in which order, and what they are compared with."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from cnnstudio.core.project.data import Corrections, DataChoice, Preparation, Split
from cnnstudio.core.project.sources import Download, Included
from cnnstudio.core.tasks import AnyTask, Classification, Reconstruction, Segmentation
from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.facts import DataFacts
from cnnstudio.engine import data as datasets
from cnnstudio.engine.data import SOURCES, SourceKind
from cnnstudio.engine.data.catalog import ALL_PICTURES, PARTS, Catalog
from cnnstudio.engine.data.dataset import Dataset, dataset_of
from cnnstudio.engine.data.folder.scan import scan
from cnnstudio.engine.data.images import Images, numbered
from cnnstudio.engine.data.source import Found
from cnnstudio.engine.data.split import stratified_split
from cnnstudio.engine.data.stream import Stream, in_order, order
from cnnstudio.engine.evaluation.target import target_of
from cnnstudio.engine.training.feed import ReadErrors, shuffled, unshuffled
from cnnstudio.engine.training.stopping import StopRequested, never
from tests.engine.small import DIGITS, whole_of
from tests.engine.test_source_masks import pairs
from tests.engine.test_source_table import table
from tests.folders import class_folders

NAMES = ("circle", "square", "star")
FACTS = DataFacts("Few", (2, 2, 1), NAMES, 30, 6, (0.0, 255.0), has_masks=True)


def few_images() -> Images:
    """Thirty pictures to learn from and six to test: each holds its own number, its mask its class."""
    labels = np.arange(36) % 3
    pixels = np.arange(36, dtype=np.uint8)[:, None, None, None] * np.ones((2, 2, 1), np.uint8)
    masks = np.array([[[0, label + 1], [label + 1, 0]] for label in labels], np.uint8)
    locators = [*numbered("train", 30), *numbered("test", 6)]
    return Images(pixels, labels, locators, test_count=6, masks=masks)


def dataset(**changes: object) -> Dataset:
    choice = DataChoice.model_validate({"source": Included(), **changes})
    return dataset_of(few_images(), FACTS, NAMES, choice)


def numbers_in(stream: Stream) -> list[int]:
    """The numbers of the pictures of a stream."""
    return [int(stream.sample(place).pixels[0, 0, 0]) for place in range(len(stream))]


def class_of(catalog: Catalog, locator: str) -> str:
    return catalog.class_names[int(catalog.labels[list(catalog.locators).index(locator)])]


def test_the_parts_share_all_samples_out_and_the_test_is_left_alone() -> None:
    data = dataset()
    numbers = {part: numbers_in(data.stream(part)) for part in PARTS}
    assert sorted(numbers["training"] + numbers["validation"]) == list(range(30))
    assert numbers["test"] == list(range(30, 36))
    training, held_out = stratified_split(np.arange(30) % 3, 0.2, 0)
    assert numbers["training"] == training.tolist()
    assert numbers["validation"] == held_out.tolist() == [7, 12, 14, 17, 18, 28]
    assert data.catalog.counts.tolist() == [[8, 2, 2]] * 3


def test_another_split_leaves_the_fingerprint_as_it_is() -> None:
    first = dataset()
    other = dataset(split=Split(validation_share=0.5, seed=9), limit=10, classes=("star", "circle"))
    assert first.catalog.fingerprint == other.catalog.fingerprint


def test_a_sample_tells_its_picture_class_place_and_mask() -> None:
    sample = dataset().stream("test").sample(1)
    assert (int(sample.pixels[0, 0, 0]), sample.label, sample.locator) == (31, 1, "test/1")
    assert sample.mask is not None
    assert sample.mask.tolist() == [[0, 2], [2, 0]]


def test_some_classes_alone_are_numbered_in_the_order_of_the_choice() -> None:
    data = dataset(classes=("star", "circle"))
    assert data.catalog.class_names == ("star", "circle")
    assert data.catalog.counts.tolist() == [[8, 2, 2], [8, 2, 2]]
    for part in PARTS:
        stream = data.stream(part)
        assert [number % 3 for number in numbers_in(stream)] == [[2, 0][label] for label in stream.labels]


def test_masks_are_numbered_with_the_classes_and_other_classes_are_ground() -> None:
    stream = dataset(classes=("star", "circle")).stream("training")
    for place in range(len(stream)):
        sample = stream.sample(place)
        assert sample.mask is not None
        assert sample.mask.tolist() == [[0, sample.label + 1], [sample.label + 1, 0]]
    images = few_images()
    assert images.masks is not None
    images.masks[0] = [[2, 2], [1, 0]]  # a circle before a square
    mixed = dataset_of(images, FACTS, NAMES, DataChoice(source=Included(), classes=("star", "circle")))
    first = mixed.catalog.rows("training").tolist().index(0)
    mask = mixed.stream("training").sample(first).mask
    assert mask is not None
    assert mask.tolist() == [[0, 0], [2, 0]]


@pytest.mark.parametrize(("limit", "counts"), [(6, [2, 2, 2]), (10, [4, 3, 3]), (29, [10, 10, 9])])
def test_a_limit_takes_evenly_of_all_classes_from_those_to_learn_from(limit: int, counts: list[int]) -> None:
    catalog = dataset(limit=limit).catalog
    assert catalog.counts[:, :2].sum(axis=1).tolist() == counts
    assert catalog.count("test") == 6
    assert np.array_equal(catalog.parts, dataset(limit=limit).catalog.parts)


def test_a_limit_beyond_all_samples_takes_them_all() -> None:
    assert np.array_equal(dataset(limit=30).catalog.parts, dataset().catalog.parts)


def test_another_seed_takes_other_samples_within_the_limit() -> None:
    first, other = (dataset(limit=9, split=Split(seed=seed)).catalog for seed in (0, 1))
    assert not np.array_equal(first.parts < 2, other.parts < 2)


def test_a_small_class_gives_all_it_has_within_a_limit() -> None:
    images = few_images()
    images.labels[2:26:3] = 0  # of the stars two are left to learn from
    catalog = dataset_of(images, FACTS, NAMES, DataChoice(source=Included(), limit=14)).catalog
    assert catalog.counts[:, :2].sum(axis=1).tolist() == [6, 6, 2]


def test_corrected_samples_have_their_new_class_and_those_left_out_no_part() -> None:
    corrections = Corrections(
        relabelled={"train/0": "star", "test/0": "square"}, left_out=("train/4", "test/5")
    )
    before, data = dataset(), dataset(corrections=corrections)
    catalog = data.catalog
    assert (class_of(catalog, "train/0"), class_of(catalog, "test/0")) == ("star", "square")
    assert (class_of(before.catalog, "train/0"), class_of(before.catalog, "test/0")) == ("circle", "circle")
    assert not any({4, 35} & set(numbers_in(data.stream(part))) for part in PARTS)
    assert sum(catalog.count(part) for part in PARTS) == 34
    assert few_images().labels[0] == 0


def test_a_correction_may_move_a_sample_into_or_out_of_the_chosen_classes() -> None:
    corrections = Corrections(relabelled={"test/1": "star", "test/2": "square"})
    data = dataset(classes=("star", "circle"), corrections=corrections)
    assert numbers_in(data.stream("test")) == [30, 31, 33, 35]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"classes": ("star", "heart")},
            "The data have no class 'heart'. Choose among circle, sq",
        ),
        ({"corrections": Corrections(relabelled={"train/0": "moon"})}, "The data have no class 'moon'."),
        ({"limit": 2}, "No image of the class star is left to learn from. Raise the limit"),
        (
            {"corrections": Corrections(left_out=tuple(f"train/{row}" for row in range(1, 30, 3)))},
            "No image of the class square is left to learn from.",
        ),
    ],
)
def test_a_choice_that_cannot_be_met_is_refused(changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(StudioError) as refused:
        dataset(**changes)
    assert str(refused.value).startswith(sentence)


def test_the_order_of_an_epoch_follows_from_seed_and_epoch_alone() -> None:
    orders = [order(50, seed, epoch).tolist() for seed, epoch in ((0, 1), (0, 1), (0, 2), (1, 1), (1, 0))]
    assert orders[0] == orders[1]
    assert len({tuple(one) for one in orders}) == 4
    assert all(sorted(one) == list(range(50)) for one in orders)
    assert order(8, 0, 1).tolist() == [1, 3, 7, 6, 0, 4, 2, 5]


def test_all_samples_come_in_their_order_in_batches() -> None:
    stream = dataset().stream("training")
    batches = list(in_order(stream, 7))
    assert [len(batch.labels) for batch in batches] == [7, 7, 7, 3]
    numbers = np.concatenate([batch.pixels for batch in batches])[:, 0, 0, 0]
    assert numbers.tolist() == numbers_in(stream)


def one_hot(number: int, count: int) -> list[int]:
    return [int(place == number) for place in range(count)]


def mask_of(number: int) -> list[list[int]]:
    return [[0, number % 3 + 1], [number % 3 + 1, 0]]


def masks_of_one(number: int) -> list[Any]:
    return [[[value] for value in row] for row in mask_of(number)]


def one_hot_mask_of(number: int) -> list[Any]:
    return [[one_hot(value, 4) for value in row] for row in mask_of(number)]


TARGETS: list[tuple[AnyTask, int, Callable[[int], Any]]] = [
    (Classification(), 3, lambda number: one_hot(number % 3, 3)),
    (Classification(labels="integer"), 3, lambda number: number % 3),
    (Segmentation(), 4, masks_of_one),
    (Segmentation(labels="one-hot"), 4, one_hot_mask_of),
    (Reconstruction(), 1, lambda number: [[[np.float32(number) / np.float32(255)]] * 2] * 2),
]
each_task = pytest.mark.parametrize(
    ("task", "outputs", "expected"), TARGETS, ids=("one-hot", "integer", "masks", "masks-one-hot", "pictures")
)


def fed(batches: Any) -> tuple[list[int], Any]:
    """The numbers of the pictures that Keras would be given, and the targets beside them."""
    pairs = [(pixels.numpy(), target.numpy()) for pixels, target in batches]
    numbers = np.concatenate([pixels for pixels, _ in pairs])[:, 0, 0, 0]
    return numbers.tolist(), np.concatenate([target for _, target in pairs])


@each_task
def test_training_is_given_each_sample_once_an_epoch_with_its_target(
    task: AnyTask, outputs: int, expected: Callable[[int], Any]
) -> None:
    stream = dataset().stream("training")
    epochs = shuffled(stream, 7, target_of(task, outputs), 5, 3, ReadErrors())
    assert int(epochs.cardinality()) == 4
    for epoch in (3, 4):
        numbers, targets = fed(epochs)
        assert numbers == np.array(numbers_in(stream))[order(24, 5, epoch)].tolist()
        assert sorted(numbers) == numbers_in(stream)
        assert np.array_equal(targets, np.array([expected(number) for number in numbers], targets.dtype))


@each_task
def test_validation_is_given_the_samples_as_they_stand_each_time(
    task: AnyTask, outputs: int, expected: Callable[[int], Any]
) -> None:
    stream = dataset().stream("validation")
    batches = unshuffled(stream, 4, target_of(task, outputs), ReadErrors())
    for _ in range(2):
        numbers, targets = fed(batches)
        assert numbers == numbers_in(stream)
        assert np.array_equal(targets, np.array([expected(number) for number in numbers], targets.dtype))


def test_batches_have_shapes_that_keras_can_build_upon() -> None:
    fit = target_of(Segmentation(), 4)
    pixels, target = unshuffled(dataset().stream("test"), 4, fit, ReadErrors()).element_spec
    assert pixels.shape.as_list() == [None, 2, 2, 1]
    assert target.shape.as_list() == [None, 2, 2, 1]


def archive_of_pictures() -> bytes:
    """40 pictures of three classes in NumPy's archive."""
    file = io.BytesIO()
    pictures = np.random.default_rng(0).integers(0, 256, (40, 7, 5), np.uint8)
    np.savez(file, images=pictures, labels=np.arange(40) % 3)
    return file.getvalue()


def choice_of(found: Found) -> DataChoice:
    return DataChoice(source=found.source, preparation=found.preparation)


def a_choice_of(kind: SourceKind, root: Path) -> DataChoice:
    """Data of every kind of source: a new kind needs a line here."""
    found = scan(class_folders(root / "shades", {"dark": 20, "middle": 12, "light": 7}))
    root.joinpath("arrays.npz").write_bytes(archive_of_pictures())
    arrays = datasets.find(root / "arrays.npz")
    choices = (
        DIGITS,
        DataChoice(source=Download(set="mnist")),
        DataChoice(source=found.source, preparation=found.preparation),
        DataChoice(source=arrays.source, preparation=arrays.preparation),
        choice_of(datasets.find(table(root / "table", 30, head="file,label"))),
        choice_of(datasets.find(pairs(root / "masks"))),
    )
    (choice,) = (choice for choice in choices if isinstance(choice.source, kind.model))
    return choice


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Keras would fetch, made here."""

    def fetched(name: str, title: str) -> Any:
        return tuple(
            (np.zeros((count, 28, 28), np.uint8), np.arange(count, dtype=np.uint8) % 10)
            for count in (60_000, 10_000)
        )

    monkeypatch.setattr("cnnstudio.engine.data.downloads._fetched", fetched)


each_kind = pytest.mark.parametrize("kind", SOURCES, ids=lambda kind: kind.model.__name__)


@each_kind
@pytest.mark.parametrize("size", [None, (6, 10)])
def test_a_source_gives_what_its_facts_promise(
    kind: SourceKind, size: tuple[int, int] | None, tmp_path: Path
) -> None:
    choice = a_choice_of(kind, tmp_path)
    preparation = choice.preparation.model_copy(update={"size": size} if size else {})
    images = whole_of(kind.open(choice.source, preparation, never))
    facts = kind.facts_of(choice.source, preparation)
    assert images.pixels.shape == (facts.train_count + facts.test_count, *facts.sample_shape)
    assert images.pixels.dtype == np.uint8
    assert (images.train_count, images.test_count) == (facts.train_count, facts.test_count)
    assert len(images.labels) == len(images.locators) == len(images.pixels)
    assert len(set(images.locators)) == len(images.locators)
    assert set(images.labels) == set(range(facts.classes if facts.has_labels else 1))
    assert images.labels.dtype == np.int64
    assert (images.masks is not None) == facts.has_masks
    assert images.note == ""


@each_kind
def test_the_first_picture_of_a_source_is_the_first_to_learn_from(kind: SourceKind, tmp_path: Path) -> None:
    choice = a_choice_of(kind, tmp_path)
    for colors in ("gray", "color"):
        preparation = choice.preparation.model_copy(update={"colors": colors})
        first = datasets.first_image(choice.with_preparation(preparation))
        samples = kind.open(choice.source, preparation, never)
        assert np.array_equal(first, samples.read(np.array([0])).pixels[0])
        assert np.array_equal(first, samples.one(0)[0])
        assert first.shape == kind.facts_of(choice.source, preparation).sample_shape


@each_kind
def test_a_source_is_read_the_same_again_and_says_so_by_its_stamp(kind: SourceKind, tmp_path: Path) -> None:
    choice = a_choice_of(kind, tmp_path)
    stamps = [kind.stamp(choice.source) for _ in range(2)]
    first, again = (kind.open(choice.source, choice.preparation, never) for _ in range(2))
    assert stamps[0] == stamps[1] == kind.stamp(choice.source) == first.stamp == again.stamp
    assert first.fingerprint == again.fingerprint
    assert list(first.listing.locators) == list(again.listing.locators)


@each_kind
def test_a_loaded_choice_agrees_with_the_facts_of_the_choice(kind: SourceKind, tmp_path: Path) -> None:
    whole = a_choice_of(kind, tmp_path)
    names = kind.facts_of(whole.source, whole.preparation).class_names
    some = whole.model_copy(update={"classes": (names[1], names[0]), "limit": 12})
    for choice in (whole, some):
        facts, data = datasets.facts_of(choice), datasets.load(choice)
        assert facts == data.facts
        assert facts is not None
        assert data.catalog.class_names == (facts.class_names if facts.has_labels else (ALL_PICTURES,))
        assert data.catalog.count("training") + data.catalog.count("validation") == facts.train_count
        assert data.stream("training").sample(0).pixels.shape == facts.sample_shape


def test_pictures_that_are_prepared_stop_when_asked_to() -> None:
    preparation = Preparation(size=(14, 14))
    kind = datasets.kind_of(Included())
    with pytest.raises(StopRequested):
        kind.open(Included(), preparation, lambda: True)


def test_shapes_come_with_their_masks_at_any_size() -> None:
    choice = DataChoice(source=Included(set="shapes"), preparation=Preparation(size=(24, 24)), limit=40)
    data = datasets.load(choice)
    assert data.facts == datasets.facts_of(choice)
    for place in range(10):
        sample = data.stream("training").sample(place)
        assert sample.mask is not None
        assert sample.mask.shape == (24, 24)
        assert set(np.unique(sample.mask)) == {0, sample.label + 1}
    assert replace(data.facts, has_masks=False).mask_names == ()
