"""Drawing for environments: shapes, text and images as plain data. Runs in the worker and CPython.

    surface = Surface(600, 400, background="#f6f8fa")

    def render(self):
        surface.rectangle(0, 300, 600, 2, "#222", id="track", permanent=True)
        surface.rectangle(self.x - 25, 285, 50, 30, "steelblue", angle=self.tilt)
        surface.text(f"step {self.steps}", 590, 10, align="right")
        return surface.commit()

Coordinates are pixels from the top left corner, y down. Colours are CSS colours, such as
``"#08c"``, ``"tomato"`` or ``"rgb(0 0 0 / 50%)"``. What is drawn belongs to the next frame alone,
but for permanent objects, which stay until they are removed. They may be drawn once, or for each
frame, as above: the canvas paints them again only when one of them has changed.

Each shape takes these keywords too:

    id             name of the object: a str or an int
    permanent      keep it until it is removed; needs an id
    depth          higher is nearer; at the same depth, permanent objects lie below the others, and
                   what was drawn first lies below what was drawn later
    alpha          opacity from 0 to 1
    angle          radians, clockwise: around the middle of the object (of a text: around its x, y)
    relative       coordinates and sizes are fractions: of the surface's width (x, width), of its
                   height (y, height, size of a text), of the smaller of both (radius); the widths
                   of lines stay pixels
    outline        of a rectangle, circle, ellipse or polygon: the colour of its line; the colour
                   of its inside may be None then
    outline_width  pixels

A packet is the whole picture, made of dicts, lists, strs and numbers, so that a page can draw it by
itself: its objects by depth, those of one depth in the order of the packet. An object has the
``object_type`` (the name of its method), the arguments of that method, lengths always in pixels,
and those of the keywords above that differ from their default. Permanent objects are the same dicts
in each packet: whoever wants to change one takes a copy.
"""

from . import checks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, Self, Unpack

    from .checks import Common, Filled, Id, Number, Object, Packet, Points


