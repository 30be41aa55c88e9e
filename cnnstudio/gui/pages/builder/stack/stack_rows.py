"""What is known of the layers that stand on the canvas; blocks look it up when they are painted or read."""

from collections.abc import Mapping, Sequence

from cnnstudio.core.analysis import Row
from cnnstudio.core.analysis.findings import Finding, by_layer
from cnnstudio.gui.document.document import Document


class StackRows:
    """The rows and findings of the document as they were at the last `renew`."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._remarks: Mapping[str, tuple[Finding, ...]] = {}
        self.renew()

    @property
    def rows(self) -> Sequence[Row]:
        """The row of each layer, in stack order."""
        return self._analysis.rows

    @property
    def remarks(self) -> Mapping[str, tuple[Finding, ...]]:
        """What was found about each layer; layers that are in order are missing."""
        return self._remarks

    def row(self, name: str) -> Row:
        """The row of a layer."""
        return self._analysis.row(name)

    def findings(self, name: str) -> tuple[Finding, ...]:
        """What was found about a layer."""
        return self._remarks.get(name, ())

    def renew(self) -> None:
        """Take over what the document says now."""
        self._analysis = self._document.analysis
        self._remarks = by_layer(self._document.findings)
