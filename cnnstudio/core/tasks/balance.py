"""What the numbers of pictures of each class mean for what is learned, in words."""

from collections.abc import Sequence

from cnnstudio.core.tasks.class_weights import class_weights

_EVEN, _UNEVEN = 1.1, 3.0
"""How many times as many pictures the largest class has as the smallest."""
_MOST_TOLD = 6


def balance_words(names: Sequence[str], counts: Sequence[int]) -> str:
    """Whether the classes have about as many pictures each, and what it means where they have not."""
    fewest, most = min(counts), max(counts)
    if most == fewest:
        return f"Balanced: {most:,} of every class."
    if most <= _EVEN * fewest:
        return f"Balanced: {fewest:,} to {most:,} of every class."
    if most < _UNEVEN * fewest:
        return f"Nearly balanced: {fewest:,} to {most:,} of every class."
    largest, smallest = names[counts.index(most)], names[counts.index(fewest)]
    return (
        f"Not balanced: {fewest:,} of '{smallest}' to {most:,} of '{largest}'. Who always answers "
        f"'{largest}' is right for {most / sum(counts):.0%}, and the loss hardly notices the rare classes."
    )


def weights_words(names: Sequence[str], counts: Sequence[int]) -> str:
    """How often a picture of each class counts in the loss once the classes are weighed."""
    weights = class_weights(counts)
    pairs = sorted(zip(weights, names, strict=True), key=lambda pair: pair[0])
    each = [f"{weight:.3g} for '{name}'" for weight, name in pairs]
    told = ", ".join(each) if len(each) <= _MOST_TOLD else f"from {each[0]} to {each[-1]}"
    return f"How much a picture counts in the loss: {told}."
