"""The page looks finished: on a desktop and a phone, light and dark."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.browsers import in_chromium, in_firefox
from tests.browser.conftest import Serve
from tests.browser.pages import open_page, watched

Scheme = Literal["light", "dark"]
SIZES = {"desktop": (1280, 800), "phone": (390, 844)}

# Elements whose text does not fit into them, or that stick out of the page.
CLIPPED = """
Array.from(document.querySelectorAll("body *")).filter((element) => {
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  if (!element.checkVisibility() || !box.width || element.closest("progress")) return false;
  const hides = ["hidden", "clip"].includes(style.overflowX);
  return (hides && element.scrollWidth > element.clientWidth + 1)
    || box.left < -1 || box.right > innerWidth + 1;
}).map((element) => element.outerHTML.slice(0, 120))
"""
CONTRAST = """
() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const parse = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return Array.from(canvas.getImageData(0, 0, 1, 1).data);
  };
  const light = (color) => {
    const [r, g, b] = color.slice(0, 3).map((v) => v / 255)
      .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const color = parse(getComputedStyle(e).backgroundColor);
      if (color[3] === 255) return color;
    }
    return parse("Canvas");
  };
  return Array.from(document.querySelectorAll("body *"))
    .filter((e) => e.checkVisibility() && e.tagName !== "SCRIPT"
      && Array.from(e.childNodes).some((n) => n.nodeType === 3 && n.data.trim()))
    .map((e) => {
      const [a, b] = [light(parse(getComputedStyle(e).color)), light(behind(e))];
      return [e.textContent.trim().slice(0, 40), (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)];
    });
}
"""


@pytest.fixture(scope="module")
def failed_page(browser: Browser, serve_changed: Serve) -> Iterator[Page]:
    """A page with a traceback on it that is wider than a phone."""
    code = f"def {'long_' * 20}name():\n    raise ValueError('{'much to say ' * 20}')\n"
    edits = {"worker.py": f"{code}\n{'long_' * 20}name()\n"}
    with serve_changed(edits) as served, watched(browser, served.url) as context:
        yield open_page(context, served.url, "failed")


@in_chromium
@pytest.mark.usefixtures("browser")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("state", ["done", "failed"])
def test_everything_fits_and_can_be_read(
    request: pytest.FixtureRequest,
    screenshots: Path | None,
    state: str,
    size: str,
    scheme: Scheme,
) -> None:
    page: Page = request.getfixturevalue("page" if state == "done" else "failed_page")
    shade = check(page, size, scheme, screenshots and screenshots / f"{state}-{size}-{scheme}.png")
    assert (sum(shade) > 3 * 128) == (scheme == "light")


# Firefox as the system has it cannot be told to prefer dark, and a screenshot there adds an inline
# style to the page, which the site's policy refuses.
@in_firefox
@pytest.mark.parametrize("size", SIZES)
def test_everything_fits_and_can_be_read_in_firefox(page: Page, size: str) -> None:
    check(page, size, "light")


def check(page: Page, size: str, scheme: Scheme, screenshot: Path | None = None) -> list[int]:
    """Looks at the page in a size and a scheme; returns its background's red, green and blue."""
    before = page.viewport_size
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    try:
        return look(page, screenshot)
    finally:  # other tests use this page too
        page.emulate_media(color_scheme="light", reduced_motion="no-preference")
        if before:
            page.set_viewport_size(before)


def look(page: Page, screenshot: Path | None) -> list[int]:
    """Looks at the page as it is; returns its background's red, green and blue."""
    if screenshot:
        page.screenshot(path=screenshot, full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(CLIPPED) == []
    contrasts = dict(page.evaluate(CONTRAST))
    assert len(contrasts) > 5
    assert {text: ratio for text, ratio in contrasts.items() if ratio < 4.5} == {}
    shade = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return [int(part) for part in re.findall(r"\d+", shade)[:3]]
