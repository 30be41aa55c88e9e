"""One class for each sample: a share for each class, or for two of them one unit."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from cnnstudio.core.analysis.findings import Finding, Fix
from cnnstudio.core.layers import Dense, Flatten, Layer
from cnnstudio.core.layers.pooling import GLOBAL_AVERAGE
from cnnstudio.core.tasks.fixes import (
    activation_finding,
    appended_fix,
    channels_fixes,
    joined,
    labels_fix,
    loss_fix,
)
from cnnstudio.core.tasks.losses import CATEGORICAL, DISTANCES, LabelForm, LossName, wanted_activation
from cnnstudio.core.tasks.task import Head, Task
from cnnstudio.core.values.facts import DataFacts
from cnnstudio.core.values.words import counted

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
_WHY_DISTANCE = (
    "A class is no number that an answer can be near to. Where the answer is quite wrong the slope of a "
    "squared distance nearly vanishes behind softmax or sigmoid, just where cross-entropy is steep "
    '(Goodfellow, Bengio and Courville 2016, "Deep Learning", section 6.2.2).'
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

    def target_goes_along(self, layer: Layer) -> bool:
        return layer.mixes_labels and self.labels == "one-hot"

    def outputs(self, facts: DataFacts) -> int:
        return facts.classes

    def output_names(self, facts: DataFacts) -> tuple[str, ...]:
        return facts.class_names

    def target_words(self, label: int, facts: DataFacts) -> str:
        if self.labels == "one-hot":
            return f"The one-hot vector: {facts.classes} numbers, a 1 at class {label}."
        return f"The integer {label}. As a one-hot vector it would be:"

    def shape_findings(self, head: Head, facts: DataFacts) -> Iterator[Finding]:
        if not facts.has_labels:
            yield Finding(
                "C01",
                "error",
                None,
                f"{facts.title} has a class for each pixel, and none for a whole picture. Choose the task "
                "Segmentation, or data with a class for each picture.",
                _WHY_CLASSES,
            )
            return
        shape = head.row.output_shape or ()
        if len(shape) != 1:
            yield Finding(
                "C01",
                "error",
                head.name,
                f"{head.name} gives a map, and {facts.title} has {counted(facts.classes, 'class')}. "
                f"End with Flatten or global pooling and a Dense of {counted(facts.classes, 'unit')}.",
                _WHY_CLASSES,
                tuple(_flat_ends(head, facts.classes)),
            )
        elif shape[0] != facts.classes and not (shape[0] == 1 and facts.classes == 2):
            yield self._unfit(head, facts, shape[0])

    def _unfit(self, head: Head, facts: DataFacts, units: int | None) -> Finding:
        gives = "one value" if units == 1 else f"{units} values"
        return Finding(
            "C01",
            "error",
            head.name,
            f"{head.name} gives {gives}, and {facts.title} has {counted(facts.classes, 'class')}. "
            f"End with a Dense of {counted(facts.classes, 'unit')}.",
            _WHY_CLASSES,
            tuple(self._wider(head, facts.classes)),
        )

    def _wider(self, head: Head, classes: int) -> Iterator[Fix]:
        """So many outputs; where there was one, with the loss and the labels of several."""
        fixes = list(channels_fixes(head, classes, None))
        if not fixes:
            fixes = [appended_fix(f"Add a Dense of {counted(classes, 'unit')}", head, _dense(head, classes))]
        for fix in fixes:
            several = loss_fix(head, _categorical(self.labels))
            yield joined(fix.label, fix, several) if head.row.output_shape == (1,) else fix

    def loss_findings(self, head: Head) -> Iterator[Finding]:
        if len(head.row.output_shape or ()) != 1 and not isinstance(head.row.layer, Dense):
            return  # what makes the map a list of classes is still to come, and has the last activation
        if head.loss in DISTANCES:
            yield self._distance_finding(head)
        elif head.row.output_shape == (1,):
            yield from self._one_unit_findings(head)
        elif problem := activation_finding(head, _WHY_HEAD, self._suiting_labels()):
            yield problem
        expected = expected_labels(head)
        if self.labels != expected:
            yield self._labels_finding(head, expected)

    def _suiting_labels(self) -> tuple[LossName, ...]:
        """The cross-entropies of several outputs that go with the labels as they are."""
        return (_categorical(self.labels), *((_BINARY,) if self.labels == "one-hot" else ()))

    def _distance_finding(self, head: Head) -> Finding:
        one_unit = head.row.output_shape == (1,)
        better = _BINARY if one_unit else _categorical(self.labels)
        return Finding(
            "C02",
            "warning",
            head.name,
            f"{head.loss} measures a distance, and classes are not far or near. Use {better}.",
            _WHY_DISTANCE,
            (loss_fix(head, better),),
        )

    def _one_unit_findings(self, head: Head) -> Iterator[Finding]:
        """What one unit must end with, and what its loss must be."""
        if head.loss in CATEGORICAL:
            yield Finding(
                "C02",
                "error",
                head.name,
                f"{head.name} gives one value, and {head.loss} compares one for each class. Use {_BINARY}.",
                _WHY_ONE_UNIT,
                (loss_fix(head, _BINARY, "integer"),),
            )
        elif problem := activation_finding(head, _WHY_ONE_UNIT):
            yield problem

    def _labels_finding(self, head: Head, expected: LabelForm) -> Finding:
        one_unit = head.row.output_shape == (1,)
        if one_unit:
            message = f"The labels are {self.labels}, and {head.name} gives one value. Use {expected} labels."
            return Finding("C02", "error", None, message, _WHY_ONE_UNIT, (labels_fix(expected),))
        better = _categorical(self.labels)
        return Finding(
            "C02",
            "error",
            None,
            f"The labels are {self.labels}, and {head.loss} expects {expected} labels. "
            f"Use {better}, or {expected} labels.",
            _WHY_HEAD,
            # Another loss is no help where it expects another activation of the last layer.
            (*((loss_fix(head, better),) if head.loss in CATEGORICAL else ()), labels_fix(expected)),
        )


def expected_labels(head: Head) -> LabelForm:
    """The form of labels that a loss compares with what the head gives."""
    one_unit = head.row.output_shape == (1,)
    return "integer" if one_unit or head.loss == "sparse_categorical_crossentropy" else "one-hot"


def _categorical(labels: LabelForm) -> LossName:
    """The cross-entropy of several classes for that form of labels."""
    return "categorical_crossentropy" if labels == "one-hot" else "sparse_categorical_crossentropy"


def _flat_ends(head: Head, classes: int) -> Iterator[Fix]:
    """What makes a list of the classes out of the map at the end."""
    dense, rank = _dense(head, classes), len(head.row.output_shape or ())
    ends: dict[str, Layer] = {"Flatten": Flatten(name="flatten")}
    if rank in GLOBAL_AVERAGE:
        ends = {
            "global average pooling": GLOBAL_AVERAGE[rank].model_validate({"name": "global_pool"}),
            **ends,
        }
    for title, layer in ends.items():
        yield appended_fix(f"Add {title} and a Dense of {counted(classes, 'unit')}", head, layer, dense)


def _dense(head: Head, classes: int) -> Dense:
    wanted = wanted_activation(head.loss, head.from_logits) or "softmax"
    return Dense.model_validate({"name": "output", "units": classes, "activation": wanted})
