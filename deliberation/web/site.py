"""What one running server shares between requests."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deliberation.db.engine import Database
from deliberation.jobs.clock import Clock
from deliberation.jobs.runner import Runner
from deliberation.settings import Settings
from deliberation.web.limits import Limiter
from deliberation.web.render import Renderer
from deliberation.web.viewer import Resolve

if TYPE_CHECKING:
    from deliberation.web.routing import Page


@dataclass
class Site:
    settings: Settings
    db: Database
    clock: Clock
    resolve: Resolve
    runner: Runner
    renderer: Renderer = field(default_factory=Renderer)
    limiter: Limiter = field(default_factory=Limiter)
    pages: dict[str, Page] = field(default_factory=dict)
    """GET pages by their path pattern: a refused form is shown again by the page it came from."""
