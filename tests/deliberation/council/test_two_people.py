"""A new roll is confirmed by somebody else than who brought it, and its totals are held against the register (63)."""

import pytest

from deliberation.council.actions import appoint
from deliberation.council.roll import queries as roll_queries
from deliberation.council.roll import reader as roll_reader
from deliberation.council.tables import Roll
from tests.conftest import Caller, Town
from tests.deliberation.council.build import SAMPLE, as_csv, table, uploaded, verbs

REASON = "登记簿漏了一处商铺，已电话核对。"


def newest(town: Town, council_id: int | None = None) -> Roll:
    with town.db.read() as session:
        found = roll_queries.newest(session, council_id or town.cast.council_id)
        assert found
        return found


def first_roll(moderator: Caller, **register: str) -> str:
    answer = moderator.post("/c/other/roll/import", register, files={"file": ("roll.csv", SAMPLE)})
    assert answer.status == 303, answer.text
    roll_reader.wait()
    return answer.location


def test_who_brought_a_new_roll_cannot_confirm_it(town: Town) -> None:
    staff = town.as_("moderator")
    address = uploaded(staff, SAMPLE)
    page = staff.get(address)
    assert "由第二个人确认" in page.text
    assert "启用新名册" not in page.text
    answer = staff.post(f"{address}/confirmation", {"reason": REASON})
    assert answer.status == 422
    assert "名册要由两个人经手" in answer.text
    assert newest(town).version == 1
    assert "由 林主持 上传" in town.as_("recorder").get(address).text


def test_both_people_stand_with_the_version(town: Town) -> None:
    address = uploaded(town.as_("recorder"), as_csv(table()[:-1]), register_area="840.50")
    town.as_("moderator").follow(f"{address}/confirmation")
    roll = newest(town)
    assert (roll.imported_by, roll.confirmed_by) == (town.cast.ids["recorder"], town.cast.ids["moderator"])
    page = town.as_("resident").get("/c/jinxiu/roll").text
    assert "陈记录" in page
    assert "确认人 林主持" in page
    assert "与登记簿核对 总数相同" in page


def test_a_fresh_council_s_first_roll_needs_one_person_who_is_named(town: Town) -> None:
    moderator = town.as_("other_moderator")
    assert "新的名册已生效" in moderator.follow(f"{first_roll(moderator)}/confirmation").text
    roll = newest(town, town.cast.other_council_id)
    assert roll.imported_by == roll.confirmed_by == town.cast.ids["other_moderator"]
    assert "确认人 同一人" in moderator.get("/c/other/roll").text


def test_how_many_confirm_is_said_before_the_file_is_chosen_and_beside_the_button(town: Town) -> None:
    first, later = town.as_("other_moderator"), town.as_("moderator")
    assert "这是第一版名册，您可以自己确认" in first.get("/c/other/roll/import").text
    assert "由另一位主持人或记录人确认" in later.get("/c/jinxiu/roll/import").text
    assert "您可以自己确认" not in later.get("/c/jinxiu/roll/import").text
    with town.write("other_moderator", town.cast.other_council_id) as tx:
        appoint(tx, town.cast.ids["stranger"], "recorder")
    address = first_roll(first)
    assert "就只有您一个人经手" in first.get(address).text
    assert "就只有您一个人经手" not in town.as_("stranger").get(address).text


@pytest.mark.parametrize(("area", "heads"), [("20459.42", "175"), ("20,459.42", ""), ("２０４５９．４２", "")])
def test_totals_that_fit_the_register_are_said_to(town: Town, area: str, heads: str) -> None:
    page = town.as_("moderator").get(uploaded(town.as_("moderator"), SAMPLE, register_area=area, register_heads=heads))
    assert "与上传时填写的登记簿总数相同" in page.text


def test_63_a_total_that_differs_needs_two_people_and_a_written_reason_also_on_a_first_roll(town: Town) -> None:
    moderator = town.as_("other_moderator")
    address = first_roll(moderator, register_area="20459.43")
    assert "总数与登记簿不同" in moderator.get(address).text
    answer = moderator.post(f"{address}/confirmation", {"reason": REASON})
    assert answer.status == 422
    assert "名册要由两个人经手" in answer.text
    with town.write("other_moderator", town.cast.other_council_id) as tx:
        appoint(tx, town.cast.ids["stranger"], "recorder")
    second = town.as_("stranger")
    silent = second.post(f"{address}/confirmation")
    assert silent.status == 422
    assert "请写明核对了什么" in silent.text
    assert "新的名册已生效" in second.follow(f"{address}/confirmation", {"reason": REASON}).text
    roll = newest(town, town.cast.other_council_id)
    assert (roll.reason, roll.register_area, roll.area) == (REASON, 2_045_943, 2_045_942)


@pytest.mark.parametrize(
    "register", [{}, {"register_area": "931.00"}, {"register_area": "840.50", "register_heads": "9"}]
)
def test_63_a_later_roll_without_a_fitting_total_needs_a_reason(town: Town, register: dict[str, str]) -> None:
    address = uploaded(town.as_("recorder"), as_csv(table()[:-1]), **register)
    moderator = town.as_("moderator")
    assert "为什么仍然正确" in moderator.get(address).text
    assert moderator.post(f"{address}/confirmation").status == 422
    moderator.follow(f"{address}/confirmation", {"reason": REASON})
    assert newest(town).reason == REASON
    assert REASON in moderator.get("/c/jinxiu/roll").text
    assert REASON not in town.as_("resident").get("/c/jinxiu/roll").text


@pytest.mark.parametrize("area", ["many", "1.234", "-5"])
def test_a_total_that_is_no_area_keeps_the_form(town: Town, area: str) -> None:
    answer = town.as_("moderator").post(
        "/c/jinxiu/roll/import", {"register_area": area}, files={"file": ("roll.csv", SAMPLE)}
    )
    assert answer.status == 422
    assert "最多两位小数" in answer.text


def test_a_file_that_waits_is_on_the_other_s_workbench_and_not_on_one_s_own(town: Town) -> None:
    address = uploaded(town.as_("recorder"), SAMPLE)
    assert address in town.as_("moderator").get("/c/jinxiu/work").html
    assert address not in town.as_("recorder").get("/c/jinxiu/work").html
    assert address not in town.as_("desk").get("/c/jinxiu/work").html
    assert verbs(town)[-1] == "roll.upload_taken"
