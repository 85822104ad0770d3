"""A compound stands behind one address: what one neighbor sends in a minute keeps nobody else there from signing in, and one
address does not make the council's gateway text the whole town."""

from __future__ import annotations

import pytest

from deliberation.people.actions import create_account, sign_in
from deliberation.people.phone.pages import TEXTS_FROM_ONE
from tests.conftest import Caller, Town
from tests.deliberation.people.test_phone import Gateway, gateway, settings, texts

__all__ = ["gateway", "settings"]
REFUSED = 429


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/sign-in/passkey", {"answer": "{}", "ticket": ""}),
        ("/sign-in/code", {"code": "000000"}),
        ("/invitations/guessed", {"password": "x"}),
        ("/recovery/guessed", {"password": "x"}),
    ],
)
def test_a_hundred_tries_that_fail_leave_the_way_open_for_the_others(
    town: Town, path: str, form: dict[str, str]
) -> None:
    pest = town.as_(None)
    assert REFUSED not in {pest.post(path, form).status for _ in range(100)}


def test_one_address_has_no_more_texts_sent_in_an_hour_than_a_hall_full_of_people_needs(
    town: Town, gateway: Gateway
) -> None:
    most = int(TEXTS_FROM_ONE.partition("/")[0])
    with town.write() as tx:
        accounts = [
            create_account(tx, name="新来", claimed_phone=f"139{number:08d}").id
            for number in range(10_000, 10_005 + most)
        ]
        tokens = [sign_in(tx, one, "tests") for one in accounts]
    answers = [Caller(town.app, token).post("/account/phone/code") for token in tokens]
    assert {one.location for one in answers} == {"/account/phone?said=phone_code_sent"}
    assert len(texts(town, gateway)) == most
