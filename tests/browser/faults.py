"""What can go wrong with one file on its way, and a server that lets it."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.browser.servers import Served, serving

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HTML = b"<!doctype html><title>Sign in</title><p>Sign in to use this network."
STATUS = {"403": "403 Forbidden", "404": "404 Not Found", "500": "500 Internal Server Error"}


class Faulty:
    """An application of which one file is at fault.

    Args:
        app: the application.

    Attributes:
        path: of the file, None for none.
        kind: `403`, `404`, `500`; `cut`: the connection ends too early; `half`: it ends, and looks
            whole; `html`: a page in its place; `silent`: no answer; `slow`: a few bytes at a time;
            `text`: as `text/plain`; `binary`: as `application/octet-stream`.
        headers: that replace those of each answer.
        trickle: seconds between two of the forty parts of a slow file.
    """

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app
        self.path: str | None = None
        self.kind = ""
        self.headers: dict[str, str] = {}
        self.trickle = 0.1
        self.served: Served | None = None

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        if environ["PATH_INFO"] != self.path:
            return self._app(environ, self._replacing(start_response, self.headers))
        kind = self.kind
        if kind in STATUS:
            start_response(STATUS[kind], [("Content-Type", "text/html")])
            return [HTML]
        if kind == "html":
            start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
            return [HTML]
        if kind == "silent":
            assert self.served
            self.served.ended.wait()
            return []
        types = {"text": "text/plain", "binary": "application/octet-stream"}
        changed = {"Content-Type": types[kind]} if kind in types else {}
        environ.pop("HTTP_IF_NONE_MATCH", None)
        environ.pop("HTTP_IF_MODIFIED_SINCE", None)
        if kind not in types:
            environ["HTTP_ACCEPT_ENCODING"] = "identity"
        if kind == "half":
            changed["Content-Length"] = ""
        answer = self._app(environ, self._replacing(start_response, changed))
        content = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        return self._changed(content, kind)

    def _changed(self, content: bytes, kind: str) -> Iterator[bytes]:
        if kind == "slow":
            size = max(len(content) // 40, 1)
            for start in range(0, len(content), size):
                time.sleep(self.trickle)
                yield content[start : start + size]
        else:
            yield content[: len(content) // 2] if kind in ("cut", "half") else content

    @staticmethod
    def _replacing(start: "StartResponse", changed: dict[str, str]) -> "StartResponse":
        def replacing(status, headers, *rest):  # type: ignore[no-untyped-def]
            names = {name.lower() for name in changed}
            kept = [(name, value) for name, value in headers if name.lower() not in names]
            return start(status, kept + [entry for entry in changed.items() if entry[1]], *rest)

        return replacing


@contextmanager
def faulty(app: "WSGIApplication") -> Iterator[tuple[Served, Faulty]]:
    """Serves an application of which one file can be at fault."""
    wrapped = Faulty(app)
    with serving(wrapped) as served:
        wrapped.served = served
        yield served, wrapped
