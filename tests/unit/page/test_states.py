"""States of the environment, from the page to the worker and back."""

import asyncio
import sys
from typing import Any

import numpy as np
import pytest
from gymworker.errors import MisuseError, RemoteError
from gymworker.page.state import State

from gymserver.site import ROOT
from tests.loopback import Lab, on_virtual_time

DUET = (ROOT / "web" / "envs" / "duet.py").read_text("utf-8")

LOCKED = """
import threading

class Locked:
    lock = threading.Lock()
    def __init__(self): self.lock = threading.Lock()
    def reset(self, *, seed=None, options=None): return 0, {}
    def step(self, action): return 0, 0.0, False, False, {}

env = Locked()
"""


def plain(obs: Any) -> Any:
    return {agent: array.tolist() for agent, array in obs.items()}


@on_virtual_time
async def test_what_is_imported_after_ready_fails_no_boot_but_whoever_needs_it(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "gymworker.worker.play.requests", None)
    worker = lab.worker()
    await worker.init()
    with pytest.raises(RemoteError, match=r"gymworker\.worker\.play\.requests"):
        await worker.init_env(DUET)
    monkeypatch.undo()
    await worker.init_env(DUET)
    await worker.reset(seed=3)
    result = await worker.step({"teal": 1, "amber": 1})
    assert set(result.rewards) == {"teal", "amber"}
    worker.destroy()


@on_virtual_time
async def test_a_state_is_restored_here_and_in_another_worker(lab: Lab) -> None:
    worker = lab.worker()
    await worker.init_env(DUET)
    await worker.reset(seed=3)
    actions = [{"teal": i % 5, "amber": i % 3} for i in range(100)]
    await worker.batch([{"op": "step", "params": {"actions": a}} for a in actions[:20]])
    state = await worker.get_state()
    assert isinstance(state, State)
    assert len(state.hash) == 32 and await worker.compute_hash() == state.hash
    assert state.size == state.data.nbytes and 5_000 < state.size < 50_000
    assert 0 < state.seconds < 5
    steps = [{"op": "step", "params": {"actions": a, "render": False}} for a in actions]
    first = [plain(result.obs) for result in await worker.batch(steps)]
    after = await worker.compute_hash()
    assert after != state.hash
    assert await worker.set_state(state) == state.hash
    assert [plain(result.obs) for result in await worker.batch(steps)] == first
    assert await worker.compute_hash() == after
    data = np.asarray(state.data).tobytes()
    worker.destroy()
    other = lab.worker()
    await other.init_env(DUET)
    files: list[Any] = [data, bytearray(data), np.frombuffer(data, "u1")]
    for kept in files:
        assert await other.set_state(kept) == state.hash
        assert [plain(result.obs) for result in await other.batch(steps)] == first
    other.destroy()


@on_virtual_time
async def test_a_page_in_javascript_sends_bytes_back(lab: Lab) -> None:
    worker = lab.worker()
    await worker.init_env(DUET)
    await worker.reset(seed=3)
    state = await worker.get_state()
    handler = lab.wire.host._dispatcher._handlers["setState"]  # type: ignore[union-attr]

    class FromJavaScript:
        payload: dict[str, Any] = {}  # noqa: RUF012 - nobody writes into it

        def field(self, name: str, kind: type) -> Any:
            return memoryview(np.asarray(state.data).tobytes())

    assert handler(FromJavaScript()) == {"hash": state.hash}  # type: ignore[arg-type]
    worker.destroy()


@on_virtual_time
async def test_what_is_wrong_is_told(lab: Lab) -> None:
    worker = lab.worker()
    with pytest.raises(RemoteError, match="there is no environment yet"):
        await worker.get_state()
    await worker.init_env(DUET)
    await worker.reset(seed=3)
    state = await worker.get_state()
    for nothing in (None, "text", 7):
        with pytest.raises(MisuseError, match="expected a State or its bytes, got"):
            await worker.set_state(nothing)  # type: ignore[arg-type]
    with pytest.raises(RemoteError, match="StateError: expected a state of gymworker") as problem:
        await worker.set_state(b"something")
    assert problem.value.remote_type == "StateError"
    with pytest.raises(RemoteError, match=r"'state' to be the bytes of getState, got ndarray"):
        await worker.set_state(np.zeros(9))  # type: ignore[arg-type]
    with pytest.raises(RemoteError, match="cut off"):
        await worker.set_state(np.asarray(state.data)[:-5].tobytes())
    assert await worker.compute_hash() == state.hash
    await worker.init_env(LOCKED)
    with pytest.raises(RemoteError, match=r"env\.lock cannot be saved: TypeError: cannot pickle"):
        await worker.get_state()
    with pytest.raises(RemoteError, match="does not fit: it was saved with other code"):
        await worker.set_state(state)
    worker.destroy()


@on_virtual_time
async def test_a_game_goes_on_with_the_state_that_was_set(lab: Lab) -> None:
    worker = lab.worker()
    await worker.init_env(DUET)
    game = await worker.play(fps=50, seed=3, seats="random")
    await asyncio.sleep(1)
    state = await worker.get_state()
    await asyncio.sleep(1)
    hash = await worker.set_state(state)
    assert hash == state.hash
    await asyncio.sleep(1)
    assert game.state is not None and game.state.state == "running"
    assert await worker.compute_hash() != hash
    await game.stop()
    worker.destroy()


def test_a_state_says_what_it_is() -> None:
    state = State({"state": b"abc", "hash": "ab" * 16, "seconds": 0.1})
    assert repr(state) == "State(" + "ab" * 16 + ", 3 bytes)"


TURNS = "from pettingzoo.classic import tictactoe_v3\n\nenv = tictactoe_v3.env()\n"


@on_virtual_time
async def test_each_of_several_has_its_own_states_turns_included(lab: Lab) -> None:
    worker = lab.worker()
    await worker.init_env(DUET)
    await worker.init_env(TURNS, env="turns")
    await worker.reset(seed=3)
    duet = await worker.get_state()
    await worker.reset(seed=3, env="turns")
    await worker.step(4, env="turns")
    state = await worker.get_state(env="turns")
    assert state.hash not in (duet.hash, await worker.compute_hash())
    first = await worker.step(0, env="turns")
    after = await worker.compute_hash(env="turns")
    assert await worker.set_state(state, env="turns") == state.hash
    again = await worker.step(0, env="turns")
    assert again.agent == first.agent == "player_1"
    seen = [result.obs["player_1"]["observation"].tolist() for result in (first, again)]
    assert seen[0] == seen[1]
    assert await worker.compute_hash(env="turns") == after
    assert await worker.compute_hash() == duet.hash
    with pytest.raises(RemoteError, match="does not fit: it was saved with other code"):
        await worker.set_state(state)
    worker.destroy()
