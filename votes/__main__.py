"""python -m votes: what a secretary, a scrutineer or a court's expert runs without the app (SPEC 8)."""

from __future__ import annotations

import importlib
import io
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import cast

COMMANDS = {
    "count": ("votes.cli", "count_command", "count a poll 计票"),
    "roll": ("votes.cli", "roll_command", "check a roll 核对名册"),
    "verify": ("votes.secret.commands", "verify_command", "check a secret poll's archive 核验存档"),
    "trustee": ("votes.secret.offline", "trustee_command", "a trustee's key and decryption 受托人"),
    "credentials": ("votes.secret.offline", "credentials_command", "voting credentials 投票凭证"),
    "ballot": ("votes.secret.offline", "ballot_command", "a secret ballot by hand 表决票"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or given[0] in ("-h", "--help"):
        print("python -m votes COMMAND …; each has --help")
        for name, (_, _, help_text) in COMMANDS.items():
            print(f"  {name:11} {help_text}")
        return 0
    if given[0] not in COMMANDS:
        print(f"python -m votes: there is no command {given[0]!r}; see --help", file=sys.stderr)
        return 2
    module, function, _ = COMMANDS[given[0]]
    command = cast(Callable[[Sequence[str]], int], getattr(importlib.import_module(module), function))
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started this
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # an old terminal that lacks Chinese must not stop a count
    code = 0
    try:
        code = command(given[1:])
        print(end="", flush=True)
    except BrokenPipeError:
        pass  # the reader (head, less) has what it wanted
    except (OSError, MemoryError) as error:
        code = 2
        why = error.strerror if isinstance(error, OSError) else "out of memory"
        with suppress(OSError):
            print(f"python -m votes: 没有做完 / stopped: {why}", file=sys.stderr)
    finally:
        _drop_the_rest()
    return code


def _drop_the_rest() -> None:
    """What nobody takes any more goes nowhere; otherwise the interpreter changes the exit code while it closes the stream."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


if __name__ == "__main__":
    sys.exit(main())
