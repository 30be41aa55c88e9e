"""A data choice made real: its catalog, and a stream over each part."""

from msgspec import Struct
from msgspec.structs import replace

from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.values.facts import DataFacts
from cnnstudio.engine.data.catalog import Catalog, Part, catalog_of, mask_numbers
from cnnstudio.engine.data.images import Images, Masks, Pixels
from cnnstudio.engine.data.stream import ArrayStream, Stream


class Dataset(Struct, frozen=True, eq=False):
    """The samples of a choice. Pixels stay bytes; Keras turns each batch into floats of the same values."""

    choice: DataChoice
    facts: DataFacts
    catalog: Catalog
    pixels: Pixels
    masks: Masks | None = None

    def stream(self, part: Part) -> Stream:
        """The samples of a part."""
        catalog = self.catalog
        return ArrayStream(
            self.facts, self.pixels, catalog.labels, catalog.locators, catalog.rows(part), self.masks
        )


def dataset_of(images: Images, facts: DataFacts, names: tuple[str, ...], choice: DataChoice) -> Dataset:
    """Share out what was read; `names` are the source's classes, `facts` those of the choice."""
    catalog = replace(
        catalog_of(images.listing, names, choice),
        fingerprint=images.fingerprint,
        note=images.note,
        remarks=images.remarks,
    )
    masks = images.masks
    if masks is not None and catalog.class_names != names:
        masks = mask_numbers(names, catalog.class_names)[masks]
    return Dataset(choice, facts, catalog, images.pixels, masks)
