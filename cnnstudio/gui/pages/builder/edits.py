"""What a person can do to the stack; each function is one named undo step and leaves a sensible selection.

All raise `EditError` (a `StudioError`) with a sentence for a person when the network refuses. Where layers
are put in, `index` is a place of the stack: the new layers stand above what is there now. `None` stands
for the place below the selection, or the end.
"""

from collections.abc import Sequence

from cnnstudio.core.layers import Layer
from cnnstudio.core.network import MAX_LAYERS, EditError, fresh_copies
from cnnstudio.core.network.clipboard import Fragment, fragment_from_text, fragment_to_text
from cnnstudio.core.network.groups import group_at
from cnnstudio.core.network.new_layers import new_layer
from cnnstudio.core.network.splicing import connected, fragment_of, in_order, landed, spliced
from cnnstudio.core.values.naming import free_name
from cnnstudio.core.values.words import counted, listed
from cnnstudio.engine.data import facts_of
from cnnstudio.gui.document.document import Document


def add_layer(document: Document, type_name: str, index: int | None = None) -> str:
    """Put in a new layer with settings that suit its place; gives its name."""
    at = place_below_selection(document) if index is None else index
    at = max(1, min(at, len(document.network.layers)))
    classes = facts_of(document.project.data).classes
    layer = new_layer(document.analysis, type_name, at, classes)
    _put_in(document, f"Add {layer.type}", at, (layer,))
    return layer.name


def place_below_selection(document: Document) -> int:
    """Where a layer lands that is added without a place: below the selection, or at the end."""
    if document.current is None:
        return len(document.network.layers)
    return max(document.network.position(name) for name in document.selection) + 1


def delete_selected(document: Document) -> None:
    """Remove the selected layers; their neighbour is selected. The Input stays."""
    _remove(document, "Delete")


def duplicate_selected(document: Document) -> None:
    """Put copies of the selected layers below them."""
    _repeat(document, "Duplicate", 1)


def repeat_selected(document: Document, times: int) -> None:
    """Make the selected layers stand `times` times (2 or more) one after the other."""
    _repeat(document, "Repeat", times - 1)


def move_layers(document: Document, names: Sequence[str], index: int) -> None:
    """Put layers together right above what stands at `index` now."""
    network = document.network.moved_together(names, index)
    document.apply_network(_titled("Move", names), network)
    document.select(in_order(network, names))


def copy_layers(document: Document, names: Sequence[str], index: int) -> None:
    """Put copies of layers at `index`."""
    fragment = fragment_of(document.network, names)
    _put_in_copies(document, _titled("Copy", names), fragment, index, 1)


def move_up(document: Document) -> None:
    """Move the selected layers one place up; a collapsed group is one place."""
    names = _selected(document, "move")
    above, _ = _card_at(document, document.network.position(names[0]) - 1)
    move_layers(document, names, max(1, above))


def move_down(document: Document) -> None:
    """Move the selected layers one place down; a collapsed group is one place."""
    names = _selected(document, "move")
    _, below = _card_at(document, document.network.position(names[-1]) + 1)
    move_layers(document, names, below)


def select_all(document: Document) -> None:
    """Select everything that can be edited: all but the Input."""
    document.select(tuple(layer.name for layer in document.network.layers[1:]))


def copy_selected(document: Document) -> str:
    """The selected layers as JSON text, for the clipboard."""
    names = _selected(document, "copy", of_input="the Input cannot be copied, as every network has its own")
    return fragment_to_text(fragment_of(document.network, names))


def cut_selected(document: Document) -> str:
    """Like `copy_selected`, and remove them."""
    text = copy_selected(document)
    _remove(document, "Cut")
    return text


def paste(document: Document, text: str, index: int | None = None) -> None:
    """Put in the layers a text holds; raises `StudioError` when it holds none."""
    fragment = fragment_from_text(text)
    at = place_below_selection(document) if index is None else index
    _put_in_copies(document, f"Paste {counted(len(fragment.layers), 'layer')}", fragment, at, 1)


def toggle_frozen(document: Document) -> None:
    """Freeze the selected layers that can have weights, or thaw them when all are frozen."""
    names = [name for name in _selected(document, "freeze") if document.network.layer(name).may_have_weights]
    if not names:
        raise EditError("No selected layer has weights, so there is nothing to freeze.")
    freeze = any(document.network.layer(name).trainable for name in names)
    network = document.network.with_settings(names, trainable=not freeze)
    document.apply_network(_titled("Freeze" if freeze else "Unfreeze", names), network)


def toggle_disabled(document: Document) -> None:
    """Disable the selected layers, or enable them when all are disabled."""
    names = _selected(document, "disable")
    disable = any(document.network.layer(name).enabled for name in names)
    network = document.network.with_settings(names, enabled=not disable)
    document.apply_network(_titled("Disable" if disable else "Enable", names), network)


def group_selected(document: Document) -> str:
    """Make one group of the selected layers, which must stand next to each other; gives its name."""
    names, network = _selected(document, "group"), document.network
    first, last = network.position(names[0]), network.position(names[-1])
    between = [layer.name for layer in network.layers[first : last + 1] if layer.name not in names]
    if between:
        raise EditError(
            f"Only neighbours can be a group, and {counted(len(between), 'layer')} between them "
            f"{'is' if len(between) == 1 else 'are'} not selected. Select all from {names[0]} to {names[-1]}."
        )
    name = free_name("group1", {group.name for group in network.groups})
    # Another of this name may have been collapsed before it was dissolved.
    document.fold(name, False)
    document.apply_network(f"Group {counted(len(names), 'layer')}", network.with_settings(names, group=name))
    return name


