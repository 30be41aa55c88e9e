import hashlib
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnstudio.core.project.data import DataChoice, Preparation, Split
from cnnstudio.core.project.sources import Included
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine import data as datasets
from cnnstudio.engine.data import INCLUDED, included
from cnnstudio.engine.data.catalog import PARTS
from cnnstudio.engine.data.dataset import Dataset
from cnnstudio.engine.data.included import INCLUDED_SETS, IncludedSet
from cnnstudio.engine.data.split import evenly_limited, stratified_split
from cnnstudio.engine.files.resources import resource_path
from cnnstudio.engine.training.stopping import never
from tests.engine.small import DIGITS, whole_of

LABELS = st.lists(st.integers(0, 6), min_size=1, max_size=200).map(np.array)
each_set = pytest.mark.parametrize("one", INCLUDED, ids=lambda one: one.name)


def digits_of_seed(seed: int) -> Dataset:
    return datasets.load(DIGITS.with_split(Split(seed=seed)))


@each_set
def test_the_images_are_what_the_facts_promise(one: IncludedSet) -> None:
    images = whole_of(INCLUDED_SETS.open(Included(set=one.name), Preparation(), never))
    facts = one.facts
    assert images.pixels.shape == (facts.train_count + facts.test_count, *facts.sample_shape)
    assert images.pixels.dtype == np.uint8
    assert (images.pixels.min(), images.pixels.max()) == facts.value_range
    training, test = images.labels[: images.train_count], images.labels[images.train_count :]
    assert set(training) == set(test) == set(range(facts.classes))
    assert (images.masks is not None) == facts.has_masks


@each_set
def test_a_choice_can_name_every_set(one: IncludedSet) -> None:
    choice = DataChoice.model_validate({"source": {"type": "included", "set": one.name}})
    assert choice.source is not None
    assert datasets.kind_of(choice.source) is INCLUDED_SETS
    assert datasets.facts_of(choice) == one.facts


def test_nothing_is_known_of_data_that_nobody_chose() -> None:
    assert datasets.facts_of(DataChoice()) is None
    for ask in (datasets.load, datasets.first_image):
        with pytest.raises(StudioError, match=re.escape(datasets.NO_DATA)):
            ask(DataChoice())


def test_the_split_of_mnist_holds_out_the_same_share_of_each_digit() -> None:
    catalog = datasets.load(DIGITS).catalog
    assert [catalog.count(part) for part in PARTS] == [8000, 2000, 2000]
    assert np.array_equal(catalog.counts, np.tile([800, 200, 200], (10, 1)))


def test_the_usual_split_of_mnist_is_the_one_it_has_always_been() -> None:
    catalog = datasets.load(DIGITS).catalog
    training, held_out = catalog.rows("training"), catalog.rows("validation")
    assert training[:12].tolist() == [0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13]
    assert held_out[:12].tolist() == [6, 7, 17, 20, 23, 25, 27, 33, 38, 46, 52, 56]
    assert hashlib.sha256(held_out.astype("<i8").tobytes()).hexdigest()[:16] == "339266d984878703"


def test_data_have_the_fingerprint_that_older_runs_kept_of_them() -> None:
    assert datasets.load(DIGITS).catalog.fingerprint == "a8d5d3111830b3b2"
    clothes = DataChoice(source=Included(set="fashion_mnist"))
    assert datasets.load(clothes).catalog.fingerprint == "6ae4ffc7a224420b"


def test_every_image_is_in_one_part_of_the_split_only() -> None:
    catalog = datasets.load(DIGITS).catalog
    rows = np.concatenate([catalog.rows(part) for part in PARTS])
    assert np.array_equal(np.sort(rows), np.arange(12_000))


def test_the_same_seed_holds_out_the_same_images_and_another_one_others() -> None:
    first, again, other = (digits_of_seed(seed).catalog for seed in (1, 1, 2))
    assert np.array_equal(first.rows("validation"), again.rows("validation"))
    assert not np.array_equal(first.rows("validation"), other.rows("validation"))
    assert first.fingerprint == again.fingerprint == other.fingerprint
    clothes = datasets.load(DataChoice(source=Included(set="fashion_mnist"))).catalog
    assert first.fingerprint != clothes.fingerprint


@given(LABELS, st.floats(0.01, 0.9), st.integers(0, 100))
def test_a_split_keeps_the_share_of_every_class_to_one_image(
    labels: np.ndarray, share: float, seed: int
) -> None:
    training, validation = stratified_split(labels, share, seed)
    assert np.array_equal(np.sort(np.concatenate([training, validation])), np.arange(labels.size))
    for number in np.unique(labels):
        count, taken = int((labels == number).sum()), int((labels[validation] == number).sum())
        assert abs(taken - share * count) < 1 or taken == count - 1
        assert taken < count


@given(st.integers(2, 40), st.integers(1, 6), st.floats(0.05, 0.5))
def test_a_split_holds_out_the_share_of_the_whole(per_class: int, classes: int, share: float) -> None:
    labels = np.repeat(np.arange(classes), per_class)
    _, validation = stratified_split(labels, share, 0)
    assert len(validation) == round(share * labels.size)


@given(LABELS, st.integers(1, 220), st.integers(0, 100))
def test_a_limit_takes_as_many_of_each_class_as_there_are(labels: np.ndarray, limit: int, seed: int) -> None:
    taken = labels[evenly_limited(labels, limit, seed)]
    assert len(taken) == min(limit, labels.size)
    counts, there = np.bincount(taken, minlength=7), np.bincount(labels, minlength=7)
    assert (counts <= there).all()
    # A class that has more to give than it gave gave as many as any other, to one.
    assert all(counts[number] >= counts.max() - 1 for number in np.flatnonzero(counts < there))


def read_from(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read MNIST from another file."""
    monkeypatch.setattr(included, "resource_path", lambda *parts: path)
    INCLUDED_SETS.open(Included(), Preparation(), never)


def test_a_missing_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StudioError, match=r"MNIST are missing: .*gone\.npz"):
        read_from(tmp_path / "gone.npz", monkeypatch)


def _truncated(path: Path) -> None:
    path.write_bytes(resource_path("data", "mnist_10k.npz").read_bytes()[:500_000])


def _other_arrays(path: Path) -> None:
    np.savez(path, pictures=np.zeros(3))


def _too_few(path: Path) -> None:
    few, labels = np.zeros((5, 28, 28), np.uint8), np.zeros(5, np.uint8)
    np.savez(path, x_train=few, y_train=labels, x_test=few, y_test=labels)


def _objects(path: Path) -> None:
    np.savez(path, x_train=np.array([{}], dtype=object))


def _one_array(path: Path) -> None:
    with path.open("wb") as file:
        np.save(file, np.zeros(3))


@pytest.mark.parametrize(
    "damage", [_truncated, _other_arrays, _too_few, _objects, _one_array, Path.touch, Path.mkdir]
)
def test_a_damaged_file_is_refused_in_a_sentence(
    damage: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "images.npz"
    assert callable(damage)
    damage(path)
    with pytest.raises(StudioError, match=r"damaged: .* should be a NumPy archive of 10,000 training"):
        read_from(path, monkeypatch)
