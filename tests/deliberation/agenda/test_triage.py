"""The moderator takes a matter up, merges it, answers it or declines it, always with a reason."""

import pytest

from deliberation.agenda import queries
from deliberation.agenda.tables import Proposal
from tests.conftest import Town
from tests.deliberation.agenda.build import RAISED, accepted, raised, seconded, verbs

REASON = "关系到全楼的消防安全。"
WAYS = {
    "acceptance": {"reason": REASON, "kind": "livelihood"},
    "answer": {"reason": REASON},
    "refusal": {"reason": REASON},
}


def at(matter: int, way: str) -> str:
    return f"/c/jinxiu/proposals/{matter}/{way}"


def proposal(town: Town, matter: int) -> Proposal:
    with town.db.read() as session:
        return queries.proposal(session, town.cast.council_id, matter)


def test_an_accepted_matter_becomes_a_motion_worded_as_it_was_raised(town: Town) -> None:
    matter = raised(town)
    moderator = town.as_("moderator")
    page = moderator.get(f"/c/jinxiu/matters/{matter}/triage")
    assert "3月3日（周二）09:00" in page.text
    assert "附议人数还不够。您仍然可以受理" in page.text
    motion = moderator.follow(at(matter, "acceptance"), WAYS["acceptance"])
    assert RAISED["text"] in motion.text
    assert proposal(town, matter).kind == "livelihood"
    assert verbs(town, matter)[-1] == "proposal.accepted"
    dossier = town.as_("neighbor").get(f"/c/jinxiu/matters/{matter}").text
    assert REASON in dossier
    assert "林主持" in dossier


@pytest.mark.parametrize(
    ("way", "state", "words"),
    [("answer", "answered", "已直接答复，到此结束"), ("refusal", "declined", "没有受理，到此结束")],
)
def test_an_answer_or_a_refusal_ends_the_way_with_its_reason_for_everybody(
    town: Town, way: str, state: str, words: str
) -> None:
    matter = raised(town)
    town.as_("moderator").follow(at(matter, way), WAYS[way])
    assert proposal(town, matter).state == state
    dossier = town.as_("neighbor").get(f"/c/jinxiu/matters/{matter}").text
    assert words in dossier
    assert REASON in dossier


@pytest.mark.parametrize("way", WAYS)
def test_no_decision_without_a_reason(town: Town, way: str) -> None:
    matter = raised(town)
    answer = town.as_("moderator").post(at(matter, way), {**WAYS[way], "reason": "  "})
    assert answer.status == 422
    assert "请填写这一项" in answer.text
    assert f"/proposals/{matter}/{way}" in answer.html
    assert proposal(town, matter).state == "raised"


@pytest.mark.parametrize("way", WAYS)
def test_a_matter_somebody_else_has_decided_on_meanwhile_is_left_as_it_is(town: Town, way: str) -> None:
    matter = raised(town)
    accepted(town, matter)
    answer = town.as_("moderator").post(at(matter, way), {**WAYS[way], "reason": "另一个理由"})
    assert answer.status == 422
    assert "刚刚已由别人处理" in answer.text
    assert (proposal(town, matter).state, proposal(town, matter).reason) == ("accepted", "大家都关心。")


def test_a_merged_matter_brings_its_people_along_and_counts_nobody_twice(town: Town) -> None:
    into = raised(town, "resident")
    seconded(town, into, "neighbor")
    matter = raised(town, "owner", title="楼下要有地方充电")
    seconded(town, matter, "neighbor", "resident", "owner5")
    page = town.as_("moderator").follow(at(matter, "merging"), {"reason": "是同一件事。", "into_id": str(into)})
    assert RAISED["title"] in page.text
    with town.db.read() as session:
        ids = town.cast.ids
        assert queries.backers(session, into) == {ids["resident"], ids["neighbor"], ids["owner"], ids["owner5"]}
        assert queries.support(session, [into]) == {into: 3}
    assert verbs(town, into)[-2:] == ["proposal.joined", "proposal.supported"]
    here, there = (town.as_("owner").get(f"/c/jinxiu/matters/{number}") for number in (matter, into))
    assert f"/matters/{into}" in here.html
    assert f"/matters/{matter}" in there.html


def test_a_slip_keyed_in_by_the_desk_does_not_make_the_desk_a_seconder(town: Town) -> None:
    into = raised(town, "resident")
    town.as_("desk").post(
        "/c/jinxiu/matters", {**RAISED, "title": "楼下没地方给车充电", "channel": "box", "seen": str(into)}
    )
    town.as_("moderator").follow(at(into + 1, "merging"), {"reason": "是同一件事。", "into_id": str(into)})
    with town.db.read() as session:
        assert queries.support(session, [into]) == {}


@pytest.mark.parametrize("target", ["itself", "declined", "elsewhere", "nowhere"])
def test_a_matter_is_not_merged_into_what_is_not_open_here(town: Town, target: str) -> None:
    matter = raised(town)
    other = raised(town, "owner", title="楼道灯坏了没有人修理")
    town.as_("moderator").follow(at(other, "refusal"), WAYS["refusal"])
    with town.write("other_resident", town.cast.other_council_id) as tx:
        elsewhere = Proposal(
            council_id=town.cast.other_council_id,
            author_id=town.cast.ids["other_resident"],
            category="fire",
            title="外区的事",
            text="外区的事",
            raised_at=town.now,
        )
        tx.session.add(elsewhere)
        tx.session.flush()
        number = elsewhere.id
    into = {"itself": matter, "declined": other, "elsewhere": number, "nowhere": 9999}[target]
    answer = town.as_("moderator").post(at(matter, "merging"), {"reason": "同一件事", "into_id": str(into)})
    assert answer.status == 422
    assert "请选一件还没有结束的议题" in answer.text
    assert proposal(town, matter).state == "raised"


def test_the_triage_page_of_a_decided_matter_leads_to_its_dossier(town: Town) -> None:
    matter = raised(town)
    accepted(town, matter)
    answer = town.as_("moderator").get(f"/c/jinxiu/matters/{matter}/triage")
    assert (answer.status, answer.location) == (303, f"/c/jinxiu/matters/{matter}")


@pytest.mark.parametrize("do", ["accept", "merge", "answer", "decline"])
def test_each_way_has_its_form(town: Town, do: str) -> None:
    matter = raised(town)
    raised(town, "owner", title="楼道灯坏了没有人修理")
    page = town.as_("moderator").get(f"/c/jinxiu/matters/{matter}/triage?do={do}")
    assert page.status == 200
    assert page.html.count('name="reason"') == 1


def test_two_days_without_an_answer_show_as_late(town: Town) -> None:
    matter = raised(town)
    town.travel(hours=49)
    assert "48 小时的期限已在 3月3日" in town.as_("moderator").get(f"/c/jinxiu/matters/{matter}/triage").text
    assert "已超过 48 小时" in town.as_("resident").get(f"/c/jinxiu/matters/{matter}").text


@pytest.mark.parametrize("way", [*WAYS, "merging"])
@pytest.mark.parametrize(
    ("who", "status"),
    [("resident", 403), ("recorder", 403), ("supervisor", 403), ("other_moderator", 404), (None, 303)],
)
def test_only_the_moderator_decides(town: Town, way: str, who: str | None, status: int) -> None:
    matter = raised(town, "neighbor")
    caller = town.as_(who)
    assert caller.get(f"/c/jinxiu/matters/{matter}/triage").status == status
    assert caller.post(at(matter, way), WAYS.get(way, {})).status == status
    assert proposal(town, matter).state == "raised"
