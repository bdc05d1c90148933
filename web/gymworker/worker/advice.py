"""What works in a worker in the place of what does not, for errors that do not say it.

Python in a browser has one thread, no processes, no sockets and nobody who types. The errors of
that are C's, and name none of it; their types and tracebacks stay as they are. Runs in the worker.
"""

import re
import traceback

from . import missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

INPUT = (
    "nobody can type into a worker: take what input() would ask for as an action, as options of "
    "reset(), or as globals of init_env()"
)
LOOP = (
    "the worker's event loop runs already and cannot wait for another: use `await` at the top of "
    "the file or in an async policy, instead of asyncio.run() or run_until_complete()"
)
THREAD = (
    "Python in a browser has one thread: call the function itself, or make it async and give it to "
    "asyncio.create_task()"
)
PROCESS = (
    "Python in a browser has no processes: call the function itself, write in Python what another "
    "program did, and use SyncVectorEnv instead of AsyncVectorEnv"
)
SOCKET = (
    "a browser has no sockets: fetch it on the page and pass it as globals of init_env(), or "
    "`await pyodide.http.pyfetch(address)` at the top of the file, with a whole address"
)
RELATIVE = (
    "the code of an environment is in no package: `import rules` finds rules.py beside its file"
)

PROCESSES = ("subprocess", "multiprocessing", "concurrent.futures")
SOCKETS = ("socket", "http", "urllib", "ssl", "ftplib", "smtplib")

RULES = (
    (OSError, r"SyncVectorEnv", (), ""),  # which says it already
    (OSError, r"I/O error", (), INPUT),
    (EOFError, r"EOF when reading a line", (), INPUT),
    (RuntimeError, r"stack switching|cannot be called from a running event loop", (), LOOP),
    (RuntimeError, r"can't start new thread", (), THREAD),
    (OSError, r"does not support processes", PROCESSES, PROCESS),
    (OSError, r"Function not implemented\n.*(fork|exec|spawn|wait|kill)", (), PROCESS),
    (ImportError, r"_posixshmem", (), PROCESS),
    (OSError, r"\n.*\.(listen|accept|connect|recv|send|sendall|getaddrinfo)\(", SOCKETS, SOCKET),
    (NotImplementedError, r"raw socket access", (), SOCKET),
    (ImportError, r"relative import with no known parent", (), RELATIVE),
)
"""Types of errors; what the message and the source line say, or modules that it came through; and
the advice. The first that fits counts."""

DEEPEST = 10
"""Causes of causes that are looked at."""


def advice(error: BaseException) -> str:
    """Return a sentence that says what works instead, "" if there is nothing to say."""
    for cause in _causes(error):
        text, names = _text(cause), set(_modules(cause))
        for kind, pattern, modules, words in RULES:
            if isinstance(cause, kind) and (
                re.search(pattern, text) or not names.isdisjoint(modules)
            ):
                return words
        if words := missing.advice(cause):
            return words
    return ""


def _text(error: BaseException) -> str:
    """Return the message of an error, and the source line that raised it."""
    try:
        message = str(error)
    except Exception:  # of its own making
        return ""
    lines = [frame.line or "" for frame in traceback.extract_tb(error.__traceback__)[-1:]]
    return "\n".join([message, *lines])


def _causes(error: "BaseException | None") -> "Iterator[BaseException]":
    """Yield an error and what it came from."""
    for _ in range(DEEPEST):
        if error is None:
            return
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _modules(error: BaseException) -> "Iterator[str]":
    """Yield the names of the modules that an error came through, and of their packages."""
    place = error.__traceback__
    while place is not None:
        name = str(place.tb_frame.f_globals.get("__name__"))
        while name:
            yield name
            name = name.rpartition(".")[0]
        place = place.tb_next
