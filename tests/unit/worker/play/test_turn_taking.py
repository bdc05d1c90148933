"""Environments whose agents take turns, played: each decides when its turn comes."""

import asyncio
from typing import Any

import numpy as np
import pytest
from gymworker.errors import ProtocolError
from gymworker.recording import read, read_record
from pettingzoo.classic import connect_four_v3

from tests.unit.turnbased import Nim
from tests.unit.worker.play.games import Desk, Table, stroke

KEYS = {"1": 1, "2": 2}
ONE = {"policies": {"bob": lambda obs: 1}}


def nim(names: dict[str, Any] | None = None, **settings: Any) -> Table:
    """Ann plays by keys, Bob takes one."""
    return Table(
        Nim(), ONE if names is None else names, **{"actionMapping": KEYS, "fps": 10, **settings}
    ).start()


@pytest.mark.parametrize("mode", ["pressed_keys", "single_keystroke"])
def test_the_game_waits_for_the_person_and_the_policy_answers_in_its_turn(mode: str) -> None:
    table = nim(inputMode=mode)
    table.clock.pass_time(5)
    assert (table.env.taken, table.state["state"], table.state["agent"]) == ([], "waiting", "ann")
    stroke(table, "2", 0.05)
    assert table.env.taken == [("ann", 2)]
    assert table.state["agent"] == "bob"
    table.clock.pass_time(0.2)
    assert table.env.taken == [("ann", 2), ("bob", 1)]
    assert (table.state["state"], table.state["agent"]) == ("waiting", "ann")
    table.clock.pass_time(5)
    assert len(table.env.taken) == 2
    assert table.clock.waiting == 0


def test_a_key_acts_at_once_and_the_policy_a_frame_later() -> None:
    table = nim(fps=2)
    table.press("1")
    table.clock.pass_time(0)
    assert table.env.taken == [("ann", 1)]
    table.release("1")
    table.clock.pass_time(0.45)
    assert len(table.env.taken) == 1
    table.clock.pass_time(0.05)
    assert table.env.taken == [("ann", 1), ("bob", 1)]
    table.press("1")
    table.clock.pass_time(0)
    assert table.env.taken[2:] == [("ann", 1)]


@pytest.mark.parametrize("mode", ["pressed_keys", "single_keystroke"])
def test_a_key_counts_once_and_only_in_its_own_turn(mode: str) -> None:
    table = nim(inputMode=mode)
    table.press("1")
    table.clock.pass_time(5)  # held for long
    assert table.env.taken == [("ann", 1), ("bob", 1)]
    table.release("1")
    table.press("1")
    table.clock.pass_time(0)
    table.release("1")
    stroke(table, "1")  # it is Bob's turn
    stroke(table, "1")
    table.clock.pass_time(5)
    assert table.env.taken == [("ann", 1), ("bob", 1), ("ann", 1), ("bob", 1)]


def test_two_people_at_one_keyboard_take_turns() -> None:
    table = nim({}, actionMapping=None, agents={"ann": KEYS, "bob": {"8": 1, "9": 2}})
    stroke(table, "9", 1)
    assert table.env.taken == []  # not Bob's turn
    stroke(table, "2", 1)
    stroke(table, "1", 1)
    assert table.env.taken == [("ann", 2)]
    stroke(table, "8", 1)
    assert table.env.taken == [("ann", 2), ("bob", 1)]


def test_the_same_keys_are_for_whoever_has_the_turn() -> None:
    table = nim({}, actionMapping=None, agents={"ann": KEYS, "bob": KEYS})
    for key in ("2", "2", "1"):
        stroke(table, key, 1)
    assert table.env.taken[:3] == [("ann", 2), ("bob", 2), ("ann", 1)]
    assert table.episodes[0]["returns"] == {"ann": 1.0, "bob": -1.0}


@pytest.mark.parametrize("mode", ["pressed_keys", "single_keystroke"])
def test_a_key_that_the_mask_does_not_allow_does_nothing_and_the_page_hears_of_it(
    mode: str,
) -> None:
    table = nim({"policies": {"bob": lambda obs: 2}}, inputMode=mode, labels={2: "Take two"})
    stroke(table, "2", 1)
    assert (table.env.matches, table.state["agent"]) == (1, "ann")
    stroke(table, "2", 1)
    assert (table.env.matches, table.state["state"], table.state["agent"]) == (1, "waiting", "ann")
    assert table.state["refused"] == {
        "keys": ["2"],
        "action": 2,
        "agent": "ann",
        "label": "Take two",
    }
    stroke(table, "1", 1)
    assert table.episodes[0]["returns"] == {"ann": 1.0, "bob": -1.0}
    assert "refused" not in table.state
    record = read_record(table.episodes[0]["record"])
    assert [event[1:] for event in record["events"] if event[1] == "refused"] == [["refused", "2"]]


