"""Inside a step, pages call actions, actions call queries, queries read tables; rules are pure; each module says what it is."""

from __future__ import annotations

import ast
import re
from enum import IntEnum
from pathlib import Path

import pytest

APP = Path(__file__).resolve().parents[2] / "deliberation"
STEPS = (
    "people", "council", "agenda", "ballot", "meeting", "minutes", "decision", "followup", "story", "front",
)  # fmt: skip


class Kind(IntEnum):
    """What a module is; it may import its own kind and those before it."""

    PURE = 0
    TABLES = 1
    READS = 2
    ACTS = 3
    PAGES = 4


NAMES = {
    Kind.PURE: r"(.+_)?rules|changes|differences|likeness|flags|asks|course|draft|passwords|sealing|one_time_codes|ceremony|openid",
    Kind.TABLES: r"tables",
    Kind.READS: r"(.+_)?queries|rolls|board|who|offers|reading|timeline|finding|needs|log|mine|beginning",
    Kind.ACTS: r"(.+_)?actions|due|straws|turns|reader",
    Kind.PAGES: r"(.+_)?pages|sockets|invitations",
}
MAY = {
    "deliberation.web.visit": Kind.PAGES,
    "deliberation.web.routing": Kind.PAGES,
    "deliberation.db.engine.Tx": Kind.ACTS,
    "deliberation.db.journal.record": Kind.ACTS,
    "sqlmodel": Kind.TABLES,
    "sqlalchemy": Kind.TABLES,
}
"""The lowest kind that may import it."""


def modules() -> list[tuple[str, str, Path]]:
    """Step, module inside the step (rolls, roll.pages) and file; a step's rooms may have rooms."""
    return [
        (step, ".".join(path.relative_to(APP / step).with_suffix("").parts), path)
        for step in STEPS
        for path in sorted((APP / step).rglob("*.py"))
        if path.stem != "__init__"
    ]


def kind_of(module: str) -> Kind | None:
    name = module.rpartition(".")[2]
    return next((kind for kind, names in NAMES.items() if re.fullmatch(names, name)), None)


def module_of(name: str, known: set[str]) -> str | None:
    """The module that an imported name is or comes from: of deliberation.x.rules.Origin it is deliberation.x.rules."""
    while name and name not in known:
        name = name.rpartition(".")[0]
    return name or None


def imported(path: Path) -> set[str]:
    """Each name with its module, such as deliberation.db.engine.Tx."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{one.name}" for one in node.names}
        elif isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
    return found


def test_every_module_of_a_step_says_by_its_name_what_it_is() -> None:
    assert [f"{step}/{name}" for step, name, _ in modules() if kind_of(name) is None] == []


@pytest.mark.parametrize("step", STEPS)
def test_inside_a_step_nothing_is_imported_upwards(step: str) -> None:
    upwards = []
    own = {f"deliberation.{step}.{name}" for of, name, _ in modules() if of == step}
    for _, name, path in (one for one in modules() if one[0] == step):
        kind = kind_of(name)
        for one in imported(path):
            found = module_of(one, own)
            other = kind_of(found) if found else None
            if kind is not None and other is not None and other > kind:
                upwards.append(f"{step}/{name} is {kind.name} and imports {one}")
    assert upwards == []


@pytest.mark.parametrize("step", STEPS)
def test_rules_are_pure_queries_do_not_write_and_only_pages_know_the_web(step: str) -> None:
    wrong = []
    for _, name, path in (one for one in modules() if one[0] == step):
        kind = kind_of(name)
        for one in imported(path):
            for what, lowest in MAY.items():
                if kind is not None and kind < lowest and (one == what or one.startswith(f"{what}.")):
                    wrong.append(f"{step}/{name} is {kind.name} and imports {one}")
    assert wrong == []
