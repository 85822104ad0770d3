"""Two matters that went the whole way: one to everybody's satisfaction, one that was reopened."""

from __future__ import annotations

from collections.abc import Iterator

from sqlmodel import select

from deliberation.db.engine import Tx
from deliberation.decision.tables import Decision
from deliberation.demo.drawing import drawing
from deliberation.demo.gathering import Gathering, Point, Said, hold
from deliberation.demo.matter import Know, Wording, announced, cast, checked, raised, taken_up, worded
from deliberation.demo.script import Script
from deliberation.demo.sealing import confirmed
from deliberation.demo.town import sample_heads
from deliberation.followup import actions as followup_actions
from deliberation.meeting.rules import Conclusion

LAMPS = Wording(
    title="使用维修资金更换全部楼道灯",
    text=(
        "一、把三个组团全部楼道的 486 盏旧灯换成声光控 LED 灯，质保五年。\n\n"
        "二、费用从维修资金列支，不超过 5.8 万元，施工前公布中标单位和单价。\n\n"
        "三、施工期为 30 天，逐幢进行，由物业和业主代表一起验收。"
    ),
    law_item=5,
    law_reason="从维修资金中列支，属第五项，过半数即可。",
    cost="不超过 58,000 元，从维修资金列支。",
    options=("全部更换为声光控 LED 灯", "只换坏了的灯"),
    chosen=0,
    checks=(
        ("competence", "使用维修资金由业主共同决定。", "社区党委"),
        ("legality", "属于保修期满后共用设施的更新，可以使用维修资金。", "区住建部门窗口答复"),
        ("safety", "选用通过强制性认证的灯具，由持证电工施工。", "物业工程部"),
    ),
)


def light_ballots() -> Iterator[tuple[str, str, str]]:
    """Four in five heads take part; most are for."""
    for number, key in enumerate(sorted(sample_heads())):
        if number % 5 == 4:
            continue
        yield key, "against" if number % 9 == 3 else "abstain" if number % 17 == 5 else "for", "online"


def corridor_lights(script: Script) -> None:
    know: Know = {}
    raised(
        script,
        know,
        days=176,
        by="neighbor",
        title="楼道灯一半不亮，老人晚上摔过跤",
        text="红茶里和水仙里的楼道灯坏了一大半，晚上上下楼全靠手机照。上周四楼的阿婆在拐角摔了一跤。",
        category="repair",
        place="红茶里、水仙里各幢楼道",
        suggestion="干脆全部换成声光控的灯，省电，也不用天天报修。",
        seconds=("resident", "owner", "committee"),
        picture="lamps",
    )
    taken_up(script, know, days=175, reason="关系老人安全，附议已达人数，受理。", kind="livelihood")
    worded(script, know, LAMPS, days=170)
    gathering = Gathering(
        days=160,
        clock="19:30",
        title="楼道灯议事会",
        know=know,
        room=("secretary", "recorder", "neighbor", "property", "supervisor", "resident"),
        online=("committee",),
        points=(
            Point(
                motion="motion",
                minutes=40,
                said=(
                    Said("neighbor", "先把老人多的单元换好，别等全部开工。"),
                    Said("property", "旧灯平均一年坏两次，换成 LED 后电费大约省六成。"),
                    Said("committee", "单价要公开，验收要有业主代表。"),
                ),
                straw=("同意全部更换吗？", ("同意", "只换坏的"), {"neighbor": 0, "resident": 0, "committee": 0}),
                conclusion=Conclusion.AGREED,
                conclusion_text="一致同意全部更换，按维修资金使用程序交业主表决。",
            ),
        ),
    )
    hold(script, gathering)
    confirmed(script, gathering, days=159)
    checked(script, know, LAMPS, days=154)
    announced(script, know, notice=152, opens=135, closes=115)
    cast(script, know, light_ballots(), opens=135, closes=115)
    _carried_out(script, know)


def _carried_out(script: Script, know: Know) -> None:
    @script.at(96, "09:20", by="secretary")
    def assign(tx: Tx) -> None:
        decision = tx.session.exec(select(Decision).where(Decision.poll_id == know["poll"])).one()
        task = followup_actions.assign(
            tx,
            matter_id=know["matter"],
            title="更换全部楼道灯",
            text="按表决通过的文本施工，每幢完工当天拍照公布。",
            due_on=script.moment(62, "12:00").date(),
            assignee="郑经理",
            assignee_id=script.accounts["property"],
            decision_id=decision.id,
        )
        know["task"] = task.id

    for days, percent, text in (
        (88, 10, "三家比价完成，单价和中标单位已贴在公示栏。"),
        (78, 45, "水仙里全部换好，业主代表已验收。"),
        (69, 80, "红茶里换好，紫荆里还剩两个单元。"),
    ):

        @script.at(days, "17:40", by="property")
        def report(tx: Tx, percent: int = percent, text: str = text) -> None:
            followup_actions.report(tx, know["task"], percent=percent, text=text, pictures=[drawing("lamps")])

    @script.at(64, "16:00", by="property")
    def close(tx: Tx) -> None:
        followup_actions.close_out(tx, know["task"], note="486 盏全部换好，实际花费 55,404 元，结余退回维修资金。")

    for who, text in (("neighbor", "亮堂多了，谢谢。"), ("resident", ""), ("owner", "阿婆说晚上敢下楼了。")):

        @script.at(63, "20:00", by=who)
        def rate(tx: Tx, text: str = text) -> None:
            followup_actions.rate(tx, know["task"], satisfied=True, text=text)


def gate(script: Script) -> None:
    """A small matter that needed no poll: done, found wanting, and opened again."""
    know: Know = {}
    raised(
        script,
        know,
        days=48,
        by="owner",
        title="水仙里东门门禁关不上",
        text="东门的门禁坏了快一个月，谁都能进来，晚上不放心。",
        category="repair",
        place="水仙里东门",
        seconds=("resident", "neighbor", "committee"),
        picture="gate",
    )
    taken_up(script, know, days=47, reason="属物业日常维修，不用表决，直接交办。", kind="livelihood")

    @script.at(46, "09:00", by="secretary")
    def assign(tx: Tx) -> None:
        know["task"] = followup_actions.assign(
            tx,
            matter_id=know["matter"],
            title="修好水仙里东门门禁",
            text="更换闭门器和读卡器。",
            due_on=script.moment(30, "12:00").date(),
            assignee="郑经理",
            assignee_id=script.accounts["property"],
        ).id

    @script.at(34, "15:10", by="property")
    def report(tx: Tx) -> None:
        followup_actions.report(tx, know["task"], percent=100, text="闭门器已换新。", pictures=[drawing("gate")])

    @script.at(33, "09:00", by="property")
    def close(tx: Tx) -> None:
        followup_actions.close_out(tx, know["task"], note="闭门器已换，门能自动关上。")

    @script.at(31, "21:00", by="owner")
    def unhappy(tx: Tx) -> None:
        followup_actions.rate(tx, know["task"], satisfied=False, text="门是能关了，可读卡器还是坏的，不刷卡也能推开。")

    @script.at(12, "10:30", by="property")
    def again(tx: Tx) -> None:
        followup_actions.report(tx, know["task"], percent=60, text="读卡器已订货，到货后当天更换。")
