"""What training measures, by name: how each is called and read. A new one is a line here."""

from msgspec import Struct

VALIDATION = "val_"
"""What the name of a metric begins with when it was measured on the held-out images."""


class Metric(Struct, frozen=True):
    """A figure of an epoch. `name` is what Keras's logs, `history.csv` and the command line call it."""

    name: str
    title: str
    is_share: bool = False
    """Whether it goes from 0 to 1 and is read in per cent."""
    higher_is_better: bool = False


METRICS: tuple[Metric, ...] = (
    Metric("loss", "Loss"),
    Metric("accuracy", "Accuracy", is_share=True, higher_is_better=True),
    Metric("iou", "Mean IoU", is_share=True, higher_is_better=True),
    Metric("mae", "Mean absolute error"),
)
_BY_NAME = {metric.name: metric for metric in METRICS}


class Monitor(Struct, frozen=True):
    """The figure that tells the best epoch, and in which direction it is better."""

    name: str = "val_loss"
    higher_is_better: bool = False

    def is_better(self, value: float, than: float | None) -> bool:
        """Whether a value beats the best one so far; any number beats none, NaN beats nothing."""
        if value != value:
            return False
        return than is None or (value > than if self.higher_is_better else value < than)


def metric(name: str) -> Metric:
    """What is known of a metric, `val_` or not; one that nobody knows is a plain number that should fall."""
    plain = name.removeprefix(VALIDATION)
    return _BY_NAME.get(plain) or Metric(plain, plain.replace("_", " ").capitalize())
