"""A page in Pyodide that imports NumPy: its arrays go to the worker and come from it."""

from playwright.sync_api import BrowserContext

from tests.browser.protocol.lab import Lab
from tests.browser.servers import Served


def test_numpys_arrays_go_and_come_on_a_page_that_imports_it(
    lab_context: BrowserContext, lab_server: Served
) -> None:
    lab = Lab(lab_context.new_page(), lab_server.url, "numpy_page.html")
    found = lab.run("""
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
    """)
    assert found == [True] * 3
