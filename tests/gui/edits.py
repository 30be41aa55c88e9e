"""The edits of the stack made to a document, as a test reads best: `edits.delete_selected(document)`."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec

from cnnstudio.core.network import edits
from cnnstudio.core.network.edits import Edited, Stack
from cnnstudio.gui.document.document import Document

P = ParamSpec("P")


def _to_document(
    edit: Callable[Concatenate[Stack, P], Edited],
) -> Callable[Concatenate[Document, P], Edited]:
    def make(document: Document, /, *args: P.args, **kwargs: P.kwargs) -> Edited:
        return document.edit(edit, *args, **kwargs)

    return make


delete_selected = _to_document(edits.delete_selected)
duplicate_selected = _to_document(edits.duplicate_selected)
repeat_selected = _to_document(edits.repeat_selected)
move_layers = _to_document(edits.move_layers)
copy_layers = _to_document(edits.copy_layers)
move_up = _to_document(edits.move_up)
move_down = _to_document(edits.move_down)
paste = _to_document(edits.paste)
toggle_frozen = _to_document(edits.toggle_frozen)
toggle_disabled = _to_document(edits.toggle_disabled)
group_selected = _to_document(edits.group_selected)
ungroup_selected = _to_document(edits.ungroup_selected)
rename_group = _to_document(edits.rename_group)
rename = _to_document(edits.rename)
connect = _to_document(edits.connect)
disconnect = _to_document(edits.disconnect)
add_layer = Document.add_layer
select_all = Document.select_all


def copy_selected(document: Document) -> str:
    return edits.copy_selected(document.stack)


def cut_selected(document: Document) -> str:
    return document.edit(edits.cut_selected).clipboard
