"""What a moderator left behind in an account they had opened opens it no more once the second person has handed out the key."""

import re

from sqlmodel import select

from deliberation.council import queries
from deliberation.council.tables import Seat, SeatChange
from deliberation.people.queries import by_identifier
from deliberation.people.second import queries as second_queries
from deliberation.people.tables import Account, Passkey, ProviderTie, SecondStep
from tests.conftest import Caller, Town
from tests.deliberation.ballot import build
from tests.deliberation.council.build import begin_seat, membership, verbs
from tests.deliberation.people.build import with_password

C = "/c/jinxiu"
PHONE = "13611112222"
PASSWORD = {"password": "a-long-password", "again": "a-long-password"}
PUPPET = {"name": "假监督", "phone": PHONE, "role": "supervisor"}


def _opened(town: Town) -> Caller:
    """An account that the moderator made at the desk, and opened with its link."""
    person = {"name": "假监督", "phone": PHONE, "tie": "tenant", "building": "水仙里1幢1单元", "room": "0104"}
    link = re.search(r"/invitations/([\w-]+)", town.as_("moderator").post(f"{C}/residents/new", person).html)
    assert link
    puppet = town.as_(None)
    puppet.post(f"/invitations/{link[1]}", PASSWORD)
    assert puppet.get("/account").status == 200
    return puppet


def _account(town: Town) -> Account:
    with town.db.read() as session:
        found = by_identifier(session, PHONE)
        assert found
        return found


def _agreed(town: Town) -> str:
    """Put by the moderator, agreed with by the supervisor; the link that the supervisor hands out, if there is one."""
    assert town.as_("moderator").post(f"{C}/seats", PUPPET).status == 303
    with town.db.read() as session:
        number = max(session.exec(select(SeatChange.id)).all())
    answer = town.as_("supervisor").post(f"{C}/seats/changes/{number}/confirmation", {f"known_{number}": "1"})
    found = re.search(r"/invitations/([\w-]+)", answer.html)
    return found[1] if found else ""


def test_the_old_password_is_worth_nothing_before_the_new_key_is_used(town: Town) -> None:
    _opened(town)
    token = _agreed(town)
    thief = town.as_(None)
    answer = thief.post("/sign-in", {"identifier": PHONE, "password": PASSWORD["password"]})
    assert answer.status == 422
    assert thief.get(f"{C}/work").status != 200
    real = town.as_(None)
    assert real.post(f"/invitations/{token}", {"password": "quite-another", "again": "quite-another"}).status == 303
    begin_seat(town, real, by="moderator")
    assert real.get(f"{C}/seats").status == 200


def test_passkeys_a_provider_and_a_second_step_left_behind_go(town: Town) -> None:
    _opened(town)
    me = _account(town).id
    with town.write("moderator") as tx:
        tx.session.add(
            Passkey(account_id=me, credential_id="x", public_key=b"k", sign_count=0, name="x", made_at=tx.now)
        )
        tx.session.add(ProviderTie(account_id=me, issuer="https://x.example", subject="x", made_at=tx.now))
        tx.session.add(SecondStep(account_id=me, sealed=b"", since=tx.now, last_step=0))
    assert _agreed(town)
    with town.db.read() as session:
        assert session.exec(select(Passkey.id)).all() == []
        assert session.exec(select(ProviderTie.id)).all() == []
        assert not second_queries.asks_for_one(session, me)


def test_a_small_seat_elsewhere_does_not_keep_the_moderators_password_alive(town: Town) -> None:
    """A moderator of two councils gives the puppet a seat there that takes no second person."""
    puppet = _opened(town)
    with town.write("moderator", town.cast.other_council_id) as tx:
        tx.session.add(
            Seat(
                council_id=town.cast.other_council_id,
                account_id=_account(town).id,
                role="sitting_in",
                since=tx.now,
                appointed_by=town.cast.ids["moderator"],
            )
        )
    assert _agreed(town)
    assert puppet.get("/account").status == 303


def test_a_moderators_own_second_phone_speaks_for_nobody(town: Town) -> None:
    """They joined under a name that the second person knows, with a number of their own that a code has proved."""
    joined = {
        "name": "假监督",
        "phone": PHONE,
        "tie": "tenant",
        "building": "水仙里1幢1单元",
        "room": "0104",
        **PASSWORD,
    }
    puppet = town.as_(None)
    assert puppet.post(f"{C}/join", joined).status == 303
    with town.write("moderator") as tx:
        account = tx.session.exec(select(Account).where(Account.claimed_phone == PHONE)).one()
        account.phone, account.claimed_phone, account.phone_proved_at = PHONE, None, tx.now
    assert _agreed(town)
    assert puppet.get("/account").status == 303


def test_an_owner_whose_link_came_from_the_moderator_is_not_suspended_by_an_appointment_in_a_poll(town: Town) -> None:
    with_password(town, "resident")
    with town.write("moderator") as tx:
        account = tx.session.get_one(Account, town.cast.ids["resident"])
        account.opened_by = town.cast.ids["moderator"]
    build.announced(town)
    form = {"name": "谢玉志", "phone": "13800000007", "role": "supervisor"}
    assert build.signed_in(town, "moderator").post(f"{C}/seats", form).status == 303
    with town.db.read() as session:
        number = max(session.exec(select(SeatChange.id)).all())
    town.travel(seconds=1)
    answer = build.signed_in(town, "supervisor").post(
        f"{C}/seats/changes/{number}/confirmation", {f"known_{number}": "1"}
    )
    assert answer.status == 422
    assert membership(town, "resident").state == "verified"
    assert "account.link_given" not in verbs(town)
    with town.db.read() as session:
        assert not queries.roles_of(session, town.cast.council_id, town.cast.ids["resident"])
