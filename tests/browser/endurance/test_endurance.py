"""Sessions of hours, in a minute: what a worker holds stays as it is, and so does the page.

Both browsers run at once, because each mostly waits for itself.
"""

import textwrap
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright

from gymserver import interpreter
from tests.browser import browsers
from tests.browser.browsers import in_chromium
from tests.browser.conftest import Serve
from tests.browser.pages import watched
from tests.browser.protocol.lab import Lab, LabError, edits

pytestmark = pytest.mark.timeout(900)

WORKER = "endurance_worker.py"
DEADLINE = 600_000
"""Milliseconds for all that one browser does; on two cores that others use too it took 150 s."""

SLACK = 60
"""Objects: what a moment needs (up to 32 were seen), and the gauges that the environment keeps. One
for each step, timer or request would be hundreds and more."""

both = pytest.mark.parametrize("name", list(browsers.SYSTEM))

BEGIN = f"""
    import gc
    from gymworker.page.client import PyodideWorker

    global worker, environment, page
    worker = PyodideWorker(script={WORKER!r}, settings=without_packages(), timeout=60)

    async def environment(every):
        code = "from endurance_worker import Endless, full_pace\\n"
        code += "full_pace()\\nplay = {{'action_mapping': {{'a': 1}}, 'default_action': 0}}\\n"
        await worker.init_env(code + "env = Endless(" + str(every) + ")\\n")

    def page():
        gc.collect()
        nodes = js.document.getElementsByTagName("*").length
        return {{"memory": gc.mem_alloc(), "pending": worker.pending, "nodes": nodes}}
"""

SESSION = """
    done = {}

    async def played(name, every, **settings):
        await environment(every)
        episodes, pages = [], []

        def note(episode):
            episodes.append([episode.steps, episode.returns])
            pages.append(page())

        game = await worker.play(seed=1, on_episode=note, **settings)
        last = await game.finished()
        found = (await worker.reset(options={"told": True})).obs
        done[name] = {"state": last.state, "episodes": episodes, "steps": found["steps"]}
        done[name]["worker"], done[name]["page"] = found["gauged"], pages

    async def asked(name, ask):
        await environment(1000000)
        gauged, pages = [], []
        for i in range(10):
            for j in range(50):
                await ask()
            gauged.append(await worker.request("gauge"))
            pages.append(page())
        done[name] = {"worker": gauged, "page": pages}

    async def requests():
        await every([asyncio.create_task(worker.step(0)) for i in range(100)])

    async def awaits():
        await worker.request("awaits")

    inf = float("inf")
    await played("game", 10000, fps=inf, max_steps=10000, num_episodes=20)
    await played("timers", 100, fps=200, max_steps=500, num_episodes=2)
    await asked("requests", requests)
    await asked("awaits", awaits)
    return done
"""


def pages() -> dict[str, str]:
    """The files of the lab, with the worker of these tests."""
    worker = Path(__file__).with_name("pages") / WORKER
    return {**edits(), WORKER: worker.read_text("utf-8")}


@pytest.fixture(scope="module")
def sessions(serve_changed: Serve, playwright: Playwright) -> Iterator[dict[str, Any]]:
    """What each browser found, or the error that ended its session."""
    results: dict[str, Any] = {}
    with ExitStack() as stack:
        url = stack.enter_context(serve_changed(pages())).url
        labs = {}
        for name in browsers.SYSTEM:
            browser = browsers.launch(playwright, name)
            stack.callback(browser.close)
            lab = Lab(stack.enter_context(watched(browser, url)).new_page(), url)
            labs[name] = lab, lab.start(textwrap.dedent(BEGIN) + textwrap.dedent(SESSION))
        for name, (lab, number) in labs.items():
            try:
                results[name] = lab.result(number, DEADLINE)
            except LabError as error:
                results[name] = error
        yield results


def ended(sessions: dict[str, Any], name: str) -> Any:
    if isinstance(sessions[name], LabError):
        raise sessions[name]
    return sessions[name]


@both
def test_a_game_of_200_000_steps_ends_well(sessions: dict[str, Any], name: str) -> None:
    game = ended(sessions, name)["game"]
    assert (game["state"], game["steps"]) == ("ended", 200_000)
    assert game["episodes"] == [[10_000, 10_000.0]] * 20


@both
@pytest.mark.parametrize("what", ["game", "timers", "requests", "awaits"])
def test_a_worker_holds_as_much_as_before(sessions: dict[str, Any], name: str, what: str) -> None:
    first, *others = ended(sessions, name)[what]["worker"]
    assert len(others) >= 9
    for gauged in others:
        for exact in ("stack", "memory"):
            assert gauged.pop(exact) == first[exact]
        for counted, number in gauged.items():
            assert number <= first[counted] + SLACK, counted


@both
@pytest.mark.parametrize("what", ["game", "requests", "awaits"])
def test_a_page_holds_as_much_as_before(sessions: dict[str, Any], name: str, what: str) -> None:
    gauged = ended(sessions, name)[what]["page"]
    assert {(each["pending"], each["nodes"]) for each in gauged} == {(0, gauged[0]["nodes"])}
    # The least of each half: MicroPython takes whatever looks like an address for one, so that now
    # and then a message lives for longer. Less than a block of its memory for each request.
    half = len(gauged) // 2
    before, after = (
        min(each["memory"] for each in part) for part in (gauged[:half], gauged[half:])
    )
    assert after <= before + 16 * 25_000


@in_chromium
def test_the_gauge_shows_what_jspi_loses(
    browser: Browser, serve_changed: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the tests above could not fail."""
    kept = interpreter._MODULE.replace("delete WebAssembly", "// delete WebAssembly")
    monkeypatch.setattr(interpreter, "_MODULE", kept)
    with serve_changed(pages()) as served, watched(browser, served.url) as context:
        lab = Lab(context.new_page(), served.url)
        lab.run(BEGIN)
        before, after = lab.run("""
            gauged = []
            for i in range(2):
                await worker.request("awaits")
                gauged.append(await worker.request("gauge"))
            return gauged
        """)
    assert before["stack"] - after["stack"] >= 16 * 100
