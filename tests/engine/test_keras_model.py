import keras
import numpy as np
import pytest

from cnnstudio.core.analysis import analyze
from cnnstudio.core.keras_format.layer_names import keras_names
from cnnstudio.core.layers import (
    LAYER_TYPES,
    Activation,
    Conv2D,
    CustomLayer,
    Dense,
    Flatten,
    Input,
    Layer,
    ReLU,
)
from cnnstudio.core.network import Network
from cnnstudio.core.project.training import SGD, Adam, AnyOptimizer, RMSprop, TrainingSettings
from cnnstudio.core.tasks import Classification
from cnnstudio.core.tasks.losses import LossName
from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.shape import Shape
from cnnstudio.engine.keras.model import build_model, compile_model
from tests.core.pictures import stack


def test_a_chain_becomes_a_sequential_model_with_the_same_names_and_counts() -> None:
    network = stack("rescale conv(8,3) bn relu maxpool conv(16,3,valid) avgpool flatten dropout dense(10)")
    model = build_model(network)
    assert isinstance(model, keras.Sequential)
    assert [layer.name for layer in model.layers] == [layer.name for layer in network.layers[1:]]
    assert model.count_params() == analyze(network).totals.parameters
    assert model.output_shape == (None, 10)


def test_a_network_with_arcs_becomes_a_functional_model() -> None:
    network = stack(
        "first=conv(8,3) second=conv(8,3) sum=add<-first,second both=concat<-first,sum gap dense(3)"
    )
    model = build_model(network)
    assert not isinstance(model, keras.Sequential)
    assert model.count_params() == analyze(network).totals.parameters
    assert model.get_layer("both").output.shape == (None, 28, 28, 16)


def test_a_layer_that_names_the_one_above_it_is_still_a_chain() -> None:
    assert isinstance(build_model(stack("first=conv(8,3) flatten<-first dense(3)")), keras.Sequential)


def test_frozen_layers_are_not_trained() -> None:
    network = stack("first=conv(8,3) flatten dense(3)")
    frozen = network.replaced("first", network.layer("first").updated(trainable=False))
    model = build_model(frozen)
    assert [weight.path for weight in model.trainable_weights] == [
        "network/dense3/kernel",
        "network/dense3/bias",
    ]
    assert sum(int(np.prod(w.shape)) for w in model.non_trainable_weights) == 80


SHAPES: dict[str, Shape] = {
    "ConvLSTM1D": (4, 16, 3),
    "ConvLSTM2D": (4, 16, 16, 3),
    "3D": (8, 8, 8, 32),
    "1D": (64, 32),
    "SimpleRNN": (64, 32),
    "LSTM": (64, 32),
    "GRU": (64, 32),
    "RepeatVector": (32,),
    "Bidirectional": (64, 32),
    "RandomColorDegeneration": (64, 64, 3),
}
"""What layers take with their defaults, by a part of their name; all others take a map."""


def _shape_for(kind: type[Layer]) -> Shape:
    """A shape that a layer with its defaults takes."""
    for name, shape in SHAPES.items():
        if name in kind.__name__:
            return shape
    return (64, 64, 32)


def _with_defaults(kind: type[Layer]) -> Network:
    """The layer below an Input; two branches of the Input for one that merges."""
    needed = {"activation": "relu"} if kind is Activation else {}
    layer = kind.model_validate(
        {"name": "it", **needed, "inputs": ("first", "second") if kind.merges else ()}
    )
    branches = [ReLU(name="first"), ReLU(name="second", inputs=("input",))] if kind.merges else []
    return Network(layers=(Input(name="input", shape=_shape_for(kind)), *branches, layer))


CATALOGUE = [kind for kind in LAYER_TYPES if kind not in (Input, CustomLayer)]


@pytest.mark.parametrize("trainable", [True, False], ids=["trained", "frozen"])
@pytest.mark.parametrize("kind", CATALOGUE, ids=lambda kind: kind.__name__)
def test_every_layer_of_the_palette_is_built_with_its_defaults(kind: type[Layer], trainable: bool) -> None:
    network = _with_defaults(kind)
    network = network.replaced("it", network.layer("it").updated(trainable=trainable))
    model, row = build_model(network), analyze(network).rows[-1]
    assert model.output_shape == (None, *(row.output_shape or ()))
    made = model.get_layer("it")
    assert made.trainable is trainable
    assert bool(model.trainable_weights) is bool(row.trainable)
    assert sum(int(np.prod(weight.shape)) for weight in made.trainable_weights) == row.trainable
    assert made.count_params() == row.parameters


