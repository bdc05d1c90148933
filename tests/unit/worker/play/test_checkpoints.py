"""When a game hands its state to the page, and when it does not."""

import asyncio
import itertools
import logging
from typing import Any

import pytest
from gymworker.errors import ProtocolError, StateError
from gymworker.worker import code
from gymworker.worker.call import Call
from gymworker.worker.outgoing import Outgoing
from gymworker.worker.play import checkpoints, course

from tests.unit.worker.play.games import Desk
from tests.unit.worker.play.stages import WALK


class Checked(Desk):
    """A desk with an environment that is run from its code, and what it said of its states."""

    def __init__(self, source: str = WALK) -> None:
        module: Any = asyncio.run(code.run(source, "environment.py", {}))
        super().__init__(module.env, module.__dict__)

    @property
    def steps(self) -> list[int]:
        """At which step each checkpoint was."""
        return [message["step"] for message in self.of("checkpoint")]

    def play(self, **settings: Any) -> Any:
        payload = {"actionMapping": {"a": 0, "d": 2}, "defaultAction": 1, "fps": 10, "seed": 5}
        return self.ask("play", **{"checkpoint": 1.0, **payload, **settings})


def test_a_state_is_handed_over_at_the_start_and_once_an_interval() -> None:
    desk = Checked()
    desk.play()
    desk.clock.pass_time(5.05)
    assert desk.steps == [0, 9, 19, 29, 39, 49]
    last = desk.of("checkpoint")[-1]
    assert (last["game"], last["episode"], last["seed"]) == (1, 0, 5)
    assert str(last["state"].dtype) == "uint8"


def test_nothing_is_handed_over_while_nothing_changes() -> None:
    desk = Checked()
    desk.play(paused=True)
    desk.clock.pass_time(10)
    assert desk.steps == [0]
    desk.ask("control", command="step")
    desk.ask("control", command="step")
    desk.clock.pass_time(0.5)
    assert desk.steps == [0]
    desk.clock.pass_time(10)
    assert desk.steps == [0, 2]
    desk.environment.reset(seed=1)  # by the page itself
    desk.clock.pass_time(1.5)
    assert desk.steps == [0, 2, 2]


@pytest.mark.parametrize("interval", [None, 0, 0.0])
def test_nobody_need_want_it(interval: float | None) -> None:
    desk = Checked()
    desk.play(checkpoint=interval)
    desk.clock.pass_time(5)
    assert desk.steps == []


@pytest.mark.parametrize("wrong", [-1, float("nan"), "1", True])
def test_an_interval_that_is_none_is_refused(wrong: Any) -> None:
    desk = Checked()
    with pytest.raises(ProtocolError, match="checkpoint"):
        desk.play(checkpoint=wrong)


@pytest.mark.parametrize("end", ["stop", "other", "last"])
def test_a_game_that_is_over_hands_over_nothing_and_leaves_no_timer(end: str) -> None:
    desk = Checked()
    desk.play(maxSteps=15, numEpisodes=1)
    desk.clock.pass_time(0.5)
    if end == "stop":
        desk.ask("control", command="stop")
    elif end == "other":
        desk.play(checkpoint=None, paused=True)
    desk.clock.pass_time(5)
    assert desk.steps == ([0, 9] if end == "last" else [0])
    assert desk.clock.waiting == 0


def test_what_takes_long_is_done_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Checked()
    save = checkpoints.Checkpoints._saved

    def slowly(self: Any) -> Any:
        desk.clock.time += 0.3
        return save(self)

    monkeypatch.setattr(checkpoints.Checkpoints, "_saved", slowly)
    desk.play(fps=100)
    desk.clock.pass_time(60)
    assert len(desk.steps) == 6, "0.3 s are 3 % of 10 s"


