"""A real Chromium with its virtual authenticator makes a passkey, signs in with it, and does without where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from deliberation.app import create_app
from deliberation.jobs.clock import SystemClock
from deliberation.people.actions import set_password
from deliberation.settings import Settings
from tests import cast as the_cast
from tests.deliberation.people.build import HASH, PASSWORD
from tests.serving import free_port, serving
from tests.stories import conftest as stories

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
browser = stories.browser


@pytest.fixture
def address(settings: Settings, template_database: tuple[object, the_cast.Cast]) -> Iterator[str]:
    port = free_port()
    url = f"http://localhost:{port}"
    clock = SystemClock()
    app = create_app(replace(settings, base_url=url), clock, run_jobs=False)
    with app.state.site.db.write(clock.now()) as tx:
        set_password(tx, template_database[1].ids["desk"], HASH)
    with serving(app, port):
        yield url


@contextmanager
def page_of(browser: Browser, faults: list[str], *, js: bool = True) -> Iterator[Page]:
    context = browser.new_context(locale="zh-CN", java_script_enabled=js, viewport={"width": 375, "height": 812})
    page = context.new_page()
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()


def authenticator(page: Page) -> Any:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    number = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    return session, number


def sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/sign-in")
    page.fill("input[name=identifier]", "13800000002")
    page.fill("input[name=password]", PASSWORD)
    page.click("form[action='/sign-in'] button[type=submit]")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def test_a_passkey_is_made_and_signs_in_and_fails_when_the_owner_is_not_checked(
    browser: Browser,
    address: str,
) -> None:
    faults: list[str] = []
    with page_of(browser, faults) as page:
        session, number = authenticator(page)
        sign_in(page, address)
        page.goto(f"{address}/account/passkeys")
        page.fill("input[name=name]", "我的手机")
        page.fill("input[name=current]", PASSWORD)
        page.get_by_role("button", name="添加通行密钥").click()
        page.wait_for_url("**/account/passkeys?said=passkey_added")
        page.get_by_text("我的手机", exact=True).wait_for()
        page.context.clear_cookies()
        page.goto(f"{address}/sign-in?next=/account")
        page.get_by_role("button", name="用通行密钥登录").click()
        page.wait_for_url(f"{address}/account")
        page.get_by_role("heading", name="服务台甲").wait_for()
        page.context.clear_cookies()
        session.send("WebAuthn.setUserVerified", {"authenticatorId": number, "isUserVerified": False})
        page.goto(f"{address}/sign-in")
        page.get_by_role("button", name="用通行密钥登录").click()
        page.get_by_text("没有成功").wait_for()
    assert faults == []


def test_without_javascript_the_page_speaks_of_the_password_alone(
    browser: Browser,
    address: str,
) -> None:
    faults: list[str] = []
    with page_of(browser, faults, js=False) as page:
        sign_in(page, address)
        page.goto(f"{address}/account/passkeys")
        page.get_by_text("这个浏览器不能用通行密钥").wait_for()
        assert page.get_by_role("button", name="添加通行密钥").count() == 0
    assert faults == []


def test_at_an_address_the_passkeys_do_not_belong_to_no_button_promises_them(browser: Browser, address: str) -> None:
    faults: list[str] = []
    button = "用通行密钥登录"
    with page_of(browser, faults) as page:
        page.goto(f"{address}/sign-in")
        page.get_by_role("button", name=button).wait_for()
        page.goto(f"{address.replace('localhost', '127.0.0.1')}/sign-in")
        page.get_by_role("button", name="登录", exact=True).wait_for()
        page.wait_for_load_state("load")
        assert page.evaluate("'PublicKeyCredential' in window")
        assert page.get_by_role("button", name=button).count() == 0
    assert faults == []
