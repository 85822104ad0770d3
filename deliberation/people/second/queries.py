"""Whether an account asks for a second step, and how many paper codes are left."""

from __future__ import annotations

from sqlmodel import Session, col, func, select

from deliberation.people.tables import PaperCode, SecondStep


def second_step(session: Session, account_id: int) -> SecondStep | None:
    return session.exec(select(SecondStep).where(SecondStep.account_id == account_id)).first()


def asks_for_one(session: Session, account_id: int) -> bool:
    return session.exec(select(SecondStep.id).where(SecondStep.account_id == account_id)).first() is not None


def paper_codes_left(session: Session, account_id: int) -> int:
    unused = select(func.count()).where(PaperCode.account_id == account_id, col(PaperCode.used_at).is_(None))
    return session.exec(unused).one()


def on_letters(session: Session, account_id: int) -> bool:
    """Whether the codes on the person's paper are of letters, as they were once; used ones tell it too."""
    marks = session.exec(select(PaperCode.mark).where(PaperCode.account_id == account_id)).all()
    return any(not mark.isdigit() for mark in marks)


def paper_code(session: Session, account_id: int, mark: str) -> PaperCode | None:
    return session.exec(
        select(PaperCode).where(
            PaperCode.account_id == account_id, PaperCode.mark == mark, col(PaperCode.used_at).is_(None)
        )
    ).first()
