"""Rows made from the fields of a model that no page of the studio knows."""

import weakref
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, model_validator
from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cnnstudio.core.forms.fields import Setting
from cnnstudio.gui.fields.described_row import DescribedRow
from cnnstudio.gui.fields.editor import Editor, EditorContext
from cnnstudio.gui.fields.factory import make_editor
from cnnstudio.gui.fields.model_rows import ModelRows
from cnnstudio.gui.fields.row import FieldRow
from cnnstudio.gui.fields.simple import ByChanceEditor, IntegerEditor, NumberEditor
from cnnstudio.gui.fields.variants import VariantsEditor
from cnnstudio.gui.theme.theme import Theme
from tests.gui.drive import change, write, write_number


class Warm(BaseModel):
    """Warm."""

    model_config = ConfigDict(frozen=True)
    type: Literal["Warm"] = "Warm"
    degrees: Annotated[float, Field(gt=0, description="How warm.")] = 20.0


class Cold(BaseModel):
    """Cold."""

    model_config = ConfigDict(frozen=True)
    type: Literal["Cold"] = "Cold"


class Trip(BaseModel):
    model_config = ConfigDict(frozen=True)

    days: Annotated[int, Field(ge=1, le=30, description="How long.")] = 7
    nights: Annotated[int, Field(ge=1, description="How many nights.")] = 6
    rest_days: Annotated[
        Annotated[int, Field(ge=1, json_schema_extra={"unit": "days"})] | None, Field(description="Rest.")
    ] = 3
    by_train: Annotated[bool, Field(description="Or else by car.")] = True
    lot: Annotated[int, Field(ge=5, le=9, description="A lot.", json_schema_extra={"by_chance": True})] = 5
    weather: Annotated[Warm | Cold, Field(discriminator="type", description="Outside.")] = Warm()

    @model_validator(mode="after")
    def _nights_lie_between_days(self) -> "Trip":
        if self.nights > self.days:
            raise ValueError("there are more nights than days")
        return self


class Owner(QObject):
    """Holds the value, as a document would."""

    def __init__(self) -> None:
        super().__init__()
        self.trip = Trip()
        self.names: list[str] = []

    def weather(self) -> object:
        return self.trip.weather

    @Slot(str, object)
    def apply(self, name: str, trip: Any) -> None:
        self.names.append(name)
        self.trip = trip


@pytest.fixture
def owner() -> Owner:
    return Owner()


@pytest.fixture(params=[FieldRow, DescribedRow])
def rows(request: pytest.FixtureRequest, owner: Owner, theme: Theme, qtbot: QtBot) -> ModelRows:
    context = EditorContext(theme, False, make_editor)

    def make_row(setting: Setting) -> FieldRow:
        row: FieldRow = request.param(setting, context)
        return row

    made = ModelRows(Trip, make_row, owner.apply)
    qtbot.addWidget(made)
    made.show_model(owner.trip)
    made.resize(320, 700)
    made.show()
    qtbot.waitExposed(made)
    return made


def editor(rows: ModelRows, name: str) -> Editor:
    return rows.rows[name].editor


def integer(rows: ModelRows, name: str) -> IntegerEditor:
    found = editor(rows, name)
    assert isinstance(found, IntegerEditor)
    return found


@pytest.mark.parametrize("name", Trip.model_fields)
def test_each_field_gets_an_editor_whose_change_is_applied(name: str, rows: ModelRows, owner: Owner) -> None:
    before = owner.trip
    if name == "nights":
        write_number(integer(rows, name).spin, "4")
    else:
        change(editor(rows, name))
    assert set(owner.names) == {name}
    assert getattr(owner.trip, name) != getattr(before, name)
    assert {**dict(owner.trip), name: None} == {**dict(before), name: None}


def test_showing_a_model_applies_nothing(rows: ModelRows, owner: Owner) -> None:
    rows.show_model(Trip(days=30, rest_days=None, by_train=False, weather=Cold()))
    assert owner.names == []
    assert integer(rows, "days").spin.value() == 30


