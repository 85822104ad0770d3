import pytest
from sqlmodel import select

from deliberation.meeting.presence_actions import leave
from deliberation.minutes.actions import draft
from deliberation.minutes.tables import Paragraph
from tests.conftest import Town
from tests.deliberation.meeting import build as meetings
from tests.deliberation.minutes.build import drafted, put_up
from votes.refusal import Refused


def test_the_draft_tells_what_happened(town: Town) -> None:
    built = drafted(town)
    text = "\n".join(row.text for row in built.paragraphs())
    assert built.row().serial_no == "2026-01"
    for part in (
        "第一次议事会",
        "2026年3月11日（周三）09:00",
        "3 号楼一层议事厅",
        "召集人：林主持",
        "到会 3 人，其中现场 2 人，线上 1 人",
        "业主（2 人）：谢玉志（水仙里1幢1单元0101）、郑志婷（水仙里1幢1单元0104）",
        "租户（1 人）：租户甲（红茶里2幢1单元0102，线上）",
        "最低到会人数为 3 人（来宾、列席不计入），实到 3 人，人数够了",
        "宣布开会时没有到最低人数，主持人的理由：下雨，人到得慢",
        "按表决权名册计 2 人、320.00 ㎡；名册共 9 人、930.50 ㎡",
        "议程第 1 项：充电桩放在架空层",
        "业主 谢玉志发言 1 次，共 1 分 15 秒",
        "业主 郑志婷：我家在二楼，担心噪声。",
        "意向摸底（不具约束力）：“先试用一个月，好不好？”同意 2 人，反对 1 人；0 人没有表示",
        "结论：部分一致。\n先看现场，再定方案。",
        "议程第 2 项：公共收益怎样公布",
        "结论：意见一致。",
        "1. 请消防单位看现场。负责人：物业经理。期限：另定。",
        "送请确认后 3 天内",
        "校验码",
    ):
        assert part in text, part
    assert [row.position for row in built.paragraphs()] == list(range(1, len(built.paragraphs()) + 1))


@pytest.mark.parametrize("who", ["recorder", "moderator"])
def test_the_recorder_or_the_moderator_drafts(town: Town, who: str) -> None:
    meeting = meetings.closed(town)
    page = town.as_(who).follow(f"{meeting.at}/minutes")
    assert "修改会议纪要 2026-01" in page.text
    assert "充电桩放在架空层" in page.text


@pytest.mark.parametrize(("who", "status"), [("desk", 403), ("resident", 403), ("other_moderator", 404)])
def test_others_do_not_draft(town: Town, who: str, status: int) -> None:
    assert town.as_(who).post(f"{meetings.closed(town).at}/minutes").status == status


def test_minutes_are_drafted_once(town: Town) -> None:
    built = drafted(town)
    again = town.as_("recorder").post(f"/c/jinxiu/meetings/{built.meeting_id}/minutes")
    assert again.location == built.at
    with town.write("recorder") as tx, pytest.raises(Refused) as refused:
        draft(tx, built.meeting_id)
    assert refused.value.code == "minutes_drafted"


def test_a_meeting_that_still_goes_on_has_no_minutes(town: Town) -> None:
    answer = town.as_("recorder").post(f"{meetings.opened(town).at}/minutes")
    assert answer.status == 422
    assert "会议结束后才能起草" in answer.text


def test_a_draft_is_seen_by_the_staff_alone(town: Town) -> None:
    built = drafted(town)
    for who, status in (("recorder", 200), ("moderator", 200), ("desk", 200), ("resident", 404), ("supervisor", 404)):
        assert town.as_(who).get(built.at).status == status
        assert town.as_(who).get(f"{built.at}/print").status == status


def test_the_second_minutes_of_a_year_have_the_second_number(town: Town) -> None:
    drafted(town)
    assert drafted(town).row().serial_no == "2026-02"


def test_who_left_before_the_end_is_written_down(town: Town) -> None:
    meeting = meetings.opened(town)
    here = meeting.present("resident", "owner")
    town.travel(minutes=20)
    with town.write("desk") as tx:
        leave(tx, meeting.id, here["owner"])
    town.travel(minutes=10)
    meeting.close()
    with town.write("recorder") as tx:
        draft(tx, meeting.id)
        text = "\n".join(tx.session.exec(select(Paragraph.text)))
    assert "郑志婷（水仙里1幢1单元0104，09:20 离会）" in text
    assert "本项没有讨论" in text


def test_the_meetings_address_leads_to_its_minutes(town: Town) -> None:
    meeting = meetings.closed(town)
    assert "还没有人起草" in town.as_("recorder").get(f"{meeting.at}/minutes").text
    assert "起草会议纪要" not in town.as_("resident").get(f"{meeting.at}/minutes").text
    built = put_up(town)
    at = f"/c/jinxiu/meetings/{built.meeting_id}/minutes"
    assert town.as_("resident").get(at).location == built.at


def test_a_draft_does_not_show_through_the_meetings_address(town: Town) -> None:
    built = drafted(town)
    at = f"/c/jinxiu/meetings/{built.meeting_id}/minutes"
    assert "记录人正在整理" in town.as_("resident").get(at).text
    assert town.as_("recorder").get(at).location == built.at
