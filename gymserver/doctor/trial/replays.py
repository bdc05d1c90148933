"""Whether a recorded game replays."""

import time

from gymworker.recording import read_record
from gymworker.worker.call import Call
from gymworker.worker.environments import Environments
from gymworker.worker.outgoing import Outgoing
from gymworker.worker.play.episode import TERMINATED, Episode
from gymworker.worker.play.replay import Replay

from gymserver.doctor.checks import FAILED, OK, SKIPPED
from gymserver.doctor.trial.finding import Finding
from gymserver.doctor.trial.trial import SEED, Trial

EPISODES, STEPS = 3, 100
"""So many, each of so many steps at most: a page has played before it replays."""

PATIENCE = 5.0
"""Seconds for each of them."""


class _Nobody:
    """A page that nothing is told."""

    def send(self, message: object) -> None:
        """Forgets a message."""

    check = send


async def check_replay(trial: Trial) -> Finding:
    """Records three episodes and replays them, in the same environment."""
    environment = trial.environment
    if environment.vector:
        return Finding(SKIPPED, "a vector of environments is not played")
    records = []
    for number in range(EPISODES):
        text, problem = _played(trial, SEED + 10 * number, number)
        if problem:
            return Finding(FAILED, f"it cannot be recorded: {problem}", "see the line of values")
        records.append(read_record(text))
    call = Call({"episodes": records}, 0, _Nobody(), Outgoing(), Environments())
    result = await Replay(environment).replay(call)
    found = result["difference"]
    if found is None:
        return Finding(
            OK, f"{result['episodes']} episodes, {result['steps']} steps replay the same"
        )
    got = found.get("obs", found["got"])
    said = f"expected {found['expected']!r:.80}, got {got!r:.80}"
    if found["field"] == "obs":
        said = f"it is now {got:.80}"
    place = f"episode {found['episode'] + 1} differs at step {found['step']}"
    hint = result["hint"] or "something of an earlier episode is left"
    text = f"{place} in {found['field']}: {said}"
    return Finding(FAILED, text, f"let reset(seed=seed) begin with everything anew: {hint}")


def _played(trial: Trial, seed: int, number: int) -> tuple[str, str]:
    """Plays an episode, of at most 100 steps; returns its record, and why there is none."""
    environment, episode = trial.environment, None
    for moment in trial.walk(STEPS, seed, PATIENCE):
        told = moment.told
        if episode is None:
            agents = environment.agents() if environment.parallel else None
            players = "random" if agents is None else dict.fromkeys(agents, "random")
            reset, now = (told["obs"], told["infos"]), time.monotonic()
            episode = Episode(number, seed, None, reset, agents, True, now, players)
            continue
        if moment.episode:
            break
        episode.add(
            moment.action,
            told["rewards"],
            told["terminateds"],
            told["truncateds"],
            told["obs"],
            time.monotonic(),
            time.time(),
        )
    assert episode is not None
    fields = episode.summary(TERMINATED, None, environment.code_hash, time.monotonic())
    return str(fields.get("record", "")), fields.get("recordProblem", "")