def ungroup_selected(document: Document) -> None:
    """Dissolve every group that a selected layer is in; the layers stay."""
    network = document.network
    chosen = {network.layer(name).group for name in document.selection} - {""}
    if not chosen:
        raise EditError("No selected layer is in a group. Select a layer of the group first.")
    names = [layer.name for layer in network.layers if layer.group in chosen]
    document.apply_network(f"Ungroup {listed(sorted(chosen))}", network.with_settings(names, group=""))


def rename_group(document: Document, name: str, new_name: str) -> None:
    """Give a group another name."""
    stripped, network = new_name.strip(), document.network
    if not stripped:
        raise EditError("A group needs a name. Type at least one letter.")
    if stripped != name and any(group.name == stripped for group in network.groups):
        raise EditError(f"Another group is named '{stripped}' already. Choose a name nobody has.")
    names = [layer.name for layer in network.layers if layer.group == name]
    document.apply_network(f"Rename {name}", network.with_settings(names, group=stripped))


def rename(document: Document, name: str, new_name: str) -> None:
    """Give a layer another name, followed by everyone who takes it."""
    stripped = new_name.strip()
    if not stripped:
        raise EditError("A layer needs a name. Type at least one letter.")
    document.apply_network(f"Rename {name}", document.network.renamed(name, stripped))


def connect(document: Document, source: str, target: str) -> None:
    """Let `target` take `source` too, or in place of what it takes when it takes one input only."""
    document.apply_network(f"Connect {source} to {target}", connected(document.network, source, target))


def disconnect(document: Document, source: str, target: str) -> None:
    """Let `target` no longer take `source`."""
    network = document.network
    left = tuple(name for name in network.inputs_of(network.position(target)) if name != source)
    document.apply_network(f"Disconnect {source} from {target}", network.connected(target, left))


def _put_in(document: Document, text: str, index: int, layers: Sequence[Layer]) -> None:
    if len(document.network.layers) + len(layers) > MAX_LAYERS:
        raise EditError(
            f"The network has {len(document.network.layers):,} layers and would get {len(layers):,} more; "
            f"at most {MAX_LAYERS:,} fit."
        )
    document.apply_network(text, spliced(document.network, index, layers))
    document.select(tuple(layer.name for layer in layers))


def _remove(document: Document, verb: str) -> None:
    names = _selected(document, verb.lower())
    at = document.network.position(names[0])
    network = document.network.removed(*names)
    document.apply_network(_titled(verb, names), network)
    document.select_whole((network.layers[min(at, len(network.layers) - 1)].name,))


def _repeat(document: Document, verb: str, copies: int) -> None:
    names = _selected(document, verb.lower())
    fragment = fragment_of(document.network, names)
    at = document.network.position(names[-1]) + 1
    _put_in_copies(document, _titled(verb, names), fragment, at, copies)


def _put_in_copies(document: Document, text: str, fragment: Fragment, index: int, copies: int) -> None:
    index = max(1, min(index, len(document.network.layers)))
    if copies * len(fragment.layers) + len(document.network.layers) > MAX_LAYERS:
        raise EditError(f"That would be more than {MAX_LAYERS:,} layers. Repeat fewer of them.")
    network, names = document.network, list[str]()
    for _ in range(copies):
        layers = fresh_copies(network, landed(network, fragment, index))
        _fold_like(document, fragment.layers, layers)
        network = spliced(network, index, layers)
        names += [layer.name for layer in layers]
        index += len(layers)
    document.apply_network(text, network)
    document.select(tuple(names))


def _fold_like(document: Document, originals: Sequence[Layer], copies: Sequence[Layer]) -> None:
    """Collapse the groups of copies whose originals are collapsed, or were when they were last there."""
    groups = {copy.group: original.group for original, copy in zip(originals, copies, strict=True)}
    # Taken before the first is changed: a copy may get the name of another original that is gone.
    collapsed = document.collapsed
    for group in groups.keys() - {""}:
        document.fold(group, groups[group] in collapsed)


def _card_at(document: Document, place: int) -> tuple[int, int]:
    """Where the card at a place begins and the next one does: that of a layer or of a collapsed group."""
    group = group_at(document.network.groups, place)
    if group is None or group.name not in document.collapsed:
        return place, place + 1
    return group.start, group.stop


def _selected(document: Document, verb: str, of_input: str = "the Input stays on top") -> tuple[str, ...]:
    """The selected layers in stack order, without the Input; `of_input` says why not that."""
    names = in_order(document.network, document.selection)
    editable = tuple(name for name in names if document.network.position(name) > 0)
    if not editable:
        reason = of_input if names else "no layer is selected"
        raise EditError(f"There is nothing to {verb}: {reason}. Select a layer of the stack first.")
    return editable


def _titled(verb: str, names: Sequence[str]) -> str:
    return f"{verb} {names[0]}" if len(names) == 1 else f"{verb} {counted(len(names), 'layer')}"
