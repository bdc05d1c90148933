"""The commands of `server.py`, run as a user runs them, in a copy of the project."""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from gymserver.causes import LOCK
from gymserver.site import ROOT, Site
from tests.unit.server.sites import make_web

# In the path of a started server, it forbids programs and connections.
CUT = """
import socket, subprocess
def refuse(*args, **options):
    raise RuntimeError("a later start must not need this")
socket.socket.connect = subprocess.Popen.__init__ = refuse
"""


@pytest.fixture
def project(tmp_path: Path, real_site: Site) -> Path:
    """A copy of the project with a small `web/` and the real cache."""
    folder = tmp_path / "project"
    for name in ("gymserver", "locks"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("server.py", "pyproject.toml", "package.json", "package-lock.json", ".npmrc"):
        shutil.copyfile(ROOT / name, folder / name)
    make_web(folder / "web", (real_site.web / "pyscript.toml").read_text("utf-8"))
    shutil.copyfile(real_site.web / LOCK, folder / "web" / LOCK)
    (folder / ".cache").symlink_to(ROOT / ".cache", target_is_directory=True)
    return folder


def run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "server.py", *arguments]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=180)


def fails(result: subprocess.CompletedProcess[str], pattern: str) -> bool:
    """Tells a failure in one line, without a traceback."""
    line = result.stderr.removesuffix("\n")
    return result.returncode == 1 and bool(re.fullmatch(f"gymworker: {pattern}", line))


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_help_names_every_option(project: Path) -> None:
    result = run(project, "--help")
    assert result.returncode == 0
    for word in (
        *("--host", "--port", "--open", "--cdn", "--reload", "--no-snapshot", "--update"),
        *("export", "check", "test"),
    ):
        assert word in result.stdout


def test_a_taken_port_is_told(project: Path, taken_port: int) -> None:
    result = run(project, "--port", str(taken_port))
    assert fails(result, f"cannot listen on 127.0.0.1 port {taken_port}: .*--port")


@pytest.mark.parametrize("arguments", [("--port", "70000"), ("--host", "256.1.1.1", "--port", "0")])
def test_an_impossible_address_is_told(project: Path, arguments: tuple[str, ...]) -> None:
    assert fails(run(project, *arguments), "cannot listen on .*")


def test_a_missing_folder_is_told(project: Path) -> None:
    shutil.rmtree(project / "web")
    assert fails(run(project, "--port", "0"), "there is no folder .*web")


def test_a_missing_page_is_told(project: Path) -> None:
    (project / "web" / "index.html").unlink()
    assert fails(run(project, "--port", "0"), "there is no index.html in .*web")


def test_a_broken_configuration_is_told(project: Path) -> None:
    (project / "web" / "pyscript.toml").write_text("a = 1\nb = oops\n")
    assert fails(run(project, "--port", "0"), r".*pyscript\.toml is not valid TOML: .*line 2.*")


def test_an_unreadable_configuration_is_told(project: Path) -> None:
    (project / "web" / "pyscript.toml").unlink()
    (project / "web" / "pyscript.toml").mkdir()
    assert fails(run(project, "--port", "0"), r"cannot read .*pyscript\.toml: .*")


def test_a_later_start_needs_neither_network_nor_other_programs(
    project: Path, tmp_path: Path
) -> None:
    with started(project):
        pass  # it writes the lock file
    (tmp_path / "cut").mkdir()
    (tmp_path / "cut" / "sitecustomize.py").write_text(CUT)
    with started(project, PYTHONPATH=str(tmp_path / "cut")) as (process, connection):
        connection.request("GET", "/")
        assert connection.getresponse().status == 200
        connection.close()
        process.kill()
        _, errors = process.communicate(timeout=10)
    assert errors == ""


@contextmanager
def started(
    project: Path, *arguments: str, **environment: str
) -> Iterator[tuple[subprocess.Popen[str], http.client.HTTPConnection]]:
    """Runs the server; gives its process and a connection to it."""
    process = subprocess.Popen(
        [sys.executable, "server.py", "--port", "0", *arguments],
        cwd=project,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    watchdog = threading.Timer(30, process.kill)
    watchdog.start()
    try:
        assert process.stdout
        line = process.stdout.readline()
        found = re.search(r"serving http://127\.0\.0\.1:(\d+)/", line)
        assert found, line
        yield process, http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=10)
    finally:
        watchdog.cancel()
        process.kill()
        process.communicate(timeout=10)


