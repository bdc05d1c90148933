"""Files that change while they are sent: the client notices, and the server goes on."""

import http.client
import logging
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest

from gymserver.app import create_app
from gymserver.site import Site
from gymserver.whole import whole_files
from tests.unit.server.sites import listening

SIZE = 30_000_000
"""Bytes; more than the system keeps for a connection."""


@pytest.fixture
def big(site: Site) -> dict[str, Path]:
    """A file of each kind of folder, by its address."""
    assert site.runtime
    found = {"/big.bin": site.web / "big.bin", "/runtime/big.bin": site.runtime / "runtime/big.bin"}
    for file in found.values():
        file.write_bytes(b"x" * SIZE)
    return found


@pytest.fixture
def connect(site: Site, big: dict[str, Path]) -> Iterator[Callable[[], http.client.HTTPConnection]]:
    with listening(create_app(site=site)) as connect:
        yield connect


@pytest.mark.parametrize("address", ["/big.bin", "/runtime/big.bin"])
@pytest.mark.parametrize("headers", [{}, {"Range": "bytes=10-"}])
def test_a_file_that_is_cut_short_ends_the_download_and_nothing_spins(
    connect: Callable[[], http.client.HTTPConnection],
    big: dict[str, Path],
    address: str,
    headers: dict[str, str],
) -> None:
    connection = connect()
    connection.request("GET", address, headers=headers)
    answer = connection.getresponse()
    answer.read(100_000)
    os.truncate(big[address], 200_000)
    try:
        with pytest.raises((http.client.IncompleteRead, ConnectionError)):
            answer.read()
    finally:
        connection.close()
    begin = time.process_time()
    time.sleep(0.5)
    assert time.process_time() - begin < 0.25
    other = connect()
    other.request("GET", "/main.py")
    assert other.getresponse().status == 200
    other.close()


@pytest.mark.parametrize("address", ["/big.bin", "/runtime/big.bin"])
def test_a_file_that_grows_is_sent_as_it_was(
    connect: Callable[[], http.client.HTTPConnection], big: dict[str, Path], address: str
) -> None:
    connection = connect()
    connection.request("GET", address)
    answer = connection.getresponse()
    with big[address].open("ab") as file:
        file.write(b"y" * 1000)
    assert answer.read() == b"x" * SIZE
    connection.request("GET", "/main.py")  # the connection is in order
    assert connection.getresponse().status == 200
    connection.close()


def test_an_immutable_file_that_is_cut_short_already_is_an_error_and_no_shorter_file(
    connect: Callable[[], http.client.HTTPConnection],
    big: dict[str, Path],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.CRITICAL)
    os.truncate(big["/runtime/big.bin"], 1000)
    connection = connect()
    connection.request("GET", "/runtime/big.bin")
    answer = connection.getresponse()
    assert answer.status == 500
    assert "immutable" not in str(answer.headers)
    assert b"/" not in answer.read()
    connection.close()


def test_a_server_without_a_wrapper_of_its_own_is_told_too(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * 100_000)

    def application(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [("Content-Length", "100000")])
        return environ["wsgi.file_wrapper"](path.open("rb"), 1000)

    environ: dict[str, Any] = {}
    setup_testing_defaults(environ)
    content = iter(whole_files(application)(environ, lambda *_: lambda _: None))
    assert next(content) == b"x" * 1000
    os.truncate(path, 2000)
    with pytest.raises(OSError, match="cut short"):
        list(content)
    content.close()  # type: ignore[attr-defined]
