"""Using a way back in, stopping one, and "that was not me"."""

from __future__ import annotations

from deliberation.db.engine import Tx
from deliberation.db.journal import record
from deliberation.people import actions
from deliberation.people.devices import actions as device_actions
from deliberation.people.devices import queries as device_queries
from deliberation.people.passkeys import actions as passkey_actions
from deliberation.people.phone import actions as phone_actions
from deliberation.people.provider import actions as provider_actions
from deliberation.people.recovery import queries as recovery_queries
from deliberation.people.second import actions as second_actions
from deliberation.people.tables import Account, AccountNotice, Recovery
from deliberation.web.viewer import Person
from votes.refusal import Refused


def stop(tx: Tx, recovery: Recovery) -> None:
    """By one of the staff, or by the person whose account it is."""
    if not recovery_queries.is_open(recovery, tx.now):
        raise Refused("recovery_over")
    _end(tx, recovery, "stopped")
    record(tx, "account.recovery_stopped", recovery_id=recovery.id)


def stop_all(tx: Tx, account_id: int) -> None:
    """By the person: written down in each council whose staff had begun one."""
    for recovery in recovery_queries.open_for(tx.session, account_id, tx.now):
        tx.council_id = recovery.council_id
        stop(tx, recovery)


def recover(tx: Tx, token: str, password_hash: str) -> int:
    """A new password, no second step and no proved phone any more, all other sign-ins ended: whose account it is."""
    recovery = recovery_queries.by_token(tx.session, token, tx.now)
    if recovery is None:
        raise Refused("link_used_up")
    _end(tx, recovery, "used")
    account_id = recovery.account_id
    shut(tx, account_id)
    actions.set_password(tx, account_id, password_hash)
    actions.opened(tx, account_id, recovery.confirmed_by)
    tx.actor_id, tx.council_id = account_id, recovery.council_id
    record(tx, "account.recovered", recovery_id=recovery.id)
    return account_id


def shut(tx: Tx, account_id: int) -> None:
    """Nothing that has opened the account until now opens it any more: what comes next is a link."""
    second_actions.end(tx, account_id)
    passkey_actions.remove_all(tx, account_id)
    provider_actions.untie(tx, account_id)
    phone_actions.unprove(tx, account_id)
    account = tx.session.get_one(Account, account_id)
    account.password_hash = None
    tx.session.add(account)
    actions.sign_out_everywhere(tx, account_id)


def not_me(tx: Tx, person: Person, notice: AccountNotice) -> None:
    """Every other device is signed out, no link opens the account, and whatever came to it since goes: the strange device and
    those after it, passkeys, a provider's account. What the person added since goes too: nobody can tell the two apart."""
    device_actions.dismiss(tx, notice)
    actions.sign_out_everywhere(tx, person.account_id, but=person.sign_in_id)
    stop_all(tx, person.account_id)
    actions.end_links(tx, person.account_id)
    passkey_actions.remove_all(tx, person.account_id, since=notice.at)
    provider_actions.untie(tx, person.account_id, since=notice.at)
    strange = {*device_queries.come_since(tx.session, person.account_id, notice.at), notice.device_id or 0}
    for device_id in strange - {0, person.device_id}:
        device_actions.forget(tx, device_id)


def _end(tx: Tx, recovery: Recovery, how: str) -> None:
    recovery.ended_at, recovery.how = tx.now, how
    tx.session.add(recovery)
    tx.session.flush()
