"""Pictures of a network as SVG text: the stack with its arcs, and the blocks of CNN papers."""

from cnnstudio.core.diagram.palette import PAPER, Palette
from cnnstudio.core.diagram.stack import stack_svg
from cnnstudio.core.diagram.volumes import volumes_svg

__all__ = ["PAPER", "Palette", "stack_svg", "volumes_svg"]
