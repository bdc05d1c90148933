"""Whether what an environment tells is in the spaces that it declares."""

from typing import Any

from gymworker.worker.introduction import introduction, space_of

from gymserver.doctor.checks import FAILED, OK, WARNING
from gymserver.doctor.trial.finding import Finding, shortened
from gymserver.doctor.trial.trial import Trial

STEPS = 200

TYPES = {"Box": "numpy.asarray(obs, {dtype})", "Discrete": "int(obs)"}
"""What makes an observation one of a space, by the kind of it."""


def check_spaces(trial: Trial) -> Finding:
    """Takes 200 steps and looks at each observation."""
    about = introduction(trial.env)
    parallel, seen = trial.environment.parallel, 0
    if not about["observationSpace"]:
        return Finding(
            WARNING,
            "there is no observation_space",
            "set self.observation_space, which pages and policies ask for",
        )
    for moment in trial.walk(STEPS):
        obs = moment.told["obs"]
        if parallel and not isinstance(obs, dict):
            return Finding(
                FAILED, f"{moment.text}: expected observations by agent, got {obs!r:.80}"
            )
        for agent, one in obs.items() if parallel else [(None, obs)]:
            space = space_of(trial.env, "observation_space", agent)
            if space is not None and not space.contains(one):
                whose = "obs" if agent is None else f"obs[{agent!r}]"
                text = f"{moment.text}: {whose} is not in {space}: {why_not(space, one)}"
                return Finding(FAILED, shortened(text), _what_to_do(space))
            seen += 1
    spaces = {name: about[f"{name}Space"] for name in ("observation", "action")}
    told = ", ".join(f"{name} {_described(space, parallel)}" for name, space in spaces.items())
    return Finding(OK, f"{told}; {seen} observations are in theirs")


def why_not(space: Any, value: Any) -> str:
    """Returns why a value is not in a space, as far as that can be told."""
    parts = getattr(space, "spaces", None)
    if isinstance(parts, dict) and isinstance(value, dict):
        if parts.keys() != value.keys():
            return f"its keys are {sorted(map(str, value))}, not {sorted(map(str, parts))}"
        pairs = [(f"[{key!r}]", parts[key], value[key]) for key in parts]
    elif isinstance(parts, tuple) and isinstance(value, tuple):
        if len(parts) != len(value):
            return f"it has {len(value)} items, not {len(parts)}"
        pairs = [(f"[{index}]", *pair) for index, pair in enumerate(zip(parts, value, strict=True))]
    else:
        return _why_not(space, value)
    for key, part, item in pairs:
        if not part.contains(item):
            return f"its {key}: {why_not(part, item)}"
    return f"{value!r:.80}"


def _why_not(space: Any, value: Any) -> str:
    dtype, shape = getattr(value, "dtype", None), getattr(value, "shape", None)
    if not hasattr(space, "low"):
        return f"{type(value).__name__} {value!r:.80}"
    if dtype is None:
        return f"it is {type(value).__name__}, no array"
    if shape != space.shape:
        return f"its shape is {shape}, not {space.shape}"
    if (value != value).any():
        return f"there is nan in it: {value!r:.80}"
    for beyond, word, bound in (
        (value < space.low, "below", space.low),
        (value > space.high, "above", space.high),
    ):
        if beyond.any():
            place = tuple(int(index[0]) for index in beyond.nonzero())
            where = list(place) if place else ""
            return f"{value[place].item()!r} at {where} is {word} {bound[place].item()!r}"
    return f"its dtype is {dtype}, not {space.dtype}"


def _what_to_do(space: Any) -> str:
    made = TYPES.get(type(space).__name__)
    hint = f", for example with {made.format(dtype=repr(str(space.dtype)))}" if made else ""
    return f"let the observation be what the space says{hint}, or let the space say what comes"


def _described(space: Any, parallel: bool) -> str:
    if parallel:
        kinds = dict.fromkeys(_described(one, False) for one in space.values())
        return f"{' or '.join(kinds)} for each of {len(space)} agents"
    if space is None:
        return "none"
    if space["type"] == "Discrete":
        return f"Discrete({space['n']})"
    if space["shape"] is not None and space["dtype"]:
        return f"{space['type']} {space['shape']} {space['dtype']}"
    return str(space["type"])
