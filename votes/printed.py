"""What a command prints for machines, on whatever stream (SPEC 8.3)."""

from __future__ import annotations

import json
import sys


def print_json(value: object) -> None:
    """On a stream that is not UTF-8 letters are escaped as JSON does: the stream's own way, such as \\xe9, is no JSON."""
    escaped = "utf" not in (sys.stdout.encoding or "").lower()
    print(json.dumps(value, ensure_ascii=escaped, indent=2))
