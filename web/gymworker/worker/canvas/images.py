"""The images that a Surface's packets name, each fetched once. Runs in the worker."""

import asyncio
import logging

from .shapes import MISSING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

MOST = 128
"""How many images are kept, but for those of the picture itself, however many they are."""

log = logging.getLogger(__name__)


class Images:
    """Images by address.

    Args:
        load: awaited with the address; returns what a context can draw, with a ``close()`` that
            frees its memory at once, or raises ``OSError``.
        came: called when there is an image more, or one less to wait for.
    """

    def __init__(self, load: "Callable[[str], Any]", came: "Callable[[], None]") -> None:
        self._load = load
        self._came = came
        # In the order of their last use; the task of an image that is on its way.
        self._found: dict[str, Any] = {}
        self._closed = False

    def get(self, address: str) -> "Any":
        """Return an image, None while it is on its way, ``MISSING`` if it cannot be loaded."""
        image = self._found.pop(address, None)
        if image is None:
            image = asyncio.ensure_future(self._fetch(address))
        self._found[address] = image
        return None if isinstance(image, asyncio.Future) else image

    def trim(self, objects: "list[dict[str, Any]]") -> None:
        """Let go of the images that were not used for longest, if they are many.

        Args:
            objects: those of the picture, whose images stay.
        """
        extra = len(self._found) - MOST
        if extra > 0:
            shown = {item.get("src") for item in objects}
            idle = [src for src in self._found if src not in shown]
            for src in idle[:extra]:
                if not isinstance(self._found[src], asyncio.Future):
                    _free(self._found.pop(src))

    def close(self) -> None:
        """Let go of all images, and of those that are still on their way."""
        self._closed = True
        for image in self._found.values():
            _free(image)

    async def _fetch(self, address: str) -> None:
        try:
            image = await self._load(address)
        except Exception as error:
            image = MISSING
            log.warning("the image %r cannot be loaded: %s", address, error)
        if self._closed:
            _free(image)
        else:
            self._found[address] = image
            self._came()


def _free(image: "Any") -> None:
    if image is not MISSING and not isinstance(image, asyncio.Future):
        image.close()
