"""A worker that was restored from the snapshot equals one that booted, but for what is chance."""

import base64
import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from gymserver.app import create_app
from gymserver.interpreter import Interpreter, Prepared
from gymserver.site import ROOT, Site
from tests.browser.pages import watched
from tests.browser.servers import Served, missing, serving
from tests.unit.server.wheels import make_wheel

HERE = Path(__file__).parent
COMPAT = (ROOT / "web/gymworker/worker/compat.py").read_text("utf-8") + "\ninstall()\n"
LOOK = (HERE / "look.py").read_text("utf-8") + "\nawait look()\n"
START = """
(job) => new Promise((resolve) => {
  const worker = new Worker("/bare.mjs", { type: "module" });
  worker.onmessage = ({ data }) => {
    if (data.type) return; // what the module that starts Pyodide says
    worker.terminate();
    resolve(data);
  };
  worker.onerror = (event) => resolve({ failure: event.message });
  worker.postMessage(job);
})
"""


@dataclass
class Bare:
    """A page that runs Python in workers.

    Attributes:
        page: the page.
        restored, booted, another: the modules that start Pyodide: with the snapshot, without, and
            with the key of another snapshot.
        url: of the server.
    """

    page: Page
    url: str
    restored: str
    booted: str
    another: str

    def run(self, module: str, *scripts: str, **more: Any) -> dict[str, Any]:
        """Runs scripts in a new worker; returns their results and what the worker says."""
        job = {
            "module": self.url + module,
            "packages": ["gymnasium", "pettingzoo"],
            "compat": COMPAT,
            "scripts": scripts,
        }
        answer: dict[str, Any] = self.page.evaluate(START, {**job, **more})
        assert "failure" not in answer, answer["failure"]
        return answer


