"""The ways to look at one weight. A new one is a file here and a line in `VIEWS`."""

from cnnstudio.engine.interpret.loaded import LoadedWeight
from cnnstudio.gui.pages.inspector.views import kernels, matrix, numbers, vector
from cnnstudio.gui.pages.inspector.views.view import ViewKind, WeightView

# Of those that volunteer for a weight the first is shown, until a person chooses another.
VIEWS: tuple[ViewKind, ...] = (kernels.VIEW, matrix.VIEW, vector.VIEW, numbers.VIEW)


def views_for(weight: LoadedWeight) -> tuple[ViewKind, ...]:
    """The views that volunteer for a weight, in the order of `VIEWS`; at least one."""
    return tuple(kind for kind in VIEWS if kind.suits(weight))


__all__ = ["VIEWS", "ViewKind", "WeightView", "views_for"]
