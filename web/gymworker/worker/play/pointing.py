"""What the pointer means in a game: the setting ``pointer``. Runs in the worker.

    "position"     the action is where the mouse or a finger is on the picture
    "press"        the same, but only while it is pressed
    a function     ``pointer(x, y, pressed)`` of the environment's code, or its name: an action for
                   a pixel of the picture, counted from its upper left corner; None for no action
    {agent: any of these}

A position is an action of a ``Box`` of two numbers, x and y: the upper left corner of the picture
is its ``low`` and the lower right one its ``high``. Where a bound is infinite it is in pixels. A
third number, where there is one, is its ``high`` while the pointer is pressed, else its ``low``.
"""

from ...errors import ProtocolError
from ..keys.keyboard import Keyboard
from ..keys.pointer import PointedKeyboard
from ..values import kept
from .actions import kind_of_space

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..keys.pointer import Read, Size
    from .settings import PlaySettings


POSITION, PRESS = "position", "press"


def pointed(wanted: "Any", agents: "list[Any]", first: "Any", names: "dict[str, Any]") -> "Any":
    """Return whose pointer it is, and what it means: an agent and a word or a function.

    Args:
        wanted: the setting; None or False for no pointer.
        agents: all agents.
        first: whose it is where the setting does not say.
        names: that the environment's code left.

    Returns:
        A pair; ``(None, None)`` where there is no pointer.

    Raises:
        ProtocolError: it is none of the forms that the module's docstring shows.
    """
    agent, how = first, wanted
    if isinstance(wanted, dict):
        texts = {str(agent): agent for agent in agents}
        if len(wanted) != 1 or str(next(iter(wanted))) not in texts:
            raise ProtocolError(
                f"expected pointer to be for one agent of {agents}, got {wanted!r:.80}"
            )
        agent, how = next((texts[str(name)], how) for name, how in wanted.items())
    if how is None or how is False:
        return None, None
    if isinstance(how, str) and how not in (POSITION, PRESS):
        how = names.get(how)
    if callable(how) or isinstance(how, str):
        return agent, how
    raise ProtocolError(
        f"expected pointer to be {POSITION!r}, {PRESS!r}, or a function (x, y, pressed) of the "
        f"environment's code or its name, got {wanted!r:.80}"
    )


def reader(how: "Any", space: "Any") -> "Read":
    """Return what makes an action of the pointer, None for no action.

    It takes x and y, from 0 to 1 of the picture, whether it is pressed, and the size of the picture
    in its own pixels, None while there is none.

    Raises:
        ProtocolError: the space has no place for a position.
    """
    if callable(how):
        return Asking(how)
    shape = getattr(space, "shape", None)
    if kind_of_space(space) != "Box" or shape not in ((2,), (3,)):
        raise ProtocolError(
            f"expected a Box of two or three numbers for pointer={how!r}, got {space!r:.200}: give "
            "as pointer a function (x, y, pressed) in the environment's code that makes an action"
        )
    return _positions(space, how == PRESS)


def keyboard_of(settings: "PlaySettings", size: "Callable[[], Size | None]") -> Keyboard:
    """Return the keys of a game's players, and the pointer if it has one.

    Args:
        settings: of the game.
        size: returns that of the picture, in its own pixels.
    """
    seats, mode = settings.seats.values(), settings.input_mode
    players = [seat.mapping for seat in seats if seat.mapping is not None]
    for seat in seats:
        if seat.pointer is not None and seat.mapping is not None:
            return PointedKeyboard(players, mode, seat.mapping, seat.pointer, size)
    return Keyboard(players, mode)


class Asking:
    """Reads the pointer with a function of the environment's code.

    Args:
        function: as the module's docstring says.
    """

    def __init__(self, function: "Callable[..., Any]") -> None:
        self.function = function

    def __call__(self, x: float, y: float, down: bool, size: "Size | None") -> "Any":
        """Return the action for a place of the pointer, see ``reader``."""
        if size is None:
            return None
        return kept(self.function(_pixel(x, size[0]), _pixel(y, size[1]), down))


def _positions(space: "Any", only_pressed: bool) -> "Read":
    import math

    low, high = space.low.tolist(), space.high.tolist()
    bounded = [math.isfinite(a) and math.isfinite(b) for a, b in zip(low, high, strict=True)]

    def read(x: float, y: float, down: bool, size: "Size | None") -> "Any":
        if (only_pressed and not down) or (size is None and not all(bounded[:2])):
            return None
        width, height = size or (0, 0)
        parts = (x, y, float(down))[: len(low)]
        pixels = (_pixel(x, width), _pixel(y, height), int(down))
        found = [
            low[i] + part * (high[i] - low[i])
            if bounded[i]
            else min(max(pixels[i], low[i]), high[i])
            for i, part in enumerate(parts)
        ]
        if space.dtype.kind in "iu":
            found = [round(number) for number in found]
        return _made(space, found)

    return read


def _made(space: "Any", numbers: "list[float]") -> "Any":
    import numpy

    return numpy.clip(numpy.asarray(numbers, float), space.low, space.high).astype(space.dtype)


def _pixel(part: float, length: float) -> int:
    """Return the pixel at a part of a side."""
    return min(int(part * length), max(int(length) - 1, 0))
