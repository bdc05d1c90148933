"""What a player reads for an action: the setting ``labels`` of a game. Runs in the worker.

    {0: "Push left", 1: "Push right"}             by action
    {"left": {0: "Up"}, "right": {0: "Rise"}}     by agent, where they differ; else one for all

An action that is an array or a list is named by a tuple. A page in JavaScript has texts for keys.
"""

from ...errors import ProtocolError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any


class Labels:
    """Names of actions, for people.

    Args:
        given: the setting, None for no names.
        agents: the agents' names, or None alone.

    Raises:
        ProtocolError: it is none of the forms that the module's docstring shows.
    """

    def __init__(self, given: "Any", agents: "Iterable[Any]") -> None:
        self._shared: dict[Any, str] = {}
        self._own: dict[str, dict[Any, str]] = {}
        known = {str(agent) for agent in agents if agent is not None}
        for name, value in _checked(given).items():
            if not isinstance(value, dict):
                self._shared[name] = _text(name, value)
            elif str(name) in known:
                self._own[str(name)] = {key: _text(key, text) for key, text in value.items()}
            else:
                there = ", ".join(sorted(known)) or "none with a name"
                raise ProtocolError(
                    f"labels are for agent {name!r:.80}, which there is not: there is {there}"
                )

    def of(self, action: "Any", agent: "Any" = None) -> "str | None":
        """Return the label of an action, None for none."""
        action = _plain(action)
        for labels in (self._own.get(str(agent), {}), self._shared):
            for key in (action, str(action)):
                if key in labels:
                    return labels[key]
        return None


def _checked(given: "Any") -> "dict[Any, Any]":
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise ProtocolError(
            'expected labels to be a dict of actions to texts, such as {0: "Push left"}, '
            f"got {given!r:.80}"
        )
    return given


def _text(action: "Any", text: "Any") -> str:
    if not isinstance(text, str) or not text.strip():
        raise ProtocolError(f"expected the label of {action!r:.80} to be a text, got {text!r:.80}")
    return " ".join(text.split())


def _plain(action: "Any") -> "Any":
    """Return an action as something that a dict can have as its key."""
    if hasattr(action, "tolist"):  # of NumPy
        action = action.tolist()
    if isinstance(action, (list, tuple)):
        return tuple(_plain(item) for item in action)
    try:
        hash(action)
    except TypeError:
        return str(action)
    return action
