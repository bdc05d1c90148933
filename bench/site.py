"""The site of the bench: a copy of `web/`, the pages of the bench, and Comlink."""

import hashlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gymserver.app import create_app
from gymserver.cache import built_folder
from gymserver.errors import StartError
from gymserver.runtime import find_npm
from gymserver.site import ROOT, Site
from tests.browser.servers import Served, serving

PAGES = Path(__file__).with_name("pages")


@contextmanager
def served(web: Path, with_snapshot: bool) -> Iterator[Served]:
    """Serves `web` and the pages of the bench from one folder.

    Args:
        web: the folder.
        with_snapshot: let our workers boot from a snapshot.

    Raises:
        StartError: the site cannot be served, or a page has the name of a file of `web`.
    """
    comlink = _comlink()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        copy = Path(temporary) / "web"
        shutil.copytree(web, copy, ignore=shutil.ignore_patterns("__pycache__", ".*"))
        for file in (*PAGES.iterdir(), comlink):
            if file.is_file():
                if (copy / file.name).exists():
                    raise StartError(f"{web} has a {file.name} of its own, and so has the bench")
                shutil.copyfile(file, copy / file.name)
        site = Site.prepare(copy, with_snapshot=with_snapshot, say=print)
        stock = f"{site.addresses.pyodide}pyodide.mjs"
        (copy / "stock.mjs").write_text(f"export const pyodide = {json.dumps(stock)};\n", "utf-8")
        with serving(create_app(site=site)) as server:
            yield server


def _comlink() -> Path:
    """Returns Comlink's module, installing it with npm at the first time."""
    lock = (ROOT / "package-lock.json").read_bytes()
    folder = ROOT / ".cache" / f"bench-{hashlib.sha256(lock).hexdigest()[:12]}"

    def build(folder: Path) -> None:
        npm = find_npm()
        if npm is None:
            raise StartError("npm is needed to install Comlink; install Node.js")
        work = folder.parent / "npm"
        work.mkdir()
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copyfile(ROOT / name, work / name)
        command = [*npm, "ci", "--ignore-scripts", "--include=dev", "--no-audit", "--no-fund"]
        result = subprocess.run(command, cwd=work, capture_output=True, text=True, errors="replace")
        if result.returncode:
            raise StartError(f"npm ci failed: {result.stderr.strip()[-300:]}")
        module = work / "node_modules/comlink/dist/esm/comlink.mjs"
        shutil.copyfile(module, folder / "comlink_library.mjs")

    return built_folder(folder, build) / "comlink_library.mjs"
