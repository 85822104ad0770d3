"""Anybody with the files gets the same verdict; a changed record is not counted in silence."""

import hashlib
import html
import io
import json
import re
import shlex
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from sqlmodel import col, select, update

from deliberation.ballot.tables import Ballot
from deliberation.council.tables import Council, RollUnit, Seat
from deliberation.db.tables import Event
from deliberation.decision import queries, rules
from deliberation.decision.tables import Decision
from tests.conftest import Caller, Town
from tests.deliberation.ballot import build as ballot
from tests.deliberation.decision import build


def download(caller: Caller, decision: Decision, folder: Path) -> tuple[Path, Path]:
    paths = []
    for name in ("roll.csv", "ballots.csv"):
        answer = caller.post(f"{build.path(decision)}/{name}")
        assert answer.status == 200
        (folder / name).write_bytes(answer.response.content)
        paths.append(folder / name)
    return paths[0], paths[1]


def counted_by_hand(rule: str, roll: Path, ballots: Path, *options: str) -> dict[str, object]:
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "votes",
            "count",
            "--rule",
            rule,
            "--roll",
            str(roll),
            "--ballots",
            str(ballots),
            "--json",
            *options,
        ],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    found: dict[str, object] = json.loads(run.stdout)
    return found


def record_of(town: Town, decision: Decision) -> dict[str, object]:
    found: dict[str, object] = json.loads(town.as_(None).get(f"{build.path(decision)}/record.json").html)
    return found


def test_the_command_line_gives_the_published_verdict_from_the_downloaded_files(town: Town, tmp_path: Path) -> None:
    decision = build.decided(town, build.e1_choices(), sample=True)
    supervisor = ballot.signed_in(town, "supervisor")
    assert "python -m votes count --rule civil-code-278-major" in supervisor.get(build.path(decision)).text
    roll, ballots = download(supervisor, decision, tmp_path)
    published = record_of(town, decision)
    sealed = published.pop("decision")
    assert counted_by_hand("civil-code-278-major", roll, ballots) == published
    assert isinstance(sealed, dict)
    assert sealed["sha256"] == decision.sha256


