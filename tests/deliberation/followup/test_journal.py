"""Each act on a task leaves one entry with its matter, in order."""

from datetime import timedelta

from deliberation.followup import actions
from deliberation.jobs.clock import local
from tests.conftest import Town
from tests.deliberation.agenda.build import verbs
from tests.deliberation.followup import build


def test_a_task_from_hand_to_hand_until_everybody_is_satisfied(town: Town) -> None:
    matter = build.matter(town)
    task = build.task(town, matter)
    day = local(town.now).date() + timedelta(days=20)
    with town.write("moderator") as tx:
        actions.move_due(tx, task, due_on=day)
        actions.move_due(tx, task, due_on=day)
    with town.write("property") as tx:
        actions.report(tx, task, percent=50, text="装了一半。")
        actions.close_out(tx, task, note="装好了。")
    with town.write("neighbor") as tx:
        actions.rate(tx, task, satisfied=False, text="有一个不通电。")
    with town.write("property") as tx:
        actions.close_out(tx, task, note="修好了。")
    with town.write("neighbor") as tx:
        actions.rate(tx, task, satisfied=True)
    town.travel(days=15)
    told = verbs(town, matter)
    assert told[told.index("task.assigned") :] == [
        "task.assigned",
        "task.due_moved",
        "task.progressed",
        "task.closed_out",
        "task.not_satisfied",
        "task.reopened",
        "task.closed_out",
        "task.satisfied",
        "matter.closed",
    ]
