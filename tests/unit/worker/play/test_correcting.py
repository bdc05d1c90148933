"""What was done at a step is corrected afterwards: as if it had been done so from the start."""

import itertools
from typing import Any

import pytest
from gymworker.errors import ProtocolError
from gymworker.recording import read_record
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.turnbased import Relay
from tests.unit.worker.play.games import Counter, Desk
from tests.unit.worker.play.stages import CROWD, GAMES, KEYS, PLAYED, THINKER, WALK, Stage
from tests.unit.worker.play.test_records import replayed

KEPT = {**PLAYED, "keep": True}
ACTIONS = {**KEYS, ".": 1}


def played(source: str, keys: str, **options: Any) -> Stage:
    """A game that was played with these keys from the start."""
    stage = Stage(source, **{**PLAYED, **options}).start()
    stage.act(keys)
    return stage


@pytest.mark.parametrize("step", range(1, 8))
def test_a_corrected_game_is_the_one_that_was_played_so(step: int) -> None:
    stage = Stage(WALK, **KEPT).start()
    stage.act("ad..dda")
    stage.correct((step, 2 if step == 1 else 0))
    keys = "ad..dda"
    keys = keys[: step - 1] + ("d" if step == 1 else "a") + keys[step:]
    hash, record = stage.hash, stage.record()
    straight = played(WALK, keys)
    assert straight.hash == hash
    assert straight.record() == record


def test_several_corrections_are_one_way_back() -> None:
    stage = Stage(WALK, **KEPT).start()
    stage.act("ad..dda")
    answer = stage.correct((6, 0), (2, 0), (3, 2))
    hash, record = stage.hash, stage.record()
    straight = played(WALK, "aad.da")
    assert answer == {"confirmed": 6, "hash": straight.hash}
    straight.act("a")
    assert straight.hash == hash
    assert straight.record() == record


def test_the_hash_is_that_of_the_newest_step_that_is_known() -> None:
    stage = Stage(WALK, **KEPT).start()
    stage.act("......")
    first = stage.correct((1, 2), (2, 2))
    second = stage.correct((3, 0))
    third = stage.correct((2, 0))
    assert [answer["confirmed"] for answer in (first, second, third)] == [2, 3, 3]
    assert played(WALK, "dd").hash == first["hash"]
    assert played(WALK, "dda").hash == second["hash"]
    assert played(WALK, "daa").hash == third["hash"]


def test_of_several_agents_everybodys_actions_are_known() -> None:
    source = CROWD.replace("self.total % 5 == 0", "False")  # nobody leaves
    stage = Stage(source, paused=True, seed=8, keep=True, seats="random").start()
    stage.act("....")
    assert stage.correct((3, {"a": 1}))["confirmed"] == 3
    assert stage.correct((2, {"b": 1}))["confirmed"] == 2
    assert stage.correct((4, {"a": 0}))["confirmed"] == 2
    assert stage.correct((3, {"b": 0}), (4, {"b": 0}))["confirmed"] == 4


LEAVES = (
    CROWD.replace("self.total % 5 == 0", "self.steps == 3")
    .replace('["a", "b"], seed', '["a", "b"], seed; self.steps = 0')
    .replace("playing = self.agents", "playing = self.agents; self.steps += 1")
    .replace("self.total % 3 == 0", "False")
)
"""Two agents, of whom the second leaves after three steps."""


def test_one_that_has_left_holds_nobody_up() -> None:
    stage = Stage(LEAVES, paused=True, seed=8, keep=True, seats="random").start()
    stage.act("......")
    first = stage.correct((1, {"a": 1, "b": 1}), (2, {"a": 1, "b": 1}))
    second = stage.correct((3, {"b": 1}))
    third = stage.correct((3, {"a": 2}), (4, {"a": 2}), (5, {"a": 0}))
    assert [answer["confirmed"] for answer in (first, second, third)] == [2, 2, 5]
    straight = Stage(LEAVES, paused=True, seed=8, keep=True, seats="random").start()
    straight.act(".....")
    theirs = [{"a": 1, "b": 1}, {"a": 1, "b": 1}, {"a": 2, "b": 1}, {"a": 2}, {"a": 0}]
    straight.correct(*enumerate(theirs, 1))
    assert straight.hash == third["hash"]


