"""Stock environments with their own renderers: the canvas beside the frame of real pygame."""

import base64
from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import gymnasium
import numpy as np
import pygame as real
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Serve
from tests.browser.pages import watched
from tests.browser.protocol.lab import Lab, LabError, edits
from tests.browser.servers import Served
from tests.unit.worker.standin.test_environments import CLOSE, EXACT, drawn_with

STEPS, SEED = 5, 3
PATIENCE = 20_000
"""Milliseconds until a frame is on the canvas, at most."""

Picture = NDArray[np.int16]

BOUNDS = {name: CLOSE.get(name, {"most": 0, "pixels": 0.0}) for name in (*EXACT, *CLOSE)}


def fails_once(
    served: Served, app: WSGIApplication, environ: WSGIEnvironment, start: StartResponse
) -> Iterable[bytes]:
    """Answers with 404 at the first time."""
    if served.answers("^/bundle/later-"):
        return app(environ, start)
    start("404 NOT FOUND", [])
    return [b""]


READ = """
() => {
  const canvas = document.querySelector("canvas"), copy = document.createElement("canvas");
  const { width, height } = canvas;
  [copy.width, copy.height] = [width, height];
  const context = copy.getContext("2d");
  context.drawImage(canvas, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  let text = "";
  for (let at = 0; at < data.length; at += 8192) {
    text += String.fromCharCode(...data.subarray(at, at + 8192));
  }
  return [width, height, btoa(text)];
}
"""


@pytest.fixture(scope="module")
def stock(lab: Lab) -> Lab:
    """The lab with a worker that has the page's canvas."""
    lab.run("""
        global worker
        worker = make(timeout=60)
        canvas = js.document.createElement("canvas")
        js.document.body.append(canvas)
        await worker.attach_canvas(canvas)
    """)
    return lab


def canvas(page: Page) -> Picture:
    """What is on the canvas, `(H, W, 3)`."""
    width, height, data = page.evaluate(READ)
    pixels = np.frombuffer(base64.b64decode(data), np.uint8).reshape(height, width, 4)
    return pixels[..., :3].astype(np.int16)


def within(found: Picture, wanted: Picture, bound: Any) -> bool:
    """Whether a picture is another one, within a bound."""
    if found.shape != wanted.shape:
        return False
    apart = np.abs(found - wanted).max(axis=2)
    return bool(apart.max() <= bound["most"] and np.mean(apart > 0) <= bound["pixels"])


