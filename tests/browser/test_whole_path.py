"""The first visit: from an address to a stepped environment, in Chromium and in Firefox."""

import re
from collections.abc import Iterator

import gymnasium
import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from gymserver.app import create_app
from gymserver.site import Site
from tests.browser import browsers
from tests.browser.conftest import Visit
from tests.browser.faults import faulty
from tests.browser.pages import LATER, history, open_page, run_check, watched
from tests.browser.player import DEADLINE, Player
from tests.browser.servers import Served

SEED, STEPS = 42, 200


@pytest.fixture(scope="module", params=list(browsers.SYSTEM))
def browser(request: pytest.FixtureRequest, playwright: Playwright) -> Iterator[Browser]:
    """Each browser in turn, new: a cache that is full of other tests' files keeps nothing new."""
    browser = browsers.launch(playwright, request.param)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def first_visit(browser: Browser, served: Served) -> Iterator[Visit]:
    """The first visit of this browser."""
    with watched(browser, served.url) as context:
        yield Visit.begin(context, served)


@pytest.fixture(scope="module")
def page(first_visit: Visit) -> Page:
    """The page of that visit."""
    return first_visit.page


def final_observation() -> list[float]:
    """What CPython sees after the steps of the page's check."""
    env = gymnasium.make("CartPole-v1")
    obs, _ = env.reset(seed=SEED)
    for step in range(STEPS):
        obs, _, terminated, truncated, _ = env.step(step % 2)
        if terminated or truncated:
            env.reset()
    env.close()
    return [float(number) for number in obs]


def test_the_page_reaches_ready_and_then_the_end_of_its_work(page: Page) -> None:
    states = [entry["state"] for entry in history(page)]
    assert list(dict.fromkeys(states)) == ["booting", "ready", "done"]
    assert page.is_hidden("#error")


def test_the_versions_are_shown(page: Page) -> None:
    ready = [entry["status"] for entry in history(page) if entry["state"] == "ready"]
    assert re.search(r"READY.*Python 3\.13\.\d+.*Pyodide 0\.29\.5", ready[-1])
    versions = page.inner_text("#versions")
    assert "gymnasium 1.4.0" in versions
    assert re.search(r"numpy \d+\.\d+", versions)


def test_downloads_that_take_long_show_bytes_that_grow(browser: Browser, web_site: Site) -> None:
    with faulty(create_app(site=web_site)) as (served, faults), watched(browser, served.url) as it:
        (memory,) = (file["url"] for file in web_site.files if file["url"].endswith("/memory.wasm"))
        faults.kind, faults.path, faults.trickle = "slow", "/" + memory, 0.25
        shown = [
            (entry["value"], entry["max"])
            for entry in history(open_page(it, served.url, "done"))
            if entry["status"].startswith("Downloading")
        ]
    totals = {total for _, total in shown}
    loaded = [value for value, _ in shown]
    assert len(totals) == 1, "the total is known from the start"
    total = totals.pop()
    assert loaded[-1] <= total > 15_000_000
    assert loaded == sorted(loaded)
    assert len(set(loaded)) > 10
    assert loaded[0] < total / 10


def test_packages_are_shown_one_by_one(page: Page) -> None:
    shown = [entry["status"] for entry in history(page) if entry["status"].startswith("Installing")]
    numbered = [re.search(r"Installing (\S+) .*?(\d+) of (\d+)", status) for status in shown]
    found = {match[1]: (int(match[2]), int(match[3])) for match in numbered if match}
    assert {"numpy", "gymnasium"} <= set(found)
    counts = sorted({count for count, _ in found.values()})
    assert {total for _, total in found.values()} == {len(found)}
    assert counts == list(range(1, len(found) + 1))


@pytest.fixture(scope="module")
def checked(page: Page) -> Page:
    """The page after its own check."""
    run_check(page)
    return page


def test_the_check_ends_with_the_observation_of_cpython(checked: Page) -> None:
    page = checked
    shown = [float(text) for text in page.locator("#observation dd").all_inner_texts()]
    assert shown == pytest.approx(final_observation(), abs=5e-7)


def test_the_figures_are_numbers(checked: Page) -> None:
    for figure in ("#step-time", "#heartbeat"):
        assert re.fullmatch(r"\d+(\.\d+)? ms", checked.inner_text(figure))


def test_the_check_leaves_the_game_and_its_recording_alone(page: Page) -> None:
    player = Player(page)
    player.choose("Taxi")  # which waits for the player, however long the check takes
    player.start()
    for step, key in enumerate(("ArrowUp", "ArrowLeft"), 1):
        page.keyboard.press(key)
        expect(page.locator("#step")).to_have_text(str(step), timeout=DEADLINE)
    run_check(page)
    assert page.get_attribute("html", "data-game") == "waiting"
    assert page.inner_text("#step") == "2"
    page.locator("#reset").click()
    expect(page.locator("#recorded")).to_contain_text("Taxi recorded", timeout=DEADLINE)
    player.drop(player.save("#save-jsonl")[1])
    player.check_only()
    expect(page.locator("#replayed")).to_have_class("same", timeout=DEADLINE)
    player.wait_for("ready")
    player.choose("CartPole")


def test_each_big_file_crosses_the_network_once(first_visit: Visit) -> None:
    answered = [seen.path for seen in first_visit.seen if seen.status == 200]
    big = [path for path in answered if re.search(r"\.(whl|wasm|zip|asm\.js)$", path)]
    assert len(big) >= 8
    assert [path for path in big if big.count(path) > 1] == []


def test_nothing_is_asked_that_is_not_there_and_micropip_is_not_loaded(first_visit: Visit) -> None:
    assert {seen.status for seen in first_visit.seen} <= {200, 304}
    assert not [seen.path for seen in first_visit.seen if "micropip" in seen.path]


def test_the_page_is_not_isolated_and_no_answer_asks_for_it(first_visit: Visit) -> None:
    assert first_visit.page.evaluate("window.crossOriginIsolated") is False
    for seen in first_visit.seen:
        assert not [name for name in seen.headers if name.startswith("cross-origin-")]


def test_a_second_visit_fetches_no_big_file_again(browser: Browser, served: Served) -> None:
    with watched(browser, served.url) as context:
        open_page(context, served.url, "done").close()
        served.seen.clear()
        open_page(context, served.url, "done").close()
    again = [seen.path for seen in served.seen if seen.status == 200]
    assert "/" in [seen.path for seen in served.seen]
    big = ("/runtime/", "/wheels/", "/stdlib/", "/snapshot/")
    assert [path for path in again if path.startswith(big) and not path.endswith(LATER)] == []
