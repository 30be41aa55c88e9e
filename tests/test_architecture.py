"""Imports go gui -> engine -> core and cli -> engine -> core; slow libraries only inside functions."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import Struct

PACKAGE = Path(__file__).resolve().parent.parent / "cnnstudio"
CORE_LIBRARIES = {"msgspec", "numpy", "pydantic", "pydantic_core"}
QT = ("PySide6", "shiboken6", "pyqtgraph")
SLOW = ("keras", "tensorflow")
PAGES = [file.parent.name for file in PACKAGE.glob("gui/pages/*/page.py")]
FORBIDDEN = {
    "engine": ("cnnstudio.gui", "cnnstudio.cli", *QT),
    "gui": ("cnnstudio.cli", "h5py", *SLOW),
    "cli": QT,
    "": ("cnnstudio.engine", "cnnstudio.gui", *QT, *SLOW),
}


class Import(Struct, frozen=True):
    """One imported name, absolute, and whether it is imported as soon as the file is."""

    name: str
    line: int
    at_once: bool

    def within(self, *packages: str) -> bool:
        return any(self.name == package or self.name.startswith(f"{package}.") for package in packages)


def _is_function(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)


def _nodes(node: ast.AST, at_once: bool = True) -> Iterator[tuple[ast.AST, bool]]:
    """Yield every node below, each with whether it runs when the module is imported."""
    for child in ast.iter_child_nodes(node):
        yield child, at_once
        yield from _nodes(child, at_once and not _is_function(child))


def _absolute(node: ast.ImportFrom, package: str) -> str:
    """The module that an import statement in a file of `package` takes its names from."""
    parents = package.split(".")
    base = parents[: len(parents) - node.level + 1] if node.level else []
    return ".".join([*base, *([node.module] if node.module else [])])


def _names(node: ast.AST, package: str) -> list[str]:
    match node:
        case ast.Import():
            return [alias.name for alias in node.names]
        case ast.ImportFrom():
            return [f"{_absolute(node, package)}.{alias.name}" for alias in node.names]
        case ast.Call(
            func=ast.Name(id="__import__" | "import_module") | ast.Attribute(attr="import_module"),
            args=[ast.Constant(value=str(name)), *_],
        ):
            return [name]
        case _:
            return []


def imports(source: str, package: str) -> list[Import]:
    """What a file of `package` imports, inside functions and by name included."""
    return [
        Import(name, getattr(node, "lineno", 0), at_once)
        for node, at_once in _nodes(ast.parse(source))
        for name in _names(node, package)
    ]


def _in_core(found: Import) -> str | None:
    top = found.name.partition(".")[0]
    if top in sys.stdlib_module_names or top in CORE_LIBRARIES or found.within("cnnstudio.core"):
        return None
    return "core needs only the standard library, NumPy, pydantic and msgspec"


def _sideways(module: str, found: Import) -> str | None:
    pages = [f"cnnstudio.gui.pages.{page}" for page in PAGES]
    own = [page for page in pages if Import(module, 0, True).within(page)]
    others = [page for page in pages if page not in own]
    return "pages do not import each other" if own and found.within(*others) else None


def _reason(module: str, found: Import) -> str | None:
    """Why `module` may not import this, or None where it may."""
    storey = [*module.split("."), ""][1]
    storey = storey if storey in {"core", *FORBIDDEN} else ""
    if storey == "core" and (why := _in_core(found)):
        return why
    if found.within(*FORBIDDEN.get(storey, ())):
        return f"not allowed in {storey or 'the package itself'}"
    if found.at_once and found.within(*SLOW):
        return "slow: import it inside a function"
    if storey == "cli" and found.at_once and found.within("cnnstudio.gui"):
        return "the command line imports the window inside a function only"
    return _sideways(module, found)


def breaches(module: str, source: str, *, is_package: bool = False) -> list[str]:
    """One line for each import in the source of `module` that breaks a rule."""
    package = module if is_package else module.rpartition(".")[0]
    return [
        f"{module}:{found.line} imports {found.name}: {why}"
        for found in imports(source, package)
        if (why := _reason(module, found))
    ]


def _breaches_of(path: Path) -> list[str]:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    is_package = parts[-1] == "__init__"
    module = ".".join(parts[:-1] if is_package else parts)
    return breaches(module, path.read_text(encoding="utf-8"), is_package=is_package)


def test_every_import_goes_down() -> None:
    files = sorted(PACKAGE.rglob("*.py"))
    assert {"core", "engine", "gui"} <= {path.parent.name for path in files}
    assert [line for path in files for line in _breaches_of(path)] == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("cnnstudio.core.shape", "import PySide6"),
        ("cnnstudio.core.shape", "from PIL import Image"),
        ("cnnstudio.core.shape", "import cnnstudio"),
        ("cnnstudio.core.shape", "from ..engine import runs"),
        ("cnnstudio.core.layers.dense", "from ...engine.runs import Run"),
        ("cnnstudio.core.shape", "def f():\n    import keras"),
        ("cnnstudio.core.shape", "if TYPE_CHECKING:\n    import h5py"),
        ("cnnstudio.core.shape", "from .. import engine"),
        ("cnnstudio.engine.runs", "from PySide6.QtCore import QThread"),
        ("cnnstudio.engine.runs", "from cnnstudio import gui"),
        ("cnnstudio.engine.runs", "from cnnstudio.cli import main"),
        ("cnnstudio.engine.runs", "import keras"),
        (
            "cnnstudio.engine.runs",
            "try:\n    import tensorflow as tf\nexcept ImportError:\n    tf = None",
        ),
        ("cnnstudio.engine.runs", "class A:\n    import keras"),
        ("cnnstudio.engine.runs", "import importlib\nimportlib.import_module('pyqtgraph')"),
        ("cnnstudio.gui.app", "def f():\n    import tensorflow"),
        ("cnnstudio.gui.app", "def f():\n    def g():\n        from keras.layers import Dense"),
        ("cnnstudio.gui.app", "import h5py"),
        ("cnnstudio.gui.app", "f = lambda: __import__('keras')"),
        ("cnnstudio.gui.pages.builder.page", "from cnnstudio.gui.pages.train.page import TrainPage"),
        ("cnnstudio.gui.pages.builder.page", "from ..inspector import page"),
        ("cnnstudio.gui.pages.builder.page", "from .. import data"),
        ("cnnstudio.cli", "from cnnstudio.gui.app import main"),
        ("cnnstudio.cli", "def f():\n    import PySide6"),
        ("cnnstudio.cli", "import keras"),
        ("cnnstudio.__main__", "from cnnstudio.gui import app"),
    ],
)
def test_a_planted_breach_is_found(module: str, source: str) -> None:
    assert len(breaches(module, source)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("cnnstudio.core.shape", "import math, numpy as np\nfrom pydantic import BaseModel"),
        ("cnnstudio.core.layers.dense", "from ..shape import Shape\nfrom cnnstudio.core import errors"),
        (
            "cnnstudio.engine.runs",
            "import h5py\nfrom ..core.shape import Shape\ndef f():\n    import keras",
        ),
        ("cnnstudio.gui.app", "from PySide6 import QtCore\nfrom .builder.page import BuildPage"),
        ("cnnstudio.gui.pages.builder.page", "from ..widgets import form\nfrom .stack import Stack"),
        ("cnnstudio.gui.database", "from cnnstudio.gui.pages.data import page"),
        ("cnnstudio.cli", "from cnnstudio.engine import runs\ndef f():\n    from cnnstudio.gui import app"),
        ("cnnstudio.__main__", "from cnnstudio.cli import main"),
    ],
)
def test_what_is_allowed_is_not_reported(module: str, source: str) -> None:
    assert breaches(module, source) == []


def test_a_relative_import_is_seen_from_the_package_in_its_init_file() -> None:
    assert breaches("cnnstudio.gui.pages.builder", "from ..train import page", is_package=True) != []
    assert breaches("cnnstudio.gui.pages.builder", "from .train import page", is_package=True) == []


FIRST_PAINT = """
import sys
from PySide6.QtCore import QEvent, QObject
from cnnstudio.gui.window.app import create_window, make_application

class Watch(QObject):
    painted = False
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and not Watch.painted:
            Watch.painted = True
            slow = {"keras", "tensorflow", "numpy", "h5py", "PIL", "pyqtgraph", "psutil"}
            print(",".join(sorted(slow & set(sys.modules))) or "none", flush=True)
        return False

app = make_application()
window = create_window(app)
watch = Watch()
window.pages.build.stack.viewport().installEventFilter(watch)
window.show()
while not Watch.painted:
    app.processEvents()
"""


def test_the_window_is_painted_before_any_slow_library_is_imported(tmp_path: Path) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(tmp_path)}
    ran = subprocess.run(
        [sys.executable, "-c", FIRST_PAINT],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env=environment,
    )
    assert ran.stdout.strip() == "none"


def test_the_window_leaves_pythons_own_import_in_its_place() -> None:
    code = (
        "import builtins; own = builtins.__import__; import cnnstudio.gui; print(builtins.__import__ is own)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert ran.stdout.strip() == "True"
