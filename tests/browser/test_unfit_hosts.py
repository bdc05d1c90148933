"""Odd types and policies, frames, old browsers, no network: the site plays, or says why not."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect

from gymserver.app import POLICY, create_app
from gymserver.export import export
from gymserver.site import Site
from tests.browser.browsers import in_chromium
from tests.browser.conftest import Serve
from tests.browser.faults import Faulty, faulty
from tests.browser.pages import BOOT_DEADLINE, SCRIPTS, wait_for
from tests.browser.servers import Served, serving
from tests.browser.test_other_hosts import static_host

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

AT_ONCE = 10_000
"""Milliseconds; nothing has to be loaded for it."""


@pytest.fixture(scope="module")
def host(web_site: Site) -> Iterator[tuple[Served, Faulty]]:
    """A host that can be changed."""
    with faulty(create_app(site=web_site)) as made:
        yield made


@pytest.fixture
def tab(browser: Browser, host: tuple[Served, Faulty]) -> Iterator[Page]:
    """A tab with an empty cache; the host is as it should be."""
    host[1].path, host[1].headers = None, {}
    context = browser.new_context()
    yield context.new_page()
    context.close()


def expect_failure(page: Page, title: str, text: str = "", timeout: int = BOOT_DEADLINE) -> None:
    """Waits until the page says why it failed.

    Args:
        page: the page.
        title, text: regular expressions for what it says.
        timeout: milliseconds.
    """
    place = page.locator("#failure-title")
    expect(place).to_have_text(re.compile(title), timeout=timeout)
    expect(place).to_be_visible()
    assert re.search(text, page.locator("#failure").text_content() or "")
    expect(page.locator("html")).to_have_attribute("data-state", "failed")


# Of all files of a kind at once.
BOOTS = {
    "application/octet-stream": r"\.wasm$",
    "text/plain": r"\.(whl|zip|json|gz)$",
}


def retyped(app: "WSGIApplication", type: str, pattern: str) -> "WSGIApplication":
    """Returns an application that sends files whose paths match as another type."""

    def wrapped(environ: "WSGIEnvironment", start_response: "StartResponse"):  # type: ignore[no-untyped-def]
        def start(status, headers, *rest):  # type: ignore[no-untyped-def]
            if re.search(pattern, environ["PATH_INFO"]):
                headers = [entry for entry in headers if entry[0].lower() != "content-type"]
                headers.append(("Content-Type", type))
            return start_response(status, headers, *rest)

        return app(environ, start)

    return wrapped


@in_chromium
@pytest.mark.parametrize("type", BOOTS)
def test_types_that_a_static_host_may_send_do_no_harm(
    browser: Browser, web_site: Site, type: str
) -> None:
    with serving(retyped(create_app(site=web_site), type, BOOTS[type])) as served:
        context = browser.new_context()
        page = context.new_page()
        page.goto(served.url)
        wait_for(page, "done")
        context.close()


@pytest.mark.parametrize(
    "name", ["micropython.mjs", "pyodide.mjs", "interpreter/pyodide-[0-9a-f]+.mjs"]
)
def test_a_module_that_comes_as_text_is_named_with_its_type(
    browser: Browser, web_site: Site, name: str
) -> None:
    app = retyped(create_app(site=web_site), "text/plain", rf"/{name}$")
    with serving(app) as served:
        context = browser.new_context()
        page = context.new_page()
        page.goto(served.url)
        expect_failure(page, rf"{name} could not be loaded: it came as text/plain")
        context.close()


POLICIES = {
    "no eval": (" 'unsafe-eval'", "'unsafe-eval' in script-src"),
    "no blob": (" blob:", "blob: in (worker|script)-src"),
}


@pytest.mark.parametrize("policy", POLICIES)
def test_a_policy_that_forbids_python_is_named_with_what_to_allow(
    tab: Page, host: tuple[Served, Faulty], policy: str
) -> None:
    taken, said = POLICIES[policy]
    lines = {key: value.replace(taken, "") for key, value in POLICY.items()}
    text = "; ".join(f"{key} {value}" for key, value in lines.items())
    host[1].headers = {"Content-Security-Policy": text}
    tab.goto(host[0].url)
    expect_failure(tab, f"Content-Security-Policy forbids {said}", "must allow")


@in_chromium
def test_a_policy_in_the_exported_page_is_named_too(
    browser: Browser, web_site: Site, tmp_path: Path
) -> None:
    folder = tmp_path / "site"
    export(web_site, create_app(site=web_site), folder)
    page_file = folder / "index.html"
    text = page_file.read_text("utf-8")
    forbidding = text.replace("&#x27;unsafe-eval&#x27;", "")
    assert forbidding != text
    page_file.write_text(forbidding, "utf-8")
    with static_host(folder) as url:
        context = browser.new_context()
        page = context.new_page()
        page.goto(url)
        expect_failure(page, "forbids 'unsafe-eval' in script-src", "must allow")
        context.close()


@contextmanager
def framed(browser: Browser, url: str, attributes: str) -> Iterator[Page]:
    """A page of another origin with the site in a frame."""

    def outer(environ: "WSGIEnvironment", start_response: "StartResponse") -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/html")])
        return [f'<!doctype html><iframe src="{url}" {attributes}></iframe>'.encode()]

    with serving(outer) as served:
        context = browser.new_context()
        page = context.new_page()
        page.goto(served.url.replace("127.0.0.1", "localhost"))
        yield page
        context.close()


def test_a_sandboxed_frame_says_what_its_sandbox_must_allow(
    browser: Browser, host: tuple[Served, Faulty]
) -> None:
    host[1].headers = {}
    with framed(browser, host[0].url, 'sandbox="allow-scripts"') as page:
        inner = page.frame_locator("iframe")
        expect(inner.locator("#failure-title")).to_contain_text("sandboxed", timeout=AT_ONCE)
        expect(inner.locator("#failure")).to_contain_text("allow-same-origin")


def test_a_frame_of_another_origin_works(browser: Browser, host: tuple[Served, Faulty]) -> None:
    host[1].headers = {}
    with framed(browser, host[0].url, "") as page:
        inner = page.frame_locator("iframe")
        ends = inner.locator("html[data-state=failed], html[data-state=done]")
        ends.wait_for(state="attached", timeout=BOOT_DEADLINE)
        assert ends.get_attribute("data-state") == "done", inner.locator("#error").text_content()


OLD = {
    "module workers": "const W = Worker; self.Worker = function (url) { return new W(url); };",
    "module workers, refused": """
        const W = Worker;
        self.Worker = class extends W {
          constructor(url, options) {
            if (options && options.type === "module") throw new TypeError("no modules");
            super(url);
          }
        };
    """,
    "OffscreenCanvas": "delete self.OffscreenCanvas;",
    "OffscreenCanvas, without 2d": "OffscreenCanvas.prototype.getContext = () => null;",
    "structuredClone": "delete self.structuredClone;",
    "WebAssembly": "delete self.WebAssembly;",
}


@pytest.mark.parametrize("lacking", OLD)
def test_an_old_browser_is_told_at_once(
    tab: Page, host: tuple[Served, Faulty], lacking: str
) -> None:
    tab.add_init_script(OLD[lacking])
    tab.goto(host[0].url, wait_until="commit")
    name = lacking.split(",")[0]
    expect_failure(tab, "browser is too old", f"no {name}", timeout=AT_ONCE)


@in_chromium
def test_what_a_current_browser_may_lack_keeps_nobody_out(
    tab: Page, host: tuple[Served, Faulty]
) -> None:
    tab.add_init_script("delete self.showOpenFilePicker; delete self.showSaveFilePicker;")
    tab.goto(host[0].url)
    wait_for(tab, "done")


def test_offline_says_what_could_not_be_loaded_and_goes_on(
    tab: Page, host: tuple[Served, Faulty]
) -> None:
    tab.add_init_script(path=SCRIPTS[0])
    tab.goto(host[0].url)
    wait_for(tab, "done")
    tab.context.set_offline(True)
    tab.get_by_role("radio", name="Duet").check(force=True)
    said = "You are offline; envs/duet.py could not be loaded"
    expect(tab.locator("#failure")).to_contain_text(said, timeout=AT_ONCE)
    before = tab.evaluate("pageHistory.length")
    tab.locator("#restart").click()  # which fails, for there is no network yet
    again = "before => pageHistory.slice(before).some(({ state }) => state === 'failed')"
    tab.wait_for_function(again, arg=before, timeout=BOOT_DEADLINE)
    expect(tab.locator("#failure")).to_contain_text("You are offline")
    tab.context.set_offline(False)  # nobody clicks
    expect(tab.locator("html")).to_have_attribute("data-game", "ready", timeout=BOOT_DEADLINE)
    expect(tab.locator("#title")).to_have_text("Duet")


def test_a_boot_that_went_offline_half_way_goes_on_by_itself(
    tab: Page, host: tuple[Served, Faulty]
) -> None:
    served, faults = host
    faults.path, faults.kind = "/envs/cartpole.py", "slow"
    python = re.compile(r"\.asm\.wasm$")
    tab.goto(served.url)
    with tab.expect_request(lambda request: bool(python.search(request.url))):
        pass
    tab.context.set_offline(True)
    expect_failure(tab, "You are offline; .* could not be loaded")
    tab.context.set_offline(False)
    wait_for_done(tab)


def wait_for_done(page: Page) -> None:
    """Waits for the end of the boot, whatever the page said before."""
    expect(page.locator("html")).to_have_attribute("data-state", "done", timeout=BOOT_DEADLINE)
    expect(page.locator("#failure")).to_be_hidden()


MISTAKES = {
    "at its top": ("import no_such_module\n", "no_such_module"),
    "before the page has its listeners": (
        "import app.dom\n1 / 0\n",
        "ZeroDivisionError",
    ),
    "after the page is there": (
        "GOOD\n\n1 / 0\n",
        "ZeroDivisionError",
    ),
    "in a line that cannot be read": ("def broken(:\n", "SyntaxError"),
    "nothing": ("x = 1\n", "came to its end"),
}


@in_chromium
@pytest.mark.parametrize("mistake", MISTAKES)
def test_whatever_main_raises_is_shown(
    browser: Browser, serve_changed: Serve, web_site: Site, mistake: str
) -> None:
    code, said = MISTAKES[mistake]
    code = code.replace("GOOD", (web_site.web / "main.py").read_text("utf-8"))
    with serve_changed({"main.py": code}) as served:
        context = browser.new_context()
        page = context.new_page()
        page.goto(served.url)
        expect_failure(page, said)
        page.evaluate("window.before = true")
        page.locator("#restart").click()  # nobody but the guard hears it
        page.wait_for_function("window.before === undefined")
        expect_failure(page, said)
        context.close()


@in_chromium
@pytest.mark.parametrize("address", ["#%E0%A4%A", "?seed=%&speed=x#Nowhere"])
def test_an_address_that_makes_no_sense_is_ignored(
    tab: Page, host: tuple[Served, Faulty], address: str
) -> None:
    tab.goto(host[0].url + address)
    wait_for(tab, "done")


def test_restart_works_after_a_boot_that_failed(tab: Page, host: tuple[Served, Faulty]) -> None:
    served, faults = host
    faults.path, faults.kind = "/worker.py", "404"
    tab.goto(served.url)
    expect_failure(tab, r"worker\.py could not be loaded: the server answered 404")
    faults.path = None
    tab.locator("#restart").click()
    wait_for_done(tab)
