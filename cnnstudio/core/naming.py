"""Names that nobody has."""

import re
from collections.abc import Container


def free_name(stem: str, taken: Container[str]) -> str:
    """The stem itself, or with the next free number behind it: `conv2` after `conv1`."""
    if stem not in taken:
        return stem
    base = re.sub(r"\d+$", "", stem) or stem
    number = 2 if base == stem else 1
    while f"{base}{number}" in taken:
        number += 1
    return f"{base}{number}"