def test_the_page_s_own_words_are_enough_in_an_empty_folder_on_another_computer(town: Town, tmp_path: Path) -> None:
    """The program and both lists downloaded, the command copied; nothing of this project is there."""
    decision = build.decided(town, build.e1_choices(), sample=True)
    supervisor = ballot.signed_in(town, "supervisor")
    page = supervisor.get(build.path(decision))
    download(supervisor, decision, tmp_path)
    assert 'href="/votes.zip"' in page.html
    with zipfile.ZipFile(io.BytesIO(town.as_(None).client.get("/votes.zip").content)) as file:
        file.extractall(tmp_path)
    command = re.search(r'<code id="command">(.*?)</code>', page.html)
    assert command
    python, *words = shlex.split(html.unescape(command[1]))
    assert python == "python"
    alone = {"PATH": "", "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=True, cwd=tmp_path, env=alone)
    published = re.search(r"差 209.34", page.text)
    assert published
    assert "差 209.34" in run.stdout
    assert "没有查哪些票晚了" not in run.stdout, "the command names the moment of the close"


def test_it_does_so_too_where_the_compound_counts_invalid_papers_as_taking_part(town: Town, tmp_path: Path) -> None:
    with town.write("moderator") as tx:
        council = tx.session.get_one(Council, town.cast.council_id)
        council.invalid_takes_part = True
        tx.session.add(council)
    poll_id = ballot.opened(town)
    ballot.cast(town, poll_id, {key: choice for key, choice in build.PASSING.items() if key != "Y02"})
    fields = {"slip_no": "1", "room": "水仙里1幢1单元0102", "choice": "invalid", "cast_by": ""}
    town.as_("desk").follow(f"{ballot.PATH}/{poll_id}/paper", fields)
    town.as_("desk2").follow(f"{ballot.PATH}/{poll_id}/paper/1", fields)
    ballot.close(town)
    with town.db.read() as session:
        decision = queries.of_poll(session, town.cast.council_id, poll_id)
    assert decision is not None
    roll, ballots = download(ballot.signed_in(town, "supervisor"), decision, tmp_path)
    row = ballots.read_text("utf-8-sig").splitlines()[-1].split(",")
    assert (row[0], row[1], row[2], row[-1]) == ("Y02", "invalid", "paper", "0001")
    assert row[3].endswith("+08:00")
    published = record_of(town, decision)
    published.pop("decision")
    assert counted_by_hand("civil-code-278-major", roll, ballots, "--invalid-takes-part") == published
    assert queries.verdict_of(decision).totals["invalid"] == {"heads": 1, "area": 10000}
    assert queries.verdict_of(decision).totals["taking_part"] == {"heads": 7, "area": 78050}


def test_the_seal_can_be_computed_again_from_the_public_record_alone(town: Town) -> None:
    decision = build.decided(town, build.PASSING)
    published = record_of(town, decision)
    sealed = published.pop("decision")
    assert isinstance(sealed, dict)
    parts = {name: sealed[name] for name in ("last_ballot", "motion_sha256", "roll_fingerprint", "rule_hash")}
    text = json.dumps({**parts, "verdict": published}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(text.encode()).hexdigest() == sealed["sha256"]


def test_a_cell_that_a_spreadsheet_would_run_is_defused_and_still_read_right(town: Town, tmp_path: Path) -> None:
    with town.write("moderator") as tx:
        tx.session.exec(update(RollUnit).values(note="=1+1", phone="+8613800000000"))
    from deliberation.council.roll import queries as roll_queries

    with town.write("moderator") as tx:
        roll = roll_queries.newest(tx.session, tx.council)
        assert roll is not None
        roll.fingerprint = roll_queries.voting_roll(tx.session, roll.id).fingerprint()
        tx.session.add(roll)
    decision = build.decided(town, build.PASSING)
    roll_file, ballots = download(ballot.signed_in(town, "supervisor"), decision, tmp_path)
    cells = [cell for line in roll_file.read_text("utf-8-sig").splitlines() for cell in line.split(",")]
    assert "\u2060=1+1" in cells
    assert not [cell for cell in cells if cell[:1] in {"=", "+", "-", "@"}]
    published = record_of(town, decision)
    published.pop("decision")
    assert counted_by_hand("civil-code-278-major", roll_file, ballots) == published


def test_the_list_of_choices_goes_to_the_supervisor_alone_and_each_time_is_noted_in_plain_words(town: Town) -> None:
    decision = build.decided(town, build.PASSING)
    expected = {
        "moderator": 403,
        "recorder": 403,
        "desk": 403,
        "supervisor": 200,
        "property": 403,
        "resident": 403,
        "stranger": 404,
        "other_moderator": 404,
    }
    for who, status in expected.items():
        for name in ("roll.csv", "ballots.csv"):
            assert ballot.signed_in(town, who).post(f"{build.path(decision)}/{name}").status == status, (who, name)
    assert town.as_(None).post(f"{build.path(decision)}/ballots.csv").location.startswith("/sign-in")
    with town.db.read() as session:
        noted = session.exec(select(Event.verb).where(col(Event.verb).startswith("decision.took_"))).all()
    assert sorted(noted) == ["decision.took_choices", "decision.took_roll"]
    log = ballot.signed_in(town, "resident").get("/c/jinxiu/log").text
    assert "取出了写有每位业主选择的名单" in log


def test_without_a_supervisor_the_page_says_that_one_must_be_appointed(town: Town) -> None:
    decision = build.decided(town, build.PASSING)
    sentence = "请先任命居务监督"
    assert sentence not in ballot.signed_in(town, "moderator").get(build.path(decision)).text
    with town.write("moderator") as tx:
        tx.session.exec(update(Seat).where(col(Seat.role) == "supervisor").values(until=tx.now))
    assert sentence in ballot.signed_in(town, "moderator").get(build.path(decision)).text


def test_only_a_carried_result_is_called_the_owners_decision(town: Town) -> None:
    said = "业主的共同决定"
    carried = build.decided(town, build.PASSING)
    assert said in town.as_(None).get(build.path(carried)).text


@pytest.mark.parametrize("choices", [{"Y01": "for"}, dict.fromkeys(build.PASSING, "against")])
def test_a_result_that_failed_is_not_called_a_decision(town: Town, choices: dict[str, str]) -> None:
    failed = build.decided(town, choices)
    for page in ("", "/sheet"):
        assert "业主的共同决定" not in town.as_(None).get(build.path(failed) + page).text


@pytest.mark.parametrize("changed", ["ballot", "roll"])
def test_a_poll_whose_records_were_changed_is_not_counted_and_says_so(town: Town, changed: str) -> None:
    poll_id = ballot.opened(town)
    ballot.cast(town, poll_id, build.PASSING)
    with town.write() as tx:
        if changed == "ballot":
            tx.session.exec(update(Ballot).where(Ballot.head_key == "Y07").values(choice="for"))  # type: ignore[arg-type]
        else:
            tx.session.exec(update(RollUnit).where(RollUnit.owner_id == "Y07").values(area=99999))  # type: ignore[arg-type]
    other = ballot.announced(town, title="另一个表决")
    ballot.close(town)
    town.travel(minutes=1)
    with town.db.read() as session:
        assert queries.of_poll(session, town.cast.council_id, poll_id) is None
        told = session.exec(select(Event).where(Event.verb == queries.HELD_BACK)).all()
    assert len(told) == 1
    page = ballot.signed_in(town, "resident").get(f"{ballot.PATH}/{poll_id}/decision")
    assert "暂不计票" in page.text
    assert other > poll_id


def test_a_verdict_for_everybody_tells_what_was_left_out_without_saying_whose() -> None:
    verdict = {
        "held": [{"owner_id": "Y01", "code": "co_owners_disagree", "lines": [2, 3], "area": 10000}],
        "refused": [{"owner_id": "Y02", "code": "duplicate", "line": 4}],
        "valid": True,
    }
    assert rules.without_owners(verdict) == {
        "held": [{"code": "co_owners_disagree", "lines": [2, 3]}],
        "refused": [{"code": "duplicate", "line": 4}],
        "valid": True,
    }


def test_a_closed_poll_leads_to_its_result(town: Town) -> None:
    decision = build.decided(town, build.PASSING)
    path = f"{ballot.PATH}/{decision.poll_id}"
    caller = ballot.signed_in(town, "resident")
    assert caller.get(f"{path}/decision").location == build.path(decision)
    assert f"{path}/decision" in caller.get(path).html
    assert town.as_(None).get(f"/c/other/decisions/{decision.id}").status == 404
