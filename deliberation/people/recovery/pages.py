"""The way back in, for whoever holds the slip that two people at the desk have given out."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from deliberation.people import passwords
from deliberation.people.devices import actions as device_actions
from deliberation.people.pages import FROM_ONE_ADDRESS, enter
from deliberation.people.password_pages import new_password
from deliberation.people.recovery import actions as recovery_actions
from deliberation.web.routing import act
from deliberation.web.viewer import ANYONE
from deliberation.web.visit import Visit

PAGE = "/recovery/{token}"


def recover(visit: Visit) -> Response:
    password = new_password(visit)
    visit.form.check()
    hashed = passwords.make(password)
    account_id = recovery_actions.recover(visit.tx, visit.params["token"], hashed)
    response = enter(visit, account_id, "/account?said=recovered")
    # Two of the staff have seen whose it is: with the first phone lost, this device answers what comes next.
    device_actions.vouch(visit.tx, account_id, visit.device_id)
    device_actions.tell(visit.tx, account_id, "recovered", device_id=visit.device_id)
    return response


routes: list[Route] = [
    act(PAGE, recover, needs=ANYONE, page=PAGE, rate=FROM_ONE_ADDRESS, hashes=True),
]
