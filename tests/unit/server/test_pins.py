"""The lock file beside `pyscript.toml`: the same site elsewhere and later, and made anew."""

import shutil
import subprocess

import pytest

from gymserver.causes import LOCK
from gymserver.errors import StartError
from gymserver.pins import Pins, asked
from gymserver.runtime import read_lock
from gymserver.settings import Settings
from gymserver.site import ROOT, Site
from tests.unit.server.test_packages import NATIVE, World, world  # noqa: F401  a fixture
from tests.unit.server.wheels import make_wheel, sha256


@pytest.fixture
def elsewhere(world: World) -> World:  # noqa: F811
    """A machine that got a game's lock file, another day: there are newer versions."""
    make_wheel(world.index, "game", requires=["helper"])
    make_wheel(world.index, "helper")
    world.install("game")
    world.lines.clear()
    shutil.rmtree(world.cache)
    for name in ("game", "helper"):
        make_wheel(world.index, name, "2.0")
    return world


def versions(world: World, *requirements: str, update: bool = False) -> dict[str, str]:  # noqa: F811
    packages = world.install(*requirements, update=update)
    return {name: entry["version"] for name, entry in packages.items()}


def test_the_lock_file_has_versions_and_hashes_and_no_addresses(world: World) -> None:  # noqa: F811
    file = make_wheel(world.index, "game")
    world.install("game")
    assert world.locked.read_text() == (
        "# The worker's packages, as they were resolved; "
        "`python server.py --update` makes it anew.\n"
        '# for: Python 3.13.2, Pyodide ABI 2025_0, packages = ["game"]\n'
        f"game==1.0 \\\n    --hash=sha256:{sha256(file)}\n"
    )


def test_the_same_site_elsewhere_and_later(elsewhere: World) -> None:
    text = elsewhere.locked.read_text()
    assert versions(elsewhere, "game") == {"game": "1.0", "helper": "1.0"}
    assert elsewhere.locked.read_text() == text
    assert elsewhere.lines == ["fetching game with pip, as pyscript.lock pins them ..."]


def test_an_update_takes_the_newest_and_says_what_changed(elsewhere: World) -> None:
    assert versions(elsewhere, "game", update=True) == {"game": "2.0"}
    assert elsewhere.lines[-1] == ("pyscript.lock made anew; game 1.0 is 2.0 now, helper is gone")
    assert Pins.read(elsewhere.locked).versions == {"game": "2.0"}


def test_an_update_without_news_leaves_the_file(world: World) -> None:  # noqa: F811
    make_wheel(world.index, "game")
    world.install("game")
    text = world.locked.read_text()
    world.lines.clear()
    world.install("game", update=True)
    assert world.locked.read_text() == text
    assert world.lines == ["resolving game with pip ..."]


def test_another_package_leaves_the_others_as_they_are(elsewhere: World) -> None:
    make_wheel(elsewhere.index, "more", "3.0")
    assert versions(elsewhere, "game", "more") == {"game": "1.0", "helper": "1.0", "more": "3.0"}
    assert elsewhere.lines[-1] == (
        "pyscript.lock made anew, since it was for Python 3.13.2, Pyodide ABI 2025_0, packages = "
        '["game"]; more 3.0 is new'
    )


def test_another_version_is_taken_where_the_user_asks_for_it(elsewhere: World) -> None:
    assert versions(elsewhere, "game>=2") == {"game": "2.0"}


def test_what_is_pinned_gives_way_where_it_no_longer_fits(elsewhere: World) -> None:
    make_wheel(elsewhere.index, "more", requires=["helper>=2"])
    assert versions(elsewhere, "game", "more")["helper"] == "2.0"