class Surface:
    """A picture of a fixed size; see the module.

    Every method that draws returns the surface. Each raises ``TypeError`` or ``ValueError`` for an
    argument that is not what it should be, and names it. NumPy's numbers are numbers. A frame that
    grows and grows, as without ``commit``, is a ``RuntimeError``.

    Args:
        width, height: pixels.
        background: the colour behind everything.
    """

    def __init__(self, width: "Number", height: "Number", background: str = "#ffffff") -> None:
        self.width = checks.number("width", width)
        self.height = checks.number("height", height)
        if self.width < 1 or self.height < 1:
            raise ValueError(f"expected a surface of at least 1 x 1 pixels, got {width} x {height}")
        self.background = checks.text("background", background)
        self._scale = self.width, self.height, min(self.width, self.height)
        self._temporary: list[Object] = []
        self._permanent: dict[Id, Object] = {}

    def rectangle(
        self,
        x: "Number",
        y: "Number",
        width: "Number",
        height: "Number",
        color: "str | None" = "#000",
        **common: "Unpack[Filled]",
    ) -> "Self":
        """Draw a rectangle whose top left corner is at x, y."""
        lengths = {"x": x, "y": y, "width": width, "height": height}
        return self._draw("rectangle", lengths, checks.filling(color), common)

    def circle(
        self, x: "Number", y: "Number", radius: "Number", color: "str | None" = "#000",
        **common: "Unpack[Filled]",
    ) -> "Self":  # fmt: skip
        """Draw a circle around x, y."""
        lengths = {"x": x, "y": y, "radius": radius}
        return self._draw("circle", lengths, checks.filling(color), common)

    def ellipse(
        self,
        x: "Number",
        y: "Number",
        radius_x: "Number",
        radius_y: "Number",
        color: "str | None" = "#000",
        **common: "Unpack[Filled]",
    ) -> "Self":
        """Draw an ellipse around x, y."""
        lengths = {"x": x, "y": y, "radius_x": radius_x, "radius_y": radius_y}
        return self._draw("ellipse", lengths, checks.filling(color), common)

    def polygon(
        self, points: "Points", color: "str | None" = "#000", **common: "Unpack[Filled]"
    ) -> "Self":
        """Draw a polygon with corners at ``points``: pairs of x and y, or an array ``(n, 2)``."""
        return self._draw("polygon", {"points": points}, checks.filling(color), common)

    def line(
        self,
        x1: "Number",
        y1: "Number",
        x2: "Number",
        y2: "Number",
        color: str = "#000",
        line_width: "Number" = 1,
        **common: "Unpack[Common]",
    ) -> "Self":
        """Draw a line from x1, y1 to x2, y2."""
        lengths = {"x1": x1, "y1": y1, "x2": x2, "y2": y2}
        return self._draw("line", lengths, checks.stroke(color, line_width), common)

    def polyline(
        self,
        points: "Points",
        color: str = "#000",
        line_width: "Number" = 1,
        **common: "Unpack[Common]",
    ) -> "Self":
        """Draw a line through points; see ``polygon``."""
        return self._draw("polyline", {"points": points}, checks.stroke(color, line_width), common)

    def arc(
        self,
        x: "Number",
        y: "Number",
        radius: "Number",
        start: "Number",
        end: "Number",
        color: str = "#000",
        line_width: "Number" = 1,
        **common: "Unpack[Common]",
    ) -> "Self":
        """Draw a part of a circle's line, clockwise from ``start`` to ``end``: radians, 0 right."""
        other = {"start": checks.number("start", start), "end": checks.number("end", end)}
        lengths = {"x": x, "y": y, "radius": radius}
        return self._draw("arc", lengths, other | checks.stroke(color, line_width), common)

    def text(
        self,
        text: object,
        x: "Number",
        y: "Number",
        color: str = "#000",
        size: "Number" = 16,
        font: str = "sans-serif",
        align: str = "left",
        baseline: str = "top",
        **common: "Unpack[Common]",
    ) -> "Self":
        """Write ``str(text)`` on one line.

        x is its ``align``: ``left``, ``center`` or ``right``; y is its ``baseline``: ``top``,
        ``middle`` or ``bottom``. ``size`` is in pixels, ``font`` a CSS font family.
        """
        other = {"text": str(text), "color": checks.text("color", color)}
        other |= {"font": checks.text("font", font)}
        other |= {"align": checks.one_of("align", align, checks.ALIGN)}
        other |= {"baseline": checks.one_of("baseline", baseline, checks.BASELINE)}
        return self._draw("text", {"x": x, "y": y, "size": size}, other, common)

    def image(
        self,
        src: str,
        x: "Number",
        y: "Number",
        width: "Number",
        height: "Number",
        frame: "Sequence[Number] | None" = None,
        **common: "Unpack[Common]",
    ) -> "Self":
        """Draw an image whose top left corner is at x, y.

        ``src`` is its address, relative to the page. ``frame`` is the part of it to draw, as of a
        sprite sheet: x, y, width and height, in the image's own pixels.
        """
        other: Object = {"src": checks.text("src", src)}
        if frame is not None:
            other["frame"] = [checks.number("frame", number) for number in frame]
            if len(other["frame"]) != 4:
                raise ValueError(f"expected frame to be (x, y, width, height), got {frame!r:.80}")
        lengths = {"x": x, "y": y, "width": width, "height": height}
        return self._draw("image", lengths, other, common)

    def remove(self, id: "Id") -> "Self":
        """Remove the objects with that id, permanent or of this frame; none is fine too."""
        self._permanent.pop(id, None)
        self._temporary = [item for item in self._temporary if item.get("id") != id]
        return self

    def clear(self) -> "Self":
        """Remove everything."""
        self._permanent, self._temporary = {}, []
        return self

    def commit(self) -> "Packet":
        """Return the frame, and begin the next one.

        Returns:
            ``width``, ``height``, ``background`` and ``game_state_objects``: the permanent objects,
            then what was drawn for this frame. What is drawn later does not change it.
        """
        objects, self._temporary = [*self._permanent.values(), *self._temporary], []
        return {
            "width": self.width,
            "height": self.height,
            "background": self.background,
            "game_state_objects": objects,
        }

    def _draw(self, kind: str, lengths: "Object", other: "Object", common: "Any") -> "Self":
        item: Object = {"object_type": kind}
        scale = self._scale if common.get("relative") else (1, 1, 1)
        for name, value in lengths.items():
            if name == "points":
                item[name] = checks.points(value, scale)
            else:
                item[name] = checks.number(name, value) * scale[checks.AXES[name]]
        item.update(other)
        known = checks.FILLED if kind in checks.WITH_INSIDE else checks.COMMON
        for name, value in common.items():
            if name not in known:
                raise TypeError(f"{kind} has no keyword {name!r}; it has {', '.join(known)}")
            if value != known[name] and name != "relative":
                item[name] = checks.keyword(name, value)
        if not item.get("permanent"):
            if len(self._temporary) >= checks.MOST:
                self._temporary = []
                raise RuntimeError(
                    f"{checks.MOST} objects were drawn for one frame, and never committed: let "
                    "render() end with `return surface.commit()`"
                )
            self._temporary.append(item)
        elif "id" not in item:
            raise ValueError(f"a permanent {kind} needs an id: add id={kind!r}, for example")
        elif self._permanent.get(item["id"]) != item:  # else it stays the same dict
            self._permanent[item["id"]] = item
        return self
