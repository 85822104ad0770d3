"""The smallest checked motion, a poll on it, and ballots in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from sqlmodel import col, select

from deliberation.agenda import actions as agenda
from deliberation.agenda import queries as agenda_queries
from deliberation.agenda.rules import Check, Outcome
from deliberation.ballot import actions, rolls, rules
from deliberation.ballot.rules import Choice, Standing
from deliberation.ballot.tables import Ballot, Poll
from deliberation.council.roll import queries as roll_queries
from deliberation.council.roll.actions import keep
from deliberation.council.tables import Membership
from deliberation.db.engine import Tx
from deliberation.people.actions import create_account, sign_in
from tests.conftest import Caller, Town
from votes.roll import read

SAMPLE = Path(__file__).parents[2] / "votes/data/roll_sample.csv"


def motion(town: Town, *, law_item: int = 8, checked: bool = True, title: str = "架空层设充电桩") -> int:
    """A motion with its text, its share rule and (unless told) its three checks."""
    with town.write("moderator") as tx:
        proposal = agenda.propose(tx, title=title, text="在架空层安装充电桩。", category="fire")
        draft = agenda.accept(tx, proposal.id, reason="属于业主共同决定的事项")
        edited = agenda.edit_motion(
            tx,
            draft.id,
            version=draft.version,
            title=title,
            text="在三处架空层各装 12 个充电桩。",
            law_item=law_item,
            law_reason="改变共有部分的用途",
            income_share="收益归全体业主，按面积分配",
            cost="26,000 元，由物业垫付",
        )
        if checked:
            for kind in Check:
                agenda.record_check(
                    tx, draft.id, version=edited.version, kind=kind, outcome=Outcome.HOLDS, note="符合要求"
                )
        found: int = draft.id
    return found


def announced(
    town: Town, *, law_item: int = 8, title: str = "架空层设充电桩", standing: Standing = Standing.OFFICIAL
) -> int:
    """A poll whose notice is out; it opens 15 days from now at 09:00 and closes a week later."""
    motion_id = motion(town, law_item=law_item, title=title)
    with town.write("moderator") as tx:
        found: int = announce(tx, motion_id, standing).id
    return found


def announce(tx: Tx, motion_id: int, standing: Standing = Standing.OFFICIAL) -> Poll:
    opens_at = rules.earliest_opening(tx.now)
    roll = roll_queries.newest(tx.session, tx.council)
    assert roll is not None
    return actions.announce(
        tx,
        motion_id,
        standing=standing,
        opens_at=opens_at,
        closes_at=opens_at + timedelta(days=7),
        seen_version=agenda_queries.motion(tx.session, tx.council, motion_id).version,
        seen_roll_id=roll.id,
    )


def opened(
    town: Town, *, law_item: int = 8, title: str = "架空层设充电桩", standing: Standing = Standing.OFFICIAL
) -> int:
    """A poll on its first day of voting."""
    poll_id = announced(town, law_item=law_item, title=title, standing=standing)
    town.travel(days=15, hours=1)
    return poll_id


def cast(town: Town, poll_id: int, choices: Mapping[str, str], *, level: int = 2) -> None:
    """Ballots by head key, each in the name its roll gives."""
    with town.write("desk") as tx:
        heads = {head.key: head for head in rolls.heads_of(tx.session, actions.held(tx, poll_id))}
        for head_key, choice in choices.items():
            name = heads[head_key].designated or heads[head_key].name
            tx.actor_id = _account_of(tx, head_key) or _tied(tx, head_key, name)
            actions.cast(tx, poll_id, head_key=head_key, choice=Choice(choice), cast_by=name, level=level)


def _account_of(tx: Tx, head_key: str) -> int | None:
    return tx.session.exec(select(Membership.account_id).where(Membership.head_key == head_key)).first()


def _tied(tx: Tx, head_key: str, name: str) -> int:
    account_id: int = create_account(tx, name=name).id
    tx.session.add(
        Membership(
            council_id=tx.council,
            account_id=account_id,
            tie="owner",
            home="",
            head_key=head_key,
            state="verified",
            level=2,
            asked_at=tx.now,
        )
    )
    return account_id


def confirmed_by_one(town: Town, who: str) -> None:
    """As where one of the staff alone compared them with the roll."""
    with town.write("desk") as tx:
        tie = tx.session.exec(select(Membership).where(Membership.account_id == town.cast.ids[who])).one()
        tie.level, tie.decided_by, tie.decided_at = 1, tx.actor, town.now
        tx.session.add(tie)


def close(town: Town) -> None:
    """Let the poll's last day pass and do what becomes due."""
    town.travel(days=8)


def signed_in(town: Town, who: str) -> Caller:
    """A new sign-in: those of the cast end after 30 days."""
    with town.write() as tx:
        return Caller(town.app, sign_in(tx, town.cast.ids[who], "tests"))


def sample_roll(town: Town) -> None:
    """175 heads, 20,459.42 m2."""
    with town.write("moderator") as tx:
        keep(tx, read(SAMPLE.read_bytes()), file_name="roll_sample.csv")


def later(town: Town, **span: float) -> None:
    """Move the clock alone: what is due stays undone."""
    town.clock.travel(timedelta(**span))


PATH = "/c/jinxiu/polls"


def ballots(town: Town, poll_id: int) -> list[Ballot]:
    with town.db.read() as session:
        return list(session.exec(select(Ballot).where(Ballot.poll_id == poll_id).order_by(col(Ballot.seq))))