@pytest.fixture(scope="module")
def bare_site(web_site: Site, tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, list[str]]:
    """The project's site with the page of these tests, and the addresses of three modules."""
    web = tmp_path_factory.mktemp("bare") / "web"
    shutil.copytree(web_site.web, web, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(HERE / "bare.mjs", web / "bare.mjs")
    (web / "bare.html").write_text("<!doctype html><title>bare</title><link rel=icon href=data:,>")
    make_wheel(web, "late", files={"late/__init__.py": "value = 'came late'\n"})
    site = Site.prepare(web, say=print)
    prepared = site.prepared
    assert prepared.snapshot
    module = site.addresses.pyodide + "pyodide.mjs"
    restored = site.settings().interpreters(site.addresses, prepared)["worker"]
    others = [
        Interpreter(module, Prepared(prepared.stdlib)),
        Interpreter(module, Prepared(prepared.stdlib, prepared.snapshot, "of another")),
    ]
    (web / "others").mkdir()
    for number, other in enumerate(others):
        (web / f"others/{number}.mjs").write_bytes(other.content)
    return site, [restored.address, "others/0.mjs", "others/1.mjs"]


def opened(browser: Browser, served: Served, modules: list[str], **options: Any) -> Iterator[Bare]:
    with watched(browser, served.url, **options) as context:
        page = context.new_page()
        page.set_default_timeout(120_000)
        page.goto(served.url + "bare.html")
        yield Bare(page, served.url, *modules)


@pytest.fixture(scope="module")
def bare(browser: Browser, bare_site: tuple[Site, list[str]]) -> Iterator[Bare]:
    site, modules = bare_site
    with serving(create_app(site=site)) as served:
        yield from opened(browser, served, modules, timezone_id="Asia/Kolkata", locale="de-CH")


@pytest.fixture(scope="module")
def restored(bare: Bare) -> dict[str, Any]:
    answer = bare.run(bare.restored, LOOK)
    assert answer["note"] is None
    assert answer["before"] > 4, "the packages came with the snapshot"
    return dict(json.loads(answer["results"][0]))


@pytest.fixture(scope="module")
def booted(bare: Bare) -> dict[str, Any]:
    answer = bare.run(bare.booted, LOOK)
    assert answer["before"] == 0
    return dict(json.loads(answer["results"][0]))


def test_a_restored_worker_equals_a_booted_one(
    restored: dict[str, Any], booted: dict[str, Any]
) -> None:
    assert restored["found"].keys() == booted["found"].keys()
    for name, expected in booted["found"].items():
        assert restored["found"][name] == expected, name


def test_the_bundled_environments_do_the_same(bare: Bare) -> None:
    web = ROOT / "web"
    library = io.BytesIO()
    with zipfile.ZipFile(library, "w") as archive:
        for file in sorted((web / "gymworker").rglob("*.py")):
            archive.write(file, file.relative_to(web))
    sources = {file.stem: file.read_text("utf-8") for file in sorted(web.glob("envs/*.py"))}
    script = (
        f"LIBRARY = {base64.b64encode(library.getvalue()).decode()!r}\nSOURCES = {sources!r}\n"
        + (HERE / "bundled.py").read_text("utf-8")
    )
    found, expected = (
        json.loads(bare.run(module, script)["results"][0])
        for module in (bare.restored, bare.booted)
    )
    assert len(found) == len(sources) >= 6
    for name, (first, digest) in expected.items():
        assert found[name][0] == first, name
        assert found[name][1] == digest, name


def test_tracebacks_have_source_lines_and_what_is_the_visitor_s_is_the_visitor_s(
    restored: dict[str, Any], booted: dict[str, Any]
) -> None:
    found = restored["found"]
    first, second, *_ = found["tracebacks"]
    assert "obj, end = self.raw_decode(" in first
    assert 'numpy/linalg/_linalg.py"' in second
    assert "raise LinAlgError(" in second
    assert found["zone"][0] == -19800
    assert found["environ"]["LANG"] == booted["found"]["environ"]["LANG"]  # of a worker's navigator


ZONE = """
import json, time
seasons = [time.strptime(f"2026-{month}-15", "%Y-%m-%d") for month in ("01", "07")]
told = [time.localtime(time.mktime(season)) for season in seasons]
names = [[time.strftime("%H:%M %Z", at), at.tm_isdst, at.tm_gmtoff] for at in told]
json.dumps([time.timezone, time.altzone, time.daylight, list(time.tzname), names])
"""


@pytest.mark.parametrize(
    ("zone", "winter", "summer"),
    [
        ("Europe/Berlin", -3600, -7200),
        ("America/New_York", 18000, 14400),
        ("Australia/Lord_Howe", -37800, -39600),  # half an hour, and its summer is in January
        ("UTC", 0, 0),
    ],
)
def test_summer_time_is_the_visitor_s(
    browser: Browser, bare_site: tuple[Site, list[str]], zone: str, winter: int, summer: int
) -> None:
    site, modules = bare_site
    with serving(create_app(site=site)) as served:
        for bare in opened(browser, served, modules, timezone_id=zone):
            found, expected = (
                json.loads(bare.run(module, ZONE)["results"][0])
                for module in (bare.restored, bare.booted)
            )
    assert found == expected
    assert found[:3] == [winter, summer, int(winter != summer)]


def test_archives_are_unpacked_alike(bare: Bare) -> None:
    script = (HERE / "unpack.py").read_text("utf-8") + "\nawait look()\n"
    quick, found = json.loads(bare.run(bare.restored, script)["results"][0])
    slow, expected = json.loads(bare.run(bare.booted, script)["results"][0])
    assert (quick, slow) == (True, False)
    assert found == expected
    assert len(found["files"]) == 5 and len(found["long"]) == len(found["pax"]) == 1
    assert "ended before" in found["cut"] and "is not a compressed" in found["none"]


def test_chance_differs_in_two_visits(bare: Bare, restored: dict[str, Any]) -> None:
    again = json.loads(bare.run(bare.restored, LOOK)["results"][0])
    assert again["found"] == restored["found"]
    for one, other in zip(again["chance"], restored["chance"], strict=True):
        assert one != other


def test_a_package_can_be_installed_afterwards(bare: Bare) -> None:
    script = (
        "import importlib.metadata, late; f'{late.value} {importlib.metadata.version(\"late\")}'"
    )
    wheel = f"{bare.url}late-1.0-py3-none-any.whl"
    assert bare.run(bare.restored, script, wheel=wheel)["results"] == ["came late 1.0"]


def test_a_snapshot_whose_key_does_not_fit_is_never_used(bare: Bare) -> None:
    answer = bare.run(bare.another, "import numpy; numpy.__name__")
    assert answer["results"] == ["numpy"]
    assert answer["before"] == 0
    assert answer["note"] == "the snapshot was not used: the snapshot is another one"


@pytest.mark.parametrize("name", ["memory.wasm", "meta.mjs", "restore.mjs", "lib3.wasm"])
def test_without_a_file_of_the_snapshot_the_worker_boots(
    browser: Browser, bare_site: tuple[Site, list[str]], name: str
) -> None:
    site, modules = bare_site
    expected = [f"404.*{name}", f"failed: .*{name}", "404", "integrity"]
    with serving(create_app(site=site), {f"^/snapshot/.*{name}": missing}) as served:
        for bare in opened(browser, served, modules, expected=expected):
            answer = bare.run(bare.restored, "import numpy; numpy.__name__")
    assert answer["results"] == ["numpy"]
    assert answer["before"] == 0
    assert answer["note"].startswith("the snapshot was not used: ")


def test_a_file_that_comes_later_and_cannot_is_an_os_error(
    browser: Browser, bare_site: tuple[Site, list[str]]
) -> None:
    site, modules = bare_site
    script = """
import numpy, pathlib
try:
    found = pathlib.Path(numpy.__file__).read_text()
except OSError as error:
    found = f"{error.strerror}: {error.filename or numpy.__file__}"
found
"""
    expected = ["404", r"files\.wasm"]
    with serving(create_app(site=site), {r"/files\.wasm$": missing}) as served:
        for bare in opened(browser, served, modules, expected=expected):
            answer = bare.run(bare.restored, script, script)
    assert answer["note"] is None
    for result in answer["results"]:
        assert result == "I/O error: /lib/python3.13/site-packages/numpy/__init__.py"
