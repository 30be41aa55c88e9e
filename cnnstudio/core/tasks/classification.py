"""One class for each sample: a share for each class, or for two of them one unit."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from cnnstudio.core.analysis.findings import Finding, Fix, settings_fix
from cnnstudio.core.layers import Dense
from cnnstudio.core.tasks.fixes import activation_finding, labels_fix, loss_fix
from cnnstudio.core.tasks.losses import CATEGORICAL, LabelForm, LossName
from cnnstudio.core.tasks.task import Head, Task
from cnnstudio.core.values.facts import DataFacts

_WHY_CLASSES = (
    "Each class needs one output of its own; of two classes one output can tell how likely the second is."
)
_WHY_HEAD = (
    "softmax makes the outputs shares that add up to 1, which cross-entropy expects; one-hot labels go with "
    "categorical, integer labels with sparse categorical cross-entropy. With 'from logits' the loss applies "
    "the softmax itself, so the layer must not."
)
_WHY_ONE_UNIT = (
    "One unit with sigmoid gives the share of the second class, which binary cross-entropy compares with the "
    "class number 0 or 1; softmax of one value is always 1."
)
_BINARY: LossName = "binary_crossentropy"


class Classification(Task):
    """Tells which class a sample is of."""

    title = "Classification"
    summary = "One class for each picture."
    losses: ClassVar[tuple[LossName, ...]] = (
        "categorical_crossentropy",
        "sparse_categorical_crossentropy",
        _BINARY,
        "mean_squared_error",
        "mean_absolute_error",
    )
    metrics = ("accuracy",)
    answers_classes = True
    usual_template = "two-conv"

    type: Literal["classification"] = "classification"
    labels: Annotated[
        LabelForm,
        Field(
            title="Labels", description="One-hot: a 1 at the class, 0 elsewhere. Integer: the class number."
        ),
    ] = "one-hot"

    def outputs(self, facts: DataFacts) -> int:
        return facts.classes

    def output_names(self, facts: DataFacts) -> tuple[str, ...]:
        return facts.class_names

    def target_words(self, label: int, facts: DataFacts) -> str:
        if self.labels == "one-hot":
            return f"The one-hot vector: {facts.classes} numbers, a 1 at class {label}."
        return f"The integer {label}. As a one-hot vector it would be:"

    def shape_findings(self, head: Head, facts: DataFacts) -> Iterator[Finding]:
        shape = head.row.output_shape or ()
        if len(shape) != 1:
            yield Finding(
                "C01",
                "error",
                head.name,
                f"{head.name} gives a map, and {facts.title} has {facts.classes} classes. "
                f"End with Flatten or global pooling and a Dense of {facts.classes} units.",
                _WHY_CLASSES,
            )
        elif shape[0] != facts.classes and not (shape[0] == 1 and facts.classes == 2):
            yield self._unfit(head, facts, shape[0])

    def _unfit(self, head: Head, facts: DataFacts, units: int | None) -> Finding:
        fixes: tuple[Fix, ...] = ()
        if isinstance(head.row.layer, Dense):
            fixes = (settings_fix(f"Set {facts.classes} units", head.name, units=facts.classes),)
        return Finding(
            "C01",
            "error",
            head.name,
            f"{head.name} gives {units} values, and {facts.title} has {facts.classes} classes. "
            f"End with a Dense of {facts.classes} units.",
            _WHY_CLASSES,
            fixes,
        )

    def loss_findings(self, head: Head) -> Iterator[Finding]:
        if head.row.output_shape == (1,):
            yield from self._one_unit_findings(head)
        elif problem := activation_finding(head, _WHY_HEAD):
            yield problem
        expected = expected_labels(head)
        if self.labels != expected:
            yield self._labels_finding(head, expected)

    def _one_unit_findings(self, head: Head) -> Iterator[Finding]:
        """What one unit must end with, and what its loss must be."""
        if head.loss in CATEGORICAL:
            yield Finding(
                "C02",
                "error",
                head.name,
                f"{head.name} gives one value, and {head.loss} compares one for each class. Use {_BINARY}.",
                _WHY_ONE_UNIT,
                (loss_fix(_BINARY, "integer"),),
            )
        elif problem := activation_finding(head, _WHY_ONE_UNIT):
            yield problem

    def _labels_finding(self, head: Head, expected: LabelForm) -> Finding:
        one_unit = head.row.output_shape == (1,)
        if one_unit:
            message = f"The labels are {self.labels}, and {head.name} gives one value. Use {expected} labels."
            return Finding("C02", "error", None, message, _WHY_ONE_UNIT, (labels_fix(expected),))
        better: LossName = (
            "categorical_crossentropy" if self.labels == "one-hot" else "sparse_categorical_crossentropy"
        )
        return Finding(
            "C02",
            "error",
            None,
            f"The labels are {self.labels}, and {head.loss} expects {expected} labels. "
            f"Use {better}, or {expected} labels.",
            _WHY_HEAD,
            # Another loss is no help where it expects another activation of the last layer.
            (*((loss_fix(better),) if head.loss in CATEGORICAL else ()), labels_fix(expected)),
        )


def expected_labels(head: Head) -> LabelForm:
    """The form of labels that a loss compares with what the head gives."""
    one_unit = head.row.output_shape == (1,)
    return "integer" if one_unit or head.loss == "sparse_categorical_crossentropy" else "one-hot"
