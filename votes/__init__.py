"""Counting rules for owners' and residents' decisions, exact to the last 0.01 m2. See SPEC.md; `python -m votes --help`."""

SPEC_VERSION = "1.1"
