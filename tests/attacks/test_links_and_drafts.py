"""A lost slip must die when a new one is given, and nobody sees what was not sent yet."""

import io
import re

import pytest
from PIL import Image
from sqlmodel import select

from deliberation.db.tables import Photo
from tests.conftest import Caller, Town

C = "/c/jinxiu"
FIRST = {"password": "the-owners-own-1", "again": "the-owners-own-1"}
LATER = {"password": "finders-keepers", "again": "finders-keepers"}


def _link(town: Town) -> str:
    html = town.as_("moderator").post(f"{C}/people/{town.cast.ids['resident']}/link").html
    token = re.search(r"/invitations/([\w-]+)", html)
    assert token is not None
    return f"/invitations/{token[1]}"


def test_a_reissued_link_ends_the_one_before_it(town: Town) -> None:
    lost = _link(town)
    _link(town)
    assert Caller(town.app, None).post(lost, LATER).status == 422


def test_a_password_that_was_set_ends_all_other_links(town: Town) -> None:
    lost, used = _link(town), _link(town)
    assert Caller(town.app, None).post(used, FIRST).status == 303
    assert Caller(town.app, None).post(lost, LATER).status == 422


@pytest.mark.parametrize("who", ["resident", "tenant", "desk", "property"])
def test_a_picture_of_a_matter_not_raised_yet_is_its_senders_alone(town: Town, who: str) -> None:
    matter = {"title": "架空层设充电桩", "category": "fire", "text": "正常的文字内容，不少于十个字。"}
    assert town.as_("resident").post(f"{C}/matters", matter).status == 303
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "red").save(out, "PNG")
    picture = {"photos": ("a.png", out.getvalue(), "image/png")}
    town.as_("neighbor").post(f"{C}/matters", {**matter, "title": "架空层设充电桩吧"}, files=picture)
    with town.db.read() as session:
        draft = session.exec(select(Photo.id).where(Photo.subject == "draft")).one()
    assert town.as_("neighbor").get(f"{C}/photos/{draft}").status == 200
    assert town.as_(who).get(f"{C}/photos/{draft}").status == 404
