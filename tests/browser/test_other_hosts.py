"""The site elsewhere: exported under a sub-path, on the public CDN, with Pyodide on the page."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Route

from gymserver.app import create_app
from gymserver.export import export
from gymserver.runtime import CDN
from gymserver.site import Site
from tests.browser.browsers import in_chromium
from tests.browser.conftest import Serve
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
        page = open_page(context, f"{url}deep/site/", "done")
        run_check(page)


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
