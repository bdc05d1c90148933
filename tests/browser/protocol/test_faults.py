"""What can go wrong in a worker, each case settled by its deadline and the page usable afterwards.

One worker bears all but the last case, which kills it.
"""

from pathlib import Path
from typing import Any

import pytest

from tests.browser.protocol.lab import Lab

pytestmark = pytest.mark.parametrize("browser", ["chromium"], indirect=True)

FUZZ = Path(__file__).with_name("fuzz.js").read_text("utf-8")

WITH_SNAPSHOT = False  # which has the packages that are to be installed

CONSOLE = (
    r"console error: ErrorEvent",
    r"fatal error|fatally failed",
    r"RangeError: Maximum call stack",
)

BOOT = """
    global worker, lines
    lines = []
    progress = []
    worker = make(
        on_log=lines.append,
        on_progress=lambda p: progress.append([p.message, p.loaded, p.total]),
        settings=without_packages(),
        timeout=20,
    )
    before = (await worker.init()).packages
    progress.clear()
    after = await worker.install_packages(["gymnasium==1.4.0"])
    first = list(progress)
    progress.clear()
    again = await worker.install_packages(["gymnasium", "numpy>=2"])
    return {"before": before, "after": after, "told": first, "again": again == after and progress}
"""

TROUBLE = '''
import sys

class E:
    """Each method does what the action, or the seed, says."""

    def reset(self, *, seed=None, options=None):
        if options == {"fail": True}:
            raise ValueError("no reset")
        return 0, {}

    def step(self, action):
        return getattr(self, action)(), 0.0, False, False, {}

    def fine(self):
        return "fine"

    def fail(self):
        raise LookupError("no step")

    def exit(self):
        sys.exit(7)

    def interrupt(self):
        raise KeyboardInterrupt

    def recurse(self):
        return [self.recurse()]

    def exhaust(self):
        return [bytearray(2**31 - 1) for _ in range(8)]

    def loop_back(self):
        item = []
        item.append(item)
        return item

    def kill(self):
        import json
        json.loads("[" * 1_000_000)

    def render(self):
        raise OSError("no display")

    def close(self):
        raise RuntimeError("no close")

env = E()
'''


@pytest.fixture(scope="module")
def boot(lab: Lab) -> dict[str, Any]:
    """What the installation told."""
    return lab.run(BOOT)  # type: ignore[no-any-return]


@pytest.fixture
def booted(lab: Lab, boot: dict[str, Any]) -> Lab:
    """The lab with its worker and an environment in trouble."""
    lab.run(f"await worker.init_env({TROUBLE!r}, file_name='trouble.py')")
    return lab


def still_fine(lab: Lab) -> bool:
    """Whether the worker answers, nothing is pending, and the page's own timers run."""
    fine: bool = lab.run("""
        result = await worker.step("fine", render=False, timeout=10)
        await asyncio.sleep(0.01)
        return result.obs == "fine" and worker.pending == 0 and worker.state == "ready"
    """)
    return fine


def test_a_package_of_the_site_is_installed_when_asked_for(boot: dict[str, Any]) -> None:
    assert "gymnasium" not in boot["before"]
    assert boot["after"]["gymnasium"] == "1.4.0"
    assert boot["after"]["numpy"] == "2.2.5"
    names = [name for name, _, _ in boot["told"]]
    assert {"gymnasium", "numpy", "cloudpickle"} <= set(names)
    assert [loaded for _, loaded, _ in boot["told"]] == list(range(1, len(names) + 1))
    assert {total for _, _, total in boot["told"]} == {len(names)}


def test_a_package_that_is_installed_already_is_not_installed_again(boot: dict[str, Any]) -> None:
    assert boot["again"] == []


@pytest.mark.parametrize("package", ["no-such-package", "gymnasium==0.1"])
def test_a_package_that_the_site_has_not_is_named(booted: Lab, package: str) -> None:
    kind, text = booted.run(f"return await outcome(worker.install_packages([{package!r}]))")
    assert kind == "RemoteError"
    assert f"cannot install {package}" in text
    assert still_fine(booted)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("reset(options={'fail': True}, render=False)", "ValueError: no reset"),
        ("reset()", "OSError: no display"),
        ("step('fail')", "LookupError: no step"),
        ("step('fine')", "OSError: no display"),
        ("step('exit')", "SystemExit: 7"),
        ("step('interrupt')", "KeyboardInterrupt"),
        ("render()", "OSError: no display"),
        ("step('recurse')", "RecursionError"),
        ("step('exhaust')", "MemoryError"),
        ("step('loop_back', render=False)", "EncodeError: obs"),
        ("step('no_such_action')", "AttributeError"),
    ],
)
def test_an_exception_in_the_environment_is_one_on_the_page(
    booted: Lab, call: str, words: str
) -> None:
    kind, text = booted.run(f"return await outcome(worker.{call})")
    assert kind == "RemoteError"
    assert words in text
    assert still_fine(booted)


