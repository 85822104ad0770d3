"""The smallest meetings, made through the same actions that people use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from deliberation.meeting import floor_actions, plan_actions, presence_actions, rules, talk_actions, turns
from deliberation.meeting.plan_actions import Plan
from deliberation.meeting.tables import Meeting
from tests.cast import COUNCIL
from tests.conftest import Town

FEW = "下雨，人到得慢"


def plan(town: Town, **changes: object) -> Plan:
    facts: dict[str, object] = {
        "title": "第一次议事会",
        "starts_at": town.now + timedelta(days=10),
        "place": "3 号楼一层议事厅",
        "online_link": "https://meet.example/room",
        "quorum": 3,
        "invited": "物业公司",
    }
    return Plan(**{**facts, **changes})  # type: ignore[arg-type]


@dataclass
class Built:
    """A meeting of two items in its state, and where it is."""

    town: Town
    id: int
    item_ids: list[int]
    door_code: str
    council: str = "jinxiu"

    @property
    def at(self) -> str:
        return f"/c/{self.council}/meetings/{self.id}"

    def present(self, *people: str, mode: rules.Mode = rules.Mode.ROOM) -> dict[str, int]:
        """Sign people of the cast in; their presences by the names in the cast."""
        found = {}
        for who in people:
            name, roles, tie, home, head = COUNCIL[who]
            with self.town.write(who) as tx:
                role = roles[0] if roles else tie or "guest"
                head_key = head if tie == "owner" else None
                found[who] = presence_actions.sign_in(
                    tx, self.id, name=name, home=home, role=role, head_key=head_key, mode=mode
                ).id
        return found

    def ask(self, who: str) -> int:
        with self.town.write(who) as tx:
            return floor_actions.ask_to_speak(tx, self.id).id

    def open_item(self, place: int = 0) -> None:
        with self.town.write("moderator") as tx:
            floor_actions.open_item(tx, self.id, self.item_ids[place])

    def conclude(self, place: int = 0, conclusion: rules.Conclusion = rules.Conclusion.AGREED, text: str = "") -> None:
        with self.town.write("moderator") as tx:
            floor_actions.conclude(tx, self.id, self.item_ids[place], conclusion, text, let_go=True)

    def give_floor(self, turn_id: int | None = None) -> int:
        with self.town.write("moderator") as tx:
            chosen = turn_id or rules.in_order(turns.waiting(tx.session, self.id))[0].id
            return floor_actions.give_floor(tx, self.id, chosen).id

    def stop(self) -> None:
        with self.town.write("moderator") as tx:
            floor_actions.stop(tx, self.id)

    def write(self, who: str, text: str) -> int:
        with self.town.write(who) as tx:
            return talk_actions.write_statement(tx, self.id, text).id

    def straw(self, question: str = "先试用一个月，好不好？", options: tuple[str, ...] = ("同意", "反对")) -> int:
        with self.town.write("moderator") as tx:
            return talk_actions.open_straw(tx, self.id, question, list(options)).id

    def close(self) -> None:
        with self.town.write("moderator") as tx:
            floor_actions.close_meeting(tx, self.id, sure=True)

    def row(self) -> Meeting:
        with self.town.db.read() as session:
            return session.get_one(Meeting, self.id)


def draft(town: Town, **changes: object) -> Built:
    with town.write("moderator") as tx:
        meeting = plan_actions.call(tx, plan(town, **changes))
        items = [
            plan_actions.add_item(tx, meeting.id, title=title, text=text, minutes_planned=minutes).id
            for title, text, minutes in [("充电桩放在架空层", "三个方案都要讲清楚。", 30), ("公共收益怎样公布", "", 15)]
        ]
        return Built(town, meeting.id, items, meeting.door_code)


def announced(town: Town, **changes: object) -> Built:
    built = draft(town, **changes)
    with town.write("moderator") as tx:
        plan_actions.announce(tx, built.id)
    return built


def doors_open(town: Town, **changes: object) -> Built:
    """Announced, and half an hour before the start."""
    built = announced(town, **changes)
    town.travel(days=9, hours=23, minutes=30)
    return built


def opened(town: Town, **changes: object) -> Built:
    built = doors_open(town, **changes)
    town.travel(minutes=30)
    with town.write("moderator") as tx:
        floor_actions.open_meeting(tx, built.id, short_reason="" if "quorum" in changes else FEW)
    return built


def closed(town: Town) -> Built:
    """Two items dealt with, the first with all that can happen."""
    built = opened(town)
    here = built.present("resident", "owner")
    built.present("tenant", mode=rules.Mode.ONLINE)
    built.open_item()
    built.ask("resident")
    built.give_floor()
    town.travel(seconds=75)
    built.stop()
    built.write("owner", "我家在二楼，担心噪声。")
    straw = built.straw()
    for who, choice in [("resident", 0), ("owner", 1), ("tenant", 0)]:
        with town.write(who) as tx:
            talk_actions.mark_straw(tx, built.id, straw, choice)
    with town.write("recorder") as tx:
        talk_actions.note_action_point(tx, built.id, text="请消防单位看现场", assignee="物业经理", due_on=None)
    with town.write("desk") as tx:
        presence_actions.leave(tx, built.id, here["owner"])
    built.conclude(0, rules.Conclusion.PARTLY, "先看现场，再定方案。")
    built.open_item(1)
    built.conclude(1)
    built.close()
    return built
