"""Reading a file somebody names on the command line: never endless, never waiting (SPEC 8.3)."""

from __future__ import annotations

import stat
from pathlib import Path

from votes.asked import system_words
from votes.rows import MAX_BYTES


class CannotRead(Exception):
    """What to print on the error stream before leaving with 2."""


def read_file(path: str) -> bytes:
    """At most one byte more than is allowed, so that what is too large is seen to be so."""
    try:
        if not stat.S_ISREG(Path(path).stat().st_mode):
            raise CannotRead(f"{path}: 不是普通文件 / not a regular file")
        with Path(path).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        zh, en = system_words(error) if isinstance(error, OSError) else ("文件名不对", str(error))
        raise CannotRead(f"{path}: 打不开：{zh} / cannot be opened: {en}") from None
