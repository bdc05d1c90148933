"""The protocol between real Pythons, in each browser: one worker for all tests, and one restart."""

import textwrap
from typing import Any

import pytest

from tests.browser.protocol.lab import Lab, LabError

BOOT = """
    global worker, lines
    lines = []
    worker = make(on_log=lines.append, settings=without_packages())
    early = [asyncio.create_task(worker.request("echo", i)) for i in range(1000)]
    await asyncio.sleep(0)
    record = {"pending": worker.pending, "state": worker.state}
    record["replies"] = await every(early)
    record["version"] = (await worker.init()).fields
    await worker.init_env(COUNTER)
    return record
"""


@pytest.fixture(scope="module")
def boot(lab: Lab) -> dict[str, Any]:
    """What happened while the lab's worker booted."""
    return lab.run(BOOT)  # type: ignore[no-any-return]


@pytest.fixture
def booted(lab: Lab, boot: dict[str, Any]) -> Lab:
    """The lab with its worker; whatever a test does, the worker answers afterwards."""
    return lab


def test_a_thousand_requests_before_ready_run_in_order(boot: dict[str, Any]) -> None:
    assert (boot["pending"], boot["state"]) == (1000, "booting")
    assert boot["replies"] == list(range(1000))
    assert boot["version"]["pyodide"] == "0.29.5"


def test_two_thousand_requests_at_once(booted: Lab) -> None:
    replies, most, rest = booted.run("""
        tasks = [asyncio.create_task(worker.request("echo", i)) for i in range(2000)]
        await asyncio.sleep(0)
        most = worker.pending
        return await every(tasks), most, worker.pending
    """)
    assert replies == list(range(2000))
    assert (most, rest) == (2000, 0)


def test_reset_step_render_seed_and_batch(booted: Lab) -> None:
    result = booted.run("""
        await worker.init_env(COUNTER)
        reset = await worker.reset(seed=5)
        step = await worker.step({"left": 1})
        render = await worker.render()
        await worker.seed_rng(1)
        batch = await worker.batch([{"op": "step", "params": {"actions": a}} for a in (7, 8)])
        return reset.obs, step.obs, step.rewards, render.render_state, [r.obs for r in batch]
    """)
    assert result == [[5], [1, {"left": 1}], 1.0, None, [[2, 7], [3, 8]]]


def test_an_environment_is_made_by_its_id_and_introduces_itself(lab: Lab, booted: Lab) -> None:
    told = lab.run("""
        maker = make()
        env = await maker.make("Pendulum-v1", max_episode_steps=3)
        action, again = await maker.sample(seed=1), await maker.sample(seed=1)
        await maker.reset(seed=1)
        step = await maker.step(action)
        maker.destroy()
        box = env.action_space
        return (
            env.kind, env.spec, env.metadata["render_fps"], box.type, box.shape, box.dtype,
            box.low.tolist(), env.observation_space.shape, action.tolist() == again.tolist(),
            len(step.obs.tolist()),
        )
    """)
    assert told == ["gymnasium", "Pendulum-v1", 30, "Box", [1], "float32", [-2], [3], True, 3]


def test_values_come_back_as_they_left(booted: Lab) -> None:
    different = booted.run("""
        values = [
            2**31, -2**63, 10**30, 1.0, -0.0, float("inf"), True, None, "žluť", b"\\x00\\xff",
            (1, (2,)), [], {1: "a", (2, 3): None, "k": [1.5]}, "a" * 100000, list(range(10000)),
        ]
        back = await worker.request("echo", values)
        same = [repr(a) == repr(b) or a == b for a, b in zip(values, back)]
        wrong = [repr(a)[:80] for a, equal in zip(values, same) if not equal]
        nan = await worker.request("echo", float("nan"))
        types = [str(a) for a, b in zip(values, back) if type(a) != type(b)]
        return wrong + types + ([] if nan != nan else ["nan"])
    """)
    assert different == []


def test_texts_of_any_letters_come_back_as_they_left(booted: Lab) -> None:
    different = booted.run("""
        letters = ["a", "é\\xff", "\\x80\\x9f", "\\u2192", "\\u2192\\x80", "\\ufeff", "\\ufffd"]
        letters += ["\\0", "\\U0001f600", "\\ud800a"]
        texts = [some * count for some in letters for count in (1, 31, 32, 63, 64, 65, 3000)]
        back = await worker.request("echo", texts)
        wrong = []
        for text, one in zip(texts, back):
            if not text == one == await worker.request("echo", text):
                wrong.append(repr(text[:2]) + " " + str(len(text)))
        return wrong
    """)
    assert different == []


def test_an_array_can_be_sent_back_any_number_of_times(booted: Lab) -> None:
    assert booted.run("""
        from gymworker.codec.light import Array
        array = Array.from_list([list(range(300)) for row in range(20)], dtype="int32")
        first = await worker.request("echo", array)
        again = await every([worker.request("echo", first) for i in range(2)])
        return [a.dtype == "int32" and a.shape == (20, 300) and a[19, 299] for a in [first] + again]
    """) == [299, 299, 299]


