"""Pure rules for putting pieces into a stack and taking them out of it."""

from collections.abc import Iterable, Sequence

from cnnstudio.core.layers import Layer
from cnnstudio.core.network.clipboard import Fragment
from cnnstudio.core.network.network import Network


def connected(network: Network, source: str, target: str) -> Network:
    """The network in which `target` takes `source`; one that can take several keeps what it takes."""
    index = network.position(target)
    kept = network.inputs_of(index) if network.layers[index].takes_several else ()
    return network.connected(target, tuple(dict.fromkeys((*kept, source))))


def fragment_of(network: Network, names: Sequence[str]) -> Fragment:
    """Layers in stack order with the one the first of them takes."""
    ordered = in_order(network, names)
    sources = network.inputs_of(network.position(ordered[0]))
    return Fragment(
        layers=tuple(network.layer(name) for name in ordered), entry=sources[0] if sources else ""
    )


def spliced(network: Network, index: int, layers: Sequence[Layer]) -> Network:
    """With layers put into the stack at `index`, and into the line that is drawn there.

    A layer below that names the one above is handed the last of the new layers in its place.
    """
    above = network.layers[index - 1].name
    below = network.layers[index] if index < len(network.layers) else None
    result = network.inserted(index, *layers)
    if below is None or above not in below.inputs:
        return result
    last = layers[-1].name
    taken = dict.fromkeys(last if name == above else name for name in below.inputs)
    return result.connected(below.name, tuple(taken))


def landed(network: Network, fragment: Fragment, index: int) -> list[Layer]:
    """The layers as they can stand at `index`: what fed the original block is now the layer above."""
    above = network.layers[index - 1].name
    reachable = {layer.name for layer in network.layers[:index]}
    inside = {layer.name for layer in fragment.layers}
    layers: list[Layer] = []
    for layer in fragment.layers:
        sources = [above if name == fragment.entry else name for name in layer.inputs]
        kept = tuple(dict.fromkeys(name for name in sources if name in reachable or name in inside))
        chained = not layers and kept == (above,)
        layers.append(layer.updated(inputs=() if chained else kept))
    return layers


def in_order(network: Network, names: Iterable[str]) -> tuple[str, ...]:
    """The names from top to bottom, each once."""
    return tuple(sorted(set(names), key=network.position))
