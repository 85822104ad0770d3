"""A paper that was handed in but read once only, or read two ways, is not counted: whoever loses must be told how many."""

from tests.conftest import Town
from tests.deliberation.ballot import build

SLIP = {"slip_no": "a7", "room": "水仙里1幢1单元0102", "choice": "against", "cast_by": "张建强"}


def _outcome(town: Town, *, paper: bool) -> str:
    poll_id = build.opened(town)
    if paper:
        build.signed_in(town, "desk").post(f"{build.PATH}/{poll_id}/paper", SLIP)
    build.cast(town, poll_id, {"Y01": "for"})
    build.close(town)
    moderator = build.signed_in(town, "moderator")
    return moderator.get(moderator.get(f"{build.PATH}/{poll_id}/decision").location).text


def test_the_result_says_how_many_papers_were_left_unread_at_the_close(town: Town) -> None:
    text = _outcome(town, paper=True)
    assert any(word in text for word in ("等第二遍", "未录完", "没有录完", "只录了一遍", "未计入")), text[-900:]
