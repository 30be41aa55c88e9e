"""A network as a stack of layers with arcs, and the pure edits of it."""

from cnnstudio.core.network.network import MAX_LAYERS, EditError, Network, fresh_copies, name_after

__all__ = ["MAX_LAYERS", "EditError", "Network", "fresh_copies", "name_after"]
