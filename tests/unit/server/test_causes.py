"""What is said when packages do not resolve, or only in an old version: the cause in one line."""

import pytest

from gymserver.errors import StartError
from tests.unit.server.sources import make_source
from tests.unit.server.test_packages import NATIVE, World, world  # noqa: F401  a fixture
from tests.unit.server.wheels import make_wheel

LINUX = "cp313-cp313-manylinux_2_17_x86_64"


def failure(world: World, *requirements: str) -> str:  # noqa: F811
    """Returns the message of an installation that fails."""
    with pytest.raises(StartError) as told:
        world.install(*requirements)
    message = str(told.value)
    assert "\n" not in message
    assert len(message) < 260
    assert not world.locked.exists()
    assert not list(world.cache.glob("packages-*"))
    return message


def test_a_dependency_that_is_compiled_for_other_systems(world: World) -> None:  # noqa: F811
    make_wheel(world.index, "game", requires=["native-game>=2"])
    make_wheel(world.index, "native-game", "2.1", tag=LINUX)
    make_source(world.index, "native-game", "2.1")
    assert failure(world, "game") == (
        "native-game>=2, which game 1.0 needs, is compiled for other systems only and has no wheel "
        "for the browser (Python 3.13.2, Pyodide ABI 2025_0); "
        '`without = ["native-game"]` leaves it out'
    )


def test_the_newest_version_of_many_tells_the_cause(world: World) -> None:  # noqa: F811
    for number in range(12):
        make_wheel(world.index, "game", f"1.{number}", requires=[f"native-{number}>={number}"])
        make_wheel(world.index, f"native-{number}", str(number), tag=LINUX)
    assert failure(world, "game[draw]").startswith(
        "native-11>=11, which game[draw] 1.11 needs, is "
    )


def test_a_dependency_of_a_dependency(world: World) -> None:  # noqa: F811
    make_wheel(world.index, "game", requires=["helper[x]"])
    make_wheel(world.index, "helper", requires=["deep; extra == 'x'"])
    assert failure(world, "game").startswith("deep, which helper[x] 1.0 needs, does not exist")


def test_a_source_says_how_it_would_be_built(world: World) -> None:  # noqa: F811
    make_source(world.index, "board_game")
    assert failure(world, "board-game") == (
        "board-game is published as source only; if that is pure Python, "
        '`build = ["board-game"]` in [worker] makes a wheel of it'
    )


def test_a_package_that_nobody_knows(world: World) -> None:  # noqa: F811
    make_wheel(world.index, "another", tag=LINUX)  # in the same folder
    message = failure(world, "gaem")
    assert message == "gaem does not exist: no package index knows such a package"


def test_a_version_that_does_not_exist_is_told_with_the_newest(world: World) -> None:  # noqa: F811
    for version in ("1.0", "1.9", "1.10", "2.0", "3.0rc1"):
        make_wheel(world.index, "game", version)
    message = failure(world, "game==4")
    assert message == "game==4 does not exist; the newest versions are 1.9, 1.10, 2.0"


def test_a_version_that_only_others_have_is_told_with_the_browser_s(
    world: World,  # noqa: F811
) -> None:
    make_wheel(world.index, "array", "2.0", tag=LINUX)
    world.add_native(make_wheel(world.cdn, "array", tag=NATIVE), "array")
    make_wheel(world.index, "game", requires=["array>=1.5"])
    message = failure(world, "game")
    assert message.startswith("array>=1.5, which game 1.0 needs, is compiled for other systems")
    assert "; for the browser there is 1.0;" in message


def test_a_conflict_names_both_sides(world: World) -> None:  # noqa: F811
    make_wheel(world.index, "one", requires=["game==1"])
    make_wheel(world.index, "two", requires=["game==2"])
    for version in ("1", "2"):
        make_wheel(world.index, "game", version)
    assert failure(world, "one", "two") == (
        "no version of game fits all that need it: one 1.0 asks for game==1, two 1.0 asks for "
        "game==2"
    )


def test_a_conflict_with_the_user(world: World) -> None:  # noqa: F811
    make_wheel(world.index, "one", requires=["game<2"])
    for version in ("1", "2"):
        make_wheel(world.index, "game", version)
    assert "[worker] packages asks for game>=2, one 1.0 asks for game<2" in failure(
        world, "game>=2", "one"
    )


