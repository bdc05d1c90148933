"""Workers that end early, and workers side by side on one page."""

import pytest
from playwright.sync_api import Browser

from gymserver.site import Site
from tests.browser.conftest import Edits, Serve
from tests.browser.pages import watched
from tests.browser.protocol.lab import Lab, edits

pytestmark = pytest.mark.parametrize("browser", ["chromium"], indirect=True)


@pytest.mark.parametrize("stage", ["at once", "download", "packages"])
def test_destroy_in_the_boot(lab: Lab, stage: str) -> None:
    early, again, state, pending = lab.run(f"""
        from gymworker.page.js import files
        files.CACHED = files.FETCHED = 0.0  # else a boot may be over before a download is told
        wanted = {stage!r}

        def watch(progress):
            if progress.stage == wanted:
                worker.destroy()  # at once: READY may be the next message

        worker = make(on_progress=watch)
        early = [asyncio.create_task(outcome(worker.request("echo", i))) for i in range(3)]
        if wanted == "at once":
            await asyncio.sleep(0)
            worker.destroy()
        early = await every(early)
        return early, await outcome(worker.init()), worker.state, worker.pending
    """)
    assert [kind for kind, _ in [*early, again]] == ["WorkerClosedError"] * 4
    assert (state, pending) == ("closed", 0)


LOOP = """
class E:
    def reset(self, *, seed=None, options=None):
        return seed, {}

    def step(self, action):
        while action == "loop":
            pass
        return action, 0.0, False, False, {}

env = E()
"""


def test_two_workers_do_not_disturb_each_other_and_one_restarts_by_itself(lab: Lab) -> None:
    hung, obs, steps, stages, states = lab.run(f"""
        stages = []
        first = make(settings=without_packages(), auto_restart=True)
        first._link._on_progress = lambda progress: stages.append(progress.stage)
        second = make(settings=without_packages())
        for worker in (first, second):
            await worker.init_env({LOOP!r})
        stages.clear()
        hanging = asyncio.create_task(outcome(first.step("loop", timeout=0.5)))
        steps = []
        for i in range(200):
            steps.append((await second.step(i)).obs)
        hung = await hanging
        obs = (await first.reset(seed=9)).obs
        pending = asyncio.create_task(outcome(first.step("loop")))
        await asyncio.sleep(0.1)
        first.destroy()
        gone = await pending
        steps.append((await second.step("still here")).obs)
        states = [first.state, second.state, gone[0], first.pending + second.pending]
        second.destroy()
        return hung, obs, steps, stages, states
    """)
    assert hung[0] == "RequestTimeoutError"
    assert obs == 9
    assert steps == [*range(200), "still here"]
    assert "restart" in stages
    assert states == ["closed", "ready", "WorkerClosedError", 0]
    while lab.page.workers:  # until the test's own deadline
        lab.page.wait_for_timeout(50)


PYODIDE = f"""
    import sys
    from gymworker.codec.light import Array
    worker = make(settings=without_packages())
    early = await every([asyncio.create_task(worker.request("echo", i)) for i in range(100)])
    big = Array.from_list([list(range(300)) for row in range(20)], dtype="int32")
    back = await worker.request("echo", await worker.request("echo", big))
    await worker.init_env({LOOP!r})
    step = await worker.step({{"left": 1.0}})
    hung = await outcome(worker.step("loop", timeout=0.3))
    pending = asyncio.create_task(outcome(worker.step("loop")))
    await asyncio.sleep(0.1)
    worker.destroy()
    closed = await pending
    return sys.implementation.name, early, back.shape, step.obs, hung, worker.pending, closed
"""


def test_the_client_is_the_same_in_pyodide_on_the_page(
    browser: Browser, serve_changed: Serve, web_site: Site
) -> None:
    files = edits()
    changes: Edits = {
        **files,
        "lab.html": files["lab.html"].replace('type="mpy"', 'type="py"'),
        "pyscript.toml": (
            "[files]\n",
            f'interpreter = "{web_site.addresses.pyodide}pyodide.mjs"\n[files]\n',
        ),
    }
    with serve_changed(changes) as served, watched(browser, served.url) as context:
        results = Lab(context.new_page(), served.url).run(PYODIDE)
    implementation, early, shape, step, hung, pending, closed = results
    assert implementation == "cpython"
    assert early == list(range(100))
    assert shape == [20, 300]
    assert step == {"left": 1.0}
    assert (hung[0], pending, closed[0]) == ("RequestTimeoutError", 0, "WorkerClosedError")
