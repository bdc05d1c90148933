"""The tests that Gymnasium and PettingZoo bring along for environments."""

import importlib
import re
import warnings
from typing import Any

from gymworker.worker.introduction import AEC, PARALLEL, VECTOR

from gymserver.doctor.checks import FAILED, OK, SKIPPED, WARNING
from gymserver.doctor.trial.finding import Finding, failure, shortened
from gymserver.doctor.trial.trial import Trial

CYCLES = 100
"""Steps of PettingZoo's tests."""

_MOST_TOLD = 3

_TODO = "other programs that take such environments rely on it"

_NOT_TOLD = ("different from the unwrapped version", "Not able to test alternative render modes")
"""Warnings of Gymnasium's about how it was asked: people play what is wrapped."""


def check_api(trial: Trial) -> Finding:
    """Runs Gymnasium's `check_env`, or PettingZoo's `parallel_api_test` or `api_test`."""
    kind, env = trial.kind, trial.env
    if kind == VECTOR:
        return Finding(SKIPPED, "there is no such test for a vector of environments")
    where, name = {
        PARALLEL: ("pettingzoo.test.parallel_test", "parallel_api_test"),
        AEC: ("pettingzoo.test.api_test", "api_test"),
    }.get(kind, ("gymnasium.utils.env_checker", "check_env"))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            test = getattr(importlib.import_module(where), name)
        except ImportError as error:
            return Finding(SKIPPED, f"{where} cannot be imported: {error}")
        caught.clear()
        try:
            if name == "check_env":
                test(env, skip_render_check=True, skip_close_check=True)
            else:
                test(env, num_cycles=CYCLES)
        except (AssertionError, TypeError) as error:
            if name == "check_env" and not _is_gymnasium(env):
                return Finding(
                    WARNING,
                    f"{name} takes none but gymnasium.Env, this is {type(env).__name__}",
                    "derive it from gymnasium.Env, for others to use it too",
                )
            return Finding(FAILED, f"{name}: {_said(error)}", _TODO)
        except BaseException as error:
            found = failure(error, name)
            return Finding(FAILED, found.text, found.advice or _TODO)
    told = dict.fromkeys(_clean(str(each.message)) for each in caught)
    told = {text: None for text in told if not any(words in text for words in _NOT_TOLD)}
    if told:
        more = f"; and {len(told) - _MOST_TOLD} more" if len(told) > _MOST_TOLD else ""
        return Finding(WARNING, f"{name} warns: " + "; ".join(list(told)[:_MOST_TOLD]) + more)
    return Finding(OK, f"{name} has nothing to say against it")


def _is_gymnasium(env: Any) -> bool:
    return isinstance(env, importlib.import_module("gymnasium").Env)


def _said(error: BaseException) -> str:
    """Returns what a test says; one of PettingZoo's may say nothing but what it asserts."""
    found = failure(error)
    return found.text.removeprefix("AssertionError: ").strip() or "AssertionError"


def _clean(text: str) -> str:
    """Returns a warning of Gymnasium's without its colours."""
    return shortened(re.sub(r"\x1b\[[0-9;]*m", "", text).removeprefix("WARN: "))
