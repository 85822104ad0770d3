"""The one keyed hash: as it was before it stood in one place, so that what is kept still fits, and nowhere else."""

import hashlib
import hmac
from pathlib import Path

from deliberation import keyed
from deliberation.council.slips.rules import code_hash
from deliberation.people.rules import phone_code_hash
from deliberation.web import csrf

SECRET = b"a secret for the tests"


def plain(said: str) -> str:
    return hmac.new(SECRET, said.encode(), hashlib.sha256).hexdigest()


def test_what_was_kept_before_still_fits() -> None:
    assert code_hash(SECRET, "0123") == plain("home code\n0123")
    assert phone_code_hash(SECRET, account_id=7, phone="138", code="42") == plain("phone code\n7\n138\n42")
    assert csrf.token(SECRET, "guard", None) == plain("csrf\nguard\n")


def test_what_is_made_for_one_purpose_is_none_for_another() -> None:
    assert keyed.digest(SECRET, "one", 1) != keyed.digest(SECRET, "two", 1)
    assert not keyed.same("a", "b")
    assert keyed.same("a", "a")


def test_it_is_written_out_in_one_place() -> None:
    root = Path(__file__).parents[2] / "deliberation"
    assert {str(path.relative_to(root)) for path in root.rglob("*.py") if "hmac." in path.read_text("utf-8")} == {
        "keyed.py"
    }
