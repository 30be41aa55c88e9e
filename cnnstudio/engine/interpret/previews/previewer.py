"""The pictures of all layers, worked out anew only where something changed."""

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from cnnstudio.core.analysis import Analysis, analyze
from cnnstudio.core.analysis.rows import Row
from cnnstudio.core.layers import Family, Layer
from cnnstudio.core.project.data import DataChoice
from cnnstudio.core.values.shape import Shape
from cnnstudio.engine import data as datasets
from cnnstudio.engine.data.images import Pixels
from cnnstudio.engine.interpret.choices import PictureChoice
from cnnstudio.engine.interpret.pictures import fitted_to, read_picture
from cnnstudio.engine.interpret.previews.applying import Applied, KerasLayer, apply_layer
from cnnstudio.engine.interpret.previews.limits import Budget, Limits
from cnnstudio.engine.interpret.previews.picture import Floats, Preview, Source, Sources, preview_of
from cnnstudio.engine.interpret.previews.trained import Stamp, TrainedWeights
from cnnstudio.engine.training.layer_matching import names_in_files
from cnnstudio.engine.training.stopping import ShouldStop, StopRequested, never

_log = logging.getLogger(__name__)
_PIXEL_FAMILIES: tuple[Family, ...] = ("io", "preprocessing", "augmentation")

Apply: TypeAlias = Callable[..., Applied]


class Request(Struct, frozen=True, eq=False):
    """A network as analysed, the project's data, trained weights, and the picture that goes through it.

    Without a picture it is the first one to learn from.
    """

    analysis: Analysis
    choice: DataChoice
    weights: Path | None = None
    picture: PictureChoice | None = None


class _Signal(Struct, frozen=True, eq=False):
    """What leaves a layer. The same object stands for the same numbers."""

    values: Floats
    sources: Sources
    is_pixels: bool


class _Entry(Struct, frozen=True, eq=False):
    """A layer that was worked out, with what it was worked out from."""

    layer: Layer
    arriving: tuple[_Signal, ...]
    stamp: Stamp | None
    signal: _Signal | None
    preview: Preview | None
    made: KerasLayer | None = None


