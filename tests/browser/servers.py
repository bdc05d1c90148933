"""A real server on a free port, which remembers each request and can be made to misbehave."""

import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import waitress

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    Fault = Callable[["Served", WSGIApplication, WSGIEnvironment, StartResponse], Iterable[bytes]]


@dataclass(frozen=True)
class Seen:
    """A request as the server answered it."""

    path: str
    status: int
    headers: Mapping[str, str]  # of the response, names in lower case


@dataclass
class Served:
    """A running server.

    Attributes:
        url: of its root, with a slash at the end.
        seen: all requests so far, in the order of their answers.
        ended: set when the server shuts down.
    """

    url: str = ""
    seen: list[Seen] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def answers(self, pattern: str) -> list[Seen]:
        """Returns the requests whose path matches a regular expression."""
        return [seen for seen in self.seen if re.search(pattern, seen.path)]


@contextmanager
def serving(
    app: "WSGIApplication", faults: "Mapping[str, Fault] | None" = None
) -> Iterator[Served]:
    """Runs an application in waitress, on a thread.

    Args:
        app: the application.
        faults: what answers instead of it, by a regular expression for the path.
    """
    served = Served()
    server = waitress.create_server(
        _recorded(app, served, faults or {}), host="127.0.0.1", port=0, threads=16
    )
    served.url = f"http://127.0.0.1:{server.effective_port}/"
    # The loop only polls, so that everything is closed here, when no other thread is left: waitress
    # closes a server in its loop, where a worker thread may still write to the trigger's pipe.
    stopping = threading.Event()
    thread = threading.Thread(target=_poll, args=(server, stopping), daemon=True)
    thread.start()
    try:
        yield served
    finally:
        served.ended.set()
        stopping.set()
        server.pull_trigger()
        thread.join(10)
        assert not thread.is_alive()
        for channel in list(server.active_channels.values()):
            channel.handle_close()
        server.task_dispatcher.shutdown()
        server.close()


def _poll(server: Any, stopping: threading.Event) -> None:
    while not stopping.is_set():
        server.asyncore.loop(timeout=1, map=server._map, count=1)


def missing(
    served: Served, app: "WSGIApplication", environ: "WSGIEnvironment", start: "StartResponse"
) -> Iterable[bytes]:
    """Answers 404."""
    start("404 Not Found", [("Content-Type", "text/plain"), ("Content-Length", "0")])
    return []


def silent(
    served: Served, app: "WSGIApplication", environ: "WSGIEnvironment", start: "StartResponse"
) -> Iterable[bytes]:
    """Never answers."""
    served.ended.wait()
    return missing(served, app, environ, start)


def corrupt(
    served: Served, app: "WSGIApplication", environ: "WSGIEnvironment", start: "StartResponse"
) -> Iterable[bytes]:
    """Answers with a byte in the middle of the file changed."""
    return _changed(app, environ, start, lambda content: len(content) // 2)


def corrupt_at(pattern: bytes) -> "Fault":
    """Returns what answers with the last byte of what a regular expression finds changed."""

    def fault(
        served: Served, app: "WSGIApplication", environ: "WSGIEnvironment", start: "StartResponse"
    ) -> Iterable[bytes]:
        def place(content: bytes) -> int:
            found = re.search(pattern, content)
            assert found, f"no {pattern!r} in {environ['PATH_INFO']}"
            return found.end() - 1

        return _changed(app, environ, start, place)

    return fault


def _changed(
    app: "WSGIApplication",
    environ: "WSGIEnvironment",
    start: "StartResponse",
    place: "Callable[[bytes], int]",
) -> Iterable[bytes]:
    chunks = app({**environ, "HTTP_ACCEPT_ENCODING": "identity"}, start)
    content = bytearray(b"".join(chunks))
    if hasattr(chunks, "close"):
        chunks.close()
    content[place(bytes(content))] ^= 1
    return [bytes(content)]


def _recorded(
    app: "WSGIApplication", served: Served, faults: "Mapping[str, Fault]"
) -> "WSGIApplication":
    def wrapped(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = str(environ["PATH_INFO"])

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            names = {name.lower(): value for name, value in headers}
            served.seen.append(Seen(path, int(status.split()[0]), names))
            return start_response(status, headers, *rest)

        for pattern, fault in faults.items():
            if re.search(pattern, path):
                return fault(served, app, environ, start)
        return app(environ, start)

    return wrapped
