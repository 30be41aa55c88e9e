"""Networks to begin with. A new one is a short function and a line here."""

from collections.abc import Callable
from typing import TypeAlias

from msgspec import Struct

from cnnstudio.core.network import Network
from cnnstudio.core.project import Project
from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.project.sources import Included
from cnnstudio.core.project.training import TrainingSettings
from cnnstudio.core.tasks import AnyTask, Classification, Reconstruction, Segmentation
from cnnstudio.core.templates.autoencoder import autoencoder
from cnnstudio.core.templates.deep import fully_convolutional, inception, resnet, vgg
from cnnstudio.core.templates.simple import dense, lenet, one_conv, two_conv
from cnnstudio.core.templates.transfer import CLOTHES, transfer
from cnnstudio.core.templates.unet import unet
from cnnstudio.core.values.errors import StudioError
from cnnstudio.core.values.facts import DataFacts
from cnnstudio.core.values.shape import Shape

Build: TypeAlias = Callable[[Shape, int], Network]


class Template(Struct, frozen=True):
    """A network for any size of images and any number of classes; `key` is its name on the command line."""

    key: str
    title: str
    description: str
    build: Build
    """Takes the shape of a sample and the last axis of the output; StudioError for a shape it cannot take."""
    classes: int = 10
    """How many classes it has when nobody says."""
    is_for_any_data: bool = True
    """Whether it is offered with the classes of the chosen data; not where their number is its point."""
    start_from: str | None = None
    """The weights its layers begin with, as `TrainingSettings.start_from` names them."""
    task: AnyTask = Classification()
    """What it is made for."""
    data: DataChoice = DataChoice()
    """What it learns from when nobody says; none for most."""

    def project(self, shape: Shape, classes: int, data: DataChoice | None = None) -> Project:
        """A project that begins with it, over these data or its own; raises what `build` does."""
        training = TrainingSettings(loss=self.task.losses[0], start_from=self.start_from)
        return Project(
            network=self.build(shape, self._outputs(shape, classes)),
            task=self.task,
            data=data or self.data,
            training=training,
        )

    def _outputs(self, shape: Shape, classes: int) -> int:
        """The last axis of the output: a share for each class, for each and the ground, or the channels."""
        names = tuple(str(number) for number in range(classes))
        return self.task.outputs(DataFacts("", shape, names, 0, 0, (0.0, 255.0), has_masks=True))


TEMPLATES: tuple[Template, ...] = (
    Template(
        "dense-3",
        "Dense, three classes",
        "784-10-10-3: two layers of ten units, and an output for each of three digits.",
        dense,
        classes=3,
        is_for_any_data=False,
        data=DataChoice(source=Included(), classes=("0", "1", "2"), limit=50),
    ),
    Template("dense-10", "Dense", "Two layers of ten units, and an output for each class.", dense),
    Template("one-conv", "One convolution", "Ten 3 x 3 kernels on the image, then the classes.", one_conv),
    Template("two-conv", "Two convolutions", "Ten kernels on the image, and ten on their maps.", two_conv),
    Template(
        "lenet-5", "LeNet-5", "The network that read bank cheques in 1998, with tanh and mean pooling.", lenet
    ),
    Template("vgg", "VGG-like", "Pairs of 3 x 3 convolutions; filters double as maps halve.", vgg),
    Template("resnet", "Small ResNet", "Residual blocks: each adds something to what came in.", resnet),
    Template(
        "inception",
        "Mini Inception",
        "Kernels of several sizes look at the same map side by side.",
        inception,
    ),
    Template(
        "unet",
        "Small U-Net",
        "Down and up again with arcs across: a class for each pixel.",
        unet,
        task=Segmentation(),
    ),
    Template(
        "autoencoder",
        "Autoencoder",
        "Down to a few numbers and up again: the picture itself is what it learns to give.",
        autoencoder,
        task=Reconstruction(),
    ),
    Template(
        "fully-convolutional",
        "Fully convolutional",
        "No Dense at all: takes images of any size, also other ones than it was trained on.",
        fully_convolutional,
    ),
    Template(
        "transfer",
        "Transfer learning",
        "Kernels learned on other pictures, frozen; only a new Dense learns your classes.",
        transfer,
        start_from=CLOTHES,
    ),
)


def template(key: str) -> Template:
    """The template of that name; StudioError when there is none."""
    for one in TEMPLATES:
        if one.key == key:
            return one
    known = ", ".join(one.key for one in TEMPLATES)
    raise StudioError(f"There is no template '{key}'. Choose one of {known}.")
