"""Each rule speaks when it should, keeps quiet when it should, and its fixes mend what it found."""

import pytest

from cnnstudio.core.analysis import analyze
from cnnstudio.core.analysis.findings import Finding
from cnnstudio.core.checks import run_checks
from cnnstudio.core.network import Network
from cnnstudio.core.project import Project
from cnnstudio.core.project.training import TrainingSettings
from cnnstudio.core.tasks import Classification
from cnnstudio.core.values.facts import DataFacts
from tests.core.pictures import names, stack

DIGITS = DataFacts("MNIST", (28, 28, 1), tuple("0123456789"), 10_000, 2_000, (0.0, 255.0))


def findings(project: Project | Network) -> tuple[Finding, ...]:
    if isinstance(project, Network):
        project = Project(network=project)
    return run_checks(project, analyze(project.network), DIGITS)


def codes(project: Project | Network) -> list[str]:
    return [finding.code for finding in findings(project)]


GOOD = "rescale conv(8,3) maxpool flatten dense(10,softmax)"
FAULTY = [
    ("S01", Project(network=stack("rescale conv(8,3) conv(8,40,valid) flatten dense(10,softmax)"))),
    ("S02", Project(network=stack("conv(8,3) dense(32) flatten dense(10,softmax)"))),
    ("C01", Project(network=stack("flatten dense(7,softmax)"))),
    ("C01", Project(network=stack("flatten dense(10,softmax)", (32, 32, 1)))),
    ("C02", Project(network=stack("flatten dense(10,relu)"))),
    ("C02", Project(network=stack(GOOD), task=Classification(labels="integer"))),
    ("C02", Project(network=stack(GOOD), training=TrainingSettings(from_logits=True))),
    ("C07", Project(network=stack("conv dropout conv bn relu flatten dense(10,softmax)"))),
    ("C07", Project(network=stack("flatten dropout dense(10,softmax) bn"))),
]


def test_a_sound_network_has_no_findings() -> None:
    assert codes(stack(GOOD)) == []


@pytest.mark.parametrize(("code", "project"), FAULTY, ids=[f"{c}-{i}" for i, (c, _) in enumerate(FAULTY)])
def test_every_fix_makes_its_finding_go_away(code: str, project: Project) -> None:
    found = [finding for finding in findings(project) if finding.code == code]
    assert found
    for finding in found:
        assert finding.fixes
        for fix in finding.fixes:
            assert finding not in findings(fix.apply(project)), fix.label


def test_a_fix_leaves_the_rest_of_the_network_alone() -> None:
    project = Project(network=stack("r=rescale a=conv d=dense(32) f=flatten o=dense(10,softmax)"))
    (finding,) = findings(project)
    assert names(finding.fixes[0].apply(project).network) == "r a flatten d f o"


def test_dropout_after_the_last_batch_normalization_is_fine() -> None:
    assert "C07" not in codes(stack("conv bn relu dropout flatten dense(10,softmax)"))


def test_dropout_in_another_branch_is_no_disharmony() -> None:
    picture = "a=conv d=dropout b=conv<-a n=bn s=add<-n,d f=flatten dense(10,softmax)"
    assert "C07" not in codes(stack(picture))


def test_dropout_that_drops_nothing_is_no_disharmony() -> None:
    assert "C07" not in codes(stack("conv dropout(0.0) conv bn flatten dense(10,softmax)"))


def test_a_network_that_ends_in_a_map_is_no_classifier() -> None:
    assert codes(stack("rescale conv(10,3)")) == ["C01"]


def test_without_data_nothing_is_said_about_classes() -> None:
    project = Project(network=stack("flatten dense(7,softmax)"))
    assert run_checks(project, analyze(project.network)) == ()
