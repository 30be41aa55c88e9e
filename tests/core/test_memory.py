"""What training needs, and the bytes of each row."""

import pytest

from cnnstudio.core.analysis import analyze
from cnnstudio.core.memory import largest_batch, optimizer_slots, training_memory
from cnnstudio.core.training import SGD, Adam, AnyOptimizer, RMSprop, TrainingSettings
from tests.core.pictures import stack

NETWORK = stack("a=conv(8,3,same) p=maxpool f=flatten d=dense(10)")
WEIGHTS = 8 * 9 + 8 + 14 * 14 * 8 * 10 + 10
MAPS = 28 * 28 + 28 * 28 * 8 + 14 * 14 * 8 + 10


def test_a_row_knows_the_bytes_of_its_weights_and_of_its_map() -> None:
    row = analyze(NETWORK).row("a")
    assert (row.bytes, row.activation_bytes) == (4 * 80, 4 * 28 * 28 * 8)


def test_totals_add_the_rows_up() -> None:
    analysis = analyze(NETWORK)
    assert analysis.totals.bytes == 4 * WEIGHTS
    assert analysis.totals.activation_bytes == sum(row.activation_bytes or 0 for row in analysis.rows)


def test_an_open_size_leaves_the_memory_open() -> None:
    analysis = analyze(stack("a=conv", (None, None, 1)))
    assert analysis.row("a").activation_bytes is None
    assert analysis.totals.activation_bytes is None
    assert training_memory(analysis, TrainingSettings()) is None
    assert largest_batch(analysis, TrainingSettings(), 10**9) == 0


def test_training_keeps_weights_gradients_slots_and_the_maps_of_the_batch() -> None:
    memory = training_memory(analyze(NETWORK), TrainingSettings(batch_size=32))
    assert memory is not None
    assert (memory.weights, memory.gradients, memory.optimizer) == (4 * WEIGHTS, 4 * WEIGHTS, 8 * WEIGHTS)
    assert memory.activations == 32 * 4 * MAPS
    assert memory.total == 16 * WEIGHTS + 128 * MAPS


def test_frozen_layers_need_neither_gradients_nor_slots() -> None:
    frozen = NETWORK.replaced("d", NETWORK.layer("d").updated(trainable=False))
    analysis = analyze(frozen)
    memory = training_memory(analysis, TrainingSettings())
    assert memory is not None
    assert (memory.weights, memory.gradients) == (4 * WEIGHTS, 4 * 80)
    assert (analysis.totals.frozen, analysis.totals.non_trainable) == (WEIGHTS - 80, WEIGHTS - 80)


def test_moving_averages_are_not_trainable_and_not_frozen_either() -> None:
    row = analyze(stack("n=bn")).row("n")
    assert (row.trainable, row.non_trainable, row.frozen) == (2, 2, 0)
    frozen = stack("n=bn")
    row = analyze(frozen.replaced("n", frozen.layer("n").updated(trainable=False))).row("n")
    assert (row.trainable, row.non_trainable, row.frozen) == (0, 4, 2)


@pytest.mark.parametrize(
    ("optimizer", "slots"), [(Adam(), 2), (SGD(), 0), (SGD(momentum=0.9), 1), (RMSprop(), 1)]
)
def test_each_optimizer_keeps_its_numbers_per_weight(optimizer: AnyOptimizer, slots: int) -> None:
    assert optimizer_slots(optimizer) == slots


@pytest.mark.parametrize("free", [10**6, 10**7, 10**8])
def test_the_largest_batch_fits_and_twice_as_many_do_not(free: int) -> None:
    analysis, settings = analyze(NETWORK), TrainingSettings()
    batch = largest_batch(analysis, settings, free)
    fits = training_memory(analysis, settings.model_copy(update={"batch_size": batch}))
    too_many = training_memory(analysis, settings.model_copy(update={"batch_size": 2 * batch}))
    assert fits is not None
    assert too_many is not None
    assert fits.total <= free < too_many.total
