"""Keys for an environment that brings none along. Needs no document.

An action whose description names one direction has that arrow, another one the digit or the letter
that stands for its number, and one that does nothing none. Numbers in a ``Box`` go to their bounds
with the arrows.
"""

from collections import OrderedDict  # MicroPython's dict has no order

ARROWS = {
    "ArrowLeft": ("left", "west"),
    "ArrowRight": ("right", "east"),
    "ArrowUp": ("up", "north", "forward"),
    "ArrowDown": ("down", "south", "backward"),
}

STILL = ("noop", "no op", "no action", "do nothing", "nothing", "stay", "idle", "wait")
"""What an action is called that does nothing."""

CAPS = "0123456789abcdefghijklmnopqrstuvwxyz"
"""The keys of actions by their numbers."""

ALONE = " "
"""The key of the only action that does something."""

AXES = (("ArrowLeft", "ArrowRight"), ("ArrowDown", "ArrowUp"))
"""The keys that take a number down and up, for the first two."""

FAR = 1.0
"""Where an arrow leads if there is no bound."""


async def settings_for(worker):
    """Return what ``play`` needs for an environment that was made by its name.

    Time stands still between two keys where each action has its own, unless one of them is known to
    do nothing. Of several agents the visitor plays the first one that can be, chance the others.

    Args:
        worker: a ``PyodideWorker`` that has made it.
    """
    env, labels = worker.env, await worker.request("described")
    if env.keys:
        return {"labels": labels}
    spaces = env.action_space
    if env.agents:
        return for_agents(env, spaces if isinstance(spaces, dict) else {}, labels)
    keys = keys_for(spaces, labels)
    if keys is None:
        return {"seats": "random"}
    still = still_of(labels)
    found = {"action_mapping": keys, "labels": labels}
    found["wait_on_player"] = spaces.type == "Discrete" and still is None
    if still is not None:
        found["default_action"] = still
    return found


def for_agents(env, spaces, labels):
    """Return what ``play`` needs for an environment of several agents.

    Where they take turns, an agent without keys, who has a number for each move, can be played by
    choosing from its moves: its keys are none.

    Args:
        env: what it said of itself, an ``EnvironmentInfo``.
        spaces: of actions, by agent.
        labels: what is known of actions by their numbers, by agent.
    """
    keys = {agent: keys_for(spaces.get(agent), labels.get(agent, {})) for agent in env.agents}
    if env.kind == "aec":
        for agent in env.agents:
            space = spaces.get(agent)
            if keys[agent] is None and space is not None and space.type == "Discrete":
                keys[agent] = {}
    played = [agent for agent in env.agents if keys[agent] is not None]
    if not played:
        return {"seats": "random"}
    seats = {agent: "human" if agent == played[0] else "random" for agent in env.agents}
    still = {agent: still_of(labels.get(agent, {})) for agent in played}
    known = {agent: action for agent, action in still.items() if action is not None}
    all_known = len(known) == len(played)
    return {
        "agents": {agent: keys[agent] for agent in played},
        "seats": seats,
        "labels": {agent: labels[agent] for agent in played if agent in labels},
        "default_action": known if all_known else None,
        "wait_on_player": env.kind == "aec" or not all_known,
    }


def still_of(labels):
    """Return the action that does nothing, by what the actions are called; None if none says so."""
    found = [action for action, label in labels.items() if " ".join(_words(label)) in STILL]
    return found[0] if len(found) == 1 else None


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
    still = still_of(labels)
    actions = [action for action in range(start, start + count) if action != still]
    if still is not None and len(actions) == 1:
        return {ALONE: actions[0]}
    arrows = {}
    for action in actions:
        named = _arrows(labels.get(action, ""))
        if len(named) == 1:
            arrows.setdefault(named[0], []).append(action)
    own = {means[0]: key for key, means in arrows.items() if len(means) == 1}
    return OrderedDict([(own.get(action, CAPS[action]), action) for action in actions])


def _arrows(label):
    """Return the arrows whose directions a description names."""
    words = _words(label)
    return [key for key, names in ARROWS.items() if any(name in words for name in names)]


def _words(label):
    return "".join([sign if sign.isalpha() else " " for sign in label.lower()]).split()


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
