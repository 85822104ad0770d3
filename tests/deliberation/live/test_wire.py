import json

from deliberation.live import wire
from deliberation.live.wire import Frame


def told(text: str | None) -> dict[str, object]:
    assert text is not None
    found: dict[str, object] = json.loads(text)
    return found


def test_a_first_message_holds_every_block_under_its_own_id() -> None:
    message = told(wire.message(Frame(7, {"floor": '<p id="floor">甲</p>', "here": '<p id="here">3</p>'}, "s")))
    assert message["seq"] == 7
    assert message["mine"] == "s"
    assert message["content"] == (
        '<hx-partial id="floor" hx-swap="outerMorph"><p id="floor">甲</p></hx-partial>'
        '<hx-partial id="here" hx-swap="outerMorph"><p id="here">3</p></hx-partial>'
    )


def test_a_later_message_holds_only_what_differs() -> None:
    before = Frame(7, {"floor": "a", "here": "3"}, "s")
    content = told(wire.message(Frame(8, {"floor": "b", "here": "3"}, "s"), before))["content"]
    assert content == '<hx-partial id="floor" hx-swap="outerMorph">b</hx-partial>'


def test_nothing_new_is_no_message_and_a_new_stamp_alone_is_one_without_content() -> None:
    before = Frame(7, {"floor": "a"}, "s")
    assert wire.message(Frame(8, {"floor": "a"}, "s"), before) is None
    assert told(wire.message(Frame(8, {"floor": "a"}, "t"), before)) == {"seq": 8, "mine": "t"}