@pytest.mark.parametrize("order", list(itertools.permutations((1, 3, 4))))
@pytest.mark.parametrize("name", ["a policy with a memory", "chance"])
def test_the_order_in_which_corrections_come_does_not_matter(
    name: str, order: tuple[int, ...]
) -> None:
    source, options = GAMES[name]
    stage = Stage(source, **options, keep=True).start()
    stage.act(".....")
    wanted = {step: (stage.done[step - 1] + 1) % 3 for step in order}
    for step in order:
        answer = stage.correct((step, wanted[step]))
        assert answer["confirmed"] == max(order[: order.index(step) + 1])
    hash, record = stage.hash, stage.record()
    at_once = Stage(source, **options, keep=True).start()
    at_once.act(".....")
    assert at_once.correct(*wanted.items()) == answer
    assert (at_once.hash, at_once.record()) == (hash, record)


def test_what_was_known_of_steps_that_are_over_is_not_known() -> None:
    stage = Stage(WALK, **KEPT).start()
    stage.act("......")
    assert stage.correct((6, 2))["confirmed"] == 6
    stage.rewind(2)
    stage.act("......")
    answer = stage.correct((4, 0))
    assert answer == {"confirmed": 4, "hash": played(WALK, "...a").hash}


def test_what_was_corrected_after_an_earlier_end_is_forgotten() -> None:
    stage = Stage(
        WALK.replace("> 9", "> 2"), seats="random", paused=True, seed=5, keep=True, rest=True
    )
    stage.start().act("......")
    stage.correct(*((step, 1) for step in range(1, 6)), (6, 2))
    stage.correct((1, 2), (2, 2), (3, 2))  # the end
    stage.correct((1, 1), (2, 1), (3, 1))
    stage.act("...")
    done = stage.done
    other = (done[5] + 1) % 3
    stage.correct((6, other))
    stage.correct((3, 1))
    assert stage.done == [*done[:5], other]


def test_times_stay_and_the_record_says_what_was_corrected() -> None:
    stage = Stage(WALK, **KEPT).start()
    stage.act("ad..")
    stage.correct((1, 2), (3, 0))
    stage.game.stop()
    record = read_record(stage.episodes[-1]["record"])
    assert record["times"] == [0.0, 100.0, 200.0, 300.0]
    assert record["actions"] == [2, 2, 0, 1]
    assert [400.0, "corrected", 1, 3] in record["events"]
    assert replayed(stage)["difference"] is None


def test_a_policy_that_sees_something_else_decides_anew() -> None:
    settings = {"agents": {"a": {"d": 3}}, "defaultAction": 0, "paused": True, "seed": 7}
    stage = Stage(CROWD, **settings, keep=True).start()
    stage.act("d.d..")
    before = list(stage.done)
    stage.correct((2, {"a": 3}))
    hash, record = stage.hash, stage.record()
    straight = Stage(CROWD, **settings).start()
    straight.act("ddd..")
    assert straight.hash == hash
    assert straight.record() == record
    theirs = [
        [{agent: done for agent, done in actions.items() if agent != "a"} for actions in each]
        for each in (before, record["actions"])
    ]
    assert theirs[0][:2] == theirs[1][:2]
    assert theirs[0] != theirs[1]


def test_what_a_policy_did_can_be_corrected() -> None:
    stage = Stage(WALK + THINKER, paused=True, seed=5, keep=True).start()
    stage.act("....")
    done = list(stage.done)
    stage.correct((2, (done[1] + 1) % 3))
    record = stage.record()
    assert record["actions"][:2] == [done[0], (done[1] + 1) % 3]
    assert replayed(stage)["difference"] is None


def test_an_episode_that_ends_earlier_ends_properly() -> None:
    source = WALK.replace("> 9", "> 3")
    stage = Stage(source, **KEPT, numEpisodes=1).start()
    stage.act("d.dd..")
    answer = stage.correct((2, 2), (6, 2))
    fields = stage.game.fields()
    assert (fields["step"], fields["state"]) == (4, "ended")
    assert stage.episodes[-1]["ended"] == "terminated"
    assert read_record(stage.episodes[-1]["record"])["actions"] == [2, 2, 2, 2]
    assert answer["confirmed"] == 4
    assert answer["hash"] == stage.hash
    assert replayed(stage)["difference"] is None


