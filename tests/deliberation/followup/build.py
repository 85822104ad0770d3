"""A matter that was taken up, and tasks for it."""

from datetime import timedelta

from deliberation.agenda.actions import accept, propose, second
from deliberation.followup.actions import assign
from deliberation.jobs.clock import local
from tests.conftest import Town


def matter(
    town: Town, by: str = "resident", seconded_by: tuple[str, ...] = ("neighbor",), *, accepted: bool = True
) -> int:
    with town.write(by) as tx:
        matter_id = propose(tx, title="架空层加装充电桩", text="楼道里拉线充电，很不安全。", category="fire").id
    for who in seconded_by:
        with town.write(who) as tx:
            second(tx, matter_id)
    if accepted:
        with town.write("moderator") as tx:
            accept(tx, matter_id, reason="多人反映", kind="public")
    return matter_id


def task(town: Town, matter_id: int | None = None, *, days: int = 10, to: str | None = "property") -> int:
    matter_id = matter_id or matter(town)
    with town.write("moderator") as tx:
        return assign(
            tx,
            matter_id=matter_id,
            title="装好八个充电桩",
            due_on=local(town.now).date() + timedelta(days=days),
            assignee="" if to else "某施工单位",
            assignee_id=town.cast.ids[to] if to else None,
        ).id
