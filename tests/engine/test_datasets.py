from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine import data as datasets
from cnnstudio.engine.data import INCLUDED_KINDS, DatasetKind
from cnnstudio.engine.data.base import one_hot, stratified_split
from cnnstudio.engine.data.mnist import FACTS, MNIST
from cnnstudio.engine.data.npz import read_npz
from cnnstudio.engine.files.resources import resource_path
from cnnstudio.engine.training.stopping import never

LABELS = st.lists(st.integers(0, 6), min_size=1, max_size=200).map(np.array)
each_kind = pytest.mark.parametrize("kind", INCLUDED_KINDS, ids=lambda kind: kind.key)


@each_kind
def test_the_images_are_what_the_facts_promise(kind: DatasetKind) -> None:
    choice = DataChoice(kind=kind.key)
    facts, images = kind.facts_of(choice), kind.load(choice, never)
    assert images.x_train.shape == (facts.train_count, *facts.sample_shape)
    assert images.x_test.shape == (facts.test_count, *facts.sample_shape)
    assert images.x_train.dtype == np.uint8
    assert (images.x_train.min(), images.x_train.max()) == facts.value_range
    assert set(images.y_train) == set(images.y_test) == set(range(facts.classes))


@each_kind
def test_a_choice_can_name_every_kind(kind: DatasetKind) -> None:
    choice = DataChoice.model_validate({"kind": kind.key})
    assert datasets.kind_of(choice) is kind
    assert datasets.facts_of(choice) == kind.facts_of(choice)


def test_the_split_of_mnist_holds_out_the_same_share_of_each_digit() -> None:
    data = datasets.load(DataChoice(validation_share=0.2))
    assert (len(data.x_train), len(data.x_val), len(data.x_test)) == (8000, 2000, 2000)
    assert np.array_equal(data.counts, np.tile([800, 200, 200], (10, 1)))


def test_every_image_is_in_one_part_of_the_split_only() -> None:
    data = datasets.load(DataChoice())
    parts = np.concatenate([data.x_train, data.x_val])
    whole = MNIST.load(DataChoice(), never).x_train
    assert np.array_equal(np.sort(parts.sum(axis=(1, 2, 3))), np.sort(whole.sum(axis=(1, 2, 3))))


def test_the_same_seed_holds_out_the_same_images_and_another_one_others() -> None:
    first, again, other = (datasets.load(DataChoice(seed=seed)) for seed in (1, 1, 2))
    assert np.array_equal(first.x_val, again.x_val)
    assert not np.array_equal(first.x_val, other.x_val)
    assert first.fingerprint == again.fingerprint == other.fingerprint
    assert first.fingerprint != datasets.load(DataChoice(kind="fashion_mnist")).fingerprint


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


def test_one_hot_puts_a_one_at_the_class() -> None:
    assert one_hot(np.array([2, 0]), 3).tolist() == [[0, 0, 1], [1, 0, 0]]


def test_labels_are_encoded_as_chosen() -> None:
    numbers = np.array([3, 9])
    assert datasets.load(DataChoice(labels="one-hot")).encoded(numbers).shape == (2, 10)
    assert np.array_equal(datasets.load(DataChoice(labels="integer")).encoded(numbers), numbers)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match=r"MNIST are missing: .*gone\.npz"):
        read_npz(tmp_path / "gone.npz", FACTS)


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
def test_a_damaged_file_is_refused_in_a_sentence(damage: object, tmp_path: Path) -> None:
    path = tmp_path / "images.npz"
    assert callable(damage)
    damage(path)
    with pytest.raises(StudioError, match=r"damaged: .* should be a NumPy archive of 10,000 training"):
        read_npz(path, FACTS)
