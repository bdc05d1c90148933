"""What the application answers, and with which headers."""

import gzip
import json
import re
from html import unescape
from pathlib import Path

import brotli
import pytest
import zstandard
from flask.testing import FlaskClient

from gymserver.app import create_app
from gymserver.errors import StartError
from gymserver.interpreter import Interpreter
from gymserver.public import public_file
from gymserver.runtime import Versions
from gymserver.site import Site
from tests.unit.server.sites import PYODIDE, client_of, listening

WASM = f"/{PYODIDE}/pyodide.asm.wasm"
WHEEL = "/wheels/0123456789abcdef/pkg-1.0-py3-none-any.whl"
LOCK = f"/{PYODIDE}/pyodide-lock.json"


@pytest.mark.parametrize("address", ["/", "/main.py", "/pyscript.toml", LOCK, WASM])
def test_an_unchanged_file_is_not_sent_again(client: FlaskClient, address: str) -> None:
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")


def test_an_edited_file_is_sent_at_the_next_visit(client: FlaskClient, site: Site) -> None:
    tag = client.get("/main.py").headers["ETag"]
    (site.web / "main.py").write_text("print('edited')\n")
    again = client.get("/main.py", headers={"If-None-Match": tag})
    assert (again.status_code, again.text) == (200, "print('edited')\n")


@pytest.mark.parametrize("address", ["/", "/main.py", "/sub/page.html", LOCK])
def test_what_can_change_is_revalidated(client: FlaskClient, address: str) -> None:
    assert client.get(address).headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("address", [WASM, WHEEL])
def test_what_is_versioned_is_immutable(client: FlaskClient, address: str) -> None:
    control = client.get(address).headers["Cache-Control"]
    assert "immutable" in control
    assert int(re.findall(r"max-age=(\d+)", control)[0]) >= 365 * 24 * 3600


@pytest.mark.parametrize("address", ["/main.py", WASM])
def test_a_range_is_served(client: FlaskClient, address: str) -> None:
    whole = client.get(address, headers={"Accept-Encoding": "identity"}).data
    part = client.get(address, headers={"Accept-Encoding": "identity", "Range": "bytes=2-5"})
    assert (part.status_code, part.data) == (206, whole[2:6])
    assert part.headers["Content-Range"] == f"bytes 2-5/{len(whole)}"


@pytest.mark.parametrize(
    ("accepted", "encoding", "decode"),
    [
        ("zstd", "zstd", zstandard.decompress),
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("identity", None, bytes),
    ],
)
def test_a_big_file_is_sent_in_an_encoding_that_the_browser_knows(
    client: FlaskClient, site: Site, accepted: str, encoding: str | None, decode: object
) -> None:
    answer = client.get(WASM, headers={"Accept-Encoding": accepted})
    assert callable(decode)
    assert site.runtime
    assert answer.headers.get("Content-Encoding") == encoding
    assert answer.headers["Content-Type"] == "application/wasm"
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert decode(answer.data) == (site.runtime / WASM[1:]).read_bytes()


def test_a_file_without_compressed_copies_has_no_encoding(client: FlaskClient) -> None:
    answer = client.get(WHEEL, headers={"Accept-Encoding": "gzip, br"})
    assert answer.data == b"PK wheel"
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("a.js", "text/javascript"),
        ("a.mjs", "text/javascript"),
        ("a.wasm", "application/wasm"),
        ("a.py", "text/x-python"),
        ("a.toml", "text/plain"),
        ("a.css", "text/css"),
        ("a.html", "text/html"),
        ("a.svg", "image/svg+xml"),
        ("a.ico", "image/x-icon"),
        ("a.json", "application/json"),
        ("a.js.map", "application/json"),
        ("a.whl", "application/zip"),
        ("a.bin", "application/octet-stream"),
    ],
)
def test_media_types_are_right_in_both_kinds_of_folder(
    site: Site, name: str, media_type: str
) -> None:
    assert site.runtime
    for folder in (site.web, site.runtime / "runtime"):
        (folder / name).write_text("ä", "utf-8")
    client = client_of(site)
    for address in (f"/{name}", f"/runtime/{name}"):
        answer = client.get(address)
        assert answer.mimetype == media_type
        if media_type.startswith("text/"):
            assert answer.mimetype_params["charset"] == "utf-8"


