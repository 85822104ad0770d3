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

from votes.asked import system_words

COMMANDS = {
    "count": ("votes.cli", "count_command", "计票 / count a poll"),
    "roll": ("votes.cli", "roll_command", "核对名册 / check a roll"),
    "verify": ("votes.secret.commands", "verify_command", "核验秘密表决的存档 / check a secret poll's archive"),
    "trustee": (
        "votes.secret.offline",
        "trustee_command",
        "计票受托人：生成密钥、解开合计 / a trustee's key and decryption",
    ),
    "credentials": ("votes.secret.offline", "credentials_command", "投票凭证 / voting credentials"),
    "ballot": ("votes.secret.offline", "ballot_command", "不用网页制作秘密表决票 / a secret ballot by hand"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started this
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # an old terminal that lacks Chinese must not stop a count
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or given[0] in ("-h", "--help"):
        print("用法：python -m votes 命令 …；每个命令后加 --help 看说明 / python -m votes COMMAND …; each has --help")
        for name, (_, _, help_text) in COMMANDS.items():
            print(f"  {name:11} {help_text}")
        return 0
    if given[0] not in COMMANDS:
        print(
            f"python -m votes: 没有 {given[0]!r} 这个命令，见 --help / there is no command {given[0]!r}; see --help",
            file=sys.stderr,
        )
        return 2
    module, function, _ = COMMANDS[given[0]]
    try:
        command = cast(Callable[[Sequence[str]], int], getattr(importlib.import_module(module), function))
    except ModuleNotFoundError as missing:
        zh = f"这个 Python 没有装 {missing.name}，请用 make demo 装好的 .venv/bin/python"
        print(f"python -m votes: {zh} / {missing.name} is missing: use .venv/bin/python", file=sys.stderr)
        return 2
    code = 0
    try:
        code = command(given[1:])
        print(end="", flush=True)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        pass  # the reader (head, less) has what it wanted; the outcome is what it is
    except (OSError, MemoryError) as error:
        code = 2
        zh, en = system_words(error) if isinstance(error, OSError) else ("内存不够", "out of memory")
        with suppress(OSError):
            print(f"python -m votes: 没有做完：{zh} / stopped: {en}", file=sys.stderr)
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