def test_an_episode_that_had_ended_may_go_on() -> None:
    source = WALK.replace("> 9", "> 2")
    stage = Stage(source, **KEPT, rest=True).start()
    stage.act("ddd")
    assert stage.episodes[-1]["ended"] == "terminated"
    stage.correct((2, 0))
    stage.act("d")
    stage.game.stop()
    assert [episode["steps"] for episode in stage.episodes] == [3, 4]
    assert stage.episodes[-1]["episode"] == 0
    assert read_record(stage.episodes[-1]["record"])["actions"] == [2, 0, 2, 2]


def test_a_truncated_episode_is_truncated_again() -> None:
    stage = Stage(WALK, **KEPT, maxSteps=3, rest=True).start()
    stage.act("ddd")
    stage.correct((2, 0))
    assert stage.game.fields()["step"] == 3
    assert [episode["ended"] for episode in stage.episodes] == ["truncated"] * 2
    assert read_record(stage.episodes[-1]["record"])["actions"] == [2, 0, 2]


def test_a_game_that_runs_goes_on_at_its_pace() -> None:
    stage = Stage(WALK, **{**KEPT, "paused": False}).start()
    stage.clock.pass_time(0.55)
    assert stage.game.fields()["step"] == 5
    stage.correct((2, 2))
    assert stage.game.fields()["state"] == "running"
    stage.clock.pass_time(0.1)
    assert stage.game.fields()["step"] == 6
    record = stage.record()
    assert record["actions"] == [1, 2, 1, 1, 1, 1]


def test_nothing_is_rendered_on_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    source = WALK.replace("env = Walk()", "Walk.render = lambda self: 'frame'\nenv = Walk()")
    stage = Stage(source, **KEPT).start()
    stage.act("dddd")
    stage.painter.show()
    drawn = []
    monkeypatch.setattr(stage.environment, "render", lambda: drawn.append("frame"))
    stage.correct((2, 0))
    assert drawn == []
    stage.painter.show()
    assert drawn == ["frame"]


def test_a_correction_after_a_rewind_goes_on_from_there() -> None:
    stage = Stage(WALK, **KEPT).start()
    stage.act("ddddd")
    stage.rewind(3)
    with pytest.raises(ProtocolError, match="a step from 1 to 3, to correct it, got 4"):
        stage.correct((4, 0))
    stage.correct((2, 0))
    assert "ahead" not in stage.game.fields()
    assert stage.record()["actions"] == [2, 0, 2]


@pytest.mark.parametrize(
    ("corrections", "problem"),
    [
        ([], "expected corrections to be a list of {step, actions}, got none"),
        ([3], "expected corrections to be a list of {step, actions}, .* got 3"),
        ([{"step": 1}], "{step, actions}, the first step being 1"),
        ([{"step": True, "actions": 1}], "{step, actions}, the first step being 1"),
        ([{"step": 0, "actions": 1}], "a step from 1 to 2, to correct it, got 0"),
        ([{"step": 3, "actions": 1}], "a step from 1 to 2, to correct it, got 3"),
        (
            [{"step": 2, "actions": 7}],
            r"the correction of step 2 to give an action of Discrete\(3\)",
        ),
    ],
)
def test_what_cannot_be_corrected_changes_nothing(corrections: Any, problem: str) -> None:
    desk = Desk(Stage(WALK, **PLAYED).env)
    desk.ask("play", actionMapping={"a": 0}, defaultAction=1, keep=True, paused=True, seed=2)
    for _ in range(2):
        desk.ask("control", command="step")
    mean = desk.environment.obs.tolist()
    with pytest.raises(ProtocolError, match=problem):
        desk.ask("control", command="correct", corrections=corrections)
    assert desk.environment.obs.tolist() == mean
    assert desk.ask("control", command="rewind", step=2)["state"] == "paused"


def test_agents_that_did_not_act_cannot_be_corrected() -> None:
    stage = Stage(CROWD, paused=True, seed=8, keep=True, seats="random").start()
    stage.act("..")
    with pytest.raises(ProtocolError, match=r"of step 1 by agent, of \['a', 'b'\], got {'z': 1}"):
        stage.correct((1, {"z": 1}))
    with pytest.raises(ProtocolError, match="by agent, of .*, got 1"):
        stage.correct((1, 1))


