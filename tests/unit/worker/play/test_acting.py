"""What people do can be said outright, where their keys do not say it."""

from typing import Any

import pytest
from gymnasium.spaces import Discrete
from gymworker.errors import ProtocolError
from gymworker.recording import read_record

from tests.unit.turnbased import Nim
from tests.unit.worker.play.games import Counter, Desk, Pair, Table, counter

BOB = {"policies": {"bob": lambda obs: 1}}


def nim(**settings: Any) -> Table:
    """Ann has no keys at all, Bob takes one."""
    options = {"agents": {"ann": {}, "bob": "policy"}, "defaultAction": 1, "fps": 10, **settings}
    return Table(Nim(), BOB, **options).start()


def test_a_game_that_waits_makes_the_step_at_once_and_the_policy_answers() -> None:
    table = nim()
    table.clock.pass_time(3)
    assert (table.state["state"], table.env.taken) == ("waiting", [])
    table.game.act(2)
    table.clock.pass_time(0)
    assert table.env.taken == [("ann", 2)]
    table.clock.pass_time(0.2)
    assert table.env.taken == [("ann", 2), ("bob", 1)]
    table.clock.pass_time(3)
    assert (table.state["state"], len(table.env.taken)) == ("waiting", 2), "it counts once"
    table.game.act({"ann": 2})
    table.clock.pass_time(0)
    assert table.env.taken[2] == ("ann", 2)
    assert read_record(table.episodes[0]["record"])["actions"] == [
        {"ann": 2},
        {"bob": 1},
        {"ann": 2},
    ]


@pytest.mark.parametrize(
    ("actions", "problem"),
    [
        (3, r"expected act to give an action of Discrete\(2, start=1\) for agent 'ann', got int 3"),
        ({"bob": 1}, r"expected act to give an action .* for agent 'ann', got dict"),
        ("2", "expected act to give an action of .*, got str '2'"),
    ],
)
def test_what_cannot_be_done_changes_nothing(actions: Any, problem: str) -> None:
    table = nim()
    with pytest.raises(ProtocolError, match=problem):
        table.game.act(actions)
    table.clock.pass_time(3)
    assert table.env.taken == []


def test_what_the_mask_forbids_is_refused() -> None:
    table = nim()
    table.game.act(2)
    table.clock.pass_time(0.2)
    table.game.act(1)
    table.clock.pass_time(0.2)  # one is left, which Bob takes
    assert table.episodes[0]["ended"] == "terminated"
    table = nim(agents={"ann": {}, "bob": {}})
    for _ in range(2):
        table.game.act(2)
        table.clock.pass_time(0)
    with pytest.raises(ProtocolError, match="that the action mask of 'ann' allows, got 2"):
        table.game.act(2)
    table.game.act(1)
    table.clock.pass_time(0)
    assert table.env.taken[:3] == [("ann", 2), ("bob", 2), ("ann", 1)]


def test_it_is_not_for_those_who_are_no_persons() -> None:
    table = Table(Nim(), {"policy": lambda obs: 1}, paused=True, defaultAction=1).start()
    with pytest.raises(ProtocolError, match="no person acts now, but ann"):
        table.game.act(1)


def test_a_paused_game_makes_it_when_it_goes_on() -> None:
    table = nim(paused=True)
    table.game.act(2)
    table.clock.pass_time(1)
    assert table.env.taken == []
    table.game.resume()
    table.clock.pass_time(0)
    assert table.env.taken == [("ann", 2)]
    table = nim(paused=True)
    table.game.act(2)
    table.game.step()
    assert table.env.taken == [("ann", 2)]


def test_it_counts_more_than_keys_and_in_a_game_that_runs_in_the_next_step() -> None:
    table = counter()
    table.env.action_space = Discrete(9)
    table.press("ArrowRight")
    table.game.act(0)
    table.clock.pass_time(0.3)
    assert table.env.actions == [0, 1, 1]


def test_of_several_people_those_who_are_not_named_use_their_keys() -> None:
    table = Table(Pair(), agents={"left": {"a": 1}, "right": {"b": 2}}, fps=10, paused=True).start()
    table.press("b")
    table.game.act({"left": 7})
    table.game.step()
    assert table.env.actions == [{"left": 7, "right": 2}]
    table.game.step()
    assert table.env.actions[1] == {"left": 0, "right": 2}


def test_a_reset_or_the_way_back_forgets_it() -> None:
    table = nim(paused=True, keep=True)
    table.game.act(2)
    table.game.reset()
    table.game.resume()
    table.clock.pass_time(1)
    assert table.env.taken == []


def test_the_request() -> None:
    desk = Desk(Counter())
    desk.ask("play", actionMapping={"a": 1}, defaultAction=0, paused=True)
    with pytest.raises(ProtocolError, match="expected a payload with 'actions'"):
        desk.ask("control", command="act")
    assert desk.ask("control", command="act", actions=3)["step"] == 0
    desk.ask("control", command="step")
    assert desk.env.actions == [3]
    for _ in range(4):
        desk.ask("control", command="step")
    with pytest.raises(ProtocolError, match="the episode is over, reset begins the next one"):
        desk.ask("control", command="act", actions=3)
