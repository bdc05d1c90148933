"""Each episode's record replays, or the episode says why there is none."""

import asyncio
import json
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymworker.worker.play.replay import Replay

from tests.unit.worker.play.games import MAPPING, Counter, Desk, Pair, Table, counter


def replayed(table: Table, records: Any = None) -> Any:
    """What a replay of the table's records gives."""
    if records is None:
        records = [e["record"] for e in table.episodes]

    class Asked:
        def field(self, name: str, kind: Any, default: Any = None) -> Any:
            return records if name == "episodes" else None

        def report(self, *args: Any, **units: Any) -> None: ...

    return asyncio.run(Replay(table.environment).replay(Asked()))  # type: ignore[arg-type]


def test_a_record_holds_what_a_replay_needs_and_more() -> None:
    table = Table(Counter(), actionMapping=MAPPING, fps=20, numEpisodes=2, seed=3)
    table.clock.time += 0.00012
    table.start().clock.pass_time(0.12)
    table.press("ArrowRight")
    table.clock.pass_time(5)
    record = json.loads(str(table.episodes[0]["record"]))
    assert record["actions"] == [0, 0, 1, 1, 1]
    assert record["rewards"] == [0.0, 0.0, 1.0, 1.0, 1.0]
    assert record["flags"] == [[5, True, False]]
    assert record["times"] == [0.0, 50.0, 100.0, 150.0, 200.0]
    assert len(record["checksums"]) == 6
    assert (record["seed"], record["steps"], record["code"]) == (3, 5, "c0de")
    assert (record["startedAt"], record["seconds"]) == (100_050.1, 0.2)
    assert (record["episode"], record["players"]) == (1, "human")
    assert record["ended"] == "terminated"
    assert replayed(table) == {
        "episodes": 2, "steps": 10, "difference": None, "sameCode": True, "hint": None
    }  # fmt: skip


def test_a_record_leaves_as_bytes_that_nobody_has_to_read() -> None:
    table = counter(numEpisodes=1)
    table.clock.pass_time(2)
    record = table.episodes[0]["record"]
    assert str(record.dtype) == "uint8"
    assert record.shape == (len(str(record).encode()),)
    assert json.loads(record.tobytes())["steps"] == 5


class Named(Pair):
    """Agents that are an int and a tuple."""

    possible_agents = [7, (1, "b")]  # type: ignore[list-item]  # noqa: RUF012

    def step(self, actions: Any) -> Any:
        assert set(actions) == set(self.agents)
        obs, rewards, _, truncated, infos = super().step(actions)
        terminated = {a: self.n >= (2 if a == 7 else 4) for a in obs}
        self.agents = [a for a in obs if not terminated[a]]
        return obs, rewards, terminated, truncated, infos


@pytest.mark.parametrize("settings", [{}, {"maxSteps": 3}, {"maxSteps": 1}])
@pytest.mark.parametrize("kind", [Pair, Named])
def test_games_of_many_agents_replay_whatever_their_names(kind: Any, settings: Any) -> None:
    first = kind.possible_agents[0]
    table = Table(
        kind(), {"policy": lambda obs: np.int64(1)}, agents={first: MAPPING},
        fps=20, numEpisodes=2, seed=3, **settings,
    ).start()  # fmt: skip
    table.press("ArrowRight")
    table.clock.pass_time(5)
    assert len(table.episodes) == 2
    assert set(table.episodes[0]["returns"]) == set(kind.possible_agents)
    assert replayed(table)["difference"] is None


def test_max_steps_cuts_off_only_who_is_still_there() -> None:
    table = Table(Pair(), {"policy": lambda obs: 0}, fps=10, maxSteps=3, numEpisodes=1, steps=True)
    table.start().clock.pass_time(2)
    (episode,) = table.episodes
    assert episode["terminated"] == {"left": True, "right": False}
    assert episode["truncated"] == {"left": False, "right": True}
    assert table.transitions[-1]["truncated"] == {"right": True}
    assert episode["ended"] == "truncated"


@pytest.mark.parametrize(
    ("end", "ended"),
    [("terminated",) * 2, ("truncated",) * 2, ("stop", "stopped"), ("reset",) * 2],
)
def test_an_episode_says_how_it_ended(end: str, ended: str) -> None:
    table = counter(fps=10, maxSteps=3 if end == "truncated" else None)
    table.clock.pass_time(0.25)
    if end in ("stop", "reset"):
        getattr(table.game, end)()
    else:
        table.clock.pass_time(0.3)
    assert table.episodes[0]["ended"] == ended
    assert "error" not in table.episodes[0]
    assert replayed(table)["difference"] is None


def test_an_environment_that_ends_by_both_has_terminated() -> None:
    class Both(Counter):
        def step(self, action: Any) -> Any:
            return [0], 0.0, True, True, {}

    table = Table(Both(), actionMapping=MAPPING, fps=10, numEpisodes=1).start()
    table.clock.pass_time(1)
    assert table.episodes[0]["ended"] == "terminated"


