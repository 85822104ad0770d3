"""The sample council itself: its people, its seats, its roll, and the owners who joined online."""

from __future__ import annotations

import csv
from dataclasses import replace
from functools import cache
from pathlib import Path

from deliberation.council import actions as council_actions
from deliberation.council.residents import actions as resident_actions
from deliberation.council.residents import queries as resident_queries
from deliberation.council.residents.queries import membership_of
from deliberation.council.roll import actions as roll_actions
from deliberation.council.rules import Role
from deliberation.council.seating import actions as seating_actions
from deliberation.council.seating import queries as seating_queries
from deliberation.council.seating.rules import BY_TWO
from deliberation.council.slips import actions as slip_actions
from deliberation.council.slips import rules as slip_rules
from deliberation.db.engine import Tx
from deliberation.demo.accounts import ACCOUNTS, PASSWORD, DemoAccount
from deliberation.demo.script import Script
from deliberation.people import actions as people_actions
from deliberation.people import passwords
from votes.roll import Head, Roll, read

LED = "紫荆里3幢1单元"
"""The building that has a leader."""
HERE = Path(__file__).parent
RULES = """一、议事会是议事和建议的平台，不代替业主大会。依法由业主共同决定的事项，由业主表决。
二、发言先举手（点“我要发言”），主持人点到再说；每人每次三分钟，先让没有发过言的人说。
三、先说意见，再说理由；对事不对人，不打断别人。
四、试探性举手不具约束力，只帮大家看清意见。
五、会议纪要在三天内由到会的人确认；有不同意见的，写在那一段旁边，一并存档。
六、决议公示十五天。有异议的，公示期内在网上或到服务台提出，主持人逐条答复。"""


@cache
def sample_roll() -> Roll:
    return read((HERE / "roll.csv").read_bytes())


@cache
def sample_heads() -> dict[str, Head]:
    return {head.key: head for head in sample_roll().heads()}


@cache
def charging_ballots() -> tuple[tuple[str, str, str], ...]:
    """(head, choice, channel): RULES 5.1 E1, heads pass and area falls short."""
    with (HERE / "charging_ballots.csv").open(encoding="utf-8") as file:
        return tuple((row["owner_id"], row["choice"], row["channel"]) for row in csv.DictReader(file))


def home_of(head_key: str) -> str:
    return sample_heads()[head_key].units[0].place


def found(script: Script, secret: bytes) -> None:
    """Who lives here and sits on the council, 200 days ago."""
    for account in ACCOUNTS:
        home = home_of(account.head_key) if account.head_key else account.home
        script.people[account.key] = replace(account, home=home)

    @script.at(200, "09:00")
    def people(tx: Tx) -> None:
        hashed = passwords.make(PASSWORD)
        for account in ACCOUNTS:
            made = people_actions.create_account(
                tx,
                name=account.name,
                sign_in_name=account.key,
                password_hash=hashed,
                platform_admin=account.key == "admin",
            )
            script.accounts[account.key] = made.id

    @script.at(200, "09:10")
    def council(tx: Tx) -> None:
        tx.actor_id = script.accounts["admin"]
        made = council_actions.make_council(
            tx, slug="jinxiu", name="锦绣邻里议事会", compound="锦绣小区", community="锦绣社区"
        )
        script.council_id = made.id
        for account in ACCOUNTS:
            # There is nobody yet who could be the second: the platform gives the first seats of those who work here.
            if account.role in BY_TWO and account.role != Role.BUILDING:
                council_actions.appoint(tx, script.accounts[account.key], account.role)
        council_actions.appoint_officer(tx, "锦绣社区", script.accounts["community"])

    @script.at(199, "09:00", by="secretary")
    def seats(tx: Tx) -> None:
        council_actions.change_settings(
            tx,
            {
                "rules_text": RULES,
                "contact": "锦绣社区党群服务中心一楼服务台，每天 8:30—21:00",
                "meeting_quorum": 6,
                "seconds_needed": 3,
                # Anybody may try the sample's offices: their passwords stand on its sign-in page.
                "staff_second_step": False,
            },
        )
        for account in ACCOUNTS:
            if account.role and account.role not in BY_TWO:
                council_actions.appoint(tx, script.accounts[account.key], account.role)

    @script.at(198, "10:00", by="recorder")
    def roll(tx: Tx) -> None:
        roll_actions.keep(tx, sample_roll(), file_name="锦绣小区名册.csv")

    _residents(script, secret)
    _leader(script)


def _leader(script: Script) -> None:
    """Put forward by the secretary, and a leader when the supervisor has agreed."""

    @script.at(150, "09:00", by="secretary")
    def put(tx: Tx) -> None:
        seating_actions.put(tx, script.accounts["leader"], Role.BUILDING, building=LED)

    @script.at(150, "16:00", by="supervisor")
    def agree(tx: Tx) -> None:
        (change,) = seating_queries.waiting(tx.session, tx.council)
        seating_actions.agree(tx, change.id)


