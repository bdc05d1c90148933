"""Options and runtimes that all tests share."""

import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from gymserver.errors import StartError
from gymserver.site import ROOT, Site
from tests.runtimes import Runtime


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the options of the suite."""
    parser.addoption(
        "--screenshots", type=Path, metavar="DIR", help="write screenshots of the page to DIR"
    )


def pytest_configure() -> None:
    """Lets programs that the tests start hear of Ctrl+C, where a shell has the tests ignore it."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Makes the site before the tests, which have deadlines, begin: the first time takes long."""
    wanted = any("web_site" in getattr(item, "fixturenames", ()) for item in session.items)
    if wanted and not session.config.option.collectonly:
        with suppress(StartError):  # the fixture says so
            Site.prepare(ROOT / "web", say=print)


@pytest.fixture(scope="session")
def web_site() -> Site:
    """The project's own site, from the cache that `python server.py` uses."""
    return Site.prepare(ROOT / "web", say=print)


@pytest.fixture(scope="module")
def micropython(web_site: Site) -> Iterator[Runtime]:
    """The page's Python under Node, empty but for what the module installs."""
    with Runtime.of_site("micropython", web_site) as runtime:
        yield runtime
