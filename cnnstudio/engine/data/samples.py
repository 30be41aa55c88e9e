"""The samples of a source, whatever they are read from: arrays in memory, files decoded when wanted."""

from typing import Protocol

from cnnstudio.engine.data.images import Indices, Listing, Masks, Pixels, Taken


class Samples(Protocol):
    """All samples of a source by row, those to learn from first.

    Any thread may read, and none may change what it is given.
    """

    @property
    def listing(self) -> Listing:
        """The samples without their pixels."""

    @property
    def fingerprint(self) -> str:
        """Equal for equal data, whatever they are prepared to."""

    @property
    def note(self) -> str:
        """What could not be read so far, as a sentence for a person, or empty."""

    @property
    def remarks(self) -> tuple[str, ...]:
        """How the source was read, as sentences for a person; nothing is amiss in these."""

    @property
    def stamp(self) -> str:
        """That of the source as it was opened."""

    def read(self, rows: Indices) -> Taken:
        """Some samples. One that cannot be read is left out; StudioError where these are too many."""

    def one(self, row: int) -> tuple[Pixels, Masks | None]:
        """One sample, (height, width, channels) and (height, width); StudioError when it cannot be read."""
