"""Every page of the sample council that links lead to, as those who use it: axe, narrow, large, dark, in both languages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.stories.harness import Crowd, DemoServer, Someone, violations

pytestmark = [pytest.mark.browser, pytest.mark.long]

MOST_PAGES = 120
MOST_ALIKE = 2
"""Pages of one pattern that are looked at: a matter just raised is another page than one that is closed."""
NOT_PAGES = re.compile(
    r"\.(csv|jsonl?|xml|ics|pdf|svg|png|jpg|bel|txt|zip)$|/pdf$|/photos/|^/reading|^/static/|^/demo/"
)
ENGLISH_LEFT = """() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.parentElement.closest("[translate=no], [lang=en], code, pre, kbd, script, style, textarea")) continue;
    const words = node.textContent.match(/(?:[A-Za-z][A-Za-z'’-]*[ ,.;:]+){3,}[A-Za-z]+/);
    // Capitals alone are a code, such as the number of a receipt that chance made of letters.
    if (words && words[0] !== words[0].toUpperCase()) found.push(words[0]);
  }
  return found;
}"""
LINKS = "[...document.querySelectorAll('a[href]')].filter(a => !a.hasAttribute('download')).map(a => a.href)"
WIDTHS = "[document.documentElement.scrollWidth, window.innerWidth]"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoServer]:
    server = DemoServer(tmp_path_factory.mktemp("demo"))
    server.start()
    yield server
    server.end()


def pattern(url: str) -> str:
    parts = urlsplit(url)
    return re.sub(r"\d+", "#", parts.path) + "?" + "&".join(sorted(parse_qs(parts.query)))


def signed_in(crowd: Crowd, who: str) -> Someone:
    someone = crowd.stranger()
    crowd.people[f"{who} {len(crowd.people)}"] = someone
    someone.page.goto(f"{crowd.server.url}/sign-in")
    if who != "anonymous":
        someone.page.locator(f"form:has(input[name=identifier][value='{who}']) button").click()
        someone.page.wait_for_url(lambda url: "/sign-in" not in url)
    return someone


def looked_at(narrow: Someone, wide: Someone, url: str, *, again: bool) -> list[str]:
    """What is wrong with one page: narrow in Chinese, with the largest text; the first of its pattern wide in English, and
    dark, as well."""
    found: list[str] = []
    for someone in (narrow,) if again else (narrow, wide):
        someone.page.goto(url)
        found += [f"{someone.lang} {one}" for one in violations(someone.page)]
        width, window = someone.page.evaluate(WIDTHS)
        if width > window:
            found.append(f"{someone.lang}: scrolls sideways, {width} > {window}")
    page = narrow.page
    found += [f"English left: {words}" for words in page.evaluate(ENGLISH_LEFT)]
    if not re.search(r"[\u4e00-\u9fff]", page.title()):
        found.append(f"no Chinese in the title: {page.title()}")
    page.evaluate("document.documentElement.dataset.size = 'l'")
    width, window = page.evaluate(WIDTHS)
    if width > window:
        found.append(f"largest text: scrolls sideways, {width} > {window}")
    if not again:
        page.emulate_media(color_scheme="dark")
        found += [f"dark: {one}" for one in violations(page, "color-contrast")]
        page.emulate_media(color_scheme="light")
    return found


def internal(links: list[str], home: str) -> Iterator[str]:
    for link in links:
        if link.startswith(home) and not NOT_PAGES.search(urlsplit(link).path):
            yield link.split("#")[0]


@pytest.mark.parametrize("who", ["secretary", "resident", "anonymous"])
def test_every_page_that_links_lead_to_can_be_used_by_everybody(browser: Browser, demo: DemoServer, who: str) -> None:
    phones, laptops = Crowd(browser, demo), Crowd(browser, demo, lang="en", size="laptop")
    narrow, wide = signed_in(phones, who), signed_in(laptops, who)
    queue, met = [f"{demo.url}/"], {f"{demo.url}/"}
    seen: Counter[str] = Counter()
    problems: dict[str, list[str]] = {}
    while queue and seen.total() < MOST_PAGES:
        url = queue.pop(0)
        if seen[pattern(url)] >= MOST_ALIKE:
            continue
        seen[pattern(url)] += 1
        if found := looked_at(narrow, wide, url, again=seen[pattern(url)] > 1):
            problems[url] = found
        links = [link for link in internal(narrow.page.evaluate(LINKS), demo.url) if link not in met]
        met.update(links)
        queue += dict.fromkeys(links)
    faults = narrow.faults + wide.faults
    phones.forget()
    laptops.forget()
    told = "\n".join(f"{url}\n  " + "\n  ".join(found) for url, found in problems.items())
    assert (problems, faults) == ({}, []), f"{told}\n{faults}"
    assert len(seen) > {"secretary": 30, "resident": 20, "anonymous": 8}[who], sorted(seen)


COVERED = """() => [...document.querySelectorAll('.choice label, .page-ballot .action-bar .button')].filter(row => {
  row.scrollIntoView({block: 'end'});
  const box = row.getBoundingClientRect();
  return ![box.top + 4, box.bottom - 4].every(y => row.contains(document.elementFromPoint(box.left + box.width / 2, y)));
}).map(row => row.innerText.trim())"""


@pytest.mark.parametrize(("width", "height"), [(320, 568), (375, 667)])
def test_no_choice_lies_under_the_button_and_back_never_sends_a_form_again(
    browser: Browser, demo: DemoServer, width: int, height: int
) -> None:
    crowd = Crowd(browser, demo)
    page = signed_in(crowd, "owner").page
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{demo.url}/c/jinxiu/polls")
    page.locator("li.matter:has(.badge-action) a").first.click()
    page.locator(".action-bar a").click()
    # What is measured next must not be asked of the page that is being left.
    page.wait_for_url("**/ballot")
    page.locator(".choice").first.wait_for()
    covered = {}
    for size in ("s", "m", "l"):
        page.evaluate(f"document.documentElement.dataset.size = '{size}'")
        covered[size] = page.evaluate(COVERED)
        assert page.locator(".choice .icon:visible").count() == 0
    assert covered == {"s": [], "m": [], "l": []}
    page.locator(".choice label").first.click()
    page.locator(".action-bar button").click()
    page.wait_for_url("**/check?chosen=*")
    page.go_back()
    page.wait_for_url("**/ballot")
    expect(page.locator(".choice")).to_have_count(3)
    crowd.forget()
