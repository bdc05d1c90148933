"""The files that patterns of `pyscript.toml` stand for travel as one."""

import io
import json
import re
import tarfile
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from gymserver.app import create_app
from gymserver.export import export
from gymserver.runtime import Versions
from gymserver.settings import SIDES, Settings
from gymserver.site import ROOT, Site
from tests.unit.server.sites import client_of, make_web

TOML = """
[files]
"lib/*.py" = "./lib/"
"lib/deep/*.py" = "./lib/deep/"
"main.py" = "./own.py"

[worker.files]
"lib/[ab].py" = "./"

[worker.later]
"lib/deep/*.py" = "./deep/"
"""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site with a library in two folders."""
    web = make_web(tmp_path / "web", TOML)
    (web / "lib" / "deep").mkdir(parents=True)
    for name in ("a", "b", "deep/c"):
        (web / "lib" / f"{name}.py").write_text(f"name = '{name}'\n")
    return Site(web, Versions.read(ROOT))


@pytest.fixture
def client(site: Site) -> FlaskClient:
    return client_of(site)


def configuration(client: FlaskClient) -> dict[str, dict[str, str]]:
    """The tables of files of the page and of its worker, as the page gets them."""
    config = json.loads(unescape(client.get("/").text.partition("|")[2].partition("</pre>")[0]))
    return {"page": config["files"], "worker": config["worker"]["files"]}


def address(client: FlaskClient, side: str) -> str:
    [found] = [name for name in configuration(client)[side] if name.startswith("bundle/")]
    return found


def unpacked(data: bytes) -> dict[str, str | None]:
    """What is in a bundle, None for a folder, in order."""
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        files = {entry.name: archive.extractfile(entry) for entry in archive}
        return {name: file.read().decode() if file else None for name, file in files.items()}


def test_each_side_has_one_bundle_and_plain_names_stay(client: FlaskClient) -> None:
    files = configuration(client)
    assert list(files["page"].values()) == ["./*", "./own.py"]
    assert list(files["worker"].values()) == ["./*"]
    assert re.fullmatch(r"bundle/page-[0-9a-f]{16}\.tar\.gz", next(iter(files["page"])))


def test_a_bundle_holds_each_file_where_it_belongs_after_its_folders(client: FlaskClient) -> None:
    assert unpacked(client.get(address(client, "page")).data) == {
        "lib": None,
        "lib/deep": None,
        "lib/a.py": "name = 'a'\n",
        "lib/b.py": "name = 'b'\n",
        "lib/deep/c.py": "name = 'deep/c'\n",
    }
    assert list(unpacked(client.get(address(client, "worker")).data)) == ["a.py", "b.py"]


def test_a_bundle_is_immutable_and_a_save_changes_its_address(
    client: FlaskClient, site: Site
) -> None:
    before = address(client, "worker")
    assert "immutable" in client.get(before).headers["Cache-Control"]
    assert address(client, "worker") == before
    (site.web / "lib" / "a.py").write_text("name = 'changed'\n")
    after = address(client, "worker")
    assert after != before
    assert unpacked(client.get(after).data)["a.py"] == "name = 'changed'\n"


def test_a_page_that_came_before_a_save_gets_the_new_files_but_keeps_none(
    client: FlaskClient, site: Site
) -> None:
    before = address(client, "worker")
    (site.web / "lib" / "a.py").write_text("name = 'changed'\n")
    late = client.get(before)
    assert unpacked(late.data)["a.py"] == "name = 'changed'\n"
    assert late.headers["Cache-Control"] == "no-store"


def test_what_comes_later_is_a_bundle_that_the_interpreter_s_module_names(
    client: FlaskClient, site: Site
) -> None:
    config = json.loads(unescape(client.get("/").text.partition("|")[2].partition("</pre>")[0]))
    assert "later" not in config["worker"]
    bundle = Settings.read(site.web).bundle("later")
    module = client.get("/" + config["worker"]["interpreter"]).text
    assert f'new URL("../{bundle.address}", import.meta.url)' in module
    assert unpacked(client.get(bundle.address).data) == {
        "deep": None,
        "deep/c.py": "name = 'deep/c'\n",
    }


def test_nothing_that_is_not_served_is_in_a_bundle(client: FlaskClient, site: Site) -> None:
    (site.web / "lib" / ".hidden.py").write_text("secret = 1\n")
    outside = site.web.parent / "outside.py"
    outside.write_text("secret = 1\n")
    try:
        (site.web / "lib" / "link.py").symlink_to(outside)
    except OSError:  # Windows asks for a privilege
        assert not (site.web / "lib" / "link.py").exists()
    names = unpacked(client.get(address(client, "page")).data)
    assert [name for name in names if name.endswith(".py")] == [
        "lib/a.py",
        "lib/b.py",
        "lib/deep/c.py",
    ]


@pytest.mark.parametrize("name", ["bundle/other-0.tar.gz", "bundle/page-0.zip", "bundle/"])
def test_no_other_address_is_a_bundle(client: FlaskClient, name: str) -> None:
    assert client.get(f"/{name}").status_code == 404


def test_a_name_that_is_too_long_for_a_bundle_travels_alone(
    client: FlaskClient, site: Site
) -> None:
    fits, long = "d" * (100 - len("lib/deep/.py")), "l" * 100
    for name in (fits, long):
        (site.web / "lib" / "deep" / f"{name}.py").write_text("x = 'long'\n")
    files = configuration(client)["page"]
    assert files[f"lib/deep/{long}.py"] == f"lib/deep/{long}.py"
    assert client.get(f"/lib/deep/{long}.py").text == "x = 'long'\n"
    packed = unpacked(client.get(address(client, "page")).data)
    assert f"lib/deep/{fits}.py" in packed
    assert f"lib/deep/{long}.py" not in packed
    before = Settings.read(site.web)
    assert site.web / "lib" / "deep" / f"{long}.py" in before.sources


def test_without_patterns_there_is_no_bundle(tmp_path: Path) -> None:
    web = make_web(tmp_path / "web", '[files]\n"main.py" = ""\n')
    client = client_of(Site(web, Versions.read(ROOT)))
    config = json.loads(unescape(client.get("/").text.partition("|")[2].partition("</pre>")[0]))
    assert config["files"] == {"main.py": ""}


def test_an_export_has_the_bundles_that_its_page_names(site: Site, tmp_path: Path) -> None:
    export(site, create_app(site=site), tmp_path / "out")
    settings = Settings.read(site.web)
    for side in SIDES:
        bundle = settings.bundle(side)
        assert (tmp_path / "out" / bundle.address).read_bytes() == bundle.content
    assert settings.bundle("page").address in (tmp_path / "out" / "index.html").read_text()
