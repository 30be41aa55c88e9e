"""Bringing Keras and TensorFlow in: late, quietly, and set to give the same numbers again."""

import ctypes
import logging
import os
import re
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeAlias

KerasModel: TypeAlias = Any
"""A `keras.Model`. Keras is imported inside functions only, and carries no types."""

KERAS_LOCK = threading.RLock()
"""Held while seeds are set and weights are drawn: both use random numbers of the whole process."""

_LIBRARIES = ("libtensorflow_framework.so.2", "libtensorflow_cc.so.2")
_CHATTER = re.compile(r"^([IWE]\d{4} |\d{4}-\d\d-\d\d .*: [IWE] |WARNING: All log messages before absl)")
_STANDARD_ERROR = 2


def load_keras() -> Any:
    """The module `keras`, imported on the first call (seconds) in whatever thread asks.

    TensorFlow is told to say nothing below an error, and to compute with deterministic operations:
    measured, they cost nothing on a processor, and without them a graphics card rounds differently
    from run to run. A start seed is set, because random operations refuse to run without one then.
    """
    with KERAS_LOCK:
        if not _Loaded.done:
            _prepare_environment()
            load_library()
            with _quiet_standard_error():
                _import_deterministic()
            _Loaded.done = True
        import keras

        return keras


class _Loaded:
    done = False


def _prepare_environment() -> None:
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # TensorFlow leaves these kernels out on processors without AVX-512, and computes no dilated transposed
    # convolution there: a project that trains on one machine would not on another.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")


def _import_deterministic() -> None:
    import keras
    import tensorflow as tf

    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    tf.config.experimental.enable_op_determinism()
    keras.utils.set_random_seed(0)
    # Devices are looked for on first use, and what is not found is complained of: let it be now.
    tf.config.list_logical_devices()


def load_library() -> None:
    """Load TensorFlow's shared library without holding the interpreter's lock.

    An import holds the lock for the whole time the library is mapped, and a window would stand still
    for a third of a second. `dlopen` called as a foreign function lets other threads run meanwhile.
    Does nothing where the library is not found: the import then does it all.
    """
    found = find_spec("tensorflow") if sys.platform == "linux" and "tensorflow" not in sys.modules else None
    if found is None or found.origin is None:
        return
    dlopen = ctypes.CDLL(None).dlopen
    dlopen.argtypes, dlopen.restype = (ctypes.c_char_p, ctypes.c_int), ctypes.c_void_p
    with _quiet_standard_error():
        for name in _LIBRARIES:
            path = Path(found.origin).with_name(name)
            if path.is_file():
                dlopen(os.fsencode(path), os.RTLD_NOW | os.RTLD_LOCAL)


@contextmanager
def _quiet_standard_error() -> Iterator[None]:
    """Hold back what is written to standard error, and afterwards let through all but library chatter.

    TensorFlow's C++ log writes two lines before any setting can reach it.
    """
    with tempfile.TemporaryFile() as held:
        original = os.dup(_STANDARD_ERROR)
        os.dup2(held.fileno(), _STANDARD_ERROR)
        try:
            yield
        finally:
            os.dup2(original, _STANDARD_ERROR)
            os.close(original)
            held.seek(0)
            _pass_on(held.read().decode(errors="replace"))


def _pass_on(text: str) -> None:
    kept = [line for line in text.splitlines(keepends=True) if line.strip() and not _CHATTER.match(line)]
    if kept:
        os.write(_STANDARD_ERROR, "".join(kept).encode())
