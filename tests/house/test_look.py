"""The look keeps its promises: readable pairs of colours, icons that exist, bars that never flatter."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment

from deliberation.web.render import Renderer
from votes.threshold import Bar

APP = Path(__file__).parents[2] / "deliberation"
CSS = sorted((APP / "static/css").glob("*.css"))
TOKENS = (APP / "static/css/tokens.css").read_text("utf-8")
LIGHT, DARK = TOKENS.split("prefers-color-scheme: dark")
GROUNDS = ("paper", "sheet", "sunk")
WORDS = ("ink", "muted", "action", "calm", "met", "notmet", "waiting")


def colours(part: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", part))


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("part", [LIGHT, DARK], ids=["light", "dark"])
def test_words_stand_out_from_their_ground(part: str) -> None:
    found = colours(part)
    pairs = [(word, ground) for word in WORDS for ground in GROUNDS]
    pairs += [(word, f"{word}-wash") for word in ("action", "calm", "met", "notmet", "waiting")]
    pairs += [("on-action", "action"), ("on-action", "action-deep"), ("ink", "action-wash"), ("muted", "action-wash")]
    assert {
        pair: contrast(*map(found.__getitem__, pair)) for pair in pairs if contrast(*map(found.__getitem__, pair)) < 4.5
    } == {}


@pytest.mark.parametrize("part", [LIGHT, DARK], ids=["light", "dark"])
def test_frames_and_bars_stand_out_from_their_ground(part: str) -> None:
    found = colours(part)
    pairs = [("edge", ground) for ground in GROUNDS]
    pairs += [(bar, "bar-empty") for bar in ("met", "notmet", "waiting", "calm", "ink")]
    assert {
        pair: contrast(*map(found.__getitem__, pair)) for pair in pairs if contrast(*map(found.__getitem__, pair)) < 3
    } == {}


def test_colours_are_named_once_and_used_by_name() -> None:
    allowed = {"tokens.css", "print.css", "sheet.css"}
    strange = {
        (path.name, colour)
        for path in CSS
        if path.name not in allowed
        for colour in re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;\s])", path.read_text("utf-8"))
    }
    # QR codes are black on white in every scheme; the demonstration's strip is no part of the council's page.
    assert strange == {
        ("signature.css", "#fff"), ("projector.css", "#ffffff"),
        ("layout.css", "#2b3438"), ("layout.css", "#ffffff"), ("layout.css", "#1d2528"),
    }  # fmt: skip


def test_every_named_colour_is_defined() -> None:
    defined = set(re.findall(r"(--[\w-]+):", "".join(path.read_text("utf-8") for path in CSS)))
    used = {(path.name, name) for path in CSS for name in re.findall(r"var\((--[\w-]+)", path.read_text("utf-8"))}
    assert {(where, name) for where, name in used if name not in defined} == set()


def test_every_icon_named_in_a_template_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (APP / "static/icons/sprite.svg").read_text("utf-8")))
    named = {
        (str(path.relative_to(APP)), name)
        for path in APP.glob("templates/**/*.html")
        for name in re.findall(r'(?:\bicon\(|icon_name=)"([\w-]+)"', path.read_text("utf-8"))
    }
    assert named
    assert {(where, name) for where, name in named if name not in drawn} == set()


def spoken() -> str:
    """All templates, scripts of ours and modules: where a class or an icon may be named."""
    scripts = [path for path in APP.glob("static/js/**/*.js") if "vendor" not in path.parts]
    paths = [*APP.glob("templates/**/*.*"), *scripts, *APP.rglob("*.py"), *APP.glob("i18n/words/*.toml")]
    return "\n".join(path.read_text("utf-8") for path in paths)


def put_together(text: str) -> set[str]:
    """The beginnings of names whose end is a value, such as `badge-` of class="badge-{{ tone }}"."""
    return set(re.findall(r"([a-z][a-z-]*-)(?:\{[{%]|[\"'] ~)", text))


def test_every_class_in_the_css_is_used() -> None:
    text = spoken()
    named, begun = set(re.findall(r"[\w-]+", text)), put_together(text)
    unused = set()
    for path in APP.glob("static/css/**/*.css"):
        rules = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
        for selector in re.findall(r"([^{}]+)\{", rules):
            for name in re.findall(r"\.([a-zA-Z][\w-]*)", selector):
                # htmx puts its own classes on what it swaps in.
                if name not in named and not name.startswith(("htmx-", *begun)):
                    unused.add((path.name, name))
    assert unused == set()


def test_every_icon_in_the_sprite_is_used() -> None:
    drawn = re.findall(r'<symbol id="([\w-]+)"', (APP / "static/icons/sprite.svg").read_text("utf-8"))
    named = set(re.findall(r"[\"']([\w-]+)[\"']", spoken()))
    assert [name for name in drawn if name not in named] == []


@pytest.fixture
def english() -> Environment:
    return Renderer()._environments["en"]


def bars(environment: Environment, *figures: int | None) -> str:
    template = environment.from_string(
        '{% from "parts/twin_bars.html" import twin_bars with context %}{{ twin_bars(*figures, final=true) }}'
    )
    return re.sub(r"\s+", " ", template.render(figures=figures))


def test_a_bar_one_short_does_not_reach_its_threshold(english: Environment) -> None:
    drawn = bars(english, 1_333_332, 2_000_000, 1_333_333)
    width = re.search(r'<svg x="0" y="7" width="([\d.]+)%"', drawn)
    tick = re.search(r'<line class="tick" x1="([\d.]+)%"', drawn)
    assert width
    assert tick
    assert float(width[1]) <= float(tick[1])
    assert "short by 1 person" in drawn


def test_a_bar_that_meets_its_threshold_says_so_in_a_word(english: Environment) -> None:
    drawn = bars(english, 117, 175, 117, 1_363_962, 2_045_942, 1_363_962)
    assert drawn.count("reached") == 2
    assert "13,639.62" in drawn
    assert "short by" not in drawn


def test_a_count_without_a_roll_draws_an_empty_bar(english: Environment) -> None:
    assert 'width="0.0%"' in bars(english, 0, 0, None)


def test_a_poll_nobody_took_part_in_shows_no_share_as_reached(english: Environment) -> None:
    tests = [
        Bar.parse(text).test(name, 0, of)
        for kind, text, of in (("participation", ">= 2/3", 9), ("consent", ">= 3/4", 0))
        for name in (f"{kind}.heads", f"{kind}.area")
    ]
    template = english.from_string(
        '{% from "parts/twin_bars.html" import tests_grid with context %}{{ tests_grid(tests) }}'
    )
    drawn = re.sub(r"\s+", " ", template.render(tests=tests))
    assert "Nobody took part." in drawn
    assert "short by 6 people" in drawn
    assert "reached" not in drawn
