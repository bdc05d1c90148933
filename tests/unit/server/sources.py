"""Makes small source archives for tests."""

import io
import tarfile
from collections.abc import Sequence
from pathlib import Path

BACKEND = """
import zipfile

def build_wheel(folder, config_settings=None, metadata_directory=None):
    if {fails!r}:
        raise RuntimeError({fails!r})
    name = {stem!r} + "-{tag}.whl"
    with zipfile.ZipFile(folder + "/" + name, "w") as archive:
        for path, text in {files!r}.items():
            archive.writestr(path, text)
    return name
"""


def make_source(
    folder: Path,
    name: str,
    version: str = "1.0",
    *,
    requires: Sequence[str] = (),
    tag: str = "py3-none-any",
    fails: str = "",
) -> Path:
    """Writes a source archive whose build needs no other package; returns its path.

    Its build raises `fails`, if that is given.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{name.replace('-', '_')}-{version}"
    info = f"{stem}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    metadata += "".join(f"Requires-Dist: {requirement}\n" for requirement in requires)
    files = {
        f"{name.replace('-', '_')}/__init__.py": "value = 1\n",
        f"{info}/METADATA": metadata,
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n",
        f"{info}/RECORD": "",
    }
    backend = BACKEND.format(fails=fails, stem=stem, tag=tag, files=files)
    system = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    project = f'[project]\nname = "{name}"\nversion = "{version}"\n'
    texts = {"pyproject.toml": system + project, "backend.py": backend, "PKG-INFO": metadata}
    file = folder / f"{stem}.tar.gz"
    with tarfile.open(file, "w:gz") as archive:
        for path, text in texts.items():
            member = tarfile.TarInfo(f"{stem}/{path}")
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    return file
