"""Makes small wheels for tests."""

import hashlib
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path


def make_wheel(
    folder: Path,
    name: str,
    version: str = "1.0",
    *,
    requires: Sequence[str] = (),
    tag: str = "py3-none-any",
    files: Sequence[str] | Mapping[str, str] = (),
) -> Path:
    """Writes an installable wheel, with names or names and texts of files; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{name.replace('-', '_')}-{version}"
    info = f"{stem}.dist-info"
    metadata = [f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}"]
    metadata += [f"Requires-Dist: {requirement}" for requirement in requires]
    extras = {part.split("extra == ")[1].strip("'\"") for part in requires if "extra ==" in part}
    metadata += [f"Provides-Extra: {extra}" for extra in sorted(extras)]
    files = files or [f"{name.replace('-', '_')}/__init__.py"]
    contents = {
        **(files if isinstance(files, Mapping) else dict.fromkeys(files, "value = 1\n")),
        f"{info}/METADATA": "\n".join(metadata) + "\n",
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n",
    }
    record = [f"{path},," for path in [*contents, f"{info}/RECORD"]]
    file = folder / f"{stem}-{tag}.whl"
    with zipfile.ZipFile(file, "w") as archive:
        for path, text in contents.items():
            archive.writestr(path, text)
        archive.writestr(f"{info}/RECORD", "\n".join(record) + "\n")
    return file


def sha256(file: Path) -> str:
    """Returns the hash as Pyodide's lock file writes it."""
    return hashlib.sha256(file.read_bytes()).hexdigest()
