"""A moderator who signs in with a passkey has no password; that makes the platform's admin alone no door to their account."""

import pytest
from sqlmodel import delete

from deliberation.people.tables import Passkey, ProviderTie, SignIn
from tests.conftest import Town
from tests.deliberation.council.build import verbs


def _link(town: Town) -> str:
    return f"/platform/councils/jinxiu/people/{town.cast.ids['moderator']}/link"


@pytest.mark.parametrize("way", ["passkey", "provider", "signed in"])
def test_the_admin_gets_no_link(town: Town, way: str) -> None:
    me = town.cast.ids["moderator"]
    with town.write("moderator") as tx:
        if way != "signed in":
            tx.session.exec(delete(SignIn).where(SignIn.account_id == me))  # type: ignore[arg-type]
        if way == "passkey":
            tx.session.add(
                Passkey(account_id=me, credential_id="x", public_key=b"k", sign_count=0, name="x", made_at=tx.now)
            )
        if way == "provider":
            tx.session.add(ProviderTie(account_id=me, issuer="https://x.example", subject="x", made_at=tx.now))
    admin = town.as_("admin")
    assert _link(town) not in admin.get("/platform/councils/jinxiu").html
    answer = admin.post(_link(town))
    assert answer.status == 422
    assert "/invitations/" not in answer.html
    assert "account.link_given" not in verbs(town)


def test_who_has_no_way_in_yet_still_gets_one(town: Town) -> None:
    with town.write("moderator") as tx:
        tx.session.exec(delete(SignIn).where(SignIn.account_id == town.cast.ids["moderator"]))  # type: ignore[arg-type]
    admin = town.as_("admin")
    assert _link(town) in admin.get("/platform/councils/jinxiu").html
    assert "/invitations/" in admin.post(_link(town)).html
