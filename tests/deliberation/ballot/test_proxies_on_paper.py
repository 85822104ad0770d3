"""Written proxies on paper: recorded at the desk by one, confirmed by another, and used on a paper ballot."""

from __future__ import annotations

import pytest

from deliberation.ballot.tables import PaperBallot
from deliberation.council.actions import appoint
from tests.conftest import Town
from tests.deliberation.ballot import build
from tests.deliberation.ballot.test_proxies import (
    LIST,
    proxies,
    recorded,
)
from tests.deliberation.council.build import verbs


def test_a_paper_is_recorded_by_one_and_confirmed_by_another(town: Town) -> None:
    assert recorded(town).status == 303
    assert verbs(town)[-1] == "proxy.recorded"
    alone = build.signed_in(town, "desk").post(f"{LIST}/1/confirmation")
    assert alone.status == 422
    assert "请另一位工作人员确认" in alone.text
    assert proxies(town)[0].state == "waiting"
    assert "1 份委托书等您" in build.signed_in(town, "desk2").get("/c/jinxiu/work").text
    assert "份委托书等您" not in build.signed_in(town, "desk").get("/c/jinxiu/work").text
    assert "名册上的业主 王淑英" in " ".join(build.signed_in(town, "desk2").get(f"{LIST}/desk").text.split())
    build.signed_in(town, "desk2").follow(f"{LIST}/1/confirmation")
    assert verbs(town)[-1] == "proxy.confirmed"
    assert proxies(town)[0].state == "valid"


def test_who_is_named_on_a_paper_does_not_confirm_it(town: Town) -> None:
    with town.write("admin") as tx:
        appoint(tx, town.cast.ids["resident"], "desk")
    assert recorded(town, holder_name="谢玉志", holder_phone="13800000007").status == 303
    answer = build.signed_in(town, "resident").post(f"{LIST}/1/confirmation")
    assert answer.status == 422
    assert proxies(town)[0].state == "waiting"


def test_a_paper_that_does_not_say_so_is_not_confirmed(town: Town) -> None:
    recorded(town)
    asked = build.signed_in(town, "desk2")
    assert "登记错了" not in asked.get(f"{LIST}/desk").text
    assert "为什么不同意" in asked.get(f"{LIST}/desk").text
    short = asked.post(f"{LIST}/1/refusal", {"note_1": "无"})
    assert short.status == 422
    assert '<details class="more" open>' in short.html
    asked.follow(f"{LIST}/1/refusal", {"note_1": "没有签名"})
    assert verbs(town)[-1] == "proxy.refused"
    assert proxies(town)[0].state == "refused"


def test_who_recorded_a_paper_wrongly_takes_it_out_and_is_not_asked_why_they_disagree(town: Town) -> None:
    recorded(town)
    clerk = build.signed_in(town, "desk")
    page = clerk.get(f"{LIST}/desk").text
    assert "登记错了，撤掉" in page
    assert "为什么不同意" not in page
    clerk.follow(f"{LIST}/1/refusal", {"note_1": "房号写错了"})
    assert proxies(town)[0].state == "refused"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"room": "9幢0901"}, "名册上没有“9幢0901”"),
        ({"room": "0101"}, "有几套房都对得上"),
        ({"signed_on": "2026-03-09"}, "签署日期还没有到"),
        ({"holder_name": "王淑英"}, "本来就能投这张票"),
        ({"room": "水仙里1幢1单元0104", "given_name": "郑弟弟"}, "由郑志婷投票"),
    ],
)
def test_a_paper_that_could_not_be_used_is_not_recorded(town: Town, changes: dict[str, str], sentence: str) -> None:
    answer = recorded(town, **changes)
    assert answer.status == 422
    assert sentence in answer.text


def test_a_paper_for_a_home_that_has_voted_is_refused_in_words_for_the_clerk(town: Town) -> None:
    poll_id = build.opened(town)
    build.cast(town, poll_id, {"Y05": "for"})
    answer = recorded(town, scope=f"poll:{poll_id}", until="")
    assert answer.status == 422
    assert "这一户在这次表决中已经投过票" in answer.text
    assert "您名下" not in answer.text


def keyed(town: Town, poll_id: int, signed: str, finding: str = "") -> PaperBallot:
    form = {"slip_no": "1", "room": "水仙里1幢1单元0201", "choice": "for", "cast_by": signed, "finding": finding}
    first = build.signed_in(town, "desk").post(f"{build.PATH}/{poll_id}/paper", form)
    assert first.status == 303, first.text
    build.signed_in(town, "desk2").post(f"{build.PATH}/{poll_id}/paper/1", form)
    with town.db.read() as session:
        return session.get_one(PaperBallot, 1)


def test_a_person_on_paper_signs_the_paper_ballot_and_it_carries_the_proxy(town: Town) -> None:
    recorded(town)
    build.signed_in(town, "desk2").follow(f"{LIST}/1/confirmation")
    poll_id = build.opened(town)
    assert keyed(town, poll_id, "老李").state == "matched"
    kept = build.ballots(town, poll_id)[0]
    assert (kept.channel, kept.cast_by, kept.proxy_id) == ("paper", "老李", 1)


def test_64_a_paper_ballot_by_a_proxy_taken_back_is_shown_and_does_not_count(town: Town) -> None:
    recorded(town)
    build.signed_in(town, "desk2").follow(f"{LIST}/1/confirmation")
    assert "撤回以后不能恢复" in build.signed_in(town, "desk").get(f"{LIST}/desk").text
    build.signed_in(town, "desk").follow(f"{LIST}/1/revocation")
    poll_id = build.opened(town)
    paper = keyed(town, poll_id, "老李", "no_valid_proxy")
    assert (paper.state, paper.why) == ("refused", "no_valid_proxy")
    assert build.ballots(town, poll_id) == []


def test_the_clerk_who_types_a_number_nobody_has_reads_what_to_do_at_the_desk(town: Town) -> None:
    answer = recorded(town, holder_phone="13799999999")
    assert answer.status == 422
    assert "手机号留空，请对方在服务台投纸质票签名" in answer.text
    assert "请到服务台用纸质委托书" not in answer.text, "that is where they are"