def test_settings_arrive_in_keras() -> None:
    conv = Conv2D(name="c", filters=4, kernel_size=(5, 3), dilation_rate=(2, 1), groups=2, use_bias=False)
    model = build_model(Network(layers=(Input(name="i", shape=(9, 9, 2)), conv)))
    layer = model.get_layer("c")
    assert layer.kernel.shape == (5, 3, 1, 4)
    assert (layer.dilation_rate, layer.groups, layer.bias) == ((2, 1), 2, None)


def test_a_broken_network_is_refused_with_its_first_problem() -> None:
    with pytest.raises(StudioError, match=r"big \(Conv2D\): A 30 x 30 kernel does not fit"):
        build_model(stack("big=conv(8,30,valid) flatten dense(10)"))


def test_names_that_keras_does_not_take_are_made_to_fit() -> None:
    network = Network(
        layers=(
            Input(name="input"),
            Conv2D(name="block/conv 1"),
            Conv2D(name="block_conv_1"),
            Flatten(name="Größe"),
            Dense(name="x>y:0", units=5),
        )
    )
    names = keras_names(network)
    assert names == {
        "input": "input",
        "block/conv 1": "block_conv_1_2",
        "block_conv_1": "block_conv_1",
        "Größe": "Gr__e",
        "x>y:0": "x_y_0",
    }
    model = build_model(network)
    assert [layer.name for layer in model.layers] == list(names.values())[1:]
    assert model(np.zeros((1, 28, 28, 1))).shape == (1, 5)


@pytest.mark.parametrize(
    "network", ["conv(2,3) flatten dense(2)", "a=conv(2,3) b=conv(2,3) add<-a,b flatten"]
)
def test_images_of_bytes_give_what_images_of_floats_give(network: str) -> None:
    model = build_model(stack(network))
    images = np.random.default_rng(0).integers(0, 256, (3, 28, 28, 1), np.uint8)
    as_bytes = model.predict(images, verbose=0)
    assert np.array_equal(as_bytes, model.predict(images.astype(np.float32), verbose=0))


@pytest.mark.parametrize(
    "optimizer",
    [Adam(learning_rate=0.25), SGD(learning_rate=0.25, momentum=0.5), RMSprop(learning_rate=0.25)],
)
def test_the_optimizer_gets_its_settings(optimizer: AnyOptimizer) -> None:
    model = build_model(stack("flatten dense(3)"))
    compile_model(model, TrainingSettings(optimizer=optimizer), Classification())
    assert type(model.optimizer).__name__ == optimizer.type
    assert float(model.optimizer.learning_rate) == 0.25
    assert model.optimizer.get_config().get("momentum", 0.0) == getattr(optimizer, "momentum", 0.0)


@pytest.mark.parametrize(
    ("loss", "one_hot"),
    [
        ("categorical_crossentropy", True),
        ("sparse_categorical_crossentropy", False),
        ("binary_crossentropy", True),
        ("mean_squared_error", True),
    ],
)
def test_every_loss_trains(loss: LossName, one_hot: bool) -> None:
    model = build_model(stack("flatten dense(3,softmax)"))
    compile_model(model, TrainingSettings(loss=loss), Classification())
    numbers = np.array([0, 1, 2, 0])
    labels = np.eye(3, dtype=np.float32)[numbers] if one_hot else numbers
    result = model.evaluate(np.zeros((4, 28, 28, 1)), labels, verbose=0, return_dict=True)
    assert set(result) == {"loss", "accuracy"}
    assert np.isfinite(result["loss"])


def test_from_logits_applies_the_softmax_in_the_loss() -> None:
    losses = []
    for activation, from_logits in (("softmax", False), ("linear", True)):
        model = build_model(stack(f"flatten dense(3,{activation})"))
        model.set_weights([np.full((784, 3), 0.01), np.array([0.0, 1.0, 2.0])])
        compile_model(model, TrainingSettings(from_logits=from_logits), Classification())
        losses.append(model.evaluate(np.ones((1, 28, 28, 1)), np.array([[1.0, 0, 0]]), verbose=0)[0])
    assert losses[0] == pytest.approx(losses[1], rel=1e-5)
    assert losses[0] == pytest.approx(2.4076, rel=1e-4)
