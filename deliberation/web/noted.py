"""What whoever runs the server should see of attempts to get in or around: one line of JSON each, and no secret in it."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC

from deliberation.web.visit import Visit

log = logging.getLogger("deliberation.security")


def note(visit: Visit, what: str, **facts: str | int) -> None:
    """`facts` never hold what somebody typed: a password may be typed into any field."""
    owner = getattr(visit.request.scope.get("endpoint"), "__self__", None)
    line = {
        "at": visit.now.astimezone(UTC).isoformat(timespec="seconds"),
        "what": what,
        "method": visit.request.method,
        # The pattern and not the address: an address may hold a link's secret.
        "route": getattr(owner, "path", ""),
        "council": visit.viewer.council.slug if visit.viewer.council else "",
        "account": visit.viewer.person.account_id if visit.viewer.person else None,
        "from": visit.address,
        **facts,
    }
    log.info(json.dumps(line, ensure_ascii=True))


def to_stderr() -> None:
    """For a server that runs: beside uvicorn's own lines, whatever else is set up."""
    log.setLevel(logging.INFO)
    log.propagate = False
    if not log.handlers:
        log.addHandler(logging.StreamHandler(sys.stderr))
