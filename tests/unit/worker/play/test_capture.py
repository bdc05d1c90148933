"""A game that is captured and put back, here or in another worker, goes on as if nothing was."""

import pytest
from gymworker.recording import read_record

from tests.unit.worker.play.stages import GAMES, PLAYED, WALK, Stage, untimed


@pytest.mark.parametrize("name", GAMES)
def test_a_captured_game_goes_on_in_another_worker(name: str) -> None:
    source, settings = GAMES[name]
    undisturbed = Stage(source, **settings).start()
    undisturbed.act("ad..addd.a" * 2)
    hash, record = undisturbed.hash, undisturbed.record()

    first = Stage(source, **settings).start()
    first.act("ad..addd.")
    data = first.save()
    second = Stage(source, **settings)
    second.restore(data)
    assert second.game.fields()["state"] == "paused"
    assert second.game.fields()["step"] == 9
    assert second.game.fields()["returns"] == first.game.fields()["returns"]
    second.act("aad..addd.a")
    assert second.hash == hash
    assert second.record() == record


@pytest.mark.parametrize("name", GAMES)
def test_a_captured_game_can_be_put_back_in_its_own_worker(name: str) -> None:
    source, settings = GAMES[name]
    table = Stage(source, **settings).start()
    table.act("ad..")
    data = table.save()
    table.act("adddd")
    hash = table.hash
    table.restore(data)
    assert table.game.fields()["step"] == 4
    table.act("adddd")
    assert table.hash == hash
    first = table.record()
    again = Stage(source, **settings).start()
    again.act("ad..adddd")
    assert again.record() == first


def test_the_next_episode_is_the_one_that_would_have_come() -> None:
    settings = {**PLAYED, "maxSteps": 3}
    first = Stage(WALK, **settings).start()
    first.act("adda")
    first.game.reset(40)
    first.act("adda")
    data = first.save()
    first.act("dddd")
    hash = first.hash
    second = Stage(WALK, **settings)
    second.restore(data)
    second.act("dddd")
    assert second.game.fields()["episode"] == first.game.fields()["episode"] == 4
    assert second.game.fields()["seed"] == first.game.fields()["seed"] == 42
    assert second.hash == hash
    assert untimed(read_record(second.episodes[-1]["record"])) == untimed(
        read_record(first.episodes[-1]["record"])
    )


def test_times_and_events_count_on() -> None:
    first = Stage(WALK, **{**PLAYED, "paused": False}).start()
    first.clock.pass_time(0.25)
    first.game.events.key("d", True)
    first.press("d")
    first.clock.pass_time(0.3)
    data = first.save()
    second = Stage(WALK, **PLAYED)
    second.clock.time = first.clock.time + 2.0
    second.restore(data)
    second.game.resume()
    second.clock.pass_time(0.15)
    second.game.stop()
    record = read_record(second.episodes[-1]["record"])
    assert record["times"] == [0.0, 100.0, 200.0, 300.0, 400.0, 2550.0]
    assert record["actions"] == [1, 1, 2, 2, 2, 2], "the key is still held"
    assert [150.0, "key", "d", "down"] in record["events"]
    assert [2450.0, "paused"] in record["events"]
    assert record["startedAt"] == 100_100.0


def test_a_pace_that_was_changed_stays() -> None:
    first = Stage(WALK, **PLAYED).start()
    first.game.set_fps(25)
    data = first.save()
    second = Stage(WALK, **PLAYED)
    second.restore(data)
    assert second.game.fields()["fps"] == 25


def test_keystrokes_that_wait_for_their_step_are_kept() -> None:
    settings = {**PLAYED, "inputMode": "single_keystroke"}
    first = Stage(WALK, **settings).start()
    for key in "dad":
        first.press(key)
        first.release(key)
    data = first.save()
    second = Stage(WALK, **settings)
    second.restore(data)
    for _ in range(4):
        second.game.step()
    assert second.record()["actions"] == [2, 0, 2, 1]


def test_a_restored_game_is_painted() -> None:
    source = WALK.replace("env = Walk()", "Walk.render = lambda self: 'frame'\nenv = Walk()")
    first = Stage(source, **PLAYED).start()
    first.act("dd")
    data = first.save()
    second = Stage(source, **PLAYED)
    second.restore(data)
    second.painter.show()
    assert second.painter.frames == ["frame"]


def test_a_pointer_function_of_the_environments_object_is_that_of_the_restored_one() -> None:
    source = WALK.replace(
        "env = Walk()",
        "def read(self, x, y, pressed):\n"
        "    self.reads = getattr(self, 'reads', 0) + 1\n"
        "    return self.reads % 3\n"
        "Walk.read = read\nenv = Walk()\nread = env.read",
    )
    settings = {**PLAYED, "pointer": "read", "actionMapping": None, "paused": True}

    def point(stage: Stage, times: int) -> None:
        stage.painter.size = (10.0, 10.0)
        for n in range(times):
            stage.game.point((0.1 + n / 100, 0.5), True)
            stage.game.step()

    undisturbed = Stage(source, **settings).start()
    point(undisturbed, 3)
    point(undisturbed, 4)
    hash = undisturbed.hash
    stage = Stage(source, **settings).start()
    point(stage, 3)
    data = stage.save()
    point(stage, 5)
    stage.restore(data)
    point(stage, 4)
    assert stage.hash == hash
