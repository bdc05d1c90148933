"""What the browser keeps for a site after its page is gone: IndexedDB. Runs on the page.

    store = Store("gymworker", on_error=print)
    if await store.open():
        store.put("a/1", array.data)
        values = await store.all("a/")
"""

import js
from pyscript import ffi

from ..aio import Waiter, run_ready
from .callbacks import destroy

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
        self._database: Any = None
        self._failed = ffi.create_proxy(lambda event: on_error(_reason(event)))
        self._closed = ffi.create_proxy(self._lost)

    async def open(self) -> bool:
        """Open it; return whether this browser keeps anything for this page.

        It does not in a sandboxed frame, nor where the visitor has forbidden it. ``put`` and
        ``delete`` then do nothing, and ``all`` finds nothing.
        """
        try:
            # By a promise: what JavaScript throws at once cannot be caught everywhere.
            request = await js.Promise.resolve(self._name).then(js.indexedDB.open.bind(js.indexedDB))
        except Exception:
            return False
        create = ffi.create_proxy(lambda event: request.result.createObjectStore(VALUES))
        request.onupgradeneeded = create
        self._database = await _result(request)
        destroy([create])
        if self._database is None:
            return False
        self._database.onclose = self._database.onversionchange = self._closed
        return True

    def put(self, key: str, value: "Any") -> None:
        """Keep a value, in the place of one that has the same key; nobody waits for it.

        Args:
            key: its key.
            value: a text, an ArrayBuffer or a typed array.
        """
        if self._database is not None:
            self._begin("readwrite").put(value, key)

    def delete(self, prefix: str) -> None:
        """Forget all values whose keys begin so."""
        if self._database is not None:
            self._begin("readwrite").delete(_keys(prefix))

    async def all(self, prefix: str = "") -> "Any":
        """Return the values whose keys begin so, as a JavaScript array."""
        if self._database is not None:
            values = await _result(self._begin("readonly").getAll(_keys(prefix)))
            if values is not None:
                return values
        return js.Array.new()

    def _begin(self, mode: str) -> "Any":
        transaction = self._database.transaction(VALUES, mode)
        transaction.onabort = self._failed
        return transaction.objectStore(VALUES)

    def _lost(self, event: "Any") -> None:
        """The visitor took the site's data away, or another version of the page wants it."""
        database, self._database = self._database, None
        if database is not None:
            database.close()


async def _result(request: "Any") -> "Any":
    """Wait for a request of IndexedDB; return what it gave, None if it failed."""
    done = Waiter()

    def succeed(event: "Any") -> None:
        done.settle(request.result)
        run_ready()

    def fail(event: "Any") -> None:
        event.preventDefault()  # else Firefox reports it as an uncaught error
        done.settle(None)
        run_ready()

    proxies = [ffi.create_proxy(succeed), ffi.create_proxy(fail)]
    request.onsuccess, request.onerror = proxies
    value = await done
    destroy(proxies)
    return value


def _keys(prefix: str) -> "Any":
    return js.IDBKeyRange.bound(prefix, prefix + HIGHEST)


def _reason(event: "Any") -> str:
    error = event.target.error
    return str(error.message) if error else "the browser did not keep it"
