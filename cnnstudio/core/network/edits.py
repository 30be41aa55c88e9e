"""What a person can do to the stack: each function makes one named undo step and leaves a sensible selection.

All raise `EditError` (a `StudioError`) with a sentence for a person when the network refuses. Where layers
are put in, `index` is a place of the stack: the new layers stand above what is there now. `None` stands
for the place below the selection, or the end.
"""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from cnnstudio.core.analysis import Analysis
from cnnstudio.core.layers import Layer
from cnnstudio.core.network import MAX_LAYERS, EditError, Network, fresh_copies
from cnnstudio.core.network.clipboard import Fragment, fragment_from_text, fragment_to_text
from cnnstudio.core.network.groups import group_at, with_whole_groups
from cnnstudio.core.network.new_layers import new_layer
from cnnstudio.core.network.splicing import connected, fragment_of, in_order, landed, spliced
from cnnstudio.core.values.naming import free_name
from cnnstudio.core.values.words import counted, listed


class Stack(Struct, frozen=True):
    """What an edit begins with: the network, and what of it is selected (in stack order) and collapsed."""

    network: Network
    selection: tuple[str, ...] = ()
    collapsed: frozenset[str] = frozenset()
    """Names of groups; those of groups that are gone are kept, as undo may bring them back."""


class Edited(Struct, frozen=True):
    """What an edit ends with; `title` names the undo step."""

    title: str
    network: Network
    collapsed: frozenset[str]
    """To be taken up before the network: what it says of groups that are new is known when they come."""
    selection: tuple[str, ...] | None = None
    """`None` leaves selected what is selected, as far as it is still there."""
    clipboard: str = ""
    """What was cut out, as JSON text."""


def add_layer(stack: Stack, type_name: str, index: int | None, analysis: Analysis, classes: int) -> Edited:
    """Put in a new layer with settings that suit its place; `analysis` is the network's."""
    at = place_below_selection(stack) if index is None else index
    at = max(1, min(at, len(stack.network.layers)))
    layer = new_layer(analysis, type_name, at, classes)
    if len(stack.network.layers) >= MAX_LAYERS:
        raise EditError(
            f"The network has {len(stack.network.layers):,} layers and would get 1 more; "
            f"at most {MAX_LAYERS:,} fit."
        )
    network = spliced(stack.network, at, (layer,))
    return Edited(f"Add {layer.type}", network, stack.collapsed, (layer.name,))


def place_below_selection(stack: Stack) -> int:
    """Where a layer lands that is added without a place: below the selection, or at the end."""
    if not stack.selection:
        return len(stack.network.layers)
    return max(stack.network.position(name) for name in stack.selection) + 1


def delete_selected(stack: Stack) -> Edited:
    """Remove the selected layers; their neighbour is selected. The Input stays."""
    return _removed(stack, "Delete")


def duplicate_selected(stack: Stack) -> Edited:
    """Put copies of the selected layers below them."""
    return _repeated(stack, "Duplicate", 1)


def repeat_selected(stack: Stack, times: int) -> Edited:
    """Make the selected layers stand `times` times (2 or more) one after the other."""
    return _repeated(stack, "Repeat", times - 1)


def move_layers(stack: Stack, names: Sequence[str], index: int) -> Edited:
    """Put layers together right above what stands at `index` now."""
    network = stack.network.moved_together(names, index)
    return Edited(_titled("Move", names), network, stack.collapsed, in_order(network, names))


def copy_layers(stack: Stack, names: Sequence[str], index: int) -> Edited:
    """Put copies of layers at `index`."""
    fragment = fragment_of(stack.network, names)
    return _with_copies(stack, _titled("Copy", names), fragment, index, 1)


def move_up(stack: Stack) -> Edited:
    """Move the selected layers one place up; a collapsed group is one place."""
    names = _selected(stack, "move")
    above, _ = _card_at(stack, stack.network.position(names[0]) - 1)
    return move_layers(stack, names, max(1, above))


