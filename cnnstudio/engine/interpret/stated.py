"""How a layer of a weights file moves its kernel, where the file or the run it lies in states it."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from msgspec import Struct

from cnnstudio.core.kernels.convolution import Pair
from cnnstudio.core.values.errors import StudioError
from cnnstudio.engine.files.projects import open_project
from cnnstudio.engine.interpret.response import MOST_STEP, Steps
from cnnstudio.engine.runs.folder import BEST_FILE, LAST_FILE, PROJECT_FILE
from cnnstudio.engine.weights import KernelEntry, WeightsFile
from cnnstudio.engine.weights.config import layer_configs

# Keras 2 and 3, then Keras 1.
_STRIDES = ("strides", "subsample", "subsample_length")
_DILATION = ("dilation_rate", "atrous_rate")
_PADDING = ("padding", "border_mode")


class Stated(Struct, frozen=True):
    """What a layer's config says: strides and dilation along (height, width), and the padding."""

    strides: Pair = (1, 1)
    dilation: Pair = (1, 1)
    padding: str = "valid"

    @property
    def steps(self) -> Steps | None:
        """The same as steps over a picture; None where these cannot say it, as for a stride of 2 x 1."""
        (stride, across), (dilation, apart) = self.strides, self.dilation
        is_alike = stride == across and dilation == apart
        if not is_alike or not 1 <= min(stride, dilation) <= max(stride, dilation) <= MOST_STEP:
            return None
        match self.padding:
            case "valid" | "same" as padding:
                return Steps(stride, dilation, padding)
            case _:
                return None


def stated_of(file: WeightsFile, kernel: KernelEntry) -> Stated | None:
    """What the file states of a kernel's layer; None where it states nothing, as weights alone.

    Of the weights of a run, the project that was trained states it, which lies beside them.
    """
    path = file.layer(kernel.layer).path
    settings = _settings(file, path) or _settings_of_run(file.path, path)
    if settings is None:
        return None
    padding = _first(settings, _PADDING)
    if kernel.weight == "pointwise_kernel":
        # The second half of a separable layer looks at one place at a time.
        return Stated(padding=str(padding or "valid"))
    strides, dilation = _pair(_first(settings, _STRIDES)), _pair(_first(settings, _DILATION))
    return Stated(strides, dilation, str(padding or "valid"))


def _settings(file: WeightsFile, path: tuple[str, ...]) -> dict[str, Any] | None:
    """The settings of the layer at a path through the models around it."""
    node, settings = file.config, None
    for name in path:
        layer = next((found for found in layer_configs(node) if found.name == name), None)
        if layer is None:
            return None
        node, settings = layer.node, layer.settings
    return settings


def _settings_of_run(weights: Path, path: tuple[str, ...]) -> dict[str, Any] | None:
    """The settings of the layer in the project of the run; None in no run, or for a layer inside another."""
    project = weights.with_name(PROJECT_FILE)
    if weights.name not in (BEST_FILE, LAST_FILE) or len(path) != 1 or not project.is_file():
        return None
    with suppress(StudioError):
        layers = {layer.name: layer for layer in open_project(project).network.layers}
        return layers[path[0]].model_dump() if path[0] in layers else None
    return None


def _first(settings: dict[str, Any], names: tuple[str, ...]) -> Any:
    return next((settings[name] for name in names if settings.get(name) is not None), None)


def _pair(value: Any) -> Pair:
    """A step along two axes; one for all is along both, and 1 where nothing sensible is said."""
    match value:
        case int() | [int()]:
            step = value if isinstance(value, int) else value[0]
            return step, step
        case [int() as down, int() as across]:
            return down, across
        case _:
            return 1, 1
