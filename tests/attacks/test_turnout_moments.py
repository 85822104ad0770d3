"""Turnout is shown in steps of ten minutes so that nobody can tell a neighbor's moment: the journal must not tell it either."""

import json

from tests.conftest import Town
from tests.deliberation.ballot import build


def test_the_journal_does_not_tell_the_moment_of_a_single_ballot_while_the_poll_is_open(town: Town) -> None:
    poll_id = build.opened(town)
    build.later(town, minutes=3, seconds=17)
    moment = town.now.isoformat()
    build.signed_in(town, "owner").post(f"{build.PATH}/{poll_id}/casting", {"choice": "for"})
    lines = build.signed_in(town, "tenant").get("/c/jinxiu/log.jsonl").html.splitlines()
    cast = [json.loads(line) for line in lines if "ballot.cast" in line]
    assert all(event["at"] != moment for event in cast)
