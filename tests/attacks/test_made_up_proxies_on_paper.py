"""One clerk records proxies that nobody signed: until another has confirmed them they take no owner's room."""

from tests.conftest import Town
from tests.deliberation.ballot import build
from tests.deliberation.ballot.test_proxies import LIST, given, proxies, recorded

HOMES = (("水仙里1幢1单元0201", "王淑英"), ("红茶里2幢1单元0101", "黄文辉"), ("红茶里2幢1单元0102", "刘玉雅"))
TO = {"holder_name": "吴志燕", "holder_phone": "13800000008"}


def _made_up(town: Town) -> None:
    for room, name in HOMES:
        assert recorded(town, room=room, given_name=name, **TO).status == 303


def test_they_do_not_fill_somebodys_hands(town: Town) -> None:
    _made_up(town)
    assert given(town, "resident", "neighbor").status == 303


def test_they_do_not_stand_before_the_owners_own_word(town: Town) -> None:
    _made_up(town)
    assert given(town, "owner5", "resident").status == 303
    assert [one.state for one in proxies(town)] == ["waiting"] * 3 + ["valid"]


def test_what_does_not_fit_any_more_is_not_confirmed(town: Town) -> None:
    _made_up(town)
    given(town, "owner5", "resident")
    colleague = build.signed_in(town, "desk2")
    answer = colleague.post(f"{LIST}/1/confirmation")
    assert answer.status == 422
    assert "这件事已经委托了人" in answer.text
    for number in (2, 3):
        assert colleague.post(f"{LIST}/{number}/confirmation").status == 303
    given(town, "resident", "neighbor")
    recorded(town, room="水仙里1幢1单元0104", given_name="郑志婷", holder_name="吴志燕", holder_phone="")
    assert [one.state for one in proxies(town)] == ["waiting", "valid", "valid", "valid", "valid"]
