"""The graph of a Keras model's configuration, nested models laid open, as a plain list of calls."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from cnnstudio.core.keras_format.config import Written, plain
from cnnstudio.core.keras_format.functional import Handle, Use, functional_calls
from cnnstudio.core.keras_format.written import MAX_DEPTH, damaged, fail, layers_of, name_of, references
from cnnstudio.core.network import MAX_LAYERS

MAX_READ = 10 * MAX_LAYERS
MODELS = ("Sequential", "Functional", "Model")


class Call(Struct):
    """One use of a layer: what it is, what it takes, and what was seen of its result."""

    written: Written
    path: tuple[str, ...]
    """Its name, behind the names of the models it lies in."""
    inputs: tuple[Handle, ...]
    extra: Any = None
    """What it is called with besides its inputs."""
    shape: tuple[Any, ...] | None = None
    """The shape of its result, without the batch, where the configuration tells."""


class Graph(Struct):
    """All calls, in an order in which they can run; a call's place is its handle."""

    input_name: str
    input_shape: list[Any]
    calls: list[Call] = field(default_factory=list)
    output: Handle = 0
    read: int = 0
    """How many written layers were looked at, those of a model that is used twice counted twice."""

    def added(self, call: Call) -> Handle:
        """The handle of a new call. StudioError when there are too many."""
        if len(self.calls) >= MAX_LAYERS:
            fail(f"This model has more than {MAX_LAYERS:,} layers, which is more than CNN Studio takes.")
        self.calls.append(call)
        return len(self.calls)

    def states(self, feeds: tuple[Handle, ...], shape: Any) -> None:
        """Note the shape that a layer is built for: it is that of the only result which it takes."""
        if len(feeds) != 1 or feeds[0] == ENTRANCE or not _is_shape(shape):
            return
        call = self.calls[feeds[0] - 1]
        if call.shape is None:
            call.shape = tuple(shape[1:])

    def reading(self, config: Any) -> None:
        """Count the layers of a model about to be laid open. StudioError when it all comes to too many.

        Models within models that are used twice double with every level, even when they hold nothing.
        """
        self.read += len(layers_of(config))
        if self.read > MAX_READ:
            fail("This model uses the models within it too often to be laid open. Save a part of it.")


ENTRANCE: Handle = 0
"""What enters the whole model; calls count from 1."""


def read_graph(document: Any) -> Graph:
    """The graph of `{"class_name": ..., "config": ...}`. StudioError for others."""
    class_name, config = _class_and_config(document)
    if class_name not in MODELS:
        fail(
            f"This is a {class_name}, and only Sequential and functional Keras models can be read: "
            "others are described by their code. Build it as a functional model."
        )
    shape, name = _entrance(class_name, config, 0)
    graph = Graph(name, shape)
    results = _laid_open(graph, class_name, config, (), (ENTRANCE,))
    if len(results) != 1:
        fail(f"This model has {len(results)} outputs, and CNN Studio works with one. Save a part of it.")
    graph.output = results[0]
    return graph


def _class_and_config(document: Any) -> tuple[str, Any]:
    if not isinstance(document, Mapping):
        damaged("it should be a JSON object")
    class_name, config = document.get("class_name"), document.get("config")
    if class_name is None and isinstance(document.get("layers"), list):
        return ("Functional" if "input_layers" in document else "Sequential"), document
    if not isinstance(class_name, str) or not isinstance(config, list | Mapping):
        damaged('it needs a "class_name" and a "config"')
    return class_name, config


def _entrance(class_name: str, config: Any, depth: int) -> tuple[list[Any], str]:
    """The shape of one sample and the name of the input."""
    layers = layers_of(config)
    first = layers[0]
    if class_name != "Sequential":
        first = _only_input(config, layers)
    shape = _written_shape(first)
    if shape is None and first["class_name"] in MODELS and depth < MAX_DEPTH:
        return _entrance(first["class_name"], first["config"], depth + 1)
    if shape is None and isinstance(config, Mapping):
        shape = plain(config.get("build_input_shape"))
    if not isinstance(shape, list) or len(shape) < 2:
        fail("This model does not say the shape of its input. Build it in Keras, then save it again.")
    return shape[1:], name_of(first) if first["class_name"] == "InputLayer" else "input"


