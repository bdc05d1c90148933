"""Writes the site as plain files, for any static host."""

import shutil
from pathlib import Path

from flask import Flask

from gymserver.errors import StartError
from gymserver.public import is_page, public_file
from gymserver.settings import Settings
from gymserver.site import Site

MARK = "gymworker-export.txt"


def export(site: Site, app: Flask, target: Path) -> int:
    """Writes the site to the folder `target`, replacing an earlier export; returns the file count.

    Args:
        site: the site.
        app: its application, which renders the pages.
        target: a folder that is missing, empty, or an earlier export.

    Raises:
        StartError: the folder holds something else, or cannot be written, or a page fails.
    """
    target = target.resolve()
    if target.is_relative_to(site.web) or site.web.is_relative_to(target):
        raise StartError(f"the export must lie outside of {site.web}, not in {target}")
    if target.exists() and not target.is_dir():
        raise StartError(f"{target} is a file; export needs a folder")
    if target.is_dir() and any(target.iterdir()) and not (target / MARK).is_file():
        raise StartError(f"{target} is neither empty nor an earlier export; choose another folder")
    try:
        if target.is_dir():
            for old in sorted(target.iterdir(), key=lambda old: old.name == MARK):
                shutil.rmtree(old) if old.is_dir() and not old.is_symlink() else old.unlink()
        target.mkdir(parents=True, exist_ok=True)
        (target / MARK).write_text("Written by `python server.py export`; will be replaced.\n")
        _web(site, app, target)
        _generated(site, target)
        if site.runtime and site.packages:
            leave = shutil.ignore_patterns("*.br", "*.gz")
            shutil.copytree(site.runtime / "runtime", target / "runtime", ignore=leave)
            shutil.copytree(site.packages / "wheels", target / "wheels", ignore=leave)
            shutil.copyfile(site.packages / "pyodide-lock.json", target / site.lock_address)
    except OSError as error:
        raise StartError(f"cannot write the export {target}: {error}") from None
    return sum(1 for file in target.rglob("*") if file.is_file())


def _web(site: Site, app: Flask, target: Path) -> None:
    client = app.test_client()
    for path in sorted(site.web.rglob("*")):
        name = path.relative_to(site.web).as_posix()
        file = public_file(site.web, name)
        if file is None or "__pycache__" in path.parts:
            continue
        copy = target / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        if is_page(file):
            page = client.get(f"/{name}")
            if page.status_code != 200:
                raise StartError(page.text.strip())
            copy.write_bytes(page.data)
        else:
            shutil.copyfile(file, copy)


def _generated(site: Site, target: Path) -> None:
    """Writes what the application makes for each configuration, under its own address."""
    settings = Settings.read(site.web)
    files = {
        made.address: made.content
        for made in (settings.bundle("page"), settings.bundle("worker"))
        if made.files
    }
    files |= {made.address: made.content for made in settings.interpreters(site.addresses).values()}
    for address, content in files.items():
        (target / address).parent.mkdir(exist_ok=True)
        (target / address).write_bytes(content)
