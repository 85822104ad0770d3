"""election.json (SPEC S6): what is asked, under which key, and which setup every ballot commits to.

Its hash is of the exact bytes, so keys that belenios-tool does not know are still bound into every ballot. We add:
`x_roll_sha256` (the frozen roll), `x_rules_sha256` (the rule-set), `x_credentials_sha256` (the lists by heads and by area),
`x_trustees_sha256` and `x_created` (the archive's timestamp). Without them nothing would bind the weights to the ballots.
`x_second_proof` demands of every share what the protocol's own proof leaves out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from votes.refusal import Refused
from votes.secret import wire
from votes.secret.archive import MOST_TIME
from votes.secret.elgamal import Key
from votes.secret.group import Element, Group, group

LIMIT = 1 << 20
MOST_QUESTIONS = 32
MOST_ANSWERS = 64
MOST_SLOTS = 256
OPTIONAL = (
    *("administrator", "credential_authority"),
    *("x_roll_sha256", "x_rules_sha256", "x_credentials_sha256", "x_trustees_sha256", "x_created", "x_second_proof"),
)
CREATED = re.compile(r"0|[1-9][0-9]{0,10}", re.ASCII)
UUID = re.compile(r"[1-9A-HJ-NP-Za-km-z]{14,64}", re.ASCII)


@dataclass(frozen=True)
class Question:
    text: str
    answers: tuple[str, ...]
    low: int
    high: int
    blank: bool = False

    @property
    def slots(self) -> int:
        """Ciphertexts in an answer: one for each answer, and one in front for "blank" where that is allowed."""
        return len(self.answers) + self.blank

    def accepts(self, plain: list[int]) -> bool:
        if len(plain) != self.slots or any(type(number) is not int or number not in (0, 1) for number in plain):
            return False
        if self.blank and plain[0]:
            return not any(plain[1:])
        return self.low <= sum(plain) <= self.high

    def as_json(self) -> dict[str, Any]:
        found: dict[str, Any] = {"answers": list(self.answers)}
        if self.blank:
            found["blank"] = True
        return found | {"min": self.low, "max": self.high, "question": self.text}


@dataclass(frozen=True)
class Bindings:
    """What election.json says of the rest of the setup; None or empty where it says nothing."""

    roll: str | None = None
    rules: str | None = None
    credentials: dict[str, str] = field(default_factory=dict)
    trustees: str | None = None
    created: int | None = None
    second_proof: bool = False
    """Whether every share in the archive must prove its factors fully (SPEC S4)."""

    def as_json(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "x_roll_sha256": self.roll,
            "x_rules_sha256": self.rules,
            "x_credentials_sha256": self.credentials or None,
            "x_trustees_sha256": self.trustees,
            "x_created": None if self.created is None else str(self.created),
            "x_second_proof": self.second_proof or None,
        }
        return {key: value for key, value in found.items() if value is not None}


@dataclass(frozen=True)
class Election:
    uuid: str
    name: str
    description: str
    questions: tuple[Question, ...]
    key: Key
    bindings: Bindings
    data: bytes = field(repr=False)
    hash: str

    @property
    def group(self) -> Group:
        return self.key.group


def make_election(
    *,
    uuid: str,
    name: str,
    description: str,
    questions: list[Question],
    group: Group,
    key: Element,
    bindings: Bindings | None = None,
    administrator: str | None = None,
    credential_authority: str | None = None,
) -> bytes:
    found: dict[str, Any] = {
        "version": 1,
        "description": description,
        "name": name,
        "group": group.name,
        "public_key": group.encode(key),
        "questions": [question.as_json() for question in questions],
        "uuid": uuid,
    }
    if administrator is not None:
        found["administrator"] = administrator
    if credential_authority is not None:
        found["credential_authority"] = credential_authority
    data = wire.dumps(found | (bindings or Bindings()).as_json())
    read_election(data)
    return data


def read_election(data: bytes) -> Election:
    """Refused with a code that starts with "election." for anything a strict reader must not accept."""
    required = ("version", "description", "name", "group", "public_key", "questions", "uuid")
    value = wire.canonical(data, "election", LIMIT)
    found = wire.fields(value, "election", *required, *OPTIONAL, optional=OPTIONAL)
    if type(found["version"]) is not int or found["version"] != 1:
        raise Refused("election.version")
    for name in ("description", "name", "uuid", "group", "administrator", "credential_authority"):
        wire.text(found.get(name, ""), "election")
    if not UUID.fullmatch(found["uuid"]):
        raise Refused("election.uuid")
    group_ = group(found["group"])
    y = group_.decode(found["public_key"])
    if not group_.is_member(y):
        raise Refused("election.public_key")
    questions = wire.items(found["questions"], "election", most=MOST_QUESTIONS)
    asked = tuple(_question(question) for question in questions)
    if not asked or sum(question.slots for question in asked) > MOST_SLOTS:
        raise Refused("election.questions")
    return Election(
        uuid=found["uuid"],
        name=found["name"],
        description=found["description"],
        questions=asked,
        key=Key(group_, y),
        bindings=_bindings(found),
        data=data,
        hash=wire.sha_b64(data),
    )


def _question(value: object) -> Question:
    if isinstance(value, dict) and value.get("type") is not None:
        raise Refused("election.question_kind", kind=str(value["type"])[:30])
    found = wire.fields(value, "election", "answers", "blank", "min", "max", "question", optional=("blank",))
    answers = tuple(wire.text(each, "election") for each in wire.items(found["answers"], "election", most=MOST_ANSWERS))
    blank = found.get("blank", False)
    high = wire.natural(found["max"], "election", len(answers))
    low = wire.natural(found["min"], "election", high)
    if not answers or not isinstance(blank, bool) or high == 0:
        raise Refused("election.question")
    return Question(wire.text(found["question"], "election"), answers, low, high, blank)


def _bindings(found: dict[str, Any]) -> Bindings:
    lists = found.get("x_credentials_sha256", {})
    if not isinstance(lists, dict) or len(lists) > 8 or ("x_credentials_sha256" in found and not lists):
        raise Refused("election.bindings")
    created = wire.text(found.get("x_created", "0"), "election")
    if not CREATED.fullmatch(created) or int(created) > MOST_TIME:
        raise Refused("election.bindings")
    if found.get("x_second_proof", True) is not True:
        raise Refused("election.bindings")
    roll, rules, trustees = (
        wire.hex_of(found[key], "election") if key in found else None
        for key in ("x_roll_sha256", "x_rules_sha256", "x_trustees_sha256")
    )
    return Bindings(
        roll=roll,
        rules=rules,
        credentials={name: wire.hex_of(each, "election") for name, each in lists.items()},
        trustees=trustees,
        created=int(created) if "x_created" in found else None,
        second_proof="x_second_proof" in found,
    )
