"""How a layer of a weights file moves its kernel, where the file states it."""

from typing import Any

from msgspec import Struct

from cnnstudio.core.kernels.convolution import Pair
from cnnstudio.engine.interpret.response import MOST_STEP, Steps
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
    """What the file states of a kernel's layer; None where it states nothing, as weights alone."""
    settings = _settings(file, file.layer(kernel.layer).path)
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
