import pytest

from tests.conftest import Town
from votes.rules import presets


@pytest.mark.parametrize(
    ("path", "chinese", "english"),
    [
        ("/help", "怎样才算通过", "When a poll passes"),
        ("/help/privacy", "您的个人信息", "Your data"),
        ("/help/verify", "自己核验结果", "Check a result yourself"),
    ],
)
def test_help_is_there_for_everybody_in_both_languages(town: Town, path: str, chinese: str, english: str) -> None:
    caller = town.as_(None)
    page = caller.get(path)
    assert page.status == 200
    assert chinese in page.text
    assert caller.get(f"/reading?lang=en&back={path}").location == path
    assert english in caller.get(path).text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_rules_named_in_the_help_exist(town: Town, lang: str) -> None:
    caller = town.as_(None)
    caller.client.cookies.set("lang", lang)
    html = caller.get("/help/verify").html
    for rule in ("civil-code-278-major", "civil-code-278-ordinary"):
        assert rule in html
        assert rule in {one.name for one in presets()}
