"""Restarts leave nothing behind on the page: a session of a day may have hundreds."""

from playwright.sync_api import CDPSession

from tests.browser.browsers import in_chromium
from tests.browser.protocol.lab import Lab

RESTARTS = 5
pytestmark = in_chromium


def listeners(session: CDPSession) -> int:
    """How many listeners of JavaScript the page has, after two collections of garbage."""
    for _ in range(2):
        session.send("HeapProfiler.collectGarbage")
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(int(each["value"]) for each in metrics if each["name"] == "JSEventListeners")


def test_a_restart_leaves_no_listener(lab: Lab) -> None:
    session = lab.page.context.new_cdp_session(lab.page)
    session.send("Performance.enable")
    lab.run("""
        import gc
        global worker
        worker = make(settings=without_packages())
        await worker.init()
        await worker.restart()
        gc.collect()
    """)
    counts = [listeners(session)]
    for _ in range(RESTARTS):
        lab.run("await worker.restart(); import gc; gc.collect()")
        counts.append(listeners(session))
    lab.run("worker.destroy()")
    assert counts == [counts[0]] * len(counts)