@pytest.mark.parametrize(
    "address", ["/", "/main.py", "/missing", "/../x", "/runtime/", "/broken.html", LOCK, WASM]
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
def test_no_response_isolates_the_page(site: Site, address: str, method: str) -> None:
    (site.web / "broken.html").write_text("{% nonsense %}")
    answer = client_of(site).open(address, method=method)
    names = {name.lower() for name in answer.headers.keys()}  # noqa: SIM118 - pairs otherwise
    assert not names & {
        "cross-origin-opener-policy",
        "cross-origin-embedder-policy",
        "cross-origin-resource-policy",
        "x-frame-options",
    }
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"]
    assert "frame-ancestors" not in answer.headers["Content-Security-Policy"]


def test_the_policy_names_no_other_host_unless_the_cdn_is_asked_for(
    client: FlaskClient, site: Site
) -> None:
    own = client.get("/").headers["Content-Security-Policy"]
    cdn = client_of(Site(site.web, site.versions))
    assert "https:" not in own
    assert "https://cdn.jsdelivr.net" in cdn.get("/").headers["Content-Security-Policy"]


def test_status_codes_of_wrong_requests(client: FlaskClient) -> None:
    assert client.get("/missing.py").status_code == 404
    assert client.post("/").status_code == 405
    assert client.post(WASM).status_code == 405
    assert client.get("/sub").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/.hidden",
        "/sub/.hidden",
        "/.git/config",
        "/%2ehidden",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e%2fsecret.txt",
        "/sub/../../secret.txt",
        "/..%5csecret.txt",
        "/sub/..%2f..%2fsecret.txt",
        "//secret.txt",
        "/%00",
        "/main.py%00.html",
        "/%ff%fe",
        "/C:/secret.txt",
        "/main.py::$DATA",
        "/link-out.txt",
        "/link-folder/secret.txt",
        "/link-hidden.txt",
        "/link-circle",
        "/" + "a" * 5000,
        "/runtime/../secret.txt",
        "/runtime/..%2f..%2fsecret.txt",
        "/wheels/../pyodide-lock.json",
        f"/{PYODIDE}/..%2f..%2f..%2f..%2fsecret.txt",
    ],
)
def test_nothing_outside_the_served_folders_can_be_read(site: Site, address: str) -> None:
    secret = site.web.parent / "secret.txt"
    secret.write_text("SECRET")
    for hidden in (site.web / ".hidden", site.web / "sub" / ".hidden"):
        hidden.write_text("SECRET")
    (site.web / ".git").mkdir()
    (site.web / ".git" / "config").write_text("SECRET")
    (site.web / "link-out.txt").symlink_to(secret)
    (site.web / "link-folder").symlink_to(secret.parent, target_is_directory=True)
    (site.web / "link-hidden.txt").symlink_to(site.web / ".hidden")
    (site.web / "link-circle").symlink_to(site.web / "link-circle")
    with listening(create_app(site=site)) as connect:
        connection = connect()
        connection.putrequest("GET", address, skip_host=True)  # sent as it stands
        connection.putheader("Host", "localhost")
        connection.endheaders()
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
    assert answer.status in (308, 400, 404)
    assert b"SECRET" not in body
    assert b"packages" not in body


def test_a_link_that_stays_inside_is_served(client: FlaskClient, site: Site) -> None:
    (site.web / "alias.py").symlink_to(site.web / "main.py")
    assert client.get("/alias.py").status_code == 200


def test_a_folder_is_served_by_its_index_page(site: Site) -> None:
    (site.web / "sub" / "index.html").write_text("x")
    assert public_file(site.web, "sub/") == site.web / "sub" / "index.html"


def test_the_page_learns_where_everything_is(client: FlaskClient) -> None:
    pyscript, text = unescape(client.get("/").text).removeprefix("<pre>").split("|")
    config = json.loads(text.partition("</pre>")[0])
    worker = config["worker"]
    assert pyscript == "runtime/pyscript-0.7.31/"
    assert config["interpreter"] == "runtime/micropython-1.28.0-6/micropython.mjs"
    assert worker["interpreter"] == Interpreter(f"{PYODIDE}/pyodide.mjs").address
    assert worker["packages"] == ["pkg"]
    assert "micropip" not in worker
    assert [Path(file["url"]).name for file in worker["downloads"]] == [
        "pyodide.mjs",
        "pyodide.asm.js",
        "pyodide.asm.wasm",
        "python_stdlib.zip",
        "pyodide-lock.json",
        "pkg-1.0-py3-none-any.whl",
    ]
    for file in worker["downloads"]:
        answer = client.get("/" + file["url"], headers={"Accept-Encoding": "identity"})
        assert len(answer.data) == file["bytes"]


def test_a_page_in_a_folder_gets_addresses_that_lead_up(client: FlaskClient) -> None:
    assert client.get("/sub/page.html").text == "../runtime/pyscript-0.7.31/"


def test_a_page_in_capitals_is_a_page(client: FlaskClient, site: Site) -> None:
    (site.web / "sub" / "PAGE.HTML").write_text("{{ site.pyscript }}|{{ site.config }}")
    answer = client.get("/sub/PAGE.HTML")
    assert answer.mimetype == "text/html"
    assert answer.text.startswith("../runtime/pyscript-0.7.31/|{&#34;")


