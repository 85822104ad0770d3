"""What pages are held against, on the same server as the app: an async hello, and a page of 30 rows by raw sqlite3 and Jinja2.
python -m bench.beside PORT DATABASE_FILE"""

from __future__ import annotations

import sqlite3
import sys

import jinja2
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from deliberation.cli import server_config

TEMPLATE = """<!doctype html>
<html lang="zh"><head><meta charset="utf-8"><title>{{ title }}</title></head>
<body><h1>{{ title }}</h1><ul>
{% for row in rows %}<li><a href="/matters/{{ row[0] }}">{{ row[1] }}</a> {{ row[2] }} <span>{{ row[3] }}</span></li>
{% endfor %}</ul></body></html>"""
ROWS = "SELECT id, title, category, raised_at FROM proposal WHERE council_id = 1 ORDER BY id DESC LIMIT 30"


def app(database: str) -> Starlette:
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, check_same_thread=False)
    template = jinja2.Environment(autoescape=True).from_string(TEMPLATE)

    async def hello(request: Request) -> Response:
        return PlainTextResponse("hello")

    async def raw(request: Request) -> Response:
        return HTMLResponse(template.render(title="议题", rows=connection.execute(ROWS).fetchall()))

    return Starlette(routes=[Route("/hello", hello), Route("/raw", raw)])


if __name__ == "__main__":
    uvicorn.Server(server_config(app(sys.argv[2]), "127.0.0.1", int(sys.argv[1]))).run()
