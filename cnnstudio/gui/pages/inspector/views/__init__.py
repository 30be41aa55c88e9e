"""The ways to look at one weight. A new one is a file here and a line in `VIEWS`."""

from cnnstudio.engine.interpret.loaded import LoadedWeight
from cnnstudio.gui.pages.inspector.views import kernels, matrix, numbers, vector
from cnnstudio.gui.pages.inspector.views.view import ViewKind, WeightView

# The first that volunteers is shown; the last takes everything.
VIEWS: tuple[ViewKind, ...] = (kernels.VIEW, matrix.VIEW, vector.VIEW, numbers.VIEW)


def view_for(weight: LoadedWeight) -> ViewKind:
    """The view that volunteers for a weight."""
    return next(kind for kind in VIEWS if kind.suits(weight))


__all__ = ["VIEWS", "ViewKind", "WeightView", "view_for"]
