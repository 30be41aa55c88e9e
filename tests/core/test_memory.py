"""What training needs, and the bytes of each row."""

import pytest

from cnnstudio.core.analysis import analyze
from cnnstudio.core.analysis.memory import (
    largest_batch,
    memory_sentence,
    memory_text,
    optimizer_slots,
    training_memory,
)
from cnnstudio.core.layers import Reshape
from cnnstudio.core.project.training import SGD, Adam, AnyOptimizer, RMSprop, TrainingSettings
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


def test_the_memory_of_training_is_told_beside_the_free_one() -> None:
    memory = training_memory(analyze(NETWORK), TrainingSettings(batch_size=32))
    assert memory is not None
    assert memory_text(memory, 2**31) == "about 1.3 MB · 2.0 GB free"
    assert memory_text(memory, None) == "about 1.3 MB"
    assert memory_text(None, 2**31) == "not known · 2.0 GB free"


def test_the_parts_of_the_memory_are_told_with_a_verdict() -> None:
    memory = training_memory(analyze(NETWORK), TrainingSettings(batch_size=32))
    assert memory is not None
    parts = "Training takes about 1.3 MB: weights 62 KB, gradients 62 KB, what the optimizer keeps 123 KB"
    assert memory_sentence(memory, None, 32).startswith(parts)
    assert memory_sentence(memory, None, 32).endswith("results of the layers with batches of 32.")
    assert memory_sentence(memory, 2**30, 32).endswith("fits into the 1.0 GB of memory that are free.")
    assert memory_sentence(memory, 2**10, 32).endswith("is more than the 1.0 KB of memory that are free.")
    assert memory_sentence(None, 2**30, 32).startswith("The memory that training takes is known once")


def test_layers_that_only_reshape_keep_no_map_of_their_own() -> None:
    network = stack("a=conv(8,3,same) f=flatten r=relu")
    network = network.replaced("r", Reshape(name="r", target_shape=(8, 784)))
    memory = training_memory(analyze(network), TrainingSettings(batch_size=1))
    assert memory is not None
    assert memory.activations == 4 * (28 * 28 + 28 * 28 * 8)


def test_the_memory_of_a_network_with_a_break_is_not_known() -> None:
    network = stack("a=conv(8,3,same) f=flatten b=conv(8,3)")
    assert not analyze(network).row("b").stands
    assert training_memory(analyze(network), TrainingSettings(batch_size=1)) is None
