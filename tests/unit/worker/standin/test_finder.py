"""Who answers `import pygame`."""

import importlib
import importlib.util
import sys
from collections.abc import Iterator
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from typing import Any

import gymworker
import pytest
from gymworker.worker import standin


class Hidden(PathFinder):
    """Finds all but pygame, as where none is installed."""

    @classmethod
    def find_spec(cls, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        return None if name == "pygame" else super().find_spec(name, path, target)


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Modules and finders as they were, once a test is over."""
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    monkeypatch.setattr(standin, "show", None)
    monkeypatch.setattr(standin, "writer", None)
    before = {name: module for name, module in sys.modules.items() if _is_pygame(name)}
    for name in before:
        del sys.modules[name]
    yield
    for name in [name for name in sys.modules if _is_pygame(name)]:
        del sys.modules[name]
    sys.modules.update(before)


def unwanted(folder: Path) -> None:
    raise AssertionError("it is there already")


def _is_pygame(name: str) -> bool:
    return name.split(".")[0] == "pygame"


def test_a_real_pygame_wins() -> None:
    standin.install(None, None, unwanted)
    spec = importlib.util.find_spec("pygame")
    assert spec is not None
    assert spec.origin is not None
    assert Path(gymworker.__file__).parent not in Path(spec.origin).parents


def test_where_there_is_none_the_stand_in_is_found() -> None:
    sys.meta_path[:] = [Hidden if finder is PathFinder else finder for finder in sys.meta_path]
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("pygame")
    standin.install(None, None, unwanted)
    standin.install(None, None, unwanted)
    assert [type(finder).__name__ for finder in sys.meta_path].count("Finder") == 1
    pygame = importlib.import_module("pygame")
    assert pygame.version.rev == "gymworker"
    gfxdraw = importlib.import_module("pygame.gfxdraw")
    assert pygame.gfxdraw is gfxdraw
    assert pygame.draw.Surface is pygame.Surface


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("import pygame.camera", "pygame.camera"),
        ("import pygame._sdl2.video", "pygame._sdl2"),
        ("from pygame._sdl2 import Window, Renderer", "pygame._sdl2"),
        ("from pygame import mask", "pygame.mask"),
        ("from pygame import draw, PixelArray", "pygame.PixelArray"),
    ],
)
def test_what_it_lacks_names_itself_and_what_to_do(line: str, name: str) -> None:
    sys.meta_path[:] = [Hidden if finder is PathFinder else finder for finder in sys.meta_path]
    standin.install(None, None, unwanted)
    with pytest.raises(ImportError) as caught:
        exec(line, {})
    assert str(caught.value).startswith(name + " is not there: this pygame is gymworker's stand-in")
    assert "add pygame-ce to [worker] packages" in str(caught.value)


def test_what_a_real_pygame_lacks_is_not_ours_to_say() -> None:
    standin.install(None, None, unwanted)
    importlib.import_module("pygame")
    with pytest.raises(ModuleNotFoundError, match=r"No module named 'pygame\.nothing'"):
        importlib.import_module("pygame.nothing")


def test_its_modules_load_when_they_are_used() -> None:
    sys.meta_path[:] = [Hidden if finder is PathFinder else finder for finder in sys.meta_path]
    standin.install(None, None, unwanted)
    pygame = importlib.import_module("pygame")
    assert "pygame.sprite" not in sys.modules
    assert pygame.sprite.Group()._sprites == {}
    assert "pygame.freetype" not in sys.modules


def test_no_other_name_is_found() -> None:
    assert standin.Finder(Path("anywhere"), unwanted).find_spec("numpy") is None


def test_it_is_fetched_when_somebody_imports_it(tmp_path: Path) -> None:
    library = tmp_path / "library"
    library.mkdir()
    fetched = []

    def fetch(folder: Path) -> None:
        fetched.append(folder)
        (library / "pygame").mkdir()
        (library / "pygame" / "__init__.py").touch()

    finder = standin.Finder(library, fetch)
    assert PathFinder.find_spec("other", [str(library)]) is None  # which remembers the folder
    assert finder.find_spec("numpy") is None
    assert fetched == []
    for _ in range(2):
        spec = finder.find_spec("pygame")
        assert spec is not None
        assert spec.origin == str(library / "pygame" / "__init__.py")
    assert fetched == [tmp_path]


def test_one_that_cannot_be_fetched_is_no_missing_package(tmp_path: Path) -> None:
    def fetch(folder: Path) -> None:
        raise OSError("bundle/later-0.tar.gz could not be loaded: status 404")

    finder = standin.Finder(tmp_path, fetch)
    with pytest.raises(OSError, match="status 404"):
        finder.find_spec("pygame")


def test_where_no_site_offers_it_there_is_none(tmp_path: Path) -> None:
    assert standin.Finder(tmp_path, lambda folder: None).find_spec("pygame") is None