def test_agents_that_end_by_both_or_by_neither_have_terminated() -> None:
    class Both(Pair):
        def step(self, actions: Any) -> Any:
            obs, rewards, *_, infos = super().step(actions)
            self.agents = []
            flags = {"left": True, "right": False}
            return obs, rewards, flags, flags, infos

    table = Table(Both(), {"policy": lambda obs: 0}, fps=10, numEpisodes=1).start()
    table.clock.pass_time(1)
    assert table.episodes[0]["ended"] == "terminated"


@pytest.mark.parametrize("who", ["environment", "policy"])
def test_what_raises_leaves_a_record_of_the_steps_before(who: str) -> None:
    class Breaks(Counter):
        length = 1000

        def step(self, action: Any) -> Any:
            if self.n == 49 and who == "environment":
                raise RuntimeError("broken")
            return super().step(action)

    def policy(obs: Any) -> int:
        if obs[1] == 49 and who == "policy":
            raise RuntimeError("broken")
        return obs[1] % 2  # type: ignore[no-any-return]

    table = Table(Breaks(), {"policy": policy}, fps=100, seed=5).start()
    table.clock.pass_time(2)
    assert table.state["state"] == "failed"
    (episode,) = table.episodes
    assert (episode["steps"], episode["ended"]) == (49, "error")
    assert episode["error"] == table.state["error"]
    assert len(json.loads(str(episode["record"]))["actions"]) == 49
    assert replayed(table)["difference"] is None


def test_no_step_is_no_episode() -> None:
    table = counter()
    table.game.reset()
    table.game.stop()
    assert table.episodes == []
    broken = Table(Counter(), actionMapping={"a": "fall"}, defaultAction="fall").start()
    broken.clock.pass_time(1)
    assert (broken.state["state"], broken.episodes) == ("failed", [])


class Board:
    """An observation that only its address tells apart."""


@pytest.mark.parametrize("found", [[Board()], {"board": Board()}, Board()])
def test_an_episode_that_cannot_be_recorded_says_why(found: Any) -> None:
    class Objects(Counter):
        def step(self, action: Any) -> Any:
            return found, *super().step(action)[1:]

    table = Table(Objects(), actionMapping=MAPPING, fps=10, numEpisodes=1).start()
    table.clock.pass_time(2)
    (episode,) = table.episodes
    assert "record" not in episode
    assert "Board" in episode["recordProblem"]
    assert (episode["steps"], table.state["state"]) == (5, "ended")


def test_an_action_that_cannot_be_recorded_is_named() -> None:
    class Takes(Counter):
        def step(self, action: Any) -> Any:
            return super().step(1)

    table = Table(Takes(), {"policy": lambda obs: Board()}, fps=10, numEpisodes=1).start()
    table.clock.pass_time(2)
    assert "Board" in table.episodes[0]["recordProblem"]


def test_a_game_that_nobody_wants_recorded_has_no_record_and_no_problem() -> None:
    table = counter(record=False, numEpisodes=1)
    table.clock.pass_time(2)
    assert not {"record", "recordProblem"} & set(table.episodes[0])


def test_the_environments_changes_to_its_arrays_do_not_reach_the_record() -> None:
    class Reuses(Counter):
        def __init__(self) -> None:
            super().__init__()
            self.board = np.zeros(3)

        def reset(self, *, seed: Any = None, options: Any = None) -> Any:
            super().reset(seed=seed)
            self.board[:] = 0
            return self.board, {}

        def step(self, action: Any) -> Any:
            self.board[0] += action[0]
            action *= 100
            self.n += 1
            return self.board, self.board[0], self.n >= 5, False, {}

    mapping = {"ArrowRight": np.ones(1)}
    table = Table(Reuses(), actionMapping=mapping, defaultAction=np.zeros(1), numEpisodes=2, fps=10)
    table.start()
    table.press("ArrowRight")
    table.clock.pass_time(3)
    assert [e["returns"] for e in table.episodes] == [15.0, 15.0]
    assert replayed(table)["difference"] is None


def test_options_are_part_of_the_record_and_of_its_table() -> None:
    class Levels(Counter):
        def reset(self, *, seed: Any = None, options: Any = None) -> Any:
            super().reset(seed=seed)
            return (options["level"], options["name"]), {}

    desk = Desk(Levels(), {"policy": lambda obs: 0})
    options = {"level": (3, 4.0), "name": 'a, "b"'}
    desk.ask("play", fps=10, numEpisodes=1, options=options)
    desk.clock.pass_time(2)
    assert desk.ask("replay", episodes=desk.records)["difference"] is None
    table = desk.ask("write_recording", records=desk.records, format="csv")
    assert desk.ask("replay", recording=table)["difference"] is None


# Somebody else has the environment too.


