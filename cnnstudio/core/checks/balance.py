"""Checks of the data themselves: how many images each class has (C14)."""

from collections.abc import Iterator

from cnnstudio.core.analysis.findings import Finding, Fix
from cnnstudio.core.checks.context import CheckContext
from cnnstudio.core.project import Project
from cnnstudio.core.values.words import counted

_UNEVEN, _VERY_UNEVEN = 3, 10
"""How many times as many images the largest class has as the smallest."""


def classes_not_balanced(context: CheckContext) -> Iterator[Finding]:
    """C14: a class has many times as many images to learn from as another, and all count the same.

    Where each place of a picture has a class of its own, the class of the picture says nothing.
    """
    facts = context.facts
    if facts is None or not facts.class_counts or context.project.task.tells_of_places:
        return
    counts = {name: row[0] for name, row in zip(facts.class_names, facts.class_counts, strict=True)}
    most, fewest = max(counts, key=lambda name: counts[name]), min(counts, key=lambda name: counts[name])
    if counts[most] < _UNEVEN * counts[fewest] or counts[most] == counts[fewest]:
        return
    if context.project.training.class_weights:
        return
    share = counts[most] / sum(counts.values())
    yield Finding(
        "C14",
        "warning" if counts[most] >= _VERY_UNEVEN * counts[fewest] else "advice",
        None,
        f"The classes are not balanced: {counted(counts[most], 'image')} of '{most}' and "
        f"{counts[fewest]:,} of '{fewest}'. Weigh the classes alike, or add images of the rare ones, and "
        "look at "
        "the figures of each class rather than at the accuracy.",
        f"Whoever always answers '{most}' is right for {share:.0%} of the images, and the loss, a mean over "
        "all of them, hardly notices the rare ones (He and Garcia 2009, "
        '"Learning from Imbalanced Data", section 2).',
        (Fix("Weigh the classes alike", _weighed),),
    )


def _weighed(project: Project) -> Project:
    return project.with_training(project.training.model_copy(update={"class_weights": True}))
