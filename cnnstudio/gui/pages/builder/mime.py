"""What travels from the palette to the stack in a drag: the type of a layer as a small JSON text."""

import json

from PySide6.QtCore import QMimeData

from cnnstudio.core.layers import LAYER_BY_TYPE

LAYER_MIME = "application/x-cnnstudio-layer+json"


def layer_mime(type_name: str) -> QMimeData:
    """The data of a drag that carries a new layer of that type."""
    mime = QMimeData()
    mime.setData(LAYER_MIME, json.dumps({"type": type_name}).encode())
    return mime


def layer_type(mime: QMimeData) -> str | None:
    """The type of the layer a drag carries; `None` for foreign, damaged or unknown data."""
    if not mime.hasFormat(LAYER_MIME):
        return None
    try:
        carried = json.loads(bytes(mime.data(LAYER_MIME).data()))
    except ValueError:
        return None
    name = carried.get("type") if isinstance(carried, dict) else None
    return name if isinstance(name, str) and name in LAYER_BY_TYPE else None
