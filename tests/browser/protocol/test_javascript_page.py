"""A page in plain JavaScript drives the same worker with plain objects."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.protocol.lab import DEADLINE
from tests.browser.servers import Served

ARRAYS = """
import numpy as np

class E:
    def reset(self, *, seed=None, options=None):
        return np.arange(6, dtype=np.float32), {"seed": seed, "options": options}

    def step(self, action):
        obs = {"image": np.zeros((2, 3), np.uint8), "vector": np.arange(3, dtype=np.int16)}
        obs["frame"] = np.arange(40 * 30 * 3).reshape(40, 30, 3).astype(np.float16)
        return obs, np.float64(0.5), np.bool_(False), False, {"pair": (1, "two"), "action": action}

    def render(self):
        return [{"object_type": "circle", "x": 0.5}]

env = E()
"""
ATTEMPT = """
async ([type, payload]) => {
  try { return ["reply", await window.request(type, payload)]; }
  catch (error) { return ["error", error]; }
}
"""


@pytest.fixture(scope="module")
def script_page(lab_context: BrowserContext, lab_server: Served) -> Iterator[Page]:
    """The page, whose worker has answered `init`, sent before it was there."""
    page = lab_context.new_page()
    page.goto(lab_server.url + "script.html")
    page.wait_for_function("window.worker !== undefined", timeout=DEADLINE)
    page.evaluate("window.version = window.request('init', {}).then((reply) => reply.version)")
    page.wait_for_function("window.pendingRequests() === 0", timeout=DEADLINE)
    yield page
    page.close()


def attempt(page: Page, type: str, payload: Any = None) -> tuple[str, Any]:
    kind, reply = page.evaluate(ATTEMPT, [type, payload])
    assert page.evaluate("window.pendingRequests()") == 0
    assert page.evaluate("window.unknown") == 0
    return kind, reply


def ask(page: Page, type: str, payload: Any = None) -> Any:
    kind, reply = attempt(page, type, payload)
    assert kind == "reply", reply
    return reply


def test_init_is_answered_and_the_boot_tells_of_itself(script_page: Page) -> None:
    version = script_page.evaluate("window.version")
    assert version["pyodide"] == "0.29.5"
    heard = script_page.evaluate("window.heard")
    assert {message["type"] for message in heard} == {"progress", "ready"}
    assert heard[-1] == {"type": "ready", "version": version}
    packages = [message for message in heard if message.get("stage") == "packages"]
    assert [message["loaded"] for message in packages] == list(range(1, len(packages) + 1))


def test_packages_that_are_there_already_are_skipped(script_page: Page) -> None:
    reply = ask(script_page, "installPackages", {"packages": ["gymnasium==1.4.0"]})
    assert reply["type"] == "installed"
    assert reply["packages"]["gymnasium"] == "1.4.0"
    assert script_page.evaluate("window.progress") == []


def test_a_package_that_cannot_be_installed_is_named(script_page: Page) -> None:
    kind, error = attempt(script_page, "installPackages", {"packages": ["no-such-package"]})
    assert kind == "error"
    assert error["name"] == "ImportError"
    assert "no-such-package" in error["message"]


def test_an_environment_is_made_reset_and_stepped(script_page: Page) -> None:
    code = 'import gymnasium\nenv = gymnasium.make("CartPole-v1")\n'
    assert ask(script_page, "initEnv", {"envCode": code})["type"] == "envReady"
    reset = ask(script_page, "reset", {"seed": 42})
    assert reset["type"] == "result"
    assert set(reset["result"]) == {"obs", "infos", "render_state"}
    step = ask(script_page, "step", {"actions": 1})["result"]
    assert len(step["obs"]) == 4
    assert (step["rewards"], step["terminateds"], step["truncateds"]) == (1, False, False)
    assert (step["infos"], step["render_state"]) == ({}, None)


def test_arrays_arrive_as_typed_arrays(script_page: Page) -> None:
    ask(script_page, "initEnv", {"envCode": ARRAYS, "globals": {"unused": [1, {"a": None}]}})
    kinds = script_page.evaluate("""async () => {
      const { result: reset } = await window.request("reset", { seed: 3, options: { level: 2 } });
      const { result: step } = await window.request("step", { actions: { left: 1 } });
      const { obs, infos } = step;
      return [
        reset.obs.constructor.name, Array.from(reset.obs), reset.infos,
        obs.vector.constructor.name, obs.image[0].constructor.name, obs.image.length,
        infos, step.rewards, step.terminateds, step.render_state,
        obs.frame.data.constructor.name, obs.frame.data[1000], obs.frame.shape, obs.frame.dtype,
      ];
    }""")
    assert kinds[:3] == ["Float32Array", list(range(6)), {"seed": 3, "options": {"level": 2}}]
    assert kinds[3:6] == ["Int16Array", "Uint8Array", 2]
    assert kinds[6:8] == [{"pair": [1, "two"], "action": {"left": 1}}, 0.5]
    assert kinds[8:10] == [False, [{"object_type": "circle", "x": 0.5}]]
    assert kinds[10:] == ["Float32Array", 1000, [40, 30, 3], "float16"]


def test_a_batch_stops_at_its_first_failure(script_page: Page) -> None:
    ask(script_page, "initEnv", {"envCode": ARRAYS})
    step = {"op": "step", "params": {"actions": 0}}
    assert len(ask(script_page, "batch", {"operations": [step, step]})["result"]) == 2
    kind, error = attempt(script_page, "batch", {"operations": [step, {"op": "fly"}, step]})
    assert (kind, error["failedIndex"], len(error["partialResults"])) == ("error", 1, 1)


def test_errors_carry_name_message_and_traceback(script_page: Page) -> None:
    kind, error = attempt(
        script_page, "initEnv", {"envCode": "import nowhere\n", "fileName": "a.py"}
    )
    assert (kind, error["name"]) == ("error", "ModuleNotFoundError")
    assert 'File "a.py", line 1' in error["stack"]
    kind, error = attempt(script_page, "fly")
    assert (kind, error["name"]) == ("error", "ProtocolError")


def test_what_cannot_be_sent_is_an_error_with_its_path(script_page: Page) -> None:
    ask(script_page, "initEnv", {"envCode": ARRAYS + "env.render = lambda: {'a': [object()]}\n"})
    kind, error = attempt(script_page, "reset", {})
    assert (kind, error["name"]) == ("error", "EncodeError")
    assert "render_state['a'][0]" in error["message"]


def test_seed_and_render(script_page: Page) -> None:
    ask(script_page, "initEnv", {"envCode": ARRAYS})
    assert ask(script_page, "seedRng", {"seed": 5})["result"] == {"ok": True}
    assert ask(script_page, "render")["result"]["render_state"][0]["x"] == 0.5


def test_what_python_prints_is_heard(script_page: Page) -> None:
    script_page.evaluate("window.heard.length = 0")
    ask(script_page, "initEnv", {"envCode": "print('hello page')\n" + ARRAYS})
    line = {"type": "log", "level": "info", "stream": "stdout", "text": "hello page"}
    assert script_page.evaluate("window.heard") == [line]


BROKEN = """
async () => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const absolute = (address) => new URL(address, document.baseURI).href;
  const { PyWorker } = await import(absolute(read("pyscript") + "core.js"));
  const { interpreter, files } = read("settings").worker;
  const sources = Object.entries({ ...files, "broken_worker.py": "./broken_worker.py" });
  const worker = await PyWorker(absolute("gymworker/worker/js/entry.py"), {
    type: "pyodide",
    version: absolute(interpreter),
    config: {
      files: Object.fromEntries(sources.map(([url, path]) => [absolute(url), path])),
      sync_main_only: true,
      gymworker: { script: "broken_worker" },
    },
  });
  return await new Promise((resolve) => worker.addEventListener("message", ({ data }) => {
    if (data?.type === "error") resolve(data);
  }));
}
"""


def test_the_entry_tells_of_a_worker_script_that_fails(script_page: Page) -> None:
    message = script_page.evaluate(BROKEN)
    assert "id" not in message
    error = message["error"]
    assert (error["name"], error["message"], error["fatal"]) == ("ValueError", "out of luck", True)
    assert 'broken_worker.py", line 3' in error["stack"]
