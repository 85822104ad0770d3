"""A closed account is nobody's deputy: what it gave and what it held is in force no longer, and the published list says so."""

import pytest

from tests.conftest import Town
from tests.deliberation.ballot import build as polls
from tests.deliberation.ballot.test_proxies import LIST, cast_by_proxy, given, proxies
from tests.deliberation.council.build import verbs
from tests.deliberation.people.build import PASSWORD, with_password

CLOSING = {"current": PASSWORD, "for_good": "1"}


@pytest.mark.parametrize("who", ["owner5", "neighbor"])
def test_proxies_end_with_the_account_of_either_side(town: Town, who: str) -> None:
    assert given(town, "owner5", "neighbor").status == 303
    assert with_password(town, who).post("/account/closing", CLOSING).status == 303
    assert proxies(town)[0].state == "revoked"
    assert "proxy.revoked" in verbs(town)
    assert "水仙里1幢1单元0201" not in polls.signed_in(town, "tenant").get(LIST).text


def test_a_ballot_cast_by_it_stands(town: Town) -> None:
    assert given(town, "owner5", "neighbor").status == 303
    poll_id = polls.opened(town)
    assert cast_by_proxy(town, "neighbor", poll_id, 1).status == 303
    assert with_password(town, "neighbor").post("/account/closing", CLOSING).status == 303
    assert [one.proxy_id for one in polls.ballots(town, poll_id)] == [1]
