"""What is served: the folder `web/`, the runtime, the wheels, and how a page is told of them."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from gymserver import library, micropython, snapshot, stdlib
from gymserver.bundle import NO_BYTECODE, Bytecode
from gymserver.bytecode import compile_packages
from gymserver.cache import sweep
from gymserver.causes import LOCK
from gymserver.errors import StartError
from gymserver.interpreter import Prepared, above
from gymserver.packages import install_packages
from gymserver.runtime import (
    Addresses,
    Versions,
    find_npm,
    install_runtime,
    read_lock,
    runtime_folder,
)
from gymserver.settings import Settings, worker_script

ROOT = Path(__file__).resolve().parent.parent

# In the order in which Pyodide asks for them.
_BOOT_FILES = (
    "pyodide.mjs",
    "pyodide.asm.js",
    "pyodide.asm.wasm",
    stdlib.NAME,
)


@dataclass(frozen=True)
class PageSite:
    """What a page's template sees as `site`; all addresses are relative to the page.

    Attributes:
        pyscript: the folder of PyScript.
        config: the page's configuration, as JSON.
        worker: the worker's, as JSON.
    """

    pyscript: str
    config: str
    worker: str


@dataclass(frozen=True)
class Site:
    """A site that is ready to be served.

    Attributes:
        web: the user's folder.
        versions: of PyScript, MicroPython and Pyodide.
        runtime: the folder with `runtime/`, None where the public CDN serves it.
        packages: the folder with `wheels/` and the lock file, None with the CDN.
        installed: the `[worker] packages` that the wheels belong to.
        stdlib: the folder with `stdlib/`, None where Pyodide's own standard library is served.
        snapshot: the folder with `snapshot/`, None if workers boot without one.
        library: the folder with bytecode for the worker's bundles, None without.
        micropython: the folder with bytecode for the page's, None without.
    """

    web: Path
    versions: Versions
    runtime: Path | None = None
    packages: Path | None = None
    installed: tuple[str, ...] = ()
    stdlib: Path | None = None
    snapshot: Path | None = None
    library: Path | None = None
    micropython: Path | None = None

    @classmethod
    def prepare(
        cls,
        web: Path,
        *,
        cdn: bool = False,
        cache: Path | None = None,
        root: Path = ROOT,
        with_snapshot: bool = True,
        update: bool = False,
        say: Callable[[str], None] = lambda line: None,
    ) -> "Site":
        """Installs what the site needs and is not in the cache yet.

        Args:
            web: the folder to serve.
            cdn: take the runtime from the public CDN, so that nothing is installed.
            cache: where the runtime and the wheels are kept, default `.cache` in `root`.
            root: the folder with `package.json` and its lock file.
            with_snapshot: make a snapshot of the worker too.
            update: take the newest packages, and write the lock file of the folder anew.
            say: is told what happens, a line at a time.

        Raises:
            StartError: the folder or its `pyscript.toml` cannot be read, or an installation failed.
        """
        web = web.resolve()
        if not web.is_dir():
            raise StartError(f"there is no folder {web}")
        if not (web / "index.html").is_file():
            raise StartError(f"there is no index.html in {web}")
        for file in web.rglob("[!.]*"):
            if file.is_file() and not os.access(file, os.R_OK):
                raise StartError(f"cannot read {file}: permission denied")
        settings = Settings.read(web)
        versions = Versions.read(root)
        cache = cache or root / ".cache"
        npm = find_npm()
        if not cdn and npm is None and not runtime_folder(root, cache).is_dir():
            say("no npm here (Node.js, or the extra `node`): serving against the public CDN")
            cdn = True
        if cdn:
            if update or settings.wanted.build or settings.wanted.without:
                say("with --cdn micropip resolves packages: --update, build, without do not apply")
            return cls(web, versions, installed=tuple(settings.packages))
        sweep(cache)
        try:
            runtime = install_runtime(root, cache, npm, say)
            packages = install_packages(
                settings.wanted,
                runtime,
                versions.on_cdn.pyodide,
                cache,
                say,
                web / LOCK,
                update=update,
            )
            pyodide = runtime / versions.on_site.pyodide
            packages = compile_packages(packages, runtime, pyodide, cache, say)
            standard = stdlib.compile_stdlib(runtime, pyodide, cache, say)
            own = library.compile_library(settings, runtime, pyodide, cache, say)
            page = micropython.compile_page(settings, runtime, cache, say)
            made = None
            if standard and with_snapshot:
                file = standard / stdlib.address(standard)
                made = snapshot.make_snapshot(packages, file, runtime, pyodide, cache, say)
        except OSError as error:
            raise StartError(f"cannot write the cache {cache}: {error}") from None
        names = tuple(settings.packages)
        return cls(web, versions, runtime, packages, names, standard, made, own, page)

    def settings(self) -> Settings:
        """Returns the settings of the folder, as they are now.

        Raises:
            StartError: as `Settings.read` does.
        """
        return Settings.read(self.web, self._bytecode)

    @cached_property
    def _bytecode(self) -> Bytecode:
        found = library.read_library(self.library) if self.library else NO_BYTECODE
        if self.micropython:
            found = replace(found, page=micropython.read_page(self.micropython))
        return found

    @property
    def cdn(self) -> bool:
        """Whether the runtime comes from the public CDN."""
        return self.runtime is None

    @property
    def addresses(self) -> Addresses:
        """Where the browser finds the runtime."""
        return self.versions.on_cdn if self.cdn else self.versions.on_site

    @cached_property
    def prepared(self) -> Prepared:
        """What makes Pyodide boot faster."""
        standard = stdlib.address(self.stdlib) if self.stdlib else None
        if standard is None or self.snapshot is None:
            return Prepared(standard)
        return Prepared(standard, *snapshot.find(self.snapshot))

    @property
    def folders(self) -> dict[str, Path]:
        """What is served as it was built, and never changes: where each folder `name/` lies."""
        built = {
            "runtime": self.runtime,
            "wheels": self.packages,
            stdlib.FOLDER: self.stdlib,
            snapshot.FOLDER: self.snapshot,
        }
        return {name: folder for name, folder in built.items() if folder}

    @property
    def lock_address(self) -> str:
        """The address at which Pyodide looks for its lock file."""
        return self.addresses.pyodide + "pyodide-lock.json"

    def page(self, name: str, settings: Settings, changes: str | None = None) -> PageSite:
        """Returns what the template of the page `name` (`"docs/a.html"`) sees.

        Args:
            name: the page's file, relative to the folder.
            settings: of the folder, as they are now.
            changes: the address at which the page hears of changes, relative to the root.
        """
        root = "../" * (len(PurePosixPath(name).parts) - 1)
        downloads = None if self.cdn else self.files
        config = settings.render(self.addresses, downloads, root, self.prepared)
        if changes is not None:
            config["reload"] = root + changes
        return PageSite(
            above(self.addresses.pyscript, root),
            json.dumps(config, ensure_ascii=False),
            json.dumps(worker_script(config["worker"]), ensure_ascii=False),
        )

    @cached_property
    def files(self) -> list[dict[str, Any]]:
        """The `{"url", "bytes"}` of each file that the worker loads, in this order.

        What it can do without is `optional`; what it needs only then comes `instead`.
        """
        if self.runtime is None or self.packages is None:
            return []
        pyodide, prepared = self.addresses.pyodide, self.prepared
        files = {pyodide + name: self.runtime / pyodide / name for name in _BOOT_FILES}
        held, optional, instead = set[str](), dict[str, Path](), dict[str, Path]()
        if self.snapshot and prepared.snapshot:
            optional = snapshot.fetched(self.snapshot)
            held = snapshot.packages_in(self.snapshot)
        if self.stdlib and prepared.stdlib:
            del files[pyodide + stdlib.NAME]
            (instead if optional else files)[prepared.stdlib] = self.stdlib / prepared.stdlib
        files[self.lock_address] = self.packages / "pyodide-lock.json"
        for name, entry in read_lock(self.packages)["packages"].items():
            address = entry["file_name"].removeprefix("../../")
            (instead if name in held else files)[address] = self.packages / address
        kinds = (("", files), ("optional", optional), ("instead", instead))
        return [
            {"url": url, "bytes": file.stat().st_size, **({kind: True} if kind else {})}
            for kind, found in kinds
            for url, file in found.items()
        ]
