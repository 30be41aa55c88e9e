"""What a network is to give for a sample, and what follows from it."""

from collections.abc import Iterator
from typing import ClassVar

from msgspec import Struct
from pydantic import BaseModel, ConfigDict

from cnnstudio.core.analysis.findings import Finding
from cnnstudio.core.analysis.rows import Row
from cnnstudio.core.layers.base import Layer
from cnnstudio.core.tasks.losses import LossName
from cnnstudio.core.tasks.metrics import Monitor
from cnnstudio.core.values.facts import DataFacts


class Head(Struct, frozen=True, eq=False):
    """What a task judges: the last layer, which has a shape, and how training measures what it gives."""

    row: Row
    activation: str | None
    """The function that ends the layer; `None` where there is none to speak of."""
    loss: LossName
    from_logits: bool
    maker: Row | None = None
    """The layer whose filters or units are the last axis of the output; `None` where none of them is."""

    @property
    def name(self) -> str:
        """The last layer's name."""
        return self.row.name


class Task(BaseModel):
    """One of the kinds of tasks; its fields are its settings. All methods are pure.

    A task is the only place that knows what the last layer must give. The engine has its other half: the
    target of a sample, Keras's metrics, and the evaluation.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)

    title: ClassVar[str]
    summary: ClassVar[str]
    """One sentence for a person who chooses."""
    losses: ClassVar[tuple[LossName, ...]]
    """Those that fit, the usual one first."""
    metrics: ClassVar[tuple[str, ...]]
    """The names of what is measured beside the loss, the one that is drawn first."""
    monitor: ClassVar[Monitor] = Monitor()
    needs_masks: ClassVar[bool] = False
    answers_classes: ClassVar[bool] = False
    """Whether it gives a share for each class of a whole picture."""
    usual_template: ClassVar[str]
    """The key of the template that a project of this task begins with."""
    tells_of_places: ClassVar[bool] = False
    """Whether it gives a value for each place of the picture, not one for the whole."""

    type: str

    def target_goes_along(self, layer: Layer) -> bool:
        """Whether what a picture is compared with is changed as the picture is, by a layer right below the
        Input that changes it at random.
        """
        del layer
        return False

    def outputs(self, facts: DataFacts) -> int:
        """How many values the last axis of the output has."""
        raise NotImplementedError

    def output_names(self, facts: DataFacts) -> tuple[str, ...]:
        """What each of them stands for; empty where they have no names."""
        raise NotImplementedError

    def target_words(self, label: int, facts: DataFacts) -> str:
        """What the loss compares the answer to a sample of that class number with, for a person."""
        raise NotImplementedError

    def shape_findings(self, head: Head, facts: DataFacts) -> Iterator[Finding]:
        """C01: the output has another shape than the task and the data ask for."""
        raise NotImplementedError

    def loss_findings(self, head: Head) -> Iterator[Finding]:
        """C02: last activation, loss and target disagree; needs no data."""
        raise NotImplementedError
