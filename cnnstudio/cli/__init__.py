"""The command line: the same engine without a window."""

import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from cnnstudio.core.values.errors import StudioError

_FAILED = 1


def main() -> None:
    """Run the program with the arguments of this process and exit with its status."""
    raise SystemExit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command and return the exit status: 0, 2 for a wrong call, 1 or more for anything else.

    An error is one sentence on standard error; `--debug`, anywhere, shows the traceback too.
    """
    from cnnstudio.cli.commands import app

    words = [word for word in arguments if word != "--debug"]
    debug = len(words) < len(arguments)
    try:
        app(with_command(words), prog_name="cnnstudio")
    except SystemExit as ending:
        return _status(ending)
    except BrokenPipeError:
        _forget_standard_output()
        return _FAILED
    except Exception as error:
        if debug:
            traceback.print_exc()
        sys.stderr.write(f"{_sentence(error)}\n")
        return _FAILED
    return 0


def with_command(words: Sequence[str]) -> list[str]:
    """Say `open` where no command is said: `cnnstudio` and `cnnstudio FILE` open the window."""
    from cnnstudio.cli.commands import command_names

    if words and (words[0].startswith("-") or words[0] in command_names()):
        return list(words)
    mistyped = len(words) > 1 and not Path(words[0]).exists()
    return list(words) if mistyped else ["open", *words]


def _sentence(error: Exception) -> str:
    if isinstance(error, StudioError):
        from cnnstudio.cli.output import printable

        return printable(str(error))
    return f"CNN Studio met an error it did not expect: {error!r}. Run it again with --debug to see where."


def _status(ending: SystemExit) -> int:
    return ending.code if isinstance(ending.code, int) else 0 if ending.code is None else _FAILED


def _forget_standard_output() -> None:
    """Whoever read our output is gone: let nothing try to write to it when the program ends."""
    import os

    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, sys.stdout.fileno())
    os.close(devnull)
