"""The worker of the bench: the ordinary host, and requests that measure inside it."""

import gc
import time

import js
from gymworker import Host

STEPS = 500
FRAMES = 60
STOCK = "CartPole-v1 MountainCar-v0 Acrobot-v1 Pendulum-v1 FrozenLake-v1 Taxi-v4 CliffWalking-v1"

host = Host(imports=["numpy", "gymnasium"])


@host.on("own")
def own(call):
    """Return the milliseconds that the environment alone takes: a step, and a step with render."""
    names = {"KIND": call.payload["kind"]}
    exec(call.payload["code"], names)
    env = names["env"]
    times = []
    for render in (False, True):
        start = time.perf_counter()
        for i in range(STEPS):
            env.step(i % 2)
            if render:
                env.render()
        times.append((time.perf_counter() - start) / STEPS * 1000)
    return times


@host.on("stock")
def stock(call):
    """Return the milliseconds of a frame of stock environments, the least of some, by their names.

    A worker cannot ask for its own CPU time; in the least no other program took part.
    """
    import gymnasium

    found = {}
    for name in STOCK.split():
        env = gymnasium.make(name, render_mode="rgb_array")
        env.reset(seed=42)
        env.render()
        times = []
        for _ in range(FRAMES):
            _, _, terminated, truncated, _ = env.step(env.action_space.sample())
            start = time.perf_counter()
            env.render()
            times.append((time.perf_counter() - start) * 1000)
            if terminated or truncated:
                env.reset()
        env.close()
        found[name] = min(times)
    grid = Grid()
    grid.show()
    found["grid, by NumPy alone"] = least(grid.frame)
    found["grid in human mode, 640x640"] = least(grid.show)
    return found


def least(call):
    """Return the milliseconds of a call, the least of some."""
    times = []
    for _ in range(FRAMES):
        start = time.perf_counter()
        call()
        times.append((time.perf_counter() - start) * 1000)
    return min(times)


class Grid:
    """The drawing calls of MiniGrid, which the bench's site has not: 8 x 8 tiles of 32 pixels."""

    def __init__(self):
        import numpy

        across, down = numpy.meshgrid(numpy.arange(32), numpy.arange(32))
        self.tiles = [numpy.full((32, 32, 3), shade, numpy.uint8) for shade in (20, 100, 180)]
        self.tiles[1][across > down] = (255, 0, 0)
        for tile in self.tiles:
            tile[0] = tile[:, 0] = 100
        self.picture = numpy.zeros((256, 256, 3), numpy.uint8)
        self.window = None

    def frame(self):
        """Return a frame, ``(H, W, 3) uint8``."""
        picture = self.picture.copy()
        for row in range(8):
            for column in range(8):
                tile = self.tiles[1 if row == column == 4 else 2 * ((row + column) // 11)]
                picture[row * 32 : row * 32 + 32, column * 32 : column * 32 + 32] = tile
        return picture

    def show(self):
        """Show a frame as ``MiniGridEnv.render`` does in the render mode ``human``."""
        import pygame

        if self.window is None:
            pygame.freetype.init()
            pygame.display.init()
            self.window = pygame.display.set_mode((640, 640))
        surface = pygame.surfarray.make_surface(self.frame().transpose(1, 0, 2))
        offset = surface.get_size()[0] * 0.1
        ground = pygame.Surface([int(side + offset) for side in surface.get_size()])
        ground.convert()
        ground.fill((255, 255, 255))
        ground.blit(surface, (offset / 2, 0))
        ground = pygame.transform.smoothscale(ground, (640, 640))
        font = pygame.freetype.SysFont(pygame.font.get_default_font(), 22)
        text = "get to the green goal square"
        place = font.get_rect(text, size=22)
        place.center = ground.get_rect().center
        place.y = ground.get_height() - 22 * 1.5
        font.render_to(ground, place, text, size=22)
        self.window.blit(ground, (0, 0))
        pygame.event.pump()
        pygame.display.flip()


@host.on("collect")
def collect(call):
    """Collect garbage in Python, and in JavaScript where the browser was started for that."""
    gc.collect()
    if hasattr(js, "gc"):
        js.gc()


host.start()
