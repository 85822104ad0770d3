"""What is asked for on the command line, and the help for it, in Chinese first (SPEC 8.3)."""

from __future__ import annotations

import argparse
import errno
import re
from typing import NoReturn

_MISTAKES = (
    (r"the following arguments are required: (.*)", r"还缺 \1"),
    (r"unrecognized arguments: (.*)", r"不认识 \1"),
    (r"(?:argument (.*): )?invalid choice: (.*) \(choose from (.*)\)", r"\1 不能写 \2，只能写 \3"),
    (r"argument (.*): expected one argument", r"\1 后面还要写内容"),
    (r"argument (.*): invalid int value: (.*)", r"\1 要写整数，不能写 \2"),
)
_SYSTEM = {
    errno.ENOENT: "没有这个文件或文件夹，请核对名称和所在的文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.ENAMETOOLONG: "文件名太长",
    errno.ENOSPC: "磁盘满了",
    errno.EROFS: "这里只能读，不能写",
}


class Asked(argparse.ArgumentParser):
    """No guessing of shortened options; headings and mistakes in both languages."""

    def __init__(self, prog: str | None = None, **given: object) -> None:
        raw = argparse.RawDescriptionHelpFormatter
        super().__init__(prog, add_help=False, allow_abbrev=False, formatter_class=raw, **given)  # type: ignore[arg-type]
        self._positionals.title = "要写的内容 / positional arguments"
        self._optionals.title = "选项 / options"
        self.add_argument("-h", "--help", action="help", help="显示这份说明 / show this help")

    def format_help(self) -> str:
        return super().format_help().replace("usage:", "用法 / usage:", 1)

    def error(self, message: str) -> NoReturn:
        """Only the sentence: the usage of a dozen options would bury it."""
        found = ((re.fullmatch(pattern, message), words) for pattern, words in _MISTAKES)
        chinese = next((each.expand(words).strip() for each, words in found if each), "写法不对")
        self.exit(2, f"{self.prog}: {chinese}；用法见 --help / {message}; see --help\n")


def system_words(error: OSError) -> tuple[str, str]:
    """Why the system refuses, in both languages."""
    english = error.strerror or ""
    return _SYSTEM.get(error.errno or 0, english), english
