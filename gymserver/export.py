"""Writes the site as plain files, for any static host."""

import os
import re
import shutil
import tempfile
from html import escape
from pathlib import Path
from urllib.parse import quote

from flask import Flask

from gymserver.app import HEADERS, policy
from gymserver.cache import ENCODINGS
from gymserver.errors import StartError
from gymserver.hosts import header_rules, note
from gymserver.public import is_page, public_file
from gymserver.settings import SIDES
from gymserver.site import Site

MARK = "gymworker-export.txt"
"""Names the files that the export wrote, after what their host should know."""

_LIST = "\nThe next export replaces these files, and no other:\n\n"

# What may lie in a folder before the first export: what GitHub Pages and git need.
_HARMLESS = ("CNAME",)


def export(site: Site, app: Flask, target: Path) -> int:
    """Writes the site to the folder `target`, replacing an earlier export; returns the file count.

    The site is built beside the folder. A build that fails leaves an earlier export as it was. What
    the export did not write itself stays.

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
    if not (target / MARK).is_file() and _holds_something(target):
        raise StartError(f"{target} is neither empty nor an earlier export; choose another folder")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            dir=target.parent, prefix=f".{target.name}-", ignore_cleanup_errors=True
        ) as beside:
            made = Path(beside) / "site"
            made.mkdir()
            _build(site, app, made)
            names = {
                file.relative_to(made).as_posix() for file in made.rglob("*") if file.is_file()
            }
            text = note(site, policy(site.cdn)) + _LIST + "\n".join(sorted({*names, MARK})) + "\n"
            (made / MARK).write_text(text, "utf-8")
            _swap(made, target, names)
    except OSError as error:
        raise StartError(f"cannot write the export {target}: {error}") from None
    return len(names) + 1


def _holds_something(target: Path) -> bool:
    return target.is_dir() and any(
        entry.name[0] != "." and entry.name not in _HARMLESS for entry in target.iterdir()
    )


def _build(site: Site, app: Flask, folder: Path) -> None:
    (folder / "_headers").write_text(header_rules(site, [*HEADERS, policy_header(site)]), "utf-8")
    _web(site, app, folder)
    _generated(site, folder)
    if site.runtime and site.packages:
        leave = shutil.ignore_patterns(*(f"*{suffix}" for suffix in ENCODINGS.values()))
        for name, built in site.folders.items():
            shutil.copytree(built / name, folder / name, ignore=leave)
        shutil.copyfile(site.packages / "pyodide-lock.json", folder / site.lock_address)


def policy_header(site: Site) -> tuple[str, str]:
    """Returns the header that each page of the site carries."""
    return "Content-Security-Policy", policy(site.cdn)


def _swap(made: Path, target: Path, names: set[str]) -> None:
    """Puts the new files in the place of the old ones; pages last, as they name the others.

    Raises:
        StartError: somebody else's file is in the way.
    """
    old = _written(target)
    for name in sorted(names):
        if old is not None and name not in old and (target / name).exists():
            raise StartError(f"{target / name} is not of an earlier export; move it away")
    for name in sorted(names, key=lambda name: (name.endswith(".html"), name)) + [MARK]:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        os.replace(made / name, target / name)  # noqa: PTH105 - a file in the place of a file
    for name in (old or set()) - names - {MARK}:
        (target / name).unlink(missing_ok=True)
        for folder in list(Path(name).parents)[:-1]:
            if (target / folder).is_dir() and not any((target / folder).iterdir()):
                (target / folder).rmdir()


def _written(target: Path) -> set[str] | None:
    """Returns the files that an earlier export wrote, None for one that kept no list."""
    try:
        text = (target / MARK).read_text("utf-8")
    except FileNotFoundError:
        return set()
    names = text.partition(_LIST)[2].splitlines()
    inside = {name for name in names if name and ".." not in Path(name).parts}
    return {name for name in inside if not Path(name).is_absolute()} or None


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
            page = client.get(f"/{quote(name)}")
            if page.status_code != 200:
                raise StartError(page.text.strip())
            copy.write_text(with_policy(page.text, policy(site.cdn)), "utf-8", newline="")
        else:
            shutil.copyfile(file, copy)


def with_policy(page: str, policy: str) -> str:
    """Returns a page that carries its policy in itself, for hosts that send no headers."""
    element = f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">'
    starts = (r"<head\b[^>]*>", r"<html\b[^>]*>", r"<!doctype\b[^>]*>", r"^")
    found = next(
        match for start in starts if (match := re.search(start, page, re.IGNORECASE)) is not None
    )
    return f"{page[: found.end()]}\n  {element}{page[found.end() :]}"


def _generated(site: Site, target: Path) -> None:
    """Writes what the application makes for each configuration, under its own address."""
    settings = site.settings()
    files = {made.address: made.content for made in map(settings.bundle, SIDES) if made.files}
    interpreters = settings.interpreters(site.addresses, site.prepared)
    files |= {made.address: made.content for made in interpreters.values()}
    for address, content in files.items():
        (target / address).parent.mkdir(exist_ok=True)
        (target / address).write_bytes(content)
