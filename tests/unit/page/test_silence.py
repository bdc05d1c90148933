"""How long a game has been silent, as its page measures it."""

import asyncio

import pytest

from tests.loopback import on_virtual_time
from tests.unit.page.test_game import begun

pytestmark = pytest.mark.usefixtures("lab")  # virtual time on the page


@on_virtual_time
async def test_a_pause_ends_the_silence_and_what_follows_it_is_another() -> None:
    worker, script, game = await begun(timeout=10)
    await asyncio.sleep(8)
    script.tell(game.id, 2, "paused")
    await asyncio.sleep(0.1)
    assert worker.silence == 0.0
    await asyncio.sleep(600)
    script.tell(game.id, 3)
    await asyncio.sleep(9)
    assert worker.silence == pytest.approx(9, abs=0.15)
    assert worker.state == "ready"
    worker.destroy()
