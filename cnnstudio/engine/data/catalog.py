"""Which samples there are, of which class, and in which part: everything about a data set but the pixels."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Literal, TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from cnnstudio.core.project.data import DataChoice, Split
from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.words import counted
from cnnstudio.engine.data.groups import grouped_split, groups_of
from cnnstudio.engine.data.images import Indices, Labels, Listing
from cnnstudio.engine.data.split import evenly_limited, stratified_split

Part: TypeAlias = Literal["training", "validation", "test"]
ALL_PICTURES = "all pictures"
"""The one class of pictures that as a whole are of none."""
PARTS: tuple[Part, ...] = ("training", "validation", "test")
_NONE = len(PARTS)
"""The part of samples that take no part: left out, of another class, or beyond the limit."""


class Catalog(Struct, frozen=True, eq=False, dict=True):
    """A row for each sample of a source: its locator, its class number, its part. A million rows are small.

    `labels` (count,) count the classes of the choice; `parts` (count,) count `PARTS`.
    """

    locators: Sequence[str]
    labels: Labels
    parts: NDArray[np.uint8]
    class_names: tuple[str, ...]
    fingerprint: str = ""
    """Equal for equal data, before they are shared out."""
    remarks: tuple[str, ...] = ()
    """How the source was read, as sentences for a person."""

    def rows(self, part: Part) -> Indices:
        """The rows of a part, ascending."""
        return np.flatnonzero(self.parts == PARTS.index(part))

    def count(self, part: Part) -> int:
        """How many samples a part has."""
        return int((self.parts == PARTS.index(part)).sum())

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """Samples per class, shape (classes, 3): training, validation, test."""
        columns = [
            np.bincount(self.labels[self.parts == number], minlength=len(self.class_names))
            for number in range(len(PARTS))
        ]
        return np.stack(columns, axis=1)


def catalog_of(listing: Listing, names: Sequence[str], choice: DataChoice) -> Catalog:
    """Share the samples of a source out as the choice says; `names` are the source's classes.

    A validation part of the source is taken as it is, and no share is held out. StudioError when the choice
    asks for classes or samples that are not there.
    """
    wanted = tuple(names) if choice.classes is None else choice.classes
    _refuse_strangers(wanted, names)
    if not listing.has_labels:
        # Classes are those of pixels; the pictures are shared out as of one.
        names = wanted = (ALL_PICTURES,)
    labels = _renumbered(_corrected(listing, names, choice.corrections.relabelled), names, wanted)
    taken = labels >= 0
    if choice.corrections.left_out:
        left_out = set(choice.corrections.left_out)
        taken &= np.array([locator not in left_out for locator in listing.locators], bool)
    parts = np.full(len(labels), _NONE, np.uint8)
    first, last = listing.train_count, len(labels) - listing.test_count
    groups = None if choice.split.groups is None else groups_of(listing.locators, choice.split.groups)
    if groups is not None and listing.test_is_drawn and listing.test_count:
        return _of_groups(listing, labels, taken, wanted, groups, choice)
    parts[first:last][taken[first:last]] = PARTS.index("validation")
    parts[last:][taken[last:]] = PARTS.index("test")
    pool = _limited(labels, np.flatnonzero(taken[:first]), choice)
    if listing.validation_count:
        parts[pool] = PARTS.index("training")
    else:
        _share_out(parts, labels, pool, groups, choice.split)
    remarks = () if groups is None else _shared_groups(groups, parts, choice.split)
    catalog = Catalog(listing.locators, labels, parts, wanted, remarks=remarks)
    _refuse_empty(catalog)
    return catalog


def _shared_groups(groups: NDArray[np.int64], parts: NDArray[np.uint8], split: Split) -> tuple[str, ...]:
    """Told where a part that the source has itself holds some of a group that is learned from."""
    learned = np.unique(groups[parts == PARTS.index("training")])
    kept = np.unique(groups[(parts != PARTS.index("training")) & (parts != _NONE)])
    both = len(np.intersect1d(learned, kept))
    if not both:
        return ()
    return (
        f"{counted(both, 'group')} of {split.groups} are learned from and measured by: the parts are the "
        "data's own. The figures come out too good.",
    )


_TEST_SEED = 1
"""Who holds out other images to validate by keeps the test."""


def _of_groups(
    listing: Listing,
    labels: Labels,
    taken: NDArray[np.bool_],
    wanted: tuple[str, ...],
    groups: NDArray[np.int64],
    choice: DataChoice,
) -> Catalog:
    """The parts where the test, too, has to be drawn by groups."""
    parts = np.full(len(labels), _NONE, np.uint8)
    every = np.flatnonzero(taken)
    share = listing.test_count / len(labels)
    learned, test = grouped_split(labels[every], groups[every], share, _TEST_SEED)
    parts[every[test]] = PARTS.index("test")
    _share_out(parts, labels, _limited(labels, every[learned], choice), groups, choice.split)
    catalog = Catalog(listing.locators, labels, parts, wanted)
    _refuse_empty(catalog)
    return catalog


def mask_numbers(names: Sequence[str], wanted: Sequence[str]) -> NDArray[np.uint8]:
    """What each number of a mask (256,) becomes where only some classes are wanted: the others are ground."""
    table = np.zeros(256, np.uint8)
    for number, name in enumerate(names, start=1):
        table[number] = wanted.index(name) + 1 if name in wanted else 0
    return table


def _limited(labels: Labels, pool: Indices, choice: DataChoice) -> Indices:
    if choice.limit is None:
        return pool
    return pool[evenly_limited(labels[pool], choice.limit, choice.split.seed)]


def _share_out(
    parts: NDArray[np.uint8], labels: Labels, pool: Indices, groups: NDArray[np.int64] | None, split: Split
) -> None:
    """Write into `parts` which of the pool are trained on, and which are held out."""
    share, seed = split.validation_share, split.seed
    if groups is None:
        training, validation = stratified_split(labels[pool], share, seed)
    else:
        training, validation = grouped_split(labels[pool], groups[pool], share, seed)
    parts[pool[training]] = PARTS.index("training")
    parts[pool[validation]] = PARTS.index("validation")


def _corrected(listing: Listing, names: Sequence[str], relabelled: Mapping[str, str]) -> Labels:
    if not relabelled or not listing.has_labels:
        return listing.labels
    _refuse_strangers(tuple(relabelled.values()), names)
    labels = listing.labels.copy()
    for row, locator in enumerate(listing.locators):
        if locator in relabelled:
            labels[row] = names.index(relabelled[locator])
    return labels


def _renumbered(labels: Labels, names: Sequence[str], wanted: Sequence[str]) -> Labels:
    """Class numbers as the wanted classes count them; -1 for all others."""
    if tuple(wanted) == tuple(names):
        return labels
    table = np.array([wanted.index(name) if name in wanted else -1 for name in names], np.int64)
    return table[labels]


def _refuse_strangers(wanted: Sequence[str], names: Sequence[str]) -> None:
    strangers = [name for name in wanted if name not in names]
    if strangers:
        raise StudioError(
            f"The data have no class '{strangers[0][:60]}'. Choose among {', '.join(names[:10])}"
            f"{' ...' if len(names) > 10 else ''}."
        )


def _refuse_empty(catalog: Catalog) -> None:
    """Each class needs a picture to learn from."""
    counts = catalog.counts[:, 0]
    if catalog.count("training") == 0 or counts.min() == 0:
        name = catalog.class_names[int(counts.argmin())]
        raise StudioError(
            f"No image of the class {name} is left to learn from. Raise the limit, leave fewer out, "
            "or choose fewer "
            "classes on the Data page."
        )
