"""Actions that are graphs, which cross as plain tuples. Runs in the worker.

Gymnasium's ``Graph`` takes a ``GraphInstance(nodes, edges, edge_links)`` and no other tuple.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def has_graph(space: "Any") -> bool:
    """Tell whether there is a ``Graph`` in a space, at any depth of ``Dict`` and ``Tuple``."""
    inner: Any = getattr(space, "spaces", None)
    if inner is None:
        return type(space).__name__ == "Graph"
    return any(map(has_graph, inner.values() if hasattr(inner, "values") else inner))


def with_graphs(space: "Any", action: "Any") -> "Any":
    """Return an action with a ``GraphInstance`` in the place of each tuple that stands for one."""
    inner: Any = getattr(space, "spaces", None)
    if type(space).__name__ == "Graph":
        if isinstance(action, (tuple, list)) and len(action) == 3:
            from gymnasium.spaces import GraphInstance

            return GraphInstance(*action)
    elif hasattr(inner, "keys") and isinstance(action, dict):
        return {k: with_graphs(inner[k], v) if k in inner else v for k, v in action.items()}
    elif isinstance(inner, tuple) and isinstance(action, (tuple, list)):
        return tuple(map(with_graphs, inner, action)) if len(inner) == len(action) else action
    return action