def test_a_state_that_is_too_large_is_not_sent_while_it_is(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    large = WALK.replace("self.place = self.place +", "self.fill(); self.place = self.place +")
    large += "\nimport os\n"
    large = large.replace(
        "    def step(",
        "    n = 0\n"
        "    def fill(self):\n"
        "        self.n += 1\n"
        "        self.much = os.urandom(90_000) if 15 < self.n < 45 else b''\n\n"
        "    def step(",
    )
    monkeypatch.setattr(checkpoints, "LARGEST", 50_000)
    desk = Checked(large)
    with caplog.at_level(logging.WARNING):
        desk.play()
        desk.clock.pass_time(6.05)
    assert [(m["step"], "state" in m) for m in desk.of("checkpoint")] == [
        (0, True), (9, True), (19, False), (49, True), (59, True),
    ]  # fmt: skip
    problem = "its state has 0.1 MB, more than the 0 MB of a game"
    assert desk.of("checkpoint")[2]["problem"] == problem
    assert [record.getMessage() for record in caplog.records] == [
        "if the worker dies, so does the game: " + problem
    ]


def test_what_cannot_be_saved_is_named_once(caplog: pytest.LogCaptureFixture) -> None:
    desk = Checked(
        WALK.replace("np.zeros(2)", "np.zeros(2); self.lock = __import__('threading').Lock()")
    )
    with caplog.at_level(logging.WARNING):
        desk.play()
        desk.clock.pass_time(3)
    (message,) = desk.of("checkpoint")
    assert message["problem"].startswith("env.lock cannot be saved: ")
    assert len(caplog.records) == 1
    assert desk.requests._game is not None and desk.requests._game.episode.steps == 30


def test_all_steps_before_a_checkpoint_are_told_before_it() -> None:
    desk = Checked()
    desk.play(steps=True, fps=1000, maxSteps=100_000)
    desk.clock.pass_time(2.005)
    told = 0
    for message in desk.page.sent:
        if message["type"] == "transitions":
            told = message["transitions"][-1]["step"]
        elif message["type"] == "checkpoint":
            assert told == message["step"]
    assert told > 1900


PARTS = WALK.replace(
    "self.place = np.zeros(2)",
    "self.place = np.zeros(2); self.table = np.arange(5000); self.n = 0; self.map = (self.table,)",
).replace(
    "        self.place = self.place +",
    """        self.n += 1
        if self.n == 15:
            self.map = self.table, np.arange(6000) * 2
        if self.n == 25:
            self.table[7] = 0
        assert self.table[7] == (7 if self.n < 25 else 0)
        self.place = self.place +""",
)
"""A walk with large parts: one is changed in its place, another one comes."""


def test_a_large_part_is_handed_over_when_it_is_new_or_changed() -> None:
    desk = Checked(PARTS)
    desk.play()
    desk.clock.pass_time(4.05)
    seen = [
        [part if isinstance(part, int) else part.nbytes for part in message["parts"]]
        for message in desk.of("checkpoint")
    ]
    assert seen == [[40_000], [0], [0, 48_000], [40_000, 1], [0, 1]]
    assert all(message["state"].nbytes < 12_000 for message in desk.of("checkpoint"))


def test_a_game_goes_on_from_a_state_in_parts() -> None:
    desk = Checked(PARTS)
    desk.play()
    desk.clock.pass_time(3.05)
    parts: list[Any] = []
    for message in desk.of("checkpoint"):
        parts = [parts[part] if isinstance(part, int) else part for part in message["parts"]]
    state = desk.of("checkpoint")[-1]["state"]
    other = Checked(PARTS)
    other.play(restore={"state": state, "parts": parts})
    other.ask("control", command="resume")
    other.clock.pass_time(1.05)
    game = other.requests._game
    assert game is not None and game.state == "running" and game.episode.steps == 39
    (message,) = other.of("checkpoint")
    assert [part.nbytes for part in message["parts"]] == [40_000, 48_000], "this page has none"
    for wrong in ([parts[1], parts[0]], parts[:1], {"0": parts[0]}, [0, 1]):
        with pytest.raises((StateError, ProtocolError)):
            Checked(PARTS).play(restore={"state": state, "parts": wrong})


def test_what_was_not_sent_is_no_part_that_the_page_has(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Checked(PARTS)
    send = checkpoints.Checkpoints._told

    def once(self: Any, snapshot: Any) -> Any:
        if len(desk.of("checkpoint")) == 2:
            monkeypatch.undo()
            raise OSError("no way")
        return send(self, snapshot)

    monkeypatch.setattr(checkpoints.Checkpoints, "_told", once)
    desk.play()
    desk.clock.pass_time(3.05)
    lost, told = desk.of("checkpoint")[2:4]
    assert "no way" in lost["problem"]
    assert [isinstance(part, int) for part in told["parts"]] == [False, False]


def restored(desk: Checked, message: Any, **more: Any) -> Checked:
    """Another desk at which the game of a checkpoint goes on."""
    other = Checked()
    other.clock.time = desk.clock.time + 4
    other._ids = itertools.count(50)
    settings = {name: more.pop(name) for name in ("keep",) if name in more}
    other.play(restore={"state": message["state"], **more}, **settings)
    return other


def test_a_checkpoint_is_gone_on_from_and_not_sent_again() -> None:
    desk = Checked()
    desk.play()
    desk.clock.pass_time(2.5)
    other = restored(desk, desk.of("checkpoint")[-1])
    other.clock.pass_time(3)
    assert other.steps == []
    game = other.requests._game
    assert game is not None and (game.state, game.episode.steps) == ("paused", 19)
    other.ask("control", command="resume")
    other.clock.pass_time(1.05)
    assert other.steps == [28]


def test_another_episode_begins_where_the_page_knows_the_end_of_that_one() -> None:
    desk = Checked()
    desk.play(numEpisodes=4)
    desk.clock.pass_time(2.5)
    message = desk.of("checkpoint")[-1]
    counted = restored(desk, message, episode=3)
    given = restored(desk, message, episode=2, seed=70)
    for other, index, seed in ((counted, 3, 8), (given, 2, 70)):
        game = other.requests._game
        assert game is not None
        episode = game.episode
        assert (episode.index, episode.seed, episode.steps) == (index, seed, 0)
        assert (game.state, other.of("episode")) == ("paused", [])
    given.ask("control", command="step")
    given.ask("control", command="reset")
    (told,) = given.of("episode")
    assert (told["episode"], told["steps"]) == (2, 1)
    assert given.requests._game is not None and given.requests._game.episode.seed == 71


def test_after_the_last_episode_the_game_has_ended() -> None:
    desk = Checked()
    desk.play(numEpisodes=2)
    desk.clock.pass_time(0.5)
    other = Checked()
    answer = other.play(
        restore={"state": desk.of("checkpoint")[-1]["state"], "episode": 2}, numEpisodes=2
    )
    assert answer["state"]["state"] == "ended"
    assert other.of("episode") == []
    other.clock.pass_time(0.1)
    assert other.clock.waiting == 0


def test_what_is_no_state_ends_no_game_that_runs() -> None:
    desk = Checked()
    desk.play()
    for wrong, kind, why in (
        ({"state": b"no"}, StateError, "expected a state"),
        ({}, ProtocolError, "expected 'state' to be the bytes"),
        ({"state": 5}, ProtocolError, "state"),
        ([], ProtocolError, "restore"),
    ):
        with pytest.raises(kind, match=why):
            desk.play(restore=wrong)
    desk.clock.pass_time(1)
    assert desk.requests._game is not None and desk.requests._game.id == 1
    good = desk.of("checkpoint")[-1]["state"]
    with pytest.raises(ProtocolError, match="expected episode to be int"):
        desk.play(restore={"state": good, "episode": "2"})


HOARD = """
import gymnasium

class Hoard:
    action_space = None
    def reset(self, *, seed=None, options=None): return 0, {}
    def step(self, action): raise MemoryError("no more")

env = Hoard()
"""


def test_a_python_without_memory_is_at_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    for exhausted in (True, False):
        monkeypatch.setattr(course, "_is_exhausted", lambda is_so=exhausted: is_so)
        desk = Checked(HOARD)
        desk.play(steps=True)
        desk.clock.pass_time(1)
        assert len(desk.of("error")) == exhausted
        if exhausted:
            (message,) = desk.of("error")
            assert message["error"]["fatal"] is True
            assert (message["error"]["name"], "id" in message) == ("MemoryError", False)
            assert all(state["state"] != "failed" for state in desk.of("playState"))
        else:
            assert desk.of("playState")[-1]["error"]["name"] == "MemoryError"


def test_memory_that_is_there_is_not_exhausted() -> None:
    assert not course._is_exhausted()


def test_a_check_of_a_restore_changes_nothing() -> None:
    desk = Checked()
    desk.play()
    desk.clock.pass_time(1.05)
    state = desk.of("checkpoint")[-1]["state"]
    call = Call(
        {"actionMapping": {"a": 0}, "check": True, "restore": {"state": state}},
        9,
        desk.page,
        Outgoing(),
        desk.environments,
    )
    desk.requests.play(call)
    assert desk.requests._game is not None and desk.requests._game.id == 1


def test_no_state_is_taken_on_the_way_to_another_step() -> None:
    desk = Checked()
    desk.play()
    desk.clock.pass_time(1.5)

    async def way() -> None:
        desk.clock.pass_time(3)  # it rests, and timers have their turn
        assert desk.steps == [0, 9]

    asyncio.run(desk.requests._on_the_way(way()))
    desk.clock.pass_time(1)
    assert desk.steps == [0, 9, 49]


def test_a_game_that_went_back_is_restored_where_it_stands() -> None:
    desk = Checked()
    desk.play(keep=True)
    desk.clock.pass_time(2.5)
    desk.ask("control", command="rewind", step=7)
    desk.clock.pass_time(1.5)
    other = restored(desk, desk.of("checkpoint")[-1], keep=True)
    game = other.requests._game
    assert game is not None and game.episode.steps == 7
    assert game.fields()["kept"] == 7
    other.ask("control", command="step")
    other.ask("control", command="stop")
    (told,) = other.of("episode")
    assert told["steps"] == 8
