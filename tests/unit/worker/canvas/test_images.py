"""Images by address: fetched once, waited for, let go."""

import asyncio
from typing import Any

import pytest
from gymworker.worker.canvas import images as module
from gymworker.worker.canvas.images import Images
from gymworker.worker.canvas.shapes import MISSING

from tests.loopback import on_virtual_time, turns
from tests.screens import RecordingImage


class Shelf:
    """Images that arrive when the test says so."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.made: dict[str, RecordingImage] = {}
        self.came = 0
        self.open = asyncio.Event()
        self.images = Images(self._load, self._came)

    async def _load(self, address: str) -> RecordingImage:
        self.asked.append(address)
        await self.open.wait()
        if address.startswith("no"):
            raise OSError("the server answered 404")
        self.made[address] = RecordingImage()
        return self.made[address]

    def _came(self) -> None:
        self.came += 1

    async def get(self, *addresses: str) -> None:
        """Gets images in this order, and lets them arrive."""
        self.open.set()
        for address in addresses:
            self.images.get(address)
            await turns()

    def closed(self) -> list[str]:
        return [address for address, image in self.made.items() if image.closed]


def shown(*addresses: str) -> list[dict[str, Any]]:
    return [{"object_type": "circle"}, *({"src": address} for address in addresses)]


@on_virtual_time
async def test_an_image_is_fetched_once() -> None:
    shelf = Shelf()
    assert [shelf.images.get("a") for _ in range(2)] == [None, None]
    await turns()
    assert (shelf.images.get("a"), shelf.came) == (None, 0)
    shelf.open.set()
    await turns()
    assert shelf.images.get("a") is shelf.images.get("a") is shelf.made["a"]
    assert (shelf.asked, shelf.came) == (["a"], 1)


def test_a_missing_image_is_asked_for_and_warned_of_once(caplog: pytest.LogCaptureFixture) -> None:
    @on_virtual_time
    async def run() -> None:
        shelf = Shelf()
        await shelf.get("no.png", "no.png")
        assert shelf.images.get("no.png") is MISSING
        assert (shelf.asked, shelf.came) == (["no.png"], 1)
        shelf.images.close()

    run()
    assert caplog.messages == ["the image 'no.png' cannot be loaded: the server answered 404"]


@on_virtual_time
async def test_closing_frees_the_images_and_those_on_their_way() -> None:
    shelf = Shelf()
    await shelf.get("a", "b")
    shelf.open.clear()
    shelf.images.get("late")
    shelf.images.get("no.png")
    await turns()
    shelf.images.close()
    assert shelf.closed() == ["a", "b"]
    shelf.open.set()
    await turns()
    assert shelf.closed() == ["a", "b", "late"]
    assert all(image.closed == 1 for image in shelf.made.values())
    assert shelf.came == 2


@on_virtual_time
async def test_the_images_that_were_not_used_for_longest_are_let_go() -> None:
    shelf = Shelf()
    names = [str(number) for number in range(module.MOST)]
    await shelf.get(*names[:-1])
    shelf.images.trim([])
    await shelf.get(names[-1])
    shelf.images.trim([])
    assert shelf.closed() == []
    await shelf.get("more", "0")
    shelf.images.trim([])
    assert shelf.closed() == ["1"]
    await shelf.get("1")
    assert shelf.asked[-2:] == ["more", "1"]


@on_virtual_time
async def test_images_in_the_picture_and_those_on_their_way_are_not_let_go() -> None:
    shelf = Shelf()
    names = [str(number) for number in range(module.MOST + 3)]
    await shelf.get(*names)
    shelf.open.clear()
    shelf.images.get("late")
    await turns()
    shelf.images.trim(shown(*names))
    assert shelf.closed() == []
    shelf.images.trim(shown(*names[2:]))
    assert shelf.closed() == ["0", "1"]
    shelf.images.trim(shown(*names[4:], "elsewhere"))
    assert shelf.closed() == ["0", "1", "2", "3"]
    shelf.images.trim([])
    assert shelf.closed() == ["0", "1", "2", "3"], "there are no more than may be"
    shelf.open.set()
    await turns()
    assert shelf.asked.count("late") == 1 and shelf.images.get("late") is shelf.made["late"]
