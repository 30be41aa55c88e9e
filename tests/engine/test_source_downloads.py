"""The data sets that Keras fetches from the network: without one, and with what it fetched."""

from typing import Any

import keras
import numpy as np
import pytest

from cnnstudio.core.project.data import DataChoice, Preparation
from cnnstudio.core.project.sources import Download
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine import data as datasets
from cnnstudio.engine.data import DOWNLOADS
from cnnstudio.engine.data.downloads import DownloadedSet

each_set = pytest.mark.parametrize("one", DOWNLOADS, ids=lambda one: one.name)


def of_keras(one: DownloadedSet) -> Any:
    """Arrays of the shapes and types that Keras gives: its labels of CIFAR have an axis of their own."""
    height, width, channels = one.facts.sample_shape
    assert height is not None
    assert width is not None
    shape = (height, width) if channels == 1 else (height, width, channels)
    parts = []
    for count in (one.facts.train_count, one.facts.test_count):
        labels = (np.arange(count) % one.facts.classes).astype(np.uint8)
        pictures = np.zeros((count, *shape), np.uint8)
        pictures[:, 0, 0] = labels if channels == 1 else labels[:, None]
        parts.append((pictures, labels if channels == 1 else labels[:, None]))
    return tuple(parts)


@each_set
def test_what_keras_fetched_is_what_the_facts_promise(
    one: DownloadedSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(getattr(keras.datasets, one.name), "load_data", lambda: of_keras(one))
    choice = DataChoice(source=Download(set=one.name), preparation=Preparation(size=None), limit=1_000)
    data = datasets.load(choice)
    assert data.facts == datasets.facts_of(choice)
    assert data.catalog.counts[:, 2].sum() == one.facts.test_count
    sample = data.stream("test").sample(3)
    assert sample.pixels.shape == one.facts.sample_shape
    assert sample.pixels[0, 0, 0] == sample.label


def test_without_a_network_one_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_network() -> Any:
        raise Exception("URL fetch failure on https://example.org/cifar: None -- name not known\nand more")

    monkeypatch.setattr(keras.datasets.cifar10, "load_data", no_network)
    with pytest.raises(StudioError) as caught:
        datasets.load(DataChoice(source=Download(set="cifar10")))
    assert str(caught.value) == (
        "CIFAR-10 could not be downloaded (URL fetch failure on https://example.org/cifar: None -- name not "
        "known). "
        "Connect to a network and try again, or choose data that come with the studio."
    )


def test_arrays_of_another_kind_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    few = (np.zeros((5, 28, 28), np.uint8), np.zeros(5, np.uint8))
    monkeypatch.setattr(keras.datasets.mnist, "load_data", lambda: (few, few))
    with pytest.raises(StudioError, match="damaged where Keras keeps it"):
        datasets.load(DataChoice(source=Download(set="mnist")))
