"""Names that nobody has."""

import re
from collections.abc import Iterable


class Names:
    """Hands out names, each once. It remembers how far it counted: many names of one stem take no longer."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._next: dict[str, int] = {}

    def take(self, stem: str) -> str:
        """The stem itself, or with the next free number behind it: `conv2` after `conv1`."""
        name = stem
        if name in self._taken:
            base = re.sub(r"\d+$", "", stem) or stem
            number = self._next.get(base, 2 if base == stem else 1)
            while f"{base}{number}" in self._taken:
                number += 1
            self._next[base] = number + 1
            name = f"{base}{number}"
        self._taken.add(name)
        return name


def free_name(stem: str, taken: Iterable[str]) -> str:
    """One name that nobody of `taken` has, as `Names` gives it."""
    return Names(taken).take(stem)
