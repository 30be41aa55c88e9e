"""Fixes of a layer that cannot take its inputs: with each the layer itself would have a shape."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import gcd
from typing import Any

from pydantic import ValidationError

from cnnstudio.core.analysis.edits import connect, move_above, put_below, replace
from cnnstudio.core.analysis.findings import Fix, removal_fix, settings_fix
from cnnstudio.core.analysis.joining import joined_by
from cnnstudio.core.analysis.rows import Row
from cnnstudio.core.layers import (
    LAYER_BY_TYPE,
    Conv2D,
    Flatten,
    Layer,
    LayerError,
)
from cnnstudio.core.layers.pooling import GLOBAL_AVERAGE
from cnnstudio.core.values.shape import Shape
from cnnstudio.core.values.words import counted, listed

_FAR = 32
"""How many layers up the cause of a problem is looked for."""


def mends(row: Row, error: LayerError, rows: Mapping[str, Row]) -> tuple[Fix, ...]:
    """What would give the broken layer of `row` a shape; empty when nothing simple would."""
    found = (
        *_by_settings(row, error),
        *_by_twin(row),
        *_by_fewer_inputs(row, rows),
        *joined_by(row, rows),
        *_by_projection(row, rows),
        *(_by_layer_above(row, rows) or _by_moving_up(row, rows)),
    )
    return found or _by_removal(row, error, rows)


def cautious(row: Row) -> tuple[Fix, ...]:
    """What would let TensorFlow compute a layer that stands and has a `caution`."""
    return tuple(
        settings_fix(label, row.name, **changes)
        for label, changes in _candidates(row)
        if _would_stand(row, changes) and row.layer.updated(**changes).caution(row.input_shapes) is None
    )


def _stands(layer: Layer, shapes: Sequence[Shape]) -> bool:
    try:
        layer.output_shape(shapes)
    except LayerError:
        return False
    return True


def _by_settings(row: Row, error: LayerError) -> Iterator[Fix]:
    candidates = dict(_candidates(row))
    if error.remedy is not None and error.remedy.changes:
        candidates = {error.remedy.label: dict(error.remedy.changes), **candidates}
    tried: list[dict[str, Any]] = []
    for label, changes in candidates.items():
        if changes not in tried and _would_stand(row, changes):
            yield settings_fix(label, row.name, **changes)
        tried.append(changes)


def _would_stand(row: Row, changes: Mapping[str, Any]) -> bool:
    try:
        return _stands(row.layer.updated(**changes), row.input_shapes)
    except ValidationError:
        return False


def _candidates(row: Row) -> Iterator[tuple[str, dict[str, Any]]]:
    """Changes that often help, for the settings the layer has."""
    settings = dict(row.layer)
    for setting, title in (("dilation_rate", "dilation"), ("strides", "stride")):
        value = settings.get(setting)
        if isinstance(value, tuple) and max(value) > 1:
            yield f"Set the {title} to 1", {setting: (1,) * len(value)}
    if settings.get("groups", 1) > 1 and row.input_shapes and row.input_shapes[0]:
        sizes = [settings["groups"], row.input_shapes[0][-1] or 0, settings.get("filters", 0)]
        yield f"Use {counted(gcd(*sizes), 'group')}", {"groups": gcd(*sizes)}
    if settings.get("output_padding") is not None:
        yield "Leave the output padding empty", {"output_padding": None}


def _by_twin(row: Row) -> Iterator[Fix]:
    """A 1-D layer where a map arrives, or the other way round: its twin for the number of axes there."""
    axes = len(row.input_shapes[0]) - 1 if row.input_shapes else 0
    twin = LAYER_BY_TYPE.get(re.sub(r"[123](?=D($|Transpose$))", str(axes), row.layer.type))
    if twin is None or twin is type(row.layer):
        return
    try:
        other = twin.model_validate(_twin_settings(row.layer, twin))
    except ValidationError:
        return
    if _stands(other, row.input_shapes):
        yield Fix(f"Use {other.type}", replace(row.name, other))


def _twin_settings(layer: Layer, twin: type[Layer]) -> dict[str, Any]:
    """The settings both have; one number per axis becomes one number for all axes."""
    shared = {name: value for name, value in layer if name in twin.model_fields and name != "type"}
    sized = ("kernel_size", "strides", "dilation_rate", "pool_size", "output_padding", "size")
    single = {name: value[0] for name, value in shared.items() if name in sized and isinstance(value, tuple)}
    return {**shared, **single}


def _by_fewer_inputs(row: Row, rows: Mapping[str, Row]) -> Iterator[Fix]:
    if len(row.inputs) < 2 or row.layer.takes_several:
        return
    for name, shape in zip(row.inputs, row.input_shapes, strict=True):
        if _stands(row.layer, (shape,)) and _are_taken({*row.inputs} - {name}, rows):
            yield Fix(f"Keep {name} only", connect(row.name, (name,)))


def _are_taken(names: Iterable[str], rows: Mapping[str, Row]) -> bool:
    """Whether layers further up take all of these, so that none would lead nowhere without this one."""
    return {source for row in rows.values() for source in row.inputs}.issuperset(names)


def _by_projection(row: Row, rows: Mapping[str, Row]) -> Iterator[Fix]:
    """1 x 1 convolutions that give each branch the size of the smallest, as residual networks have them."""
    if not row.layer.merges or len(row.inputs) < 2 or any(not _is_map(shape) for shape in row.input_shapes):
        return
    target = min(row.input_shapes, key=lambda shape: shape[:2])
    layers = [_projection(name, rows[name].output_shape or (), target) for name in row.inputs]
    shapes = [
        shape if layer is None else layer.output_shape((shape,))
        for layer, shape in zip(layers, row.input_shapes, strict=True)
    ]
    if _stands(row.layer, shapes):
        edits = [layer for layer in layers if layer is not None]
        names = listed([layer.inputs[0] for layer in edits])
        yield Fix(f"Insert a 1 x 1 convolution after {names}", put_below(row.name, edits))


def _is_map(shape: Shape) -> bool:
    return len(shape) == 3 and None not in shape


def _projection(name: str, shape: Shape, target: Shape) -> Conv2D | None:
    if shape == target:
        return None
    steps = [-(-(size or 1) // (wanted or 1)) for size, wanted in zip(shape[:2], target[:2], strict=True)]
    return Conv2D(
        name="project",
        inputs=(name,),
        filters=target[-1] or 1,
        kernel_size=(1, 1),
        strides=(min(steps[0], 1024), min(steps[1], 1024)),
        activation="linear",
    )


def _by_layer_above(row: Row, rows: Mapping[str, Row]) -> tuple[Fix, ...]:
    """The Flatten above taken out, or turned into global pooling, where that lets the layer stand."""
    flatten = _flatten_above(row, rows)
    return () if flatten is None or len(row.inputs) != 1 else tuple(_without_flatten(row, flatten))


def _without_flatten(row: Row, flatten: Row) -> Iterator[Fix]:
    arriving = flatten.input_shapes[0]
    if _stands(row.layer, (arriving,)) and row.layer.family != "dense":
        yield removal_fix(f"Remove {flatten.name}", flatten.name)
    if len(arriving) in GLOBAL_AVERAGE and _stands(row.layer, ((arriving[-1],),)):
        kind = GLOBAL_AVERAGE[len(arriving)]
        pooling = kind.model_validate({"name": flatten.name, "inputs": flatten.layer.inputs})
        yield Fix("Use global average pooling in place of Flatten", replace(flatten.name, pooling))


def _by_moving_up(row: Row, rows: Mapping[str, Row]) -> tuple[Fix, ...]:
    """A layer for maps that stands where there is none any more, moved above the layer that ended the map."""
    above = row
    if not row.input_shapes or len(row.input_shapes[0]) != 1:
        return ()
    for _ in range(_FAR):
        if len(above.inputs) != 1:
            return ()
        above = rows[above.inputs[0]]
        if len(above.input_shapes) == 1 and _stands(row.layer, above.input_shapes):
            return (Fix(f"Move {row.name} above {above.name}", move_above(row.name, above.name)),)
    return ()


def _flatten_above(row: Row, rows: Mapping[str, Row]) -> Row | None:
    """The Flatten whose result arrives here unchanged, if one does."""
    for _ in range(_FAR):
        if len(row.inputs) != 1:
            return None
        row = rows[row.inputs[0]]
        if isinstance(row.layer, Flatten) and row.layer.enabled:
            return row
        if not row.input_shapes or row.output_shape != row.input_shapes[0]:
            return None
    return None


def _by_removal(row: Row, error: LayerError, rows: Mapping[str, Row]) -> tuple[Fix, ...]:
    """The layer taken out, where that is no worse: nobody wants to lose a convolution that stands too low."""
    is_misplaced = error.code == "S07" and row.layer.family == "convolution"
    if error.severity != "error" or is_misplaced or not _are_taken(row.inputs[1:], rows):
        return ()
    return (removal_fix(f"Remove {row.name}", row.name),)
