"""A verified resident raises a matter; staff key one in for somebody else."""

import pytest
from sqlmodel import select

from deliberation.agenda import queries
from deliberation.agenda.tables import Proposal
from deliberation.db import photos
from tests.conftest import Town
from tests.deliberation.agenda.build import RAISED, photo, raised, verbs

PAGE, POST = "/c/jinxiu/matters/new", "/c/jinxiu/matters"


def proposals(town: Town) -> list[Proposal]:
    with town.db.read() as session:
        return list(session.exec(select(Proposal)))


def test_a_resident_raises_a_matter_and_lands_on_its_dossier(town: Town) -> None:
    resident = town.as_("resident")
    form = resident.get(PAGE)
    assert form.status == 200
    assert "至少写 10 个字" in form.text
    page = resident.follow(POST, {**RAISED, "suggestion": "装十个", "place": "1幢"})
    assert page.status == 200
    assert all(text in page.text for text in (RAISED["title"], RAISED["text"], "装十个", "1幢", "谢玉志", "48 小时"))
    (proposal,) = proposals(town)
    assert (proposal.state, proposal.channel, proposal.author_id) == ("raised", "online", town.cast.ids["resident"])
    assert verbs(town, proposal.id) == ["proposal.raised"]


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("title", "", "请填写这一项"),
        ("title", "灯", "至少 4 个字"),
        ("title", "长" * 61, "最多 60 个字，现在有 61 个字"),
        ("text", "短", "至少 10 个字"),
        ("text", "长" * 2001, "最多 2000 个字"),
        ("category", "", "请填写这一项"),
        ("category", "weather", "请从列出的选项中选一项"),
        ("place", "远" * 61, "最多 60 个字"),
    ],
)
def test_a_fault_is_told_at_its_field_and_the_form_is_kept(town: Town, field: str, typed: str, sentence: str) -> None:
    answer = town.as_("resident").post(POST, {**RAISED, field: typed})
    assert answer.status == 422
    assert sentence in answer.text
    kept = RAISED["text"] if field != "text" else RAISED["title"]
    assert kept in answer.html
    assert proposals(town) == []


def test_photos_are_kept_with_the_matter(town: Town) -> None:
    answer = town.as_("resident").post(POST, RAISED, files=[("photos", photo()), ("photos", photo("blue"))])
    assert answer.status == 303
    with town.db.read() as session:
        (proposal,) = session.exec(select(Proposal)).all()
        assert len(photos.of(session, town.cast.council_id, "proposal", [proposal.id])[proposal.id]) == 2


def test_what_is_not_a_photo_is_refused_at_the_field(town: Town) -> None:
    answer = town.as_("resident").post(POST, RAISED, files=[("photos", ("a.png", b"%PDF-1.4 no picture", "image/png"))])
    assert (answer.status, proposals(town)) == (422, [])
    assert "这个文件不是照片" in answer.text


def test_more_than_six_photos_are_refused(town: Town) -> None:
    answer = town.as_("resident").post(POST, RAISED, files=[("photos", photo())] * 7)
    assert (answer.status, proposals(town)) == (422, [])
    assert "最多上传 6 张照片" in answer.text


def test_a_form_sent_twice_is_done_once(town: Town) -> None:
    resident = town.as_("resident")
    first = resident.post(POST, {**RAISED, "once": "this-showing"})
    again = resident.post(POST, {**RAISED, "once": "this-showing"})
    assert first.status == again.status == 303
    assert first.location.split("?")[0] == again.location.split("?")[0]
    assert len(proposals(town)) == 1


def test_who_has_not_seen_the_similar_matters_is_shown_them_first_and_loses_no_photo(town: Town) -> None:
    first = raised(town, "neighbor", title="架空层安装电动车充电桩")
    resident = town.as_("resident")
    shown = resident.post(POST, RAISED, files=[("photos", photo())])
    assert shown.status == 200
    assert "架空层安装电动车充电桩" in shown.text
    assert "已保留 1 张照片" in shown.text
    assert RAISED["text"] in shown.html
    assert len(proposals(town)) == 1
    (kept,) = [part.split('"')[0] for part in shown.html.split('name="kept" value="')[1:]]
    sent = resident.post(POST, {**RAISED, "seen": str(first), "kept": kept})
    assert sent.status == 303
    with town.db.read() as session:
        newest = session.exec(select(Proposal).where(Proposal.id != first)).one()
        assert photos.of(session, town.cast.council_id, "proposal", [newest.id]) == {newest.id: [int(kept)]}


def test_nobody_takes_another_persons_kept_photo(town: Town) -> None:
    first = raised(town, "neighbor", title="架空层安装电动车充电桩")
    shown = town.as_("resident").post(POST, RAISED, files=[("photos", photo())])
    kept = shown.html.split('name="kept" value="')[1].split('"')[0]
    assert town.as_("owner").post(POST, {**RAISED, "seen": str(first), "kept": kept}).status == 303
    with town.db.read() as session:
        taken = photos.of(session, town.cast.council_id, "proposal", [one.id for one in session.exec(select(Proposal))])
    assert taken == {}


def test_similar_matters_are_shown_while_typing_and_only_of_this_council(town: Town) -> None:
    number = raised(town, title="架空层安装电动车充电桩")
    part = town.as_("resident").get("/c/jinxiu/matters/similar?title=充电桩装在架空层", headers={"HX-Request": "true"})
    assert f'name="seen" value="{number}"' in part.html
    assert "<html" not in part.html
    alone = town.as_("resident").get("/c/jinxiu/matters/similar?title=充电桩装在架空层")
    assert "架空层安装电动车充电桩" in alone.text
    assert "<html" in alone.html
    with town.db.read() as session:
        assert queries.similar(session, town.cast.other_council_id, "架空层安装电动车充电桩") == []


def test_the_desk_keys_in_a_slip_from_the_box(town: Town) -> None:
    slip = {**RAISED, "channel": "box", "raised_for": "3 号箱 12 号单"}
    page = town.as_("desk").follow(POST, slip)
    assert "3 号箱 12 号单" in page.text
    assert "民情收集箱" in page.text
    (proposal,) = proposals(town)
    assert (proposal.channel, proposal.raised_for) == ("box", "3 号箱 12 号单")


def test_staff_without_a_home_here_must_say_how_the_matter_reached_them(town: Town) -> None:
    for channel in ("", "online"):
        answer = town.as_("desk").post(POST, {**RAISED, "channel": channel})
        assert answer.status == 422
    assert proposals(town) == []


def test_a_residents_form_cannot_claim_another_channel(town: Town) -> None:
    assert town.as_("resident").post(POST, {**RAISED, "channel": "hotline", "raised_for": "别人"}).status == 303
    (proposal,) = proposals(town)
    assert (proposal.channel, proposal.raised_for) == ("online", "")


@pytest.mark.parametrize(
    ("who", "status"), [("supervisor", 403), ("property", 403), ("other_resident", 404), (None, 303)]
)
def test_who_neither_lives_here_nor_works_for_the_council_raises_nothing(
    town: Town, who: str | None, status: int
) -> None:
    caller = town.as_(who)
    assert caller.get(PAGE).status == status
    assert caller.post(POST, RAISED).status == status
    assert proposals(town) == []
