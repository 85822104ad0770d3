"""Property tests are judged by what they find, not by how busy the machine is or by how often mutmut calls them."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "votes",
    deadline=None,
    max_examples=int(os.environ.get("VOTES_EXAMPLES", "100")),
    suppress_health_check=[HealthCheck.differing_executors, HealthCheck.too_slow],
)
settings.load_profile("votes")
