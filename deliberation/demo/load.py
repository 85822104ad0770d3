"""The sample council 锦绣 and its matters, one at every stage, made through the actions people use."""

from __future__ import annotations

from deliberation.demo.clock import DemoClock
from deliberation.settings import Settings


def load_sample(settings: Settings, clock: DemoClock) -> None:
    """Load once; a demo that has data is left as it is."""
