"""The arcs of a network, drawn beside the column."""

from cnnstudio.core.arcs import arcs_of

__all__ = ["arcs_of"]
