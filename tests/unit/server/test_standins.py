"""How pygame, which no browser has, resolves."""

import shutil
from pathlib import Path

import pytest

from gymserver.errors import StartError
from gymserver.pins import Pins
from gymserver.standins import VERSIONS, is_standin, offered, write_wheels
from tests.unit.server.test_packages import NATIVE, World, world  # noqa: F401  a fixture
from tests.unit.server.wheels import make_wheel, sha256


@pytest.mark.parametrize("name", VERSIONS)
def test_what_names_pygame_resolves(world: World, name: str) -> None:  # noqa: F811
    make_wheel(world.index, "game", requires=[f"{name}>=2.1.3"])
    packages = world.install("game")
    assert sorted(packages) == ["game", name]
    assert packages[name]["version"] == VERSIONS[name][-1]
    assert packages[name]["imports"] == []
    assert f"{name}: the worker's stand-in, which draws without a display" in world.lines


def test_an_old_version_that_a_package_pins_is_there(world: World) -> None:  # noqa: F811
    make_wheel(world.index, "game", requires=["pygame==2.1.3", "other"])
    make_wheel(world.index, "other", requires=["pygame-ce<2.4"])
    packages = world.install("game")
    assert packages["pygame"]["version"] == "2.1.3"
    assert packages["pygame-ce"]["version"] == "2.3.2"


def test_whoever_names_the_real_one_gets_it(world: World) -> None:  # noqa: F811
    make_wheel(world.index, "game", requires=["pygame-ce>=2", "other"])
    make_wheel(world.index, "other", requires=["pygame"])
    file = make_wheel(world.cdn, "pygame-ce", "2.4", tag=NATIVE, files=["pygame/__init__.py"])
    world.add_native(file, "pygame-ce", version="2.4", imports=["pygame"])
    packages = world.install("game", "pygame_ce")
    assert packages["pygame-ce"]["version"] == "2.4"
    assert packages["pygame-ce"]["imports"] == ["pygame"]
    assert is_standin(packages["pygame"])


def test_whoever_names_the_real_one_hears_that_there_is_none(world: World) -> None:  # noqa: F811
    with pytest.raises(StartError, match=r"^pygame does not exist"):
        world.install("pygame")


def test_the_stand_in_is_not_pinned(world: World) -> None:  # noqa: F811
    make_wheel(world.index, "game", requires=["pygame"])
    world.install("game")
    assert list(Pins.read(world.locked).versions) == ["game"]
    shutil.rmtree(world.cache)
    assert sorted(world.install("game")) == ["game", "pygame"]


def test_the_same_wheels_have_the_same_bytes(tmp_path: Path) -> None:
    hashes = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        write_wheels(folder, offered([]))
        hashes.append({file.name: sha256(file) for file in folder.iterdir()})
    assert hashes[0] == hashes[1]
    assert len(hashes[0]) == sum(map(len, VERSIONS.values()))
