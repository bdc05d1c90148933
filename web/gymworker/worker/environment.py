"""An environment of a worker: made, reset, stepped, rendered, by whoever does it. In the worker.

Gymnasium's ``Env`` and PettingZoo's ``ParallelEnv`` have the same calls: ``reset(seed=, options=)``
returns observations and infos, ``step(actions)`` returns observations, rewards, terminations,
truncations and infos. What they return is passed on in its shape, as a copy that stays. ``turns``
gives PettingZoo's ``AECEnv`` these calls; ``vectors`` is for Gymnasium's ``VectorEnv``.
"""

import hashlib
import importlib
import logging

from ..errors import ProtocolError
from .graphs import has_graph, with_graphs
from .introduction import AEC, PARALLEL, VECTOR, agents_of, kind_of, space_of
from .turns import Turns
from .values import ATOMS, kept
from .vectors import Vectors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .canvas.painter import Painter
    from .play.actions import Check

log = logging.getLogger(__name__)


class Environment:
    """An environment of a worker, and all that anybody does to it.

    Attributes:
        names: what the environment's code left in its module.
        code_hash: the SHA-256 of that code and of the modules beside it, in hexadecimal.
        renders: whether ``env.render()`` gives something.
        parallel: whether actions go by agent, as in PettingZoo's environments.
        vector: whether it is several that step together, as in Gymnasium's ``VectorEnv``.
        turns: of an environment whose agents take turns; else None.
        painter: shows what is rendered, if there is one.
        revision: how many times it was made, reset, stepped or changed: whoever remembers it sees
            whether somebody else did any of these since.
        obs: the last observation, None before the first reset.
    """

    def __init__(self) -> None:
        self._env: Any = None
        self._played: Any = None  # has ``reset`` and ``step`` as the module's docstring says
        self.names: dict[str, Any] = {}
        self.code_hash = ""
        self.renders = False
        self.parallel = False
        self.vector = False
        self.turns: Turns | None = None
        self.painter: Painter | None = None
        self.revision = 0
        self.obs: Any = None
        self._rendering = False
        self._presented: Any = None
        self._graphs: dict[Any, Any] = {}  # the action spaces with graphs in them, by agent
        self._checks: dict[Any, Check] = {}  # of actions, by agent

    def take(self, env: "Any", names: "dict[str, Any]", source: str) -> None:
        """Take an environment in the place of the one before, which is closed.

        Args:
            env: the environment.
            names: of its module.
            source: its code, with that of the modules beside it.
        """
        if self.painter is not None and self._env is not None:
            self.painter.clear()
        self.close()
        self._wear(env)
        self.names = names
        self.code_hash = hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()
        self.renders = _can_render(env)
        self._graphs = _spaces_with_graphs(env, self.parallel)
        self.obs = None
        self.revision += 1

    def reset(self, seed: "Any" = None, options: "Any" = None) -> "tuple[Any, Any]":
        """Reset it; return observations and infos.

        Args:
            seed: an int, of a vector also a list of them; or None.
            options: as Gymnasium has them.

        Raises:
            ProtocolError: there is no environment.
            TypeError: it returned something else.
            BaseException: whatever it raised.
        """
        self.required()
        self.revision += 1
        answer = self._played.reset(seed=seed, options=options)
        if not isinstance(answer, tuple) or len(answer) != 2:
            raise TypeError(f"expected env.reset() to return (obs, info), got {_kind(answer)}")
        told: tuple[Any, Any] = kept(answer)
        self.obs = told[0]
        return told

    def check(self, actions: "Any") -> None:
        """See to it that actions are of their spaces, each of them once.

        Args:
            actions: as ``step`` takes them. Those of a vector are its own to check, as are graphs.

        Raises:
            ProtocolError: one is not; it names the space and the action.
        """
        if self._env is None or self.vector or self._graphs:
            return
        if self.turns is not None:
            agent = self.turns.agent
            given = {agent: actions.get(agent, actions) if type(actions) is dict else actions}
        elif not self.parallel:
            given = {None: actions}
        elif type(actions) is dict:
            given = {agent: actions[agent] for agent in self.agents() if agent in actions}
        else:
            return
        for agent, action in given.items():
            check = self._checks.get(agent)
            if check is None:
                check = self._checks[agent] = self._make_check(agent)
            try:
                check(action, lambda: "the page")
            except ValueError as error:
                raise ProtocolError(str(error)) from None

    def step(self, actions: "Any") -> "tuple[Any, Any, Any, Any, Any]":
        """Step it; return observations, rewards, terminations, truncations and infos.

        Args:
            actions: one action, or a dict of them by agent; where agents take turns that of the one
                whose turn it is, alone or by agent. The environment gets a copy, which it may
                change.

        Raises:
            ProtocolError: there is no environment.
            TypeError: it returned something else.
            BaseException: whatever it raised.
        """
        if self._env is None:
            self.required()
        self.revision += 1
        if type(actions) not in ATOMS:
            actions = kept(actions)
        if self._graphs:
            actions = self._with_graphs(actions)
        answer = self._played.step(actions)
        if not isinstance(answer, tuple) or len(answer) != 5:
            raise TypeError(
                "expected env.step() to return (obs, reward, terminated, truncated, info), "
                f"got {_kind(answer)}"
            )
        told: tuple[Any, Any, Any, Any, Any] = kept(answer)
        self.obs = told[0]
        return told

    def agents(self) -> "list[Any]":
        """Return the agents that are there; the only one of an environment of one has no name."""
        if not self.parallel:
            return [None]
        env = self.required()
        found = getattr(env, "agents", None)
        return list(self.obs or () if found is None else found)

    def acting(self) -> "list[Any]":
        """Return the agents that act in the next step: all, or the one whose turn it is."""
        if self.turns is None:
            return self.agents()
        agent = self.turns.agent
        return [] if agent is None else [agent]

    def look(self) -> "tuple[Any, Any]":
        """Return observations and infos as they are now, None for what only a step would tell."""
        return (self.obs, None) if self.turns is None else kept(self.turns.look())

    def render(self) -> "Any":
        """Return what ``env.render()`` returns, None where there is nothing to render.

        Gymnasium's own ``render``, which an environment without one inherits, raises
        ``NotImplementedError``. One with the render mode ``human`` returns None: it is the frame
        that it has shown meanwhile.
        """
        env = self.required()
        if not self.renders:
            return None
        self._rendering, self._presented = True, None
        try:
            frame = env.render()
            return self._presented if frame is None else frame
        except NotImplementedError as error:
            self.renders = False
            if str(error):  # not what is inherited
                log.warning("env.render() is not implemented, nothing is shown: %s", error)
            return None
        finally:
            self._rendering, self._presented = False, None

    @property
    def rendering(self) -> bool:
        """Whether it is being asked for a frame."""
        return self._rendering

    def present(self, frame: "Any") -> None:
        """Paint a frame that the environment shows by itself, as in the render mode ``human``.

        Args:
            frame: ``(H, W, 3) uint8``, which nobody changes any more.
        """
        if self._rendering:  # whoever asked for it paints it
            self._presented = frame
        elif self.painter is not None:
            self.painter.show(frame)

    def frame(self) -> "Any":
        """Return what ``env.render()`` returns, to be painted.

        Raises:
            TypeError: it is text, and the environment's ``render_mode`` promises pixels.
        """
        frame = self.render()
        if isinstance(frame, str) and getattr(self._env, "render_mode", None) == "rgb_array":
            raise TypeError(
                "expected env.render() to return an array (H, W, 3 | 4), as the render_mode "
                f"'rgb_array' says, got str {frame!r:.80}: text needs the render_mode 'ansi'"
            )
        return frame

    @property
    def picture_size(self) -> "tuple[float, float] | None":
        """Width and height of the picture that was painted last, in its own pixels, or None."""
        return None if self.painter is None else self.painter.size

    def put(self, env: "Any", obs: "Any") -> None:
        """Have the same environment in another state, which is another object.

        Args:
            env: the environment.
            obs: its last observation.
        """
        self._wear(env)
        self.obs = obs
        self.revision += 1

    def mark(self) -> "Any":
        """Return the present state of the environment, for ``compare``."""
        return self.revision, _fingerprint(self._env)

    def compare(self, mark: "Any") -> None:
        """Count a change if the environment is not as it was, or may not be."""
        revision, fingerprint = mark
        same = fingerprint is not None and revision == self.revision
        if not same or _fingerprint(self._env) != fingerprint:
            self.revision += 1

    def close(self) -> None:
        """Close the environment; one that fails to close is reported and forgotten."""
        env, self._env = self._env, None
        self._played = self.turns = None
        try:
            if hasattr(env, "close"):
                env.close()
        except BaseException:
            log.warning("the earlier environment failed to close", exc_info=True)

    def required(self) -> "Any":
        """Return the environment.

        Raises:
            ProtocolError: there is none yet.
        """
        if self._env is None:
            raise ProtocolError("there is no environment yet: send initEnv first")
        return self._env

    def _wear(self, env: "Any") -> None:
        """Have an environment, and what gives it the calls of this class."""
        self._env = env
        self._checks = {}
        kind = kind_of(env)
        self.parallel = kind in (PARALLEL, AEC)
        self.turns = Turns(env) if kind == AEC else None
        self.vector = kind == VECTOR
        self._played = Vectors(env) if self.vector else self.turns or env

    def _make_check(self, agent: "Any") -> "Check":
        from .play.actions import Check  # no boot waits for it

        return Check(space_of(self._env, "action_space", agent), agent)

    def _with_graphs(self, actions: "Any") -> "Any":
        spaces = self._graphs
        if not self.parallel:
            return with_graphs(spaces[None], actions)
        if not isinstance(actions, dict):
            return actions
        return {k: with_graphs(spaces[k], v) if k in spaces else v for k, v in actions.items()}


def _fingerprint(env: "Any") -> bytes | None:
    """Return a digest of an environment's state, None if it cannot be had.

    Gymnasium brings cloudpickle along, which takes functions too.
    """
    for name in ("pickle", "cloudpickle"):
        try:
            return hashlib.sha256(importlib.import_module(name).dumps(env)).digest()
        except Exception:
            continue
    return None


def _spaces_with_graphs(env: "Any", parallel: bool) -> "dict[Any, Any]":
    agents = agents_of(env) if parallel else [None]
    try:
        spaces = {agent: space_of(env, "action_space", agent) for agent in agents}
        return {agent: space for agent, space in spaces.items() if has_graph(space)}
    except Exception:  # of the environment's own: whoever asks for the space is told
        return {}


def _can_render(env: "Any") -> bool:
    """Tell whether ``env.render()`` gives something.

    Gymnasium warns at each call if an environment that declares render modes was made without one.
    """
    if not callable(getattr(env, "render", None)):
        return False
    declared = (getattr(env, "metadata", None) or {}).get("render_modes")
    return not (declared and getattr(env, "render_mode", None) is None)


def _kind(answer: object) -> str:
    if isinstance(answer, tuple):
        return f"a tuple of {len(answer)}"
    return type(answer).__name__
