"""What mends a head: pure changes of the project, each with its label."""

from typing import TYPE_CHECKING

from cnnstudio.core.analysis.edits import replace
from cnnstudio.core.analysis.findings import Finding, Fix, settings_fix
from cnnstudio.core.layers import Activation, Layer
from cnnstudio.core.tasks.losses import LabelForm, LossName, wanted_activation
from cnnstudio.core.tasks.task import Head

if TYPE_CHECKING:
    from cnnstudio.core.project import Project


def activation_fix(layer: Layer, wanted: str) -> Fix:
    """The setting where the layer has one; a layer that is nothing but a function is replaced."""
    if "activation" in type(layer).model_fields:
        return settings_fix(f"Use {wanted}", layer.name, activation=wanted)
    other = Activation.model_validate({"name": layer.name, "inputs": layer.inputs, "activation": wanted})
    return Fix(f"Use {wanted}", replace(layer.name, other))


def loss_fix(loss: LossName, labels: LabelForm | None = None) -> Fix:
    """Another loss, and with it the labels it compares with where they must be others."""

    def apply(project: "Project") -> "Project":
        project = project.with_training(project.training.model_copy(update={"loss": loss}))
        return project if labels is None else _with_labels(project, labels)

    return Fix(f"Use {loss}" + (f" and {labels} labels" if labels else ""), apply)


def labels_fix(labels: LabelForm) -> Fix:
    """Another form of the labels."""
    return Fix(f"Use {labels} labels", lambda project: _with_labels(project, labels))


def _with_labels(project: "Project", labels: LabelForm) -> "Project":
    return project.with_task(project.task.model_copy(update={"labels": labels}))


def activation_finding(head: Head, why: str) -> Finding | None:
    """C02 where the last activation is not what the loss expects."""
    wanted = wanted_activation(head.loss, head.from_logits)
    if wanted is None or head.activation in (None, wanted):
        return None
    logits = " from logits" if head.from_logits else ""
    return Finding(
        "C02",
        "warning",
        head.name,
        f"{head.name} ends with {head.activation}, and {head.loss}{logits} expects {wanted}. "
        f"Set the activation to {wanted}.",
        why,
        (activation_fix(head.row.layer, wanted),),
    )


def foreign_loss_finding(head: Head, title: str, losses: tuple[LossName, ...], why: str) -> Finding | None:
    """C02 where the loss is none of the task's."""
    if head.loss in losses:
        return None
    return Finding(
        "C02",
        "error",
        None,
        f"{head.loss} does not measure {title.lower()}. Use {losses[0]}.",
        why,
        (loss_fix(losses[0]),),
    )
