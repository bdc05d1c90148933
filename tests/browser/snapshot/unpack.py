"""How a worker unpacks archives as PyScript has it do; runs in Pyodide, restored or booted."""

import inspect
import io
import json
import re
import tarfile
from pathlib import Path

import pyodide_js
from pyodide.ffi import to_js

FILES = {
    "top.py": b"value = 1\n",
    "empty.txt": b"",
    "deep/er/full.bin": bytes(range(256)) * 9,
    "deep/sect.txt": b"x" * 512,
    "umlaut/\u00e4.txt": "\u00e4".encode(),
}
LONG = {"l" * 120 + ".txt": b"a name that takes a header of its own"}


def packed(files: dict[str, bytes], format: int = tarfile.USTAR_FORMAT) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz", format=format) as archive:
        folder = tarfile.TarInfo("deep")
        folder.type, folder.mode = tarfile.DIRTYPE, 0o755
        archive.addfile(folder)
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


async def unpacked(archive: bytes, into: str) -> dict[str, str] | str:
    Path(into).mkdir()
    try:
        waiting = pyodide_js.unpackArchive(to_js(archive), "tar.gz", extractDir=into)
        if inspect.isawaitable(waiting):
            await waiting
    except Exception as error:
        said = str(error).strip().splitlines()[-1]
        return re.sub(r"/tmp/\w+", "it", said.rpartition("Error: ")[2])
    files = [file for file in sorted(Path(into).rglob("*")) if file.is_file()]
    return {file.relative_to(into).as_posix(): file.read_bytes().hex() for file in files}


async def look() -> str:
    whole = packed(FILES)
    found = {
        "files": await unpacked(whole, "one/"),
        "long": await unpacked(packed(LONG, tarfile.GNU_FORMAT), "two/"),
        "pax": await unpacked(packed(LONG, tarfile.PAX_FORMAT), "three/"),
        "cut": await unpacked(whole[:200], "four/"),
        "none": await unpacked(b"no archive", "five/"),
    }
    written = Path("one/top.py")
    quick = written.stat().st_mtime == 1e9
    written.write_text("value = 2\n")  # they can be changed
    found["changed"] = written.read_text()
    return json.dumps([quick, found])
