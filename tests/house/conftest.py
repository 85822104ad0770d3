"""The sample council with everyone in it, for whatever the house asks of every route."""

from tests.house.everyone import app, world

__all__ = ["app", "world"]
