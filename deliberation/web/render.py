"""The template environments, one per language: page, fragment and push all render from here."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from deliberation.i18n import dates
from deliberation.i18n.catalog import LANGS, Lang, translations, word

HERE = Path(__file__).parent.parent
STATIC = HERE / "static"


class Renderer:
    def __init__(self) -> None:
        self._environments = {lang: _environment(lang) for lang in LANGS}

    def page(self, template: str, lang: Lang, context: dict[str, Any]) -> str:
        return self._environments[lang].get_template(template).render(context)

    def block(self, template: str, block: str, lang: Lang, context: dict[str, Any]) -> str:
        """One named block of a page: what htmx asks for and what a websocket pushes."""
        found = self._environments[lang].get_template(template)
        return "".join(found.blocks[block](found.new_context(context)))


@cache
def _environment(lang: Lang) -> Environment:
    """Once for each language, however many apps one process makes: compiling the templates takes longer than many pages."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    environment.install_gettext_translations(translations(lang), newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(lang=lang, asset=asset, word=partial(_word, lang), timedelta=timedelta)
    environment.filters.update(
        area=area_text,
        number=lambda value: f"{value:,}",
        moment=lambda value, year=False: dates.moment(value, lang, year=year),
        year=dates.year,
        day=lambda value, year=False: dates.day(value, lang, year=year),
        clock=dates.clock_time,
        span=lambda value: dates.span(value, lang),
        days=lambda count: dates.days(count, lang),
        iso=_iso,
        local_input=lambda value: value.astimezone(dates.LOCAL).strftime("%Y-%m-%dT%H:%M"),
        paragraphs=paragraphs,
        groups_of_four=in_fours,
    )
    return environment


def _word(lang: Lang, section: str, code: str, **facts: object) -> str:
    return word(section, code, lang, **facts)


def _iso(value: datetime | date) -> str:
    return value.isoformat()


def area_text(value: int) -> str:
    """2045942 (0.01 m2) -> "20,459.42"."""
    sign, value = ("-", -value) if value < 0 else ("", value)
    return f"{sign}{value // 100:,}.{value % 100:02d}"


def in_fours(code: str) -> str:
    return " ".join(code[i : i + 4] for i in range(0, len(code), 4))


def paragraphs(text: str) -> Markup:
    """Plain text as typed: blank lines part paragraphs, nothing else has a meaning."""
    parts: Iterable[str] = (part.strip() for part in text.split("\n\n"))
    return Markup("").join(
        Markup("<p>{}</p>").format(Markup("<br>").join(escape(line) for line in part.split("\n")))
        for part in parts
        if part
    )


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("js-default", {"html": False, "linkify": False})


def markdown(text: str) -> Markup:
    """Our own help pages only; residents' words go through `paragraphs`."""
    return Markup(_markdown().render(text))  # noqa: S704 - raw HTML is off in the parser


@cache
def asset(path: str) -> str:
    """The address of a static file with its content's hash, so that it can be cached for ever."""
    body = (STATIC / path).read_bytes()
    return f"/static/{path}?v={hashlib.sha256(body).hexdigest()[:12]}"
