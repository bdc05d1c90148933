"""Whether what an environment tells reaches the page."""

from typing import Any

from gymworker.codec import encode
from gymworker.errors import EncodeError
from gymworker.worker.introduction import introduction
from gymworker.worker.rewards import by_agent, plain

from gymserver.doctor.checks import FAILED, OK, WARNING
from gymserver.doctor.trial.finding import Finding
from gymserver.doctor.trial.trial import Trial

STEPS = 100


def check_values(trial: Trial) -> Finding:
    """Encodes what the environment says of itself and what 100 steps tell."""
    about = introduction(trial.env)
    left_out = _problem({"metadata": about.pop("metadata")})
    if problem := _problem(about):
        return Finding(
            FAILED, f"the page cannot be told what it is: {problem}", _what_to_do(problem)
        )
    for moment in trial.walk(STEPS):
        told = dict(moment.told)
        infos = {"infos": told.pop("infos")}
        left_out = left_out or _problem(infos)
        if problem := _problem(told):
            return Finding(FAILED, f"{moment.text}: {problem}", _what_to_do(problem))
        if "rewards" in told:
            try:
                _check_reward(told["rewards"], trial)
            except TypeError as error:
                return Finding(FAILED, f"{moment.text}: {error}", "return the reward as a float")
    if left_out:
        todo = "leave it out, or tell what of it matters as numbers, texts, lists or arrays"
        return Finding(WARNING, f"{left_out}: the page does not get it", todo)
    return Finding(OK, "all of it reaches the page")


def _problem(value: Any) -> str:
    """Returns why a value cannot cross, "" if it can."""
    try:
        encode(value)
    except EncodeError as error:
        return str(error)
    return ""


def _what_to_do(problem: str) -> str:
    if "object" in problem:
        return "an array of objects has no numbers: give it a dtype, or make a list of it"
    return "return arrays, numbers, texts, and lists, tuples or dicts of them"


def _check_reward(rewards: Any, trial: Trial) -> None:
    """Raises what the game would, which sums the rewards."""
    if trial.environment.parallel:
        by_agent(rewards)
    elif not trial.environment.vector:
        plain(rewards)
