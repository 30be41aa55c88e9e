"""Keras is the oracle: the same shapes, the same weights, and the same refusals.

Where we refuse more than Keras on purpose is told in `_stricter`: cases in which Keras gives a shape
without looking at the input, and fails or makes no sense when the layer runs.
"""

import logging
import warnings
from collections.abc import Iterator
from inspect import signature
from random import Random
from typing import Any

import numpy as np
import pytest
from msgspec import Struct

from cnnstudio.core.analysis import Row, analyze
from cnnstudio.core.keras_format.config import Written, layer_from_config
from cnnstudio.core.layers import (
    AugMix,
    Bidirectional,
    Input,
    Layer,
    LayerError,
    MultiHeadAttention,
    RandAugment,
    RandomPosterization,
)
from cnnstudio.core.network import Network
from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.shape import Shape
from tests.engine.random_layers import TYPES, UNTOUCHED, maker_of, random_inputs, random_layer, random_shape

CASES_PER_TYPE = 40
LONG_CASES_PER_TYPE = 360
UNSURE = (MultiHeadAttention,)
"""What runs hangs on how its gate, its window and its axes meet: Keras refuses more than is told here."""
CAUTIOUS = [kind for kind in TYPES if kind.caution is not Layer.caution and kind not in UNSURE]
CASES, FEW_CASES = 60, 20
DRAWN = (AugMix, RandAugment)
"""They draw which changes they make, a dozen of them at a time: the slowest layers to run."""
LOSES_MASKS = pytest.mark.filterwarnings("ignore:.*was passed an input with a mask attached")


class Answer(Struct, frozen=True):
    """What leaves a layer, and its weights: name, shape, whether training changes it."""

    shape: Shape
    weights: tuple[tuple[str, tuple[int, ...], bool], ...]


def keras_layer(layer: Layer) -> Any:
    import keras

    return getattr(keras.layers, layer.keras_class()).from_config(layer.keras_config())


def keras_answer(layer: Layer, shapes: tuple[Shape, ...]) -> Answer | None:
    """Keras's answer to a symbolic call; None for a refusal by the constructor, the build or the call."""
    import keras

    try:
        built = keras_layer(layer)
        tensors = [keras.KerasTensor((None, *shape)) for shape in shapes]
        result = built(*layer.call_arguments(tensors))
    except Exception:
        return None
    return Answer(tuple(result.shape[1:]), _weights(built))


def _weights(built: Any) -> tuple[tuple[str, tuple[int, ...], bool], ...]:
    trainable = {id(weight) for weight in built.trainable_weights}
    prefix = f"{built.name}/"
    return tuple(
        (weight.path.removeprefix(prefix), tuple(weight.shape), id(weight) in trainable)
        for weight in built.weights
    )


def our_answer(layer: Layer, shapes: tuple[Shape, ...]) -> Answer | None:
    try:
        shape = layer.output_shape(shapes)
    except LayerError:
        return None
    weights = layer.weights(shapes)
    return Answer(shape, tuple((w.name, w.shape, w.trainable and layer.trainable) for w in weights))


def _stricter(layer: Layer, shapes: tuple[Shape, ...]) -> bool:
    """Whether we refuse where Keras only looks once the layer runs: see the comments."""
    if layer.family == "augmentation" or layer.type in ("Resizing", "CenterCrop"):
        return len(shapes[0]) != 3  # Keras takes a map without channels for one image without a batch
    if layer.type in ("Softmax", "UnitNormalization"):
        return our_answer(layer, shapes) is None  # Keras does not look at the axis, or takes the batch
    if layer.type == "EinsumDense":
        return our_answer(layer, shapes) is None  # Keras does not count the axes that an equation names
    if layer.type in ("TimeDistributed", "SpectralNormalization"):
        return our_answer(layer, shapes) is None  # Keras does not call the layer inside before it runs
    if layer.type == "MultiHeadAttention":
        return our_answer(layer, shapes) is None  # Keras compares no places until the layer runs
    if layer.type == "Concatenate":
        return _position(layer, shapes) == 0  # joins the samples of the batch, which loses their labels
    if layer.type == "Normalization":
        return our_answer(layer, shapes) is None  # takes an axis named twice when its size is 1
    if layer.type.endswith("Transpose"):
        answer = keras_answer(layer, shapes)
        return answer is not None and 0 in answer.shape  # a map without rows
    return False


