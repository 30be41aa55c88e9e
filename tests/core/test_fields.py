"""What a form is told of the fields of a value."""

from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field

from cnnstudio.core.forms.field_values import read, start_of, written
from cnnstudio.core.forms.fields import (
    Anything,
    Choice,
    FileName,
    Integer,
    Listing,
    Maybe,
    Number,
    Parts,
    Sizes,
    Sources,
    Switch,
    Text,
    Variants,
    title_of,
)
from cnnstudio.core.forms.layer_settings import layer_settings
from cnnstudio.core.forms.model_settings import settings_of
from cnnstudio.core.layers import LAYER_TYPES, Add, Conv2D, CustomLayer, Input, MaxPooling2D
from cnnstudio.core.layers.settings import Axes, Numbers
from cnnstudio.core.values.errors import StudioError


class Warm(BaseModel):
    """Warm."""

    type: Literal["Warm"] = "Warm"
    degrees: float = 20.0


class Cold(BaseModel):
    """Cold."""

    type: Literal["Cold"] = "Cold"


class Sample(BaseModel):
    whole: Annotated[int, Field(ge=1, le=9, title="Whole", description="A number.")] = 1
    power: Annotated[int, Field(gt=0, json_schema_extra={"step": "powers of two"})] = 1
    lot: Annotated[int, Field(ge=0, json_schema_extra={"by_chance": True})] = 0
    rest_days: Annotated[int, Field(ge=1, json_schema_extra={"unit": "days"})] | None = None
    share: Annotated[float, Field(ge=0, lt=1)] = 0.5
    on: bool = True
    word: Literal["a", "b"] = "a"
    maybe_word: Literal["a"] | None = None
    text: str = ""
    pair: tuple[int, Annotated[int, Field(ge=2)]] = (1, 2)
    maybe_pair: tuple[float, float] | None = None
    sizes: Annotated[tuple[Annotated[int, Field(ge=1)] | None, ...], Field(min_length=1, max_length=3)] = (1,)
    numbers: tuple[int, ...] = ()
    axes: Axes = 0
    factors: Numbers = 0.5
    weather: Annotated[Warm | Cold, Field(discriminator="type")] = Warm()
    maybe_weather: Annotated[Warm | Cold, Field(discriminator="type")] | None = None
    rest: dict[str, int] = {}
    rare: Annotated[int, Field(json_schema_extra={"advanced": True})] = 0


KINDS = {setting.name: setting.kind for setting in settings_of(Sample)}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("whole", Integer(1, 9)),
        ("power", Integer(1, None, powers_of_two=True)),
        ("lot", Integer(0, None, by_chance=True)),
        ("rest_days", Maybe(Integer(1, None, unit="days"))),
        ("share", Number(0, 1, open_highest=True)),
        ("on", Switch()),
        ("word", Choice(("a", "b"))),
        ("maybe_word", Choice((None, "a"))),
        ("text", Text()),
        ("pair", Parts((Integer(), Integer(2)))),
        ("maybe_pair", Maybe(Parts((Number(), Number())))),
        ("sizes", Sizes(Integer(1), 1, 3)),
        ("numbers", Listing(Integer())),
        ("axes", Listing(Integer(-8, 8), 1, single=True)),
        ("factors", Listing(Number(), 1, single=True)),
        ("weather", Variants((Warm, Cold))),
        ("maybe_weather", Variants((Warm, Cold), optional=True)),
        ("rest", Anything(dict[str, int])),
    ],
)
def test_each_type_of_field_has_its_kind(name: str, kind: object) -> None:
    assert KINDS[name] == kind


def test_title_help_default_and_rank_come_from_the_field() -> None:
    settings = {setting.name: setting for setting in settings_of(Sample)}
    whole = settings["whole"]
    assert (whole.title, whole.help, whole.default, whole.advanced) == ("Whole", "A number.", 1, False)
    assert settings["rare"].advanced
    assert settings["weather"].advanced
    assert settings["maybe_pair"].title == "Maybe pair"


def test_a_layer_shows_its_own_settings_before_freeze_and_inputs() -> None:
    names = [setting.name for setting in layer_settings(Conv2D)]
    assert names[:2] == ["filters", "kernel_size"]
    assert names[-3:] == ["trainable", "enabled", "inputs"]
    assert not {"name", "type"} & set(names)


def test_a_merging_layer_begins_with_its_inputs_and_the_input_has_none() -> None:
    first = layer_settings(Add)[0]
    assert (first.name, first.kind, first.advanced) == ("inputs", Sources(several=True), False)
    assert [setting.name for setting in layer_settings(Input)] == ["shape"]