def test_a_wheel_that_is_not_what_was_pinned_is_refused_by_name(elsewhere: World) -> None:
    make_wheel(elsewhere.index, "helper", files=["helper/other.py"])
    for requirements in (["game"], ["game", "more"]):
        make_wheel(elsewhere.index, "more")
        with pytest.raises(
            StartError, match=r"^helper 1\.0 does not have the hash in pyscript\.lock"
        ):
            elsewhere.install(*requirements)
    assert not list(elsewhere.cache.glob("packages-*"))


def test_a_dependency_that_is_not_pinned_is_refused(elsewhere: World) -> None:
    text = elsewhere.locked.read_text()
    elsewhere.locked.write_text(text.partition("helper==")[0])
    with pytest.raises(StartError, match=r"^pyscript\.lock has no helper, and 2\.0 .*--update`"):
        elsewhere.install("game")


def test_a_pinned_version_that_is_gone_is_told(elsewhere: World) -> None:
    next(elsewhere.index.glob("helper-1.0-*")).unlink()
    with pytest.raises(
        StartError, match=r"^helper==1\.0, which pyscript\.lock needs, does not exist; .*--update`"
    ):
        elsewhere.install("game")


def test_a_native_wheel_may_come_from_the_cdn_or_be_the_user_s_own(world: World) -> None:  # noqa: F811
    own = make_wheel(world.index, "array", tag="cp313-cp313-pyodide_2025_0_wasm32")
    file = make_wheel(world.cdn, "array", tag=NATIVE, files=["array/__init__.py", "array/x.so"])
    world.add_native(file, "array")
    world.install("array")
    assert Pins.read(world.locked).hashes["array"] == {sha256(own), sha256(file)}
    shutil.rmtree(world.cache)
    own.unlink()
    assert NATIVE in world.install("array")["array"]["file_name"]


def test_a_lost_lock_file_is_written_again_as_it_was(elsewhere: World) -> None:
    elsewhere.install("game")
    text = elsewhere.locked.read_text()
    elsewhere.install("game", update=True)  # which is what was resolved here last
    newer = elsewhere.locked.read_text()
    elsewhere.locked.unlink()
    elsewhere.install("game")
    assert elsewhere.locked.read_text() == newer != text


def test_a_folder_that_cannot_be_written_is_told_and_served(
    world: World,  # noqa: F811
) -> None:
    make_wheel(world.index, "game")
    world.locked = world.locked.parent / "missing" / LOCK
    assert versions(world, "game") == {"game": "1.0"}
    assert world.lines[-1].startswith("pyscript.lock cannot be written: ")
    assert versions(world, "game") == {"game": "1.0"}
    assert len([line for line in world.lines if line.startswith("resolving")]) == 1


@pytest.mark.parametrize(
    "text", ["game\n", "game==1.0\n", "game==1.0 --hash=sha256:12\n", "<<<<\n"]
)
def test_a_lock_file_that_pins_without_a_hash_is_a_mistake(
    world: World,  # noqa: F811
    text: str,
) -> None:
    make_wheel(world.index, "game")
    world.locked.write_text(text)
    with pytest.raises(StartError, match=r"expected lines such as name==1\.0 --hash=.*--update`"):
        world.install("game")
    assert versions(world, "game", update=True) == {"game": "1.0"}


def test_the_packages_of_the_project_are_pinned_without_addresses(real_site: Site) -> None:
    assert real_site.runtime
    pins = Pins.read(ROOT / "web" / LOCK)
    info = read_lock(real_site.runtime)["info"]
    assert pins.made_for == asked(Settings.read(ROOT / "web").wanted, info)
    assert {"numpy", "gymnasium", "pettingzoo"} <= set(pins.versions)
    assert "://" not in pins.text
    assert subprocess.run(["git", "check-ignore", "-q", ROOT / "web" / LOCK]).returncode != 0


def test_the_command_line_has_it_in_both_places() -> None:
    from gymserver.cli import parse

    assert parse(["--update"]).update
    assert parse(["export", "out", "--update"]).update
    assert parse(["--update", "export", "out"]).update
    assert not parse(["export", "out"]).update
