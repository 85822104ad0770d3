import pytest

from deliberation.people import rules
from votes.refusal import Refused


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13912345678", "13912345678"),
        (" 139 1234 5678 ", "13912345678"),
        ("+86 139-1234-5678", "13912345678"),
        ("１３９１２３４５６７８", "13912345678"),
    ],
)
def test_a_phone_number_is_read_as_people_type_it(typed: str, kept: str) -> None:
    assert rules.phone(typed) == kept


@pytest.mark.parametrize("typed", ["", "1391234567", "139123456789", "23912345678", "0595-22345678", "abcdefghijk"])
def test_what_is_no_mobile_number_is_refused_at_its_field(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.phone(typed)
    assert (refused.value.code, refused.value.facts["field"]) == ("not_a_phone", "phone")


@pytest.mark.parametrize(("typed", "kept"), [("Lin_Suzhen", "lin_suzhen"), ("林素珍", "林素珍"), ("a-1", "a-1")])
def test_a_sign_in_name_may_be_chinese_and_its_case_does_not_matter(typed: str, kept: str) -> None:
    assert rules.sign_in_name(typed) == kept


@pytest.mark.parametrize("typed", ["a", "13912345678", "two words", "x" * 41, "a/b"])
def test_a_sign_in_name_never_looks_like_a_phone_number_or_a_path(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.sign_in_name(typed)
    assert refused.value.code == "not_a_sign_in_name"


def test_who_signs_in_may_type_either() -> None:
    assert rules.identifier("+86 139 1234 5678") == "13912345678"
    assert rules.identifier(" Lin_Suzhen ") == "lin_suzhen"


@pytest.mark.parametrize(("length", "code"), [(7, "password_too_short"), (129, "too_long")])
def test_a_password_has_eight_to_a_hundred_and_twenty_eight_characters(length: int, code: str) -> None:
    assert rules.password("x" * 8)
    assert rules.password("x" * 128)
    with pytest.raises(Refused) as refused:
        rules.password("x" * length)
    assert refused.value.code == code


def test_strangers_see_a_family_name_only() -> None:
    assert rules.masked("林玉志") == "林**"
    assert rules.masked("") == ""


@pytest.mark.parametrize(
    ("agent", "found"),
    [
        ("Mozilla/5.0 (Linux; Android 14; V2) Chrome/126 Mobile Safari/537", ("phone", "Chrome")),
        ("Mozilla/5.0 (iPhone) MicroMessenger/8 Mobile", ("phone", "微信 WeChat")),
        ("Mozilla/5.0 (iPad; CPU OS 17) Version/17 Safari", ("tablet", "Safari")),
        ("Mozilla/5.0 (Windows NT 10.0) Gecko Firefox/128", ("computer", "Firefox")),
        ("curl/8", ("unknown", "")),
    ],
)
def test_a_device_is_named_so_that_its_owner_knows_it_again(agent: str, found: tuple[str, str]) -> None:
    assert rules.device(agent) == found
