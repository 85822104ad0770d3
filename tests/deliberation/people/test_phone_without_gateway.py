"""Where no gateway is set nothing is offered that cannot be done."""

from tests.conftest import Town
from tests.deliberation.council.build import JOINING


def test_without_a_gateway_there_is_no_page_for_codes(town: Town) -> None:
    browser = town.as_(None)
    page = browser.follow("/c/jinxiu/join", JOINING)
    assert "短信" not in page.text
    assert browser.get("/account/phone").status == 404
    assert browser.post("/account/phone", {"code": "123456"}).status == 404
    assert browser.post("/account/phone/code").status == 404
    assert "验证您的手机" not in browser.get("/account").text
