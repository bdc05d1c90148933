"""How a command gets its dependencies on a bare machine."""

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from gymserver import bootstrap
from gymserver.errors import StartError
from tests.unit.server.wheels import make_wheel, sha256


def test_dependencies_come_from_the_project_file() -> None:
    plain, testing = bootstrap.dependencies(None), bootstrap.dependencies("test")
    assert any(line.startswith("flask") for line in plain)
    assert "playwright==1.64.1" not in plain
    assert "playwright==1.64.1" in testing
    assert set(plain) < set(testing)


def test_a_byte_order_mark_in_the_project_file_is_no_mistake(tmp_path: Path) -> None:
    text = (bootstrap.ROOT / "pyproject.toml").read_text("utf-8")
    (tmp_path / "pyproject.toml").write_text(text, "utf-8-sig")
    assert bootstrap.dependencies(None, tmp_path) == bootstrap.dependencies(None)


def test_every_run_time_dependency_is_declared_and_installed() -> None:
    assert bootstrap.installed(bootstrap.dependencies("test"))


@pytest.mark.parametrize("requirement", ["no-such-package-here", "flask>=999"])
def test_a_missing_or_old_dependency_is_noticed(requirement: str) -> None:
    assert not bootstrap.installed([requirement])


def test_a_venv_is_made_once_and_its_stamp_saves_the_next_start_from_pip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make_wheel(tmp_path / "index", "game")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "index"))
    python = bootstrap.prepare_venv(["game==1.0"], tmp_path)
    assert capsys.readouterr().err == "gymworker: installing the dependencies into .venv ...\n"
    subprocess.run([python, "-c", "import game"], check=True, timeout=30)

    def read_only(path: Path) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(bootstrap, "run", None)
    monkeypatch.setattr(bootstrap, "locked", read_only)
    assert bootstrap.prepare_venv(["game==1.0"], tmp_path) == python
    assert capsys.readouterr().err == ""


def test_a_failing_pip_is_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(
        StartError, match=r"could not install .* found for no-such-package"
    ) as caught:
        bootstrap.prepare_venv(["no-such-package"], tmp_path)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / ".venv" / "gymworker-requirements.txt").exists()


@pytest.mark.parametrize(("extras", "name"), [((), "server"), (("test", "lint"), "develop")])
def test_every_dependency_is_pinned_with_hashes_and_without_addresses(
    extras: tuple[str, ...], name: str
) -> None:
    wanted = [line for extra in (None, *extras) for line in bootstrap.dependencies(extra)]
    lock = bootstrap.ROOT / "locks" / f"{name}.txt"
    assert bootstrap.pinned(wanted, bootstrap.ROOT) == ["--require-hashes", "-r", str(lock)]
    text = lock.read_text("utf-8")
    assert "://" not in text
    entries = re.findall(r"^(\S+)==(\S+)[^\n]*((?:\n +--hash=sha256:[0-9a-f]{64}.*)+)$", text, re.M)
    assert len(entries) == len(re.findall(r"^[a-z]", text, re.M)) > 10
    pins: dict[str, list[str]] = {}
    for pinned, version, _ in entries:
        pins.setdefault(pinned, []).append(version)
    for requirement in map(Requirement, wanted):
        for version in pins[canonicalize_name(requirement.name)]:
            assert requirement.specifier.contains(version)


def test_a_dependency_without_a_pin_is_named(tmp_path: Path) -> None:
    (tmp_path / "locks").mkdir()
    for name in ("server", "develop"):
        (tmp_path / "locks" / f"{name}.txt").write_text("game==1.0 \\\n    --hash=sha256:00\n")
    with pytest.raises(StartError, match=r"develop\.txt does not pin my-other, which pyproject"):
        bootstrap.pinned(["Game>=1", "my_other[x]>=2"], tmp_path)


def test_a_package_with_another_hash_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [make_wheel(tmp_path / "index", name) for name in ("good", "changed")]
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "index"))
    (tmp_path / "locks").mkdir()
    (tmp_path / "locks" / "server.txt").write_text(
        f"good==1.0 --hash=sha256:{sha256(files[0])}\nchanged==1.0 --hash=sha256:{'0' * 64}\n"
    )
    with pytest.raises(StartError, match=r"changed==1\.0 does not have the hash that the lock"):
        bootstrap.prepare_venv(["changed", "good"], tmp_path)
    assert not (tmp_path / ".venv" / "gymworker-requirements.txt").exists()
    assert not list((tmp_path / ".venv").rglob("good*"))


def test_a_missing_network_is_told_within_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")  # nobody listens
    start = time.monotonic()
    with pytest.raises(StartError, match=r"no package index can be reached; is the network there"):
        bootstrap.prepare_venv(["game"], tmp_path)
    assert time.monotonic() - start < 40  # the most of it for the venv itself


@pytest.mark.skipif(sys.platform == "win32", reason="the made-up Python is a Unix script")
def test_a_python_without_venv_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = tmp_path / "python"
    bare.write_text("#!/bin/sh\necho 'Error: ensurepip is not available.'\nexit 1\n")
    bare.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(bare))
    with pytest.raises(StartError, match="apt install python3-venv"):
        bootstrap.prepare_venv(["game"], tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="asks the lock with a Unix call")
def test_only_one_process_at_a_time_holds_the_lock(tmp_path: Path) -> None:
    import fcntl

    path = tmp_path / "lock"
    with path.open("w") as other:
        with bootstrap.locked(path), pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_an_older_python_is_told_which_one_is_needed() -> None:
    source = (bootstrap.ROOT / "server.py").read_text("utf-8")
    code = f"import sys; sys.version_info = (3, 9)\n{source}"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=30
    )
    assert result.returncode == 1
    assert result.stderr.startswith("gymworker needs Python 3.11 or newer; this is ")
