"""Wheels that are written again."""

import csv
import io
import zipfile
from pathlib import Path

from gymserver.packages import store_wheels, stored_wheels
from gymserver.rewrite import deflate_packages, write_wheel
from gymserver.runtime import read_lock
from tests.unit.server.wheels import make_wheel, sha256

PYC = "game/__pycache__/__init__.cpython-313.pyc"
INFO = "game-1.0.dist-info"
FILES = {"game/__init__.py": "value = 1\n" * 500}


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_bytecode_of_another_maker_and_old_signatures_are_left_out(tmp_path: Path) -> None:
    signed = {**FILES, PYC: "other", f"{INFO}/RECORD.jws": "signature"}
    write_wheel(make_wheel(tmp_path, "game", files=signed), tmp_path / "new", {PYC: b"ours"})
    files = contents(tmp_path / "new")
    assert files[PYC] == b"ours"
    assert f"{INFO}/RECORD.jws" not in files
    rows = list(csv.reader(io.StringIO(files[f"{INFO}/RECORD"].decode())))
    assert [row[2] for row in rows if row[0] == PYC] == ["4"]


def test_deflated_wheels_are_smaller_and_the_same_inside(tmp_path: Path) -> None:
    (tmp_path / "packages").mkdir()
    wheel = make_wheel(tmp_path, "game", files=FILES)
    library = tmp_path / "library.zip"
    library.write_bytes(b"shared library")
    wheels = {"game": ({"name": "game"}, wheel), "library": ({"name": "library"}, library)}
    store_wheels(tmp_path / "packages", {"python": "3.13.2"}, wheels)
    (tmp_path / "work").mkdir()
    packages = deflate_packages(tmp_path / "packages", tmp_path / "work")
    stored = stored_wheels(packages)
    for entry, file in stored.values():
        assert entry["sha256"] == sha256(file)
        assert file.parent.name == entry["sha256"][:16]
    assert contents(stored["game"][1]) == contents(wheel)
    assert stored["game"][1].stat().st_size < wheel.stat().st_size / 2
    assert stored["library"][1].read_bytes() == b"shared library"
    assert read_lock(packages)["info"] == {"python": "3.13.2"}
