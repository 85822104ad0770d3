"""python -m votes: what a secretary, a scrutineer or a court's expert runs without the app (SPEC 8)."""

from __future__ import annotations

import importlib
import io
import os
import sys
from collections.abc import Callable, Sequence
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
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # an old terminal that lacks Chinese must not stop a count
    code = 0
    try:
        code = command(given[1:])
        print(end="", flush=True)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        _drop_the_rest()  # the reader (head, less) has what it wanted; the outcome is what it is
    except (OSError, MemoryError) as error:
        _drop_the_rest()
        why = error.strerror if isinstance(error, OSError) else "out of memory"
        print(f"python -m votes: 没有做完 / stopped: {why}", file=sys.stderr)
        return 2
    return code


def _drop_the_rest() -> None:
    """What is still in the buffer goes nowhere; otherwise the interpreter complains while it closes the stream."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
