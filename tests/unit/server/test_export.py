"""What an export writes, and what it leaves alone."""

from pathlib import Path

import pytest

from gymserver.app import create_app, policy
from gymserver.errors import StartError
from gymserver.export import MARK, export, with_policy
from gymserver.site import Site


def files(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


def write(site: Site, target: Path) -> int:
    return export(site, create_app(site=site), target)


@pytest.fixture
def target(site: Site, tmp_path: Path) -> Path:
    """An export."""
    target = tmp_path / "out" / "site"
    assert write(site, target) == len(files(target))
    return target


def test_what_others_put_into_the_folder_stays(site: Site, target: Path) -> None:
    mine = [".git/config", ".nojekyll", "CNAME", "notes.txt", "sub/more.txt", "runtime/mine.js"]
    for name in mine:
        (target / name).parent.mkdir(exist_ok=True)
        (target / name).write_text("mine")
    write(site, target)
    assert all((target / name).read_text() == "mine" for name in mine)


def test_what_is_no_more_in_the_site_goes_with_its_folders(site: Site, target: Path) -> None:
    (site.web / "sub" / "page.html").unlink()
    (site.web / "main.py").write_text("print('new')\n")
    write(site, target)
    assert not (target / "sub").exists()
    assert (target / "main.py").read_text() == "print('new')\n"


def test_a_folder_with_nothing_but_what_its_host_needs_can_be_taken(
    site: Site, tmp_path: Path
) -> None:
    (tmp_path / "pages" / ".git").mkdir(parents=True)
    (tmp_path / "pages" / "CNAME").touch()
    write(site, tmp_path / "pages")
    assert (tmp_path / "pages" / ".git").is_dir()
    assert (tmp_path / "pages" / "index.html").is_file()


def test_a_failed_export_changes_nothing_and_leaves_nothing(site: Site, target: Path) -> None:
    before = files(target)
    (site.web / "main.py").write_text("print('new')\n")
    (site.web / "sub" / "page.html").write_text("{% nonsense %}")
    with pytest.raises(StartError, match=r"page\.html, line 1"):
        write(site, target)
    assert files(target) == before
    assert [entry.name for entry in target.parent.iterdir()] == ["site"]


def test_a_file_of_somebody_else_s_in_the_way_is_named_and_kept(site: Site, target: Path) -> None:
    (target / "new.py").write_text("mine")
    (site.web / "new.py").write_text("the site's")
    before = files(target)
    with pytest.raises(StartError, match=r"new\.py is not of an earlier export; move it away"):
        write(site, target)
    assert files(target) == before


def test_an_export_that_kept_no_list_is_overwritten_and_nothing_is_deleted(
    site: Site, target: Path
) -> None:
    (target / MARK).write_text("Written by `python server.py export`; will be replaced.\n")
    (target / "old.txt").write_text("whose?")
    (site.web / "main.py").write_text("print('new')\n")
    write(site, target)
    assert (target / "old.txt").read_text() == "whose?"
    assert (target / "main.py").read_text() == "print('new')\n"


def test_a_list_never_leads_out_of_the_folder(site: Site, target: Path) -> None:
    outside = target.parent / "outside.txt"
    outside.write_text("mine")
    with (target / MARK).open("a") as mark:
        mark.write(f"../outside.txt\n{outside}\n")
    write(site, target)
    assert outside.read_text() == "mine"


def test_the_headers_of_the_server_are_written_for_hosts_that_read_them(
    site: Site, target: Path
) -> None:
    rules: dict[str, dict[str, str]] = {}
    for line in (target / "_headers").read_text().splitlines():
        if line.startswith("/"):
            rule = rules[line] = {}
        else:
            name, _, value = line.strip().partition(": ")
            rule[name] = value
    assert rules["/*"]["Content-Security-Policy"] == policy(False)
    assert rules["/*"]["X-Content-Type-Options"] == "nosniff"
    immutable = [address for address, rule in rules.items() if "Cache-Control" in rule]
    assert all("immutable" in rules[address]["Cache-Control"] for address in immutable)

    def matching(name: str) -> list[str]:
        return [
            rule
            for rule in immutable
            if rule in (f"/{name}",) or (rule.endswith("*") and f"/{name}".startswith(rule[:-1]))
        ]

    for name in files(target):
        versioned = name.startswith(("runtime/", "wheels/", "bundle/", "interpreter/"))
        changing = name.endswith("pyodide-lock.json") or not versioned
        assert len(matching(name)) == (0 if changing else 1), name


def test_the_note_says_what_the_hosts_need(target: Path) -> None:
    text = (target / MARK).read_text()
    for word in ("nginx", "GitHub Pages", ".nojekyll", "application/wasm", policy(False)):
        assert word in text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<!doctype html>\n<html lang='en'><head>", "<title>x</title></head>"),
        ("<!DOCTYPE html>\n<HTML><HEAD data-x>", "<header></header>"),
        ("<!-- ours --><!doctype html><html>", "<header>text"),
        ("<!doctype html>", "text"),
        ("", "text"),
    ],
)
def test_a_page_carries_the_policy_before_all_that_it_loads(before: str, after: str) -> None:
    element = '<meta http-equiv="Content-Security-Policy" content="default-src &#x27;self&#x27;">'
    assert with_policy(before + after, "default-src 'self'") == f"{before}\n  {element}{after}"


def test_every_page_carries_it(target: Path) -> None:
    for name in ("index.html", "sub/page.html"):
        assert "http-equiv" in (target / name).read_text()
