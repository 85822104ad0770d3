"""Commands: serve, demo, migrate, import-roll, backup, doctor."""

from __future__ import annotations

import argparse
import os
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from deliberation import upkeep
from deliberation.app import create_app
from deliberation.council.queries import all_councils, seats
from deliberation.council.roll.actions import keep
from deliberation.council.roll.queries import newest
from deliberation.council.roll.upload_actions import take
from deliberation.council.rules import Role
from deliberation.db.engine import Database
from deliberation.db.lock import AlreadyServed, ServerLock
from deliberation.db.migrate import UnknownSchema, migrate
from deliberation.demo.accounts import demo_sign_ins, say_accounts
from deliberation.demo.clock import DemoClock
from deliberation.demo.load import load_sample
from deliberation.jobs.clock import Clock, SystemClock
from deliberation.people.actions import make_link
from deliberation.people.queries import anybody, by_identifier
from deliberation.settings import BadSetting, Settings, load
from deliberation.web import noted
from deliberation.web.forms import Upload
from deliberation.web.render import area_text
from deliberation.web.site import DemoSignIn
from deliberation.web.slow import Patience
from votes.roll import Roll as VotingRoll
from votes.roll import Unusable

DEMO_FILES = ("council.db", "council.db-wal", "council.db-shm", "demo-clock")
"""What `demo --fresh` throws away; anything else in the folder is somebody's own."""


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        result: int = options.run(options)
        return result
    except (AlreadyServed, UnknownSchema, NoFolder, BadSetting) as problem:
        print(problem, file=sys.stderr)
        return 1


class NoFolder(Exception):
    def __init__(self, folder: Path, problem: OSError) -> None:
        super().__init__(
            f"数据文件夹 {folder} 不能读写：{problem.strerror}。/ The data folder {folder} cannot be used: {problem.strerror}."
        )


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= 65535:
        raise argparse.ArgumentTypeError("端口是 1 到 65535 之间的数 / a port is a number from 1 to 65535")
    return int(text)


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
    serve.add_argument("--port", type=_port, default=8000)
    serve.add_argument("--base-url", help="the address people use, e.g. https://council.example")
    demo = command("demo", _demo, "start a sample council that anybody can try")
    demo.set_defaults(data=Path("data/demo"))
    demo.add_argument("--host", default="127.0.0.1")
    demo.add_argument("--port", type=_port, default=8000)
    demo.add_argument("--fresh", action="store_true", help="throw the earlier demo away and begin anew")
    command("migrate", _migrate, "bring the database to this program's schema")
    roll = command("import-roll", _import_roll, "read a roll file (.csv or .xlsx) into a council")
    roll.add_argument("file", type=Path)
    roll.add_argument("--council", required=True, metavar="NAME", help="the council's short name in its address")
    roll.add_argument(
        "--by",
        required=True,
        metavar="PHONE",
        help="phone or sign-in name of the moderator or recorder who answers for it",
    )
    copy = command("backup", _backup, "copy the database, also while the server runs")
    copy.add_argument("--to", type=Path, default=Path("backups"), help="the folder for the copy (default: backups)")
    command("doctor", _doctor, "check what must always hold; exit 1 when something does not")
    return parser


def _settings(options: argparse.Namespace, *, demo: bool = False) -> Settings:
    base_url = getattr(options, "base_url", None) or os.environ.get("BASE_URL")
    if base_url is None and hasattr(options, "port"):
        base_url = f"http://{options.host}:{options.port}"
    try:
        return load(options.data, database_url=options.database, base_url=base_url, demo=demo)
    except OSError as problem:
        raise NoFolder(options.data, problem) from problem


def _serve(options: argparse.Namespace) -> int:
    settings = _settings(options)
    return run_server(settings, SystemClock(), options.host, options.port)


def run_server(
    settings: Settings, clock: Clock, host: str, port: int, demo_accounts: tuple[DemoSignIn, ...] = ()
) -> int:
    _refuse_second_server(settings)
    if _port_taken(host, port):
        print(
            f"{port} 端口已被占用，请换一个，例如 PORT={port + 1} / port {port} is taken, choose another",
            file=sys.stderr,
        )
        return 1
    migrate(settings.database_url)
    _say_first_start(settings, clock)
    print(f"打开 / open: {settings.base_url}", flush=True)
    app = create_app(settings, clock)
    app.state.site.demo_accounts = demo_accounts
    noted.to_stderr()
    uvicorn.Server(server_config(app, host, port)).run()
    return 0