def _position(layer: Layer, shapes: tuple[Shape, ...]) -> int:
    """The joined axis, counted from the batch."""
    axis: int = dict(layer)["axis"]
    return axis if axis >= 0 else axis + len(shapes[0]) + 1


def _check(kind: type[Layer], cases: int, seed: int) -> None:
    rng = Random(f"{kind.__name__} {seed}")
    refused = 0
    for _ in range(cases):
        layer = random_layer(rng, kind)
        shapes = random_inputs(rng, layer)
        ours = our_answer(layer, shapes)
        if _stricter(layer, shapes):
            assert ours is None
            continue
        assert ours == keras_answer(layer, shapes), f"{layer!r} on {shapes}"
        refused += ours is None
    assert refused < cases


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.__name__)
def test_shapes_weights_and_refusals_are_those_of_keras(kind: type[Layer]) -> None:
    _check(kind, CASES_PER_TYPE, seed=1)


@pytest.mark.long
@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.__name__)
def test_shapes_weights_and_refusals_are_those_of_keras_in_many_more_cases(kind: type[Layer]) -> None:
    _check(kind, LONG_CASES_PER_TYPE, seed=2)


def test_there_are_enough_cases() -> None:
    assert len(TYPES) * CASES_PER_TYPE >= 2_000
    assert len(TYPES) * LONG_CASES_PER_TYPE >= 20_000


def _random_stack(rng: Random) -> Network:
    """A network in which every layer stands; branches begin at any earlier layer and are merged again."""
    layers: list[Layer] = [Input(name="input", shape=random_shape(rng, rng.choice((2, 3, 3, 3, 4))))]
    shapes = [layers[0].output_shape(())]
    for number in range(rng.randint(4, 12)):
        for _ in range(8):
            layer, sources = _random_next(rng, len(layers), f"layer{number}")
            answer = our_answer(layer, tuple(shapes[source] for source in sources))
            if answer is not None:
                layers.append(layer.updated(inputs=tuple(layers[source].name for source in sources)))
                shapes.append(answer.shape)
                break
    return Network(layers=tuple(layers))


def _random_next(rng: Random, count: int, name: str) -> tuple[Layer, tuple[int, ...]]:
    """A layer to put behind `count` others, and which of them it takes."""
    kinds = [kind for kind in TYPES if kind.family != "augmentation" and (kind.merges or rng.random() < 0.7)]
    layer = random_layer(rng, rng.choice(kinds), name)
    if layer.merges:
        return layer, (rng.randrange(count), count - 1)
    return layer, (rng.randrange(count) if rng.random() < 0.2 else count - 1,)


def _check_stacks(count: int, seed: int) -> None:
    rng = Random(seed)
    for _ in range(count):
        network = _random_stack(rng)
        for row, tensor, built in _in_keras(network):
            assert row.output_shape == tuple(tensor.shape[1:]), f"{row.layer!r} in {network!r}"
            assert (row.trainable, row.parameters) == (
                _numbers(built.trainable_weights),
                built.count_params(),
            )


def _in_keras(network: Network) -> Iterator[tuple[Row, Any, Any]]:
    """Each row below the input with what Keras makes of it: its result and its layer."""
    import keras

    tensors = {network.input.name: keras.Input(network.input_shape)}
    rows = analyze(network).rows[1:]
    layers = {row.name: keras_layer(row.layer) for row in rows}
    for row in rows:
        arriving = [tensors[name] for name in row.inputs]
        tensors[row.name] = layers[row.name](*row.layer.call_arguments(arriving))
    last = keras.Model(tensors[network.input.name], tensors[rows[-1].name])
    assert tuple(last.output.shape[1:]) == rows[-1].output_shape
    for row in rows:
        yield row, tensors[row.name], layers[row.name]


def _numbers(weights: list[Any]) -> int:
    return sum(int(np.prod(weight.shape)) for weight in weights)


