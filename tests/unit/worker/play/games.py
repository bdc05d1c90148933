"""A clock that tests move by hand, a painter with its own display, and environments to play."""

import asyncio
import inspect
import itertools
from collections.abc import Callable
from typing import Any, Self

from gymworker.envelope import write_message
from gymworker.worker.call import Call
from gymworker.worker.environment import Environment
from gymworker.worker.environments import Environments
from gymworker.worker.outgoing import Outgoing
from gymworker.worker.play import writing
from gymworker.worker.play.game import Game
from gymworker.worker.play.requests import PlayRequests
from gymworker.worker.play.settings import PlaySettings

MAPPING = {"ArrowLeft": 0, "ArrowRight": 1}


def settings_of(payload: Any, env: Any, module: Any = None) -> PlaySettings:
    """The settings of a game."""
    return PlaySettings(payload, env, module or {}, hasattr(env, "possible_agents"))


class FakeTimer:
    """What `worker.js.timer.JsTimer` is in a browser."""

    def __init__(self, clock: "FakeClock", callback: Callable[[], None]) -> None:
        self.closed = False
        self.due: float | None = None
        self.order = 0
        self._clock = clock
        self.callback = callback

    def set(self, seconds: float) -> None:
        assert seconds >= 0
        assert not self.closed
        self.due = self._clock.time + seconds
        self.order = next(self._clock.order)

    def cancel(self) -> None:
        self.due = None

    def close(self) -> None:
        self.due = None
        self.closed = True


class FakeClock:
    """Stands still until a test lets time pass."""

    def __init__(self) -> None:
        self.time = 100.0
        self.timers: list[FakeTimer] = []
        self.order = itertools.count()

    def now(self) -> float:
        return self.time

    def wall(self) -> float:
        return self.time * 1000

    def timer(self, callback: Callable[[], None]) -> FakeTimer:
        self.timers.append(FakeTimer(self, callback))
        return self.timers[-1]

    def pass_time(self, seconds: float) -> None:
        """Lets time pass; what an environment takes of it on its own counts."""
        until = self.time + seconds
        while True:
            due = [(t.due, t.order, t) for t in self.timers if t.due is not None]
            if not due or min(due)[0] > until + 1e-9:
                break
            when, _, timer = min(due)
            self.time = max(self.time, when)
            timer.due = None
            timer.callback()
        self.time = max(self.time, until)

    @property
    def waiting(self) -> int:
        """How many calls are to come."""
        return sum(timer.due is not None for timer in self.timers)


class FakePainter:
    """Paints when a test says that the display wants a frame."""

    def __init__(self, clock: FakeClock) -> None:
        self.size: tuple[float, float] | None = None
        self.frames: list[Any] = []
        self._clock = clock
        self._wanted: Any = None

    def invalidate(
        self,
        render: Callable[[], Any],
        painted: Callable[[float], None],
        failed: Callable[[BaseException], None] = lambda error: None,
    ) -> None:
        self._wanted = render, painted, failed

    def clear(self) -> None:
        self._wanted = None

    def show(self) -> None:
        """The display wants a frame."""
        if self._wanted is not None:
            (render, painted, failed), self._wanted = self._wanted, None
            try:
                frame = render()
                if frame == "smudge":
                    raise TypeError("it cannot be painted")
            except BaseException as error:
                failed(error)
                return
            self.frames.append(frame)
            painted(self._clock.wall())


class Counter:
    """Counts to its length; observations and rewards show the action."""

    length = 5
    action_space: Any = None

    def __init__(self) -> None:
        self.n = 0
        self.seeds: list[Any] = []
        self.options: list[Any] = []
        self.actions: list[Any] = []
        self.duration: Callable[[], None] = lambda: None
        self.rendered = 0

    def reset(self, *, seed: Any = None, options: Any = None) -> Any:
        self.n = 0
        self.seeds.append(seed)
        self.options.append(options)
        return [seed, 0], {"reset": len(self.seeds)}

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
        self.environment = environment = Environment()
        environment.take(env, names or {}, "")
        environment.painter = self.painter  # type: ignore[assignment]
        environment.code_hash = "c0de"
        drawn = itertools.count(1000)
        self.game = Game(
            7,
            PlaySettings(settings, env, environment.names, environment.parallel),
            environment,
            self.send,
            self.clock,  # type: ignore[arg-type]
            draw=lambda: next(drawn),
        )

    def send(self, message: dict[str, Any]) -> None:
        """Takes what the page is told."""
        self.sent.append(message)

    def start(self) -> Self:
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
    def episodes(self) -> list[dict[str, Any]]:
        """What the page was told of episodes."""
        return self.of("episode")

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


class FakePage:
    """Takes what can be sent to it."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    def send(self, message: dict[str, Any]) -> None:
        write_message(message)
        self.sent.append(message)

    def check(self, message: dict[str, Any]) -> None:
        write_message(message)


class Desk:
    """The requests of play, as a worker answers them."""

    def __init__(self, env: Any, names: dict[str, Any] | None = None) -> None:
        self.env = env
        self.clock = FakeClock()
        self.page = FakePage()
        self.environments = Environments()
        _, self.environment = self.environments.place(None)
        self.environment.take(env, names or {}, "the code")
        self.requests = PlayRequests(self.environments, lambda: self.clock)
        self._ids = itertools.count(1)

    def handle(self, type: str, **payload: Any) -> Any:
        """Returns what the handler of a request returns."""
        call = Call(payload, next(self._ids), self.page, Outgoing(), self.environments)
        return (getattr(self.requests, type, None) or getattr(writing, type))(call)

    def ask(self, type: str, **payload: Any) -> Any:
        """Answers a request, awaiting what is to be awaited."""
        answer = self.handle(type, **payload)
        if inspect.isawaitable(answer):
            return asyncio.run(answer)  # type: ignore[arg-type]
        return answer

    def of(self, type: str) -> list[dict[str, Any]]:
        """The messages of a type."""
        return [message for message in self.page.sent if message["type"] == type]

    @property
    def records(self) -> list[Any]:
        return [message["record"] for message in self.of("episode")]


def stroke(table: Table, key: str, seconds: float = 0.0) -> None:
    """Presses a key, holds it for some seconds, and lets it go."""
    table.press(key)
    table.clock.pass_time(seconds)
    table.release(key)
