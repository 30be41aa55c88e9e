"""What mends a head: pure changes of the project, each with its label."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cnnstudio.core.analysis.edits import replace
from cnnstudio.core.analysis.findings import Finding, Fix, settings_fix
from cnnstudio.core.layers import Activation, Conv2D, Layer
from cnnstudio.core.tasks.losses import LabelForm, LossName, wanted_activation
from cnnstudio.core.tasks.task import Head
from cnnstudio.core.values.words import counted, listed

if TYPE_CHECKING:
    from cnnstudio.core.project import Project


def joined(label: str, *fixes: Fix) -> Fix:
    """One fix that makes the changes of several, in their order."""

    def apply(project: "Project") -> "Project":
        for fix in fixes:
            project = fix.apply(project)
        return project

    return Fix(label, apply)


def activation_fix(layer: Layer, wanted: str) -> Fix:
    """The setting where the layer has one; a layer that is nothing but a function is replaced."""
    if "activation" in type(layer).model_fields:
        return settings_fix(f"Use {wanted}", layer.name, activation=wanted)
    other = Activation.model_validate({"name": layer.name, "inputs": layer.inputs, "activation": wanted})
    return Fix(f"Use {wanted}", replace(layer.name, other))


def logits_fix(from_logits: bool) -> Fix:
    """Whether the loss applies the softmax or sigmoid itself."""

    def apply(project: "Project") -> "Project":
        return project.with_training(project.training.model_copy(update={"from_logits": from_logits}))

    return Fix(f"Switch 'from logits' {'on' if from_logits else 'off'}", apply)


def loss_fix(head: Head, loss: LossName, labels: LabelForm | None = None) -> Fix:
    """Another loss, and with it the last activation and the labels that it compares with."""
    fixes = [Fix(loss, lambda project: _with_loss(project, loss))]
    wanted = wanted_activation(loss, head.from_logits)
    if wanted is not None and head.activation not in (None, wanted):
        fixes.append(Fix(wanted, activation_fix(head.row.layer, wanted).apply))
    if labels is not None:
        fixes.append(Fix(f"{labels} labels", labels_fix(labels).apply))
    return joined(f"Use {listed([fix.label for fix in fixes])}", *fixes)


def _with_loss(project: "Project", loss: LossName) -> "Project":
    return project.with_training(project.training.model_copy(update={"loss": loss}))


def loss_name_fix(loss: LossName) -> Fix:
    """Another loss, and nothing else."""
    return Fix(f"Use {loss}", lambda project: _with_loss(project, loss))


def labels_fix(labels: LabelForm) -> Fix:
    """Another form of the labels."""

    def apply(project: "Project") -> "Project":
        return project.with_task(project.task.model_copy(update={"labels": labels}))

    return Fix(f"Use {labels} labels", apply)


def activation_finding(head: Head, why: str, losses: tuple[LossName, ...] = ()) -> Finding | None:
    """C02 where the last activation is not what the loss expects; `losses` are those that could be meant."""
    wanted = wanted_activation(head.loss, head.from_logits)
    if wanted is None or head.activation in (None, wanted):
        return None
    fixes = _agreements(head, wanted, losses)
    logits = " from logits" if head.from_logits else ""
    advice = " or ".join(fix.label[:1].lower() + fix.label[1:] for fix in fixes)
    return Finding(
        "C02",
        "warning",
        head.name,
        f"{head.name} ends with {head.activation}, and {head.loss}{logits} expects {wanted}. "
        f"{advice[:1].upper()}{advice[1:]}.",
        why,
        fixes,
    )


def _agreements(head: Head, wanted: str, losses: tuple[LossName, ...]) -> tuple[Fix, ...]:
    """Each side of the disagreement changed to suit the others, the likeliest first."""
    fixes = [activation_fix(head.row.layer, wanted)]
    if wanted_activation(head.loss, not head.from_logits) == head.activation:
        fixes.append(logits_fix(not head.from_logits))
    suited = [one for one in losses if wanted_activation(one, head.from_logits) in (None, head.activation)]
    others = [loss_fix(head, loss) for loss in suited]
    # Nobody writes softmax by chance: there it is the loss that was left as it was.
    return (*others, *fixes) if head.activation == "softmax" else (*fixes, *others)


def foreign_loss_finding(
    head: Head, title: str, losses: tuple[LossName, ...], why: str, labels: LabelForm | None = None
) -> Finding | None:
    """C02 where the loss is none of the task's; `labels` go with the first of them."""
    if head.loss in losses:
        return None
    return Finding(
        "C02",
        "error",
        None,
        f"{head.loss} does not measure {title.lower()}. Use {losses[0]}.",
        why,
        (loss_fix(head, losses[0], labels),),
    )


def channels_fixes(head: Head, count: int, activation: str | None) -> Iterator[Fix]:
    """So many values at the end of the last axis: of the layer that makes it, or of a new one below."""
    maker = head.maker
    if maker is not None:
        setting = "filter" if "filters" in vars(maker.layer) else "unit"
        where = "" if maker is head.row else f" in {maker.name}"
        yield settings_fix(f"Set {counted(count, setting)}{where}", maker.name, **{f"{setting}s": count})
    elif len(head.row.output_shape or ()) == 3:
        new = Conv2D(name="output", filters=count, kernel_size=(1, 1)).updated(
            activation=activation or "linear"
        )
        yield appended_fix(f"Add a 1 x 1 convolution of {counted(count, 'filter')}", head, new)


def appended_fix(label: str, head: Head, *layers: Layer) -> Fix:
    """New layers at the end; a last activation that made shares becomes one for the middle of a network."""

    def apply(project: "Project") -> "Project":
        if head.activation in ("softmax", "sigmoid"):
            project = activation_fix(head.row.layer, "relu").apply(project)
        network = project.network
        for layer in layers:
            new = layer.updated(name=network.free_name(layer.name))
            network = network.inserted(len(network.layers), new)
        return project.with_network(network)

    return Fix(label, apply)