def interfere(table: Table, how: str) -> None:
    if how == "step":
        table.environment.step(1)
    elif how == "reset":
        table.environment.reset(99)
    elif how == "change":
        mark = table.environment.mark()
        table.env.n += 1
        table.environment.compare(mark)
    else:
        replayed(table, [e["record"] for e in table.episodes])


@pytest.mark.parametrize("then", ["resume", "step", "stop", "reset"])
@pytest.mark.parametrize("how", ["step", "reset", "change", "replay"])
def test_play_pause_something_else_resume_never_leaves_a_record_that_differs(
    how: str, then: str
) -> None:
    table = counter(seed=5, fps=10)
    table.env.length = 8
    table.clock.pass_time(1.25)
    table.game.pause()
    interfere(table, how)
    getattr(table.game, then)()
    if then == "reset":
        table.game.resume()
    table.clock.pass_time(3)
    table.game.stop()
    told = [(e["episode"], e["ended"]) for e in table.episodes]
    assert told[:2] == [(0, "terminated"), (1, "interfered")]
    records = [e["record"] for e in table.episodes if "record" in e]
    assert len(json.loads(str(records[1]))["actions"]) == 3
    if then == "resume":
        assert told[2] == (1, "terminated")  # the rest of it, which has no record
        assert "itself" in table.episodes[2]["recordProblem"]
    if then in ("resume", "reset"):
        assert len(records) >= 3  # what began after it is recorded again
    assert replayed(table, records)["difference"] is None


def test_an_interference_before_the_first_step_leaves_nothing_to_tell() -> None:
    table = counter(paused=True, fps=10, numEpisodes=1)
    table.environment.reset(9)
    table.game.resume()
    table.clock.pass_time(2)
    (episode,) = table.episodes
    assert (episode["ended"], episode["steps"]) == ("terminated", 5)
    assert "record" not in episode
    assert episode["recordProblem"]


def test_a_game_that_runs_goes_on_from_what_it_finds() -> None:
    table = counter(fps=10, steps=True)
    table.env.length = 100
    table.clock.pass_time(0.25)
    table.environment.step(1)
    table.clock.pass_time(0.3)
    assert table.transitions[2]["obs"] == [1, 3]
    assert [t["step"] for t in table.transitions[:3]] == [1, 2, 3]
    assert table.state["state"] == "running"


def test_an_environment_that_raised_is_not_taken_for_an_interference() -> None:
    table = Table(Counter(), actionMapping={"a": "fall"}, fps=10, defaultAction=0).start()
    table.clock.pass_time(0.25)
    table.press("a")
    table.clock.pass_time(1)
    assert [e["ended"] for e in table.episodes] == ["error"]


# Why a replay differs.


def played(desk: Desk, steps: int = 4) -> list[Any]:
    desk.ask("play", seed=3, maxSteps=steps, numEpisodes=2, fps=10)
    desk.clock.pass_time(10)
    return desk.records


def test_a_replay_says_that_another_version_recorded_it() -> None:
    desk = Desk(Counter(), {"policy": lambda obs: 1})
    records = played(desk)
    desk.environment.code_hash = "another"
    result = desk.ask("replay", episodes=records)
    assert (result["difference"], result["sameCode"]) == (None, False)
    assert "another version of the environment's code" in result["hint"]


@pytest.mark.parametrize("wrapper", ["NormalizeObservation", "NormalizeReward"])
def test_wrappers_with_memory_are_named(wrapper: str) -> None:
    env = getattr(gymnasium.wrappers, wrapper)(gymnasium.make("CartPole-v1"))
    desk = Desk(gymnasium.wrappers.TimeLimit(env, 100), {"policy": lambda obs: 1})
    records = played(desk)
    result = desk.ask("replay", episodes=records)
    assert result["difference"] is not None
    assert result["hint"] == f"{wrapper} keeps what it saw in earlier episodes"


def test_no_cause_is_named_where_nothing_differs() -> None:
    env = gymnasium.wrappers.NormalizeObservation(gymnasium.make("CartPole-v1"))
    desk = Desk(env, {"policy": lambda obs: 1})
    assert desk.ask("replay", episodes=[])["hint"] is None


def test_rewards_that_are_no_numbers_replay() -> None:
    class Odd(Counter):
        def step(self, action: Any) -> Any:
            obs, _, *rest = super().step(action)
            return obs, [float("nan"), float("inf"), np.float32(0.1), 1, True][self.n - 1], *rest

    desk = Desk(Odd(), {"policy": lambda obs: 1})
    assert desk.ask("replay", episodes=played(desk, 5))["difference"] is None


@pytest.mark.parametrize("seed", [np.int64(4), np.int32(4), True, 4.0])
def test_seeds_are_whatever_counts_as_an_int(seed: Any) -> None:
    if isinstance(seed, (bool, float)):
        with pytest.raises(Exception, match="seed to be int"):
            counter(seed=seed)
        return
    table = counter(seed=seed, numEpisodes=2)
    table.clock.pass_time(3)
    assert [type(item) for item in table.env.seeds] == [int, int]
    assert replayed(table)["difference"] is None