@LOSES_MASKS
def test_random_stacks_with_arcs_are_those_of_keras_row_by_row() -> None:
    _check_stacks(300, seed=1)


@pytest.mark.long
@LOSES_MASKS
def test_many_more_random_stacks_are_those_of_keras_row_by_row() -> None:
    _check_stacks(1_500, seed=2)


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.__name__)
def test_a_layer_comes_back_from_keras_as_it_went(kind: type[Layer]) -> None:
    rng = Random(kind.__name__)
    for _ in range(15):
        layer = random_layer(rng, kind)
        while (built := _constructed(layer)) is None:
            layer = random_layer(rng, kind)
        written = Written(kind.__name__, built.get_config(), module="keras.layers")
        back, notes = layer_from_config(written, layer.name)
        assert (back, notes) == (_as_keras_keeps_it(layer, back), ())


def _constructed(layer: Layer) -> Any:
    """Keras's layer; None where its constructor refuses the settings."""
    try:
        return keras_layer(layer)
    except (TypeError, ValueError):
        return None


def _as_keras_keeps_it(layer: Layer, back: Layer) -> Layer:
    """The layer with what Keras fills in: a pool's own stride, a drawn seed, what SimpleRNN loses."""
    filled: dict[str, Any] = {}
    if "pool_size" in dict(layer) and dict(layer)["strides"] is None:
        filled["strides"] = dict(layer)["pool_size"]
    if layer.type == "RandomCrop" and dict(layer)["seed"] is None:
        filled["seed"] = dict(back)["seed"]
    if layer.type.startswith("SpatialDropout"):
        filled["trainable"] = True
    if layer.type == "Bidirectional":
        filled["layer"] = _as_one_way(dict(layer)["layer"])
    elif "layer" in dict(layer):
        inner = dict(layer)["layer"]
        filled["layer"] = _as_keras_keeps_it(inner, dict(back)["layer"])
    if layer.type == "SimpleRNN":
        filled["activity_regularizer"] = None
    if layer.type == "MultiHeadAttention" and dict(layer)["value_dim"] is None:
        filled["value_dim"] = dict(layer)["key_dim"]
    return layer.updated(**filled)


def _as_one_way(inner: Layer) -> Layer:
    """Keras names both ways, and gives zeros for masked steps where every step is given."""
    kept = _as_keras_keeps_it(inner, inner)
    zeros = dict(inner)["return_sequences"]
    return kept.updated(name=f"forward_{inner.name}", zero_output_for_mask=zeros)


def test_a_missing_setting_is_the_default_of_keras() -> None:
    import keras

    needed = {
        "filters": 3,
        "kernel_size": 2,
        "units": 3,
        "rate": 0.1,
        "stddev": 0.1,
        "activation": "tanh",
        "pool_size": 2,
    }
    needed |= {"target_shape": (3,), "dims": (1,), "height": 3, "width": 3, "scale": 2.0}
    needed |= {"height_factor": 0.1, "width_factor": 0.1, "n": 3, "input_dim": 5, "output_dim": 3}
    needed |= {"num_heads": 2, "key_dim": 3, "equation": "abc,cd->abd", "output_shape": (None, 3)}
    for kind in TYPES:
        needed["layer"] = keras.layers.LSTM(3) if kind is Bidirectional else keras.layers.Dense(3)
        needed["factor"] = 4 if kind is RandomPosterization else 0.1
        made = getattr(keras.layers, kind.__name__)
        required = [
            name for name, one in signature(made.__init__).parameters.items() if one.default is one.empty
        ]
        config = {name: needed[name] for name in required if name in needed}
        written = {
            name: keras.saving.serialize_keras_object(value) if name == "layer" else value
            for name, value in config.items()
        }
        layer, _ = layer_from_config(Written(kind.__name__, written), "layer")
        theirs, _ = layer_from_config(Written(kind.__name__, made(**config).get_config()), "layer")
        assert _as_keras_keeps_it(layer, theirs) == theirs


def test_a_setting_that_keras_needs_is_missed_and_no_other() -> None:
    import keras

    for kind in TYPES:
        made = getattr(keras.layers, kind.__name__)
        parameters = signature(made.__init__).parameters.items()
        required = {name for name, one in parameters if one.default is one.empty} & kind.model_fields.keys()
        if not kind.__name__.startswith("AveragePooling"):  # older versions had a default there
            assert _is_missed(kind) == bool(required), kind


