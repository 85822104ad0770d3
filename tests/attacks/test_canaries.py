"""G15: words that are nowhere else are put in as secrets, over HTTP; then everything that is kept or said is searched."""

from __future__ import annotations

import logging
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from deliberation import upkeep
from deliberation.db.engine import Database
from deliberation.meeting import queries
from tests.conftest import Answer, Caller, Town
from tests.deliberation.ballot import build as ballots
from tests.deliberation.ballot import test_proxies as proxies
from tests.deliberation.council import slips
from tests.deliberation.council import test_recovery as recoveries
from tests.deliberation.council.build import JOINING
from tests.deliberation.people import build
from tests.deliberation.people import test_second_step as second_steps

C = "/c/jinxiu"
PASSWORDS = [f"canary-password-{name}-7f3a91" for name in ("joined", "chosen", "changed", "guessed", "as-a-name")]
CHOICE = "canary-choice-7f3a91"


def go_through(town: Town, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], list[Answer]]:
    """The secrets that were made meanwhile, and the answers that told of trouble."""
    joined, chosen, changed, guessed, as_name = PASSWORDS
    said: list[Answer] = []
    newcomer = Caller(town.app, None)
    newcomer.post(f"{C}/join", {**JOINING, "password": joined, "again": joined})
    said.append(newcomer.post(f"{C}/join", {**JOINING, "password": joined, "again": joined + "x"}))
    slip = town.as_("moderator").post(f"{C}/people/{town.cast.ids['resident']}/link").html
    link = re.search(r"/invitations/([\w-]+)", slip)
    assert link is not None
    owner = Caller(town.app, None)
    # The page of a link stands at the link's own address, so it may name it.
    refused = owner.post(f"/invitations/{link[1]}", {"password": chosen, "again": chosen + "x"})
    assert chosen not in refused.html
    assert owner.post(f"/invitations/{link[1]}", {"password": chosen, "again": chosen}).status == 303
    said.append(owner.post("/account/password", {"current": guessed, "password": changed, "again": changed}))
    assert owner.post("/account/password", {"current": chosen, "password": changed, "again": changed}).status == 303
    for _ in range(12):
        said.append(Caller(town.app, None).post("/sign-in", {"identifier": as_name, "password": guessed}))
    said.append(owner.get(f"{C}/work"))

    poll = ballots.opened(town)
    voter = ballots.signed_in(town, "owner")
    said.append(voter.post(f"{ballots.PATH}/{poll}/casting", {"choice": CHOICE}))
    said.append(voter.post(f"{ballots.PATH}/{poll}/casting", {"choice": "for", "csrf": CHOICE}))
    said += broken(town, voter, monkeypatch, f"{ballots.PATH}/{poll}/casting")
    assert voter.post(f"{ballots.PATH}/{poll}/casting", {"choice": "for"}).status == 303
    tokens = [one.client.cookies.get("sign-in") or "" for one in (owner, voter)]
    assert all(tokens)
    return [link[1], *tokens], said


def broken(town: Town, voter: Caller, monkeypatch: pytest.MonkeyPatch, casting: str) -> list[Answer]:
    """A page that breaks, and a database that cannot be written."""

    def fails(*_: object, **__: object) -> Any:
        raise RuntimeError("broken on purpose")

    def full(*_: object, **__: object) -> Any:
        raise OperationalError(
            "INSERT", {"choice": CHOICE}, sqlite3.OperationalError("disk full"), hide_parameters=True
        )

    cookies = voter.client.cookies
    client = TestClient(town.app, base_url="http://127.0.0.1", raise_server_exceptions=False, cookies=cookies)
    with monkeypatch.context() as patch:
        patch.setattr(queries, "meetings", fails)
        answers = [Answer(client.get(f"{C}/meetings"))]
        patch.setattr(Database, "write", full)
        answers.append(voter.post(casting, {"choice": "against", "told": CHOICE}))
    assert [one.status for one in answers] == [500, 503]
    return answers


