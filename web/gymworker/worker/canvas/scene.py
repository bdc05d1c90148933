"""The objects of a Surface on a canvas: those that stay, those of a frame. Runs in the worker."""

import asyncio
import logging
from bisect import bisect_right

from ...surface import Surface
from .shapes import MISSING, draw

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Object = dict[str, Any]

log = logging.getLogger(__name__)


class Scene:
    """What the packets of an environment have built up.

    The permanent objects that lie below all others are painted on a layer of their own, again only
    when one of them changes.

    Args:
        screen: where to paint; see ``channel.Screen``.
        repaint: called when an image has come, and what was painted without it is to be painted
            again.
    """

    def __init__(self, screen: "Any", repaint: "Callable[[], None]") -> None:
        self._screen = screen
        self._layer: Any = None
        self._images = Images(screen.load, self._image_came)
        self._repaint = repaint
        self._permanent: dict[Any, Object] = {}
        self._sorted: list[Object] = []
        self._depths: list[float] = []
        self._stale = True
        self._on_layer: Any = None
        Surface.renew()

    def take(self, packet: "Object") -> "Object":
        """Take in what a packet changes for good, also if it will not be painted.

        Returns:
            The packet with the objects of its frame alone.
        """
        frame = []
        for id in packet.get("removed", ()):
            self._stale |= self._permanent.pop(id, None) is not None
        for item in packet["game_state_objects"]:
            if item.get("permanent"):
                self._permanent[item["id"]] = item
                self._stale = True
            else:
                frame.append(item)
        return {**packet, "game_state_objects": frame}

    def paint(self, frame: "Object") -> None:
        """Paint what ``take`` returned, and the permanent objects.

        Raises:
            ValueError: an object could not be drawn; the others are.
        """
        width, height = round(frame["width"]), round(frame["height"])
        moving = frame["game_state_objects"]
        if self._stale:
            self._sorted = sorted(self._permanent.values(), key=_depth)
            self._depths = [_depth(item) for item in self._sorted]
        lowest = min(map(_depth, moving)) if moving else float("inf")
        below = bisect_right(self._depths, lowest)
        self._screen.resize(width, height)
        problems: list[ValueError] = []
        wanted = below, width, height, frame.get("background", "#ffffff")
        if below:
            if self._stale or wanted != self._on_layer:
                self._paint_layer(wanted, problems)
            self._screen.context.clearRect(0, 0, width, height)
            self._screen.context.drawImage(self._layer.canvas, 0, 0)
        else:
            self._fill(self._screen.context, wanted)
        self._stale = False
        self._draw(
            self._screen.context, sorted(self._sorted[below:] + moving, key=_depth), problems
        )
        if problems:
            raise problems[0]

    def _paint_layer(self, wanted: "Any", problems: "list[ValueError]") -> None:
        below, width, height, _ = wanted
        if self._layer is None:
            self._layer = self._screen.layer()
        self._layer.resize(width, height)
        self._fill(self._layer.context, wanted)
        self._draw(self._layer.context, self._sorted[:below], problems)
        self._on_layer = wanted if not problems else None

    def _fill(self, context: "Any", wanted: "Any") -> None:
        _, width, height, background = wanted
        context.clearRect(0, 0, width, height)
        context.fillStyle = background
        context.fillRect(0, 0, width, height)

    def _draw(self, context: "Any", items: "list[Object]", problems: "list[ValueError]") -> None:
        for item in items:
            try:
                draw(context, item, self._images.get)
            except ValueError as error:
                problems.append(error)

    def _image_came(self) -> None:
        self._stale = True
        self._repaint()


class Images:
    """Images by address, each fetched once.

    Args:
        load: awaited with the address; returns what a context can draw, or raises ``OSError``.
        came: called when there is an image more, or one less to wait for.
    """

    def __init__(self, load: "Callable[[str], Any]", came: "Callable[[], None]") -> None:
        self._load = load
        self._came = came
        self._found: dict[str, Any] = {}
        self._tasks: set[asyncio.Future[None]] = set()  # kept, lest they be collected

    def get(self, address: str) -> "Any":
        """Return an image, None while it is on its way, ``MISSING`` if it cannot be loaded."""
        if address not in self._found:
            self._found[address] = None
            task = asyncio.ensure_future(self._fetch(address))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return self._found[address]

    async def _fetch(self, address: str) -> None:
        try:
            self._found[address] = await self._load(address)
        except Exception as error:
            self._found[address] = MISSING
            log.warning("the image %r cannot be loaded: %s", address, error)
        self._came()


def _depth(item: "Object") -> float:
    depth: float = item.get("depth", 0)
    return depth
