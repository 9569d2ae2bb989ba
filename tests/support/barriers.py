"""What keeps a reader out of a page, as axe finds it."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = Axe().axe_script
# What axe itself calls serious or critical; without its other rules it neither walks for them nor fetches what they need.
LOOK = """async (rules) => {
    const { rules: known, tagExclude } = axe._audit;
    const grave = known.filter(({ enabled, impact, tags }) =>
        enabled && ["serious", "critical"].includes(impact) && !tags.some((tag) => tagExclude.includes(tag)));
    const values = rules.length ? rules : grave.map(({ id }) => id);
    if (values.length === 0) throw new Error("axe knows no grave rule");
    const found = await axe.run(document, { resultTypes: ["violations"], runOnly: { type: "rule", values } });
    return found.violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ target }) => ({ target })) }));
}"""
COLOURS = ("color-contrast",)


def barriers(page: Page, *rules: str) -> list[str]:
    """What axe finds that a reader would stumble over, as "rule: where"; ``rules`` looks for these only.

    The page must hold axe already (``page.evaluate(AXE)``): it is half a megabyte, and one page is looked at often.
    """
    violations = page.evaluate(LOOK, list(rules))
    return [f"{rule['id']}: {[node['target'] for node in rule['nodes']][:3]}" for rule in violations]


def show(page: Page, scheme: Any) -> None:
    """As a system of this scheme would show it; the second frame has the new colours."""
    page.emulate_media(color_scheme=scheme)
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def by_day_and_in_the_dark(page: Page) -> dict[str, list[str]]:
    """The barriers in the light, then those that other colours raise; the page may come in either."""
    page.evaluate(AXE)
    found = {}
    for scheme, rules in (("light", ()), ("dark", COLOURS)):
        show(page, scheme)
        if barred := barriers(page, *rules):
            found[scheme] = barred
    return found