def test_what_the_model_refuses_is_said_below_the_field_and_not_applied(
    rows: ModelRows, owner: Owner
) -> None:
    write_number(integer(rows, "nights").spin, "9")
    row = rows.rows["nights"]
    assert row.reason.isVisible()
    assert "more nights than days" in row.reason.text()
    assert owner.trip.nights == 6
    write_number(integer(rows, "nights").spin, "2")
    assert not row.reason.isVisible()
    assert owner.trip.nights == 2


def test_a_whole_number_out_of_range_stays_as_written_with_the_reason(rows: ModelRows, owner: Owner) -> None:
    spin = integer(rows, "days").spin
    write_number(spin, "99")
    QTest.keyClick(spin, Qt.Key.Key_Tab)
    assert spin.text() == "99"
    assert rows.rows["days"].reason.text() == "99 is too large: at most 30."
    assert owner.trip == Trip(), "not 9, as it was on the way"


def test_what_was_taken_on_the_way_to_what_the_model_refuses_is_given_back(
    rows: ModelRows, owner: Owner
) -> None:
    spin = integer(rows, "nights").spin
    write_number(spin, "55")
    assert owner.names == ["nights", "nights"]
    assert owner.trip == Trip()
    assert spin.text() == "55"
    assert "more nights than days" in rows.rows["nights"].reason.text()


def test_a_model_that_comes_back_as_it_was_applied_does_not_end_the_gesture(
    rows: ModelRows, owner: Owner
) -> None:
    rows.edited.connect(lambda _name, trip: rows.show_model(trip))
    write_number(integer(rows, "nights").spin, "55")
    assert owner.trip.nights == 6
    assert integer(rows, "nights").spin.text() == "55"


def test_undo_takes_a_refused_text_back(rows: ModelRows, owner: Owner) -> None:
    for text in ("55", "5x"):
        spin = integer(rows, "nights").spin
        write_number(spin, text)
        QTest.keyClick(spin, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert spin.text() == "6"
        assert not rows.rows["nights"].reason.isVisible()
    assert owner.trip == Trip()


def test_a_refused_text_stays_when_another_field_changes(rows: ModelRows, owner: Owner) -> None:
    write_number(integer(rows, "days").spin, "")
    change(editor(rows, "by_train"))
    rows.show_model(owner.trip)
    assert integer(rows, "days").spin.text() == ""
    assert rows.rows["days"].reason.isVisible()
    rows.show_model(owner.trip, afresh=True)
    assert integer(rows, "days").spin.text() == "7"
    assert not rows.rows["days"].reason.isVisible()


def test_a_die_throws_within_the_range_and_each_throw_is_a_gesture(
    rows: ModelRows, owner: Owner, qtbot: QtBot
) -> None:
    found = editor(rows, "lot")
    assert isinstance(found, ByChanceEditor)
    seen: set[int] = set()
    while len(seen) < 5:
        with qtbot.waitSignal(rows.finished):
            QTest.mouseClick(found.dice, Qt.MouseButton.LeftButton)
        assert found.spin.value() == owner.trip.lot
        seen.add(owner.trip.lot)
    assert seen == {5, 6, 7, 8, 9}


def test_a_variant_has_fields_of_its_own(rows: ModelRows, owner: Owner) -> None:
    found = editor(rows, "weather")
    assert isinstance(found, VariantsEditor)
    degrees = found.rows[0].editor
    assert isinstance(degrees, NumberEditor)
    write(degrees.field.edit, "25")
    assert owner.weather() == Warm(degrees=25)
    write(degrees.field.edit, "0")
    assert degrees.field.reason.text() == "Must be above 0."
    found.choice.combo.setCurrentText("Cold")
    assert owner.weather() == Cold()
    assert found.rows == []


def test_the_rows_do_not_keep_their_owner_alive(theme: Theme, qtbot: QtBot) -> None:
    owner = Owner()
    context = EditorContext(theme, False, make_editor)
    made = ModelRows(Trip, lambda setting: FieldRow(setting, context), owner.apply)
    qtbot.addWidget(made)
    told = weakref.ref(owner)
    del owner
    assert told() is None
