"""The worker: Pyodide, NumPy and one Gymnasium environment, off the page's main thread.

Give it abilities of your own: a function under ``@host.on("name")`` answers the page's
``await worker.request("name", payload)``. Packages are there when it is called, not while this
file runs: import them inside the function, or name them in ``imports``.
"""

from gymworker import Host

# What is imported before READY makes the first environment start at once.
host = Host(imports=["numpy", "gymnasium"])
host.start()
