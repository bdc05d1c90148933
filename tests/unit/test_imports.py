"""Imports point one way, and only the rooms `js` touch JavaScript."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from gymserver.site import ROOT

WEB = ROOT / "web"
LIBRARY = WEB / "gymworker"
JAVASCRIPT = {"js", "pyscript", "polyscript", "pyodide_js", "pyodide.ffi"}

# What touches JavaScript, and why.
BORDERS = {
    "page/js/": JAVASCRIPT,
    "worker/js/": JAVASCRIPT,
}

# Each room, and the rooms that it may import from.
ROOMS = {
    "errors": set[str](),
    "protocol": set[str](),
    "shapes": set[str](),
    "keynames": set[str](),
    "codec": {"errors", "codec"},
    "recording": {"errors", "codec", "recording"},
    "envelope": {"errors", "protocol", "codec"},
    "surface": {"surface"},
    "pygame": {"worker", "pygame"},
    "page": {"errors", "protocol", "keynames", "codec", "envelope", "recording", "page"},
    "worker": {
        "errors",
        "protocol",
        "shapes",
        "keynames",
        "codec",
        "envelope",
        "recording",
        "surface",
        "worker",
    },
}

MODULES = sorted(file.relative_to(LIBRARY).as_posix() for file in LIBRARY.rglob("*.py"))


def imports(file: Path) -> set[str]:
    """The absolute names of the modules that a file imports, anywhere in it."""
    package = ("gymworker", *file.relative_to(LIBRARY).parent.parts)
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*base, *([node.module] if node.module else [])])
            found |= {f"{module}.{alias.name}" for alias in node.names}
    return found


def room(module: str) -> str:
    return module.split(".")[1] if module.count(".") else ""


def test_every_module_is_in_a_room() -> None:
    assert {Path(module).parts[0].removesuffix(".py") for module in MODULES} == {*ROOMS, "__init__"}


@pytest.mark.parametrize("module", [m for m in MODULES if m != "__init__.py"])
def test_imports_point_one_way(module: str) -> None:
    here = Path(module).parts[0].removesuffix(".py")
    ours = {name for name in imports(LIBRARY / module) if name.split(".")[0] == "gymworker"}
    assert {name for name in ours if room(name) not in ROOMS[here]} == set()


def test_the_package_itself_loads_only_errors() -> None:
    tree = ast.parse((LIBRARY / "__init__.py").read_text("utf-8"))
    at_once = [node.module for node in tree.body if isinstance(node, ast.ImportFrom)]
    assert at_once == ["errors"]


@pytest.mark.parametrize("module", MODULES)
def test_only_the_borders_touch_javascript(module: str) -> None:
    touched = {
        name
        for name in JAVASCRIPT
        for imported in imports(LIBRARY / module)
        if imported == name or imported.startswith(name + ".")
    }
    assert touched <= {
        n for room, names in BORDERS.items() if module.startswith(room) for n in names
    }


def test_every_border_is_there() -> None:
    for border in BORDERS:
        assert [module for module in MODULES if module.startswith(border)]


def test_no_module_of_the_library_imports_an_entry() -> None:
    entries = {file.stem for file in WEB.glob("*.py")}
    for module in MODULES:
        assert not {name.split(".")[0] for name in imports(LIBRARY / module)} & entries


def test_a_page_loads_games_when_it_asks_for_one() -> None:
    ask = "import sys, gymworker.page.client; print(*sys.modules)"
    command = [sys.executable, "-c", ask]
    loaded = subprocess.run(command, cwd=WEB, capture_output=True, text=True, check=True).stdout
    assert "gymworker.page.games" in loaded.split()
    late = ("game", "game_fields", "checkpoint", "steering")
    assert not {f"gymworker.page.{name}" for name in late} & set(loaded.split())
