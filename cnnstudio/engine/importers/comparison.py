"""The weights of an imported network against those that its file holds."""

from collections import Counter
from collections.abc import Collection, Mapping
from math import prod
from pathlib import Path

from msgspec.structs import replace

from cnnstudio.core.analysis import analyze
from cnnstudio.core.keras_format.importing import ImportResult
from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.words import counted, listed
from cnnstudio.engine.weights import open_weights

_MOST_NAMES = 3


def compared(result: ImportResult, path: Path) -> ImportResult:
    """The same, with a note where the file holds more or fewer weights; notes on what was assumed of it too.

    A file without weights, such as JSON, is not compared.
    """
    rows = {row.name: row.trainable + row.non_trainable for row in analyze(result.network).active.rows}
    try:
        with open_weights(path) as file:
            stored: Counter[str] = Counter()
            for layer in file.layers:
                numbers = sum(prod(entry.shape) for entry in layer.weights)
                stored[_row_of(layer.path, rows)] += numbers
            notes = file.notes
    except StudioError:
        return result
    if stored.total() != sum(rows.values()):
        notes = (*notes, _difference(path.name, stored, rows))
    return replace(result, notes=(*result.notes, *notes))


def _row_of(path: tuple[str, ...], rows: Collection[str]) -> str:
    """The layer that an array belongs to: a cell's to the recurrent layer it lies in."""
    inner_first = ["/".join(path[:length]) for length in range(len(path), 0, -1)]
    return next((name for name in (*inner_first, path[-1]) if name in rows), inner_first[0])


def _difference(file: str, stored: Mapping[str, int], rows: Mapping[str, int]) -> str:
    names = [*rows, *(name for name in stored if name not in rows)]
    differing = [name for name in names if stored.get(name, 0) != rows.get(name, 0)]
    told = [
        f"{name} ({stored.get(name, 0):,} in the file, {rows.get(name, 0):,} here)"
        for name in differing[:_MOST_NAMES]
    ]
    more = [f"{len(differing) - _MOST_NAMES} more layers"] if len(differing) > _MOST_NAMES else []
    return (
        f"{file} holds {counted(sum(stored.values()), 'weight')} and the network as imported "
        f"{sum(rows.values()):,}. They differ in {listed([*told, *more])}."
    )
