"""Addresses are made from the configured base address, never from what a request calls this server."""

import pytest

from tests.conftest import Town


@pytest.mark.parametrize("path", ["/sign-in/", "/c/jinxiu/polls/", "/account/", "/invitations/abc/"])
def test_an_address_with_a_slash_too_many_does_not_lead_to_another_host(town: Town, path: str) -> None:
    """94: a redirect stays here."""
    answer = town.as_("resident").get(path, headers={"host": "evil.example"})
    assert "evil.example" not in answer.location
