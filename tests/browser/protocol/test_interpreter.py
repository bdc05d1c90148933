"""How Pyodide is started: without JSPI, which leaks its stack, and with one hash seed for all."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.protocol.lab import DEADLINE, Lab
from tests.browser.servers import Served

FACTS = """
import js
import sys
from pyodide.ffi import can_run_sync

class Facts:
    def reset(self, *, seed=None, options=None):
        jspi = [name for name in ("Suspending", "promising") if hasattr(js.WebAssembly, name)]
        words = list({f"word {i}" for i in range(200)})
        facts = [jspi, can_run_sync(), sys.flags.hash_randomization, hash("gymworker"), words]
        return facts, {}

    def step(self, action):
        raise NotImplementedError

env = Facts()
"""

OF_A_PAGE_IN_JAVASCRIPT = """
async (envCode) => {
  await window.request("initEnv", { envCode });
  return (await window.request("reset", {})).result.obs;
}
"""


@pytest.fixture(scope="module")
def facts(lab: Lab, lab_context: BrowserContext, lab_server: Served) -> list[Any]:
    """What three workers say of their Python: two of a Python page, one of a page in JavaScript."""
    found: list[Any] = lab.run(f"""
        found = []
        for i in range(2):
            worker = make(settings=without_packages())
            await worker.init_env({FACTS!r})
            found.append((await worker.reset()).obs)
            worker.destroy()
        return found
    """)
    page = lab_context.new_page()
    page.goto(lab_server.url + "script.html")
    page.wait_for_function("window.worker !== undefined", timeout=DEADLINE)
    found.append(page.evaluate(OF_A_PAGE_IN_JAVASCRIPT, FACTS))
    page.close()
    return found


def test_jspi_is_off(facts: list[Any]) -> None:
    assert [each[:2] for each in facts] == [[[], False]] * 3


def test_the_page_s_browser_has_jspi(lab: Lab) -> None:
    """Else the test above could not fail."""
    assert lab.page.evaluate("'Suspending' in WebAssembly && 'promising' in WebAssembly")


def test_a_set_of_strings_has_one_order_in_every_worker(facts: list[Any]) -> None:
    assert [each[2] for each in facts] == [0, 0, 0]
    assert facts[0][3:] == facts[1][3:] == facts[2][3:]


SPINNING = """
import asyncio

async def spin():
    while True:
        sum(range(300_000))
        await asyncio.sleep(0)

task = asyncio.ensure_future(spin())
env = None
"""


def test_a_worker_that_ends_in_the_middle_of_python_leaves_no_error(lab: Lab) -> None:
    """Firefox rejects the promise of a call through JSPI that is cut off, which nobody catches."""
    errors: list[str] = []
    lab.page.context.on("weberror", lambda error: errors.append(str(error.error)))
    lab.run(f"""
        worker = make(settings=without_packages())
        await worker.init()
        asyncio.create_task(outcome(worker.init_env({SPINNING!r})))
        await asyncio.sleep(0.5)
        worker.destroy()
        await asyncio.sleep(0.5)
    """)
    lab.page.evaluate("0")  # what came before has been told
    assert errors == []