def test_a_held_key_that_is_not_allowed_is_refused_once() -> None:
    table = nim({"policies": {"bob": lambda obs: 2}})
    stroke(table, "2", 1)
    table.press("2")
    table.clock.pass_time(5)
    assert table.clock.waiting == 0
    record_events = [item[1] for item in table.game.events.take(None)]
    assert record_events.count("refused") == 1


def test_the_last_frame_stays_until_another_key_is_pressed() -> None:
    table = nim({"policies": {"bob": lambda obs: min(obs, 2)}})
    stroke(table, "2", 1)
    stroke(table, "1", 5)
    assert len(table.episodes) == 1
    assert (table.state["agent"], table.state["episode"], table.clock.waiting) == (None, 0, 0)
    stroke(table, "1", 5)  # begins the next and does nothing else
    assert (table.state["agent"], table.state["episode"], table.env.matches) == ("ann", 1, 5)


def test_policies_among_themselves_go_on_at_the_pace_of_the_game() -> None:
    table = Table(Nim(), {"policy": lambda obs: 1}, fps=10, numEpisodes=1).start()
    table.clock.pass_time(0.31)
    assert (table.state["state"], len(table.env.taken)) == ("running", 3)
    table.clock.pass_time(1)
    assert table.episodes[0]["returns"] == {"ann": 1.0, "bob": -1.0}
    assert table.episodes[0]["terminated"] == {"ann": True, "bob": True}
    assert table.episodes[0]["ended"] == "terminated"
    assert table.state["state"] == "ended"


def test_a_policy_hears_what_its_agent_sees_and_when_its_first_turn_is() -> None:
    heard = []

    def policy(obs: Any, agent: Any, info: Any, start: bool) -> int:
        heard.append((agent, obs, info["action_mask"].tolist(), start))
        return 1

    Table(Nim(), {"policy": policy}, fps=10, numEpisodes=1).start().clock.pass_time(1)
    assert heard == [
        ("ann", 5, [1, 1], True),
        ("bob", 4, [1, 1], True),
        ("ann", 3, [1, 1], False),
        ("bob", 2, [1, 1], False),
        ("ann", 1, [1, 0], False),
    ]


def test_chance_keeps_to_the_mask() -> None:
    table = Table(Nim(), {}, seats="random", fps=100).start()
    table.clock.pass_time(5)
    assert table.game.error is None
    assert len(table.episodes) > 50


def test_an_async_policy_thinks_in_its_turn() -> None:
    async def play() -> None:
        gate = asyncio.Event()

        async def bob(obs: Any) -> int:
            await gate.wait()
            return 2

        table = nim({"policies": {"bob": bob}})
        stroke(table, "1", 0.3)
        assert table.env.taken == [("ann", 1)]
        stroke(table, "1", 0.3)  # not her turn
        gate.set()
        for _ in range(5):
            await asyncio.sleep(0)
        table.clock.pass_time(1)
        assert table.env.taken == [("ann", 1), ("bob", 2)]

    asyncio.run(play())


def test_a_person_who_does_not_wait_gives_the_default_action() -> None:
    table = nim(waitOnPlayer=False, defaultAction=2)
    table.clock.pass_time(0.35)
    assert table.env.taken[:3] == [("ann", 2), ("bob", 1), ("ann", 2)]
    table = nim({"policies": {"bob": lambda obs: 2}}, waitOnPlayer=False, defaultAction=2)
    table.clock.pass_time(0.35)
    assert table.env.taken[2] == ("ann", 1)  # 2 is not allowed
    assert table.game.error is None


def test_a_step_of_the_page_in_the_turn_of_a_person_without_a_key_is_the_default_action() -> None:
    table = nim(paused=True, defaultAction=1)
    table.game.step()
    assert (table.game.state, table.env.taken) == ("paused", [("ann", 1)])
    table.game.step()
    assert table.env.taken == [("ann", 1), ("bob", 1)]


def test_transitions_are_by_agent() -> None:
    table = nim(steps=True)
    stroke(table, "2", 1)
    first = table.transitions[0]
    assert (first["obs"], first["action"], first["nextObs"]) == ({"ann": 5}, {"ann": 2}, {"bob": 3})
    assert first["reward"] == {"ann": 0.0, "bob": 0.0}


