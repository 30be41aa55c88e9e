"""Models read by their type against pydantic's own unions of all types."""

import json
import subprocess
import sys
from functools import reduce
from operator import or_
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from cnnstudio.core.layers import LAYER_TYPES, AnyLayer, Conv2D, Dense, Layer
from cnnstudio.core.layers.initializers import (
    VECTOR_INITIALIZERS,
    GlorotUniform,
    Orthogonal,
    VectorInitializer,
)
from cnnstudio.core.project import Project

OURS: TypeAdapter[Layer] = TypeAdapter(AnyLayer)
CONV = {"type": "Conv2D", "name": "conv", "filters": 8}
VALUES: list[Any] = [
    CONV,
    {**CONV, "kernel_size": [3, 5]},
    {**CONV, "kernel_size": [0, 5, 5]},
    {**CONV, "kernel_size": "three"},
    {**CONV, "filters": 0},
    {**CONV, "filters": 8.0},
    {**CONV, "filters": 10**30},
    {**CONV, "filters": None, "name": " "},
    {**CONV, "inputs": ["a", "b"]},
    {**CONV, "color": "red"},
    {**CONV, "type": "Conv9D"},
    {**CONV, "type": "conv2d"},
    {**CONV, "type": 7},
    {**CONV, "type": None},
    {**CONV, "type": ["Conv2D"]},
    {"name": "conv", "filters": 8},
    {"type": "Conv2D"},
    {"type": "Dropout", "name": "d", "rate": 1},
    {"type": "Dropout", "name": "d", "rate": 7.5},
    {"type": "Input", "name": "i", "shape": [28, None, 1]},
    {"type": "Input", "name": "i", "shape": []},
    {"type": "Dense", "name": "d", "units": 1, "kernel_initializer": {"type": "none"}},
    {},
    [],
    None,
    7,
    "Conv2D",
]


OPTIONS: list[Any] = [
    {"type": "HeUniform"},
    {"type": "HeUniform", "seed": 3},
    {"type": "HeUniform", "seed": "three"},
    {"type": "HeUniform", "seed": True},
    {"type": "RandomNormal", "stddev": -1.0},
    {"type": "RandomNormal", "stddev": 1, "mean": None, "color": "red"},
    {"type": "VarianceScaling", "mode": "fan"},
    {"type": "Orthogonal"},
    {"type": None},
    {"seed": 3},
    GlorotUniform(seed=1),
    Orthogonal(),
    None,
    "Zeros",
]


@pytest.fixture(scope="module")
def union() -> TypeAdapter[Layer]:
    return _union(LAYER_TYPES)


def _union(models: tuple[type[BaseModel], ...]) -> TypeAdapter[Any]:
    for model in models:
        model.model_rebuild()
    every: Any = Annotated[reduce(or_, models), Field(discriminator="type")]
    return TypeAdapter(every)


def _outcome(adapter: TypeAdapter[Any], value: Any, *, as_json: bool) -> Any:
    if as_json:
        return _outcome_of_text(adapter, json.dumps(value, default=BaseModel.model_dump))
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        return error.errors(include_url=False)


def _outcome_of_text(adapter: TypeAdapter[Any], text: str) -> Any:
    try:
        return adapter.validate_json(text)
    except ValidationError as error:
        return error.errors(include_url=False)


@pytest.mark.parametrize("as_json", [True, False])
@pytest.mark.parametrize("value", VALUES, ids=str)
def test_a_layer_is_read_and_refused_as_a_union_of_all_types_would(
    union: TypeAdapter[Layer], value: Any, as_json: bool
) -> None:
    assert _outcome(OURS, value, as_json=as_json) == _outcome(union, value, as_json=as_json)


@pytest.mark.parametrize("as_json", [True, False])
@pytest.mark.parametrize("value", OPTIONS, ids=str)
def test_an_option_is_read_and_refused_as_a_union_of_all_types_would(value: Any, as_json: bool) -> None:
    ours: TypeAdapter[Any] = TypeAdapter(VectorInitializer)
    theirs = _union(VECTOR_INITIALIZERS)
    assert _outcome(ours, value, as_json=as_json) == _outcome(theirs, value, as_json=as_json)


@pytest.mark.parametrize(
    "rate", ["1e999", "-1e999", "NaN", "Infinity", "1e-400", "12345678901234567890", "[[[[0]]]]", "true"]
)
def test_odd_numbers_of_a_file_are_refused_as_by_the_union(union: TypeAdapter[Layer], rate: str) -> None:
    text = f'{{"type": "Dropout", "name": "d\\u00e9", "rate": {rate}}}'
    ours, theirs = (_outcome_of_text(adapter, text) for adapter in (OURS, union))
    # As text: what is not a number does not equal itself.
    assert str(ours) == str(theirs)


def test_a_layer_that_is_one_already_is_taken_as_it_is() -> None:
    layer = Conv2D(name="conv", filters=8)
    assert OURS.validate_python(layer) is layer


@pytest.mark.parametrize("mode", ["json", "python"])
def test_a_layer_is_written_with_its_own_settings(union: TypeAdapter[Layer], mode: Any) -> None:
    layer = Dense(name="dense", units=3)
    assert OURS.dump_python(layer, mode=mode) == union.dump_python(layer, mode=mode)


def test_the_schema_names_every_type(union: TypeAdapter[Layer]) -> None:
    assert OURS.json_schema() == union.json_schema()
    mapping = Project.model_json_schema()["$defs"]["Network"]["properties"]["layers"]["items"][
        "discriminator"
    ]
    assert len(mapping["mapping"]) == len(LAYER_TYPES)


ONLY_WHAT_IS_USED = """
from cnnstudio.core.layers import LAYER_TYPES
from cnnstudio.core.layers.initializers import INITIALIZERS
from cnnstudio.core.layers.options import CONSTRAINTS, REGULARIZERS
from cnnstudio.engine.files.projects import sample_project
OPTIONS = (*INITIALIZERS, *REGULARIZERS, *CONSTRAINTS)
types = {layer.type for layer in sample_project().network.layers}
print(types == {kind.__name__ for kind in LAYER_TYPES if kind.__pydantic_complete__})
print(*(option.__name__ for option in OPTIONS if option.__pydantic_complete__))
"""
DEFAULTS = "Zeros Ones RandomUniform GlorotUniform Orthogonal"


def test_only_the_types_a_project_uses_are_worked_out() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", ONLY_WHAT_IS_USED], capture_output=True, text=True, timeout=60, check=True
    )
    assert ran.stdout.splitlines() == ["True", DEFAULTS]
