"""Prints the figures that are asked for, or all; with --json as one object for programs to read."""

import json
import os
import platform
import sys
from collections.abc import Callable

from scripts.benchmarks import analysis, browsing, data, editing, fluidity, startup, training
from scripts.benchmarks.measure import Board

BENCHMARKS: dict[str, Callable[[Board], None]] = {
    "startup": startup.report,
    "analysis": analysis.report,
    "training": training.report,
    "data": data.report,
    "browsing": browsing.report,
    "fluidity": fluidity.report,
    "editing": editing.report,
}


def main(arguments: list[str]) -> int:
    as_json, names = "--json" in arguments, [word for word in arguments if word != "--json"]
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"{unknown[0]} is no benchmark. Choose from: {', '.join(BENCHMARKS)}.", file=sys.stderr)
        return 2
    board = Board(quiet=as_json)
    if not as_json:
        print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()}")
    for name in names or BENCHMARKS:
        board.group = name
        if not as_json:
            print(f"\n{name}")
        BENCHMARKS[name](board)
    if as_json:
        print(json.dumps({"figures": [figure.record() for figure in board.figures]}, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
