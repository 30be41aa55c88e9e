"""The value of a field while a person writes it."""

from typing import Generic, TypeVar

T = TypeVar("T")


class Draft(Generic[T]):
    """What is taken of a value that is being written, and what it goes back to when the rest is refused.

    The order of events: a value from outside is shown, which begins a gesture; every text that can be read
    on the way is taken; one that is refused gives back all that the gesture took, for `1e9` is not meant as
    the 1 that it begins with; the end of the gesture makes what is taken the value that the next one goes
    back to. Values that are edited together may differ (`is_mixed`): any one that is taken is another then.
    """

    def __init__(self, value: T, is_mixed: bool = False) -> None:
        self._taken = self._before = (value, is_mixed)
        self.refused = ""
        """Why what is written was not taken, as a sentence; empty when it was."""

    @property
    def value(self) -> T:
        """The value as it was last shown, taken or given back; of several that differ the last."""
        return self._taken[0]

    @property
    def is_mixed(self) -> bool:
        """Whether the values that are edited together differ."""
        return self._taken[1]

    def show(self, value: T, is_mixed: bool = False) -> bool:
        """Begin a gesture at a value from outside; tell whether the field has to be written anew.

        A text that means that value already may stay as it is, such as 0.50 for 0.5.
        """
        is_written = (value, is_mixed) == self._taken and not (is_mixed or self.refused)
        self._taken = self._before = (value, is_mixed)
        self.refused = ""
        return not is_written

    def take(self, value: T) -> bool:
        """Take what is written; tell whether that is another value."""
        last, self._taken = self._taken, (value, False)
        self.refused = ""
        return self._taken != last

    def refuse(self, reason: str) -> bool:
        """Give back what the gesture took; tell whether that is another value."""
        last, self._taken = self._taken, self._before
        self.refused = reason
        return self._taken != last

    def end(self) -> None:
        """End the gesture: what is refused from now on gives back nothing that was taken until now."""
        self._before = self._taken