def test_a_native_dependency_out_of_reach(world: World) -> None:  # noqa: F811
    file = make_wheel(world.cdn, "array", tag=NATIVE)
    world.add_native(file, "array")
    file.unlink()
    make_wheel(world.index, "array", tag=LINUX)
    make_wheel(world.index, "game", requires=["array>=1"])
    assert failure(world, "game") == (
        "array>=1, which game 1.0 needs, comes from Pyodide's CDN, which cannot be reached; a "
        "folder with the wheel can be named in PIP_FIND_LINKS"
    )


def test_an_old_version_is_no_way_out_of_an_unreachable_cdn(world: World) -> None:  # noqa: F811
    file = make_wheel(world.cdn, "array", tag=NATIVE)
    world.add_native(file, "array")
    file.unlink()
    make_wheel(world.index, "array", tag=LINUX)
    make_wheel(world.index, "game", "2.0", requires=["array"])
    make_wheel(world.index, "game", "0.1")
    assert "array, which game 2.0 needs, comes from Pyodide's CDN" in failure(world, "game")


def test_an_index_out_of_reach(
    world: World,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_wheel(world.index, "game", requires=["helper"])
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")  # nobody listens
    message = failure(world, "game")
    assert message.startswith("helper, which game 1.0 needs, is not at hand, and pip cannot reach")


def test_an_older_version_than_the_newest_is_told_with_the_reason(world: World) -> None:  # noqa: F811
    make_wheel(world.index, "game", "0.1")
    make_wheel(world.index, "game", "3.11", requires=["scaler>=1.2"])
    make_wheel(world.index, "scaler", "1.3", tag=LINUX)
    assert world.install("game")["game"]["version"] == "0.1"
    [line] = [line for line in world.lines if "rather than" in line]
    assert line.startswith(
        "game 0.1 rather than 3.11: scaler>=1.2, which game 3.11 needs, is compiled for other"
    )
    world.lines.clear()
    world.install("game")  # which is in the cache
    assert world.lines == [line]


def test_an_older_version_is_told_where_the_newest_is_a_source(world: World) -> None:  # noqa: F811
    make_wheel(world.index, "game", requires=["chess"])
    make_wheel(world.index, "chess", "1.10")
    make_source(world.index, "chess", "1.11")
    world.install("game")
    [line] = [line for line in world.lines if "rather than" in line]
    assert line.startswith("chess 1.10 rather than 1.11: chess==1.11 is published as source only;")


def test_what_is_held_back_by_a_requirement_is_not_told(world: World) -> None:  # noqa: F811
    make_wheel(world.index, "game", requires=["helper<2"])
    make_wheel(world.index, "helper", "1.0")
    make_wheel(world.index, "helper", "2.0")
    make_wheel(world.index, "other", "1.0")
    make_wheel(world.index, "other", "2.0")
    make_wheel(world.index, "new", "1.0")
    make_wheel(world.index, "new", "2.0rc1")
    world.add_native(make_wheel(world.cdn, "array", tag=NATIVE), "array")
    make_wheel(world.index, "array", "2.0", tag=LINUX)  # the browser has Pyodide's own
    world.install("game", "other==1.0", "new", "array")
    assert not [line for line in world.lines if "rather than" in line]


@pytest.mark.parametrize("version", ["2.5.6.dev2", "2.10.0rc1"])
def test_a_pre_release_of_pyodide_s_is_taken(world: World, version: str) -> None:  # noqa: F811
    file = make_wheel(world.cdn, "zip-tool", version, tag=NATIVE)
    world.add_native(file, "zip-tool", version=version)
    make_wheel(world.index, "game", "2.0", requires=["zip-tool>=2.3"])
    make_wheel(world.index, "game", "0.1")  # what pip took
    packages = world.install("game")
    assert packages["game"]["version"] == "2.0"
    assert packages["zip-tool"]["version"] == version


def test_other_pre_releases_are_not_taken(world: World) -> None:  # noqa: F811
    file = make_wheel(world.cdn, "zip-tool", "2.0rc1", tag=NATIVE)
    world.add_native(file, "zip-tool", version="2.0rc1")
    make_wheel(world.index, "game", "1.0", requires=["zip-tool"])
    make_wheel(world.index, "game", "2.0rc1")
    make_wheel(world.index, "zip-tool", "2.4")  # newer, and none
    packages = world.install("game")
    assert packages["game"]["version"] == "1.0"
    assert packages["zip-tool"]["version"] == "2.4"