def test_canaries_stand_in_no_log_no_page_of_trouble_no_dump_and_no_backup(
    town: Town,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.INFO)
    # The test's own browser tells the addresses it opens; the server never does.
    caplog.set_level(logging.WARNING, "httpx2")
    made, said = go_through(town, monkeypatch)
    secrets = [*PASSWORDS, *made]
    places = searched(town, tmp_path, caplog, capfd)
    assert "an act could not be written" in places["log"], "the search would find something"
    assert "谢玉志" in places["dump"]
    # What was typed where it belongs is shown again to who typed it: a name, never a password.
    pages = "\n".join(one.html for one in said)
    places["pages of trouble"] = pages.replace(PASSWORDS[4], "")
    assert found_in(places, [*secrets, CHOICE]) == []


def searched(
    town: Town, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> dict[str, str]:
    """All that is kept or said."""
    copy = upkeep.backup(town.site.settings, tmp_path / "copies", town.now)
    with closing(sqlite3.connect(copy)) as database:
        dump = "\n".join(database.iterdump())
    out, err = capfd.readouterr()
    return {
        "log": "\n".join([caplog.text, *(str(one.exc_info or "") for one in caplog.records), out, err]),
        "dump": dump,
        "backup": copy.read_bytes().decode("utf-8", "replace"),
        "write-ahead log": b"".join(one.read_bytes() for one in tmp_path.glob("council.db*")).decode(
            "utf-8", "replace"
        ),
        "journal": town.as_("tenant").get(f"{C}/log.jsonl").html,
    }


def found_in(places: dict[str, str], secrets: list[str]) -> list[str]:
    return [f"{place}: {secret}" for place, text in places.items() for secret in secrets if secret in text]


def test_what_opens_a_home_or_an_account_is_kept_nowhere_either(
    town: Town,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Codes on slips, the secret of a second step, codes on paper, the link of a way back in."""
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.WARNING, "httpx2")
    slips.no_pdf(monkeypatch)
    slips.roll_with_phones(town)
    codes = slips.released(town)
    used, unused = codes["0901"], codes["0902"]
    said = [slips.used(town, used, tail="0000", name="方静淑")]
    assert slips.used(town, used).status == 303

    own, shown = second_steps.begun(town, build.with_password(town, "desk"))
    paper = second_steps.paper_of(shown)
    half_way = second_steps.half_way(town)
    said.append(half_way.post("/sign-in/code", {"code": paper[0][:-1] + "?"}))
    assert half_way.post("/sign-in/code", {"code": paper[0]}).status == 303

    assert recoveries.begin(town, "recorder").status == 303
    link = recoveries.link_of(recoveries.confirm(town))
    town.as_(None).post(link, {**recoveries.NEW, "again": "another-one-7f3a91"})
    assert town.as_(None).post(link, recoveries.NEW).status == 303
    said.append(town.as_(None).get(link))

    assert len(paper) == 8
    secrets = [own, *paper, link.rpartition("/")[2], recoveries.NEW["password"]]
    for code in (used, unused):
        secrets += [code, code.replace(" ", "")]
    places = searched(town, tmp_path, caplog, capfd)
    assert "方静淑" in places["dump"]
    assert found_in(places, secrets) == []
    # A code mistyped is shown again to who typed it.
    pages = "\n".join(one.text for one in said).replace(used, "")
    assert found_in({"pages of trouble": pages}, secrets) == []


def test_whom_a_written_proxy_names_stands_in_no_log_and_on_no_list(
    town: Town, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO)
    assert proxies.recorded(town, holder_name="卡娜瑞").status == 303
    assert town.as_("recorder").post(f"{proxies.LIST}/1/confirmation").status == 303
    places = searched(town, tmp_path, caplog, capfd)
    assert "卡娜瑞" in places["dump"]
    read = {"log": places["log"], "journal": places["journal"], "list": town.as_("tenant").get(proxies.LIST).text}
    assert "0201" in read["list"]
    assert found_in(read, ["卡娜瑞", "王淑英"]) == []


def test_no_log_joins_an_address_with_a_ballot(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    poll = ballots.opened(town)
    voter = ballots.signed_in(town, "owner")
    caplog.clear()
    assert voter.post(f"{ballots.PATH}/{poll}/casting", {"choice": "for"}).status == 303
    assert [one.getMessage() for one in caplog.records if one.name.startswith("deliberation")] == []
    assert build.PASSWORD not in caplog.text
