"""When a matter is over: whom it is asked of, whose word ends it, and how satisfaction is counted."""

from deliberation.agenda.actions import accept, propose
from deliberation.followup.actions import assign
from deliberation.jobs.clock import local
from tests.conftest import Town
from tests.deliberation.ballot.build import signed_in
from tests.deliberation.followup.build import matter, task
from tests.deliberation.followup.test_rate import close, rate

C = "/c/jinxiu"


def test_a_matter_keyed_in_from_paper_ends_with_its_close_out(town: Town) -> None:
    with town.write("desk") as tx:
        matter_id = propose(tx, title="路灯不亮", text="三号路灯不亮了。", category="repair", channel="box").id
    with town.write("moderator") as tx:
        accept(tx, matter_id, reason="该修", kind="livelihood")
    with town.write("moderator") as tx:
        task_id = assign(tx, matter_id=matter_id, title="修好路灯", due_on=local(town.now).date(), assignee="电工").id
    close(town, task_id, "moderator")
    dossier = town.as_("resident").get(f"{C}/matters/{matter_id}").text
    assert "全部办好" in dossier
    assert "不需要评议" in dossier
    assert "不需要评价" in town.as_("resident").get(f"{C}/tasks/{task_id}").text


def test_a_seconder_s_yes_does_not_end_it_while_the_author_may_still_speak(town: Town) -> None:
    matter_id = matter(town)
    task_id = task(town, matter_id)
    close(town, task_id)
    assert rate(town, task_id, "neighbor", "yes").status == 303
    dossier = town.as_("resident").get(f"{C}/matters/{matter_id}").text
    assert "到期没有人不满意，就归档" in dossier
    assert "3月15日" in dossier
    assert "到3月15日（周日）没有人不满意，就归档" in town.as_("resident").get(f"{C}/tasks/{task_id}").text
    assert rate(town, task_id, "resident", "yes").status == 303
    assert "全部办好" in town.as_("resident").get(f"{C}/matters/{matter_id}").text


def test_after_fourteen_days_without_a_no_it_is_filed_and_nobody_is_asked_at_home(town: Town) -> None:
    matter_id = matter(town)
    task_id = task(town, matter_id)
    close(town, task_id)
    town.travel(days=13)
    resident = signed_in(town, "resident")
    assert "到期没有人不满意" in resident.get(f"{C}/matters/{matter_id}").text
    assert "请评价" in resident.get(C).text
    town.travel(days=1)
    text = resident.get(f"{C}/matters/{matter_id}").text
    assert "全部办好" in text
    assert "14 天内没有人不满意，按期归档" in text
    assert "请评价" not in resident.get(C).text


def test_everybody_s_last_word_counts_wherever_satisfaction_is_shown(town: Town) -> None:
    matter_id = matter(town, seconded_by=("neighbor", "owner"))
    task_id = task(town, matter_id)
    close(town, task_id)
    rate(town, task_id, "neighbor", "no", "三号桩不通电")
    close(town, task_id, note="三号桩换好了")
    rate(town, task_id, "owner", "yes")
    resident = town.as_("resident")
    told = "已评价 2 人，满意 1 人"
    assert told in resident.get(f"{C}/tasks/{task_id}").text
    assert told in resident.get(f"{C}/tasks?show=closed").text
    assert told in resident.get(f"{C}/notices").text
    rate(town, task_id, "resident", "yes")
    assert "全部办好" not in resident.get(f"{C}/matters/{matter_id}").text
    town.travel(days=14)
    assert "3 人评价，2 人满意" in resident.get(f"{C}/matters/{matter_id}").text
