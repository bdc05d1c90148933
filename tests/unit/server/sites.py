"""Folders to serve, and a real server on a free port."""

import http.client
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from wsgiref.types import WSGIApplication

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from gymserver.app import create_app
from gymserver.serving import make_server
from gymserver.site import Site

PYODIDE = "runtime/pyodide-0.29.5"


def make_web(folder: Path, toml: str = '[worker]\npackages = ["pkg"]\n') -> Path:
    """Writes a small folder to serve."""
    folder.mkdir(parents=True)
    (folder / "index.html").write_text("<pre>{{ site.pyscript }}|{{ site.config }}</pre>\n")
    (folder / "main.py").write_text("print('ä')\n", "utf-8")
    (folder / "pyscript.toml").write_text(toml, "utf-8")
    (folder / "sub").mkdir()
    (folder / "sub" / "page.html").write_text("{{ site.pyscript }}")
    return folder.resolve()


class Client(FlaskClient):
    """A client that reads each answer to its end, so that no file stays open."""

    def open(self, *args: Any, **options: Any) -> TestResponse:
        """Sends a request."""
        return super().open(*args, buffered=True, **options)


def client_of(site: Site) -> FlaskClient:
    """Returns a client of the site's application."""
    app = create_app(site=site)
    app.test_client_class = Client
    return app.test_client()


@contextmanager
def listening(app: WSGIApplication) -> Iterator[Callable[[], http.client.HTTPConnection]]:
    """Runs `app` as `server.py` does; gives a function that opens a connection to it."""
    server = make_server(app, socket.create_server(("127.0.0.1", 0)))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield lambda: http.client.HTTPConnection("127.0.0.1", server.effective_port, timeout=10)
    finally:
        # Closed in the loop, which ends when nothing is open. It may do so before the call returns.
        with suppress(OSError):
            server.trigger.pull_trigger(server.close)
        thread.join(10)
        server.task_dispatcher.shutdown()
        assert not thread.is_alive()
