"""What stands in a packet: its shape, defaults, and checks that say what was expected.

Every check returns plain Python data, whatever NumPy made of it, and raises ``TypeError`` or
``ValueError`` that names the argument.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any, SupportsFloat, TypedDict

    Id = str | int
    Object = dict[str, Any]
    Number = SupportsFloat  # int, float, NumPy's scalars
    Points = Iterable[Sequence[Number]]

    class Common(TypedDict, total=False):
        """The keywords of every shape."""

        id: Id | None
        permanent: bool
        depth: Number
        alpha: Number
        angle: Number
        relative: bool

    class Filled(Common, total=False):
        """The keywords of a shape with an inside; its ``color`` may be None: not filled."""

        outline: str | None
        outline_width: Number

    class Packet(TypedDict):
        """What ``Surface.commit`` returns."""

        width: float
        height: float
        background: str
        game_state_objects: list[Object]


LIMIT = 1e9
"""What lies farther out is a mistake, as nan and inf are."""

MOST = 100_000
"""Objects of one frame: a render() that never commits must not fill the memory."""

AXES = {"x": 0, "x1": 0, "x2": 0, "width": 0, "radius_x": 0}
AXES |= {"y": 1, "y1": 1, "y2": 1, "height": 1, "radius_y": 1, "size": 1, "radius": 2}
"""Of what a relative length is a fraction: the width, the height, the smaller of the two."""

SIZES = {"radius", "radius_x", "radius_y", "size", "line_width", "outline_width"}
"""Numbers that cannot be negative."""

COMMON = {"id": None, "permanent": False, "depth": 0, "alpha": 1, "angle": 0, "relative": False}
FILLED = {**COMMON, "outline": None, "outline_width": 1}
"""The keywords and their defaults: of every shape, and of those that have an inside."""

WITH_INSIDE = {"rectangle", "circle", "ellipse", "polygon"}
ALIGN = ("left", "center", "right")
BASELINE = ("top", "middle", "bottom")


def number(name: str, value: "Any") -> float:
    """Return a Python number, whatever kind of number it is."""
    if type(value) not in (int, float):
        try:
            found = value.item() if hasattr(value, "item") else value
            value = found if type(found) is int else found.__float__()
        except (AttributeError, ValueError):  # a str has no __float__
            raise TypeError(f"expected {name} to be a number, got {value!r:.80}") from None
    if not -LIMIT < value < LIMIT:
        raise ValueError(f"expected {name} to be finite and below {LIMIT:g}, got {value!r}")
    if value < 0 and name in SIZES:
        raise ValueError(f"expected {name} not to be negative, got {value!r}")
    return value  # type: ignore[no-any-return]


def points(pairs: "Points", scale: "tuple[float, float, float]") -> "list[list[float]]":
    """Return pairs of x and y, multiplied by ``scale``."""
    try:
        return [[number("x", x) * scale[0], number("y", y) * scale[1]] for x, y in pairs]
    except (TypeError, ValueError) as error:
        raise TypeError(f"expected points to be pairs of x and y, got {pairs!r:.80}") from error


def text(name: str, value: "Any") -> str:
    """Return a str."""
    if not isinstance(value, str):
        example = " such as '#08c'" if name in ("color", "background", "outline") else ""
        raise TypeError(f"expected {name} to be a str{example}, got {value!r:.80}")
    return str(value)


def one_of(name: str, value: str, choice: "tuple[str, ...]") -> str:
    """Return a str that is one of those that are possible."""
    if value not in choice:
        raise ValueError(f"expected {name} to be one of {', '.join(choice)}, got {value!r:.80}")
    return str(value)


def filling(color: "str | None") -> "Object":
    """Return the colour of a shape with an inside."""
    return {"color": None if color is None else text("color", color)}


def stroke(color: str, line_width: "Number") -> "Object":
    """Return the look of a line."""
    return {"color": text("color", color), "line_width": number("line_width", line_width)}


def keyword(name: str, value: "Any") -> "Any":
    """Return the value of one of the keywords of every shape, or of a shape with an inside."""
    if name == "permanent":
        return True
    if name == "outline":
        return text(name, value)
    if name == "id":
        value = value.item() if hasattr(value, "item") else value
        if type(value) not in (str, int):
            raise TypeError(f"expected id to be a str or an int, got {value!r:.80}")
        return value
    found = number(name, value)
    if name == "alpha" and not 0 <= found <= 1:
        raise ValueError(f"expected alpha to be between 0 and 1, got {found}")
    return found
