"""The hash of a state is the same in CPython and in Pyodide, as in the worker of a browser."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gymserver.site import ROOT, Site
from tests.runtimes import Runtime
from tests.unit.worker.snapshot.test_environments import BUNDLED
from tests.unit.worker.snapshot.walks import walk

STEPS = 20
STOCK = ["Blackjack-v1", "CliffWalking-v1", "MountainCarContinuous-v0"]
SAME = [file for file in BUNDLED if file.stem != "pond"]
"""Pond's square roots and waves differ in the last bit, as do the sines of Acrobot and Pendulum."""

MADE = """
import gymnasium
from gymnasium.wrappers import NormalizeObservation, RecordEpisodeStatistics
env = RecordEpisodeStatistics(gymnasium.make({name!r}))
env = NormalizeObservation(env) if env.observation_space.shape == (2,) else env
"""

WORKER = """
import json, sys, os
sys.path.insert(0, os.getcwd())
from gymworker.worker import compat
compat.install()
from walks import walk as _walk

def walk(text, buffers, out):
    found = _walk(*json.loads(text))
    found.pop("middle")
    return json.dumps(found)
"""

BROWSER = """
import js, pyodide_js
from gymnasium.envs.toy_text import FrozenLakeEnv
env = FrozenLakeEnv()
env.browser, env.runtime = js, pyodide_js
"""


@pytest.fixture(scope="module")
def worker(web_site: Site) -> Iterator[Runtime]:
    wheels = ["numpy", "gymnasium", "cloudpickle", "typing_extensions", "farama_notifications"]
    with Runtime.of_site("pyodide", web_site, [*wheels, "pettingzoo"]) as pyodide:
        pyodide.install(ROOT / "web" / "gymworker")
        pyodide.write("walks.py", Path(__file__).with_name("walks.py").read_text("utf-8"))
        pyodide.exec(WORKER)
        yield pyodide


def there(worker: Runtime, source: str, name: str) -> dict[str, Any]:
    return json.loads(worker.call("walk", json.dumps([source, name, STEPS]))[0])  # type: ignore[no-any-return]


@pytest.mark.parametrize("file", SAME, ids=lambda file: file.stem)
def test_a_bundled_environment_has_the_hashes_of_cpython(worker: Runtime, file: Path) -> None:
    source = file.read_text("utf-8")
    assert there(worker, source, file.name)["hashes"] == walk(source, file.name, STEPS)["hashes"]


@pytest.mark.parametrize("name", STOCK)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_stock_environment_has_the_hashes_of_cpython(worker: Runtime, name: str) -> None:
    source = MADE.format(name=name)
    assert there(worker, source, name)["hashes"] == walk(source, name, STEPS)["hashes"]


@pytest.mark.parametrize("name", ["taxi", "pond"])
def test_large_parts_that_stay_are_saved_once(worker: Runtime, name: str) -> None:
    file = next(file for file in BUNDLED if file.stem == name)
    source = file.read_text("utf-8")
    whole = len(walk(source, file.name, STEPS)["middle"])  # in CPython, which has the same
    sizes = there(worker, source, file.name)["sizes"]
    assert max(sizes[5:]) < min(whole / 2, 30_000), (whole, sizes)


def test_modules_of_javascript_s_are_kept_by_their_names(worker: Runtime) -> None:
    found = there(worker, BROWSER, "browser.py")  # a walk restores the state in its middle
    assert len(set(found["hashes"])) > 1
