"""Property tests are judged by what they find, not by how busy the machine is or by how often mutmut calls them."""

import os

from hypothesis import HealthCheck, Phase, settings

MUTATING = "MUTANT_UNDER_TEST" in os.environ
"""mutmut asks only whether a test fails; making the example small would take longer than finding it."""

settings.register_profile(
    "votes",
    deadline=None,
    max_examples=int(os.environ.get("VOTES_EXAMPLES", "100")),
    phases=[each for each in Phase if not (MUTATING and each in (Phase.shrink, Phase.explain))],
    suppress_health_check=[HealthCheck.differing_executors, HealthCheck.too_slow],
)
settings.load_profile("votes")
