"""The environment of a worker: made, reset, stepped, rendered, by whoever does it. In the worker.

Gymnasium's ``Env`` and PettingZoo's ``ParallelEnv`` have the same calls: ``reset(seed=, options=)``
returns observations and infos, ``step(actions)`` returns observations, rewards, terminations,
truncations and infos. What they return is passed on in its shape, as a copy that stays.
"""

import hashlib
import importlib
import logging

from ..errors import ProtocolError
from .introduction import AEC, PARALLEL, kind_of
from .values import kept

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .canvas.painter import Painter

log = logging.getLogger(__name__)


class Environment:
    """The one environment of a worker, and all that anybody does to it.

    Attributes:
        names: what the environment's code left in its module.
        code_hash: the SHA-256 of that code, in hexadecimal.
        renders: whether ``env.render()`` gives something.
        parallel: whether actions go by agent, as in PettingZoo's ``ParallelEnv``.
        painter: shows what is rendered, if there is one.
        revision: how many times it was made, reset, stepped or changed: whoever remembers it sees
            whether somebody else did any of these since.
        obs: the last observation, None before the first reset.
    """

    def __init__(self) -> None:
        self._env: Any = None
        self.names: dict[str, Any] = {}
        self.code_hash = ""
        self.renders = False
        self.parallel = False
        self.painter: Painter | None = None
        self.revision = 0
        self.obs: Any = None

    def take(self, env: "Any", names: "dict[str, Any]", source: str) -> None:
        """Take an environment in the place of the one before, which is closed.

        Args:
            env: the environment.
            names: of its module.
            source: its code.
        """
        self.close()
        self._env = env
        self.names = names
        self.code_hash = hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()
        self.renders = _can_render(env)
        self.parallel = kind_of(env) in (PARALLEL, AEC)
        self.obs = None
        self.revision += 1
        if self.painter is not None:
            self.painter.clear()

    def reset(self, seed: "int | None" = None, options: "Any" = None) -> "tuple[Any, Any]":
        """Reset it; return observations and infos.

        Raises:
            ProtocolError: there is no environment.
            TypeError: it returned something else.
            BaseException: whatever it raised.
        """
        env = self.required()
        self.revision += 1
        answer = env.reset(seed=seed, options=options)
        if not isinstance(answer, tuple) or len(answer) != 2:
            raise TypeError(f"expected env.reset() to return (obs, info), got {_kind(answer)}")
        told: tuple[Any, Any] = kept(answer)
        self.obs = told[0]
        return told

    def step(self, actions: "Any") -> "tuple[Any, Any, Any, Any, Any]":
        """Step it; return observations, rewards, terminations, truncations and infos.

        Args:
            actions: one action, or a dict of them by agent. The environment gets a copy, which it
                may change.

        Raises:
            ProtocolError: there is no environment.
            TypeError: it returned something else.
            BaseException: whatever it raised.
        """
        env = self.required()
        self.revision += 1
        answer = env.step(kept(actions))
        if not isinstance(answer, tuple) or len(answer) != 5:
            raise TypeError(
                "expected env.step() to return (obs, reward, terminated, truncated, info), "
                f"got {_kind(answer)}"
            )
        told: tuple[Any, Any, Any, Any, Any] = kept(answer)
        self.obs = told[0]
        return told

    def render(self) -> "Any":
        """Return what ``env.render()`` returns, None where there is nothing to render.

        Gymnasium's own ``render``, which an environment without one inherits, raises
        ``NotImplementedError``.
        """
        env = self.required()
        if not self.renders:
            return None
        try:
            return env.render()
        except NotImplementedError as error:
            self.renders = False
            if str(error):  # not what is inherited
                log.warning("env.render() is not implemented, nothing is shown: %s", error)
            return None

    def frame(self) -> "Any":
        """Return what ``env.render()`` returns, to be painted.

        Raises:
            TypeError: it is text, and the environment's ``render_mode`` promises pixels.
        """
        frame = self.render()
        if isinstance(frame, str) and getattr(self._env, "render_mode", None) == "rgb_array":
            raise TypeError(
                "expected env.render() to return an array (H, W, 3 | 4) uint8, as the render_mode "
                f"'rgb_array' says, got str {frame!r:.80}: text needs the render_mode 'ansi'"
            )
        return frame

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