def test_an_environment_that_fails_to_close_is_replaced_and_that_is_logged(booted: Lab) -> None:
    texts = booted.run(f"""
        lines.clear()
        await worker.init_env({TROUBLE!r})
        await worker.step("fine", render=False)
        return [line.text for line in lines]
    """)
    assert any("failed to close" in text for text in texts)
    assert any("RuntimeError: no close" in text for text in texts)


def test_ten_thousand_steps_leave_the_number_of_proxies_flat_and_compile_nothing(
    booted: Lab,
) -> None:
    code = 'import gymnasium\nenv = gymnasium.make("CartPole-v1")\n'
    proxies, compiled = booted.run(f"""
        await worker.init_env({code!r})
        await worker.reset(seed=1)

        async def play(steps):
            for i in range(0, steps, 100):
                await worker.reset(seed=i)
                for j in range(10):
                    await worker.step(j % 2)
                operations = [{{"op": "step", "params": {{"actions": j % 2}}}} for j in range(90)]
                await worker.batch(operations)

        await play(200)
        proxies = await worker.request("proxies")
        compiled = await worker.request("compiled")
        await play(10000)
        proxies = (await worker.request("proxies")) - proxies
        return proxies, (await worker.request("compiled")) - compiled
    """)
    assert abs(proxies) <= 2
    assert compiled == 0


def test_big_arrays_leave_the_number_of_proxies_flat(booted: Lab) -> None:
    grown = booted.run("""
        from gymworker.codec.light import Array
        big = await worker.request("echo", Array.from_list(list(range(5000)), dtype="int32"))
        await worker.request("echo", big)
        before = await worker.request("proxies")
        for i in range(200):
            await worker.request("echo", big)
        return (await worker.request("proxies")) - before
    """)
    assert abs(grown) <= 2


def test_a_flood_of_lines_is_bounded_and_stepping_goes_on(booted: Lab) -> None:
    reply, steps, texts = booted.run("""
        lines.clear()
        flood = asyncio.create_task(worker.request("flood", 100000, timeout=None))
        steps = await every([asyncio.create_task(worker.step("fine", False)) for i in range(50)])
        return await flood, [step.obs for step in steps], [line.text for line in lines]
    """)
    assert reply == 100_000
    assert steps == ["fine"] * 50
    assert texts[0] == "line 0"
    assert len(texts) < 5000
    dropped = sum(int(text.split()[0]) for text in texts if "lines were dropped" in text)
    assert dropped + sum(text.startswith("line ") for text in texts) == 100_000
    assert still_fine(booted)


@pytest.mark.parametrize("target", ["port", "worker"])
def test_thousands_of_malformed_messages_do_no_harm(booted: Lab, target: str) -> None:
    booted.run("""
        js.labPort = worker._link.connection._port
        js.labWorker = worker._link.connection._worker
    """)
    assert booted.page.evaluate(FUZZ, [target, 5000]) > 4500
    booted.run(f"await worker.init_env({TROUBLE!r}, timeout=None)")  # behind all of them
    assert still_fine(booted)


def test_an_exception_in_a_callback_of_the_worker_is_logged_and_the_worker_lives_on(
    booted: Lab,
) -> None:
    booted.run("""
        lines.clear()
        await worker.request("fail_later")
        while not [line for line in lines if "ZeroDivisionError" in line.text]:
            await asyncio.sleep(0.01)
    """)
    assert still_fine(booted)


def test_a_page_that_is_reloaded_in_mid_step_starts_anew(booted: Lab) -> None:
    booted.run("""
        global stepping
        async def step_for_ever():
            while True:
                await worker.step("fine", render=False)
        stepping = asyncio.create_task(step_for_ever())
        await asyncio.sleep(0.2)
    """)
    booted.reload()
    assert booted.run(BOOT)["after"]["gymnasium"] == "1.4.0"
    booted.run(f"await worker.init_env({TROUBLE!r}, file_name='trouble.py')")
    assert still_fine(booted)


def test_a_fatal_error_of_pyodide_is_a_crash_and_a_restart_heals_it(booted: Lab) -> None:
    crash, later, seconds = booted.run("""
        crash = await outcome(worker.step("kill", timeout=20))
        later = await outcome(worker.step("fine"))
        return crash, later, await worker.restart()
    """)
    assert crash[0] == later[0] == "WorkerCrashedError"
    assert seconds > 0
    assert still_fine(booted)
