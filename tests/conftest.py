"""What every test gets: no screen, a quiet TensorFlow, pure tests first, and nothing left behind."""

import os

# Before the first import of Qt or Keras.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["KERAS_BACKEND"] = "tensorflow"
# As the studio sets it, for tests that import Keras themselves.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import leftovers
from tests.logs import ExpectedLog

STOREYS = ("core", "engine", "gui")
TESTS = Path(__file__).parent

# The machine may be slow: examples are never judged by the clock, and a build machine draws the same ones.
settings.register_profile("studio", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("studio"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "studio")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="also run the tests that take minutes")


def _is_left_out(item: pytest.Item) -> bool:
    """Tell whether a test waits for --long or for a real window system."""
    asked_for = item.config.getoption("--long") or "long" in item.config.getoption("-m")
    if item.get_closest_marker("long") and not asked_for:
        return True
    return item.get_closest_marker("xvfb") is not None and os.environ["QT_QPA_PLATFORM"] != "xcb"


def _storey(item: pytest.Item) -> int:
    """The place of a test in the order: the package itself, core, engine, gui.

    All that need a QApplication come with those of gui. Once there is one, what a test leaves behind is
    looked for among all objects, TensorFlow's million too: a fifth of a second after each test of the engine.
    """
    if "qapp" in getattr(item, "fixturenames", ()):
        return STOREYS.index("gui")
    top = item.path.relative_to(TESTS).parts[0]
    return STOREYS.index(top) if top in STOREYS else -1


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = [item for item in items if _is_left_out(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = sorted((item for item in items if not _is_left_out(item)), key=_storey)


@pytest.fixture(scope="session", autouse=True)
def _own_settings_folder() -> None:
    """Keep the tests away from the settings, caches and recent files of the person who runs them."""
    from PySide6.QtCore import QStandardPaths

    QStandardPaths.setTestModeEnabled(True)


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    """Fail a test that leaves a live thread, timer or visible window.

    Set up first and so torn down last: what another fixture cleans up is not reported.
    """
    before = leftovers.current()
    yield
    if left := leftovers.since(before):
        pytest.fail("left behind: " + ", ".join(left))


@pytest.fixture(autouse=True)
def expected_log(_nothing_left_behind: None) -> Iterator[ExpectedLog]:
    """Fail a test that logs a warning or worse, unless it announced it: `expected_log("pattern")`."""
    with ExpectedLog() as log:
        yield log
    if faults := log.faults():
        pytest.fail("\n".join(faults))
