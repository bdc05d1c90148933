"""A clock that tests move by hand, a painter with its own display, and environments to play."""

import heapq
import itertools
from collections.abc import Callable
from typing import Any

from gymworker.worker.environment import Environment
from gymworker.worker.play.game import Game
from gymworker.worker.play.settings import PlaySettings

MAPPING = {"ArrowLeft": 0, "ArrowRight": 1}


class Timer:
    """A call that is to come."""

    def __init__(self, function: Callable[[], None]) -> None:
        self.function: Callable[[], None] | None = function

    def cancel(self) -> None:
        self.function = None


class FakeClock:
    """Stands still until a test lets time pass."""

    def __init__(self) -> None:
        self.time = 100.0
        self._timers: list[tuple[float, int, Timer]] = []
        self._order = itertools.count()

    def now(self) -> float:
        return self.time

    def wall(self) -> float:
        return self.time * 1000

    def call_later(self, delay: float, function: Callable[[], None]) -> Timer:
        assert delay >= 0
        timer = Timer(function)
        heapq.heappush(self._timers, (self.time + delay, next(self._order), timer))
        return timer

    def pass_time(self, seconds: float) -> None:
        """Lets time pass; what an environment takes of it on its own counts."""
        until = self.time + seconds
        while self._timers and self._timers[0][0] <= until + 1e-9:
            due, _, timer = heapq.heappop(self._timers)
            self.time = max(self.time, due)
            if timer.function is not None:
                timer.function()
        self.time = max(self.time, until)

    @property
    def waiting(self) -> int:
        """How many calls are to come."""
        return sum(timer.function is not None for _, _, timer in self._timers)


class FakePainter:
    """Paints when a test says that the display wants a frame."""

    def __init__(self, clock: FakeClock) -> None:
        self.frames: list[Any] = []
        self._clock = clock
        self._wanted: Any = None

    def invalidate(self, render: Callable[[], Any], painted: Callable[[float], None]) -> None:
        self._wanted = render, painted

    def show(self) -> None:
        """The display wants a frame."""
        if self._wanted is not None:
            (render, painted), self._wanted = self._wanted, None
            self.frames.append(render())
            painted(self._clock.wall())


class Counter:
    """Counts to its length; observations and rewards show the action."""

    length = 5
    action_space = None

    def __init__(self) -> None:
        self.n = 0
        self.seeds: list[Any] = []
        self.actions: list[Any] = []
        self.duration: Callable[[], None] = lambda: None
        self.rendered = 0

    def reset(self, *, seed: Any = None, options: Any = None) -> Any:
        self.n = 0
        self.seeds.append(seed)
        return [seed, 0], {}

    def step(self, action: Any) -> Any:
        self.duration()
        self.n += 1
        self.actions.append(action)
        if action == "fall":
            raise RuntimeError("the cart fell off")
        return [action, self.n], float(action), self.n >= self.length, False, {"n": self.n}

    def render(self) -> str:
        self.rendered += 1
        return f"frame {self.n}"


class Pair:
    """Two agents; `left` is done after two steps, `right` after four."""

    possible_agents = ["left", "right"]  # noqa: RUF012

    def __init__(self) -> None:
        self.agents: list[str] = []
        self.actions: list[Any] = []

    def reset(self, *, seed: Any = None, options: Any = None) -> Any:
        self.agents = list(self.possible_agents)
        self.n = 0
        return {agent: (seed, agent) for agent in self.agents}, {agent: {} for agent in self.agents}

    def step(self, actions: Any) -> Any:
        self.n += 1
        self.actions.append(actions)
        playing = self.agents
        terminated = {a: self.n >= 2 if a == "left" else self.n >= 4 for a in playing}
        self.agents = [a for a in playing if not terminated[a]]
        obs = {a: (self.n, actions[a]) for a in playing}
        rewards = {a: 1.0 if a == "left" else 0.5 for a in playing}
        return obs, rewards, terminated, dict.fromkeys(playing, False), {a: {} for a in playing}


class Table:
    """A game, its clock, its display, and what its page was told."""

    def __init__(self, env: Any, names: dict[str, Any] | None = None, **settings: Any) -> None:
        self.env = env
        self.clock = FakeClock()
        self.painter = FakePainter(self.clock)
        self.sent: list[dict[str, Any]] = []
        environment = Environment()
        environment.take(env, names or {}, "")
        painter: Any = self.painter
        environment.painter = painter
        environment.code_hash = "c0de"
        drawn = itertools.count(1000)
        self.game = Game(
            7,
            PlaySettings(settings, env, environment.names, hasattr(env, "possible_agents")),
            environment,
            self.sent.append,
            self.clock,  # type: ignore[arg-type]
            draw=lambda: next(drawn),
        )
        self.environment = environment

    def start(self) -> "Table":
        self.game.start()
        return self

    def of(self, type: str) -> list[dict[str, Any]]:
        """The messages of a type."""
        return [message for message in self.sent if message["type"] == type]

    @property
    def state(self) -> dict[str, Any]:
        """The last state that the page was told."""
        return self.of("playState")[-1]

    @property
    def transitions(self) -> list[dict[str, Any]]:
        return [item for message in self.of("transitions") for item in message["transitions"]]

    def press(self, key: str) -> None:
        self.game.press(key, True, self.clock.wall())

    def release(self, key: str) -> None:
        self.game.press(key, False, self.clock.wall())


def counter(**settings: Any) -> Table:
    """A counter that is played with two keys."""
    return Table(Counter(), **{"actionMapping": MAPPING, "fps": 10, **settings}).start()