def _only_input(config: Any, layers: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    named = references(config.get("input_layers")) if isinstance(config, Mapping) else []
    if len(named) != 1:
        fail(f"This model has {len(named)} inputs, and CNN Studio works with one. Save a part of it.")
    found = [layer for layer in layers if name_of(layer) == named[0][0]]
    return found[0] if found else damaged(f"its input {named[0][0]} is missing")


def _written_shape(layer: Mapping[str, Any]) -> Any:
    config = layer["config"]
    if not isinstance(config, Mapping):
        return None
    shape = plain(config.get("batch_shape") or config.get("batch_input_shape"))
    # Of an Embedding it is how many numbers there are.
    if shape is None and isinstance(config.get("input_dim"), int) and layer["class_name"] != "Embedding":
        length = [config["input_length"]] if config.get("input_length") else []
        return [None, *length, config["input_dim"]]
    return shape


def _stated_shape(layer: Mapping[str, Any]) -> Any:
    """What a layer says that it was built for, batch included; archives of Keras have it for each."""
    build = layer.get("build_config")
    stated = plain(build.get("input_shape")) if isinstance(build, Mapping) else None
    config = layer["config"]
    if stated is None and isinstance(config, Mapping):
        stated = plain(config.get("batch_shape") or config.get("batch_input_shape"))
    return stated


def _is_shape(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) > 1
        and all(size is None or (isinstance(size, int) and size >= 0) for size in value)
    )


def _laid_open(
    graph: Graph, class_name: str, config: Any, path: tuple[str, ...], feeds: tuple[Handle, ...]
) -> tuple[Handle, ...]:
    """Add the calls of a model that takes `feeds`; return what it gives."""
    if len(path) > MAX_DEPTH:
        fail(f"This model nests models more than {MAX_DEPTH} deep, which is more than CNN Studio takes.")
    graph.reading(config)
    if class_name == "Sequential":
        return _chain(graph, layers_of(config), path, feeds)
    return functional_calls(config, feeds, lambda use, arriving: _placed(graph, use, path, arriving))


def _placed(graph: Graph, use: Use, path: tuple[str, ...], feeds: tuple[Handle, ...]) -> tuple[Handle, ...]:
    results = _called(graph, use.layer, path, feeds, use)
    if use.shape is not None and len(results) == 1:
        graph.calls[results[0] - 1].shape = use.shape
    return results


def _chain(
    graph: Graph, layers: Sequence[Mapping[str, Any]], path: tuple[str, ...], feeds: tuple[Handle, ...]
) -> tuple[Handle, ...]:
    for layer in layers:
        if layer["class_name"] == "InputLayer":
            graph.states(feeds, _stated_shape(layer))
        else:
            feeds = _called(graph, layer, path, feeds)
    return feeds


def _called(
    graph: Graph,
    layer: Mapping[str, Any],
    path: tuple[str, ...],
    feeds: tuple[Handle, ...],
    use: Use | None = None,
) -> tuple[Handle, ...]:
    """Add one use of a layer, or of a whole nested model; return what it gives."""
    name, config = name_of(layer), layer["config"]
    if not use or use.node == 0:
        graph.states(feeds, _stated_shape(layer))
    if layer["class_name"] in MODELS and (not isinstance(config, Mapping) or "layers" in config):
        return _laid_open(graph, layer["class_name"], config, (*path, name), feeds)
    if not isinstance(config, Mapping):
        damaged(f"the settings of {name} are no object")
    written = Written(layer["class_name"], config, _text(layer, "module"), _text(layer, "registered_name"))
    return (graph.added(Call(written, (*path, name), feeds, use.extra if use else None)),)


def _text(layer: Mapping[str, Any], key: str) -> str | None:
    value = layer.get(key)
    return value if isinstance(value, str) else None
