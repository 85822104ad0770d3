"""Seats of a council and what each may do; pure."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    MODERATOR = "moderator"
    RECORDER = "recorder"
    OWNERS_COMMITTEE = "committee"
    PROPERTY_FIRM = "property"
    AFFECTED_OWNER = "affected"
    SITTING_IN = "sitting_in"
    SUPERVISOR = "supervisor"
    DESK = "desk"


class Tie(StrEnum):
    OWNER = "owner"
    TENANT = "tenant"
    FAMILY = "family"


STAFF = (Role.MODERATOR, Role.RECORDER, Role.DESK)
"""Who works for the council: sees the workbench, keys in paper, confirms residents."""