def wait(page: Page, wanted: Picture, bound: Any) -> None:
    """Waits until a picture is on the canvas, within a bound."""
    for _ in range(PATIENCE // 100):
        if within(canvas(page), wanted, bound):
            return
        page.wait_for_timeout(100)
    found = canvas(page)
    assert found.shape == wanted.shape
    apart = np.abs(found - wanted).max(axis=2)
    off = f"{np.mean(apart > 0):.3%} of the pixels are off, by up to {apart.max()}"
    raise AssertionError(f"{off}; expected {bound}")


def played(name: str, actions: Any = None) -> tuple[list[Any], Picture, Picture]:
    """Some actions in CPython, and real pygame's frames before and after them, `(H, W, 3)`.

    Args:
        name: of the environment.
        actions: to take; None for random ones.
    """
    with drawn_with(real):
        env = gymnasium.make(name, render_mode="rgb_array")
        env.action_space.seed(SEED)
        env.reset(seed=SEED)
        first: Any = env.render()
        wanted = actions or [env.action_space.sample().tolist() for _ in range(STEPS)]
        taken = []
        for action in wanted:
            taken.append(action)
            _, _, terminated, truncated, _ = env.step(action)
            if terminated or truncated:
                break
        last: Any = env.render()
        env.close()
    return taken, first.astype(np.int16), last.astype(np.int16)


DRAWN = """
import pygame

class Drawn:
    def reset(self, *, seed=None, options=None):
        return pygame.version.rev, {}

    def step(self, action):
        return pygame.version.rev, 0.0, False, False, {}

env = Drawn()
"""


def test_the_stand_in_is_fetched_when_somebody_imports_it(lab: Lab, lab_server: Served) -> None:
    lab_server.seen.clear()  # of the other browser, too
    lab.run("""
        global early
        early = make(timeout=60)
        await early.make("CartPole-v1")
        await early.reset(seed=0)
    """)
    assert not lab_server.answers("^/bundle/later-")
    found = lab.run(f"""
        await early.init_env({DRAWN!r})
        await early.init_env({DRAWN!r})
        found = (await early.reset()).obs
        early.destroy()
        return found
    """)
    assert found == "gymworker"
    assert len(lab_server.answers("^/bundle/later-")) == 1


def test_a_stand_in_that_does_not_come_is_named(browser: Browser, serve_changed: Serve) -> None:
    faults = {"^/bundle/later-": fails_once}
    complaints = ("404",)
    with (
        serve_changed(edits(), faults) as served,
        watched(browser, served.url, expected=complaints) as context,
    ):
        lab = Lab(context.new_page(), served.url)
        lab.run("""
            global worker
            worker = make(timeout=60)
            await worker.make("CartPole-v1", render_mode="rgb_array")
            await worker.reset(render=False)
        """)
        with pytest.raises(LabError, match=r"/bundle/later-\w+\.tar\.gz could not be .*status 404"):
            lab.run("await worker.render()")
        assert lab.run("return (await worker.render()).render_state.shape") == [400, 600, 3]


@pytest.mark.parametrize("mode", ["rgb_array", "human"])
@pytest.mark.parametrize("name", BOUNDS)
def test_the_canvas_shows_pygame_s_frame(stock: Lab, name: str, mode: str) -> None:
    actions, first, last = played(name)
    stock.run(f"""
        await worker.make({name!r}, render_mode={mode!r})
        await worker.reset(seed={SEED})
    """)
    wait(stock.page, first, BOUNDS[name])
    stock.run(f"""
        for action in {actions!r}:
            await worker.step(action)
    """)
    wait(stock.page, last, BOUNDS[name])


@pytest.mark.parametrize("mode", ["rgb_array", "human"])
def test_a_game_shows_pygame_s_frame(stock: Lab, mode: str) -> None:
    actions, _, last = played("CartPole-v1", [0] * STEPS)
    steps = stock.run(f"""
        await worker.make("CartPole-v1", render_mode={mode!r})
        keys = {{"ArrowLeft": 0, "ArrowRight": 1}}
        global game
        game = await worker.play(paused=True, seed={SEED}, action_mapping=keys, default_action=0)
        for _ in range({STEPS}):
            await game.step()
        return game.state.step
    """)
    assert steps == len(actions)
    wait(stock.page, last, BOUNDS["CartPole-v1"])
    stock.run("await game.stop()")


def test_text_is_written_by_the_browser(stock: Lab) -> None:
    code = """
import numpy as np
import pygame

class Written:
    def reset(self, *, seed=None, options=None):
        return 0, {}

    def step(self, text):
        font = pygame.font.SysFont("arial", 40)
        alpha = pygame.surfarray.array_alpha(font.render(text, True, "red")).T
        dark = int((alpha > 127).sum())
        return [*alpha.shape, dark, np.argwhere(alpha).min(axis=0).tolist()], 0.0, False, False, {}

env = Written()
"""
    wide, narrow = stock.run(f"""
        await worker.init_env({code!r})
        return [(await worker.step("Hello")).obs, (await worker.step("il")).obs]
    """)
    height, width, dark, box = wide
    assert narrow[1] < width
    assert height == 40
    assert 50 < width < 150
    assert 100 < dark < width * height / 2, "letters, and neither nothing nor a block"
    assert box[0] < 20 and box[1] < 20
