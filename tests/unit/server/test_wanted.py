"""What `[worker]` says of packages besides their names: `build`, `without`, Python's own parts."""

import zipfile
from pathlib import Path

import pytest

from gymserver.errors import StartError
from gymserver.pins import Pins
from gymserver.settings import Settings
from tests.unit.server.sites import make_web
from tests.unit.server.sources import make_source
from tests.unit.server.test_packages import NATIVE, World, world  # noqa: F401  a fixture
from tests.unit.server.wheels import make_wheel, sha256

LINUX = "cp313-cp313-manylinux_2_17_x86_64"


def test_a_source_is_built_if_the_user_says_so_and_its_needs_are_met(world: World) -> None:  # noqa: F811
    make_wheel(world.index, "game", requires=["chess>=1"])
    make_wheel(world.index, "chess", "1.0")
    source = make_source(world.index, "chess", "1.11", requires=["helper"])
    make_wheel(world.index, "helper")
    packages = world.install("game", build=("Chess",))
    assert sorted(packages) == ["chess", "game", "helper"]
    assert packages["chess"]["version"] == "1.11"
    assert packages["chess"]["file_name"].endswith("/chess-1.11-py3-none-any.whl")
    assert packages["chess"]["depends"] == ["helper"]
    assert Pins.read(world.locked).hashes["chess"] == {sha256(source)}


def test_no_other_source_is_built(world: World) -> None:  # noqa: F811
    make_source(world.index, "chess")
    make_source(world.index, "other")
    with pytest.raises(StartError, match="^other is published as source only"):
        world.install("chess", "other", build=("chess",))


def test_a_source_with_compiled_code_is_refused(world: World) -> None:  # noqa: F811
    make_source(world.index, "chess", tag=LINUX)
    with pytest.raises(StartError, match=r"^chess-1\.0\.tar\.gz holds code to be compiled"):
        world.install("chess", build=("chess",))


def test_a_build_that_fails_says_why(world: World) -> None:  # noqa: F811
    make_source(world.index, "chess", fails="this needs a compiler")
    with pytest.raises(StartError, match="^cannot build chess.*this needs a compiler"):
        world.install("chess", build=("chess",))


def test_a_changed_source_is_refused(world: World) -> None:  # noqa: F811
    make_source(world.index, "chess")
    world.install("chess", build=("chess",))
    make_source(world.index, "chess", requires=["helper"])
    make_wheel(world.index, "helper")
    world.cache.rename(world.cache.with_name("old"))
    with pytest.raises(StartError, match=r"helper.* --update`|chess 1\.0 does not have the hash"):
        world.install("chess", build=("chess",))


def test_a_name_to_build_that_nothing_needs_is_told(world: World) -> None:  # noqa: F811
    make_wheel(world.index, "game")
    world.install("game", build=("ches",))
    assert "[worker] build: nothing needs ches" in world.lines


def test_a_dependency_is_left_out(world: World) -> None:  # noqa: F811
    make_wheel(world.index, "game", requires=["Native.Game>=2", "helper"])
    make_wheel(world.index, "helper", requires=["native_game"])
    packages = world.install("game", without=("native-game",))
    assert {name: entry["depends"] for name, entry in packages.items()} == {
        "game": ["helper"],
        "helper": [],
    }


def test_what_pyodide_s_own_packages_need_is_left_out_too(world: World) -> None:  # noqa: F811
    file = make_wheel(world.cdn, "array", tag=NATIVE)
    world.add_native(file, "array", depends=["libx", "clock"])
    world.add_native(file, "clock")
    library = world.cdn / "libx-1.0.zip"
    with zipfile.ZipFile(library, "w") as archive:
        archive.writestr("libx.so", "x")
    world.add_native(library, "libx", package_type="shared_library")
    assert sorted(world.install("array", without=("clock",))) == ["array", "libx"]


def test_parts_of_the_standard_library_come_from_pyodide_whatever_an_index_has(
    world: World,  # noqa: F811
) -> None:
    make_wheel(world.index, "ssl", "9.0")  # somebody's package of that name
    file = make_wheel(world.cdn, "ssl", tag=NATIVE)
    world.add_native(file, "ssl", package_type="cpython_module", depends=["libopenssl"])
    library = world.cdn / "libopenssl-1.1.1w.zip"
    with zipfile.ZipFile(library, "w") as archive:
        archive.writestr("libssl.so", "x")
    world.add_native(library, "libopenssl", package_type="shared_library", version="1.1.1w")
    make_wheel(world.index, "game")
    packages = world.install("game", "ssl")
    assert packages["ssl"]["version"] == "1.0"
    assert packages["ssl"]["depends"] == ["libopenssl"]
    world.cache.rename(world.cache.with_name("old"))
    assert world.install("game", "ssl") == packages  # as the lock file has it


def test_a_part_of_the_standard_library_out_of_reach(world: World) -> None:  # noqa: F811
    file = make_wheel(world.cdn, "ssl", tag=NATIVE)
    world.add_native(file, "ssl", package_type="cpython_module")
    file.unlink()
    with pytest.raises(StartError, match="^ssl comes from Pyodide's CDN, which cannot be reached"):
        world.install("ssl")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("build = 'chess'", r'line 3: build must be a list of names in quotes, \["chess"\]'),
        ("build = ['chess==1']", "line 3: build must be a list of names without a version, not"),
        ("without = ['a b']", "line 3: without must be a list of names without a version, not"),
        ("without = ['PKG']", "line 3: without must be names that packages does not ask for"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, line: str, message: str) -> None:
    web = make_web(tmp_path / "web", f'[worker]\npackages = ["pkg"]\n{line}\n')
    with pytest.raises(StartError, match=message):
        Settings.read(web)


def test_the_settings_say_what_is_wanted(tmp_path: Path) -> None:
    toml = '[worker]\npackages = ["pkg"]\nbuild = ["chess"]\nwithout = ["pandas"]\n'
    wanted = Settings.read(make_web(tmp_path / "web", toml)).wanted
    assert (wanted.packages, wanted.build, wanted.without) == (("pkg",), ("chess",), ("pandas",))
