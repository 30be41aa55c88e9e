"""Every change goes through one door and can be taken back."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cnnstudio.core import checks
from cnnstudio.core.analysis.findings import Finding
from cnnstudio.core.checks import run_checks
from cnnstudio.core.checks.context import CheckContext
from cnnstudio.core.checks.offered import Judge, Told, with_offered_fixes
from cnnstudio.core.layers import Dropout
from cnnstudio.core.network import EditError
from cnnstudio.core.project import Project
from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.project.sources import Included
from cnnstudio.core.tasks import AnyTask, Classification, Segmentation
from cnnstudio.engine.data import facts_of
from cnnstudio.gui.document.document import Document
from tests.core.pictures import names, stack


def opened(picture: str) -> Document:
    return Document(Project(network=stack(picture)))


def set_filters(document: Document, filters: int, merge_key: str = "") -> None:
    layer = document.network.layer("a").updated(filters=filters)
    document.apply_network(f"Set filters to {filters}", document.network.replaced("a", layer), merge_key)


def test_an_edit_is_one_named_step_and_tells_the_views_once(qtbot: QtBot) -> None:
    document = opened("a=conv(8)")
    with qtbot.waitSignal(document.changed) as told:
        set_filters(document, 16)
    assert told.args == [document.project]
    assert (document.undo_stack.count(), document.undo_stack.undoText()) == (1, "Set filters to 16")


@pytest.mark.parametrize(
    ("data", "task", "units"),
    [
        (DataChoice(), Classification(), 10),
        (DataChoice(source=Included(set="shapes")), Classification(), 8),
        (DataChoice(source=Included(set="shapes")), Segmentation(), 9),
        # These have no masks, so nobody knows how many classes a pixel has.
        (DataChoice(source=Included()), Segmentation(), 10),
    ],
)
def test_a_new_last_layer_answers_as_the_task_and_the_data_ask(
    qapp: QApplication, data: DataChoice, task: AnyTask, units: int
) -> None:
    document = Document(Project(network=stack("a=conv(8) flatten"), data=data, task=task))
    document.add_layer("Dense")
    assert dict(document.network.layers[-1])["units"] == units


def test_typing_the_same_value_again_is_no_step(qtbot: QtBot) -> None:
    document = opened("a=conv(8)")
    with qtbot.assertNotEmitted(document.changed):
        set_filters(document, 8)
    assert document.undo_stack.count() == 0


def test_the_analysis_and_the_findings_follow_an_edit(qapp: QApplication) -> None:
    document = opened("a=conv(8,3) flatten dense(10,softmax)")
    set_filters(document, 16)
    assert document.analysis.row("a").output_shape == (28, 28, 16)
    document.apply_network("Remove", document.network.removed("flatten2"))
    assert "S02" in [finding.code for finding in document.findings]


def test_fixes_are_tried_only_once_they_are_asked_for(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[CheckContext] = []

    def counting(context: CheckContext, told: Sequence[Told], judge: Judge) -> Iterator[Finding]:
        tried.append(context)
        return with_offered_fixes(context, told, judge)

    monkeypatch.setattr(checks, "with_offered_fixes", counting)
    document = opened("a=conv(8,3) dense(10,softmax)")
    set_filters(document, 16)
    assert document.findings == tuple(replace(one, fixes=()) for one in document.findings_with_fixes)
    assert any(one.fixes for one in document.findings_with_fixes)
    assert [context.project for context in tried] == [document.project]
    facts = facts_of(document.project.data)
    assert document.findings_with_fixes == run_checks(document.project, document.analysis, facts)


def test_a_gesture_is_one_step_and_the_next_gesture_another(qapp: QApplication) -> None:
    document = opened("a=conv(8)")
    for filters in (9, 10, 11):
        set_filters(document, filters, merge_key="a.filters")
    document.end_gesture()
    set_filters(document, 12, merge_key="a.filters")
    assert document.undo_stack.count() == 2
    document.undo_stack.undo()
    assert document.network.layer("a").model_dump()["filters"] == 11


def test_a_gesture_that_ends_where_it_began_leaves_no_step(qapp: QApplication) -> None:
    document = opened("a=conv(8)")
    for filters in (9, 10, 8):
        set_filters(document, filters, merge_key="a.filters")
    assert document.undo_stack.count() == 0


def test_a_saved_project_is_not_modified_until_the_next_edit(qapp: QApplication) -> None:
    document = opened("a=conv(8)")
    states = [document.is_modified]
    set_filters(document, 16, merge_key="a.filters")
    states.append(document.is_modified)
    document.saved_as(Path("here.cnnstudio"))
    states.append(document.is_modified)
    set_filters(document, 32, merge_key="a.filters")
    states.append(document.is_modified)
    document.undo_stack.undo()
    assert [*states, document.is_modified] == [False, True, False, True, False]


def test_the_selection_knows_only_layers_that_are_there(qapp: QApplication) -> None:
    document = opened("a=conv b=flatten")
    document.select(("a", "nobody", "b"))
    assert (document.selection, document.current) == (("a", "b"), "b")
    document.apply_network("Remove", document.network.removed("b"))
    assert document.selection == ("a",)


def test_a_renamed_layer_stays_selected(qapp: QApplication) -> None:
    document = opened("a=conv b=flatten")
    document.select(("a",))
    document.apply_network("Rename", document.network.renamed("a", "stem"))
    assert document.selection == ("stem",)
    document.undo_stack.undo()
    assert document.selection == ("a",)


def test_who_hears_of_a_selection_has_heard_of_its_network(qapp: QApplication) -> None:
    document = opened("a=conv b=flatten")
    told = [document.project]
    document.changed.connect(told.append)
    known: list[bool] = []
    document.selection_changed.connect(
        lambda names: known.append(told[-1].network.positions.keys() >= set(names))
    )
    document.select(("b",))
    document.apply_network("Rename", document.network.renamed("b", "c"))
    document.apply_network("Remove", document.network.removed("c"))
    document.undo_stack.undo()
    assert (document.selection, known) == (("a",), [True, True, True])
    assert told[-1] == document.project


def test_who_hears_of_an_edit_finds_a_selection_of_its_network(qapp: QApplication) -> None:
    document = opened("a=conv b=flatten")
    document.select(("b",))
    found: list[tuple[str, ...]] = []
    document.changed.connect(lambda _: found.append(document.selection))
    document.apply_network("Rename", document.network.renamed("b", "c"))
    document.apply_network("Remove", document.network.removed("c"))
    assert found == [("c",), ("a",)]


def test_opening_another_project_forgets_the_undo_steps(qapp: QApplication) -> None:
    document = opened("a=conv(8)")
    set_filters(document, 16)
    document.open(Project(network=stack("b=flatten")), Path("b.cnnstudio"))
    assert (names(document.network), document.undo_stack.count(), document.is_modified) == ("b", 0, False)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_undoing_all_gives_the_first_project_and_redoing_all_the_last(
    qapp: QApplication, data: st.DataObject
) -> None:
    document = opened("a=conv b=relu s=add<-a,b f=flatten")
    first = document.project
    for _ in range(data.draw(st.integers(1, 10))):
        _edit(document, data)
    last = document.project
    while document.undo_stack.canUndo():
        document.undo_stack.undo()
    assert document.project == first
    while document.undo_stack.canRedo():
        document.undo_stack.redo()
    assert document.project == last


def _edit(document: Document, data: st.DataObject) -> None:
    network = document.network
    name = data.draw(st.sampled_from([layer.name for layer in network.layers]))
    kind = data.draw(st.sampled_from(["insert", "remove", "move", "rename"]))
    try:
        match kind:
            case "insert":
                layer = Dropout(name=network.free_name("dropout1"))
                edited = network.inserted(data.draw(st.integers(1, 9)), layer)
            case "remove":
                edited = network.removed(name)
            case "move":
                edited = network.moved(name, data.draw(st.integers(1, 9)))
            case _:
                edited = network.renamed(name, network.free_name("layer1"))
    except EditError:
        return
    document.apply_network(kind, edited)
