"""Layers that mix the pictures of a batch, and one-hot labels with them, in each training step."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from cnnstudio.core.layers.augmentation import RandomImages, Seeded, shown_range
from cnnstudio.core.layers.settings import UpwardRange


class _Mixing(Seeded, RandomImages):
    mixes_labels = True
    takes_data_format = True


class MixUp(_Mixing):
    """Lays another picture of the batch over each one, and mixes their labels alike (Zhang et al. 2018).
    Harms where a faint second picture is what tells the classes apart.
    """

    title = "MixUp"
    icon = "combine"
    type: Literal["MixUp"] = "MixUp"
    alpha: Annotated[
        float,
        Field(gt=0, le=100, title="Alpha", description="How evenly two are mixed: near 0 hardly."),
    ] = 0.2

    def details(self) -> str:
        return f"alpha {self.alpha:g}"


class CutMix(_Mixing):
    """Puts a part of another picture of the batch into each one, and mixes their labels by its area (Yun et
    al. 2019). Harms where the class hangs on a small part, which may be covered.
    """

    title = "CutMix"
    icon = "puzzle"
    keras_defaults: ClassVar[Mapping[str, Any]] = {"factor": 1.0}
    type: Literal["CutMix"] = "CutMix"
    factor: Annotated[
        UpwardRange,
        Field(title="Alpha", description="Bounds of how evenly the parts are shared: near 0 one hardly."),
    ] = (0.0, 1.0)

    def details(self) -> str:
        return shown_range(self.factor)
