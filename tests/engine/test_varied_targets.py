"""In training a mask goes where augmentation moves its picture, and labels are mixed as pictures are."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from cnnstudio.core.layers import (
    Conv2D,
    CutMix,
    Dense,
    Flatten,
    Input,
    Layer,
    MixUp,
    RandomBrightness,
    RandomElasticTransform,
    RandomFlip,
    RandomPerspective,
    RandomRotation,
    RandomShear,
    RandomTranslation,
    RandomZoom,
    Rescaling,
)
from cnnstudio.core.network import Network
from cnnstudio.core.project import Project
from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.project.sources import Included
from cnnstudio.core.project.training import Adam, TrainingSettings
from cnnstudio.core.tasks import Classification, Segmentation
from cnnstudio.engine.keras.model import build_model
from cnnstudio.engine.training import varied_targets
from cnnstudio.engine.training.events import EpochEnded, Finished
from cnnstudio.engine.training.trainer import TrainingJob, resumed_job, train
from cnnstudio.engine.training.varied_targets import with_varied_targets
from tests.engine.random_layers import TYPES
from tests.engine.small import Listener

SIDE, CLASSES = 48, 3
MOVING: tuple[Layer, ...] = (
    RandomFlip(name="moving"),
    RandomRotation(name="moving", factor=(-0.2, 0.2)),
    RandomZoom(name="moving", height_factor=(-0.4, 0.4)),
    RandomTranslation(name="moving", height_factor=(-0.3, 0.3), width_factor=(-0.3, 0.3)),
    RandomShear(name="moving", x_factor=(0.0, 0.5), y_factor=(0.0, 0.5)),
    RandomPerspective(name="moving", factor=(0.0, 1.0), scale=0.5),
    RandomElasticTransform(name="moving", factor=(0.0, 1.0), scale=(1.0, 1.0)),
)
of_each_kind = pytest.mark.parametrize("layer", MOVING, ids=lambda layer: layer.type)


@dataclass(frozen=True)
class Sample:
    """Pictures whose brightness says the class of each pixel, and the masks that say it too."""

    pictures: np.ndarray[Any, np.dtype[np.float32]]
    masks: np.ndarray[Any, np.dtype[np.int64]]


def samples(count: int = 16) -> Sample:
    """Two boxes of another class each, on the ground, anywhere."""
    random = np.random.default_rng(0)
    masks = np.zeros((count, SIDE, SIDE), np.int64)
    for mask in masks:
        for number in (1, 2):
            top, left = random.integers(4, SIDE - 22, 2)
            mask[top : top + 18, left : left + 14] = number
    return Sample((masks[..., None] * 100).astype(np.float32), masks)


def network(*layers: Layer) -> Network:
    end = Conv2D(name="end", filters=CLASSES, kernel_size=(1, 1), activation="softmax")
    return Network(layers=(Input(name="input", shape=(SIDE, SIDE, 1)), *layers, end))


def test_every_layer_that_moves_masks_is_tried_here() -> None:
    assert {kind for kind in TYPES if kind.moves_masks} == {type(layer) for layer in MOVING}
    assert all(kind.moves_places for kind in TYPES if kind.moves_masks)


@of_each_kind
@pytest.mark.parametrize("one_hot", [False, True], ids=["numbers", "one-hot"])
def test_a_mask_goes_where_its_picture_goes(
    layer: Layer, one_hot: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    import keras

    keras.utils.set_random_seed(3)
    seen: list[tuple[Any, Any]] = []
    whole = varied_targets._with_masks

    def listening(*args: Any) -> Any:
        seen.append(whole(*args))
        return seen[-1]

    monkeypatch.setattr(varied_targets, "_with_masks", listening)
    sample = samples()
    model = with_varied_targets(build_model(network(layer)), network(layer), Segmentation())
    loss = "categorical_crossentropy" if one_hot else "sparse_categorical_crossentropy"
    model.compile(optimizer="sgd", loss=loss, run_eagerly=True)
    targets = np.eye(CLASSES, dtype=np.float32)[sample.masks] if one_hot else sample.masks[..., None]
    model.train_on_batch(sample.pictures, targets)
    ((pictures, moved),) = seen
    assert tuple(moved.shape) == targets.shape
    numbers = np.argmax(moved, -1) if one_hot else np.asarray(moved)[..., 0]
    shown = np.rint(np.asarray(pictures)[..., 0] / 100).astype(int)
    assert not np.array_equal(shown, sample.masks), "nothing was moved"
    # Where two classes meet, interpolation makes a brightness of neither.
    inside = np.abs(np.asarray(pictures)[..., 0] / 100 - shown) < 0.02
    assert inside.mean() > 0.8
    assert (numbers == shown)[inside].mean() > 0.995
    assert set(np.unique(numbers)) == {0, 1, 2}


def test_the_answers_and_the_weights_are_those_of_the_model(tmp_path: Path) -> None:
    import keras

    keras.utils.set_random_seed(3)
    net = network(
        Rescaling(name="scale", scale=1 / 255), RandomFlip(name="flip"), RandomBrightness(name="light")
    )
    plain = build_model(net)
    moving = with_varied_targets(plain, net, Segmentation())
    assert moving is not plain
    pictures = samples(4).pictures
    assert np.array_equal(moving.predict(pictures, verbose=0), plain.predict(pictures, verbose=0))
    assert [weight.path for weight in moving.weights] == [weight.path for weight in plain.weights]
    moving.save_weights(tmp_path / "moving.weights.h5")
    again = build_model(net)
    again.load_weights(tmp_path / "moving.weights.h5")
    assert np.array_equal(again.predict(pictures, verbose=0), plain.predict(pictures, verbose=0))


def test_without_a_layer_that_moves_masks_the_model_is_left_as_it_is() -> None:
    net = network(RandomBrightness(name="light"))
    model = build_model(net)
    assert with_varied_targets(model, net, Segmentation()) is model
    flips = network(RandomFlip(name="flip"))
    model = build_model(flips)
    assert with_varied_targets(model, flips, Classification()) is model


def segmenting(epochs: int) -> Project:
    """Tells by brightness alone; turned pictures against masks that stay could not be told."""
    head = (
        Rescaling(name="scale", scale=1 / 255),
        RandomFlip(name="flip"),
        RandomRotation(name="turn", factor=(-0.25, 0.25)),
    )
    layers = (
        Input(name="input", shape=(48, 48, 3)),
        *head,
        Conv2D(name="conv", filters=8, kernel_size=(3, 3), padding="same", activation="relu"),
        Conv2D(name="end", filters=9, kernel_size=(1, 1), activation="softmax"),
    )
    return Project(
        network=Network(layers=layers),
        task=Segmentation(),
        data=DataChoice(source=Included(set="shapes"), limit=48),
        training=TrainingSettings(
            loss="sparse_categorical_crossentropy",
            optimizer=Adam(learning_rate=0.01),
            epochs=epochs,
            batch_size=16,
        ),
    )


def test_a_run_that_goes_on_is_the_uninterrupted_one(tmp_path: Path) -> None:
    histories = []
    for name, epochs in (("whole", 3), ("first", 2)):
        (tmp_path / name).mkdir()
        listener = Listener()
        train(TrainingJob(segmenting(epochs), tmp_path / name), listener.emit, listener.should_stop)
        assert isinstance(listener.ending, Finished)
        histories.append([replace(one, seconds=0.0) for one in listener.all_of(EpochEnded)])
    listener = Listener()
    train(resumed_job(tmp_path / "first", 3), listener.emit, listener.should_stop)
    (last,) = listener.all_of(EpochEnded)
    assert histories[1] == histories[0][:2]
    assert replace(last, seconds=0.0) == histories[0][2]


def classifying(layer: Layer) -> Network:
    layers = (Flatten(name="flat"), Dense(name="end", units=4, activation="softmax"))
    return Network(layers=(Input(name="input", shape=(8, 8, 1)), layer, *layers))


@pytest.mark.parametrize(
    "layer", [MixUp(name="mix", alpha=1.0), CutMix(name="mix")], ids=lambda one: one.type
)
def test_labels_are_mixed_as_their_pictures_are(layer: Layer, monkeypatch: pytest.MonkeyPatch) -> None:
    import keras

    keras.utils.set_random_seed(3)
    seen: list[tuple[Any, Any]] = []
    whole = varied_targets._varied

    def listening(*args: Any) -> Any:
        seen.append(whole(*args))
        return seen[-1]

    monkeypatch.setattr(varied_targets, "_varied", listening)
    net = classifying(layer)
    model = with_varied_targets(build_model(net), net, Classification())
    model.compile(optimizer="sgd", loss="categorical_crossentropy", run_eagerly=True)
    labels = np.eye(4, dtype=np.float32)[np.arange(12) % 4]
    # Each picture is as bright all over as its class is: so its mean says how much of which is in it.
    pictures = np.broadcast_to((10.0 ** np.argmax(labels, -1))[:, None, None, None], (12, 8, 8, 1))
    model.train_on_batch(pictures.astype(np.float32), labels)
    ((mixed, told),) = seen
    means = np.asarray(mixed).mean(axis=(1, 2, 3))
    assert np.asarray(told) @ 10.0 ** np.arange(4) == pytest.approx(means, rel=0.25)
    assert np.asarray(told).sum(-1) == pytest.approx(np.ones(12))
    assert (np.count_nonzero(np.asarray(told) > 0.01, axis=-1) > 1).any(), "nothing was mixed"