def test_the_latency_is_that_of_the_persons_key() -> None:
    table = nim(steps=True)
    table.clock.pass_time(1)
    table.press("2")
    table.clock.pass_time(0.03)
    table.painter.show()
    table.press("1")  # not her turn
    table.clock.pass_time(0.5)
    table.painter.show()
    table.clock.pass_time(0.5)
    assert [item["latency"] for item in table.transitions] == [30.0, None]


def test_an_episode_that_is_cut_off_truncates_all_who_are_there() -> None:
    table = Table(Nim(), {"policy": lambda obs: 1}, fps=10, maxSteps=2, numEpisodes=1).start()
    table.clock.pass_time(1)
    assert table.episodes[0]["truncated"] == {"ann": True, "bob": True}
    assert table.episodes[0]["ended"] == "truncated"


def test_a_turn_that_the_page_took_itself_is_seen() -> None:
    table = nim()
    table.environment.step(2)
    stroke(table, "2", 1)
    assert table.env.taken == [("ann", 2), ("bob", 1)]  # the key is Ann's
    stroke(table, "2", 1)
    assert table.env.taken[2] == ("ann", 2)
    assert "recordProblem" in table.episodes[-1]


def play_nim(desk: Desk) -> None:
    desk.ask("play", actionMapping=KEYS, fps=10, seed=3, numEpisodes=2)
    for key in ("2", "1", "2", "1", "2", "1", "2"):
        for down in (True, False):
            desk.ask("keys", key=key, down=down)
        desk.clock.pass_time(1)


def test_recordings_replay_exactly() -> None:
    desk = Desk(Nim(), ONE)
    play_nim(desk)
    records = desk.records
    assert len(records) == 2
    found = desk.ask("replay", episodes=records)
    assert (found["episodes"], found["difference"]) == (2, None)
    record = read_record(records[0])
    assert record["actions"] == [{"ann": 2}, {"bob": 1}, {"ann": 1}, {"bob": 1}]
    assert record["players"] == {"ann": "human", "bob": "policy"}
    assert record["returns"] == {"ann": -1.0, "bob": 1.0}


def test_a_table_of_turns_is_read_back_as_it_was_written() -> None:
    desk = Desk(Nim(), ONE)
    play_nim(desk)
    text = desk.ask("write_recording", records=desk.records, format="csv")
    kept = ("seed", "actions", "rewards", "flags", "checksums", "players", "events")
    for found, wanted in zip(read(str(text)), map(read_record, desk.records), strict=True):
        assert [found[name] for name in kept] == [wanted[name] for name in kept]
    found = desk.ask("replay", recording=str(text))
    assert (found["episodes"], found["difference"]) == (2, None)


def test_a_recording_of_turns_can_be_watched() -> None:
    desk = Desk(Nim(), ONE)
    play_nim(desk)
    begun = desk.ask("play", episodes=desk.records, paused=True)
    assert begun["seats"] == []
    state = desk.ask("control", command="seek", episode=1, step=2)
    assert (state["step"], state["replay"]["difference"]) == (2, None)
    assert state["agent"] == "ann"


def test_a_replay_that_gives_others_their_turn_is_a_difference() -> None:
    desk = Desk(Nim(), ONE)
    play_nim(desk)

    class Other(Nim):
        def step(self, action: Any) -> None:
            super().step(action)
            if self.matches == 3:
                self.agent_selection = "ann"

    desk.environment.take(Other(), ONE, "the code")
    difference = desk.ask("replay", episodes=desk.records)["difference"]
    assert (difference["step"], difference["field"]) == (1, "obs")


def test_nobody_decides_says_that_chance_can() -> None:
    with pytest.raises(ProtocolError, match=r"for agent 'bob'.*seats=\{'bob': \"random\"\}"):
        nim({})


@pytest.mark.filterwarnings("ignore")
def test_connect_four_plays_records_and_replays() -> None:
    def policy(obs: Any) -> int:
        return int(np.flatnonzero(obs["action_mask"])[-1])

    desk = Desk(connect_four_v3.env(), {"policy": policy})
    desk.ask(
        "play",
        actionMapping={str(column + 1): column for column in range(7)},
        numEpisodes=1,
        labels={column: f"Column {column + 1}" for column in range(7)},
    )
    for key in ("1", "2", "3", "4"):
        for down in (True, False):
            desk.ask("keys", key=key, down=down)
        desk.clock.pass_time(2)
    (episode,) = desk.of("episode")
    assert episode["returns"] == {"player_0": 1.0, "player_1": -1.0}
    found = desk.ask("replay", episodes=desk.records)
    assert (found["episodes"], found["steps"], found["difference"]) == (1, 7, None)
