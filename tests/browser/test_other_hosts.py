"""The site elsewhere: exported under a sub-path, on the public CDN, with Pyodide on the page."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Route, expect

from gymserver.app import create_app
from gymserver.export import export
from gymserver.runtime import CDN
from gymserver.site import Site
from tests.browser.browsers import in_chromium
from tests.browser.conftest import MakeSite, Serve
from tests.browser.pages import open_page, run_check, watched
from tests.browser.servers import serving


@contextmanager
def static_host(folder: Path) -> Iterator[str]:
    """Runs `python -m http.server`; gives its address."""
    command = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1"]
    process = subprocess.Popen(
        [*command, "--directory", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with process:
        assert process.stdout
        try:
            yield process.stdout.readline().partition("(")[2].partition(")")[0]
        finally:
            process.kill()


@in_chromium
def test_an_export_boots_under_a_sub_path_of_a_static_host(
    browser: Browser, web_site: Site, tmp_path: Path
) -> None:
    export(web_site, create_app(site=web_site), tmp_path / "deep" / "site")
    with static_host(tmp_path) as url, watched(browser, url) as context:
        fetched: list[str] = []
        context.on("request", lambda request: fetched.append(request.url))
        page = open_page(context, f"{url}deep/site/", "done")
        run_check(page)
        expect(page.locator("#log")).not_to_contain_text("the snapshot was not used")
    held = [entry["url"] for entry in web_site.files if "instead" in entry]
    assert len(held) > 3
    for address in held:  # the standard library comes later
        assert not [got for got in fetched if got.endswith(address) and ".whl" in got]
    (memory,) = {got for got in fetched if got.endswith("/memory.wasm")}
    assert memory.startswith(f"{url}deep/site/snapshot/")


HELPED = """
import gymnasium
import rules

class Helped(gymnasium.Wrapper):
    def step(self, action):
        return rules.twice(super().step(action))

env = Helped(gymnasium.make("CartPole-v1"))
"""

RULES = "import art.colors\ndef twice(told):\n    return (told[0], 2 * told[1], *told[2:])\n"

OWN = """
from gymworker import PyodideWorker
from pyscript import document

document.documentElement.dataset.python = "on"  # for the guard
worker = PyodideWorker()
shown = document.documentElement.dataset
await worker.init_env(file="envs/cartpole.py")
await worker.reset(seed=1)
shown.reward = str((await worker.step(1)).rewards)
found = []
for file in ("envs/none.py", "index.html", "envs/latin.py"):
    try:
        await worker.init_env(file=file)
    except Exception as error:
        found.append(type(error).__name__ + ": " + str(error))
shown.found = "|".join(found)
shown.state = "done"
"""


@in_chromium
def test_an_environment_finds_its_helpers_in_an_export_and_asks_for_nothing_else(
    browser: Browser, changed_site: MakeSite, tmp_path: Path
) -> None:
    edits = {"main.py": OWN, "envs/cartpole.py": HELPED, "envs/rules.py": RULES}
    site = changed_site(edits)
    (site.web / "envs" / "art").mkdir()
    (site.web / "envs" / "art" / "__init__.py").touch()
    (site.web / "envs" / "art" / "colors.py").write_text("RED = 1\n")
    (site.web / "envs" / "latin.py").write_bytes(b"# caf\xe9\nenv = 1\n")
    export(site, create_app(site=site), tmp_path / "deep" / "site")
    asked: list[str] = []
    with static_host(tmp_path) as url, watched(browser, url, expected=["404"]) as context:
        context.on("request", lambda request: asked.append(urlsplit(request.url).path))
        page = open_page(context, f"{url}deep/site/", "done")
        shown = page.evaluate("({...document.documentElement.dataset})")
    assert shown["reward"] == "2.0"
    assert shown["found"].split("|") == [
        "LoadError: envs/none.py could not be loaded: the server answered 404",
        "LoadError: index.html could not be loaded: text/html came in its place",
        "LoadError: envs/latin.py could not be loaded: it is no text in UTF-8; save it as UTF-8",
    ]
    files = ["art/__init__.py", "art/colors.py", "cartpole.py", "latin.py", "none.py", "rules.py"]
    fetched = sorted(path for path in asked if "/envs/" in path)
    assert fetched == [f"/deep/site/envs/{name}" for name in files]


@in_chromium
def test_main_runs_unchanged_in_pyodide_on_the_page(
    browser: Browser, serve_changed: Serve, web_site: Site
) -> None:
    interpreter = f"{web_site.addresses.pyodide}pyodide.mjs"
    # A page in Pyodide has no worker that PyScript starts before it.
    index = (web_site.web / "index.html").read_text("utf-8")
    index = re.sub(r'<script type="py" worker.*?</script>', "", index)
    edits = {
        "index.html": index.replace('type="mpy"', 'type="py"'),
        "pyscript.toml": ("[files]\n", f'interpreter = "{interpreter}"\n[files]\n'),
    }
    with serve_changed(edits) as served, watched(browser, served.url) as context:
        page = open_page(context, served.url, "done")
        run_check(page)
        assert not [seen for seen in served.seen if "micropython" in seen.path]


class Cdn:
    """Answers for the CDN with the files of a local site.

    Attributes:
        seen: the addresses that were asked for, without the host.
        unknown: those among them that it does not have.
    """

    def __init__(self, site: Site) -> None:
        assert site.runtime and site.packages
        self.seen: list[str] = []
        self.unknown: list[str] = []
        self._folders = {
            urlsplit(there).path: site.runtime / here
            for there, here in zip(site.versions.on_cdn, site.versions.on_site, strict=True)
        }
        # Our lock file stands for Pyodide's own: the wheels lie two folders up.
        self._lock = site.packages / "pyodide-lock.json"
        self._folders["/pyodide/wheels/"] = site.packages / "wheels"

    def answer(self, route: Route) -> None:
        """Answers one request."""
        path = urlsplit(route.request.url).path
        self.seen.append(path)
        file = self._file(path)
        if file is None or not file.is_file():
            self.unknown.append(path)
            route.fulfill(status=404)
            return
        types = {".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm"}
        headers = {"Access-Control-Allow-Origin": "*"}
        headers["Content-Type"] = types.get(file.suffix, "application/octet-stream")
        if file.suffix == ".css":
            headers["Content-Type"] = "text/css"
        route.fulfill(body=file.read_bytes(), headers=headers)

    def _file(self, path: str) -> Path | None:
        if path.endswith("/pyodide-lock.json"):
            return self._lock
        for folder, local in self._folders.items():
            if path.startswith(folder):
                return local / path.removeprefix(folder)
        return None


@in_chromium
def test_a_page_on_the_cdn_runs_to_its_end(browser: Browser, web_site: Site) -> None:
    cdn = Cdn(web_site)
    app = create_app(web_site.web, cdn=True)
    with serving(app) as served, watched(browser, served.url, elsewhere=[CDN]) as context:
        context.route(f"{CDN}/**", cdn.answer)
        page = open_page(context, served.url, "done")
        run_check(page)
    assert cdn.unknown == []
    for name in ("core.js", "micropython.wasm", "pyodide.asm.wasm"):
        assert [path for path in cdn.seen if path.endswith(name)], name
    assert not served.answers("^/(runtime|wheels)/")
