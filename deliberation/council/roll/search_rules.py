"""Looking for a home on the roll by what somebody typed; pure."""

from __future__ import annotations

from collections.abc import Callable

from votes.table import key


def sought(search: str) -> Callable[[str], bool]:
    """Whether a line holds every word of it. The line is read once and no word is looked for twice, however often it was typed: a
    search as long as an address may be takes no longer than any other."""
    words = dict.fromkeys(map(key, search.split()))

    def holds(line: str) -> bool:
        text = key(line)
        return all(word in text for word in words)

    return holds
