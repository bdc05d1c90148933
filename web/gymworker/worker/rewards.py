"""Rewards as they are summed and recorded: numbers, or vectors of them. Runs in the worker.

a number of any kind             a float; of nothing but one element too
a list, a tuple, an array (n,)   a list of n floats: a reward of several objectives
None                             None, which adds nothing
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

EXPECTED = "expected a reward that is a number, a list or array (n,) of numbers, or None, got "


def plain(reward: "Any") -> "Any":
    """Return a reward as a float, a list of floats or None.

    Raises:
        TypeError: it is none; it says what was expected and what came.
    """
    if reward is None or type(reward) is float:
        return reward
    try:
        value = reward.tolist() if hasattr(reward, "tolist") else reward
        if isinstance(value, (list, tuple)):
            parts = [_number(part) for part in value]
            return parts if len(parts) > 1 else parts[0]
        return _number(value)
    except (TypeError, ValueError, IndexError):
        dtype = getattr(reward, "dtype", None)
        kind = type(reward).__name__ if dtype is None else f"{dtype} {reward.shape}"
        problem = f"{EXPECTED}{kind} {reward!r:.80}"
    raise TypeError(problem)


def by_agent(rewards: "Any") -> "dict[Any, Any]":
    """Return rewards by agent, each as ``plain`` has it.

    Raises:
        TypeError: they are no dict, or one of them is no reward; it names the agent.
    """
    if not isinstance(rewards, dict):
        raise TypeError(
            "expected rewards by agent, a dict such as {'left': 1.0, 'right': 0.0}, got "
            f"{type(rewards).__name__} {rewards!r:.80}"
        )
    found = {}
    for agent, reward in rewards.items():
        try:
            found[agent] = plain(reward)
        except TypeError as error:
            raise TypeError(f"{error} for agent {agent!r}") from None
    return found


def added(total: "Any", reward: "Any") -> "Any":
    """Return the sum of rewards so far and one more, both as ``plain`` has them.

    Args:
        total: 0.0 before the first one.
        reward: the next one.

    Raises:
        TypeError: one is a vector and the other is none, or has another length.
    """
    if reward is None:
        return total
    if type(reward) is float and type(total) is float:
        return total + reward
    if type(total) is float and not total:
        return reward
    if type(total) is list and type(reward) is list and len(total) == len(reward):
        return [one + other for one, other in zip(total, reward, strict=True)]
    before = f"{len(total)} numbers" if type(total) is list else "one number"
    raise TypeError(f"expected a reward of {before}, as the rewards before it, got {reward!r:.80}")


def _number(value: "Any") -> float:
    if isinstance(value, (str, bytes, bytearray)):  # which float() would read
        raise TypeError
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")
