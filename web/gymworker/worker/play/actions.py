"""Actions and the space that they are of: that of no key, and whether one fits. In the worker.

Spaces are told apart as ``introduction`` does it, by the names of their classes.
"""

from ...errors import ProtocolError
from ..keys.axes import AxisMapping
from ..keys.mapping import Mapping

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

PLAIN = (int, str, bool, float)
MOST_SEEN = 1000
"""Plain actions that a ``Check`` remembers."""


def idle_of(space: "Any") -> "Any":
    """Return the member of a space that does nothing, as far as one can tell: the one next to zero.

    Of texts and sequences it is the shortest, of several spaces the first one's.

    Raises:
        LookupError: the space is of a kind of which none is known.
    """
    make = _IDLE.get(kind_of_space(space))
    if make is None:
        raise LookupError(f"no member of {space!r:.80} is known")
    return make(space)


def kind_of_space(space: "Any") -> str:
    """Return the name of Gymnasium's class that a space is of, "" for none of them."""
    names = [base.__name__ for base in type(space).__mro__]
    return next((name for name in names if name in _IDLE), "")


def fits(space: "Any", action: "Any") -> bool:
    """Tell whether an action is of a space; numbers may be of a type with more digits.

    What has no ``contains`` takes any action.
    """
    if not hasattr(space, "contains"):
        return True
    try:
        return bool(space.contains(conformed(space, action)))
    except Exception:  # whatever it is, the space cannot tell
        return False


def conformed(space: "Any", action: "Any") -> "Any":
    """Return an action with the arrays of a space, if it is one but for that: lists, more digits.

    Environments take those too, but ``Box.contains`` does not, or with a warning.
    """
    kind = kind_of_space(space)
    if kind == "Box":
        import numpy

        try:
            array = numpy.asarray(action)
        except ValueError:  # of uneven rows
            return None
        kinds = "biuf" if space.dtype.kind == "f" else "biu"
        if array.dtype.kind not in kinds or array.dtype == space.dtype:
            return array
        with numpy.errstate(all="ignore"):
            made = array.astype(space.dtype)
        return made if space.dtype.kind == "f" or (made == array).all() else array
    if kind == "Dict" and isinstance(action, dict) and action.keys() == space.spaces.keys():
        return {key: conformed(space[key], item) for key, item in action.items()}
    if kind == "Tuple" and isinstance(action, (tuple, list)) and len(action) == len(space.spaces):
        return tuple(conformed(space[i], item) for i, item in enumerate(action))
    return action


class Check:
    """Sees to it that what goes into a step is of the agent's space; each action once.

    Args:
        space: of the actions, None for any.
        agent: whose, None for one without a name.
    """

    def __init__(self, space: "Any", agent: "Any" = None) -> None:
        self._space = space
        self._agent = agent
        self._seen: set[Any] = set()
        self._last: Any = self  # which no action is

    def __call__(self, action: "Any", source: "Callable[[], str]") -> "Any":
        """Return an action that is of the space.

        Args:
            action: it does not change afterwards.
            source: says where it comes from.

        Raises:
            ValueError: it is none.
        """
        kind = type(action)
        plain = (kind, action) if kind in PLAIN else None
        if self._space is None or (action is self._last if plain is None else plain in self._seen):
            return action
        if not fits(self._space, action):
            raise ValueError(
                f"expected {source()} to give an action of {self._space!r:.200}"
                f"{of_agent(self._agent)}, got {shown(action)}{_advice(self._space, action)}"
            )
        if plain is None:
            self._last = action
        elif len(self._seen) < MOST_SEEN:
            self._seen.add(plain)
        return action


def mapped(keys: "Any", space: "Any", agent: "Any", given: "list[Any]") -> "tuple[Mapping, Any]":
    """Return a player's keys, and the action of no key.

    Args:
        keys: the mapping as it was given.
        space: of the actions, None where the environment has none.
        agent: whose, None for one without a name.
        given: a list with the action of no key; where it is empty the mapping's counts, else
            the member of the space next to zero.

    Raises:
        ProtocolError: the action of no key is not of the space, or none is known.
    """
    mapping = AxisMapping(keys, space) if kind_of_space(space) == "Box" else Mapping(keys)
    known = given or mapping.idle
    idle = conformed(space, known[0]) if known else _found(space, agent)
    if not fits(space, idle):
        raise ProtocolError(
            f"expected the action of no key, default_action, to be one of {space!r:.200}"
            f"{of_agent(agent)}, got {shown(known[0])}"
        )
    if isinstance(mapping, AxisMapping):
        mapping.origin = idle
    return mapping, idle


def shown(action: "Any") -> str:
    """Return an action as an error names it, with its type."""
    dtype, shape = getattr(action, "dtype", None), getattr(action, "shape", None)
    text = " ".join(f"{action!r:.200}".split())
    return text if dtype is not None and shape else f"{type(action).__name__} {text}"


def of_agent(agent: "Any") -> str:
    """Return whose it is, as a part of a sentence."""
    return "" if agent is None else f" for agent {agent!r}"


def _advice(space: "Any", action: "Any") -> str:
    """Return what to do with an action of a ``Box`` that is beyond its bounds."""
    if (
        kind_of_space(space) != "Box"
        or getattr(conformed(space, action), "shape", 0) != space.shape
    ):
        return ""
    return ": keep it within the bounds, numpy.clip(action, space.low, space.high)"


def _found(space: "Any", agent: "Any") -> "Any":
    """Return the action of no key where nobody says what it is."""
    if space is None:
        return 0
    try:
        idle = idle_of(space)
    except Exception:  # a space that is unknown, or not as Gymnasium makes it
        idle = None
    if idle is None or not fits(space, idle):
        raise ProtocolError(
            f"no action of {space!r:.200} is known to do nothing: give default_action, what is "
            f"done while no key is held{of_agent(agent)}"
        )
    return idle


def _next_to_zero(low: "Any", high: "Any", dtype: "Any") -> "Any":
    import numpy

    return numpy.asarray(numpy.clip(numpy.zeros(numpy.shape(low), dtype), low, high), dtype)


def _zeros(space: "Any") -> "Any":
    import numpy

    return numpy.zeros(space.shape, space.dtype)


def _empty(space: "Any", count: int) -> "Any":
    from gymnasium.vector.utils import create_empty_array

    return create_empty_array(space, count)


def _graph(space: "Any") -> "Any":
    """Return a graph of one node."""
    from gymnasium.spaces import GraphInstance
    from gymnasium.vector.utils import concatenate

    node = idle_of(space.node_space)
    nodes = concatenate(space.node_space, [node], _empty(space.node_space, 1))
    return GraphInstance(nodes=nodes, edges=None, edge_links=None)


_IDLE: "dict[str, Callable[[Any], Any]]" = {
    "Box": lambda space: _next_to_zero(space.low, space.high, space.dtype),
    "Discrete": lambda space: min(max(0, int(space.start)), int(space.start) + int(space.n) - 1),
    "MultiBinary": _zeros,
    "MultiDiscrete": lambda space: _next_to_zero(
        space.start, space.start + (space.nvec - 1), space.dtype
    ),
    "Text": lambda space: min(space.character_set) * space.min_length if space.min_length else "",
    "Dict": lambda space: {key: idle_of(item) for key, item in space.spaces.items()},
    "Tuple": lambda space: tuple(idle_of(item) for item in space.spaces),
    "OneOf": lambda space: (0, idle_of(space.spaces[0])),
    "Sequence": lambda space: _empty(space.feature_space, 0) if space.stack else (),
    "Graph": _graph,
}
