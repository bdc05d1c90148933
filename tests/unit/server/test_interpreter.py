"""Pyodide starts by a module of our own: without JSPI, with one hash seed, from its own folder."""

import json
import re
import subprocess
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from gymserver.app import create_app
from gymserver.export import export
from gymserver.interpreter import Interpreter
from gymserver.runtime import find_node
from gymserver.site import Site
from tests.unit.server.sites import PYODIDE, client_of

# In the place of pyodide.mjs: tells how it was started.
FAKE = """
export const version = "1.2.3";
export const loadPyodide = async (options) =>
  ({ options, jspi: ["Suspending", "promising"].filter((name) => name in WebAssembly) });
"""
START = """
WebAssembly.Suspending ??= class {};
WebAssembly.promising ??= () => {};
const { loadPyodide, version, ...others } = await import(process.argv[2]);
const started = [await loadPyodide(), await loadPyodide(JSON.parse(process.argv[3]))];
console.log(JSON.stringify({ version, others: Object.keys(others), started }));
"""


def start(module: Path, options: dict[str, Any]) -> Any:
    """Imports a module under Node; tells of it, and of what it calls with no options and these."""
    node = find_node()
    assert node
    arguments = ["--input-type=module", "-", module.as_uri(), json.dumps(options)]
    result = subprocess.run([node, *arguments], input=START, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


# As PyScript does it, where the network is what a test says; tells what came of it.
BROKEN = """
const answers = JSON.parse(process.argv[3]);
globalThis.fetch = async (file) => {
  const [status, type] = answers[String(file).split("/").at(-1)] ?? [0, ""];
  if (!status) throw new TypeError("Failed to fetch");
  const headers = { "Content-Type": type };
  const made = new Response(type === "text/html" ? "no" : MODULE, { status, headers });
  Object.defineProperty(made, "url", { value: String(file) });
  return made;
};
const MODULE = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
let told;
try {
  const { loadPyodide } = await import(process.argv[2]);
  told = await loadPyodide();
} catch (error) {
  told = error.message;
}
console.log(JSON.stringify({ told }));
process.exit();
"""
# Pyodide's ways: it tells the console alone, and waits for ever.
WAITS = """
export const version = "1.2.3";
export const loadPyodide = async ({ indexURL }) => {
  globalThis._createPyodideModule = () => {};
  try {
    const response = fetch(indexURL + "pyodide.asm.wasm");
    const { instance } = await WebAssembly.instantiateStreaming(response, {});
    return instance ? "started" : "";
  } catch {
    return new Promise(() => setTimeout(() => {}, 1000));
  }
};
"""
THROWS = """
export const version = "1.2.3";
export const loadPyodide = async () => { throw new TypeError("Failed to fetch it"); };
"""
# What a runtime of Pyodide asks JavaScript for: texts of its memory, of one or two bytes a letter.
TEXTS = """
export const version = "1.2.3";
export const loadPyodide = async ({ indexURL }) => {
  const memory = new WebAssembly.Memory({ initial: 1 }), told = [];
  let one = false;
  const letters = (array) => (start, length) => {
    one = true;
    return String.fromCharCode(...new array(memory.buffer, start, length));
  };
  const [_python2js_ucs1, _python2js_ucs2] = [Uint8Array, Uint16Array].map(letters);
  const env = { memory, _python2js_ucs1, _python2js_ucs2 };
  await WebAssembly.instantiateStreaming(fetch(indexURL + "pyodide.asm.wasm"), { env });
  memory.grow(1);
  for (const [name, text] of [
    ["_python2js_ucs1", "short"],
    ["_python2js_ucs1", '{"id":"ball"}'.repeat(40)],
    ["_python2js_ucs1", "\\xe9\\xff\\0\\xa0".repeat(40)],
    ["_python2js_ucs1", "\\x80\\x81\\x9f".repeat(40)],
    ["_python2js_ucs2", "\\u2192"],
    ["_python2js_ucs2", "\\ufeff\\u2192\\0\\x80".repeat(40)],
    ["_python2js_ucs2", "\\ud83d\\ude00".repeat(40)],
    ["_python2js_ucs2", "\\ud800a".repeat(40)],
  ]) {
    const array = name.endsWith("1") ? Uint8Array : Uint16Array;
    const place = new array(memory.buffer, 70000, text.length);
    place.forEach((_, i) => (place[i] = text.charCodeAt(i)));
    one = false;
    told.push([env[name](70000, text.length) === text, one]);
  }
  return told;
};
"""
WASM = "pyodide.asm.wasm"


@pytest.mark.parametrize(
    ("pyodide", "answer", "told"),
    [
        (WAITS, {WASM: (404, "text/html")}, r"pyodide\.asm\.wasm could not be loaded: status 404$"),
        (WAITS, {}, r"pyodide\.asm\.wasm could not be loaded: Failed to fetch$"),
        (WAITS, {WASM: (200, "application/octet-stream")}, "^started$"),
        (WAITS, {WASM: (200, "text/html")}, r"pyodide\.asm\.wasm could not be loaded: .*"),
        (WAITS, {WASM: (200, "application/wasm")}, "^started$"),
        (THROWS, {}, r"pyodide\.asm\.js could not be loaded: Failed to fetch it$"),
        ("export const (", {}, r"pyodide\.mjs could not be loaded: .*"),
    ],
)
def test_what_pyodide_tells_the_console_alone_is_why_it_does_not_start(
    tmp_path: Path, pyodide: str, answer: dict[str, tuple[int, str]], told: str
) -> None:
    assert re.search(told, load(pyodide, answer, tmp_path))


def test_it_makes_texts_at_once_where_their_letters_are_the_same(tmp_path: Path) -> None:
    told = load(TEXTS, {WASM: (200, "application/wasm")}, tmp_path)
    assert [same for same, _ in told] == [True] * 8
    del told[3]  # Node's decoder has the same letters, a browser's has not
    assert [one for _, one in told] == [True, False, False, True, False, False, True]


def load(pyodide: str, answer: dict[str, tuple[int, str]], folder: Path) -> Any:
    """Returns what comes of a Pyodide in our module, where the network answers so."""
    (folder / "pyodide.mjs").write_text(pyodide)
    (folder / "interpreter").mkdir()
    ours = folder / "interpreter" / "ours.mjs"
    ours.write_bytes(Interpreter("pyodide.mjs").content)
    node = find_node()
    assert node
    command = [node, "--input-type=module", "-", ours.as_uri(), json.dumps(answer)]
    result = subprocess.run(command, input=BROKEN, capture_output=True, text=True, timeout=20)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)["told"]


