import pytest
from sqlmodel import select

from deliberation.db import photos
from deliberation.db.tables import Photo
from deliberation.web.photos import reencode
from tests.conftest import Town
from tests.deliberation.web.build import jpeg


@pytest.fixture
def number(town: Town) -> int:
    with town.write("resident") as tx:
        photos.keep(tx, "proposal", 1, [reencode(jpeg())])
        tx.session.flush()
        return tx.session.exec(select(Photo.id)).one()


def test_members_see_a_photo_and_the_browser_may_keep_it(town: Town, number: int) -> None:
    answer = town.as_("tenant").get(f"/c/jinxiu/photos/{number}").response
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"].startswith("private")
    assert answer.content.startswith(b"\xff\xd8")


def test_nobody_outside_the_council_sees_it(town: Town, number: int) -> None:
    assert town.as_("stranger").get(f"/c/jinxiu/photos/{number}").status == 404
    assert town.as_(None).get(f"/c/jinxiu/photos/{number}").status == 303
    assert town.as_("other_resident").get(f"/c/other/photos/{number}").status == 404
    assert town.as_("resident").get(f"/c/jinxiu/photos/{number + 1}").status == 404
