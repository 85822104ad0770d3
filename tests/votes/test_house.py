"""SPEC 1.2: the library holds its own promises."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

import votes
from votes.words import REFUSALS

FOLDER = Path(votes.__file__).parent
MODULES = sorted(FOLDER.rglob("*.py"))
SPEC = (FOLDER / "SPEC.md").read_text(encoding="utf-8")
OWN = [path for path in sorted(FOLDER.glob("*.py")) if path.name not in ("__init__.py", "audit.py")]
SECRET = FOLDER / "secret"
FLOATING = {"float", "complex", "math.sqrt", "statistics", "fsum", "numpy", "random"}
FLOATING_CALLS = {"timestamp", "total_seconds"}
INTEGER_MATH = {"comb", "gcd", "isqrt", "prod", "lcm", "perm"}


def _floats(tree: ast.AST) -> list[str]:
    found: list[str] = []
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            found.append(f"{line}: {node.value}")
        elif isinstance(node, ast.Name) and node.id in FLOATING:
            found.append(f"{line}: {node.id}")
        elif isinstance(node, ast.Attribute) and node.attr in FLOATING:
            found.append(f"{line}: .{node.attr}")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in FLOATING_CALLS:
            found.append(f"{line}: .{node.func.attr}()")
        elif isinstance(node, ast.Import):
            found += [f"{line}: import {a.name}" for a in node.names if a.name in ("math", "statistics", "random")]
        elif isinstance(node, ast.ImportFrom) and node.module == "math":
            found += [f"{line}: math.{a.name}" for a in node.names if a.name not in INTEGER_MATH]
    return found


def _divisions(tree: ast.AST) -> list[int]:
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.BinOp | ast.AugAssign)]
    return [node.lineno for node in nodes if isinstance(node.op, ast.Div)]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(FOLDER).as_posix())
def test_no_float_anywhere(path: Path) -> None:
    assert _floats(ast.parse(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "text", ["x = 0.5", "float(x)", "import math", "from math import sqrt", "t.timestamp()", "import statistics", "1e3"]
)
def test_the_float_test_sees_floats(text: str) -> None:
    assert _floats(ast.parse(text)) != []


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_true_division_stands_only_in_the_decimal_approximation_and_in_file_paths(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    divided = [lines[n - 1] for n in _divisions(ast.parse("\n".join(lines)))]
    if path.name == "exposure.py":
        source = path.read_text(encoding="utf-8")
        start = source.index("def _tilted(")
        assert all(source.index(line) > start for line in divided)
        assert divided
    else:
        assert divided == []


def test_a_decimal_never_decides_a_count() -> None:
    users = [path.name for path in OWN if re.search(r"\bdecimal\b", path.read_text(encoding="utf-8"))]
    assert users == ["exposure.py"]


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_only_the_standard_library_and_votes_are_imported(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        for name in names:
            assert name.split(".")[0] in {*sys.stdlib_module_names, "votes"}


def test_the_specification_has_the_version_the_library_says() -> None:
    assert re.search(r"^SPEC_VERSION (\S+)$", SPEC, re.MULTILINE)[1] == votes.SPEC_VERSION  # type: ignore[index]


def _sections() -> set[str]:
    return set(re.findall(r"(?:^|\s)(\d+\.\d+) ", SPEC, re.MULTILINE)) | set(
        re.findall(r"^## (\d+)\.", SPEC, re.MULTILINE)
    )


@pytest.mark.parametrize("path", [*OWN, *sorted(Path(__file__).parent.glob("test_*.py"))], ids=lambda path: path.name)
def test_every_module_and_test_file_cites_sections_that_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    cited = re.findall(r"SPEC (\d+(?:\.\d+)?)(?:-(\d+\.\d+))?", text)
    if path.name not in ("__main__.py", "test_house.py"):
        assert "SPEC" in (ast.get_docstring(ast.parse(text)) or "")
    assert {section for pair in cited for section in pair if section} <= _sections()


def _secret_sections() -> set[str]:
    found: set[str] = set()
    for part in re.split(r"^## ", (SECRET / "SPEC.md").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        chapter = part.split()[0]
        found |= {chapter, *(f"{chapter}.{number}" for number in re.findall(r"^(\d+)\. ", part, re.MULTILINE))}
    return found


@pytest.mark.parametrize("path", sorted(SECRET.glob("*.py")), ids=lambda path: path.name)
def test_every_module_of_secret_polls_cites_sections_that_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "SPEC" in (ast.get_docstring(ast.parse(text)) or "")
    cited = re.findall(r"SPEC (S\d+(?:\.\d+)?)", text)
    assert set(cited) <= _secret_sections()


def test_every_refusal_code_is_in_the_specification() -> None:
    missing = [code for code in REFUSALS if f"`{code}`" not in SPEC]
    assert missing == []