def test_with_the_cdn_the_packages_are_left_to_micropip(site: Site) -> None:
    cdn = Site(site.web, Versions("1.2.3", "4.5.6", "7.8.9"))
    text = unescape(client_of(cdn).get("/").text)
    config = json.loads(text.split("|")[1].partition("</pre>")[0])
    assert config["worker"] == {
        "interpreter": Interpreter(
            "https://cdn.jsdelivr.net/pyodide/v7.8.9/full/pyodide.mjs"
        ).address,
        "packages": ["pkg"],
        "downloads": [],
        "micropip": True,
    }
    assert "@pyscript/core@1.2.3/dist/" in text


def test_a_mistake_in_a_template_is_shown_with_its_place(client: FlaskClient, site: Site) -> None:
    (site.web / "sub" / "page.html").write_text("one\n{% nonsense %}\n")
    answer = client.get("/sub/page.html")
    assert answer.status_code == 500
    assert "page.html, line 2" in answer.text


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("sub/page.html", b"{% nonsense %}"),
        ("sub/page.html", b"{{ a.b.c }}"),
        ("sub/page.html", b"{% include 'missing.html' %}"),
        ("sub/page.html", b"\xff\xfe"),
        ("pyscript.toml", b"oops = ["),
        ("pyscript.toml", b"\xff\xfe"),
        ("pyscript.toml", b'[files]\n"*.nothing" = ""'),
        ("pyscript.toml", b'[[environments]]\nname = "a"\nfile = "no.py"'),
        ("pyscript.toml", None),
        ("main.py", None),
    ],
)
def test_no_mistake_tells_a_visitor_where_the_files_lie(
    site: Site, name: str, content: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(site)
    if content is None:
        (site.web / name).unlink()
    else:
        (site.web / name).write_bytes(content)
    if name == "main.py":  # as if it had gone after the look
        monkeypatch.setattr("gymserver.app.public_file", lambda web, name: web / name)
    answer = client.get("/" + name if name != "pyscript.toml" else "/")
    assert answer.status_code == 500
    assert (
        Path(name).name in answer.text or "missing.html" in answer.text or name == "sub/page.html"
    )
    assert str(site.web) not in answer.text
    assert not re.search(r"(?<![\w.])/\w", answer.text)


def test_a_configuration_broken_while_serving_is_shown_and_can_be_mended(
    client: FlaskClient, site: Site
) -> None:
    file = site.web / "pyscript.toml"
    good = file.read_text()
    file.write_text("oops = [")
    broken = client.get("/")
    file.write_text(good)
    assert broken.status_code == 500
    assert "pyscript.toml is not valid TOML" in broken.text
    assert client.get("/").status_code == 200


def test_a_changed_list_of_packages_asks_for_a_restart(
    client: FlaskClient, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    client.get("/")
    assert not caplog.records
    (site.web / "pyscript.toml").write_text('[worker]\npackages = ["pkg", "more"]\n')
    client.get("/")
    assert "restart the server" in caplog.text


def test_an_unreadable_file_is_an_error_at_the_start(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Permissions do not bind an administrator, who may run the tests.
    monkeypatch.setattr("os.access", lambda file, mode: Path(file).name != "main.py")
    with pytest.raises(StartError, match=r"cannot read .*main\.py: permission denied"):
        Site.prepare(site.web, cdn=True)


def test_a_first_visit_moves_at_most_half_of_the_runtime(real_site: Site) -> None:
    client = client_of(real_site)
    micropython = real_site.addresses.micropython
    names = [file["url"] for file in real_site.files if file["url"].startswith("runtime/")]
    names += [micropython + "micropython.mjs", micropython + "micropython.wasm"]
    names += [real_site.addresses.pyscript + "core.js"]
    for accepted in ("zstd", "br", "gzip"):
        raw = moved = 0
        for name in names:
            raw += len(client.get(f"/{name}", headers={"Accept-Encoding": "identity"}).data)
            moved += len(client.get(f"/{name}", headers={"Accept-Encoding": accepted}).data)
        assert moved <= raw / 2


def test_waitress_serves_the_real_site(real_site: Site) -> None:
    with listening(create_app(site=real_site)) as connect:
        for file in [{"url": "", "bytes": None}, *real_site.files]:
            connection = connect()
            connection.request("GET", f"/{file['url']}", headers={"Accept-Encoding": "identity"})
            answer = connection.getresponse()
            body = answer.read()
            connection.close()
            assert answer.status == 200
            assert file["bytes"] in (None, len(body))
