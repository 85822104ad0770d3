"""Texts in two languages: sentences from .po files (one per step), coded things from words/*.toml."""

from __future__ import annotations

import gettext
import io
import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")
HERE = Path(__file__).parent


@cache
def translations(lang: Lang) -> gettext.NullTranslations:
    """English is the source text; Chinese is compiled from zh/*.po when the program starts."""
    if lang == "en":
        return gettext.NullTranslations()
    merged = Catalog(locale="zh_Hans_CN")
    for path in sorted((HERE / "zh").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="zh_Hans_CN"):
                if message.id:
                    merged.add(message.id, message.string, context=message.context)
    compiled = io.BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@cache
def words() -> dict[str, dict[str, tuple[str, str]]]:
    """section -> code -> (Chinese, English); e.g. words()["refusal"]["too_long"]."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for path in sorted((HERE / "words").glob("*.toml")):
        for section, entries in tomllib.loads(path.read_text("utf-8")).items():
            into = found.setdefault(section, {})
            for code, pair in entries.items():
                if code in into:
                    raise ValueError(f"{path.name}: {section}.{code} is said twice")
                chinese, english = pair
                into[code] = (chinese, english)
    return found


def word(section: str, code: str, lang: Lang, **facts: object) -> str:
    """The words for a code, with facts filled in: word("role", "moderator", "zh") -> "主持人"."""
    pair = words()[section][code]
    text = pair[0] if lang == "zh" else pair[1]
    return text.format(**facts) if facts else text
