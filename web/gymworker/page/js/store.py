"""What the browser keeps for a site after its page is gone: IndexedDB. Runs on the page.

    store = Store("gymworker", on_error=print)
    if await store.open():
        store.put("a/1", array.data)
        values = await store.all("a/")

What IndexedDB may throw is called by a promise in MicroPython, which cannot catch it, and does not
survive it; but a promise is rejected. Pyodide catches it, and calls back from a promise too late:
the events of a request would be over by then.
"""

import sys

import js
from pyscript import ffi

from ..aio import Outcome, Waiter, run_ready

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

VALUES = "values"
"""The one object store of the database."""

HIGHEST = "\uffff"
"""After every other character of a key."""


class Store:
    """Values by key, a text, in the order of their keys. All tabs of a site share it.

    Args:
        name: of the database.
        on_error: called with a line of text when the browser could not keep something: it has no
            room left, or the visitor took the site's data away.
    """

    def __init__(self, name: str, on_error: "Callable[[str], Any]") -> None:
        self._name = name
        self._on_error = on_error
        self._database: Any = None
        self._opened = Waiter()
        self._found: Outcome | None = None
        self._prefix = ""
        self._changes: list[tuple[str, Any]] = []
        # They stay: a proxy for each change would be one for each episode of an hour.
        self._write = ffi.create_proxy(self._write_changes)
        self._read = ffi.create_proxy(self._read_values)
        self._failed = ffi.create_proxy(self._fail)
        self._closed = ffi.create_proxy(self._close)

    async def open(self) -> bool:
        """Open it; return whether this browser keeps anything for this page.

        It does not in a sandboxed frame, nor where the visitor has forbidden it. ``put`` and
        ``delete`` then do nothing, and ``all`` finds nothing. Once is enough.
        """
        database = js.indexedDB
        ask = database.open.bind(database, self._name)
        _call(ask, ffi.create_proxy(self._asked), ffi.create_proxy(self._refused))
        self._database = await self._opened
        return self._database is not None

    def put(self, key: str, value: "Any") -> None:
        """Keep a value, in the place of one that has the same key; nobody waits for it.

        Args:
            key: its key.
            value: a text, an ArrayBuffer or a typed array.
        """
        self._change(key, value)

    def delete(self, prefix: str) -> None:
        """Forget all values whose keys begin so; see ``settled``."""
        self._change(prefix, None)

    async def all(self, prefix: str = "") -> "Any":
        """Return the values whose keys begin so, as a JavaScript array.

        The answer comes after all changes before it: they are done by then, or have failed.
        """
        while self._found is not None:  # one question at a time
            await self._found.wait()
        if self._database is None:
            return js.Array.new()
        self._prefix, self._found = prefix, Outcome()
        self._transact("readonly", self._read)
        return await self._found.wait()

    async def settled(self) -> None:
        """Wait until all changes so far are done, or have failed."""
        await self.all(HIGHEST)

    def _asked(self, request: "Any") -> None:
        """Open with what is there, or make it. This runs before any event of the request."""

        def create(event: "Any") -> None:
            request.result.createObjectStore(VALUES)

        def succeed(event: "Any") -> None:
            database = request.result
            ours = database.objectStoreNames.contains(VALUES)
            database.onclose = database.onversionchange = self._closed
            self._opened.settle(database if ours else None)
            run_ready()

        request.onupgradeneeded = ffi.create_proxy(create)
        request.onsuccess = ffi.create_proxy(succeed)
        request.onerror = ffi.create_proxy(self._refused)

    def _refused(self, event: "Any") -> None:
        _handled(event)
        self._opened.settle(None)
        run_ready()

    def _transact(self, mode: str, work: "Any") -> None:
        begin = self._database.transaction.bind(self._database, VALUES, mode)
        _call(begin, work, self._failed)

    def _change(self, key: str, value: "Any") -> None:
        if self._database is None:
            return
        self._changes.append((key, value))
        if len(self._changes) == 1:
            self._transact("readwrite", self._write)

    def _write_changes(self, transaction: "Any") -> None:
        transaction.onabort = self._failed
        store = transaction.objectStore(VALUES)
        changes, self._changes = self._changes, []
        for key, value in changes:
            if value is None:
                store.delete(_beginning(key))
            else:
                store.put(value, key)

    def _read_values(self, transaction: "Any") -> None:
        request = transaction.objectStore(VALUES).getAll(_beginning(self._prefix))

        def succeed(event: "Any") -> None:
            self._give(request.result)

        request.onsuccess = ffi.create_proxy(succeed)
        request.onerror = self._failed

    def _give(self, values: "Any") -> None:
        found, self._found = self._found, None
        if found is not None:
            found.settle(values)
            run_ready()

    def _fail(self, event: "Any") -> None:
        """Take the event of a request that failed, or what a promise was rejected with."""
        _handled(event)
        self._changes.clear()
        error = getattr(getattr(event, "target", None), "error", None)
        self._on_error(str(getattr(error, "message", "") or "It did not say why."))
        self._give(js.Array.new())

    def _close(self, event: "Any") -> None:
        """The visitor took the site's data away, or another version of the site wants it."""
        database, self._database = self._database, None
        if database is not None:
            database.close()


def _call(function: "Any", use: "Any", fail: "Any") -> None:
    """Call a function of JavaScript's, ``use`` what it returns, or ``fail`` with what it throws."""
    if sys.implementation.name == "micropython":
        js.Promise.resolve().then(function).then(use).catch(fail)
        return
    try:
        use(function())
    except Exception as error:
        fail(error)


def _beginning(prefix: str) -> "Any":
    """Return the range of the keys that begin so."""
    return js.IDBKeyRange.bound(prefix, prefix + HIGHEST)


def _handled(event: "Any") -> None:
    """Keep the browser from reporting a failure that is told to the page."""
    if hasattr(event, "preventDefault"):
        event.preventDefault()
