"""Layers as JSON text: what copy puts on the clipboard and paste reads, from any window or text editor."""

import json
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cnnstudio.core.forms.refusals import refusal
from cnnstudio.core.layers import AnyLayer, Input
from cnnstudio.core.values.errors import StudioError

_REMEDY = "Copy layers of a stack first."
_LONGEST_SHOWN = 20
"""Characters of a foreign text that is repeated in the refusal."""


class Fragment(BaseModel):
    """A piece of a stack; `entry` names the layer that fed the first one where it was taken from."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)

    format: Literal["cnnstudio layers"] = "cnnstudio layers"
    entry: str = ""
    layers: tuple[AnyLayer, ...] = Field(min_length=1)


def fragment_to_text(fragment: Fragment) -> str:
    """Indented JSON."""
    return fragment.model_dump_json(indent=2) + "\n"


def fragment_from_text(text: str) -> Fragment:
    """Read what `fragment_to_text` wrote; raises `StudioError` for anything else."""
    document = _document(text)
    try:
        fragment = Fragment.model_validate_json(text)
    except ValidationError as error:
        reason = refusal(error, document, Fragment.model_json_schema())
        raise StudioError(f"These layers cannot be pasted: {reason}") from error
    layers = tuple(layer for layer in fragment.layers if not isinstance(layer, Input))
    if not layers:
        raise StudioError("Only an Input was copied, and a network has one already. Copy other layers.")
    return fragment.model_copy(update={"layers": layers})


def _document(text: str) -> dict[str, Any]:
    """The JSON object in which layers are to be looked for."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise StudioError(f"The clipboard holds no layers that can be pasted. {_REMEDY}") from error
    if isinstance(document, dict) and document.get("layers"):
        return document
    received = " ".join(text.split())
    shown = received if len(received) <= _LONGEST_SHOWN else "other JSON"
    raise StudioError(f"The clipboard holds {shown}, but layers are expected. {_REMEDY}")