def configuration(client: FlaskClient, page: str = "") -> Any:
    return json.loads(unescape(client.get(f"/{page}").text).split("|")[1].partition("</pre>")[0])


def test_it_turns_jspi_off_and_hands_the_rest_on(site: Site, tmp_path: Path) -> None:
    export(site, create_app(site=site), tmp_path / "out")
    folder = tmp_path / "out" / PYODIDE
    (folder / "pyodide.mjs").write_text(FAKE)
    address = Interpreter(f"{PYODIDE}/pyodide.mjs").address
    # As PyScript calls it: with the folder of the module that it was told of.
    options = {"indexURL": "elsewhere", "packages": ["a"], "env": {"LANG": "C"}}
    told = start(tmp_path / "out" / address, options)
    index = folder.as_uri() + "/"
    places = {"indexURL": index, "stdLibURL": index + "python_stdlib.zip"}
    assert told == {
        "version": "1.2.3",
        "others": [],
        "started": [
            {"jspi": [], "options": {**places, "env": {"PYTHONHASHSEED": "0"}}},
            {
                "jspi": [],
                "options": {
                    **places,
                    "packages": ["a"],
                    "env": {"PYTHONHASHSEED": "0", "LANG": "C"},
                },
            },
        ],
    }


def test_pyodide_exports_nothing_else(real_site: Site, tmp_path: Path) -> None:
    assert real_site.runtime
    module = real_site.runtime / real_site.addresses.pyodide / "pyodide.mjs"
    ours = tmp_path / "interpreter" / "ours.mjs"
    ours.parent.mkdir()
    ours.write_bytes(Interpreter(module.as_uri()).content)
    node = find_node()
    assert node
    script = (
        "for (const m of process.argv.slice(2)) console.log(Object.keys(await import(m)).sort())"
    )
    command = [node, "--input-type=module", "-", module.as_uri(), ours.as_uri()]
    result = subprocess.run(command, input=script, capture_output=True, text=True)
    theirs, same = result.stdout.splitlines()
    assert theirs == same == "[ 'loadPyodide', 'version' ]"


def test_it_is_served_for_good_under_an_address_that_changes_with_it(
    client: FlaskClient, site: Site
) -> None:
    address = configuration(client)["worker"]["interpreter"]
    assert re.fullmatch(r"interpreter/pyodide-[0-9a-f]{16}\.mjs", address)
    answer = client.get(f"/{address}")
    assert answer.data == Interpreter(f"{PYODIDE}/pyodide.mjs").content
    assert answer.mimetype == "text/javascript"
    assert "immutable" in answer.headers["Cache-Control"]
    (site.web / "pyscript.toml").write_text('[worker]\ninterpreter = "own/pyodide.mjs"\n')
    assert configuration(client)["worker"]["interpreter"] != address
    assert client.get(f"/{address}").status_code == 404
    assert client.get("/interpreter/other.mjs").status_code == 404


def test_a_page_in_a_folder_finds_the_same(client: FlaskClient, site: Site) -> None:
    (site.web / "sub" / "page.html").write_text("<pre>|{{ site.config }}</pre>\n")
    below, above = configuration(client, "sub/page.html"), configuration(client)
    assert below["interpreter"] == "../" + above["interpreter"]
    assert below["worker"]["interpreter"] == "../" + above["worker"]["interpreter"]


@pytest.mark.parametrize(
    ("module", "imported"),
    [
        ("own/pyodide.mjs", "../own/pyodide.mjs"),
        ("/own/pyodide.mjs", "/own/pyodide.mjs"),
        ("https://example.org/a'b\"c/pyodide.mjs", "https://example.org/a'b\"c/pyodide.mjs"),
    ],
)
def test_a_pyodide_of_the_user_s_own_is_started_by_it_too(
    client: FlaskClient, site: Site, module: str, imported: str
) -> None:
    text = f"interpreter = {json.dumps(module)}\n"
    (site.web / "pyscript.toml").write_text(text + f"[worker]\n{text}")
    config = configuration(client)
    assert config["interpreter"] == config["worker"]["interpreter"]
    answer = client.get(f"/{config['interpreter']}")
    assert f"new URL({json.dumps(imported)}, import.meta.url)" in answer.text


def test_with_the_cdn_it_is_served_here_and_names_the_cdn(site: Site, tmp_path: Path) -> None:
    site = Site(site.web, site.versions)
    (site.web / "sub" / "page.html").write_text("<pre>|{{ site.config }}</pre>\n")
    client = client_of(site)
    address = configuration(client)["worker"]["interpreter"]
    assert configuration(client, "sub/page.html")["worker"]["interpreter"] == f"../{address}"
    text = client.get(f"/{address}").text
    assert 'new URL("https://cdn.jsdelivr.net/pyodide/v0.29.5/full/pyodide.mjs"' in text
    export(site, create_app(site=site), tmp_path / "out")
    assert (tmp_path / "out" / address).read_text() == text
