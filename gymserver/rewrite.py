"""Writes wheels again: with more files in them, or compressed in another way."""

import base64
import csv
import hashlib
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from gymserver.packages import store_wheels, stored_wheels
from gymserver.runtime import read_lock

_SIGNATURES = ("RECORD.jws", "RECORD.p7s")


def write_wheel(
    old: Path, new: Path, bytecode: Mapping[str, bytes], compression: int = zipfile.ZIP_STORED
) -> None:
    """Writes a wheel again, with bytecode beside its modules.

    By default its files are stored and not deflated, as in Pyodide's own wheels: the server
    compresses the whole wheel, by which the text that a module and its bytecode share goes over
    the wire once.

    Args:
        old: the wheel.
        new: the file to write.
        bytecode: the content of `pkg/__pycache__/a.cpython-313.pyc`.
        compression: of the files in it, as `zipfile` numbers them.
    """
    beside = {_source(name): name for name in bytecode}
    with zipfile.ZipFile(old) as given, zipfile.ZipFile(new, "w") as made:
        for info in given.infolist():
            path = PurePosixPath(info.filename)
            about = path.parent.suffix == ".dist-info"
            if info.filename in bytecode or (bytecode and about and path.name in _SIGNATURES):
                continue  # bytecode for who knows which Python; a signature of the old RECORD
            content = given.read(info)
            if bytecode and about and path.name == "RECORD":
                content = _record(content, bytecode)
            entry = _entry(info.filename, info.date_time, info.external_attr)
            made.writestr(entry, content, compression)
            if name := beside.get(info.filename):
                made.writestr(_entry(name, info.date_time), bytecode[name], compression)


def deflate_packages(packages: Path, folder: Path) -> Path:
    """Returns a folder like `packages` whose wheels are compressed in themselves.

    Hosts that compress what they send hardly ever do so for wheels.

    Args:
        packages: a folder that `store_wheels` has filled.
        folder: where to make the new one.
    """
    wheels = stored_wheels(packages)
    for name, (entry, file) in wheels.items():
        if file.suffix == ".whl":
            place = folder / "deflated" / name
            place.mkdir(parents=True)
            write_wheel(file, place / file.name, {}, zipfile.ZIP_DEFLATED)
            wheels[name] = entry, place / file.name
    target = folder / "packages"
    target.mkdir()
    store_wheels(target, read_lock(packages)["info"], wheels)
    return target


def _source(name: str) -> str:
    """Returns the source of `pkg/__pycache__/a.cpython-313.pyc`, `pkg/a.py`."""
    path = PurePosixPath(name)
    return (path.parent.parent / f"{path.name.rsplit('.', 2)[0]}.py").as_posix()


def _entry(
    name: str, time: tuple[int, int, int, int, int, int], attributes: int = 0o100644 << 16
) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, time)
    info.create_system = 3  # Unix, on every system
    info.external_attr = attributes
    return info


def _record(content: bytes, bytecode: Mapping[str, bytes]) -> bytes:
    """Returns the RECORD of a wheel with bytecode in it."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8"))))
    rows = [row for row in rows if row and row[0] not in bytecode]
    for name, data in bytecode.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
        rows.append([name, f"sha256={digest}", str(len(data))])
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()
