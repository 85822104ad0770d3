"""The second step of signing in: beginning it, passing it, ending it. Paper codes arrive here already hashed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, delete

from deliberation import keyed, typed
from deliberation.db.engine import Tx
from deliberation.people import passwords
from deliberation.people.actions import sign_out_everywhere
from deliberation.people.sealing import seal, unseal
from deliberation.people.second import one_time_codes
from deliberation.people.second import queries as second_queries
from deliberation.people.tables import PaperCode, SecondStep
from votes.refusal import Refused

PURPOSE = "second step"


@dataclass(frozen=True)
class Hashed:
    mark: str
    code_hash: str


def hashed(secret: bytes, account_id: int, codes: Sequence[str]) -> list[Hashed]:
    """Takes a moment; to be done before the transaction begins."""
    return [Hashed(code[: one_time_codes.MARK], passwords.make(_keyed(secret, account_id, code))) for code in codes]


def _keyed(secret: bytes, account_id: int, code: str) -> str:
    """So few digits can be tried by whoever gets hold of a copy of the database alone."""
    return keyed.digest(secret, "paper code", account_id, code).hex()


def begin(
    tx: Tx, secret: bytes, account_id: int, own: str, code: str, paper: Sequence[Hashed], *, wall: datetime
) -> None:
    """`own`: the account's secret for its codes; the first code shows that the app has it. `wall`: what the phone's clock shows.

    All other sign-ins end."""
    if second_queries.second_step(tx.session, account_id):
        raise Refused("second_step_is_on")
    step = one_time_codes.step_of(own, typed.digits(code), wall)
    if step is None:
        raise Refused("wrong_code", field="code")
    _begin(tx, account_id, seal(secret, PURPOSE, own.encode()), step, paper)


def begin_on_paper(tx: Tx, account_id: int, code: str, codes: Sequence[str], paper: Sequence[Hashed]) -> None:
    """Without an app, for a phone that has none. The first code shows that they were written down, and is used up by it."""
    if second_queries.second_step(tx.session, account_id):
        raise Refused("second_step_is_on")
    sent = one_time_codes.paper_code(code, letters=False)
    if sent not in codes:
        raise Refused("wrong_paper_code", field="code")
    _begin(tx, account_id, b"", 0, paper)
    tx.session.flush()
    kept = second_queries.paper_code(tx.session, account_id, sent[: one_time_codes.MARK])
    if kept:
        use_paper_code(tx, kept.id)


def _begin(tx: Tx, account_id: int, sealed: bytes, step: int, paper: Sequence[Hashed]) -> None:
    tx.session.add(SecondStep(account_id=account_id, sealed=sealed, since=tx.now, last_step=step))
    tx.session.flush()
    renew_paper_codes(tx, account_id, paper)
    sign_out_everywhere(tx, account_id)


def renew_paper_codes(tx: Tx, account_id: int, paper: Sequence[Hashed]) -> None:
    tx.session.exec(delete(PaperCode).where(col(PaperCode.account_id) == account_id))
    for one in paper:
        tx.session.add(PaperCode(account_id=account_id, mark=one.mark, code_hash=one.code_hash))


def check_copied(session: Session, account_id: int, text: str) -> None:
    """A digit copied wrong shows by itself: it is no guess, and is not counted as one."""
    one_time_codes.paper_code(text, letters=second_queries.on_letters(session, account_id))


def fitting_paper_code(session: Session, secret: bytes, account_id: int, text: str) -> int | None:
    """The number of the unused paper code this is; compared before the transaction, since it takes a moment."""
    letters = second_queries.on_letters(session, account_id)
    code = one_time_codes.paper_code(text, letters=letters)
    if len(code) != one_time_codes.PAPER_LENGTH:
        return None
    kept = second_queries.paper_code(session, account_id, code[: one_time_codes.MARK])
    fits = passwords.fits(kept.code_hash if kept else None, code if letters else _keyed(secret, account_id, code))
    return kept.id if kept and fits else None


def use_code(tx: Tx, secret: bytes, account_id: int, text: str, *, wall: datetime) -> None:
    """Six digits of the app. Raises Refused for a wrong one, and for one that was used before."""
    step = second_queries.second_step(tx.session, account_id)
    if (step and step.on_paper) or len(typed.digits(text)) != one_time_codes.DIGITS:
        raise Refused("wrong_paper_code", field="code")
    own = unseal(secret, PURPOSE, step.sealed) if step else None
    if step is None or own is None:
        raise Refused("wrong_code", field="code")
    found = one_time_codes.step_of(own.decode(), typed.digits(text), wall, after=step.last_step)
    if found is None:
        raise Refused("wrong_code", field="code")
    step.last_step = found
    tx.session.add(step)


def use_paper_code(tx: Tx, paper_code_id: int) -> None:
    """What was found fitting for the account, unless it was used or ended meanwhile."""
    kept = tx.session.get(PaperCode, paper_code_id)
    if kept is None or kept.used_at is not None:
        raise Refused("wrong_paper_code", field="code")
    kept.used_at = tx.now
    tx.session.add(kept)


def end(tx: Tx, account_id: int) -> None:
    tx.session.exec(delete(SecondStep).where(col(SecondStep.account_id) == account_id))
    tx.session.exec(delete(PaperCode).where(col(PaperCode.account_id) == account_id))
