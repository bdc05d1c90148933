"""The objects of a Surface's packet on a 2D context. Runs in the worker; any context will do.

A context is a CanvasRenderingContext2D, or what has its methods. Each call of it costs some 4 µs
in Pyodide, so only what is needed is called.
"""

import math

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Object = dict[str, Any]
    Shape = Callable[[Any, Object], None]
    GetImage = Callable[[str], Any]

MISSING = object()
"""Stands for an image that cannot be loaded."""

TURN = 2 * math.pi


def draw(context: "Any", item: "Object", image: "GetImage") -> None:
    """Draw one object.

    Args:
        context: where.
        item: as in a packet.
        image: returns the image of an address; None while it is loading, ``MISSING`` if it is not
            there.

    Raises:
        ValueError: the object is of no kind that is known, or lacks something.
    """
    alpha, angle = item.get("alpha", 1), item.get("angle", 0)
    changed = alpha != 1 or angle
    if changed:
        context.save()
        context.globalAlpha = alpha
    try:
        if angle:
            x, y = _middle(item)
            context.translate(x, y)
            context.rotate(angle)
            context.translate(-x, -y)
        if item["object_type"] == "image":
            _image(context, item, image(item["src"]))
        else:
            SHAPES[item["object_type"]](context, item)
    except KeyError as error:
        known = ", ".join([*SHAPES, "image"])
        raise ValueError(
            f"expected an object with all its fields, whose object_type is one of {known}; {error} "
            f"is not there in {item!r:.200}"
        ) from None
    finally:
        if changed:
            context.restore()


def _rectangle(context: "Any", item: "Object") -> None:
    place = item["x"], item["y"], item["width"], item["height"]
    if item["color"] is not None:
        context.fillStyle = item["color"]
        context.fillRect(*place)
    if item.get("outline"):
        context.strokeStyle = item["outline"]
        context.lineWidth = item.get("outline_width", 1)
        context.strokeRect(*place)


def _circle(context: "Any", item: "Object") -> None:
    context.beginPath()
    context.arc(item["x"], item["y"], item["radius"], 0, TURN)
    _finish(context, item)


def _ellipse(context: "Any", item: "Object") -> None:
    context.beginPath()
    context.ellipse(item["x"], item["y"], item["radius_x"], item["radius_y"], 0, 0, TURN)
    _finish(context, item)


def _polygon(context: "Any", item: "Object") -> None:
    _path(context, item["points"])
    context.closePath()
    _finish(context, item)


def _finish(context: "Any", item: "Object") -> None:
    """Fill a path, and draw its outline."""
    if item["color"] is not None:
        context.fillStyle = item["color"]
        context.fill()
    if item.get("outline"):
        context.strokeStyle = item["outline"]
        context.lineWidth = item.get("outline_width", 1)
        context.stroke()


def _line(context: "Any", item: "Object") -> None:
    _path(context, [(item["x1"], item["y1"]), (item["x2"], item["y2"])])
    _stroke(context, item)


def _polyline(context: "Any", item: "Object") -> None:
    _path(context, item["points"])
    _stroke(context, item)


def _arc(context: "Any", item: "Object") -> None:
    context.beginPath()
    context.arc(item["x"], item["y"], item["radius"], item["start"], item["end"])
    _stroke(context, item)


def _path(context: "Any", points: "Any") -> None:
    context.beginPath()
    for x, y in points:
        context.lineTo(x, y)  # the first one moves there


def _stroke(context: "Any", item: "Object") -> None:
    context.strokeStyle = item["color"]
    context.lineWidth = item.get("line_width", 1)
    context.stroke()


def _text(context: "Any", item: "Object") -> None:
    context.font = _font(item.get("font", "sans-serif"), item.get("size", 16))
    context.textAlign = item.get("align", "left")
    context.textBaseline = item.get("baseline", "top")
    context.fillStyle = item["color"]
    context.fillText(item["text"], item["x"], item["y"])


def _font(family: str, size: float) -> str:
    """Return a CSS font: the words for its style come before the size."""
    style = ""
    while family.startswith(("bold ", "italic ")):
        word, family = family.split(" ", 1)
        style += word + " "
    return f"{style}{size}px {family}"


def _image(context: "Any", item: "Object", image: "Any") -> None:
    place = item["x"], item["y"], item["width"], item["height"]
    if image is MISSING:
        _rectangle(context, {**item, "color": "rgb(128 128 128 / 40%)", "outline": "#808080"})
    elif image is not None:
        frame = item.get("frame", ())
        # A sprite that is enlarged stays sharp: smoothing mixes in its neighbours on the sheet.
        context.imageSmoothingEnabled = not frame or item["width"] <= frame[2]
        context.drawImage(image, *frame, *place)


def _middle(item: "Object") -> "tuple[float, float]":
    """Return what an object turns around."""
    if "points" in item or "x1" in item:
        points = item.get("points") or [(item["x1"], item["y1"]), (item["x2"], item["y2"])]
        xs, ys = [x for x, _ in points], [y for _, y in points]
        return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    return item["x"] + item.get("width", 0) / 2, item["y"] + item.get("height", 0) / 2


SHAPES: "dict[str, Shape]" = {
    "rectangle": _rectangle,
    "circle": _circle,
    "ellipse": _ellipse,
    "line": _line,
    "polyline": _polyline,
    "polygon": _polygon,
    "arc": _arc,
    "text": _text,
}
