"""How many clients the server bears, and what it refuses."""

import asyncio
import http.client
import socket
import time
from collections.abc import Callable, Iterator

import pytest

from gymserver import serving
from gymserver.app import create_app
from gymserver.serving import make_server, raise_file_limit
from gymserver.site import Site
from tests.unit.server.sites import listening

Connect = Callable[[], http.client.HTTPConnection]

HEAD = b"GET /main.py HTTP/1.1\r\nHost: localhost\r\n"


@pytest.fixture
def connect(site: Site) -> Iterator[Connect]:
    with listening(create_app(site=site)) as connect:
        yield connect


@pytest.fixture
def address(connect: Connect) -> tuple[str, int]:
    connection = connect()
    return connection.host, connection.port


async def answer(reader: asyncio.StreamReader) -> bytes:
    """Reads one answer; returns its status."""
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 60)
    length = next(
        int(line.split(b":")[1])
        for line in head.lower().split(b"\r\n")
        if line.startswith(b"content-length:")
    )
    await asyncio.wait_for(reader.readexactly(length), 60)
    return head.split()[1]


def test_a_thousand_idle_and_slow_clients_delay_nobody(
    site: Site, address: tuple[str, int]
) -> None:
    (site.web / "big.bin").write_bytes(b"x" * 8_000_000)
    begun: list[bytes] = [
        b"",  # never says a word
        HEAD,  # never ends its request
        HEAD + b"\r\n",  # keeps its connection
        HEAD.replace(b"main.py", b"big.bin") + b"\r\n",  # never reads
    ]

    async def crowd() -> list[float]:
        if raise_file_limit(4096) < 4096:
            pytest.skip("the system allows too few open files")
        loop = asyncio.get_running_loop()
        clients = [socket.socket() for _ in range(1000)]
        try:
            for number, client in enumerate(clients):
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                client.setblocking(False)
                await asyncio.wait_for(loop.sock_connect(client, address), 20)
                await loop.sock_sendall(client, begun[number % len(begun)])
            for client in clients[2::4]:  # all have what they asked for
                await asyncio.wait_for(loop.sock_recv(client, 4096), 20)
            times = []
            for _ in range(5):
                for client in clients[1::4]:
                    await loop.sock_sendall(client, b"x")  # a byte a second
                start = loop.time()
                reader, writer = await asyncio.open_connection(*address)
                writer.write(HEAD + b"\r\n")
                assert await answer(reader) == b"200"
                times.append(loop.time() - start)
                writer.close()
                await asyncio.sleep(0.5)
            return times
        finally:
            for client in clients:
                client.close()

    times = asyncio.run(crowd())
    print(f"beside 1,000: {', '.join(f'{time * 1000:.0f}' for time in times)} ms")
    assert max(times) < 1


def test_five_hundred_busy_clients_get_no_error(address: tuple[str, int]) -> None:
    async def one() -> list[bytes]:
        reader, writer = await asyncio.open_connection(*address)
        found = []
        for _ in range(2):
            writer.write(HEAD + b"\r\n")
            found.append(await answer(reader))
        writer.close()
        return found

    async def crowd() -> list[list[bytes]]:
        if raise_file_limit(4096) < 4096:
            pytest.skip("the system allows too few open files")
        return await asyncio.gather(*(one() for _ in range(500)))

    start = time.monotonic()
    assert asyncio.run(crowd()) == [[b"200", b"200"]] * 500
    print(f"500 clients, two requests each: {time.monotonic() - start:.1f} s")


@pytest.mark.parametrize("method", ["POST", "PUT", "GET"])
@pytest.mark.parametrize("length", ["Content-Length: 900000000", "Transfer-Encoding: chunked"])
@pytest.mark.parametrize("address_of", ["/", "/runtime/pyodide-0.29.5/pyodide.mjs"])
def test_an_upload_is_refused_before_it_is_there(
    address: tuple[str, int], method: str, length: str, address_of: str
) -> None:
    with socket.create_connection(address, timeout=5) as client:
        head = f"{method} {address_of} HTTP/1.1\r\nHost: a\r\n{length}\r\n\r\n"
        client.sendall(head.encode() + b"5\r\nhello\r\n")  # and no more
        found = client.makefile("rb").read()  # the connection is closed then
    assert found.startswith(b"HTTP/1.1 413 ")


def test_a_request_without_a_body_keeps_its_connection(connect: Connect) -> None:
    connection = connect()
    for method, status in (("POST", 405), ("GET", 200), ("HEAD", 200)):
        connection.request(method, "/main.py", headers={"Content-Length": "0"})
        found = connection.getresponse()
        found.read()
        assert (found.status, found.will_close) == (status, False)
    connection.close()


@pytest.mark.parametrize(("files", "expected"), [(20_000, 4000), (1024, 480), (10, 1)])
def test_there_are_never_more_connections_than_files_for_them(
    site: Site, monkeypatch: pytest.MonkeyPatch, files: int, expected: int
) -> None:
    monkeypatch.setattr(serving, "raise_file_limit", lambda wanted: files)
    server = make_server(create_app(site=site), socket.create_server(("127.0.0.1", 0)))
    try:
        assert server.adj.connection_limit == expected
    finally:
        server.close()
        server.task_dispatcher.shutdown()


def test_the_limit_of_open_files_is_raised_but_never_above_the_hard_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resource = pytest.importorskip("resource")
    limits = [(1024, 4096)]
    monkeypatch.setattr(resource, "getrlimit", lambda _: limits[-1])
    monkeypatch.setattr(resource, "setrlimit", lambda _, new: limits.append(new))
    assert raise_file_limit(500) == 500
    assert len(limits) == 1
    assert raise_file_limit(8000) == 4096
    assert limits[-1] == (4096, 4096)
    limits.append((1024, resource.RLIM_INFINITY))
    assert raise_file_limit(8000) == 8000
    assert limits[-1] == (8000, resource.RLIM_INFINITY)
