"""Which packages are installed, from where, and what is said when one cannot be."""

import asyncio
import importlib.metadata
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.loopback import Lab, on_virtual_time


@pytest.fixture
def packages(lab: Lab) -> ModuleType:
    """The module under test, on the stand-in of the browser."""
    from gymworker.worker.js import packages

    lab.browser.site |= {"game": ("1.0", ["numbers"]), "numbers": ("2.0", []), "old": ("0.9", [])}
    return packages


Reports = list[tuple[Any, ...]]


async def install(packages: ModuleType, *names: str) -> Reports:
    reports: Reports = []

    def report(stage: str, message: str, **units: int) -> None:
        reports.append((stage, message, units["loaded"], units["total"]))

    await packages.install(names, report)
    return reports


@on_virtual_time
async def test_packages_of_the_site_load_together_and_are_told_one_by_one(
    lab: Lab, packages: ModuleType
) -> None:
    assert await install(packages, "game", "Old") == [
        ("packages", "game", 1, 3),
        ("packages", "numbers", 2, 3),
        ("packages", "old", 3, 3),
    ]
    assert lab.browser.asked == [["game", "old"]]


@on_virtual_time
async def test_what_is_installed_already_is_skipped(lab: Lab, packages: ModuleType) -> None:
    version = importlib.metadata.version("pytest")
    assert await install(packages, "pytest", f"PyTest=={version}", f"pytest == {version}") == []
    assert lab.browser.asked == []


@on_virtual_time
async def test_only_what_is_missing_counts(lab: Lab, packages: ModuleType) -> None:
    lab.browser.loaded.add("numbers")
    assert await install(packages, "game") == [("packages", "game", 1, 1)]


@on_virtual_time
async def test_a_failure_names_the_package_and_its_reason(lab: Lab, packages: ModuleType) -> None:
    lab.browser.refused["numbers"] = "the hash does not match"
    with pytest.raises(ImportError, match="cannot install numbers: the hash does not match"):
        await install(packages, "game")


@pytest.mark.parametrize("name", ["nowhere", "game==3.0", "pytest==0.0.1"])
@on_virtual_time
async def test_a_package_that_the_site_has_not_says_what_to_do(
    packages: ModuleType, name: str
) -> None:
    with pytest.raises(ImportError, match=rf"cannot install {name}: .*pyscript.toml"):
        await install(packages, name)


@on_virtual_time
async def test_micropip_serves_where_the_site_has_it(
    lab: Lab, packages: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    class Micropip(ModuleType):
        async def install(self, package: str) -> None:
            asked.append(package)
            await asyncio.sleep(0)
            if package == "broken":
                raise ValueError("no pure Python wheel")

    monkeypatch.setitem(sys.modules, "micropip", Micropip("micropip"))
    lab.browser.site["micropip"] = ("0.1", [])
    assert (await install(packages, "elsewhere"))[-1] == ("packages", "elsewhere", 1, 1)
    with pytest.raises(ImportError, match="cannot install broken: no pure Python wheel"):
        await install(packages, "broken")
    assert asked == ["elsewhere", "broken"]


def test_names_are_compared_as_pypi_does(packages: ModuleType) -> None:
    names = ("My_Pkg", "my.pkg[extra]>=1", " my--pkg ; python_version > '3'", "MY-PKG==1.0")
    assert {packages._name(name) for name in names} == {"my-pkg"}


def test_what_is_installed_is_what_the_standard_library_finds(packages: ModuleType) -> None:
    there = list(importlib.metadata.distributions())
    assert len(there) > 20
    assert packages.installed() == {packages._name(dist.name): dist.version for dist in there}


def test_a_distribution_without_metadata_of_a_wheel_is_found_too(
    packages: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    egg = tmp_path / "Old_Egg.egg-info"
    egg.mkdir()
    (egg / "PKG-INFO").write_text("Name: Old_Egg\nVersion: 3\n\nVersion: 4\n")
    wheel = tmp_path / "new-2.dist-info"
    wheel.mkdir()
    (wheel / "METADATA").write_text("Metadata-Version: 2.1\nName: new\nVersion: 2\n\nName: x\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    assert packages.installed() == {"old-egg": "3", "new": "2"}


@pytest.mark.parametrize(
    ("package", "version", "fits"),
    [
        ("a", None, False),
        ("a", "1.0", True),
        ("a==1.0", "1.0", True),
        ("a == 1.0", "1.0", True),
        ("a==1.0", "1.1", False),
        ("a>=1.0", "1.1", True),
        ("a>=2.0", "1.1", False),
        ("a==1.*", "1.4", True),
        ("a==1.*", "11.4", False),
        ("a!=1.*", "1.4", False),
        ("a==1.0", "1.0.0", True),
        ("a==1.0", "1.0rc1", False),
        ("a>=1.9,<2", "1.10", True),
        ("a>=1.9,<2", "2.1", False),
        ("a~=1.4", "1.10", True),
        ("a~=1.4.2", "1.5", False),
        ("a!=1.0", "1.0", False),
        ("a>1.0; python_version<'3'", "1.1", True),
        ("a[extra]==1.0; python_version>'3'", "1.0", True),
    ],
)
def test_a_version_that_the_site_has_must_fit(
    packages: ModuleType, package: str, version: str | None, fits: bool
) -> None:
    assert packages._fits(package, version) is fits
