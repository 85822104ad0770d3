"""The command `verify` (SPEC S13.1). Exit 0: all checks hold; 1: one failed; 2: not an archive."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from votes.asked import Asked, system_words
from votes.printed import print_json
from votes.refusal import Refused
from votes.secret.report import findings_json, lines
from votes.secret.verify import Progress, verify_file

PROGRESS_EVERY = 50
VERIFY_HELP = """\
核验秘密表决的存档。最后一行是结论；退出码 0：全部成立，1：有一项不成立，2：不是存档。
Check the archive of a secret poll. Exit 0: all checks hold; 1: one failed; 2: not an archive."""
NOT_AN_ARCHIVE = "不是投票存档，请核对是不是扩展名为 .bel 的那个文件 / not an archive of a poll"


def verify_command(arguments: Sequence[str]) -> int:
    parser = Asked("python -m votes verify", description=VERIFY_HELP)
    parser.add_argument("file", metavar="FILE.bel", help="主持表决的人公布的存档文件 / the poll's archive")
    help_text = "您以前存下的副本，查有没有丢票换票 / an earlier copy, which must be contained unchanged"
    parser.add_argument("--earlier", metavar="OLD.bel", help=help_text)
    help_text = "公告栏张贴的校验码，64 个字母和数字 / the posted fingerprint of the last entry"
    parser.add_argument("--head", metavar="HEX", help=help_text)
    help_text = "同时要求已有结果 / also require that there is a result"
    parser.add_argument("--finished", action="store_true", help=help_text)
    parser.add_argument("--json", action="store_true", help="给程序读的 JSON 格式 / machine-readable")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="输出的语言 / language of the output")
    help_text = "同时用几个进程 / processes at work"
    parser.add_argument("--jobs", type=int, default=processors(), help=help_text)
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
        return unusable(options.file, NOT_AN_ARCHIVE)
    except (OSError, ValueError) as error:
        return unusable(options.file, reason(error))
    with suppress(BrokenPipeError):  # nobody reads on, yet the exit code is awaited
        if options.json:
            print_json(findings_json(report))
        else:
            print("\n".join(lines(report, options.lang)))
    return 0 if report.ok else 1


def processors() -> int:
    """Those we may use, where the system can tell."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def reason(error: OSError | ValueError) -> str:
    return " / ".join(system_words(error)) if isinstance(error, OSError) else f"文件名不对 / {error}"


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
