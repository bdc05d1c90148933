"""Numbers and versions: the worker's Python and this one agree bit for bit."""

import json

import gymnasium
import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from tests.browser.browsers import in_chromium, in_firefox
from tests.browser.conftest import Serve
from tests.browser.pages import open_page, watched

# The user's own request, because hexadecimal digits do not depend on how numbers are sent or shown.
WORKER = """
from gymworker import Host

host = Host(imports=["numpy", "gymnasium"])

@host.on("first")
def first(call):
    import gymnasium

    obs, _ = gymnasium.make("CartPole-v1").reset(seed=call.payload)
    return obs.dtype.str + ":" + obs.tobytes().hex()

host.start()
"""
MAIN = """
import json
from gymworker import PyodideWorker
from pyscript import document

def show(state, text):
    document.getElementById("status").textContent = text
    document.documentElement.dataset.state = state

async def main():
    worker = PyodideWorker()
    version = await worker.init()
    found = []
    for seed in {SEEDS}:
        found.append(await worker.request("first", seed))
    show("done", json.dumps([version.packages, found]))

try:
    await main()
except Exception as error:
    show("failed", repr(error))
"""
SEEDS = [42, 0, 2**31 - 1]


def first(seed: int) -> str:
    obs, _ = gymnasium.make("CartPole-v1").reset(seed=seed)
    assert isinstance(obs, np.ndarray)
    return f"{obs.dtype.str}:{obs.tobytes().hex()}"


def answer(page: Page) -> tuple[dict[str, str], list[str]]:
    packages, found = json.loads(page.inner_text("#status"))
    return packages, found


def check(browser: Browser, serve_changed: Serve, version: str) -> None:
    edits = {
        "worker.py": WORKER,
        "main.py": MAIN.replace("{SEEDS}", repr(SEEDS)),
        "pyscript.toml": ("gymnasium==1.4.0", f"gymnasium=={version}"),
    }
    with serve_changed(edits) as served, watched(browser, served.url) as context:
        packages, found = answer(open_page(context, served.url, "done"))
        assert packages["gymnasium"] == version
        assert found == [first(seed) for seed in SEEDS]


@in_chromium
@pytest.mark.parametrize("version", ["1.4.0", "1.0.0"])
def test_first_observations_are_those_of_cpython(
    browser: Browser, serve_changed: Serve, version: str
) -> None:
    check(browser, serve_changed, version)


@in_firefox
def test_first_observations_in_firefox_are_those_of_cpython(
    browser: Browser, serve_changed: Serve
) -> None:
    check(browser, serve_changed, "1.4.0")
