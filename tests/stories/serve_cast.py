"""A real server process for the browser stories: the tests' cast with passwords, and the demo's clock that can travel.

python -m tests.stories.serve_cast FOLDER PORT
"""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import select

from deliberation.cli import run_server
from deliberation.db.engine import Database
from deliberation.db.migrate import migrate
from deliberation.demo.clock import DemoClock
from deliberation.i18n.dates import LOCAL
from deliberation.people import passwords
from deliberation.people.tables import Account
from deliberation.settings import load
from tests import cast

PASSWORD = "jinxiu2026"
START = datetime(2026, 3, 2, 9, 0, tzinfo=LOCAL)
"""A Monday morning, so that a story does not depend on the hour at which it is run."""


def main(folder: Path, port: int) -> int:
    settings = load(folder, base_url=f"http://127.0.0.1:{port}", demo=True)
    clock = DemoClock(folder)
    if clock.offset == timedelta():
        clock.travel(START - clock.now())
    migrate(settings.database_url)
    db = Database(settings.database_url)
    with db.write(clock.now()) as tx:
        if tx.session.exec(select(Account)).first() is None:
            cast.enter(tx)
            hashed = passwords.make(PASSWORD)
            for account in tx.session.exec(select(Account)):
                account.password_hash = hashed
    db.close()
    return run_server(settings, clock, "127.0.0.1", port)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2])))