def server_config(app: Starlette, host: str, port: int) -> uvicorn.Config:
    """A proxy before it may say where a request comes from only when it stands on this very machine."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http=Patience,
        loop="uvloop",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_max_size=64 * 1024,
        proxy_headers=True,
        forwarded_allow_ips="127.0.0.1",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=8,
    )


def _port_taken(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def _refuse_second_server(settings: Settings) -> None:
    """Say so before touching the file; the server takes the lock itself when it starts."""
    with _alone(settings):
        pass


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """No server runs on this file meanwhile."""
    if not settings.database_url.startswith("sqlite"):
        yield
        return
    path = Path(settings.database_url.removeprefix("sqlite:///"))
    lock = ServerLock(path)
    try:
        lock.take()
    except OSError as problem:
        raise NoFolder(path.parent, problem) from problem
    try:
        yield
    finally:
        lock.release()


def _say_first_start(settings: Settings, clock: Clock) -> None:
    db = Database(settings.database_url)
    try:
        with db.write(clock.now()) as tx:
            if not anybody(tx.session):
                token = make_link(tx, "setup")
                print(
                    f"第一次启动，请打开此链接设立议事会（只能用一次）/ first start, set up your council here (works once):\n"
                    f"  {settings.base_url}/setup/{token}",
                    flush=True,
                )
    finally:
        db.close()


def _demo(options: argparse.Namespace) -> int:
    """The sample council is loaded at the first start and kept, with its clock, for the next ones."""
    if options.fresh and (options.data / "council.db").exists():
        _refuse_second_server(_settings(options, demo=True))
        for name in DEMO_FILES:
            (options.data / name).unlink(missing_ok=True)
    settings = _settings(options, demo=True)
    _refuse_second_server(settings)
    migrate(settings.database_url)
    clock = DemoClock(settings.data_dir)
    load_sample(settings, clock)
    say_accounts(settings)
    return run_server(settings, clock, options.host, options.port, demo_sign_ins())


def _migrate(options: argparse.Namespace) -> int:
    settings = _settings(options)
    with _alone(settings):
        migrate(settings.database_url)
    return 0


def _import_roll(options: argparse.Namespace) -> int:
    from deliberation.council.roll.differences import read_file

    settings = _settings(options)
    try:
        body = options.file.read_bytes()
        voting = read_file(options.file.name, body)
    except OSError as problem:
        print(problem, file=sys.stderr)
        return 2
    except Unusable as problem:
        for one in problem.problems:
            print(one.sentence("zh"), "/", one.sentence("en"), file=sys.stderr)
        return 2
    with _alone(settings):
        migrate(settings.database_url)
        db = Database(settings.database_url)
        try:
            return _keep_roll(db, voting, body, options)
        finally:
            db.close()


def _keep_roll(db: Database, voting: VotingRoll, body: bytes, options: argparse.Namespace) -> int:
    """A council's first roll is kept; a later one waits in the app for a second person, as if it had been uploaded there."""
    with db.write(SystemClock().now()) as tx:
        council = next((one for one in all_councils(tx.session) if one.slug == options.council), None)
        account = by_identifier(tx.session, options.by)
        if council is None or account is None:
            print("没有这个议事会或账号 / no such council or account", file=sys.stderr)
            return 2
        held = {seat.role for seat in seats(tx.session, council.id) if seat.account_id == account.id}
        if not held & {Role.MODERATOR, Role.RECORDER}:
            print(
                f"{account.name} 不是这个议事会的主持人或记录人 / {account.name} is no moderator or recorder of this council",
                file=sys.stderr,
            )
            return 2
        tx.council_id, tx.actor_id = council.id, account.id
        if newest(tx.session, council.id) is not None:
            take(tx, Upload(options.file.name, body), None)
            print(
                "已有名册：新的要由另一位主持人或记录人在“名册”一页核对确认 / there is a roll already: "
                "another moderator or recorder confirms the new one under “The roll”"
            )
            return 0
        roll = keep(tx, voting, file_name=options.file.name)
        print(f"{roll.units} 套 units, {roll.heads} 人 heads, {area_text(roll.area)} m2, {roll.fingerprint}")
    return 0


def _backup(options: argparse.Namespace) -> int:
    try:
        print(upkeep.backup(_settings(options), options.to, SystemClock().now()))
    except (OSError, ValueError) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def _doctor(options: argparse.Namespace) -> int:
    healthy = True
    for check in upkeep.doctor(_settings(options)):
        print(f"{'ok  ' if check.ok else 'BAD '} {check.name}: {check.detail}", flush=True)
        healthy = healthy and check.ok
    return 0 if healthy else 1
