"""Filters, statistics and mosaics, checked against NumPy on small arrays and on real files."""

from pathlib import Path

import numpy as np
import pytest

from cnnstudio.engine.interpret import gallery
from cnnstudio.engine.weights import open_weights

FIXTURES = Path(__file__).parent.parent / "fixtures"


def test_every_filter_of_a_convolution_is_its_last_axis() -> None:
    kernel = np.arange(3 * 2 * 4 * 5, dtype=np.float32).reshape(3, 2, 4, 5)
    filters = gallery.filters_of(kernel, "convolution")
    assert filters.shape == (5, 3, 2, 4)
    assert (filters[3] == kernel[:, :, :, 3]).all()
    assert np.shares_memory(filters, kernel)


def test_depthwise_filters_are_counted_channel_by_channel() -> None:
    kernel = np.arange(3 * 3 * 2 * 3, dtype=np.float32).reshape(3, 3, 2, 3)
    filters = gallery.filters_of(kernel, "depthwise")
    assert filters.shape == (6, 3, 3, 1)
    assert (filters[4, :, :, 0] == kernel[:, :, 1, 1]).all()


def test_a_transposed_kernel_has_its_filters_on_the_third_axis() -> None:
    kernel = np.arange(2 * 2 * 3 * 4, dtype=np.float32).reshape(2, 2, 3, 4)
    assert (gallery.filters_of(kernel, "transpose")[1] == kernel[:, :, 1, :]).all()


def test_a_kernel_over_one_axis_is_one_row_high() -> None:
    kernel = np.arange(5 * 2 * 3, dtype=np.float32).reshape(5, 2, 3)
    filters = gallery.filters_of(kernel, "convolution")
    assert filters.shape == (3, 1, 5, 2)
    assert (filters[2, 0, :, 1] == kernel[:, 1, 2]).all()


def test_planes_are_a_channel_or_the_mean_over_all() -> None:
    filters = np.arange(2 * 3 * 3 * 4, dtype=np.float32).reshape(2, 3, 3, 4)
    assert (gallery.planes(filters, 2) == filters[..., 2]).all()
    np.testing.assert_allclose(gallery.planes(filters, None), filters.mean(axis=3))


@pytest.mark.parametrize("count", [1, 2, 5, 9, 10])
def test_a_mosaic_holds_every_kernel_at_its_place(count: int) -> None:
    kernels = np.random.default_rng(1).normal(size=(count, 2, 3)).astype(np.float32)
    made = gallery.mosaic(kernels, "layer", 1.0)
    for index, kernel in enumerate(kernels):
        row, column = made.place(index)
        assert (made.values[row : row + 2, column : column + 3] == kernel).all()


def test_each_kernel_is_scaled_by_its_own_limit_or_all_by_the_layers() -> None:
    kernels = np.array([[[1, -4]], [[0.5, 0.25]]], dtype=np.float32)
    own = gallery.mosaic(kernels, "kernel", 4.0)
    assert own.values.tolist() == [[0.25, -1, 1, 0.5]]
    assert own.limits.tolist() == [4, 0.5]
    assert gallery.mosaic(kernels, "layer", 4.0).values.tolist() == [[0.25, -1, 0.125, 0.0625]]


def test_dead_constant_and_broken_kernels_divide_by_nothing() -> None:
    kernels = np.array([[[0, 0]], [[2, 2]], [[np.nan, 1]], [[1e-40, 0]]], dtype=np.float32)
    with np.errstate(all="raise", under="ignore"):
        made = gallery.mosaic(kernels, "kernel", 2.0)
    assert made.values[0].tolist()[:2] == [0, 0]
    assert made.values[0].tolist()[2:] == [1, 1]
    assert np.isnan(made.values[1, 0])
    assert made.values[1, 1] == 1