def test_an_error_brings_its_type_and_its_traceback(booted: Lab) -> None:
    code = "def make():\n    raise ValueError('out of luck')\n\nenv = make()\n"
    name, stack = booted.run(f"""
        try:
            await worker.init_env({code!r}, file_name="envs/luck.py")
        except errors.RemoteError as error:
            return error.remote_type, error.remote_traceback
    """)
    assert name == "ValueError"
    assert 'File "envs/luck.py", line 2, in make' in stack
    assert "raise ValueError('out of luck')" in stack
    assert "gymworker" not in stack


def test_a_failing_batch_brings_its_index_and_the_results_so_far(booted: Lab) -> None:
    assert booted.run("""
        await worker.init_env(COUNTER)
        operations = [{"op": "step", "params": {"actions": 1}}, {"op": "fly"}, {"op": "step"}]
        try:
            await worker.batch(operations)
        except errors.RemoteError as error:
            return error.remote_type, error.failed_index, error.partial_results[0]["obs"]
    """) == ["ProtocolError", 1, [1, 1]]


def test_request_types_of_worker_py(booted: Lab) -> None:
    outcomes = booted.run("""
        names = [("echo", "hi"), ("sleep", 0.01), ("fly", None)]
        return await every([outcome(worker.request(name, payload)) for name, payload in names])
    """)
    assert outcomes[:2] == ["hi", 0.01]
    assert outcomes[2][0] == "RemoteError"
    assert "this worker knows" in outcomes[2][1]


UNSENDABLE = """
class PolicyNet:
    pass

class E:
    def reset(self, *, seed=None, options=None):
        return 0, {"human": {"policy": PolicyNet()}}

    def step(self, action):
        return PolicyNet(), 0.0, False, False, {}

env = E()
"""


def test_what_cannot_cross_is_named_with_its_path_in_both_directions(booted: Lab) -> None:
    reset, step, action = booted.run(f"""
        await worker.init_env({UNSENDABLE!r})
        reset = (await worker.reset()).infos
        step = await outcome(worker.step(0))
        return reset, step, await outcome(worker.step({{"a": [object()]}}))
    """)
    assert reset == {"human": {}}
    warnings = [line["text"] for line in booted.run("return [line.fields for line in lines]")]
    assert (
        sum("infos['human']['policy']: PolicyNet cannot be sent" in text for text in warnings) == 1
    )
    assert step[1].startswith("EncodeError: obs: PolicyNet cannot be sent")
    assert action[0] == "EncodeError"
    assert "['a'][0]" in action[1]


def test_what_python_prints_arrives_in_order_with_its_level(booted: Lab) -> None:
    code = textwrap.dedent("""
        import logging, sys, warnings
        print("one")
        print("two", file=sys.stderr)
        logging.warning("three")
        warnings.warn("four")
        print("five")
        env = None
    """)
    lines = booted.run(f"""
        lines.clear()
        await outcome(worker.init_env({code!r}, file_name="noisy.py"))
        return [[line.level, line.stream, line.text] for line in lines]
    """)
    assert [line[:2] for line in lines] == [
        ["info", "stdout"],
        ["error", "stderr"],
        ["warning", "stderr"],
        ["warning", "stderr"],
        ["info", "stdout"],
    ]
    texts = [line[2] for line in lines]
    assert (texts[0], texts[1], texts[4]) == ("one", "two", "five")
    assert "three" in texts[2]
    assert "noisy.py:6: UserWarning: four" in texts[3]


def test_errors_of_the_page_itself_are_clear(booted: Lab) -> None:
    with pytest.raises(LabError, match="ZeroDivisionError"):
        booted.run("1 / 0")


def test_an_endless_loop_times_out_and_a_restart_brings_the_same_environment_back(
    booted: Lab,
) -> None:
    loop = COUNTED_LOOP
    hung, later, seconds, obs, stages, pending = booted.run(f"""
        await worker.init_env({loop!r})
        stages = []
        worker._link._on_progress = lambda progress: stages.append(progress.stage)
        hung = await outcome(worker.step("loop", timeout=0.5))
        later = await outcome(worker.step(1, timeout=0.2))
        seconds = await worker.restart()
        result = await worker.reset(seed=3)
        return hung, later, seconds, result.obs, stages, worker.pending
    """)
    assert hung == ["RequestTimeoutError", "step had no answer within 0.5 s"]
    assert later[0] == "RequestTimeoutError"
    assert 0 < seconds < 60
    assert obs == 3
    assert stages[-1] == "restart"
    assert pending == 0


COUNTED_LOOP = """
class E:
    def reset(self, *, seed=None, options=None):
        return seed, {}

    def step(self, action):
        while action == "loop":
            pass
        return action, 0.0, False, False, {}

env = E()
"""


def test_at_last_the_worker_can_be_destroyed_and_says_so_afterwards(booted: Lab) -> None:
    pending, again, state = booted.run("""
        task = asyncio.create_task(outcome(worker.request("sleep", 30)))
        await asyncio.sleep(0.1)
        worker.destroy()
        worker.destroy()
        return await task, await outcome(worker.reset()), worker.state
    """)
    assert pending[0] == again[0] == "WorkerClosedError"
    assert state == "closed"
