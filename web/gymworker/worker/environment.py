"""The environment: made from source text, then reset, stepped and rendered. Runs in the worker.

Gymnasium's ``Env`` and PettingZoo's ``ParallelEnv`` have the same calls: ``reset(seed=, options=)``
returns observations and infos, ``step(actions)`` returns observations, rewards, terminations,
truncations and infos. What they return is passed on as it is.
"""

import ast
import hashlib
import inspect
import linecache
import logging
import random
import sys
import types

from ..errors import ProtocolError
from .payload import field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..protocol import ResetFields, StepFields
    from .canvas.painter import Painter

MODULE = "environment"
"""The ``__name__`` of the user's code, under which pickle and dataclasses find it."""

log = logging.getLogger(__name__)


class Environment:
    """The one environment of a worker. Most methods handle a request and take its payload.

    Attributes:
        names: what the environment's code left in its module.
        code_hash: the SHA-256 of that code, in hexadecimal.
        renders: whether ``env.render()`` gives something.
        painter: shows what is rendered, if there is one.
    """

    def __init__(self) -> None:
        self._env: Any = None
        self.painter: Painter | None = None
        self.renders = False
        self.names: dict[str, Any] = {}
        self.code_hash = ""

    async def init_env(self, payload: "Any") -> "dict[str, Any]":
        """Run the code of an environment in a fresh module; keep the ``env`` that it leaves.

        An earlier environment is closed once the new one is there; if the new one fails, it stays.

        Raises:
            ProtocolError: the code left no ``env`` with ``reset`` and ``step``.
            BaseException: whatever the code raised.
        """
        code = field(payload, "envCode", str)
        names = field(payload, "globals", dict, {})
        file_name = field(payload, "fileName", str, "environment.py")
        env, left = await _run(code, file_name, names)
        self.close()
        self._env = env
        if self.painter is not None:
            self.painter.clear()
        self.names = left
        self.code_hash = hashlib.sha256(code.encode("utf-8", "surrogatepass")).hexdigest()
        self.renders = _can_render(env)
        return {}

    def reset(self, payload: "Any") -> "ResetFields":
        """Reset; see ``protocol.ResetPayload``."""
        seed = field(payload, "seed", int, None)
        options = field(payload, "options", dict, None)
        obs, infos = reset_env(self.required(), seed, options)
        render_state = self._render(field(payload, "render", bool, True))
        return {"obs": obs, "infos": infos, "render_state": render_state}

    def step(self, payload: "Any") -> "StepFields":
        """Step; see ``protocol.StepPayload``."""
        try:
            actions = payload["actions"]
            render = payload.get("render", True)
        except (KeyError, TypeError, AttributeError):
            raise ProtocolError(f"expected a payload with 'actions', got {payload!r:.80}") from None
        obs, rewards, terminateds, truncateds, infos = step_env(self.required(), actions)
        return {
            "obs": obs,
            "rewards": rewards,
            "terminateds": terminateds,
            "truncateds": truncateds,
            "infos": infos,
            "render_state": self._render(render),
        }

    def render(self, payload: "Any") -> "dict[str, Any]":
        """Render the environment as it is."""
        self.required()
        return {"render_state": self._render(True)}

    def seed_rng(self, payload: "Any") -> "dict[str, Any]":
        """Seed ``random`` and, where it is installed, NumPy's global generator."""
        seed = field(payload, "seed", int)
        random.seed(seed)
        if "numpy" in sys.modules:
            sys.modules["numpy"].random.seed(seed % 2**32)
        return {"ok": True}

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

    def _render(self, wanted: bool) -> "Any":
        if not wanted or not self.renders:
            return None
        state = self._env.render()
        if self.painter is not None:
            self.painter.show(state)
        return state


def reset_env(env: "Any", seed: "int | None", options: "Any" = None) -> "tuple[Any, Any]":
    """Reset an environment; return observations and infos.

    Raises:
        TypeError: it returned something else.
    """
    answer = env.reset(seed=seed, options=options)
    if not isinstance(answer, tuple) or len(answer) != 2:
        raise TypeError(f"expected env.reset() to return (obs, info), got {_kind(answer)}")
    return answer


def step_env(env: "Any", actions: "Any") -> "tuple[Any, Any, Any, Any, Any]":
    """Step an environment; return observations, rewards, terminations, truncations and infos.

    Raises:
        TypeError: it returned something else.
    """
    answer = env.step(actions)
    if not isinstance(answer, tuple) or len(answer) != 5:
        raise TypeError(
            "expected env.step() to return (obs, reward, terminated, truncated, info), "
            f"got {_kind(answer)}"
        )
    return answer


async def _run(code: str, file_name: str, names: "dict[str, Any]") -> "tuple[Any, dict[str, Any]]":
    """Run source text in a fresh module; return its ``env`` and all that it left."""
    module = types.ModuleType(MODULE)
    module.__file__ = file_name
    module.__dict__.update(names)
    lines = code.splitlines(keepends=True)
    linecache.cache[file_name] = (len(code), None, lines, file_name)  # source lines in tracebacks
    compiled = compile(
        code, file_name, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True
    )
    earlier = sys.modules.get(MODULE)
    sys.modules[MODULE] = module
    try:
        waiting = eval(compiled, module.__dict__)
        if inspect.iscoroutine(waiting):
            await waiting
        return _checked(module.__dict__.get("env")), module.__dict__
    except BaseException:
        if earlier is not None:
            sys.modules[MODULE] = earlier
        raise


def _checked(env: "Any") -> "Any":
    if env is None:
        raise ProtocolError(
            "the environment's code left no variable `env`: end it with, for example, "
            '`env = gymnasium.make("CartPole-v1")`'
        )
    missing = [name for name in ("reset", "step") if not callable(getattr(env, name, None))]
    if missing:
        raise ProtocolError(
            f"expected `env` to be a Gymnasium or PettingZoo (parallel) environment, got "
            f"{type(env).__name__}, which has no {' and no '.join(missing)}()"
        )
    return env


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
