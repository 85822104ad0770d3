"""One server for one SQLite file: a second one would hold its own idea of who may write."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import IO


class AlreadyServed(Exception):
    def __init__(self, path: Path) -> None:
        super().__init__(
            f"另一个程序正在使用 {path}，请先停止它。/ Another server is already using {path}: stop it first."
        )


class ServerLock:
    """Held as long as the process lives; the system lets go of it even after a kill."""

    def __init__(self, database: Path) -> None:
        # By its own name: a link to the file is the same file.
        real = database.resolve()
        self._path = real.with_name(real.name + ".lock")
        self._file: IO[str] | None = None

    def take(self) -> None:
        file = self._path.open("a")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            raise AlreadyServed(self._path.with_name(self._path.name.removesuffix(".lock"))) from None
        self._file = file

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
