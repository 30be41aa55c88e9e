"""How much memory training takes, estimated before it starts.

weights + gradients + optimizer slots + batch * activations, all in float32: the "model states" and the
"residual states" of Rajbhandari et al. 2020, "ZeRO: Memory Optimizations Toward Training Trillion Parameter
Models", section 3. Every layer's result is kept until the backward pass has used it (Chen et al. 2016,
"Training Deep Nets with Sublinear Memory Cost"); reshaping keeps none of its own. What the libraries
themselves take, and work space of single operations, comes on top.
"""

from msgspec import Struct

from cnnstudio.core.analysis.analysis import BYTES_PER_NUMBER, Analysis
from cnnstudio.core.analysis.describe import bytes_text
from cnnstudio.core.layers import Flatten, Reshape
from cnnstudio.core.project.training import SGD, Adam, AnyOptimizer, RMSprop, TrainingSettings

_KEEP_NOTHING = (Flatten, Reshape)
"""Layers whose result is their input in another shape."""


class TrainingMemory(Struct, frozen=True):
    """An estimate in bytes; `activations` is for a whole batch."""

    weights: int
    gradients: int
    optimizer: int
    activations: int

    @property
    def total(self) -> int:
        """All parts together."""
        return self.states + self.activations

    @property
    def states(self) -> int:
        """What does not grow with the batch."""
        return self.weights + self.gradients + self.optimizer


def training_memory(analysis: Analysis, training: TrainingSettings) -> TrainingMemory | None:
    """The memory that training takes; `None` while the size of a map is open or weights are not known."""
    sample = sample_bytes(analysis)
    if sample is None or not analysis.totals.weights_known:
        return None
    trainable = analysis.totals.trainable * BYTES_PER_NUMBER
    return TrainingMemory(
        weights=analysis.totals.bytes,
        gradients=trainable,
        optimizer=optimizer_slots(training.optimizer) * trainable,
        activations=training.batch_size * sample,
    )


def sample_bytes(analysis: Analysis) -> int | None:
    """What the results of all layers take for one sample; `None` while a size is open."""
    if analysis.totals.activation_bytes is None:
        return None
    reshaped = [row for kind in _KEEP_NOTHING for row in analysis.by_type.get(kind, ())]
    return analysis.totals.activation_bytes - sum(row.activation_bytes or 0 for row in reshaped)


def optimizer_slots(optimizer: AnyOptimizer) -> int:
    """Numbers an optimizer keeps for each trainable weight."""
    match optimizer:
        case Adam():
            return 2
        case RMSprop():
            return 1
        case SGD():
            return 1 if optimizer.momentum else 0


def largest_batch(analysis: Analysis, training: TrainingSettings, free: int) -> int:
    """The largest power of two of samples that fits into `free` bytes; 0 when not even one does."""
    memory, sample = training_memory(analysis, training), sample_bytes(analysis)
    if memory is None or not sample:
        return 0
    fitting = (free - memory.states) // sample
    return 1 << (fitting.bit_length() - 1) if fitting > 0 else 0


def memory_text(memory: TrainingMemory | None, free: int | None) -> str:
    """What training takes beside what there is: `about 45 MB · 6.3 GB free`."""
    needed = "not known" if memory is None else f"about {bytes_text(memory.total)}"
    return needed if free is None else f"{needed} · {bytes_text(free)} free"


def memory_sentence(memory: TrainingMemory | None, free: int | None, batch_size: int) -> str:
    """The parts of it in full, for a tooltip and for screen readers."""
    if memory is None:
        return "The memory that training takes is known once every layer has a shape without open sizes."
    parts = (
        f"Training takes about {bytes_text(memory.total)}: weights {bytes_text(memory.weights)}, gradients "
        f"{bytes_text(memory.gradients)}, what the optimizer keeps {bytes_text(memory.optimizer)}, and "
        f"{bytes_text(memory.activations)} for the results of the layers with batches of {batch_size:,}."
    )
    if free is None:
        return parts
    verdict = "is more than" if memory.total > free else "fits into"
    return f"{parts} That {verdict} the {bytes_text(free)} of memory that are free."
