"""Prints the figures that are asked for, or all."""

import os
import platform
import sys
from collections.abc import Callable

from scripts.benchmarks import analysis, editing, fluidity, startup, training

BENCHMARKS: dict[str, Callable[[], None]] = {
    "startup": startup.report,
    "analysis": analysis.report,
    "training": training.report,
    "fluidity": fluidity.report,
    "editing": editing.report,
}


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"{unknown[0]} is no benchmark. Choose from: {', '.join(BENCHMARKS)}.", file=sys.stderr)
        return 2
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()}")
    for name in names or BENCHMARKS:
        print(f"\n{name}")
        BENCHMARKS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
