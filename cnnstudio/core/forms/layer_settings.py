"""The settings of a layer in the order in which a form shows them."""

from msgspec.structs import replace

from cnnstudio.core.forms.fields import Setting, Sources, Switch
from cnnstudio.core.forms.model_settings import settings_of
from cnnstudio.core.layers import Input, Layer

_COMMON = frozenset({"type", "name", "inputs", "trainable", "enabled", "group", "weights_of"})
_FREEZE = Setting(
    "trainable",
    "Freeze",
    "Training leaves the weights of a frozen layer as they are.",
    Switch(inverted=True),
    False,
    True,
)
_SELDOM = frozenset({"epsilon", "momentum", "groups"})


def layer_settings(model: type[Layer]) -> tuple[Setting, ...]:
    """The layer's own settings come first; type and name are left out, for a form has them in its heading.

    Only layers with weights can be frozen.
    """
    own = [replace(one, advanced=one.advanced or one.name in _SELDOM) for one in settings_of(model, _COMMON)]
    if issubclass(model, Input):
        return tuple(own)
    has_weights = model.weights is not Layer.weights
    inputs, freeze = _inputs_of(model), (_FREEZE,) * has_weights
    switches = (*freeze, _disable_of(model))
    return (inputs, *own, *switches) if model.takes_several else (*own, *switches, inputs)


def _inputs_of(model: type[Layer]) -> Setting:
    info = model.model_fields["inputs"]
    several = model.takes_several
    title, text = info.title or "Inputs", info.description or ""
    return Setting("inputs", title, text, Sources(several), not several, ())


def _disable_of(model: type[Layer]) -> Setting:
    text = model.model_fields["enabled"].description or ""
    return Setting("enabled", "Disable", text, Switch(inverted=True), True, True)
