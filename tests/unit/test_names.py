"""The public names: each is there, and a star brings those of the side that it runs on."""

import inspect
import re
import shutil
import subprocess
import sys
from pathlib import Path

import gymworker
import pytest

from tests.unit.page.test_docstrings import REQUESTS, raises

LIBRARY = Path(gymworker.__file__).parent
STAR = "from gymworker import *; print(*sorted(n for n in dir() if n[0] != '_'))"


def starred(folder: Path) -> set[str]:
    """What a star brings in a Python of its own."""
    run = [sys.executable, "-c", STAR]
    return set(
        subprocess.run(run, cwd=folder, capture_output=True, text=True, check=True).stdout.split()
    )


def test_every_name_resolves_and_is_called_so() -> None:
    for name in gymworker.__all__:
        assert getattr(gymworker, name).__name__ == name
    assert not hasattr(gymworker, "Nothing")


def test_the_list_is_sorted_and_the_tables_name_no_more() -> None:
    assert sorted(gymworker.__all__) == gymworker.__all__
    lazy = {*gymworker._PAGE, *gymworker._WORKER, *gymworker._PLACES}
    eager = {name for name, value in vars(gymworker).items() if inspect.isclass(value)}
    assert lazy | eager == set(gymworker.__all__)


@pytest.mark.parametrize("side", ["page", "worker"])
def test_a_star_brings_what_is_there(side: str, tmp_path: Path) -> None:
    shutil.copytree(LIBRARY, tmp_path / "gymworker")
    for room in ("worker", "surface") if side == "page" else ("page",):
        shutil.rmtree(tmp_path / "gymworker" / room)
    absent = gymworker._WORKER if side == "page" else gymworker._PAGE
    assert starred(tmp_path) == set(gymworker.__all__) - set(absent)


def test_a_star_brings_everything_where_everything_is() -> None:
    assert starred(LIBRARY.parent) == set(gymworker.__all__)


@pytest.mark.parametrize(("kind", "name"), REQUESTS)
def test_every_name_in_an_annotation_or_in_raises_is_public(kind: type, name: str) -> None:
    method = getattr(kind, name)
    text = " ".join(str(value) for value in method.__annotations__.values())
    assert set(re.findall(r"\b[A-Z]\w+", text)) - set(gymworker.__all__) <= {
        "Any", "Callable", "None", "Sequence", "SupportsIndex",
    }  # fmt: skip
    assert raises(method) <= set(gymworker.__all__)
