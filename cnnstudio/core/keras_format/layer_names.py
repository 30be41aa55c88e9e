"""The names layers have in Keras."""

import re

from cnnstudio.core.network import Network

_NOT_IN_A_KERAS_NAME = re.compile(r"[^A-Za-z0-9_.-]")


def keras_names(network: Network) -> dict[str, str]:
    """The name each layer has in Keras, which takes only letters of ASCII, digits and `_ . -`.

    Anything else becomes `_`; a name that is taken by then gets a number. `conv 1` is `conv_1`.
    """
    names: dict[str, str] = {}
    taken = {layer.name: 1 for layer in network.layers if not _NOT_IN_A_KERAS_NAME.search(layer.name)}
    for layer in network.layers:
        name = layer.name
        if name not in taken:
            name = _free(_NOT_IN_A_KERAS_NAME.sub("_", name), taken)
        names[layer.name] = name
    return names


def _free(stem: str, taken: dict[str, int]) -> str:
    """A name nobody has, taken from now on; each name keeps the last number that was put behind it."""
    name, number = stem, taken.get(stem, 1)
    while name in taken:
        number += 1
        name = f"{stem}_{number}"
    taken[stem] = number
    taken.setdefault(name, 1)
    return name
