"""Environments that show their frames by themselves, in the render mode `human`."""

from typing import Any

import numpy as np
import pytest
from gymworker.worker.environment import Environment
from numpy.typing import NDArray


class Painter:
    """Keeps what it is to show."""

    def __init__(self) -> None:
        self.shown: list[Any] = []

    def show(self, state: Any) -> None:
        self.shown.append(state)

    def clear(self) -> None:
        pass


class Human:
    """Shows a frame for each step and each render."""

    metadata = {"render_modes": ["human"]}  # noqa: RUF012
    render_mode = "human"

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self.number = 0

    def reset(self, *, seed: Any = None, options: Any = None) -> Any:
        self.render()
        return 0, {}

    def step(self, action: Any) -> Any:
        self.render()
        return 0, 0.0, False, False, {}

    def render(self) -> Any:
        self.number += 1
        self._environment.present(frame(self.number))


def frame(number: int) -> NDArray[np.uint8]:
    return np.full((2, 3, 3), number, np.uint8)


@pytest.fixture
def environment() -> Environment:
    made = Environment()
    made.take(Human(made), {}, "")
    return made


def test_a_frame_of_a_step_is_painted(environment: Environment) -> None:
    environment.painter = painter = Painter()  # type: ignore[assignment]
    environment.reset()
    environment.step(0)
    assert [state[0, 0, 0] for state in painter.shown] == [1, 2]


def test_render_gives_the_frame_that_was_shown_and_paints_it_not_twice(
    environment: Environment,
) -> None:
    environment.painter = painter = Painter()  # type: ignore[assignment]
    np.testing.assert_array_equal(environment.render(), frame(1))
    np.testing.assert_array_equal(environment.frame(), frame(2))
    assert painter.shown == []


def test_without_a_canvas_a_frame_is_nobody_s(environment: Environment) -> None:
    environment.step(0)
    np.testing.assert_array_equal(environment.render(), frame(2))


def test_what_render_returns_goes_before_what_it_shows(environment: Environment) -> None:
    env: Any = environment.required()
    env.render = lambda: environment.present(frame(7)) or "text"  # type: ignore[func-returns-value]
    assert environment.render() == "text"
    env.render = lambda: None
    assert environment.render() is None