def move_down(stack: Stack) -> Edited:
    """Move the selected layers one place down; a collapsed group is one place."""
    names = _selected(stack, "move")
    _, below = _card_at(stack, stack.network.position(names[-1]) + 1)
    return move_layers(stack, names, below)


def copy_selected(stack: Stack) -> str:
    """The selected layers as JSON text, for the clipboard."""
    names = _selected(stack, "copy", of_input="the Input cannot be copied, as every network has its own")
    return fragment_to_text(fragment_of(stack.network, names))


def cut_selected(stack: Stack) -> Edited:
    """Remove the selected layers; `clipboard` holds them as `copy_selected` does."""
    text = copy_selected(stack)
    return replace(_removed(stack, "Cut"), clipboard=text)


def paste(stack: Stack, text: str, index: int | None = None) -> Edited:
    """Put in the layers a text holds; raises `StudioError` when it holds none."""
    fragment = fragment_from_text(text)
    at = place_below_selection(stack) if index is None else index
    return _with_copies(stack, f"Paste {counted(len(fragment.layers), 'layer')}", fragment, at, 1)


def toggle_frozen(stack: Stack) -> Edited:
    """Freeze the selected layers that can have weights, or thaw them when all are frozen."""
    network = stack.network
    names = [name for name in _selected(stack, "freeze") if network.layer(name).may_have_weights]
    if not names:
        raise EditError("No selected layer has weights, so there is nothing to freeze.")
    freeze = any(network.layer(name).trainable for name in names)
    title = _titled("Freeze" if freeze else "Unfreeze", names)
    return Edited(title, network.with_settings(names, trainable=not freeze), stack.collapsed)


def toggle_disabled(stack: Stack) -> Edited:
    """Disable the selected layers, or enable them when all are disabled."""
    names, network = _selected(stack, "disable"), stack.network
    disable = any(network.layer(name).enabled for name in names)
    title = _titled("Disable" if disable else "Enable", names)
    return Edited(title, network.with_settings(names, enabled=not disable), stack.collapsed)


def group_selected(stack: Stack) -> Edited:
    """Make one group of the selected layers, which must stand next to each other; it is expanded."""
    names, network = _selected(stack, "group"), stack.network
    first, last = network.position(names[0]), network.position(names[-1])
    between = [layer.name for layer in network.layers[first : last + 1] if layer.name not in names]
    if between:
        raise EditError(
            f"Only neighbours can be a group, and {counted(len(between), 'layer')} between them "
            f"{'is' if len(between) == 1 else 'are'} not selected. Select all from {names[0]} to {names[-1]}."
        )
    name = free_name("group1", {group.name for group in network.groups})
    title = f"Group {counted(len(names), 'layer')}"
    # Another of this name may have been collapsed before it was dissolved.
    return Edited(title, network.with_settings(names, group=name), stack.collapsed - {name})


def ungroup_selected(stack: Stack) -> Edited:
    """Dissolve every group that a selected layer is in; the layers stay."""
    network = stack.network
    chosen = {network.layer(name).group for name in stack.selection} - {""}
    if not chosen:
        raise EditError("No selected layer is in a group. Select a layer of the group first.")
    names = [layer.name for layer in network.layers if layer.group in chosen]
    title = f"Ungroup {listed(sorted(chosen))}"
    return Edited(title, network.with_settings(names, group=""), stack.collapsed)


def rename_group(stack: Stack, name: str, new_name: str) -> Edited:
    """Give a group another name."""
    stripped, network = new_name.strip(), stack.network
    if not stripped:
        raise EditError("A group needs a name. Type at least one letter.")
    if stripped != name and any(group.name == stripped for group in network.groups):
        raise EditError(f"Another group is named '{stripped}' already. Choose a name nobody has.")
    names = [layer.name for layer in network.layers if layer.group == name]
    return Edited(f"Rename {name}", network.with_settings(names, group=stripped), stack.collapsed)


