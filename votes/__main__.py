"""python -m votes: what a secretary, a scrutineer or a court's expert runs without the app (SPEC 8)."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Sequence
from typing import cast

COMMANDS = {
    "count": ("votes.cli", "count_command", "count a poll 计票"),
    "roll": ("votes.cli", "roll_command", "check a roll 核对名册"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or given[0] in ("-h", "--help"):
        print("python -m votes COMMAND …; each has --help")
        for name, (_, _, help_text) in COMMANDS.items():
            print(f"  {name:8} {help_text}")
        return 0
    if given[0] not in COMMANDS:
        print(f"python -m votes: there is no command {given[0]!r}; see --help", file=sys.stderr)
        return 2
    module, function, _ = COMMANDS[given[0]]
    command = cast(Callable[[Sequence[str]], int], getattr(importlib.import_module(module), function))
    return command(given[1:])


if __name__ == "__main__":
    sys.exit(main())