def test_where_agents_take_turns_it_is_the_action_of_one() -> None:
    desk = Desk(Relay(), {"policy": lambda obs, agent: 2})
    desk.ask("play", keep=True, paused=True, seed=1)
    for _ in range(3):
        desk.ask("control", command="step")
    desk.ask("control", command="correct", corrections=[{"step": 1, "actions": 1}])
    desk.ask("control", command="correct", corrections=[{"step": 2, "actions": {"runner_0": 1}}])
    desk.ask("control", command="stop")
    assert read_record(desk.records[-1])["actions"][:2] == [{"runner_0": 1}, {"runner_0": 1}]


def test_another_episodes_correction_comes_too_late() -> None:
    desk = Desk(Counter())
    desk.ask("play", actionMapping={"a": 1}, defaultAction=0, keep=True, paused=True)
    desk.ask("control", command="step")
    desk.ask("control", command="reset")
    desk.ask("control", command="step")
    corrections = [{"step": 1, "actions": 1}]
    with pytest.raises(ProtocolError, match="expected the present episode, 1, got 0"):
        desk.ask("control", command="correct", corrections=corrections, episode=0)
    state = desk.ask("control", command="correct", corrections=corrections, episode=1)
    assert (state["returns"], state["confirmed"], len(state["hash"])) == (1.0, 1, 32)


def test_an_environment_that_raises_on_the_way_ends_the_game() -> None:
    desk = Desk(Counter())
    desk.ask("play", actionMapping={"a": 1}, defaultAction=0, keep=True, paused=True)
    for _ in range(3):
        desk.ask("control", command="step")
    with pytest.raises(RuntimeError, match="the cart fell off"):
        desk.ask("control", command="correct", corrections=[{"step": 2, "actions": "fall"}])
    (episode,) = desk.of("episode")
    assert (episode["ended"], episode["steps"]) == ("error", 1)
    assert read_record(episode["record"])["actions"] == [0]


OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("act"), st.text("ad.", min_size=1, max_size=4)),
        st.tuples(st.just("rewind"), st.floats(0, 1)),
        st.tuples(
            st.just("correct"),
            st.lists(st.tuples(st.floats(0, 1), st.sampled_from("ad.")), min_size=1, max_size=3),
        ),
    ),
    min_size=3,
    max_size=12,
)


@pytest.mark.parametrize("name", ["keys", "keys beside policies"])
@settings(max_examples=25, derandomize=True, deadline=None)
@given(operations=OPERATIONS, slow=st.booleans())
def test_any_walk_is_the_game_that_was_played_so(
    name: str, operations: list[Any], slow: bool
) -> None:
    source, options = GAMES[name]
    options = {**options, "maxSteps": 40}
    actions = {"a": 1, "d": 3, ".": 0} if "agents" in options else ACTIONS
    keep = {"share": 1e-9} if slow else True  # the states of a few steps, or of each
    stage = Stage(source, **options, keep=keep).start()
    keys = future = ""
    for kind, what in operations:
        if kind == "act":
            stage.act(what[: 40 - len(keys)])
            if what[: 40 - len(keys)]:
                keys = future = keys + what[: 40 - len(keys)]
        elif kind == "rewind":
            step = round(what * len(future))
            stage.rewind(step)
            keys = future[:step]
        elif keys:
            wanted = {}
            for place, key in what:
                step = 1 + round(place * (len(keys) - 1))
                if "agents" in options and "a" not in stage.done[step - 1]:
                    continue
                wanted[step] = key
            if not wanted:
                continue
            stage.correct(
                *(
                    (step, {"a": actions[key]} if "agents" in options else actions[key])
                    for step, key in wanted.items()
                )
            )
            keys = future = "".join(wanted.get(n, key) for n, key in enumerate(keys, 1))
    if not future or stage.game.fields()["episode"]:
        return
    stage.rewind(len(future))
    hash, record = stage.hash, stage.record()
    straight = Stage(source, **options).start()
    straight.act(future)
    assert straight.hash == hash
    assert straight.record() == record