@pytest.mark.parametrize("arguments", [(), ("--no-snapshot",)])
def test_workers_boot_from_the_snapshot_unless_told_otherwise(
    project: Path, arguments: tuple[str, ...]
) -> None:
    with started(project, *arguments) as (_, connection):
        connection.request("GET", "/")
        page = connection.getresponse().read().decode()
        connection.close()
    assert ("/memory.wasm" in page) == (not arguments)
    assert "/pyodide.asm.wasm" in page


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no interrupt to one process")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_server_at_once_although_a_page_hears_of_changes(
    project: Path, number: int
) -> None:
    with started(project, "--reload") as (process, connection):
        connection.request("GET", "/")
        page = connection.getresponse().read().decode()
        [address] = re.findall(r"/?(\.gymworker/changes\?after=\S+?)&#34;", page)
        (project / "web" / "main.py").write_text("print('saved')\n")
        told = ""
        while "data: " not in told:
            connection.request("GET", f"/{address}")
            told = connection.getresponse().read().decode()
        assert 'data: {"file": "main.py", "kind": "page"}\n' in told
        start = time.monotonic()
        process.send_signal(number)
        _, errors = process.communicate(timeout=10)
        assert time.monotonic() - start < 3  # waitress waits for five seconds
        connection.close()
    assert (process.returncode, errors) == (0, "")


def test_an_environment_without_its_file_is_told(project: Path) -> None:
    toml = '[[environments]]\nname = "Pong"\nfile = "envs/pong.py"\n'
    (project / "web" / "pyscript.toml").write_text(toml)
    complaint = r".*pyscript\.toml, line 3: environments: there is no file envs/pong\.py in .*"
    assert fails(run(project, "--port", "0"), complaint)


def test_an_export_works_under_a_sub_path_of_a_static_host(project: Path, tmp_path: Path) -> None:
    (project / "web" / ".secret").write_text("SECRET")
    result = run(project, "export", str(tmp_path / "host" / "deep" / "site"))
    assert result.returncode == 0, result.stderr
    site = tmp_path / "host" / "deep" / "site"
    assert not [file for file in site.rglob("*") if file.name[0] == "."]
    assert not [file for file in site.rglob("*") if file.suffix in (".br", ".zst")]

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    handler = partial(Quiet, directory=str(tmp_path / "host"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            base = f"http://127.0.0.1:{server.server_port}/deep/site/"
            page = fetch(base)
            addresses = re.findall(r"(?:&#34;url&#34;|interpreter&#34;): &#34;(.+?)&#34;", page)
            assert len(addresses) > 8
            for address in addresses:
                assert "://" not in address
                assert not address.startswith("/")
                fetch(base + address)
        finally:
            server.shutdown()
            thread.join(10)


def fetch(address: str) -> str:
    """Returns the body as text, whatever its bytes; raises for a status that is not 200."""
    with urllib.request.urlopen(address, timeout=10) as answer:
        body: bytes = answer.read()
        return body.decode("latin-1")


def test_an_export_replaces_an_earlier_one_and_nothing_else(project: Path, tmp_path: Path) -> None:
    site, other = tmp_path / "site", tmp_path / "other"
    other.mkdir()
    (other / "thesis.txt").write_text("mine")
    assert run(project, "export", str(site), "--cdn").returncode == 0
    (project / "web" / "main.py").rename(project / "web" / "other.py")
    assert run(project, "export", str(site), "--cdn").returncode == 0
    assert not (site / "main.py").exists()
    assert (site / "other.py").is_file()
    refused = run(project, "export", str(other), "--cdn")
    assert fails(refused, ".*other is neither empty nor an earlier export.*")
    assert (other / "thesis.txt").read_text() == "mine"


@pytest.mark.parametrize("place", ["web", "web/out", "."])
def test_an_export_into_the_project_s_own_files_is_refused(project: Path, place: str) -> None:
    result = run(project, "export", str(project / place), "--cdn")
    assert fails(result, "(the export must lie outside|.*neither empty).*")
    assert (project / "web" / "index.html").is_file()


def test_the_test_command_runs_pytest_with_its_arguments(project: Path) -> None:
    (project / "tests").mkdir()
    (project / "tests" / "test_a.py").write_text("def test_one(): pass\ndef test_two(): assert 0\n")
    assert run(project, "test", "-k", "one").returncode == 0
    result = run(project, "test")
    assert result.returncode == 1
    assert "1 failed, 1 passed" in result.stdout
