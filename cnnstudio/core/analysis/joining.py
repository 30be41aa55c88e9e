"""Fixes of a merge whose inputs have other sizes: settings of their makers, or layers between."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from msgspec import Struct

from cnnstudio.core.analysis.edits import put_below
from cnnstudio.core.analysis.findings import Fix, settings_fixes
from cnnstudio.core.analysis.origins import maker
from cnnstudio.core.analysis.rows import Row
from cnnstudio.core.layers import (
    Cropping1D,
    Cropping2D,
    Cropping3D,
    Layer,
    LayerError,
    Resizing,
    UpSampling1D,
    UpSampling2D,
    UpSampling3D,
    ZeroPadding1D,
    ZeroPadding2D,
    ZeroPadding3D,
)
from cnnstudio.core.values.shape import Shape, shown
from cnnstudio.core.values.words import counted, listed

_CROPPINGS: dict[int, type[Layer]] = {1: Cropping1D, 2: Cropping2D, 3: Cropping3D}
_PADDINGS: dict[int, type[Layer]] = {1: ZeroPadding1D, 2: ZeroPadding2D, 3: ZeroPadding3D}
_UPSAMPLINGS: dict[int, type[Layer]] = {1: UpSampling1D, 2: UpSampling2D, 3: UpSampling3D}
_SMALL_SHARE = 0.25
"""Up to this part of a map may be cut off or be zeros; beyond, the map is made larger."""

_Make: TypeAlias = Callable[[str, Shape, Shape], Layer | None]
"""Makes a layer below the one of that name, from one size to another."""


class _Merge(Struct, frozen=True):
    row: Row
    rows: Mapping[str, Row]

    def fits(self, shapes: Sequence[Shape]) -> bool:
        """Whether the merge would take these shapes."""
        try:
            self.row.layer.output_shape(shapes)
        except LayerError:
            return False
        return True


def joined_by(row: Row, rows: Mapping[str, Row]) -> Iterator[Fix]:
    """What would give the inputs of a merge one size, each tried on the shapes that arrive."""
    shapes = row.input_shapes
    if not row.layer.merges or len(shapes) < 2 or len({len(shape) for shape in shapes}) > 1:
        return
    merge = _Merge(row, rows)
    yield from _by_makers(merge)
    known = [shape[:-1] for shape in shapes if None not in shape]
    if len(known) == len(shapes) and len(known[0]) in _CROPPINGS:
        smallest = tuple(min(size or 0 for size in sizes) for sizes in zip(*known, strict=True))
        largest = tuple(max(size or 0 for size in sizes) for sizes in zip(*known, strict=True))
        if all(high - low <= _SMALL_SHARE * high for low, high in zip(smallest, largest, strict=True)):
            yield from _by_layers(merge, "Crop", smallest, _cropping)
            yield from _by_layers(merge, "Pad", largest, _padding)
        else:
            yield from _by_layers(merge, "Enlarge", largest, _enlarging)


def _by_makers(merge: _Merge) -> Iterator[Fix]:
    """Other settings of the layers that made the sizes: so that all inputs are as one of them is."""
    seen: list[dict[str, dict[str, Any]]] = []
    for target in merge.row.input_shapes:
        changes: dict[str, dict[str, Any]] = {}
        for name, shape in zip(merge.row.inputs, merge.row.input_shapes, strict=True):
            for axis in range(len(shape)):
                if shape[axis] != target[axis] and (found := _change(merge, name, axis, target[axis])):
                    changes[found[0]] = found[1]
        shapes = [_with_changes(merge, name, changes) for name in merge.row.inputs]
        if changes and changes not in seen and merge.fits(shapes):
            yield settings_fixes(_label(changes), changes)
        seen.append(changes)


def _change(merge: _Merge, name: str, axis: int, wanted: int | None) -> tuple[str, dict[str, Any]] | None:
    """The setting that would give an input that size along an axis, and whose it is."""
    row, at = maker(merge.rows, name, axis)
    for change in _changes(row.layer, at == len(row.output_shape or ()) - 1, wanted):
        try:
            if row.layer.updated(**change).output_shape(row.input_shapes)[at] == wanted:
                return row.name, change
        except LayerError:
            continue
    return None


def _changes(layer: Layer, is_last: bool, wanted: int | None) -> Iterator[dict[str, Any]]:
    settings = vars(layer)
    if is_last and wanted is not None:
        for setting in ("filters", "units"):
            if setting in settings:
                yield {setting: wanted}
    elif settings.get("padding") in ("valid", "same"):
        yield {"padding": "same" if settings["padding"] == "valid" else "valid"}


def _with_changes(merge: _Merge, name: str, changes: Mapping[str, Mapping[str, Any]]) -> Shape:
    """The shape of an input once the layers that made its sizes have other settings."""
    row = merge.rows[name]
    sizes = list(row.output_shape or ())
    for axis in range(len(sizes)):
        made, at = maker(merge.rows, name, axis)
        if made.name in changes:
            sizes[axis] = made.layer.updated(**changes[made.name]).output_shape(made.input_shapes)[at]
    return tuple(sizes)


def _label(changes: Mapping[str, Mapping[str, Any]]) -> str:
    """`Set 8 filters in b`, `Use padding 'same' in pool1 and pool2`."""
    groups: dict[str, list[str]] = {}
    for name, change in changes.items():
        setting, value = next(iter(change.items()))
        head = f"Use padding '{value}'" if setting == "padding" else f"Set {counted(value, setting[:-1])}"
        groups.setdefault(head, []).append(name)
    return "; ".join(f"{head} in {listed(names)}" for head, names in groups.items())


def _by_layers(merge: _Merge, verb: str, sizes: Shape, make: "_Make") -> Iterator[Fix]:
    """A layer between the merge and each input that is not of these sizes."""
    odd = {
        name: shape[:-1]
        for name, shape in zip(merge.row.inputs, merge.row.input_shapes, strict=True)
        if shape[:-1] != sizes
    }
    layers = [layer for name, shape in odd.items() if (layer := make(name, shape, sizes)) is not None]
    if len(layers) == len(odd) and merge.fits([(*sizes, shape[-1]) for shape in merge.row.input_shapes]):
        yield Fix(f"{verb} {listed(list(odd))} to {shown(sizes)}", put_below(merge.row.name, layers))


def _ends(shape: Shape, sizes: Shape) -> Any:
    """How much to put or take at both ends of each axis, the odd one at the far end."""
    steps = [abs((size or 0) - (wanted or 0)) for size, wanted in zip(shape, sizes, strict=True)]
    ends = tuple((step // 2, step - step // 2) for step in steps)
    return ends[0] if len(ends) == 1 else ends


def _cropping(name: str, shape: Shape, sizes: Shape) -> Layer:
    values = {"name": "crop", "inputs": (name,), "cropping": _ends(shape, sizes)}
    return _CROPPINGS[len(sizes)].model_validate(values)


def _padding(name: str, shape: Shape, sizes: Shape) -> Layer:
    values = {"name": "pad", "inputs": (name,), "padding": _ends(shape, sizes)}
    return _PADDINGS[len(sizes)].model_validate(values)


def _enlarging(name: str, shape: Shape, sizes: Shape) -> Layer | None:
    """Whole steps by repeating, as decoders have it; any others by interpolation, which only images have."""
    factors = tuple((wanted or 0) / (size or 1) for size, wanted in zip(shape, sizes, strict=True))
    if all(factor == int(factor) for factor in factors):
        whole = tuple(int(factor) for factor in factors)
        size = whole if len(whole) > 1 else whole[0]
        values = {"name": "up", "inputs": (name,), "size": size}
        return _UPSAMPLINGS[len(sizes)].model_validate(values)
    if len(sizes) != 2:
        return None
    return Resizing(name="resize", inputs=(name,), height=sizes[0] or 1, width=sizes[1] or 1)
