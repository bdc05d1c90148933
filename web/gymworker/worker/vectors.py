"""Copies of an environment that step together: Gymnasium's ``VectorEnv``. Runs in the worker.

Its values have one entry for each of the copies, and so have its actions: an array, or a list in
place of one, for a page has no arrays of NumPy's.
"""

from ..errors import ProtocolError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Vectors:
    """A ``VectorEnv`` that takes lists, and gives no array of objects.

    Args:
        env: the environment.
    """

    def __init__(self, env: "Any") -> None:
        self._env = env

    def reset(self, seed: "Any" = None, options: "Any" = None) -> "Any":
        """Reset all copies.

        Args:
            seed: one for all of them, or a list of them; the environment may take but one.
            options: as Gymnasium has them.
        """
        return _without_objects(self._env.reset(seed=seed, options=options))

    def step(self, actions: "Any") -> "Any":
        """Step all copies, each with its own action.

        Raises:
            ProtocolError: there are not as many actions, or they are of another shape.
        """
        return _without_objects(self._env.step(_batch(actions, self._env)))


def refuse(env: "Any", what: str) -> ProtocolError:
    """Return why a vector environment cannot do what only one environment can."""
    return ProtocolError(
        f"{what} wants one environment, this is a vector of {env.num_envs} "
        f"({type(env).__name__}): make a single one, for example "
        'gymnasium.make("CartPole-v1"), under a name of its own beside it'
    )


def _batch(actions: "Any", env: "Any") -> "Any":
    """Return actions as the arrays that an environment's batched space has."""
    try:
        return _arrays(actions, env.action_space)
    except (TypeError, ValueError, KeyError) as error:
        raise ProtocolError(
            f"expected actions for {env.num_envs} environments, of the space {env.action_space}, "
            f"got {actions!r:.80}: {error}"
        ) from None


def _arrays(actions: "Any", space: "Any") -> "Any":
    spaces = getattr(space, "spaces", None)
    if isinstance(spaces, tuple):
        return tuple(_arrays(item, one) for item, one in zip(actions, spaces, strict=True))
    if spaces is not None:
        return {name: _arrays(actions[name], one) for name, one in spaces.items()}
    if space.shape is None or space.dtype is None:
        return actions
    import numpy

    found = numpy.asarray(actions)
    if found.shape != space.shape:
        raise ValueError(f"the shape is {found.shape}, not {space.shape}")
    same = numpy.can_cast(found.dtype, space.dtype, "same_kind")
    return found.astype(space.dtype) if same and found.dtype != space.dtype else found


def _without_objects(value: "Any") -> "Any":
    """Return a value whose arrays of objects, as in the infos of what is over, are lists."""
    if isinstance(value, tuple):
        return tuple(_without_objects(item) for item in value)
    if isinstance(value, dict):
        return {key: _without_objects(item) for key, item in value.items()}
    return value.tolist() if str(getattr(value, "dtype", "")) == "object" else value