def test_freeze_is_shown_as_the_opposite_of_trainable_and_only_where_something_is_learned() -> None:
    freeze = next(one for one in layer_settings(Conv2D) if one.name == "trainable")
    assert (freeze.title, freeze.kind, freeze.advanced) == ("Freeze", Switch(inverted=True), False)
    assert "trainable" not in [one.name for one in layer_settings(MaxPooling2D)]


@pytest.mark.parametrize("model", LAYER_TYPES, ids=lambda model: model.__name__)
def test_no_two_settings_of_a_layer_have_the_same_title(model: Any) -> None:
    titles = [setting.title for setting in layer_settings(model)]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("model", LAYER_TYPES, ids=lambda model: model.__name__)
def test_every_setting_of_a_layer_explains_itself(model: Any) -> None:
    assert [setting.name for setting in layer_settings(model) if not setting.help] == []


@pytest.mark.parametrize(
    "model", [model for model in LAYER_TYPES if model is not CustomLayer], ids=lambda model: model.__name__
)
def test_a_setting_that_may_be_left_empty_says_what_happens_then(model: Any) -> None:
    kinds = {setting.name: setting.kind for setting in layer_settings(model)}
    assert [name for name, kind in kinds.items() if isinstance(kind, Maybe) and not kind.without] == []


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("axes", "2", 2),
        ("axes", "1, -1", (1, -1)),
        ("numbers", "", ()),
        ("numbers", "3 4,5", (3, 4, 5)),
        ("factors", "0.5", 0.5),
        ("factors", "0.1, 1e-3", (0.1, 0.001)),
        ("factors", "1/255", 1 / 255),
        ("factors", "1e-320", 1e-320),
        ("factors", "0, 0.5", (0.0, 0.5)),
        ("rest", '{"a": 1}', {"a": 1}),
    ],
)
def test_what_is_written_as_text_is_read_back(name: str, text: str, value: object) -> None:
    kind = KINDS[name]
    assert isinstance(kind, Listing | Anything)
    assert read(kind, text) == value
    assert read(kind, written(kind, value)) == value


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("axes", "", "Write one or more numbers"),
        ("axes", "9", "9 is too large: at most 8"),
        ("axes", "x", "“x” is no whole number"),
        ("numbers", "1.5", "“1.5” is no whole number"),
        ("factors", "nan", "finite"),
        ("factors", "1/0", "is no number"),
        ("rest", "{", "JSON"),
        ("rest", '{"a": "b"}', "^'b' was given"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(name: str, text: str, reason: str) -> None:
    kind = KINDS[name]
    assert isinstance(kind, Listing | Anything)
    with pytest.raises(StudioError, match=reason):
        read(kind, text)


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12), (" 7 ", 7), ("+5", 5), ("-1,500", -1500), ("1,500", 1500), ("12,345,678", 12_345_678)],
)
def test_a_comma_in_a_whole_number_groups_thousands(text: str, number: int) -> None:
    assert read(Integer(), text) == number


@pytest.mark.parametrize(
    "text", ["1,5", "1,50", "1,5000", "1500,000", "0,500", ",5", "5,", "1,,500", "1,500.5"]
)
def test_any_other_comma_in_a_whole_number_is_refused(text: str) -> None:
    with pytest.raises(StudioError, match=f"“{text}” is no whole number. Commas only group thousands"):
        read(Integer(), text)


def test_a_decimal_comma_is_refused_with_what_to_write() -> None:
    with pytest.raises(StudioError, match="Use a point, not a comma"):
        read(Number(), "1,5")


def test_only_an_optional_whole_number_may_be_left_empty() -> None:
    assert read(Integer(optional=True), " ") is None
    assert written(Integer(optional=True), None) == ""
    with pytest.raises(StudioError, match="Write a whole number"):
        read(Integer(), " ")


def test_a_file_is_kept_by_its_whole_path_or_as_none() -> None:
    kind = FileName("weights")
    assert read(kind, "  ") is None
    assert read(kind, "~/a.h5") == str(Path.home() / "a.h5")
    assert read(kind, written(kind, "included:lines")) == "included:lines"


@pytest.mark.parametrize("name", [name for name in KINDS if name not in ("text", "rest", "sizes")])
def test_a_start_value_is_one_the_field_takes(name: str) -> None:
    kind = KINDS[name]
    value = start_of(kind.inner if isinstance(kind, Maybe) else kind)
    assert getattr(Sample.model_validate({name: value}), name) == value


def test_choices_and_options_are_named() -> None:
    assert [title_of(value) for value in (None, "relu", Warm)] == ["none", "relu", "Warm"]
