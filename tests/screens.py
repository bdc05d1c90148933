"""A canvas without a browser: it writes down what is done to it."""

import types
from collections.abc import Awaitable, Callable
from typing import Any

LETTER = 10.0
"""The width of each letter, in pixels."""


class RecordingContext:
    """A 2D context.

    Attributes:
        calls: what was called since the last `taken`: name and arguments; a property that was set
            is a call of its name.
    """

    def __init__(self) -> None:
        object.__setattr__(self, "calls", [])

    def __setattr__(self, name: str, value: Any) -> None:
        self.calls.append((name, value))

    def __getattr__(self, name: str) -> Any:
        def call(*args: Any) -> Any:
            self.calls.append((name, *args))
            if name == "measureText":
                return types.SimpleNamespace(width=LETTER * len(args[0]))
            return None

        return call

    def taken(self) -> list[Any]:
        """Returns the calls, and forgets them."""
        calls = list(self.calls)
        self.calls.clear()
        return calls

    def named(self, *names: str) -> list[Any]:
        """Returns the calls of some names, and forgets all."""
        return [call for call in self.taken() if call[0] in names]


class RecordingImage:
    """What `load` gives: an ImageBitmap in a browser."""

    closed = 0

    def close(self) -> None:
        """Frees its memory."""
        self.closed += 1


class RecordingScreen:
    """What `worker.js.screen.Screen` is in a browser.

    Attributes:
        canvas: its width and height.
        shown: each array that was put on it.
        layers: those that were asked for.
        images: what there is to load, by address.
        waiting: what waits for the next frame of the display.
        base: what it was made with.
        closed: whether it was let go.
    """

    def __init__(self) -> None:
        self.context = RecordingContext()
        self.canvas = types.SimpleNamespace(width=300, height=150)
        self.shown: list[Any] = []
        self.layers: list[RecordingScreen] = []
        self.images: dict[str, Any] = {}
        self.waiting: list[Callable[[], None]] = []
        self.base: str | None = None
        self.closed = False

    def resize(self, width: int, height: int) -> None:
        """See `worker.js.screen`."""
        self.canvas.width, self.canvas.height = width, height

    def put(self, pixels: Any) -> None:
        """See `worker.js.screen`."""
        assert pixels.flags.c_contiguous
        self.shown.append(pixels.copy())

    def layer(self) -> "RecordingScreen":
        """See `worker.js.screen`."""
        self.layers.append(RecordingScreen())
        return self.layers[-1]

    def next_frame(self, paint: Callable[[], None]) -> None:
        """See `worker.js.screen`."""
        self.waiting.append(paint)

    def close(self) -> None:
        """See `worker.js.screen`."""
        self.closed = True
        self.waiting.clear()

    def load(self, address: str) -> Awaitable[Any]:
        """See `worker.js.screen`."""

        async def find() -> Any:
            if address not in self.images:
                raise OSError("the server answered 404")
            return self.images[address]

        return find()

    def refresh(self) -> int:
        """Lets the display want a frame; returns how many paints there were."""
        waiting, self.waiting = self.waiting, []
        for paint in waiting:
            paint()
        return len(waiting)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.canvas.width, self.canvas.height
