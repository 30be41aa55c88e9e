"""The live panel in words: counts, memory, totals, what an edit changed, who made a size."""

from collections.abc import Sequence

from msgspec import Struct

from cnnstudio.core.analysis.analysis import Analysis, Row, Totals
from cnnstudio.core.analysis.origins import Origin, origins
from cnnstudio.core.values.shape import shown
from cnnstudio.core.values.words import counted, listed

_COUNT_UNITS = ((1e12, " T"), (1e9, " G"), (1e6, " M"), (1e3, " k"))
_BYTE_UNITS = ((2**40, " TB"), (2**30, " GB"), (2**20, " MB"), (2**10, " KB"))


def count_text(number: int) -> str:
    """All digits of a count: `2,097,280`."""
    return f"{number:,}"


def short_count(number: int) -> str:
    """A count in three digits from 10,000 up: `2.14 M`; below, all digits."""
    if abs(number) < 10_000:
        return count_text(number)
    return _scaled(number, _COUNT_UNITS)


def bytes_text(number: int) -> str:
    """An amount of memory: `8.2 MB`, of 1,024 x 1,024 bytes each as in Keras's own summary."""
    if abs(number) < 1024:
        return f"{number} bytes"
    return _scaled(number, _BYTE_UNITS, digits=2)


def _scaled(number: float, units: Sequence[tuple[float, str]], digits: int = 3) -> str:
    for size, unit in units:
        # 999,999 is 1.00 M, not 1000 k.
        if abs(number) >= size * 0.9995:
            value = number / size
            decimals = max(0, digits - len(f"{abs(value):.0f}"))
            return f"{value:,.{decimals}f}{unit}"
    return f"{number:,.0f}"


def change_text(before: Totals, after: Totals) -> str:
    """What an edit did to the totals: `+12,544 parameters`; empty when nothing changed."""
    if before.parameters != after.parameters:
        return f"{_signed(after.parameters - before.parameters)} parameters"
    if before.trainable != after.trainable:
        return f"{_signed(after.trainable - before.trainable)} trainable parameters"
    if before.macs != after.macs:
        return f"{_signed(after.macs - before.macs)} MACs"
    return ""


def _signed(number: int) -> str:
    return f"{'+' if number > 0 else '−'}{abs(number):,}"


def totals_text(totals: Totals) -> str:
    """The totals in short: `2.14 M params · 8.2 MB · 45.1 M MACs`."""
    noun = "param" if totals.parameters == 1 else "params"
    parts = [f"{at_least(totals.weights_known)}{short_count(totals.parameters)} {noun}"]
    parts.append(bytes_text(totals.bytes))
    if totals.macs:
        # Once is enough: what is said of the parameters is said of all.
        more = at_least(totals.macs_known or not totals.weights_known)
        parts.append(f"{more}{short_count(totals.macs)} MACs")
    return " · ".join(parts)


def parameters_text(row: Row) -> str:
    """The parameters of a layer that stands, for its block."""
    if row.layer.weights_of:
        return f"weights of {row.layer.weights_of}"
    return counted(row.parameters, "param") if row.weights_known else "params not known"


def at_least(is_known: bool) -> str:
    """What stands before a sum of which a part may not be known."""
    return "" if is_known else "at least "


def trainable_text(totals: Totals) -> str:
    """How many of the parameters training changes: `12,832 of 28,938`, or `all 28,938`."""
    if totals.trainable == totals.parameters:
        return f"all {count_text(totals.parameters)}" if totals.parameters else "none"
    return f"{count_text(totals.trainable)} of {count_text(totals.parameters)}"


class TotalsTold(Struct, frozen=True):
    """What the totals are counted over, and the totals in full, for a tooltip and for screen readers."""

    title: str
    sentence: str


def totals_told(analysis: Analysis) -> TotalsTold:
    """The words beside the figures; with a break they say what is left out."""
    totals, broken = analysis.totals, analysis.first_break
    more, more_macs = at_least(totals.weights_known), at_least(totals.macs_known)
    sentence = (
        f"{more}{totals.trainable:,} trainable and {totals.non_trainable:,} other parameters, "
        f"{bytes_text(totals.bytes)} as float32; {more_macs}{totals.macs:,} multiply-accumulates for one "
        "sample."
    )
    sentence = sentence[0].upper() + sentence[1:]
    if broken is not None and totals.weights_known:
        return TotalsTold("Total", f"{sentence} The shapes from {broken} on are not known.")
    if broken is None:
        return TotalsTold("Total" if totals.weights_known else "Known so far", sentence + _unknown(analysis))
    if _stands_below(analysis, broken):
        rest = f"Counted where the shapes are known; the first break is at {broken}."
        return TotalsTold("Known so far", f"{sentence} {rest}")
    return TotalsTold(f"Up to {broken}", f"{sentence} Counted up to the break at {broken}.")


def _unknown(analysis: Analysis) -> str:
    """Whose parameters are not known although all shapes are."""
    names = [row.name for row in analysis.active.rows if not row.weights_known]
    return f" The parameters of {listed(names)} are not known." if names else ""


def _stands_below(analysis: Analysis, name: str) -> bool:
    """Whether a layer further down has a shape: one of a branch that goes past this one."""
    return any(row.stands for row in analysis.rows[analysis.network.position(name) :])


def output_text(row: Row) -> str:
    """The output shape without blanks, or why there is none."""
    if row.output_shape is not None:
        return shown(row.output_shape).replace(" x ", "×")
    if row.waits_for:
        return f"waits for {row.waits_for}"
    # Advice is given where only the shape is unknown; nothing is broken.
    return "not known" if row.problem is not None and row.problem.severity == "advice" else "does not fit"


def field_text(row: Row) -> str:
    """The receptive field, such as `5×5`; a dash where there is none."""
    if not row.receptive_field:
        return "–"
    return "×".join(str(axis.size) for axis in row.receptive_field)


def sums_title(row: Row) -> str:
    """What stands above a layer's sums, or why there are none."""
    if row.problem is not None and not row.stands:
        return row.problem.message
    if not row.stands:
        return f"{row.name} waits for {row.waits_for}: its sums are known once that is mended."
    if not row.layer.enabled:
        return f"{row.name} is disabled: it passes its input on as it is, and is not trained."
    return "" if row.arithmetic() else f"{row.name} passes the shape on and has no parameters."


def made_above(analysis: Analysis, name: str) -> tuple[Origin, ...]:
    """Who made the sizes of a layer's output, each told once; those the layer chose itself are left out."""
    found = (one for one in origins(analysis, name) if one.layer != name)
    return tuple(dict.fromkeys(found))
