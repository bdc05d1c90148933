"""Environments that paint all kinds of pictures, and the pixels that the page then has of them."""

import struct
import zlib

from playwright.sync_api import Page

from tests.browser.protocol.lab import Lab

PAINTER = """
import numpy as np
from gymworker import Surface

class Painted:
    state = None
    asked = 0

    def reset(self, *, seed=None, options=None):
        self.state = (options or {}).get("draw")
        return 0, {}

    def step(self, action):
        self.state = action
        return 0, 0.0, False, False, {}

    def render(self):
        self.asked += 1
        if self.state == "rgb":
            frame = np.zeros((40, 60, 3), np.uint8)
            frame[:20, :30] = [255, 0, 0]
            frame[20:, 30:] = [0, 0, 255]
            return frame
        if self.state == "rgba":
            return np.full((10, 20, 4), [0, 255, 0, 255], np.uint8)
        if self.state in kinds:
            grey = np.full((30, 20), 0.2)
            grey[15:] = 1.0
            return kinds[self.state](grey)
        if self.state == "text":
            return "S\\x1b[41mFFFFFFFF\\x1b[0mG\\nSFFFFFFFFG"
        if self.state == "image":
            return surface.clear().image("sprites.png", 0, 0, 60, 40, (1, 0, 1, 1)).commit()
        if self.state == "missing":
            return surface.clear().image("nowhere.png", 0, 0, 60, 40).commit()
        if self.state == "objects":
            return scene()
        if self.state in ("one", "other"):
            return pair[self.state].commit()
        if self.state == "broken":
            raise RuntimeError("no brush")
        return np.full((4, 6, 3), self.state, np.uint8)

kinds = {
    "grey": lambda grey: np.rint(grey * 255).astype(np.uint8)[:, :, None],
    "float": lambda grey: grey,
    "int64": lambda grey: np.rint(np.stack([grey] * 3, axis=-1) * 255).astype(np.int64),
    "list": lambda grey: [np.zeros((5, 5, 3), np.uint8), grey],
    "bool": lambda grey: grey > 0.5,
}
surface = Surface(60, 40)
picture = Surface(100, 50, background="#ffffff")
times = 0

def scene():
    global times
    times += 1
    picture.rectangle(0, 0, 20, 20, "#ff0000", id="wall", permanent=True)
    picture.rectangle(0, 0, 10, 10, "#0000ff", depth=1)             # above the wall
    picture.rectangle(40, 0, 20, 20, "#00ff00", depth=2)
    picture.rectangle(40, 0, 20, 20, "#000000", depth=1)            # below the one before it
    picture.rectangle(70, 0, 20, 20, "#000000", alpha=0.5)
    picture.rectangle(20, 33, 20, 4, "#ff00ff", angle=1.5707963267948966)  # upright now
    picture.circle(0.7, 0.8, 0.1, "#00ffff", relative=True)
    picture.polygon([(80, 30), (100, 30), (90, 50)], "#ffff00")
    if times > 1:
        picture.rectangle(0, 40, 10, 10, "#ff0000", id="late", permanent=True)
    if times > 2:
        picture.remove("wall")
    return picture.commit()

pair = {"one": Surface(60, 40), "other": Surface(60, 40)}
for name, x, color in (("one", 0, "#ff0000"), ("other", 30, "#0000ff")):
    pair[name].rectangle(x, 0, 30, 40, color, id="half", permanent=True)

env = Painted()
"""

FRAMES = """
import gc

import numpy as np
import pyodide_js
from gymworker import Surface
from gymworker.worker.canvas.painter import Painter
from gymworker.worker.js.screen import Screen
from js import OffscreenCanvas

class Painted:
    def reset(self, *, seed=None, options=None):
        return 0, {}

    def step(self, frames):
        for number in range(frames):
            if number % 3:
                surface.rectangle(0, 0, 30, 40, id="wall", permanent=True, angle=number // 100)
                surface.circle(number % 60, 20, 5, "tomato", alpha=0.5).text(number, 1, 1)
                painter.show(surface.commit())
            else:
                painter.show("step \\x1b[41m" + str(number) if number % 2 else pixels)
            if number % 100 == 99:
                painter.clear()  # as for another environment
        assert not errors, errors
        gc.collect()
        module = pyodide_js._module
        used = [module._hiwire_num_refs(), module.stackSave(), module.HEAPU8.length]
        return used, 0.0, False, False, {}

screen = Screen(OffscreenCanvas.new(60, 40))
screen.next_frame = lambda paint: paint()  # the display of a test waits for nothing
painter = Painter(screen)
errors = []
painter._report = errors.append
surface, pixels = Surface(60, 40), np.zeros((40, 60, 3), np.uint8)
env = Painted()
"""

READ = """
([points]) => {
  const canvas = document.querySelector("canvas");
  const copy = document.createElement("canvas");
  [copy.width, copy.height] = [canvas.width, canvas.height];
  const context = copy.getContext("2d");
  context.drawImage(canvas, 0, 0);
  return [[canvas.width, canvas.height],
    points.map(([x, y]) => [...context.getImageData(x, y, 1, 1).data])];
}
"""
SAME = f"""
([points, size, colors]) => {{
  const near = (a, b) => a.every((value, index) => Math.abs(value - b[index]) <= 3);
  const [found, pixels] = ({READ})([points]);
  return near(found, size) && pixels.every((pixel, index) => near(pixel, colors[index]));
}}
"""

Color = tuple[int, int, int]
RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def show(lab: Lab, state: object) -> None:
    lab.run(f"await worker.step({state!r})")


def check(page: Page, size: tuple[int, int], pixels: dict[tuple[int, int], Color]) -> None:
    """Waits until the canvas has a size and some colours; shows what it has if it never does."""
    points = [list(point) for point in pixels]
    colors = [[*color, 255] for color in pixels.values()]
    try:
        arg = [points, list(size), colors]
        page.wait_for_function(SAME, arg=arg, polling=100, timeout=30_000)
    except Exception:
        assert page.evaluate(READ, [points]) == [list(size), colors]
        raise


def png(*colors: Color) -> bytes:
    """A picture of one line."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", len(colors), 1, 8, 2, 0, 0, 0)
    line = b"\0" + b"".join(map(bytes, colors))
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(line)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts
