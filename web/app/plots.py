"""Small live plots as SVG, cheap enough for the main thread. Runs on the page."""

from .dom import element

POINTS, WIDTH, HEIGHT = 48, 470, 128
"""How many values a plot has, and its size in its own units; see index.html."""

POINT = "%d,%d"
"""A point as SVG has it; made at once, since each piece of text costs MicroPython microseconds."""

LIMIT = 1e300
"""What is larger has no place: the differences of larger values overflow."""


class Plot:
    """A line of the last values over a zero line.

    Args:
        name: of the element, after ``plot-``.
    """

    def __init__(self, name):
        svg = element("plot-" + name)
        self._line = svg.querySelector(".line")
        self._area = svg.querySelector(".area")
        self._values = []
        self._changed = False

    def add(self, value):
        """Add a value; it is there after the next ``draw()``. What is no finite number is not."""
        if value is None or not abs(value) <= LIMIT:
            return
        self._values.append(value)
        if len(self._values) > POINTS:
            self._values.pop(0)
        self._changed = True

    def clear(self):
        """Forget all values."""
        self._values = []
        self._changed = True

    def draw(self):
        """Draw it, if there is something new."""
        if self._changed:
            self._changed = False
            line, area = paths(self._values)
            self._line.setAttribute("points", line)
            self._area.setAttribute("points", area)


def paths(values):
    """Return the points of a plot's line, and of the area between it and zero, as SVG has them."""
    if not values:
        return "", ""
    top, low = max(max(values), 0), min(min(values), 0)
    scale = (HEIGHT - 12) / ((top - low) or 1)
    zero = int(HEIGHT - 4 + low * scale)
    width = WIDTH // (POINTS - 1)
    if len(values) == 1:
        values = values * 2
    points = []
    x = 0
    for value in values:
        points.append(POINT % (x, int(zero - value * scale)))
        x += width
    line = " ".join(points)
    return line, "0," + str(zero) + " " + line + " " + str(x - width) + "," + str(zero)
