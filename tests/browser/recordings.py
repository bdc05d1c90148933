"""Recordings of the page's own environments, made in CPython."""

import hashlib
import random
from pathlib import Path
from typing import Any

from gymworker.recording import checksum, header, write_lines, write_record
from gymworker.worker.rewards import plain

WEB = Path(__file__).parents[2] / "web"


def environment(name: str) -> tuple[Any, str]:
    """An environment of `web/envs`, and the hash of its code."""
    source = (WEB / "envs" / f"{name}.py").read_text("utf-8")
    module: dict[str, Any] = {}
    exec(compile(source, f"{name}.py", "exec"), module)
    return module["env"], hashlib.sha256(source.encode()).hexdigest()


def record(env: Any, code: str, seed: int, steps: int, gap: float) -> str:
    """One episode of random moves.

    Args:
        env: an environment of one agent, with actions that are numbers.
        code: the hash of its code.
        seed: of the episode and the moves.
        steps: at most so many.
        gap: ms between two steps.
    """
    moves = random.Random(seed)
    obs, _ = env.reset(seed=seed)
    actions: list[Any] = []
    rewards: list[Any] = []
    checksums = [checksum(obs)]
    flags: list[Any] = []
    while len(actions) < steps and not flags:
        action = moves.randrange(int(env.action_space.n))
        obs, reward, terminated, truncated, _ = env.step(action)
        actions.append(action)
        rewards.append(plain(reward))
        checksums.append(checksum(obs))
        if terminated or truncated:
            flags.append([len(actions), bool(terminated), bool(truncated)])
    fields = {
        "episode": 0, "seed": seed, "steps": len(actions), "seconds": len(actions) * gap / 1000,
        "returns": sum(rewards), "terminated": False, "truncated": False, "ended": "stopped",
        "code": code, "startedAt": 0.0, "actions": actions, "rewards": rewards, "flags": flags,
        "checksums": checksums, "times": [gap * (step + 1) for step in range(len(actions))],
    }  # fmt: skip
    return write_record(fields)


def recording(name: str, file: str, seeds: list[int], steps: int, gap: float) -> str:
    """A file of JSON Lines with an episode for each seed; see `record`.

    Args:
        name: of the environment on the page.
        file: of its code, without the suffix.
        seeds: of the episodes.
        steps: at most so many in each.
        gap: ms between two steps.
    """
    env, code = environment(file)
    return write_lines(header(name, {}, code), [record(env, code, s, steps, gap) for s in seeds])
