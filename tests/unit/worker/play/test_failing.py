"""Games that fail: what the page hears, and what stays."""

from typing import Any

import pytest

from tests.unit.worker.play.games import MAPPING, Counter, Table, counter


def test_an_environment_that_raises_fails_the_game_with_its_traceback() -> None:
    table = Table(Counter(), actionMapping={"a": "fall"}, fps=10, defaultAction=0).start()
    table.press("a")
    table.clock.pass_time(1)
    assert table.state["state"] == "failed"
    error = table.state["error"]
    assert (error["name"], error["message"]) == ("RuntimeError", "the cart fell off")
    assert 'raise RuntimeError("the cart fell off")' in error["stack"]
    assert table.clock.waiting == 0
    table.game.stop()
    assert table.state["state"] == "failed"


def test_a_frame_that_cannot_be_rendered_fails_the_game() -> None:
    table = counter()
    images: dict[str, Any] = {}
    table.env.render = lambda: images["none"]
    table.clock.pass_time(0.1)
    table.painter.show()
    assert (table.state["state"], table.state["error"]["name"]) == ("failed", "KeyError")


def test_a_frame_that_cannot_be_painted_fails_the_game_once_with_its_record() -> None:
    table = counter()
    table.clock.pass_time(0.3)
    table.env.render = lambda: "smudge"
    table.clock.pass_time(0.05)
    table.painter.show()
    table.clock.pass_time(5)
    assert [state["state"] for state in table.of("playState")].count("failed") == 1
    assert table.state["error"]["message"] == "it cannot be painted"
    (episode,) = table.episodes
    assert (episode["ended"], episode["steps"]) == ("error", 3)
    assert episode["record"] is not None


def test_a_frame_of_an_environment_that_is_closed_is_not_rendered() -> None:
    table = counter()
    table.clock.pass_time(0.1)
    table.game.close()
    table.painter.show()
    assert (table.painter.frames, table.env.rendered) == ([None], 0)


def test_a_transition_that_cannot_be_sent_fails_the_game() -> None:
    class Strict(Table):
        def send(self, message: dict[str, Any]) -> None:
            if message["type"] == "transitions":
                raise TypeError("cannot be sent")
            super().send(message)

    table = Strict(Counter(), actionMapping=MAPPING, steps=True, fps=20).start()
    table.clock.pass_time(1)
    assert (table.state["state"], table.state["error"]["message"]) == ("failed", "cannot be sent")
    (episode,) = table.episodes  # what was played until then is kept
    assert (episode["ended"], episode["error"]["message"]) == ("error", "cannot be sent")
    assert str(episode["record"])


def test_a_game_whose_first_reset_raises_is_none() -> None:
    table = Table(Counter(), actionMapping=MAPPING)
    table.env.reset = None
    with pytest.raises(TypeError):
        table.start()
    assert all(timer.closed for timer in table.clock.timers)
    assert table.sent == []


def test_a_last_frame_that_cannot_be_rendered_is_reported_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    table = counter(numEpisodes=1)
    table.clock.pass_time(2)
    table.env.render = None
    table.painter.show()
    assert "the last frame cannot be rendered" in caplog.text
    assert table.state["state"] == "ended"


def test_an_episode_that_cannot_be_told_does_not_hide_why_the_game_failed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Strict(Table):
        def send(self, message: dict[str, Any]) -> None:
            if message["type"] == "episode":
                raise TypeError("cannot be sent")
            super().send(message)

    table = Strict(Counter(), actionMapping={"a": "fall"}, defaultAction=0, fps=10).start()
    table.clock.pass_time(0.25)
    table.press("a")
    table.clock.pass_time(1)
    assert table.state["error"]["message"] == "the cart fell off"
    assert "the episode that failed cannot be told" in caplog.text
