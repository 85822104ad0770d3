"""Commands: serve, demo, migrate, import-roll, backup, doctor."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import uvicorn

from deliberation.app import create_app
from deliberation.db.engine import Database
from deliberation.db.lock import AlreadyServed, ServerLock
from deliberation.db.migrate import UnknownSchema, migrate
from deliberation.jobs.clock import Clock, SystemClock
from deliberation.people.actions import make_link
from deliberation.people.queries import anybody
from deliberation.settings import Settings, load


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        result: int = options.run(options)
        return result
    except (AlreadyServed, UnknownSchema) as problem:
        print(problem, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="main.py", description="邻里议事会 / the neighbor council's server")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: object, help_text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=help_text)
        made.set_defaults(run=run)
        made.add_argument("--data", type=Path, default=Path("data"), help="the data folder (default: data)")
        made.add_argument("--database", metavar="URL", help="a database other than the SQLite file in the data folder")
        return made

    serve = command("serve", _serve, "start the server")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--base-url", help="the address people use, e.g. https://council.example")
    command("migrate", _migrate, "bring the database to this program's schema")
    return parser


def _settings(options: argparse.Namespace, *, demo: bool = False) -> Settings:
    base_url = getattr(options, "base_url", None)
    if base_url is None and hasattr(options, "port"):
        base_url = f"http://{options.host}:{options.port}"
    return load(options.data, database_url=options.database, base_url=base_url, demo=demo)


def _serve(options: argparse.Namespace) -> int:
    settings = _settings(options)
    return run_server(settings, SystemClock(), options.host, options.port)


def run_server(settings: Settings, clock: Clock, host: str, port: int) -> int:
    _refuse_second_server(settings)
    migrate(settings.database_url)
    _say_first_start(settings, clock)
    print(f"打开 / open: {settings.base_url}", flush=True)
    uvicorn.run(
        create_app(settings, clock),
        host=host,
        port=port,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_max_size=64 * 1024,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=8,
    )
    return 0


def _refuse_second_server(settings: Settings) -> None:
    """Say so before touching the file; the server takes the lock itself when it starts."""
    if settings.database_url.startswith("sqlite"):
        lock = ServerLock(Path(settings.database_url.removeprefix("sqlite:///")))
        lock.take()
        lock.release()


def _say_first_start(settings: Settings, clock: Clock) -> None:
    db = Database(settings.database_url)
    try:
        with db.write(clock.now()) as tx:
            if not anybody(tx.session):
                token = make_link(tx, "setup")
                print(f"第一次启动，请打开此链接设立议事会（只能用一次）/ first start, set up your council here (works once):\n"
                      f"  {settings.base_url}/setup/{token}", flush=True)
    finally:
        db.close()


def _migrate(options: argparse.Namespace) -> int:
    migrate(_settings(options).database_url)
    return 0