def test_every_class_with_a_data_format_is_written_and_read_as_channels_last() -> None:
    import keras

    for kind in TYPES:
        made = getattr(keras.layers, kind.__name__)
        layer = random_layer(Random(1), kind).updated(trainable=True)
        has_one = "data_format" in signature(made.__init__).parameters
        assert not has_one or layer.keras_config()["data_format"] == "channels_last", kind
        config = {**layer.keras_config(), "data_format": "channels_last"}
        assert layer_from_config(Written(kind.__name__, config), "layer") == (layer, ()), kind


def _is_missed(kind: type[Layer]) -> bool:
    try:
        layer_from_config(Written(kind.__name__, {}), "layer")
    except StudioError as error:
        return "is missing" in str(error)
    return False


@pytest.fixture
def _traced_again_and_again() -> Iterator[None]:
    """TensorFlow warns of a convolution that is traced anew for each of many layers, as they are here."""
    logger = logging.getLogger("tensorflow")
    level = logger.level
    logger.setLevel(logging.ERROR)
    yield
    logger.setLevel(level)


def _runs(layer: Layer, *shapes: Shape) -> bool:
    """Augmentation does its work in training only, and some of it another one each time."""
    rng = np.random.default_rng(0)
    images = [rng.uniform(0, 1, (1, *(size or 3 for size in shape))).astype("float32") for shape in shapes]
    augments = layer.family == "augmentation"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # such as on a softmax along a single value
            made = keras_layer(layer)
            for _ in range(12 if augments else 1):
                made(*layer.call_arguments(images), **({"training": True} if augments else {}))
    except Exception:
        return False
    return True


def test_every_setting_has_something_that_makes_values_for_it() -> None:
    for kind in TYPES:
        for field in kind.model_fields.keys() - UNTOUCHED:
            maker_of(kind, field)


@pytest.mark.usefixtures("_traced_again_and_again")
@pytest.mark.parametrize(
    "kind", [kind for kind in TYPES if kind not in (*CAUTIOUS, *UNSURE)], ids=lambda kind: kind.__name__
)
def test_a_layer_that_is_never_cautious_runs_wherever_it_has_a_shape(kind: type[Layer]) -> None:
    rng = Random(kind.__name__)
    ran = draws = 0
    while ran < 8 and draws < 200:
        draws += 1
        layer = random_layer(rng, kind)
        shapes = random_inputs(rng, layer)
        if our_answer(layer, shapes) is None or any(None in shape for shape in shapes):
            continue
        assert _runs(layer, *shapes), f"{layer!r} on {shapes}"
        ran += 1
    assert ran


def _check_caution(kind: type[Layer], cases: int) -> None:
    rng = Random(kind.__name__)
    seen = set()
    for _ in range(cases):
        layer = random_layer(rng, kind)
        shapes = random_inputs(rng, layer)
        if our_answer(layer, shapes) is None or None in shapes[0]:
            continue
        cautious = layer.caution(shapes) is not None
        if cautious and kind in DRAWN:
            continue  # which of their changes are made is drawn: some would run
        assert cautious != _runs(layer, shapes[0]), f"{layer!r} on {shapes}"
        seen.add(cautious)
    assert False in seen


@pytest.mark.usefixtures("_traced_again_and_again")
@pytest.mark.parametrize("kind", CAUTIOUS, ids=lambda kind: kind.__name__)
def test_a_layer_is_cautious_exactly_where_it_has_a_shape_and_does_not_run(kind: type[Layer]) -> None:
    _check_caution(kind, FEW_CASES if kind in DRAWN else CASES)


@pytest.mark.long
@pytest.mark.usefixtures("_traced_again_and_again")
@pytest.mark.parametrize("kind", DRAWN, ids=lambda kind: kind.__name__)
def test_a_layer_that_draws_its_changes_runs_wherever_it_is_not_cautious(kind: type[Layer]) -> None:
    _check_caution(kind, CASES)
