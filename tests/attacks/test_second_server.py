"""One server for one database file, whatever name the file is called by."""

from pathlib import Path

import pytest

from deliberation.db.lock import AlreadyServed, ServerLock


def test_a_link_to_the_same_file_is_the_same_file(tmp_path: Path) -> None:
    real, other = tmp_path / "council.db", tmp_path / "elsewhere"
    real.write_bytes(b"")
    other.mkdir()
    (other / "alias.db").symlink_to(real)
    first, second = ServerLock(real), ServerLock(other / "alias.db")
    first.take()
    try:
        with pytest.raises(AlreadyServed):
            second.take()
    finally:
        second.release()
        first.release()
