"""The tokens keep their promise: text on its ground holds 4.5:1 in both schemes, and pages use tokens only."""

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CSS = ROOT / "static" / "css"
TOKENS = {
    name: pair
    for name, *pair in re.findall(
        r"--([a-z-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)", (CSS / "tokens.css").read_text()
    )
}
GROUNDS = ("paper", "sheet", "sheet-sunk", "sheet-raised")
PAIRS = [
    *(
        (ink, ground)
        for ink in ("ink", "ink-soft", "accent", "accent-strong", "bad", "good", "warn")
        for ground in GROUNDS
    ),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-bad", "bad-solid"),
    ("accent-strong", "accent-tint"),
    *((state, f"{state}-tint") for state in ("good", "warn", "bad", "calm")),
    *(("ink", f"{state}-tint") for state in ("good", "warn", "bad", "calm", "accent")),
]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_can_be_read_on_its_ground(text: str, ground: str, scheme: int) -> None:
    assert contrast(TOKENS[text][scheme], TOKENS[ground][scheme]) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
def test_the_edge_of_a_box_can_be_seen(ground: str, scheme: int) -> None:
    """WCAG 1.4.11: 3:1 for the line of a field and for the ring of the focus."""
    assert contrast(TOKENS["line-firm"][scheme], TOKENS[ground][scheme]) >= 3
    assert contrast(TOKENS["focus"][scheme], TOKENS[ground][scheme]) >= 3


@pytest.mark.parametrize("sheet", sorted(path.name for path in CSS.glob("*.css")))
def test_every_token_that_is_used_is_defined(sheet: str) -> None:
    text = (CSS / sheet).read_text()
    known = set(re.findall(r"--([a-z0-9-]+):", (CSS / "tokens.css").read_text() + text))
    assert set(re.findall(r"var\(--([a-z0-9-]+)", text)) <= known


def test_no_template_carries_a_style_or_a_script_of_its_own() -> None:
    """The policy forbids both; a browser would drop them silently. Mails are no pages of the site."""
    for path in (ROOT / "templates").rglob("*.html"):
        if "emails" in path.parts:
            continue
        text = path.read_text()
        assert not re.search(r"\sstyle=", text), f"{path} has a style attribute"
        assert not re.search(r"\son[a-z]+=\"", text), f"{path} has an inline handler"
        for attributes, body in re.findall(r"<script([^>]*)>(.*?)</script>", text, re.DOTALL):
            assert not body.strip() or "application/json" in attributes, f"{path} has an inline script"


def test_every_picture_that_a_template_asks_for_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([a-z]+)"', (ROOT / "static/img/icons.svg").read_text()))
    for path in (ROOT / "templates").rglob("*.html"):
        asked = set(re.findall(r'{% icon "([a-z]+)"', path.read_text()))
        assert asked <= drawn, f"{path} asks for {asked - drawn}"


def test_every_part_opens_by_naming_its_context() -> None:
    for path in (ROOT / "templates" / "components").glob("*.html"):
        assert re.match(r"{% comment %}|{#", path.read_text()), f"{path.name} does not say what it needs"


def test_a_phone_on_a_slow_line_gets_little() -> None:
    """U38: style and script of a portal page stay within 40 KB over the wire, htmx not counted."""
    sheets = ("tokens", "base", "layout", "components", "forms", "tables", "portal", "print")
    files = [*(CSS / f"{name}.css" for name in sheets), *(ROOT / "static" / "js").glob("*.js")]
    assert sum(len(gzip.compress(path.read_bytes())) for path in files) <= 40_000
