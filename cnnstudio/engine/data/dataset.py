"""A data choice made real: its catalog, and a stream over each part."""

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.values.facts import DataFacts
from cnnstudio.engine.data.catalog import Catalog, Part, catalog_of, mask_numbers
from cnnstudio.engine.data.samples import Samples
from cnnstudio.engine.data.stream import SampleStream, Stream


class Dataset(Struct, frozen=True, eq=False):
    """The samples of a choice. Pixels stay bytes; Keras turns each batch into floats of the same values."""

    choice: DataChoice
    facts: DataFacts
    catalog: Catalog
    samples: Samples
    mask_table: NDArray[np.uint8] | None = None

    @property
    def note(self) -> str:
        """What could not be read so far, as a sentence for a person, or empty."""
        return self.samples.note

    def stream(self, part: Part) -> Stream:
        """The samples of a part."""
        catalog = self.catalog
        return SampleStream(self.facts, self.samples, catalog.labels, catalog.rows(part), self.mask_table)

    def everything(self) -> Stream:
        """All samples of the source by their rows in the catalog, those that take no part included."""
        rows = np.arange(len(self.catalog.labels))
        return SampleStream(self.facts, self.samples, self.catalog.labels, rows, self.mask_table)


def dataset_of(samples: Samples, facts: DataFacts, names: tuple[str, ...], choice: DataChoice) -> Dataset:
    """Share out what was opened; `names` are the source's classes, `facts` those of the choice."""
    catalog = catalog_of(samples.listing, names, choice)
    remarks = (*samples.remarks, *catalog.remarks)
    catalog = replace(catalog, fingerprint=samples.fingerprint, remarks=remarks)
    wanted = choice.classes or names
    table = mask_numbers(names, wanted) if facts.has_masks and wanted != names else None
    return Dataset(choice, facts, catalog, samples, table)
