"""Checks of how maps and features follow each other (S codes).

What leaves a layer without a shape is said by the layer itself, as a `LayerError`.
"""

from collections.abc import Iterator

from cnnstudio.core.checks.view import View
from cnnstudio.core.findings import Finding, insertion_fix
from cnnstudio.core.layers import Dense, Flatten, GlobalAveragePooling2D
from cnnstudio.core.shape import shown


def dense_on_a_map(view: View) -> Iterator[Finding]:
    """S02: Dense applied to a map works on its last axis only, which is seldom meant."""
    for row in view.standing(Dense):
        shape = row.input_shapes[0]
        if len(shape) > 1:
            flatten = insertion_fix("Insert Flatten", row.name, Flatten(name="flatten"))
            pooling = insertion_fix(
                "Insert global average pooling", row.name, GlobalAveragePooling2D(name="global_pool")
            )
            yield Finding(
                "S02",
                "warning",
                row.name,
                f"{row.name} (Dense) looks at the last axis only here: a {shown(shape)} map arrives. "
                "Put a Flatten or a global pooling above it.",
                "Keras applies Dense to each position of a map by itself, so pixels never meet.",
                (flatten, pooling) if len(shape) == 3 else (flatten,),
            )
