"""Keys for an environment that brings none along. Needs no document.

An action whose description names one direction has that arrow, another one the digit or the letter
that stands for its number. Numbers in a ``Box`` go to their bounds with the arrows.
"""

from collections import OrderedDict  # MicroPython's dict has no order

ARROWS = {
    "ArrowLeft": ("left", "west"),
    "ArrowRight": ("right", "east"),
    "ArrowUp": ("up", "north"),
    "ArrowDown": ("down", "south"),
}

CAPS = "0123456789abcdefghijklmnopqrstuvwxyz"
"""The keys of actions by their numbers."""

AXES = (("ArrowLeft", "ArrowRight"), ("ArrowDown", "ArrowUp"))
"""The keys that take a number down and up, for the first two."""

FAR = 1.0
"""Where an arrow leads if there is no bound."""


async def settings_for(worker):
    """Return what ``play`` needs for an environment that was made by its name.

    Time stands still between two keys where each action has its own: which of them is the one that
    does nothing, nobody knows.

    Args:
        worker: a ``PyodideWorker`` that has made it.
    """
    labels = await worker.request("described")
    if worker.env.keys:
        return {"labels": labels}
    space = worker.env.action_space
    keys = keys_for(space, labels)
    if keys is None:
        return {"seats": "random"}
    return {
        "action_mapping": keys,
        "labels": labels,
        "wait_on_player": space.type == "Discrete",
    }


def keys_for(space, labels):
    """Return an ``action_mapping``, None if no keys can be found.

    Args:
        space: a ``Space`` of actions.
        labels: what is known of actions by their numbers.
    """
    if space is None:
        return None
    if space.type == "Discrete":
        return _numbers(int(space.start), int(space.n), labels)
    if space.type == "Box" and len(space.shape) == 1 and space.shape[0] <= len(AXES):
        return _axes(space)
    return None


def _numbers(start, count, labels):
    if start < 0 or start + count > len(CAPS):
        return None
    actions = list(range(start, start + count))
    arrows = {}
    for action in actions:
        named = _arrows(labels.get(action, ""))
        if len(named) == 1:
            arrows.setdefault(named[0], []).append(action)
    own = {means[0]: key for key, means in arrows.items() if len(means) == 1}
    return OrderedDict([(own.get(action, CAPS[action]), action) for action in actions])


def _arrows(label):
    """Return the arrows whose directions a description names."""
    words = "".join([sign if sign.isalpha() else " " for sign in label.lower()]).split()
    return [key for key, names in ARROWS.items() if any(name in words for name in names)]


def _axes(space):
    found = OrderedDict()
    for axis in range(space.shape[0]):
        back, forth = AXES[axis]
        for key, bound, far in ((back, space.low, -FAR), (forth, space.high, FAR)):
            value = float(bound[axis])
            action = [0.0] * space.shape[0]
            action[axis] = value if abs(value) < float("inf") else far
            found[key] = action
    return found
