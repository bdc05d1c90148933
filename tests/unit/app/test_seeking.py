"""A visitor who drags asks for many steps: the worker goes to the newest."""

import asyncio
from typing import Any

import pytest
from app.seeking import Seeking


class Recording:
    """A game that takes its time."""

    over = False

    def __init__(self) -> None:
        self.episodes = ["one", "two"]
        self.asked: list[Any] = []
        self.turn = asyncio.Event()

    async def seek(self, step: int, episode: int) -> Any:
        self.asked.append((episode, step))
        await self.turn.wait()
        if step == 13:
            raise RuntimeError("no luck")
        return (episode, step)


def test_steps_that_were_asked_for_on_the_way_are_left_out_but_for_the_last() -> None:
    async def main() -> None:
        game, seeking = Recording(), Seeking()
        first = asyncio.create_task(seeking.go(game, 0, 1))
        await asyncio.sleep(0)
        for step in range(2, 9):
            assert await seeking.go(game, 0, step) is None
        assert seeking.busy
        arrived = asyncio.create_task(seeking.arrived())
        await asyncio.sleep(0.1)
        assert not arrived.done()
        game.turn.set()
        assert await first == (0, 8)
        await arrived
        assert game.asked == [(0, 1), (0, 8)]
        assert not seeking.busy
        assert await seeking.go(game, 1, 2) == (1, 2)

    asyncio.run(main())


def test_after_a_failure_one_can_go_on() -> None:
    async def main() -> None:
        game, seeking = Recording(), Seeking()
        game.turn.set()
        with pytest.raises(RuntimeError):
            await seeking.go(game, 0, 13)
        assert await seeking.go(game, 0, 3) == (0, 3)
        game.over = True
        assert await seeking.go(game, 0, 4) is None

    asyncio.run(main())


def test_a_game_that_is_played_is_rewound() -> None:
    class Played:
        over = False
        episodes: tuple[Any, ...] = ()

        async def rewind(self, step: int) -> int:
            return step

    assert asyncio.run(Seeking().go(Played(), None, 7)) == 7
