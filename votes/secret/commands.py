"""The commands `verify`, `credentials`, `trustee` and `ballot` (SPEC S13). Exit 0 fine, 1 refused, 2 unusable input."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from votes.refusal import Refused
from votes.secret.report import findings_json, lines
from votes.secret.verify import Progress, verify_file

PROGRESS_EVERY = 50


def verify_command(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m votes verify",
        allow_abbrev=False,
        description="Check the archive of a secret poll 核验存档. Exit 0: all checks hold; 1: one failed; 2: not an archive.",
    )
    parser.add_argument("file", metavar="FILE.bel")
    parser.add_argument("--earlier", metavar="OLD.bel", help="an earlier copy, which must be contained unchanged")
    parser.add_argument("--head", metavar="HEX", help="the posted fingerprint of the last entry")
    parser.add_argument("--finished", action="store_true", help="also require that there is a result")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh")
    parser.add_argument("--jobs", type=int, default=processors(), help="processes at work")
    options = parser.parse_args(arguments)
    try:
        report = verify_file(
            Path(options.file),
            earlier=None if options.earlier is None else Path(options.earlier),
            head=options.head,
            finished=options.finished,
            jobs=max(1, min(options.jobs, 64)),
            progress=None if options.json else progress_line(),
        )
    except Refused:
        return unusable(options.file, "不是投票存档 / not an archive of a poll")
    except (OSError, ValueError) as error:
        return unusable(options.file, error.strerror or "" if isinstance(error, OSError) else str(error))
    if options.json:
        plain = (
            "utf" not in (sys.stdout.encoding or "").lower()
        )  # what a stream cannot hold must be escaped as JSON does
        text = json.dumps(findings_json(report), ensure_ascii=plain, indent=2)
    else:
        text = "\n".join(lines(report, options.lang))
    with suppress(BrokenPipeError):  # who stops reading changes no verdict
        print(text)
    return 0 if report.ok else 1


def processors() -> int:
    """As many as this process may use, where the system tells."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def unusable(path: str, reason: str) -> int:
    with suppress(OSError):
        print(f"{path}: {reason}", file=sys.stderr)
    return 2


def progress_line() -> Progress | None:
    """A line on the terminal that counts; nothing where nobody looks."""
    if not sys.stderr.isatty():
        return None

    def show(done: int, size: int, ballots: int) -> None:
        if ballots % PROGRESS_EVERY == 0 or done >= size:
            end = "\n" if done >= size else ""
            print(f"\r{100 * done // max(size, 1):3} %  {ballots} 张 / ballots ", end=end, file=sys.stderr, flush=True)

    return show
