"""The worker: Pyodide, NumPy and one Gymnasium environment, off the page's main thread.

Give it abilities of your own: a function under ``@host.on("name")`` answers the page's
``await worker.request("name", payload)``. Packages are there when it is called, not while this
file runs: import them inside the function, or name them in ``imports``.
"""

from gymworker import Host
from gymworker.worker import registered, standin

# What is imported before READY makes the first environment start at once.
host = Host(imports=["numpy", "gymnasium"])


@host.on("registered")
def ids(call):
    """Answer which environments can be made here by name, for the page's list of them."""
    return registered.registered()


@host.on("described")
def labels(call):
    """Answer what the environment's documentation calls its actions."""
    return registered.described(call.env)


@host.on("moves")
def moves(call):
    """Answer what whose turn it is may do, for games with more moves than there are keys."""
    return registered.moves(call.env)


@host.on("drawn")
def drawn(call):
    """Answer whether the environment drew with the stand-in for pygame."""
    return standin.drawn


host.start()
