"""The one exception for "the rules say no" (SPEC 1.4)."""

from __future__ import annotations


class Refused(Exception):
    """A rule refuses. `code` is stable and machine-readable; `facts` are what the sentence needs."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts: dict[str, object] = facts

    def __str__(self) -> str:
        shown = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.code} ({shown})" if shown else self.code
