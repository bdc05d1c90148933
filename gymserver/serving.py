"""waitress, set up for a server that only sends, and that no number of idle clients locks out."""

import logging
import select
import socket
from typing import TYPE_CHECKING, Any

import waitress

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

CONNECTIONS = 4000
"""Open at once at most. An idle one costs the main loop some microseconds each time around."""

THREADS = 8

_IDLE = 60
"""Seconds after which a connection is closed on which nothing moves."""

_WITHOUT_POLL = 512
"""The sockets that Windows' `select` takes."""

_OWN_FILES = 64
"""Files that the process has open besides connections and what they send."""


def make_server(app: "WSGIApplication", listener: socket.socket) -> Any:
    """Returns a waitress server for `app`; `run()` serves until interrupted.

    Args:
        app: the application; requests with a body never reach it.
        listener: a bound socket.
    """
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a few clients at once are no news
    poll = hasattr(select, "poll")
    files = raise_file_limit(2 * CONNECTIONS + _OWN_FILES) if poll else _WITHOUT_POLL
    return waitress.create_server(
        app,
        sockets=[listener],
        threads=THREADS,
        # Each may have a file open that it is sent.
        connection_limit=max(min(CONNECTIONS, (files - _OWN_FILES) // 2), 1),
        channel_timeout=_IDLE,
        cleanup_interval=_IDLE // 6,
        asyncore_use_poll=poll,
        max_request_body_size=1,  # refused from this size on
        log_socket_errors=False,  # clients go away as they please
    )


def raise_file_limit(wanted: int) -> int:
    """Lets the process have more files open if the system allows it; returns how many it may."""
    try:
        import resource
    except ImportError:  # Windows
        return wanted
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    endless = resource.RLIM_INFINITY
    if soft == endless or soft >= wanted:
        return wanted
    more = wanted if hard == endless else min(wanted, hard)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (more, hard))
    except (OSError, ValueError):  # macOS has one more limit, which it does not tell
        return soft
    return more
