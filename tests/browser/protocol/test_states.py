"""States of an environment in each browser: kept as a file, restored in another worker."""

import base64
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gymserver.site import ROOT
from tests.browser.protocol.lab import Lab
from tests.unit.worker.snapshot.walks import make

DUET = (ROOT / "web" / "envs" / "duet.py").read_text("utf-8")
ACTIONS = [{"teal": i % 5, "amber": i % 3} for i in range(60)]

PLAY = f"""
    global actions, run
    actions = {ACTIONS!r}
    async def run(worker, some):
        steps = [{{"op": "step", "params": {{"actions": a, "render": False}}}} for a in some]
        found = await worker.batch(steps)
        return [result.obs["teal"].tolist() for result in found]
"""

TAKE = f"""
    import binascii
    worker = make()
    await worker.init_env({DUET!r})
    await worker.seed_rng(1)
    await worker.reset(seed=3)
    await run(worker, actions[:30])
    states = await every([worker.get_state() for i in range(9)])
    text = binascii.b2a_base64(states[-1].data.tobytes()).decode()
    seen, hash = await run(worker, actions[30:]), await worker.compute_hash()
    back = await worker.set_state(states[0])
    again = await run(worker, actions[30:]) == seen and await worker.compute_hash() == hash
    worker.destroy()
    seconds = [state.seconds for state in states]
    return text, states[-1].hash, states[-1].size, seen, hash, back, again, seconds
"""

FILES: dict[str, bytes] = {}
"""The states that the browsers before this one have written."""


def expected() -> tuple[str, str]:
    """The hashes after 30 steps and after all of them, in CPython."""
    before = random.getstate(), np.random.get_state()
    try:
        environment, states = make(DUET, "environment.py")
        random.seed(1)
        np.random.seed(1)
        environment.reset(seed=3)
        found = []
        for step, actions in enumerate(ACTIONS):
            environment.step(actions)
            if step in (29, 59):
                found.append(states.digest())
        return found[0], found[1]
    finally:
        random.setstate(before[0])
        np.random.set_state(before[1])


def test_a_state_is_kept_in_a_file_and_restored_in_another_worker_and_browser(
    lab: Lab, tmp_path: Path
) -> None:
    lab.run(PLAY)
    text, hash, size, seen, after, back, again, seconds = lab.run(TAKE)
    file = tmp_path / "duet.state"
    file.write_bytes(base64.b64decode(text))
    assert file.stat().st_size == size
    assert (hash, after) == expected(), "the same in CPython"
    assert back == hash and again
    print("seconds of getState:", *(f"{second:.4f}" for second in seconds))
    FILES[str(len(FILES))] = file.read_bytes()
    for data in FILES.values():
        restored: Any = lab.run(f"""
            import binascii
            worker = make()
            await worker.init_env({DUET!r})
            hash = await worker.set_state(binascii.a2b_base64({base64.b64encode(data)!r}))
            seen = await run(worker, actions[30:])
            after = await worker.compute_hash()
            worker.destroy()
            return hash, seen, after
        """)
        assert restored == [hash, seen, after]


def test_a_state_that_nests_too_deeply_is_refused_and_the_worker_lives(lab: Lab) -> None:
    code = """
class Node: pass
class Env:
    def reset(self, *, seed=None, options=None): return 0, {}
    def step(self, depth):
        self.first = None
        for _ in range(depth):
            node = Node()
            node.next, self.first = self.first, node
        return 0, 0.0, False, False, {}
env = Env()
"""
    told = lab.run(f"""
        worker = make(settings=without_packages())
        await worker.init_env({code!r})
        told = []
        for depth in (150, 700, 190, 260):
            await worker.step(depth)
            told.append(await outcome(worker.get_state()))
        worker.destroy()
        return [str(item)[:300] if isinstance(item, list) else len(item["hash"]) for item in told]
    """)
    assert told[0] == told[2] == 32
    assert "is nested too deeply" in told[1] and "is nested too deeply" in told[3]


@pytest.mark.parametrize(
    "name", ["cartpole", "mountain_car", "frozen_lake", "taxi", "pond", "duet"]
)
def test_what_a_state_costs(lab: Lab, name: str) -> None:
    code = (ROOT / "web" / "envs" / f"{name}.py").read_text("utf-8")
    seconds, size = lab.run(f"""
        worker = make()
        await worker.init_env({code!r})
        await worker.reset(seed=1)
        states = await every([worker.get_state() for i in range(20)])
        worker.destroy()
        return [state.seconds for state in states], states[-1].size
    """)
    print(name, size, "bytes;", *(f"{second * 1000:.1f}" for second in sorted(seconds)), "ms")
    assert min(seconds) < 0.05, "with its hash, and as the bytes of a file, on a busy machine"
