"""The charging piles: raised after near-accidents, weighed, voted on, and short by floor area (RULES 5.1, E1)."""

from __future__ import annotations

from sqlmodel import select

from deliberation.agenda import actions as agenda_actions
from deliberation.db.engine import Tx
from deliberation.demo.drawing import drawing
from deliberation.demo.gathering import Gathering, Point, Said, hold
from deliberation.demo.matter import Know, Wording, announced, cast, checked, raised, taken_up, worded
from deliberation.demo.script import Script
from deliberation.demo.sealing import confirmed
from deliberation.demo.town import charging_ballots
from deliberation.followup import actions as followup_actions
from deliberation.meeting.rules import Conclusion
from deliberation.meeting.tables import ActionPoint

WORDING = Wording(
    title="在水仙里、红茶里、紫荆里架空层设置电动自行车集中充电桩",
    text=(
        "一、在水仙里、红茶里、紫荆里三处架空层的北侧各设一个集中充电点，每处 12 个充电位，全部为智能充电桩，充满自停。\n\n"
        "二、充电点只设在不经过公共门厅、疏散走道、楼梯间和安全出口的架空区域，四周以不燃材料分隔，配烟感、喷淋和视频监控。\n\n"
        "三、充电点建成后，电动自行车及其电池不得进入电梯和楼道，不得飞线充电。\n\n"
        "四、充电服务由中标单位运营，电费按居民合表电价收取，服务费每小时不超过 0.3 元。"
    ),
    law_item=8,
    law_reason="架空层是共有部分，设桩经营改变其用途并从事经营活动，属第八项。",
    cost="建设费用由运营单位承担，业主不出资。",
    income_share="场地收益的七成补充维修资金，三成用于小区公共事务，每半年公布一次账目。",
    options=("集中设在三处架空层北侧", "只设在地面停车场南侧", "暂不设置，继续劝导"),
    chosen=0,
    checks=(
        ("competence", "利用共有部分从事经营活动，由业主共同决定；议事会只议不定。", "社区党委"),
        ("legality", "未影响个别业主专有部分；收益归属已写入议题。", "社区法律顾问"),
        (
            "safety",
            "现场查看：三处架空层北侧不作公共门厅和疏散通道，按意见分隔并配喷淋后可以设置。",
            "消防技术服务机构",
        ),
    ),
)


def piles(script: Script) -> None:
    know: Know = {}
    raised(
        script,
        know,
        days=92,
        by="resident",
        title="飞线充电、电动车进电梯太危险，请统一设充电桩",
        text=(
            "我住水仙里 1 幢。每天晚上都有人从楼上拉线下来充电，雨天线头就泡在水里；"
            "还有人把车推进电梯，上个月电梯里的电池冒过烟。\n\n"
            "消防通道也常被充电的车堵住。请议事会管一管。"
        ),
        category="fire",
        place="水仙里 1 幢楼下",
        suggestion="在架空层或地面找一个安全的地方，统一装充电桩，收费便宜一点，大家自然就不飞线了。",
        seconds=("neighbor", "committee", "recorder", "owner"),
        picture="wires",
    )
    _duplicate(script, know)
    taken_up(
        script, know, days=90, reason="涉及三个组团几百户的安全，附议已达人数，受理并现场查看。", kind="livelihood"
    )
    worded(script, know, WORDING, days=70)
    _meeting(script, know)
    _opinion(script, know)
    checked(script, know, WORDING, days=44)
    announced(script, know, notice=41, opens=24, closes=4)
    cast(script, know, charging_ballots(), opens=24, closes=4)


def _duplicate(script: Script, know: Know) -> None:
    other: Know = {}
    raised(
        script,
        other,
        days=91,
        by="owner",
        title="紫荆里楼道里电动车充电",
        text="紫荆里三楼过道一到晚上停满正在充电的电动车，走路都要侧着身。",
        category="fire",
        place="紫荆里 3 幢三楼",
        clock="12:20",
    )

    @script.at(90, "10:10", by="secretary")
    def merge(tx: Tx) -> None:
        agenda_actions.merge(tx, other["matter"], into_id=know["matter"], reason="与充电桩提案是同一件事，并案一起议。")


def _meeting(script: Script, know: Know) -> None:
    gathering = Gathering(
        days=58,
        clock="19:30",
        title="充电桩议事会",
        know=know,
        room=("secretary", "recorder", "resident", "property", "supervisor"),
        online=("neighbor", "committee", "owner"),
        guests=(("黄文辉", "紫荆里", None),),
        points=(
            Point(
                motion="motion",
                minutes=60,
                said=(
                    Said("resident", "飞线充电不是一天两天了，装桩要快，收费要公道。"),
                    Said(
                        "property",
                        "现场看过三处架空层，北侧不在疏散路线上；我们可以负责日常巡查，但要明确运营单位的责任。",
                    ),
                    Said("owner", "住二楼，担心楼下充电起火烧到我家，分隔和喷淋一定要先做好再通电。", written=True),
                    Said("neighbor", "我同意装，但地面停车场更安全，建议两个方案都写上。"),
                    Said("desk:黄文辉", "商铺门口的架空层不要占，会影响生意。"),
                    Said("committee", "场地收益归全体业主，要写清怎么分、多久公布一次。"),
                ),
                straw=(
                    "您倾向哪个地点？",
                    ("架空层北侧", "地面停车场", "暂不设置"),
                    {"resident": 0, "committee": 0, "neighbor": 1, "property": 0, "owner": 2},
                ),
                tasks=(("请消防技术服务机构出具三处架空层的书面意见", "郑经理", 45),),
                conclusion=Conclusion.AGREED,
                conclusion_text="多数意见设在架空层北侧，先取得消防书面意见，再交业主表决；二楼业主的担心写入安全要求。",
            ),
        ),
    )
    hold(script, gathering)
    confirmed(script, gathering, days=57)


def _opinion(script: Script, know: Know) -> None:
    """The fire safety opinion that the meeting asked for, before the checks."""

    @script.at(56, "09:00", by="secretary")
    def assign(tx: Tx) -> None:
        point = tx.session.exec(select(ActionPoint).where(ActionPoint.meeting_id == know["meeting"])).one()
        know["opinion"] = followup_actions.assign(
            tx,
            matter_id=know["matter"],
            title="取得三处架空层的消防书面意见",
            due_on=script.moment(45, "12:00").date(),
            assignee="郑经理",
            assignee_id=script.accounts["property"],
            action_point_id=point.id,
        ).id

    @script.at(47, "11:00", by="property")
    def report(tx: Tx) -> None:
        text = "消防技术服务机构已现场查看，书面意见已交议事会。"
        followup_actions.report(tx, know["opinion"], percent=100, text=text, pictures=[drawing("piles")])

    @script.at(47, "11:10", by="property")
    def close(tx: Tx) -> None:
        followup_actions.close_out(tx, know["opinion"], note="意见：北侧可设，须分隔并配喷淋。")