def _residents(script: Script, secret: bytes) -> None:
    online = [head for head, _, channel in charging_ballots() if channel == "online" and head != "K0001"]
    heads = {account.head_key for account in ACCOUNTS}
    for account in ACCOUNTS:
        if account.tie:
            _join(script, script.people[account.key], 197)
    codes = _slips(script, secret, 196)
    for number, head_key in enumerate(one for one in online if one not in heads):
        head = sample_heads()[head_key]
        name = head.designated or head.name
        script.people[head_key] = DemoAccount(head_key, name, name, name, head_key, None, "owner", home_of(head_key))
        _use_slip(script, secret, codes, script.people[head_key], 190 - number % 35)
    developer = sample_heads()["K0001"]
    script.people["K0001"] = DemoAccount(
        "K0001", developer.name, developer.name, developer.name, "K0001", None, "owner", home_of("K0001")
    )
    _use_slip(script, secret, codes, script.people["K0001"], 195)
    _seen_by_one(
        script, next(head for head, _, channel in charging_ballots() if channel == "paper" and head not in heads), 12
    )


def _join(script: Script, person: DemoAccount, days: int) -> None:
    """Come to the desk, where two see the papers one after the other."""

    @script.at(days, "19:00", by=person.key)
    def ask(tx: Tx) -> None:
        resident_actions.join(tx, tx.actor, tie=person.tie or "owner", home=person.home)

    for clerk, clock in (("desk", "20:00"), ("desk2", "20:30")):

        @script.at(days, clock, by=clerk)
        def see(tx: Tx) -> None:
            _confirm(tx, script, person)


def _seen_by_one(script: Script, head_key: str, days: int) -> None:
    """Entered at the desk, where one clerk has looked at the papers so far: until a second one has, this owner votes on paper."""
    head = sample_heads()[head_key]
    person = DemoAccount(
        head_key, head.name, head.name, head.designated or head.name, head_key, None, "owner", home_of(head_key)
    )

    @script.at(days, "15:00", by="desk2")
    def enter(tx: Tx) -> None:
        made = council_actions.person_at(tx, name=person.name, phone=None)
        script.accounts[head_key] = made.account_id
        resident_actions.join(tx, made.account_id, tie="owner", home=person.home, prepared_by=tx.actor)

    @script.at(days, "15:10", by="desk")
    def see(tx: Tx) -> None:
        _confirm(tx, script, person)


def _slips(script: Script, secret: bytes, days: int) -> dict[str, str]:
    """Printed for everybody else and put in their letterboxes: the codes by home, once the script has come that far."""
    codes: dict[str, str] = {}
    batch: list[int] = []

    @script.at(days, "09:00", by="desk")
    def print_all(tx: Tx) -> None:
        printed = slip_actions.print_slips(tx, secret, place="")
        batch.append(printed.batch.id)
        codes.update({sheet.place.split("、")[0]: sheet.code for sheet in printed.sheets})

    @script.at(days, "10:00", by="secretary")
    def release(tx: Tx) -> None:
        slip_actions.confirm(tx, batch[0], counted=sum(bool(code) for code in codes.values()))

    return codes


def _use_slip(script: Script, secret: bytes, codes: dict[str, str], person: DemoAccount, days: int) -> None:
    @script.at(days, "19:00")
    def use(tx: Tx) -> None:
        phone = next(unit.phone for unit in sample_heads()[person.key].units if unit.phone)
        script.accounts[person.key] = people_actions.create_account(tx, name=person.name, phone=phone).id
        tx.actor_id = script.accounts[person.key]
        code = slip_rules.code(codes[person.home])
        slip = slip_actions.try_code(tx, slip_rules.code_hash(secret, code), slip_rules.tail(phone[-slip_rules.TAIL :]))
        if slip is None:
            raise LookupError(person.key)
        slip_actions.tie(tx, slip, tx.actor)


def _confirm(tx: Tx, script: Script, person: DemoAccount) -> None:
    member = membership_of(tx.session, tx.council, script.accounts[person.key])
    if member is None:
        raise LookupError(person.key)
    card = None
    if person.head_key:
        head = sample_heads()[person.head_key]
        card = resident_queries.HeadCard(head.key, head.names, (person.home,), head.area, 0)
    resident_actions.confirm(tx, member.id, tie=person.tie or "owner", head=card, in_person=True, note=_note(person))


def _note(person: DemoAccount) -> str:
    return "房产证与身份证当面核对" if person.tie == "owner" else "租赁合同当面核对"
