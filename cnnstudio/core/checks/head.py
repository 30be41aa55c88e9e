"""Checks of the last layer against the data and the loss (C01, C02)."""

from collections.abc import Iterator

from cnnstudio.core.analysis.edits import replace
from cnnstudio.core.analysis.findings import Finding, Fix, settings_fix
from cnnstudio.core.checks.context import CheckContext, activation_of
from cnnstudio.core.layers import Activation, Dense, Layer
from cnnstudio.core.project import Project
from cnnstudio.core.project.training import LossName
from cnnstudio.core.values.shape import shown

_CATEGORICAL: tuple[LossName, ...] = ("categorical_crossentropy", "sparse_categorical_crossentropy")
_WHY_CLASSES = "Each class needs one output of its own."
_WHY_HEAD = (
    "softmax makes the outputs shares that add up to 1, which cross-entropy expects; one-hot labels go with "
    "categorical, integer labels with sparse categorical cross-entropy. With 'from logits' the loss applies "
    "the softmax itself, so the layer must not."
)


def units_are_classes(context: CheckContext) -> Iterator[Finding]:
    """C01: the last layer gives another number of values than there are classes."""
    shape, facts = context.last.output_shape, context.facts
    if facts is None or shape is None or len(shape) != 1 or shape[0] == facts.classes:
        return
    last = context.last.layer
    fixes: tuple[Fix, ...] = ()
    if isinstance(last, Dense):
        fixes = (settings_fix(f"Set {facts.classes} units", last.name, units=facts.classes),)
    yield Finding(
        "C01",
        "error",
        last.name,
        f"{last.name} gives {shape[0]} values, and {facts.title} has {facts.classes} classes. "
        f"End with a Dense of {facts.classes} units.",
        _WHY_CLASSES,
        fixes,
    )


def output_is_a_list(context: CheckContext) -> Iterator[Finding]:
    """C01: a classifier must end in a list of features, not in a map."""
    shape, facts = context.last.output_shape, context.facts
    if facts is None or shape is None or len(shape) == 1:
        return
    yield Finding(
        "C01",
        "error",
        context.last.name,
        f"{context.last.name} gives a map, and {facts.title} has {facts.classes} classes. "
        f"End with Flatten or global pooling and a Dense of {facts.classes} units.",
        _WHY_CLASSES,
    )


def head_fits_loss(context: CheckContext) -> Iterator[Finding]:
    """C02: the last activation and the loss disagree."""
    training, last = context.project.training, context.last
    ending = activation_of(last) if last.stands else None
    if ending is None or training.loss == "mean_squared_error":
        return
    wanted = _wanted_activation(training.loss, training.from_logits)
    if ending == wanted:
        return
    logits = " from logits" if training.from_logits else ""
    yield Finding(
        "C02",
        "warning",
        last.name,
        f"{last.name} ends with {ending}, and {training.loss}{logits} expects {wanted}. "
        f"Set the activation to {wanted}.",
        _WHY_HEAD,
        (_activation_fix(last.layer, wanted),),
    )


def _activation_fix(layer: Layer, wanted: str) -> Fix:
    """The setting where the layer has one; a layer that is nothing but a function is replaced."""
    if "activation" in type(layer).model_fields:
        return settings_fix(f"Use {wanted}", layer.name, activation=wanted)
    other = Activation.model_validate({"name": layer.name, "inputs": layer.inputs, "activation": wanted})
    return Fix(f"Use {wanted}", replace(layer.name, other))


def _wanted_activation(loss: LossName, from_logits: bool) -> str:
    if from_logits:
        return "linear"
    return "sigmoid" if loss == "binary_crossentropy" else "softmax"


def loss_fits_labels(context: CheckContext) -> Iterator[Finding]:
    """C02: the loss expects labels of another form."""
    labels, loss = context.project.data.labels, context.project.training.loss
    expected = "integer" if loss == "sparse_categorical_crossentropy" else "one-hot"
    if labels == expected:
        return
    better: LossName = (
        "categorical_crossentropy" if labels == "one-hot" else "sparse_categorical_crossentropy"
    )
    yield Finding(
        "C02",
        "error",
        None,
        f"The labels are {labels}, and {loss} expects {expected} labels. Use {better}, or {expected} labels.",
        _WHY_HEAD,
        # Another loss is no help where it expects another activation of the last layer.
        (*((_loss_fix(better),) if loss in _CATEGORICAL else ()), _labels_fix(expected)),
    )


def _loss_fix(loss: LossName) -> Fix:
    def apply(project: Project) -> Project:
        return project.with_training(project.training.model_copy(update={"loss": loss}))

    return Fix(f"Use {loss}", apply)


def _labels_fix(labels: str) -> Fix:
    def apply(project: Project) -> Project:
        return project.with_data(project.data.model_copy(update={"labels": labels}))

    return Fix(f"Use {labels} labels", apply)


def input_fits_data(context: CheckContext) -> Iterator[Finding]:
    """C01: the Input's shape is not that of the data's samples."""
    facts = context.facts
    if facts is None or _fits(context.network.input_shape, facts.sample_shape):
        return
    name = context.network.input.name
    sample = shown(facts.sample_shape)
    yield Finding(
        "C01",
        "error",
        name,
        f"{name} does not take the samples of {facts.title}, which are {sample}. Set its shape to that.",
        "The network can only be fed what its Input describes.",
        (settings_fix(f"Set {sample}", name, shape=facts.sample_shape),),
    )


def _fits(shape: tuple[int | None, ...], sample: tuple[int | None, ...]) -> bool:
    return len(shape) == len(sample) and all(
        size in (None, wanted) for size, wanted in zip(shape, sample, strict=True)
    )
