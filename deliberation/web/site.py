"""What one running server shares between requests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlmodel import Session

from deliberation.db.engine import Database, Tx
from deliberation.jobs.clock import Clock
from deliberation.jobs.runner import Runner
from deliberation.settings import Settings
from deliberation.web.crowd import Crowd
from deliberation.web.kept import Kept
from deliberation.web.limits import Limiter
from deliberation.web.render import Renderer
from deliberation.web.sms import Texts
from deliberation.web.viewer import Resolve

if TYPE_CHECKING:
    from deliberation.live.hub import Hub
    from deliberation.web.routing import Page


@dataclass(frozen=True)
class DemoSignIn:
    """An account of the demo that anybody may try: what the person is there, and how to sign in."""

    chinese: str
    english: str
    identifier: str
    password: str


@dataclass
class Site:
    settings: Settings
    db: Database
    clock: Clock
    resolve: Resolve
    seen: Callable[[Tx, int], None]
    """Notes that a signed-in device was used."""
    only_council: Callable[[Session, int], str | None]
    """The address of the one council that an account belongs to; None for none and for several."""
    stepped_up: Callable[[Tx, int], None]
    """Told when an account that was signed in by a password alone has set up what shows more."""
    runner: Runner
    renderer: Renderer = field(default_factory=Renderer)
    limiter: Limiter = field(default_factory=Limiter)
    kept: Kept = field(default_factory=Kept)
    texts: Texts = field(init=False)
    crowd: Crowd = field(init=False)
    pages: dict[str, Page] = field(default_factory=dict)
    """GET pages by their path pattern: a refused form is shown again by the page it came from."""
    demo_accounts: tuple[DemoSignIn, ...] = ()
    """Listed on the sign-in page of a demo; empty everywhere else."""
    live: Hub | None = None
    """Whom open pages are told by; there while the server runs."""

    def __post_init__(self) -> None:
        self.texts = Texts(self.settings.sms, self.settings.sms_secret)
        self.crowd = Crowd(self.db)
