"""A page in Pyodide that imports NumPy: its arrays go to the worker and come from it."""

from playwright.sync_api import Browser

from gymserver.site import Site
from tests.browser.conftest import Serve
from tests.browser.pages import watched
from tests.browser.protocol.lab import Lab, edits

BODY = """
    import numpy as np
    worker = make()
    await worker.init()
    same = []
    for value in (np.arange(6.0).reshape(2, 3).T, np.arange(9000) > 5, np.float32(0.1)):
        back = await worker.request("echo", value)
        same.append(type(back) is type(value) and bool(np.array_equal(back, value)))
        if back.ndim:
            back[:] = 0  # it is the page's own
    worker.destroy()
    return same
"""


def test_numpys_arrays_go_and_come_on_a_page_that_imports_it(
    browser: Browser, serve_changed: Serve, web_site: Site
) -> None:
    interpreter = f'interpreter = "{web_site.addresses.pyodide}pyodide.mjs"\n'
    changes = {**edits(), "pyscript.toml": ("[files]\n", f"{interpreter}[files]\n")}
    with serve_changed(changes) as served, watched(browser, served.url) as context:
        found = Lab(context.new_page(), served.url, "numpy_page.html").run(BODY)
    assert found == [True] * 3
