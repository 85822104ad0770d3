"""A town to measure: councils of so many households with a full notice board, a list of matters, a meeting that goes on and a
decision that most households voted on, made through the actions people use."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from deliberation import steps
from deliberation.agenda import actions as agenda
from deliberation.agenda import queries as agenda_queries
from deliberation.agenda.rules import Check, Outcome
from deliberation.ballot import actions as ballots
from deliberation.ballot import rules as ballot_rules
from deliberation.council.actions import make_council
from deliberation.council.queries import by_slug
from deliberation.council.roll import queries as rolls
from deliberation.council.roll.actions import keep
from deliberation.council.rules import Role
from deliberation.council.tables import Membership, Seat
from deliberation.db.engine import Database, Tx
from deliberation.db.migrate import migrate
from deliberation.decision import queries as decisions
from deliberation.jobs.clock import SystemClock, TravelClock
from deliberation.jobs.runner import Runner
from deliberation.meeting import floor_actions, plan_actions, presence_actions
from deliberation.meeting.rules import Mode
from deliberation.people.actions import create_account, sign_in
from votes.roll import Roll, from_table

ROWS = 30
PUBLISHED = 8
"""Polls that are over: each puts three sheets on the board, which shows a page of them."""
COLUMNS = [
    "组团",
    "幢",
    "单元",
    "房号",
    "用途",
    "专有部分面积",
    "业主编号",
    "业主姓名",
    "共有情况",
    "行使表决权人",
    "交付状态",
]


@dataclass
class Council:
    slug: str
    households: int
    decision: str = ""
    """Where the result stands that the households voted on."""
    poll: str = ""
    meeting: str = ""
    token: str = ""
    """Signs in one of its owners."""
    people: dict[str, int] = field(default_factory=dict)


@dataclass
class Town:
    url: str
    councils: list[Council]


def found(folder: Path, sizes: list[int]) -> Town:
    """A council for each size."""
    url = f"sqlite:///{folder / 'council.db'}"
    migrate(url)
    db = Database(url)
    clock = TravelClock(SystemClock(), offset=timedelta(days=-50))
    runner = Runner(db, clock, steps.dues())
    with db.write(clock.now()) as tx:
        admin = create_account(tx, name="平台", sign_in_name="admin", platform_admin=True).id
    councils = [Council(f"town{number}", households) for number, households in enumerate(sizes)]
    for council in councils:
        with db.write(clock.now(), actor_id=admin) as tx:
            _begin(tx, council)
    notices = {one.slug: [_announced(db, clock, one, number) for number in range(PUBLISHED)] for one in councils}
    clock.travel(timedelta(days=16))
    runner.run_once()
    for council in councils:
        _vote(db, clock, council, notices[council.slug])
    clock.travel(timedelta(days=8))
    runner.run_once()
    clock.travel(timedelta(days=16))
    runner.run_once()
    for council in councils:
        _go_on(db, clock, council, notices[council.slug][0])
    with db.write(SystemClock().now()) as tx:
        for council in councils:
            council.token = sign_in(tx, council.people["owner"], "bench")
    db.close()
    return Town(url, councils)


def _begin(tx: Tx, council: Council) -> None:
    number = make_council(tx, slug=council.slug, name="量度议事会", compound="量度小区", community=council.slug).id
    for role in (Role.MODERATOR, Role.RECORDER, Role.DESK, Role.SUPERVISOR):
        council.people[role] = create_account(tx, name=f"工作人员{role}").id
        tx.session.add(Seat(council_id=number, account_id=council.people[role], role=role, since=tx.now))
    council.people["owner"] = create_account(tx, name="业主0").id
    tx.session.add(
        Membership(
            council_id=number,
            account_id=council.people["owner"],
            tie="owner",
            home="1幢0000",
            head_key="Y00000",
            state="verified",
            level=2,
            asked_at=tx.now,
        )
    )
    tx.session.flush()
    tx.actor_id = council.people[Role.MODERATOR]
    keep(tx, _roll(council.households), file_name="roll.csv")


def _roll(households: int) -> Roll:
    rows = [
        f"北里,{number // 100}幢,1单元,{number:04d},住宅,90.00,Y{number:05d},业主{number},单独所有,业主{number},已交付".split(
            ","
        )
        for number in range(households)
    ]
    return from_table([COLUMNS, *rows])


def _announced(db: Database, clock: TravelClock, council: Council, number: int) -> int:
    with db.write(clock.now(), actor_id=council.people[Role.MODERATOR], council_id=_id(db, council)) as tx:
        title = f"架空层设充电桩之{number}"
        proposal = agenda.propose(tx, title=title, text="在架空层安装充电桩。", category="fire")
        draft = agenda.accept(tx, proposal.id, reason="属于业主共同决定的事项")
        edited = agenda.edit_motion(
            tx,
            draft.id,
            version=draft.version,
            title=title,
            text="在三处架空层各装 12 个充电桩。",
            law_item=8,
            law_reason="改变共有部分的用途",
            income_share="收益归全体业主，按面积分配",
            cost="26,000 元，由物业垫付",
        )
        for kind in Check:
            agenda.record_check(tx, draft.id, version=edited.version, kind=kind, outcome=Outcome.HOLDS, note="符合要求")
        roll = rolls.newest(tx.session, tx.council)
        assert roll is not None
        opens_at = ballot_rules.earliest_opening(tx.now)
        poll = ballots.announce(
            tx,
            draft.id,
            standing=ballot_rules.Standing.OFFICIAL,
            opens_at=opens_at,
            closes_at=opens_at + timedelta(days=7),
            seen_version=agenda_queries.motion(tx.session, tx.council, draft.id).version,
            seen_roll_id=roll.id,
        )
        return int(poll.id)


def _id(db: Database, council: Council) -> int:
    with db.read() as session:
        found = by_slug(session, council.slug)
        assert found is not None
        return int(found.id)


def _vote(db: Database, clock: TravelClock, council: Council, polls: list[int]) -> None:
    """Eight of ten households in the first poll, a few in the others."""
    for place, poll_id in enumerate(polls):
        with db.write(clock.now(), actor_id=council.people[Role.DESK], council_id=_id(db, council)) as tx:
            poll = ballots.held(tx, poll_id)
            for number in range(council.households * 8 // 10 if place == 0 else 5):
                ballots.put_in(
                    tx,
                    poll,
                    head_key=f"Y{number:05d}",
                    choice="against" if number % 7 == 0 else "for",
                    channel="online",
                    level=number % 3,
                    cast_by=f"业主{number}",
                )


def _go_on(db: Database, clock: TravelClock, council: Council, poll_id: int) -> None:
    number = _id(db, council)
    with db.write(clock.now(), actor_id=council.people["owner"], council_id=number) as tx:
        for at in range(ROWS):
            agenda.propose(tx, title=f"请修楼道的灯之{at}", text="晚上看不见台阶。", category="fire")
        decision = decisions.of_poll(tx.session, number, poll_id)
        assert decision is not None
        council.decision, council.poll = (
            f"/c/{council.slug}/decisions/{decision.id}",
            f"/c/{council.slug}/polls/{poll_id}",
        )
    with db.write(clock.now(), actor_id=council.people[Role.MODERATOR], council_id=number) as tx:
        plan = plan_actions.Plan("议事会", tx.now + timedelta(days=10), "议事厅", "", 3, "物业公司")
        meeting_id: int = plan_actions.call(tx, plan).id
        items = [
            plan_actions.add_item(tx, meeting_id, title=f"议程{at}", text="", minutes_planned=10).id for at in range(5)
        ]
        plan_actions.announce(tx, meeting_id)
        council.meeting = f"/c/{council.slug}/meetings/{meeting_id}"
    clock.travel(timedelta(days=10))
    for at in range(ROWS):
        with db.write(clock.now(), actor_id=council.people["owner"], council_id=number) as tx:
            if at:
                tx.actor_id = create_account(tx, name=f"业主{at}").id
            presence_actions.sign_in(
                tx,
                meeting_id,
                name=f"业主{at}",
                home=f"1幢{at:04d}",
                role="owner",
                head_key=f"Y{at:05d}",
                mode=Mode.ROOM,
            )
    with db.write(clock.now(), actor_id=council.people[Role.MODERATOR], council_id=number) as tx:
        floor_actions.open_meeting(tx, meeting_id, short_reason="")
        floor_actions.open_item(tx, meeting_id, items[0])
    clock.travel(timedelta(days=-10))
