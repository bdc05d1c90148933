"""The sites with packages that people use, for the tests of this folder."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from gymserver.site import ROOT, Site
from tests.browser.conftest import MakeSite
from tests.browser.packages.cases import BUILD, CASES, WITHOUT
from tests.browser.protocol.lab import edits as lab_edits

HERE = Path(__file__).parent

MakePackages = Callable[[str, dict[str, list[str]]], Site]


@pytest.fixture(scope="module")
def packaged(changed_site: MakeSite) -> MakePackages:
    """Makes a site with other packages, as a lock file of this folder has them.

    It is made without a snapshot, whose worker the tests of other folders look at.
    """

    def make(lock: str, settings: dict[str, list[str]]) -> Site:
        text = (ROOT / "web" / "pyscript.toml").read_text("utf-8")
        (line,) = (line for line in text.splitlines() if line.startswith("packages = "))
        wanted = "\n".join(f"{name} = {json.dumps(value)}" for name, value in settings.items())
        locked = (HERE / lock).read_text("utf-8")
        edits = {"pyscript.toml": (line, wanted), "pyscript.lock": locked}
        site = changed_site(lab_edits() | edits, with_snapshot=False)
        assert (site.web / "pyscript.lock").read_text("utf-8") == locked
        return site

    return make


@pytest.fixture(scope="module")
def site(packaged: MakePackages) -> Site:
    """A site with all the packages of the cases."""
    packages = ["gymnasium==1.4.0", *(case.package for case in CASES)]
    return packaged("pyscript.lock", {"packages": packages, "build": BUILD, "without": WITHOUT})