class Previewer:
    """Keeps what leaves each layer from one call to the next. One thread at a time may call it."""

    def __init__(
        self,
        limits: Limits | None = None,
        apply: Apply = apply_layer,
        first_image: Callable[[DataChoice], Pixels] = datasets.first_image,
    ) -> None:
        self._limits, self._apply, self._first_image = limits or Limits(), apply, first_image
        self._entries: dict[str, _Entry] = {}
        self._closed: Analysis | None = None
        self._source: tuple[DataChoice, PictureChoice | None, Shape] | None = None
        self._sample: Floats | None = None

    def pictures(self, request: Request, should_stop: ShouldStop = never) -> dict[str, Preview] | None:
        """Pictures by layer name; `None` when stopped, which is asked between layers.

        Layers that are disabled, without a shape, below a break or beyond the limits have none, and no
        layer has one while the sample does not fit the Input. Imports Keras (seconds, the first time) and
        blocks. StudioError when the picture cannot be read.
        """
        try:
            sample = self._sample_of(request, should_stop)
        except StopRequested:
            return None
        analysis = self._fitting(request.analysis.active, sample)
        if analysis is None:
            return {}
        with TrainedWeights(request.weights) as trained:
            entries = self._walk(analysis, sample, trained, should_stop)
        if entries is None:
            return None
        self._entries = entries
        return {name: entry.preview for name, entry in entries.items() if entry.preview is not None}

    def _sample_of(self, request: Request, should_stop: ShouldStop) -> Floats:
        source = request.choice, request.picture, request.analysis.network.input.shape
        if self._sample is None or source != self._source:
            self._sample = _floats(self._pixels_of(request, should_stop))
            self._source = source
        return self._sample

    def _pixels_of(self, request: Request, should_stop: ShouldStop) -> Pixels:
        if request.picture is None:
            return self._first_image(request.choice)
        picture = read_picture(request.picture, request.choice, should_stop)
        return fitted_to(picture, request.analysis.network.input.shape, request.choice)

    def _fitting(self, analysis: Analysis, sample: Floats) -> Analysis | None:
        """The analysis with the sample's size where the Input leaves one open."""
        entrance = analysis.network.input
        if entrance.shape == sample.shape:
            return analysis
        fits = len(entrance.shape) == sample.ndim and all(
            size in (None, there) for size, there in zip(entrance.shape, sample.shape, strict=True)
        )
        if not fits:
            return None
        closed = analysis.network.replaced(entrance.name, entrance.updated(shape=sample.shape))
        self._closed = analyze(closed, self._closed)
        return self._closed

    def _walk(
        self, analysis: Analysis, sample: Floats, trained: TrainedWeights, should_stop: ShouldStop
    ) -> dict[str, _Entry] | None:
        budget = Budget(self._limits)
        names = names_in_files(analysis.network)
        entries: dict[str, _Entry] = {}
        for row in analysis.rows:
            if should_stop():
                # What is done already is done for the next call.
                self._entries.update(entries)
                return None
            if not row.inputs:
                entries[row.name] = self._entrance(row, sample)
                continue
            entry = self._entry(row, names[row.name], entries, trained, budget)
            if entry is not None:
                entries[row.name] = entry
        return entries

    def _entrance(self, row: Row, sample: Floats) -> _Entry:
        before = self._entries.get(row.name)
        signal = self._settled(row.name, sample, frozenset(), True)
        if before is not None and before.signal is signal:
            return before
        return _Entry(row.layer, (), None, signal, preview_of(sample, frozenset(), True))

    def _entry(
        self,
        row: Row,
        names: Sequence[str],
        entries: Mapping[str, _Entry],
        trained: TrainedWeights,
        budget: Budget,
    ) -> _Entry | None:
        arriving = _arriving(row, entries)
        if arriving is None or not budget.spend_on(row):
            return None
        match = trained.match(names, row.weights)
        stamp = trained.stamp if match else None
        before = self._entries.get(row.name)
        if before is not None and _holds(before, row.layer, arriving, stamp):
            return before
        if not budget.has_time:
            return None
        made = before.made if before and _fits(before, row.layer, arriving, stamp) else None
        read = partial(trained.read, match) if match else None
        values = [signal.values for signal in arriving]
        try:
            applied = self._apply(row.layer, values, read, made)
        except Exception as error:  # Keras raises whatever it likes, and a picture is no reason to fail.
            _log.debug("no picture of %s: %s", row.name, error)
            return _Entry(row.layer, arriving, stamp, None, None)
        return self._done(row, arriving, stamp, applied, budget.keeps(row))

    def _done(
        self, row: Row, arriving: tuple[_Signal, ...], stamp: Stamp | None, applied: Applied, keeps: bool
    ) -> _Entry:
        example = applied.example
        own: set[Source] = {"trained" if stamp else "untrained"} if row.weights else set()
        sources = frozenset(own.union(*[signal.sources for signal in arriving]))
        is_pixels = row.layer.family in _PIXEL_FAMILIES and all(signal.is_pixels for signal in arriving)
        shown = applied.output if example is None else example
        preview = preview_of(shown, sources, is_pixels, example is not None)
        signal = self._settled(row.name, applied.output, sources, is_pixels)
        return _Entry(row.layer, arriving, stamp, signal, preview, applied.made if keeps else None)

    def _settled(self, name: str, values: Floats, sources: Sources, is_pixels: bool) -> _Signal:
        """The signal of before where the numbers are the same: then nothing below has to change."""
        before = self._entries.get(name)
        signal = before.signal if before else None
        if (
            signal is not None
            and (signal.sources, signal.is_pixels) == (sources, is_pixels)
            and np.array_equal(signal.values, values)
        ):
            return signal
        return _Signal(values, sources, is_pixels)


def _arriving(row: Row, entries: Mapping[str, _Entry]) -> tuple[_Signal, ...] | None:
    """What arrives at a layer that stands; `None` where something is missing or no class makes it."""
    if not row.stands or row.layer.family == "custom":
        return None
    signals = [entries[name].signal for name in row.inputs if name in entries]
    present = tuple(signal for signal in signals if signal is not None)
    return present if len(present) == len(row.inputs) else None


def _holds(before: _Entry, layer: Layer, arriving: tuple[_Signal, ...], stamp: Stamp | None) -> bool:
    same = len(before.arriving) == len(arriving) and all(
        old is new for old, new in zip(before.arriving, arriving, strict=True)
    )
    return same and before.stamp == stamp and (before.layer is layer or before.layer == layer)


def _fits(before: _Entry, layer: Layer, arriving: tuple[_Signal, ...], stamp: Stamp | None) -> bool:
    """Whether the layer made then can be applied again, to other values of the same shape."""
    shapes = [signal.values.shape for signal in arriving]
    same = [signal.values.shape for signal in before.arriving] == shapes
    return same and before.stamp == stamp and before.layer == layer


def _floats(pixels: NDArray[np.uint8]) -> Floats:
    return pixels.astype(np.float32)
