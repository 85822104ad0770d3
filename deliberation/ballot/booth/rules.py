"""How a choice travels from one step of casting to the next; pure."""

from __future__ import annotations

from deliberation import keyed
from deliberation.ballot.rules import CASTABLE, Choice


def choice_token(secret: bytes, *, account_id: int, poll_id: int, head_key: str, choice: str) -> str:
    """Stands for a choice in an address, so that neither a browser's history nor a log tells it."""
    return keyed.digest(secret, "choice", account_id, poll_id, head_key, choice).hex()[:32]


def choice_of_token(secret: bytes, token: str, *, account_id: int, poll_id: int, head_key: str) -> Choice | None:
    for choice in CASTABLE:
        right = choice_token(secret, account_id=account_id, poll_id=poll_id, head_key=head_key, choice=choice)
        if keyed.same(right, token):
            return choice
    return None
