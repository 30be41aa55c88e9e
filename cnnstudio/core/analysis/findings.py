"""What is wrong or unwise in a project, why, and what would mend it."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct

if TYPE_CHECKING:
    from cnnstudio.core.layers import Layer
    from cnnstudio.core.project import Project

Severity = Literal["error", "warning", "advice"]
"""error: cannot be built or trained; warning: most likely a mistake; advice: worth knowing."""
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "advice")
"""The worst first."""
_COUNTED: dict[Severity, tuple[str, str]] = {
    "error": ("error", "errors"),
    "warning": ("warning", "warnings"),
    "advice": ("piece of advice", "pieces of advice"),
}


class Fix(Struct, frozen=True):
    """A labelled pure function from a project to the mended one.

    Two with the same label are equal, for each analysis makes the functions anew.
    """

    label: str
    apply: "Callable[[Project], Project]"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Fix) and self.label == other.label

    def __hash__(self) -> int:
        return hash(self.label)


class Finding(Struct, frozen=True):
    """One remark: `message` says what and what to do, `why` gives the reason."""

    code: str
    severity: Severity
    layer: str | None
    message: str
    why: str = ""
    fixes: tuple[Fix, ...] = ()


def worst(findings: Iterable[Finding]) -> Severity | None:
    """The worst severity there is; `None` when nothing was found."""
    return min((finding.severity for finding in findings), key=SEVERITIES.index, default=None)


def worst_by_layer(findings: Iterable[Finding]) -> dict[str, Severity]:
    """The worst severity of each layer that has a finding."""
    found: dict[str, Severity] = {}
    for finding in findings:
        if finding.layer is not None:
            known = found.get(finding.layer, "advice")
            found[finding.layer] = min(known, finding.severity, key=SEVERITIES.index)
    return found


def counts_text(findings: Iterable[Finding]) -> str:
    """`1 error, 2 warnings`: the worst first, and only what occurs."""
    severities = [finding.severity for finding in findings]
    numbers = {one: severities.count(one) for one in SEVERITIES if one in severities}
    return ", ".join(f"{number} {_COUNTED[one][number > 1]}" for one, number in numbers.items())


def by_layer(findings: Iterable[Finding]) -> dict[str, tuple[Finding, ...]]:
    """The findings about each layer; those about the whole project are left out."""
    grouped: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.layer is not None:
            grouped.setdefault(finding.layer, []).append(finding)
    return {name: tuple(found) for name, found in grouped.items()}


def settings_fix(label: str, name: str, **changes: Any) -> Fix:
    """A fix that gives one layer other settings."""

    def apply(project: "Project") -> "Project":
        network = project.network
        return project.with_network(network.replaced(name, network.layer(name).updated(**changes)))

    return Fix(label, apply)


def settings_fixes(label: str, changes: Mapping[str, Mapping[str, Any]]) -> Fix:
    """A fix that gives several layers other settings; `changes` are by the layers' names."""

    def apply(project: "Project") -> "Project":
        network = project.network
        for name, settings in changes.items():
            network = network.replaced(name, network.layer(name).updated(**settings))
        return project.with_network(network)

    return Fix(label, apply)


def insertion_fix(label: str, before: str, layer: "Layer") -> Fix:
    """A fix that puts a new layer right above another one, in its chain."""

    def apply(project: "Project") -> "Project":
        network = project.network
        at = network.position(before)
        below = network.layers[at]
        new = layer.updated(name=network.free_name(layer.name), inputs=below.inputs)
        return project.with_network(network.replaced(before, below.updated(inputs=())).inserted(at, new))

    return Fix(label, apply)


def removal_fix(label: str, name: str) -> Fix:
    """A fix that takes a layer out."""
    return Fix(label, lambda project: project.with_network(project.network.removed(name)))
