"""The environment in the worker: how it is made, replaced, stepped and rendered."""

import asyncio
import inspect
import random
import sys
import warnings
from pathlib import Path
from typing import Any

import gymworker
import numpy as np
import pytest
from gymworker.errors import ProtocolError
from gymworker.worker.call import Call
from gymworker.worker.code import MODULE
from gymworker.worker.host import Host
from gymworker.worker.outgoing import Outgoing
from gymworker.worker.tracebacks import describe

from tests.unit.environments import BROKEN, COUNTER
from tests.unit.worker.test_dispatcher import Recorder


@pytest.fixture(autouse=True)
def module_restored(monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts back what the environments leave in `sys.modules`."""
    monkeypatch.delitem(sys.modules, MODULE, raising=False)
    monkeypatch.setitem(sys.modules, MODULE, sys)
    del sys.modules[MODULE]


class Bench:
    """An environment and the requests about it, as a page would send them."""

    def __init__(self) -> None:
        self._host = Host()
        self.environments = self._host._environments
        self.environment = self.environments.default

    def ask(self, type: str, payload: Any) -> Any:
        """Returns what a request gives; what its handler raises comes as it is."""
        handler = self._host._dispatcher._handlers[type]
        value = handler(Call(payload, 1, Recorder(), Outgoing(), self.environments))
        return asyncio.run(value) if inspect.iscoroutine(value) else value

    def init_env(self, code: str, **fields: Any) -> None:
        assert set(self.ask("initEnv", {"envCode": code, **fields})) == {"env"}

    def reset(self, payload: Any) -> Any:
        return self.ask("reset", payload)

    def step(self, payload: Any) -> Any:
        return self.ask("step", payload)

    def render(self, payload: Any) -> Any:
        return self.ask("render", payload)

    def seed_rng(self, payload: Any) -> Any:
        return self.ask("seedRng", payload)


def make(code: str, **fields: Any) -> Bench:
    bench = Bench()
    bench.init_env(code, **fields)
    return bench


def init(bench: Bench, code: str, **fields: Any) -> None:
    bench.init_env(code, **fields)


def reset(bench: Bench) -> Any:
    return bench.reset({"seed": 1})["obs"]


def test_the_code_runs_in_a_fresh_namespace_each_time() -> None:
    environment = make("leftover = 1\n" + COUNTER)
    with pytest.raises(NameError, match="leftover"):
        init(environment, "print(leftover)\n" + COUNTER)


def test_globals_are_defined_for_the_code() -> None:
    code = COUNTER + "\nenv.reset = lambda seed, options: ((board, seed), {})\n"
    assert reset(make(code, globals={"board": [1, 2]})) == ([1, 2], 1)


def test_top_level_await_is_allowed() -> None:
    environment = make("import asyncio\nawait asyncio.sleep(0)\n" + COUNTER)
    assert reset(environment) == {"seed": 1}


def test_the_flags_of_this_library_do_not_reach_the_code() -> None:
    # With postponed annotations in force, or not: only as the code itself says.
    probe = "\ndef f(x: undefined_name): ...\n"
    with pytest.raises(NameError, match="undefined_name"):
        make(COUNTER + probe)
    make("from __future__ import annotations\n" + COUNTER + probe)


def test_a_docstring_and_future_imports_may_come_first() -> None:
    make('"""My game."""\nfrom __future__ import annotations\n' + COUNTER)


def test_dataclasses_and_pickle_find_the_module_of_the_code() -> None:
    code = """
from __future__ import annotations
import dataclasses, pickle, typing

@dataclasses.dataclass
class State:
    x: typing.ClassVar[int] = 0
    y: int = 1

assert typing.get_type_hints(State)["y"] is int
assert pickle.loads(pickle.dumps(State(5))) == State(5)
"""
    make(code + COUNTER)


@pytest.mark.parametrize("code", ["", "env = None", "Env = 1", "def make():\n    env = 1\n"])
def test_code_that_leaves_no_env_is_told_how_to_end(code: str) -> None:
    with pytest.raises(ProtocolError, match=r"no variable `env`: end it with.*gymnasium\.make"):
        make(code)


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ("42", "got int, which has no reset.*no step"),
        ("type('E', (), {'reset': len})()", "no step"),
    ],
)
def test_an_env_that_is_no_environment_is_refused(env: str, words: str) -> None:
    with pytest.raises(ProtocolError, match=words):
        make(f"env = {env}")


@pytest.mark.parametrize("operation", ["reset", "step", "render"])
def test_without_an_environment_an_operation_says_what_to_send_first(operation: str) -> None:
    with pytest.raises(ProtocolError, match="send initEnv first"):
        getattr(Bench(), operation)({"actions": 0})


CLOSABLE = COUNTER + "\nenv.close = lambda: log.append(name)\n"


def test_an_earlier_environment_is_closed_once_the_new_one_is_there() -> None:
    log: list[str] = []
    environment = make(CLOSABLE, globals={"log": log, "name": "first"})
    init(
        environment,
        "log.append('second runs')\n" + CLOSABLE,
        globals={"log": log, "name": "second"},
    )
    assert log == ["second runs", "first"]


@pytest.mark.parametrize(
    "code", ["env = 1", "1 / 0", "def broken(:", "raise SystemExit", "env = None"]
)
def test_an_environment_stays_if_the_new_one_fails(code: str) -> None:
    log: list[str] = []
    environment = make(CLOSABLE, globals={"log": log, "name": "first"})
    module = sys.modules[MODULE]
    with pytest.raises(BaseException):  # noqa: B017 - each fails in its own way
        init(environment, code)
    assert log == []
    assert reset(environment) == {"seed": 1}
    assert sys.modules[MODULE] is module


def test_a_close_that_fails_is_reported_and_does_not_stop_the_new_one(
    caplog: pytest.LogCaptureFixture,
) -> None:
    environment = make(BROKEN)
    init(environment, COUNTER)
    assert reset(environment) == {"seed": 1}
    assert "failed to close" in caplog.text
    assert "will not close" in caplog.text


@pytest.mark.parametrize(
    ("action", "kind"), [("exit", SystemExit), ("interrupt", KeyboardInterrupt), (1, RuntimeError)]
)
def test_whatever_step_raises_comes_out(action: object, kind: type[BaseException]) -> None:
    with pytest.raises(kind):
        make(BROKEN).step({"actions": action})


def test_a_traceback_shows_the_users_lines_and_their_causes_and_no_others() -> None:
    environment = make(BROKEN, fileName="envs/broken.py")
    with pytest.raises(RuntimeError) as caught:
        environment.step({"actions": 1})
    stack = describe(caught.value)["stack"]
    assert 'File "envs/broken.py", line 11, in step' in stack
    assert "return self._fall(action)" in stack
    assert 'raise RuntimeError("the cart fell off") from error' in stack
    assert "KeyError: 1" in stack
    assert "direct cause" in stack
    assert stack.endswith("RuntimeError: the cart fell off\n")
    assert str(Path(gymworker.__file__).parent) not in stack


def test_a_syntax_error_shows_its_file_line_and_text() -> None:
    with pytest.raises(SyntaxError) as caught:
        make("x = 1\ndef broken(:\n", fileName="envs/new.py")
    stack = describe(caught.value)["stack"]
    assert 'File "envs/new.py", line 2' in stack
    assert "def broken(:" in stack


def test_the_source_lines_are_those_of_the_latest_code() -> None:
    environment = make("# first\n" + BROKEN)
    init(environment, BROKEN.replace("the cart fell off", "it fell again"))
    with pytest.raises(RuntimeError) as caught:
        environment.step({"actions": 1})
    assert 'raise RuntimeError("it fell again")' in describe(caught.value)["stack"]


PARALLEL = """
import numpy as np

class Pair:
    agents = ["left", "right"]

    def reset(self, *, seed=None, options=None):
        return {a: np.zeros(3, np.float32) for a in self.agents}, {a: {} for a in self.agents}

    def step(self, actions):
        dones = {a: False for a in self.agents}
        obs = {a: (i, actions[a]) for i, a in enumerate(self.agents)}
        return obs, {"left": 1.0, "right": -1.0}, dones, dones, {}


env = Pair()
"""


def test_a_parallel_environment_keeps_its_agents() -> None:
    environment = make(PARALLEL)
    result = environment.reset({})
    assert list(result["obs"]) == list(result["infos"]) == ["left", "right"]
    assert result["obs"]["left"].dtype == np.float32
    assert result["render_state"] is None
    step = environment.step({"actions": {"left": 5, "right": 6}})
    assert step["obs"] == {"left": (0, 5), "right": (1, 6)}
    assert step["rewards"] == {"left": 1.0, "right": -1.0}
    assert step["terminateds"] == {"left": False, "right": False}


def test_cartpole_runs_as_gymnasium_has_it() -> None:
    cartpole = make('import gymnasium\nenv = gymnasium.make("CartPole-v1")')
    assert cartpole.reset({"seed": 42})["obs"] == pytest.approx(
        [0.0274, -0.0061, 0.0359, 0.0197], abs=1e-3
    )
    assert cartpole.step({"actions": 1})["rewards"] == 1.0


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ("", "step 0"),
        ("render_mode = None; metadata = {'render_modes': ['human']}", None),
        ("render_mode = 'ansi'; metadata = {'render_modes': ['ansi']}", "step 0"),
        ("metadata = None", "step 0"),
        ("render = None", None),
    ],
)
def test_render_is_called_where_it_can_give_something(attributes: str, expected: object) -> None:
    setup = "".join(f"\nCounter.{item.strip()}" for item in attributes.split(";") if item)
    environment = make(COUNTER + setup)
    result = environment.reset({})
    assert result["render_state"] == expected
    assert environment.render(None) == {"render_state": expected}
    assert environment.reset({"render": False})["render_state"] is None
    assert environment.step({"actions": 0, "render": False})["render_state"] is None


def test_gymnasium_does_not_warn_of_a_missing_render_mode() -> None:
    environment = make('import gymnasium\nenv = gymnasium.make("FrozenLake-v1")')
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert environment.reset({"seed": 1})["render_state"] is None


@pytest.mark.parametrize(
    ("operation", "payload", "words"),
    [
        ("reset", {"seed": "1"}, "'seed' to be int, got str"),
        ("reset", {"seed": True}, "'seed' to be int, got bool"),
        ("reset", {"options": []}, "'options' to be dict, got list"),
        ("reset", {"render": 1}, "render to be true, false or 'send', got 1"),
        ("reset", "seed", "an object as payload, got str"),
        ("step", None, "a payload with 'actions'"),
        ("step", {}, "a payload with 'actions'"),
        ("step", [1], "a payload with 'actions'"),
        ("seed_rng", {}, "'seed': int"),
        ("seed_rng", {"seed": 1.5}, "'seed' to be int, got float"),
    ],
)
def test_a_wrong_payload_says_what_was_expected(operation: str, payload: Any, words: str) -> None:
    with pytest.raises(ProtocolError, match=words):
        getattr(make(COUNTER), operation)(payload)


def test_the_action_none_is_an_action() -> None:
    assert make(COUNTER).step({"actions": None})["obs"] == [1, None]


@pytest.mark.parametrize(
    ("method", "answer", "words"),
    [
        ("reset", "1", r"env.reset\(\) to return \(obs, info\), got int"),
        ("reset", "(1, 2, 3)", "a tuple of 3"),
        ("step", "(1, 2, 3, {})", r"env.step\(\) to return .*, got a tuple of 4"),
        ("step", "None", "got NoneType"),
    ],
)
def test_an_environment_of_the_old_kind_is_named(method: str, answer: str, words: str) -> None:
    environment = make(COUNTER + f"\nCounter.{method} = lambda *args, **named: {answer}\n")
    with pytest.raises(TypeError, match=words):
        getattr(environment, method)({"actions": 0})


@pytest.mark.parametrize("seed", [0, 7, 2**40, -1, 10**30])
def test_seeding_makes_both_generators_repeat_themselves(seed: int) -> None:
    environment = Bench()
    draws = []
    for _ in range(2):
        assert environment.seed_rng({"seed": seed}) == {"ok": True}
        draws.append((random.random(), float(np.random.random())))
    assert draws[0] == draws[1]
