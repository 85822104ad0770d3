"""Where the known answers lie (made with belenios-tool 2.0; the keys among them are throw-away)."""

from pathlib import Path

VECTORS = Path(__file__).parent / "vectors"


def bel(case: str) -> Path:
    """The one archive in a case's folder."""
    (found,) = (VECTORS / case).glob("*.bel")
    return found


def text(case: str, name: str) -> bytes:
    """A file as the archive holds it: without the final newline."""
    return (VECTORS / case / name).read_bytes().removesuffix(b"\n")
