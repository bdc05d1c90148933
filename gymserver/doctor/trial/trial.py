"""An environment that is tried: made as the worker makes it, and walked through."""

import copy
import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from gymworker.errors import StateError
from gymworker.worker import code
from gymworker.worker.environment import Environment
from gymworker.worker.introduction import agents_of, kind_of, space_of
from gymworker.worker.play.settings import PlaySettings
from gymworker.worker.snapshot.states import States
from gymworker.worker.snapshot.wrappers import Wrappers
from gymworker.worker.turns import mask_of, sampled

SEED = 7
"""Of the first reset; each one after it has the next."""

PATIENCE = 8.0
"""Seconds that a walk takes, or a little more: steps can be slow, and a check has its own time."""

FIELDS = ("obs", "rewards", "terminateds", "truncateds", "infos")


class NothingToSample(Exception):
    """There is no action to be drawn."""


@dataclass(frozen=True)
class Moment:
    """A reset, or a step.

    Attributes:
        episode: the number of the reset before it, from 0.
        step: in that episode, 0 for the reset.
        action: that went in, the seed for a reset.
        told: what the environment returned, by the names of `FIELDS`.
    """

    episode: int
    step: int
    action: Any
    told: dict[str, Any]

    @property
    def text(self) -> str:
        """What it is, for people."""
        return f"step {self.step}" if self.step else f"reset(seed={self.action})"


class Trial:
    """An environment that is tried.

    Args:
        job: what the server asks for: `source`, `fileName` and `files`, as in `initEnv`.

    Attributes:
        environment: the worker's.
        states: of it.
    """

    def __init__(self, job: dict[str, Any]) -> None:
        self.job = job
        self.environment = Environment()
        self.states = States(self.environment)
        self._new = True

    async def make(self) -> None:
        """Runs the environment's code anew, in the place of what was there.

        Raises:
            BaseException: whatever it raised.
        """
        source, files = self.job["source"], self.job["files"]
        module = await code.run(source, self.job["fileName"], {}, files)
        parts = [source, *(part for name in sorted(files) for part in (name, files[name]))]
        self.environment.take(module.__dict__["env"], module.__dict__, "\0".join(parts))
        self.states, self._new = States(self.environment), True

    @property
    def env(self) -> Any:
        """The environment as its code left it; a restored state is another object."""
        return self.environment.required()

    @property
    def kind(self) -> str:
        """One of those of `introduction`."""
        return kind_of(self.env)

    def settings(self) -> PlaySettings:
        """Returns the settings of a game, as the environment brings them along.

        Raises:
            ProtocolError: one is wrong, or nobody decides for an agent.
        """
        environment = self.environment
        return PlaySettings(None, self.env, environment.names, environment.parallel)

    def walk(self, steps: int, seed: int = SEED, patience: float = PATIENCE) -> Iterator[Moment]:
        """Resets, then makes steps with drawn actions; episodes follow one another.

        The drawing changes nothing in the environment: the same seed gives the same walk, which
        ends after `steps`, or sooner where these take longer than `patience`, in seconds.

        Raises:
            NothingToSample: an action space is missing.
            BaseException: whatever the environment raised.
        """
        actions, end = Actions(seed), time.monotonic() + patience
        episode, made = 0, 0
        while made < steps:
            yield self.reset(seed, episode)
            step = 0
            while made < steps:
                action = actions.draw(self.environment)
                step, made = step + 1, made + 1
                moment = self.step(action, episode, step)
                yield moment
                if time.monotonic() > end:
                    return
                if self.over(moment):
                    break
            episode += 1

    def reset(self, seed: int, episode: int = 0) -> Moment:
        """Resets it for an episode."""
        obs, infos = self.environment.reset(seed + episode)
        if self._new:
            self._new = False
            with suppress(StateError):
                self.states.save()  # the large parts that stay as they are get known
        return Moment(episode, 0, seed + episode, {"obs": obs, "infos": infos})

    def step(self, action: Any, episode: int = 0, step: int = 1) -> Moment:
        """Makes a step."""
        told = self.environment.step(action)
        return Moment(episode, step, action, dict(zip(FIELDS, told, strict=True)))

    def over(self, moment: Moment) -> bool:
        """Tells whether a step ended its episode."""
        ended = [moment.told[name] for name in ("terminateds", "truncateds")]
        if self.environment.vector:  # each of them begins anew by itself
            return False
        if not self.environment.parallel:
            return any(map(bool, ended))
        agents = self.environment.acting()
        return all(any(flags.get(agent) for flags in ended) for agent in agents)

    def digest(self) -> str:
        """Returns the hash of the state, "" where it cannot be saved.

        The generators that everybody shares are left out: whoever draws from them shows it.
        """
        with shared_generators():
            try:
                return self.states.digest()
            except StateError:
                return ""

    def saved(self) -> bytes:
        """Returns the state, without the generators that everybody shares."""
        with shared_generators():
            return self.states.write(self.states.save())


class Actions:
    """Draws actions from copies of the spaces, so that the environment's own stay as they are.

    Args:
        seed: of the copies.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._spaces: dict[Any, Any] = {}

    def draw(self, environment: Environment) -> Any:
        """Returns an action of each agent that acts, one alone where it has no name.

        Raises:
            NothingToSample: an action space is missing.
        """
        env = environment.required()
        if not environment.parallel:
            return self._space(env, None).sample()
        if environment.turns is None:
            return {agent: self._space(env, agent).sample() for agent in environment.acting()}
        obs, infos = environment.look()
        return {
            agent: sampled(self._space(env, agent), mask_of(obs[agent], infos[agent]))
            for agent in environment.acting()
        }

    def _space(self, env: Any, agent: Any) -> Any:
        if agent not in self._spaces:
            space = space_of(env, "action_space", agent)
            if not callable(getattr(space, "sample", None)):
                whose = "" if agent is None else f" of {agent!r}"
                raise NothingToSample(
                    f"expected the action_space{whose} to be a space of Gymnasium, such as "
                    f"gymnasium.spaces.Discrete(4), got {space!r:.80}"
                )
            self._spaces[agent] = copy.deepcopy(space)
            self._spaces[agent].seed(self._seed + len(self._spaces))
        return self._spaces[agent]


def seed_shared(seed: int) -> None:
    """Seeds the generators that everybody shares."""
    random.seed(seed)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(seed)


def seed_spaces(env: Any) -> None:
    """Seeds the generators that spaces have already: no reset does, and a page may sample."""
    todo: list[Any] = []
    for layer in Wrappers(env).chain:
        for name in ("observation_space", "action_space"):
            todo += [space_of(layer, name, agent) for agent in agents_of(layer)]
            todo += [getattr(layer, name, None), getattr(layer, f"single_{name}", None)]
    while todo:
        space = todo.pop()
        inner = getattr(space, "spaces", ())
        todo += inner.values() if isinstance(inner, dict) else inner
        if getattr(space, "_np_random", None) is not None:
            space.seed(SEED)


def shared_state() -> dict[str, Any]:
    """Returns the states of the generators that everybody shares, by name."""
    found = {"random": random.getstate()}
    if "numpy" in sys.modules:
        name, *rest = sys.modules["numpy"].random.get_state()
        found["numpy.random"] = (name, rest[0].tobytes(), *rest[1:])
    return found


@contextmanager
def shared_generators() -> Iterator[None]:
    """Holds the generators that everybody shares at one state for a while."""
    numpy = sys.modules.get("numpy")
    before = random.getstate(), numpy and numpy.random.get_state()
    seed_shared(0)
    try:
        yield
    finally:
        random.setstate(before[0])
        if numpy:
            numpy.random.set_state(before[1])
