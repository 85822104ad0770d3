"""What is taken in is bounded before anybody looks at it."""

import pytest
from starlette.testclient import TestClient

from tests.conftest import Town

SEATS = "/c/jinxiu/seats"


def test_a_body_beyond_the_route_s_limit_is_refused_unread(town: Town) -> None:
    answer = town.as_("moderator").post(SEATS, {"name": "谢" * 400_000})
    assert answer.status == 413
    assert "发来的内容太大" in answer.text


def test_a_body_that_does_not_say_its_length_is_refused(town: Town) -> None:
    moderator = town.as_("moderator")

    def chunks() -> object:
        yield b"name=x"

    answer = moderator.client.post(SEATS, content=chunks())  # type: ignore[arg-type]
    assert answer.status_code == 413


def test_more_fields_than_a_form_of_ours_has_are_refused(town: Town) -> None:
    assert town.as_("moderator").post(SEATS, {f"field{n}": "x" for n in range(400)}).status == 400


@pytest.mark.parametrize("body", [b"\xff\xfe\xfa=%ff%fe", b"%", b"&&&&=;"])
def test_a_body_that_is_no_form_is_an_answer_not_a_crash(town: Town, body: bytes) -> None:
    answer = town.as_("moderator").client.post(
        SEATS, content=body, headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code in {400, 403}


def test_a_broken_multipart_body_is_an_answer_not_a_crash(town: Town) -> None:
    answer = town.as_("moderator").client.post(
        SEATS, content=b"--x\r\nnonsense", headers={"content-type": "multipart/form-data; boundary=x"}
    )
    assert answer.status_code in {400, 403}


def test_too_many_acts_in_a_minute_wait(town: Town) -> None:
    moderator = town.as_("moderator")
    statuses = [moderator.post("/c/jinxiu/settings", {}).status for _ in range(61)]
    assert statuses[:60] == [422] * 60
    assert statuses[60] == 429
    assert town.as_("recorder").post("/c/jinxiu/settings", {}).status == 403


@pytest.mark.parametrize(
    ("addresses", "status"),
    [
        ("2001:db8:1:2::{}", 429),
        ("2001:db8:1:{}::1", 422),
        ("::ffff:192.0.2.{}", 422),
        ("192.0.2.{}", 422),
    ],
)
def test_the_many_addresses_of_one_line_are_one(town: Town, addresses: str, status: int) -> None:
    """Whoever has IPv6 at home has 2 to the 64 of them, and was counted anew for each."""
    caller = town.as_(None)
    answers = []
    for number in range(1, 12):
        caller.client = TestClient(
            town.app,
            base_url="http://127.0.0.1",
            follow_redirects=False,
            client=(addresses.format(number), 50_000),
            cookies={"guard": "test-guard"},
        )
        answers.append(caller.post("/sign-in", {"identifier": "13800000007", "password": "not-this-one"}).status)
    assert answers == [422] * 10 + [status]


def test_an_address_with_a_number_no_database_holds_is_not_found(town: Town) -> None:
    assert town.as_("moderator").get("/c/jinxiu/residents/99999999999999999999999").status == 404


@pytest.mark.parametrize("path", ["/c/%00/seats", "/c/../../etc/passwd", "/c/jin%2Fxiu/seats", "/c/锦绣/seats"])
def test_a_strange_address_is_not_found(town: Town, path: str) -> None:
    assert town.as_("moderator").get(path).status == 404


def test_every_page_carries_the_strict_headers(town: Town) -> None:
    headers = town.as_(None).get("/sign-in").response.headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "'unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert "strict-transport-security" not in headers
