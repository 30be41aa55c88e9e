"""From a network to a Keras model, generic over the layer types."""

import re
from typing import Any

from cnnstudio.core.analysis import analyze
from cnnstudio.core.keras_format.layer_names import keras_names
from cnnstudio.core.layers import CustomLayer, Input, Layer
from cnnstudio.core.network import Network
from cnnstudio.core.project.training import TrainingSettings
from cnnstudio.core.tasks import Task
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.keras.custom import applied, made_again
from cnnstudio.engine.keras.library import KERAS_LOCK, KerasModel, load_keras
from cnnstudio.engine.keras.metrics import metrics_of


def build_model(network: Network) -> KerasModel:
    """Build the Keras model of a network, with fresh weights; Sequential where no layer names its inputs.

    Layers keep their names as `keras_names` gives them, frozen ones have `trainable` off, disabled ones are
    left out as `Network.without_disabled` says. StudioError with
    the first problem of a broken network, before Keras is touched, when Keras itself refuses, and for a
    layer whose class Keras does not have.
    """
    refuse_broken(network)
    network = network.without_disabled()
    with KERAS_LOCK:
        keras = load_keras()
        try:
            model = _sequential(keras, network) if _is_chain(network) else _functional(keras, network)
        except (ValueError, TypeError) as error:
            raise StudioError(f"Keras refuses this network: {first_sentence(error)}") from error
        _freeze(model, network)
        return model


def compile_model(model: KerasModel, training: TrainingSettings, task: Task) -> None:
    """Give the model the optimizer and loss of the settings, and the metrics of the task."""
    keras = load_keras()
    settings = training.optimizer.model_dump()
    optimizer = getattr(keras.optimizers, settings.pop("type"))(**settings)
    metrics = metrics_of(keras, task, int(model.output_shape[-1]))
    model.compile(optimizer=optimizer, loss=_loss(keras, training), metrics=metrics)


def refuse_broken(network: Network) -> None:
    """StudioError with the first problem when a layer of the network has no shape."""
    findings = analyze(network).findings
    if findings:
        more = f" ({len(findings) - 1} more problems)" if len(findings) > 1 else ""
        raise StudioError(f"{findings[0].message}{more}")


def first_sentence(error: BaseException) -> str:
    """The first line with words in it of a library's error, without colors, for the end of a sentence."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", str(error))
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if not line.startswith("Exception encountered when calling")]
    return (telling or lines or [type(error).__name__])[0]


def _loss(keras: Any, training: TrainingSettings) -> Any:
    classes = {
        "categorical_crossentropy": keras.losses.CategoricalCrossentropy,
        "sparse_categorical_crossentropy": keras.losses.SparseCategoricalCrossentropy,
        "binary_crossentropy": keras.losses.BinaryCrossentropy,
    }
    if training.loss == "mean_squared_error":
        return keras.losses.MeanSquaredError()
    if training.loss == "mean_absolute_error":
        return keras.losses.MeanAbsoluteError()
    return classes[training.loss](from_logits=training.from_logits)


def _is_chain(network: Network) -> bool:
    """Whether it can be Sequential: each layer called once, and none an operation outside the catalogue."""
    return all(
        (not layer.inputs or layer.inputs == (above.name,))
        and not layer.weights_of
        and layer.fits_sequential
        and not isinstance(layer, CustomLayer)
        for above, layer in zip(network.layers, network.layers[1:], strict=False)
    )


def _sequential(keras: Any, network: Network) -> KerasModel:
    names = keras_names(network)
    layers = [_keras_layer(keras, layer, names[layer.name]) for layer in network.layers[1:]]
    return keras.Sequential([_entrance(keras, network, names), *layers], name="network")


def _functional(keras: Any, network: Network) -> KerasModel:
    names = keras_names(network)
    entrance = _entrance(keras, network, names)
    outputs = {network.input.name: entrance}
    made: dict[str, Any] = {}
    for index, layer in enumerate(network.layers[1:], start=1):
        arriving = [outputs[name] for name in network.inputs_of(index)]
        owner = layer.weights_of or layer.name
        if owner not in made:
            made[owner] = _keras_layer(keras, layer, names[layer.name])
        outputs[layer.name] = _called(made[owner], layer, arriving)
    return keras.Model(entrance, outputs[network.layers[-1].name], name="network")


def _entrance(keras: Any, network: Network, names: dict[str, str]) -> Any:
    return keras.Input(network.input_shape, name=names[network.input.name])


def _called(made: Any, layer: Layer, arriving: list[Any]) -> Any:
    if isinstance(layer, CustomLayer):
        return applied(made, layer, arriving)
    return made(*layer.call_arguments(arriving))


def _keras_layer(keras: Any, layer: Layer, name: str) -> Any:
    if isinstance(layer, CustomLayer):
        made = made_again(keras, layer, name)
    else:
        made = getattr(keras.layers, layer.keras_class()).from_config({**layer.keras_config(), "name": name})
    return made


def _freeze(model: KerasModel, network: Network) -> None:
    """Once all weights are there: Keras gives cells and layers inside others trainable ones otherwise."""
    names = keras_names(network)
    for layer in network.layers:
        if not layer.trainable and not isinstance(layer, Input):
            made = model.get_layer(names[layer.name])
            # What a layer has already, TensorFlow's tracking does not set, nor hands on to what is inside.
            made.trainable = True
            made.trainable = False