def test_statistics_are_numpys_own_and_leave_out_what_is_not_finite() -> None:
    values = np.array([[0, 0, -1], [3, np.nan, np.inf]], dtype=np.float32)
    found = gallery.statistics(values)
    assert (found.lowest, found.highest, found.mean) == (-1, 3, 0.5)
    assert found.std == pytest.approx(np.std([0, 0, -1, 3]))
    assert (found.zero_share, found.not_finite, found.shape) == (0.5, 2, (2, 3))


@pytest.mark.parametrize("values", [np.zeros((0, 3)), np.full(2, np.nan)])
def test_an_array_without_numbers_has_statistics_too(values: np.ndarray) -> None:
    found = gallery.statistics(values)
    assert (found.lowest, found.highest, found.not_finite) == (0, 0, values.size)
    assert gallery.histogram(values).counts.sum() == 0


def test_the_histogram_counts_every_finite_weight() -> None:
    values = np.array([1.0, 1.0, 2.0, np.inf])
    found = gallery.histogram(values, bins=4)
    assert found.counts.tolist() == [2, 0, 0, 1]
    assert gallery.histogram(np.full(7, 0.3), bins=4).counts.sum() == 7


def test_remarks_name_dead_faint_and_constant_filters() -> None:
    filters = np.ones((4, 2, 2, 1)) * np.array([0, 0, 5, 1])[:, None, None, None]
    filters[3, 0, 0] = -1
    filters = np.concatenate([filters, filters[3:] * 1e-6])
    assert gallery.remarks(filters) == (
        "Filters 0 and 1 are dead: all weights are 0.",
        "Filter 4 is all but dead: below a thousandth of the largest weight.",
        "Filter 2 is constant: all weights are the same.",
    )


@pytest.mark.parametrize("size", [1e-34, 1e-45, 1e-13])
def test_a_kernel_that_decayed_to_nothing_is_dead_and_flat(size: float) -> None:
    """Beside a usual one, and in a layer where all are dead."""
    noise = np.random.default_rng(1).uniform(-1, 1, (2, 3, 3, 1)).astype(np.float32)
    beside, alone = noise * np.array([size, 1], np.float32)[:, None, None, None], noise * np.float32(size)

    assert gallery.remarks(beside) == ("Filter 0 is dead: all weights are practically 0, below 1e-12.",)
    assert gallery.remarks(alone)[0].startswith("Filters 0 and 1 are dead")
    made = gallery.mosaic(gallery.planes(beside, 0), "kernel", 1.0).values
    assert not made[:, :3].any()
    assert np.abs(made[:, 3:]).max() == 1
    for scale in ("kernel", "layer"):
        assert not gallery.mosaic(gallery.planes(alone, 0), scale, size).values.any()


def test_remarks_on_many_filters_stay_short() -> None:
    assert gallery.remarks(np.zeros((300, 1, 1, 1))) == (
        "300 filters are dead: all weights are 0 (0, 1, 2, 3, 4, 5 and more).",
    )


def test_a_large_matrix_keeps_the_weight_furthest_from_zero_of_each_block() -> None:
    values = np.zeros((5, 4), dtype=np.float32)
    values[1, 1], values[1, 0], values[4, 3] = -3, 2, 0.5
    made = gallery.shown_matrix(values, side=2)
    assert made.block == (3, 2)
    assert made.values.tolist() == [[-3, 0], [0, 0.5]]


def test_a_small_matrix_is_shown_as_it_is() -> None:
    values = np.eye(3, dtype=np.float32)
    made = gallery.shown_matrix(values)
    assert made.block == (1, 1)
    assert (made.values == values).all()


def test_the_kernels_of_real_files_become_filters() -> None:
    for path in sorted([*FIXTURES.glob("*.h5"), *FIXTURES.glob("*.hdf5")]):
        with open_weights(path) as weights:
            for entry in weights.kernels:
                array = weights.read(entry.layer, entry.weight)
                filters = gallery.filters_of(array, entry.kind)
                assert filters.size == array.size
                made = gallery.mosaic(gallery.planes(filters, 0), "kernel", 1.0)
                assert np.abs(made.values).max() <= 1
