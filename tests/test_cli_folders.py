"""Folders of pictures on the command line: what is told of them, and pictures of more than 8 bits."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnnstudio.cli import run
from tests.folders import class_folders, write_picture

OWN = "The validation and test pictures are the folder's own; no share is held out."
PASSED = "Passed over: 1 hidden and 1 picture outside of the class folders."


def test_the_split_and_what_is_passed_over_are_told_when_it_is_chosen_and_trained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pets, out = tmp_path / "pets", tmp_path / "made.cnnstudio"
    for part, count in (("train", 10), ("val", 6), ("test", 4)):
        class_folders(pets / part, {"cat": count, "dog": count})
    write_picture(pets / "loose.png")
    (pets / "train" / "cat" / ".DS_Store").write_bytes(b"")
    assert run(["new", "--template", "one-conv", "--data", str(pets), "-o", str(out)]) == 0
    counts = "pets: 20 training, 12 validation, 8 test images of 2 classes."
    assert capsys.readouterr().err.splitlines() == [counts, OWN, PASSED]
    assert run(["train", str(out), "--out", str(tmp_path / "run"), "--epochs", "1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("20 images to train on, 12 to validate;")
    assert lines[1:3] == [OWN, PASSED]
    assert run(["train", str(out), "--out", str(tmp_path / "json"), "--epochs", "1", "--json"]) == 0
    started = json.loads(capsys.readouterr().out.splitlines()[0])
    assert (started["training_images"], started["validation_images"]) == (20, 12)
    assert started["remarks"] == [OWN, PASSED]


def test_a_picture_is_asked_about_with_the_levels_of_those_that_were_learned(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    random, out = np.random.default_rng(0), tmp_path / "made.cnnstudio"
    for name, level in (("dark", 400), ("light", 3600)):
        (tmp_path / "cells" / name).mkdir(parents=True)
        for number in range(6):
            values = random.normal(level, 100, (12, 12)).clip(0, 4095).astype(np.uint16)
            Image.fromarray(values).save(tmp_path / "cells" / name / f"{number}.png")
    assert run(["new", "--template", "one-conv", "--data", str(tmp_path / "cells"), "-o", str(out)]) == 0
    assert "whole numbers from 0 (black) to 4,095 (white)" in capsys.readouterr().err
    assert run(["train", str(out), "--out", str(tmp_path / "run"), "--epochs", "1", "--json"]) == 0
    dim = np.linspace(0, 200, 144).astype(np.uint16).reshape(12, 12)
    Image.fromarray(dim).save(tmp_path / "deep.png")
    Image.fromarray(np.rint(dim / 4095 * 255).astype(np.uint8)).save(tmp_path / "shallow.png")
    capsys.readouterr()
    pictures = [str(tmp_path / name) for name in ("deep.png", "shallow.png")]
    assert run(["predict", str(tmp_path / "run"), *pictures, "--json"]) == 0
    deep, shallow = json.loads(capsys.readouterr().out)
    assert deep["classes"] == shallow["classes"]
