"""Absurd models and projects: a finding or one sentence, never a crash, a hang or gigabytes of memory."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import h5py
import numpy as np

MEMORY = 3 * 2**30
"""Address space of the process that reads all of it; the libraries alone map nearly one gigabyte."""
_DRIVER = """
import contextlib, io, json, resource, sys
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]),) * 2)
from cnnstudio.cli import run
for call in json.load(sys.stdin):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = run(call)
    print(json.dumps([status, err.getvalue()]))
"""


def _ran(calls: list[list[str]]) -> list[tuple[int, str]]:
    """The status and standard error of each call, all in one process with little memory."""
    ran = subprocess.run(
        [sys.executable, "-c", _DRIVER, str(MEMORY)],
        input=json.dumps(calls),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    answers = [json.loads(line) for line in ran.stdout.splitlines()]
    return [(status, error) for status, error in answers]


def _written(class_name: str, **config: Any) -> dict[str, Any]:
    return {"class_name": class_name, "config": config}


def _conv(**config: Any) -> dict[str, Any]:
    return _written("Conv2D", **{"filters": 2, "kernel_size": 3, "padding": "same", **config})


def _chain(*layers: Any) -> dict[str, Any]:
    return _written("Sequential", layers=[_written("InputLayer", batch_shape=[None, 8, 8, 3]), *layers])


def _functional(*layers: tuple[str, dict[str, Any], list[str]]) -> dict[str, Any]:
    entrance = {**_written("InputLayer", batch_shape=[None, 4], name="x"), "inbound_nodes": []}
    nodes = [
        {**layer, "name": name, "inbound_nodes": [[[source, 0, 0, {}] for source in sources]]}
        for name, layer, sources in layers
    ]
    ends = {"input_layers": [["x", 0, 0]], "output_layers": [[layers[-1][0], 0, 0]]}
    return {"class_name": "Model", "config": {"layers": [entrance, *nodes], **ends}}


def _doubling(levels: int) -> dict[str, Any]:
    """A model that does nothing, used twice by one that is used twice, and so on."""
    entrance = {**_written("InputLayer", batch_shape=[None, 4], name="x"), "inbound_nodes": []}
    config: dict[str, Any] = {"layers": [entrance], "output_layers": [["x", 0, 0]]}
    for _ in range(levels):
        nodes = [[["x", 0, 0, {}]], [["m", 0, 0, {}]]]
        inner = {"class_name": "Model", "name": "m", "config": config, "inbound_nodes": nodes}
        config["input_layers"] = [["x", 0, 0]]
        config = {"layers": [entrance, inner], "output_layers": [["m", 1, 0]]}
    return {"class_name": "Model", "config": {**config, "input_layers": [["x", 0, 0]]}}


REFUSED_MODELS: dict[str, Any] = {
    "negative filters": _chain(_conv(filters=-1)),
    "kernel 0": _chain(_conv(kernel_size=0)),
    "no filters": _chain(_written("Conv2D", kernel_size=3)),
    "a number as text": _chain(_conv(filters="8")),
    "a billion units": _chain(_written("Flatten"), _written("Dense", units=10**9)),
    "a number of 400 digits": _chain(_conv(filters=10**400)),
    "no number": _chain(_written("Dropout", rate=float("nan"))),
    "infinite settings of an unknown class": _chain(_written("Own", size=float("inf"))),
    "an image of 10^18 pixels": _chain(_written("Resizing", height=10**9, width=10**9)),
    "a hundred thousand layers": _chain(*[_conv()] * 100_000),
    "a cycle": _functional(("a", _written("ReLU"), ["b"]), ("b", _written("ReLU"), ["a"])),
    "itself": _functional(("a", _written("ReLU"), ["a"])),
    "models that double": _doubling(30),
    "half a layer": _chain({"class_name": "Conv2D"}),
    "half a letter": _chain(_written("\ud800")),
    "no object": 7,
}
SHOWN_MODELS: dict[str, Any] = {
    "strides beyond all numbers": _chain(*[_conv(strides=100)] * 400),
    "maps that grow without end": _chain(*[_written("UpSampling2D", size=1000)] * 400),
    "thousands of layers of one name": _chain(*[_conv(name="twin")] * 3_000),
    "weights of terabytes": _chain(_written("Flatten"), *[_written("Dense", units=10**6)] * 50),
    "a shape that cannot be": _chain(_written("Reshape", target_shape=[10**9, -1])),
    "a cut that leaves nothing": _chain(_written("Cropping2D", cropping=1000)),
    "joined until it bursts": _functional(
        *[(f"a{i}", _written("Concatenate"), [f"a{i - 1}" if i else "x"] * 2) for i in range(2_000)]
    ),
    "signs that steer a terminal": _chain(_conv(name="a\x1b[31m\x00\ud800")),
    "a name of a million letters": _chain(_conv(name="n" * 10**6)),
    "thousands of unknown layers": _chain(*[_written("Own", numbers=[1] * 100)] * 1_000),
}
REFUSED_TEXTS: dict[str, bytes] = {
    "lists without end": b"[" + b"[]," * 20_000_000 + b"[]]",
    "nesting without end": b"[" * 1_000_000,
    "digits without end": b'{"class_name": "Sequential", "config": [' + b"9" * 1_000_000 + b"]}",
    "nothing": b"",
    "zeros": bytes(1_000),
}


def test_absurd_models_are_refused_in_one_sentence_each(tmp_path: Path) -> None:
    texts = {name: json.dumps(model).encode() for name, model in REFUSED_MODELS.items()} | REFUSED_TEXTS
    for number, text in enumerate(texts.values()):
        (tmp_path / f"{number}.json").write_bytes(text)
    out = tmp_path / "out.cnnstudio"
    calls = [["import", str(tmp_path / f"{number}.json"), "-o", str(out)] for number in range(len(texts))]
    for name, (status, error) in zip(texts, _ran(calls), strict=True):
        assert status == 1, name
        assert error.count("\n") == 1, (name, error)
        assert "did not expect" not in error, name
        assert len(error) < 1_000, name
    assert not out.exists()


def test_absurd_models_that_can_be_written_down_are_shown_with_what_is_wrong(tmp_path: Path) -> None:
    calls = []
    for number, model in enumerate(SHOWN_MODELS.values()):
        source, out = tmp_path / f"{number}.json", str(tmp_path / f"{number}.cnnstudio")
        source.write_text(json.dumps(model))
        calls += [["import", str(source), "-o", out], ["summary", out], ["summary", out, "--json"]]
    answers = _ran(calls)
    for call, (status, error) in zip(calls, answers, strict=True):
        assert status == 0, (call, error[:300])
        assert "\x1b" not in error
        assert call[0] == "import" or error == ""


def _archive(path: Path, content: bytes, packing: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", packing) as archive:
        archive.writestr("config.json", content)
    return path


def _hdf5(path: Path, value: Any) -> Path:
    with h5py.File(path, "w", libver="latest") as file:
        file.attrs["model_config"] = value
    return path


def test_hostile_containers_are_refused_in_one_sentence_each(tmp_path: Path) -> None:
    broken = _archive(tmp_path / "broken.keras", b"{}" * 1_000)
    content = bytearray(broken.read_bytes())
    content[60:70] = b"\xff" * 10
    broken.write_bytes(content)
    files = [
        broken,
        _archive(tmp_path / "swelling.keras", b" " * 100_000_000),
        _archive(tmp_path / "lists.keras", b"[" + b"[]," * 5_000_000 + b"[]]"),
        _archive(tmp_path / "lzma.keras", b"{}", zipfile.ZIP_LZMA),
        _hdf5(tmp_path / "many.h5", np.zeros(20_000_000)),
        _hdf5(tmp_path / "number.h5", 7),
        _hdf5(tmp_path / "list.h5", ["{}", "{}"]),
        _hdf5(tmp_path / "empty.h5", h5py.Empty("f")),
    ]
    out = tmp_path / "out.cnnstudio"
    for file, (status, error) in zip(
        files, _ran([["import", str(file), "-o", str(out)] for file in files]), strict=True
    ):
        assert status == 1, file
        assert error.count("\n") == 1, (file, error)
        assert "did not expect" not in error, (file, error)
    assert not out.exists()


def _project(*layers: dict[str, Any]) -> str:
    stack = [{"type": "Input", "name": "input", "shape": [8, 8, 3]}, *layers]
    return json.dumps({"format": "cnnstudio", "version": 1, "network": {"layers": stack}})


REFUSED_PROJECTS: dict[str, str] = {
    "negative filters": _project({"type": "Conv2D", "name": "c", "filters": -1}),
    "kernel 0": _project({"type": "Conv2D", "name": "c", "kernel_size": [0, 3]}),
    "a billion units": _project({"type": "Dense", "name": "d", "units": 10**9}),
    "a number as text": _project({"type": "Dense", "name": "d", "units": "ten"}),
    "no name": _project({"type": "Dense"}),
    "a hundred thousand layers": _project(
        *[{"type": "Dense", "name": f"d{number}"} for number in range(100_000)]
    ),
    "a cycle": _project(
        {"type": "ReLU", "name": "a", "inputs": ["b"]}, {"type": "ReLU", "name": "b", "inputs": ["a"]}
    ),
    "itself": _project({"type": "ReLU", "name": "a", "inputs": ["a"]}),
    "a missing layer": _project({"type": "ReLU", "name": "a", "inputs": ["nobody"]}),
    "a layer that is no object": _project().replace("}]", "}, []]"),
    "lists without end": '{"format": "cnnstudio", "network": [' + "[]," * 20_000_000 + "[]]}",
    "nesting without end": '{"format": "cnnstudio", "network": ' + "[" * 1_000_000,
}


def test_absurd_projects_are_refused_in_one_sentence_each(tmp_path: Path) -> None:
    for number, text in enumerate(REFUSED_PROJECTS.values()):
        (tmp_path / f"{number}.cnnstudio").write_text(text)
    calls = [["summary", str(tmp_path / f"{number}.cnnstudio")] for number in range(len(REFUSED_PROJECTS))]
    for name, (status, error) in zip(REFUSED_PROJECTS, _ran(calls), strict=True):
        assert status == 1, name
        assert error.count("\n") == 1, (name, error)
        assert "did not expect" not in error, name
        assert len(error) < 1_000, (name, len(error))
