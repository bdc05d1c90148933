"""Folders that are built once: complete or not at all, by one process or two."""

import gzip
import os
import random
import threading
import time
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest
import zstandard

from gymserver.cache import MANIFEST, built_folder, compress, sweep


def test_a_folder_is_built_once(tmp_path: Path) -> None:
    calls = []

    def build(folder: Path) -> None:
        calls.append(folder)
        (folder / "file").write_text("whole")

    for _ in range(2):
        assert (built_folder(tmp_path / "cache" / "a", build) / "file").read_text() == "whole"
    assert len(calls) == 1


def test_a_broken_build_leaves_nothing_behind_and_is_tried_again(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        (folder / "half").write_text("half")
        raise RuntimeError("the network went away")

    with pytest.raises(RuntimeError):
        built_folder(tmp_path / "a", fail)
    assert folders(tmp_path) == []
    folder = built_folder(tmp_path / "a", lambda folder: (folder / "file").touch())
    assert sorted(file.name for file in folder.iterdir()) == ["file", MANIFEST]


@pytest.mark.parametrize("start", ["build", "sweep"])
def test_what_a_killed_build_left_is_never_used_and_goes_away(tmp_path: Path, start: str) -> None:
    (tmp_path / "building-x" / "folder").mkdir(parents=True)
    (tmp_path / "building-x" / "folder" / "half").touch()
    if start == "build":
        folder = built_folder(tmp_path / "a", lambda folder: (folder / "file").touch())
        assert sorted(file.name for file in folder.iterdir()) == ["file", MANIFEST]
    else:
        sweep(tmp_path)
    assert "building-x" not in folders(tmp_path)


def test_a_build_that_is_under_way_is_not_swept(tmp_path: Path) -> None:
    begun, go = threading.Event(), threading.Event()

    def build(folder: Path) -> None:
        (folder / "one").touch()
        begun.set()
        assert go.wait(10)
        (folder / "two").touch()

    building = threading.Thread(target=built_folder, args=(tmp_path / "a", build))
    building.start()
    assert begun.wait(10)
    sweeping = threading.Thread(target=sweep, args=(tmp_path,))
    sweeping.start()
    sweeping.join(0.2)
    go.set()
    for thread in (building, sweeping):
        thread.join(10)
    assert (tmp_path / "a" / "one").is_file()


def test_two_builders_at_once_build_once(tmp_path: Path) -> None:
    together = threading.Barrier(2, timeout=10)
    built, results = [], []

    def build(folder: Path) -> None:
        built.append(folder)
        time.sleep(0.2)
        (folder / "one").touch()

    def run() -> None:
        together.wait()
        folder = built_folder(tmp_path / "a", build)
        results.append(sorted(file.name for file in folder.iterdir()))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert results == [[MANIFEST, "one"]] * 2
    assert len(built) == 1
    assert folders(tmp_path) == ["a"]


def folders(cache: Path) -> list[str]:
    return [file.name for file in cache.iterdir() if file.is_dir()]


def half(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def changed(file: Path) -> None:
    """Leaves size and time as they are."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    times = file.stat()
    file.write_bytes(content)
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


@pytest.mark.parametrize("name", ["sub/a.js", "sub/a.js.br", "pyodide-lock.json", MANIFEST])
@pytest.mark.parametrize("damage", [half, changed, Path.unlink])
def test_a_damaged_file_is_noticed_told_and_built_again(
    tmp_path: Path, name: str, damage: Callable[[Path], None]
) -> None:
    def build(folder: Path) -> None:
        (folder / "sub").mkdir()
        (folder / "sub" / "a.js").write_bytes(b"abc" * 1000)
        (folder / "pyodide-lock.json").write_text("{}")
        compress(folder.glob("sub/*"))

    lines: list[str] = []
    folder = built_folder(tmp_path / "a", build, lines.append)
    whole = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    assert built_folder(tmp_path / "a", build, lines.append) == folder
    assert lines == []
    damage(folder / name)
    built_folder(tmp_path / "a", build, lines.append)
    assert {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()} == whole
    assert len(lines) == 1
    assert "in the cache is damaged; building it again" in lines[0]


def test_only_what_shrinks_gets_compressed_copies(tmp_path: Path) -> None:
    dense, loose = tmp_path / "dense.zip", tmp_path / "loose.js"
    dense.write_bytes(random.Random(1).randbytes(300))
    loose.write_bytes(b"abc" * 1000)
    compress([dense, loose])
    names = sorted(file.name for file in tmp_path.iterdir())
    assert names == ["dense.zip", "loose.js", "loose.js.br", "loose.js.gz", "loose.js.zst"]
    assert gzip.decompress((tmp_path / "loose.js.gz").read_bytes()) == loose.read_bytes()
    assert zstandard.decompress((tmp_path / "loose.js.zst").read_bytes()) == loose.read_bytes()
    assert brotli.decompress((tmp_path / "loose.js.br").read_bytes()) == loose.read_bytes()
