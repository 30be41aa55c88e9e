"""What a block says about its layer, as plain text; the block paints it and screen readers read it."""

import html
from collections.abc import Sequence

from msgspec import Struct

from cnnstudio.core.analysis import Row
from cnnstudio.core.analysis.describe import at_least, output_text, parameters_text
from cnnstudio.core.analysis.findings import Finding, Severity, worst
from cnnstudio.core.layers import Family
from cnnstudio.core.values.shape import labelled, shown
from cnnstudio.core.values.words import counted, crossed

SMALL_FAMILIES: tuple[Family, ...] = ("activation", "normalization", "regularization")


class Content(Struct, frozen=True):
    """The texts and marks of one block; `severity` is that of its worst finding.

    `about` says what the layer is and how it is set, `details` only how it is set.
    """

    name: str
    family: Family
    icon: str
    about: str
    details: str
    shape: str
    parameters: str
    is_small: bool = False
    is_frozen: bool = False
    is_disabled: bool = False
    stands: bool = True
    can_move: bool = True
    has_parameters: bool = True
    severity: Severity | None = None
    remarks: tuple[str, ...] = ()
    spoken_shape: str = ""

    @property
    def tooltip(self) -> str:
        """The findings as the rich text of a tooltip; empty when there is nothing to remark."""
        return "".join(f"<p>{html.escape(remark)}</p>" for remark in self.remarks)

    @property
    def spoken(self) -> str:
        """Everything the block shows, as one sentence for a screen reader."""
        states = [
            word for word, holds in (("disabled", self.is_disabled), ("frozen", self.is_frozen)) if holds
        ]
        parts = (self.name, self.about, self.spoken_shape or self.shape, self.parameters, *states)
        return ", ".join(part for part in (*parts, *self.remarks) if part)


def content_of(row: Row, findings: Sequence[Finding]) -> Content:
    """The content of the block of a layer; `findings` are those about it."""
    layer = row.layer
    off, details = "" if layer.enabled else "off", crossed(layer.details())
    return Content(
        name=layer.name,
        family=layer.family,
        icon=layer.icon,
        about=" · ".join(part for part in (off, layer.title, details) if part),
        details=" · ".join(part for part in (off, details) if part),
        shape=_shape(row),
        parameters=_parameters(row),
        is_small=is_small(row),
        is_frozen=not layer.trainable,
        is_disabled=not layer.enabled,
        stands=row.stands,
        can_move=bool(row.inputs),
        has_parameters=row.parameters > 0
        or bool(row.layer.weights_of)
        or (row.stands and not row.weights_known),
        severity=worst(findings),
        remarks=tuple(crossed(finding.message) for finding in findings),
        spoken_shape="" if row.output_shape is None else labelled(row.output_shape),
    )


def group_content(name: str, rows: Sequence[Row], findings: Sequence[Finding]) -> Content:
    """The content of a group as a whole; `rows` are those of its layers, `findings` those about them."""
    leader = max(rows, key=lambda row: row.parameters)
    types = list(dict.fromkeys(row.layer.title for row in rows))
    return Content(
        name=name,
        family=leader.layer.family,
        icon="chevron-right",
        about=f"{counted(len(rows), 'layer')} · {', '.join(types)}",
        details="",
        shape=_shape(rows[-1]),
        parameters=at_least(all(row.weights_known for row in rows))
        + counted(sum(row.parameters for row in rows), "param"),
        is_frozen=not any(row.layer.trainable for row in rows),
        is_disabled=not any(row.layer.enabled for row in rows),
        stands=rows[-1].stands,
        severity=worst(findings),
        remarks=tuple(crossed(finding.message) for finding in findings),
        spoken_shape="" if rows[-1].output_shape is None else labelled(rows[-1].output_shape),
    )


def is_small(row: Row) -> bool:
    """Activations, normalizations and dropout get a lower block: the layers between them stand out."""
    return row.layer.family in SMALL_FAMILIES


def _shape(row: Row) -> str:
    return output_text(row) if row.output_shape is None else crossed(shown(row.output_shape))


def _parameters(row: Row) -> str:
    if not (row.stands or row.weights_known) or not row.inputs or not row.layer.enabled:
        return ""
    return parameters_text(row)