def rename(stack: Stack, name: str, new_name: str) -> Edited:
    """Give a layer another name, followed by everyone who takes it."""
    stripped = new_name.strip()
    if not stripped:
        raise EditError("A layer needs a name. Type at least one letter.")
    return Edited(f"Rename {name}", stack.network.renamed(name, stripped), stack.collapsed)


def connect(stack: Stack, source: str, target: str) -> Edited:
    """Let `target` take `source` too, or in place of what it takes when it takes one input only."""
    network = connected(stack.network, source, target)
    return Edited(f"Connect {source} to {target}", network, stack.collapsed)


def disconnect(stack: Stack, source: str, target: str) -> Edited:
    """Let `target` no longer take `source`."""
    network = stack.network
    left = tuple(name for name in network.inputs_of(network.position(target)) if name != source)
    return Edited(f"Disconnect {source} from {target}", network.connected(target, left), stack.collapsed)


def _removed(stack: Stack, verb: str) -> Edited:
    names = _selected(stack, verb.lower())
    at = stack.network.position(names[0])
    network = stack.network.removed(*names)
    neighbour = network.layers[min(at, len(network.layers) - 1)].name
    # A collapsed group stays so, and is selected as a whole.
    selection = with_whole_groups(network.layers, (neighbour,), stack.collapsed)
    return Edited(_titled(verb, names), network, stack.collapsed, selection)


def _repeated(stack: Stack, verb: str, copies: int) -> Edited:
    names = _selected(stack, verb.lower())
    fragment = fragment_of(stack.network, names)
    at = stack.network.position(names[-1]) + 1
    return _with_copies(stack, _titled(verb, names), fragment, at, copies)


def _with_copies(stack: Stack, title: str, fragment: Fragment, index: int, copies: int) -> Edited:
    index = max(1, min(index, len(stack.network.layers)))
    if copies * len(fragment.layers) + len(stack.network.layers) > MAX_LAYERS:
        raise EditError(f"That would be more than {MAX_LAYERS:,} layers. Repeat fewer of them.")
    network, collapsed, names = stack.network, stack.collapsed, list[str]()
    for _ in range(copies):
        layers = fresh_copies(network, landed(network, fragment, index))
        collapsed = _collapsed_like(collapsed, fragment.layers, layers)
        network = spliced(network, index, layers)
        names += [layer.name for layer in layers]
        index += len(layers)
    return Edited(title, network, collapsed, tuple(names))


def _collapsed_like(
    collapsed: frozenset[str], originals: Sequence[Layer], copies: Sequence[Layer]
) -> frozenset[str]:
    """With the groups of copies whose originals are collapsed, or were when they were last there."""
    groups = {copy.group: original.group for original, copy in zip(originals, copies, strict=True)}
    named = groups.keys() - {""}
    # Read as it was before the copies: one may get the name of another original that is gone.
    return (collapsed - named) | {group for group in named if groups[group] in collapsed}


def _card_at(stack: Stack, place: int) -> tuple[int, int]:
    """Where the card at a place begins and the next one does: that of a layer or of a collapsed group."""
    group = group_at(stack.network.groups, place)
    if group is None or group.name not in stack.collapsed:
        return place, place + 1
    return group.start, group.stop


def _selected(stack: Stack, verb: str, of_input: str = "the Input stays on top") -> tuple[str, ...]:
    """The selected layers in stack order, without the Input; `of_input` says why not that."""
    names = in_order(stack.network, stack.selection)
    editable = tuple(name for name in names if stack.network.position(name) > 0)
    if not editable:
        reason = of_input if names else "no layer is selected"
        raise EditError(f"There is nothing to {verb}: {reason}. Select a layer of the stack first.")
    return editable


def _titled(verb: str, names: Sequence[str]) -> str:
    return f"{verb} {names[0]}" if len(names) == 1 else f"{verb} {counted(len(names), 'layer')}"
