"""Folders that are built once: complete or not at all, by one process or two."""

import gzip
import threading
from pathlib import Path

import brotli
import pytest

from gymserver.cache import built_folder, compress


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
    assert list(tmp_path.iterdir()) == []
    folder = built_folder(tmp_path / "a", lambda folder: (folder / "file").touch())
    assert [file.name for file in folder.iterdir()] == ["file"]


def test_what_a_killed_build_left_is_never_used(tmp_path: Path) -> None:
    (tmp_path / "building-x" / "folder").mkdir(parents=True)
    (tmp_path / "building-x" / "folder" / "half").touch()
    folder = built_folder(tmp_path / "a", lambda folder: (folder / "file").touch())
    assert [file.name for file in folder.iterdir()] == ["file"]


def test_two_builders_at_once_both_end_with_a_whole_folder(tmp_path: Path) -> None:
    together = threading.Barrier(2, timeout=10)
    results = []

    def build(folder: Path) -> None:
        (folder / "one").touch()
        together.wait()
        (folder / "two").touch()

    def run() -> None:
        folder = built_folder(tmp_path / "a", build)
        results.append(sorted(file.name for file in folder.iterdir()))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert results == [["one", "two"]] * 2
    assert [file.name for file in tmp_path.iterdir()] == ["a"]


def test_only_what_shrinks_gets_compressed_copies(tmp_path: Path) -> None:
    dense, loose = tmp_path / "dense.zip", tmp_path / "loose.js"
    dense.write_bytes(gzip.compress(bytes(range(256))))
    loose.write_bytes(b"abc" * 1000)
    compress([dense, loose])
    names = sorted(file.name for file in tmp_path.iterdir())
    assert names == ["dense.zip", "loose.js", "loose.js.br", "loose.js.gz"]
    assert gzip.decompress((tmp_path / "loose.js.gz").read_bytes()) == loose.read_bytes()
    assert brotli.decompress((tmp_path / "loose.js.br").read_bytes()) == loose.read_bytes()
