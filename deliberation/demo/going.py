"""What is going on today: polls announced and open, minutes to confirm, a meeting on the floor, proposals just in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from deliberation.agenda import actions as agenda_actions
from deliberation.db.engine import Tx
from deliberation.demo.gathering import Gathering, Point, Said, hold
from deliberation.demo.matter import Know, Wording, announced, cast, checked, raised, taken_up, worded
from deliberation.demo.script import Script
from deliberation.demo.sealing import put_up
from deliberation.demo.town import sample_heads
from deliberation.i18n.dates import LOCAL
from deliberation.meeting import floor_actions, talk_actions
from deliberation.meeting.rules import Conclusion

PLAYGROUND = Wording(
    title="用公共收益修缮儿童游乐区",
    text=(
        "一、更换开裂的橡胶地垫 180 平方米，修复秋千和滑梯。\n\n"
        "二、费用不超过 3.6 万元，从公共收益列支。\n\n"
        "三、修缮期间设围挡，工期 15 天。"
    ),
    law_item=9,
    law_reason="动用公共收益修缮共有设施，属其他重大事项（第九项）。",
    cost="不超过 36,000 元，从公共收益列支。",
    options=("修缮原有设施", "全部换新"),
    chosen=0,
    checks=(
        ("competence", "公共收益归全体业主，使用由业主共同决定。", "社区党委"),
        ("legality", "不涉及个别业主权利。", "社区法律顾问"),
        ("safety", "地垫和器械按国家标准选用。", "物业工程部"),
    ),
)
PARKING = Wording(
    title="地面停车位重新划线并预留消防通道",
    text=(
        "一、地面停车位由 96 个调整为 88 个，消防通道宽度不小于 4 米。\n\n"
        "二、划线费用 9,800 元，从公共收益列支。\n\n"
        "三、占用消防通道的车辆由物业劝离，劝离不了的报消防救援机构。"
    ),
    law_item=9,
    law_reason="调整共有场地的停车安排，属其他重大事项（第九项）。",
    cost="9,800 元，从公共收益列支。",
    options=("88 个车位，留 4 米通道", "维持 96 个车位"),
    chosen=0,
    checks=(
        ("competence", "占用业主共有场地停车，由业主共同决定。", "社区党委"),
        ("legality", "不改变产权车位。", "社区法律顾问"),
        ("safety", "通道宽度满足消防车通行要求。", "消防技术服务机构"),
    ),
)


def open_ballots() -> Iterator[tuple[str, str, str]]:
    for number, key in enumerate(sorted(sample_heads())):
        if key in {"Y0002", "Y0003"} or number % 5 in {1, 4}:
            continue
        yield key, "against" if number % 7 == 3 else "for", "online"


def tell(script: Script) -> None:
    _playground(script)
    _parking(script)
    _dogs(script)
    _bins_on_the_floor(script)
    _just_in(script)
    _waiting_for_a_meeting(script)


def _playground(script: Script) -> None:
    know: Know = {}
    raised(
        script,
        know,
        days=52,
        by="committee",
        title="儿童游乐区地垫开裂，滑梯螺丝松了",
        text="游乐区的地垫裂了好几块，孩子跑着容易绊倒，滑梯的螺丝也松了。",
        category="elders",
        place="水仙里中庭",
        seconds=("resident", "neighbor", "owner"),
    )
    taken_up(script, know, days=51, reason="有安全隐患，受理。", kind="livelihood")
    worded(script, know, PLAYGROUND, days=40)
    checked(script, know, PLAYGROUND, days=32)
    announced(script, know, notice=26, opens=9, closes=-6)
    cast(script, know, open_ballots(), opens=9, closes=-6)


def _parking(script: Script) -> None:
    know: Know = {}
    raised(
        script,
        know,
        days=38,
        by="neighbor",
        title="消防通道被车堵住，车位要重新划",
        text="上周救护车进不来，绕了十分钟。地面车位划得太满，消防通道只剩两米多。",
        category="parking",
        place="红茶里东侧道路",
        seconds=("resident", "committee", "recorder"),
    )
    taken_up(script, know, days=37, reason="关系消防安全，受理。", kind="public")
    worded(script, know, PARKING, days=20)
    checked(script, know, PARKING, days=12)
    announced(script, know, notice=6, opens=-10, closes=-25)


def _dogs(script: Script) -> None:
    """A meeting two days ago, its minutes waiting for those who were there."""
    know: Know = {}
    raised(
        script,
        know,
        days=27,
        by="owner",
        title="遛狗不牵绳，草坪上狗粪没人清",
        text="早晚遛狗不牵绳，小孩被追过两次。草坪上的狗粪也没人清。",
        category="hygiene",
        place="三个组团的草坪",
        suggestion="大家一起定一个文明养狗公约，贴在每幢门口。",
        seconds=("resident", "neighbor", "committee"),
    )
    taken_up(script, know, days=26, reason="附议已达人数，列入下次议事会。", kind="dispute")
    gathering = Gathering(
        days=2,
        clock="19:30",
        title="文明养狗议事会",
        know=know,
        notice_days=9,
        room=("secretary", "recorder", "resident", "owner", "supervisor"),
        online=("neighbor", "tenant"),
        points=(
            Point(
                motion="motion",
                minutes=40,
                said=(
                    Said("owner", "不反对养狗，但要牵绳、要捡便。"),
                    Said("tenant", "我家也养狗，希望给一块可以放绳的地方。", written=True),
                    Said("resident", "可以划一个时段，早上六点半以前在南坪放绳。"),
                ),
                straw=(
                    "同意写进公约吗？",
                    ("同意", "不同意", "再议"),
                    {"owner": 0, "resident": 0, "tenant": 0, "neighbor": 2},
                ),
                tasks=(("起草文明养狗公约并在各幢张贴", "邱玉英", -12),),
                conclusion=Conclusion.PARTLY,
                conclusion_text="牵绳和捡便达成一致；放绳时段再征求意见。",
            ),
        ),
    )
    hold(script, gathering)
    put_up(script, gathering, days=1)


def _bins_on_the_floor(script: Script) -> None:
    """A meeting that began a quarter of an hour ago and is still going on."""
    know: Know = {}
    raised(
        script,
        know,
        days=19,
        by="resident",
        title="垃圾分类投放点离楼太近，夏天味道大",
        text="水仙里 1 幢的投放点正对一楼窗户，夏天不敢开窗。希望移到配电房旁边。",
        category="hygiene",
        place="水仙里 1 幢西侧",
        seconds=("owner", "neighbor", "committee"),
    )
    taken_up(script, know, days=18, reason="附议已达人数，列入今天的议事会。", kind="livelihood")
    began = (script.today - timedelta(minutes=15)).astimezone(LOCAL)
    gathering = Gathering(
        days=(script.today.astimezone(LOCAL).date() - began.date()).days,
        clock=f"{began:%H:%M}",
        title="垃圾投放点议事会",
        know=know,
        closes=False,
        room=("secretary", "recorder", "property", "supervisor"),
        online=("resident", "committee"),
        guests=(("黄文辉", "红茶里", None),),
        points=(
            Point(
                motion="motion",
                minutes=30,
                said=(
                    Said("resident", "不是不要投放点，是不要正对窗户。"),
                    Said("property", "配电房旁边可以，但要接水管，大约两千元。"),
                    Said("committee", "移过去以后红茶里的人要多走五十米，要听听他们的意见。", written=True),
                ),
            ),
            Point(title="其他事项", text="到会的人可以提。", minutes=10),
        ),
    )
    hold(script, gathering)

    now = script.today

    @script.at_moment(now - timedelta(minutes=3), by="secretary")
    def sound_out(tx: Tx) -> None:
        options = ["赞成", "不赞成", "再看看"]
        straw = talk_actions.open_straw(tx, know["meeting"], "投放点移到配电房旁边，您怎么看？", options)
        know["straw"] = straw.id

    for seconds, who, choice in ((150, "resident", 0), (120, "property", 0), (90, "supervisor", 2)):

        @script.at_moment(now - timedelta(seconds=seconds), by=who)
        def mark(tx: Tx, choice: int = choice) -> None:
            talk_actions.mark_straw(tx, know["meeting"], know["straw"], choice)

    for seconds, who in ((80, "property"), (70, "committee"), (60, "recorder")):

        @script.at_moment(now - timedelta(seconds=seconds), by=who)
        def ask(tx: Tx) -> None:
            turn = floor_actions.ask_to_speak(tx, know["meeting"])
            know.setdefault("first turn", turn.id)

    @script.at_moment(now - timedelta(seconds=20), by="secretary")
    def give(tx: Tx) -> None:
        floor_actions.give_floor(tx, know["meeting"], know["first turn"])


def _just_in(script: Script) -> None:
    lift: Know = {}
    raised(
        script,
        lift,
        days=1,
        by="neighbor",
        title="红茶里 2 幢电梯总是停在五楼",
        text="电梯这周停了三次，每次都在五楼。物业说等厂家。",
        category="repair",
        place="红茶里 2 幢",
        seconds=("resident",),
        clock="12:30",
    )
    fee: Know = {}
    raised(
        script,
        fee,
        days=30,
        by="tenant",
        title="一楼不用电梯，物业费应该打折",
        text="一楼住户不坐电梯，却交一样的物业费，不合理。",
        category="income",
        place="水仙里",
    )

    @script.at(29, "10:00", by="secretary")
    def decline(tx: Tx) -> None:
        agenda_actions.decline(
            tx,
            fee["matter"],
            reason="物业费标准写在物业服务合同里，改动须由业主共同决定并与物业服务企业协商；租户可请房东提出。",
        )

    noise: Know = {}
    raised(
        script,
        noise,
        days=15,
        by="owner",
        title="广场舞音响太响",
        text="晚上八点半以后音响还很响，孩子没法写作业。",
        category="order",
        place="中心广场",
        seconds=("tenant",),
    )

    @script.at(14, "09:40", by="secretary")
    def answer(tx: Tx) -> None:
        agenda_actions.answer(
            tx,
            noise["matter"],
            reason="已和舞队约定：每晚 8:30 前结束，音量不超过 60 分贝，由楼长当场提醒。两周后回访。",
        )


def _waiting_for_a_meeting(script: Script) -> None:
    """Taken up a week ago: it waits for a meeting."""
    know: Know = {}
    raised(
        script,
        know,
        days=9,
        by="resident",
        title="给六十岁以上独居老人装一键呼叫器",
        text="小区里独居老人不少，摔倒了没人知道。希望装一键呼叫器，接到服务台。",
        category="elders",
        place="三个组团",
        seconds=("neighbor", "owner", "committee", "tenant"),
    )
    taken_up(script, know, days=8, reason="与社区助老服务结合，受理。", kind="livelihood")
