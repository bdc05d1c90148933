"""Numbers out of observations, rewards and actions, and lines of them. Needs no document.

Whatever is no finite number is a gap; nothing here raises. Runs on the page and in tests.
"""

MOST = 8
"""Lines in one plot."""

POINTS = 100
"""Steps that a plot shows."""

WIDTH, HEIGHT, EDGE = 450, 96, 4
"""Of a plot in its own units, and what is left free above and below."""

LINE, DOT = "L%d %d", "M%d %dL%d %d"
"""Of a path, as SVG has them; each is made at once, which costs MicroPython least."""

LIMIT = 1e300
"""What is larger has no place: the differences of larger values overflow."""


def numbers(value):
    """Return the first numbers in a value as a list; None stands for what is none.

    Args:
        value: a number, an array, a tuple or a list of them, or a dict of any of these by agent.
    """
    found = []
    try:
        _collect(value, found)
    except Exception:  # of whatever kind the value is
        found.append(None)
    return found[:MOST]


def _collect(value, found):
    if len(found) >= MOST:
        return
    if isinstance(value, dict):
        for item in value.values():
            _collect(item, found)
    elif getattr(value, "shape", ()) != ():
        size = 1
        for length in value.shape:
            size *= length
        flat = value if len(value.shape) == 1 else value.reshape(-1)
        for i in range(min(size, MOST)):
            found.append(_number(flat[i]))
    elif isinstance(value, (tuple, list)):
        for item in value[:MOST]:
            _collect(item, found)
    else:
        found.append(_number(value))


def _number(value):
    """Return a finite float, None for anything else."""
    if isinstance(value, str):
        return None
    try:
        number = float(value.item() if hasattr(value, "item") else value)
        return number if abs(number) <= LIMIT else None  # nan is not less
    except Exception:
        return None


class Series:
    """The last values of several lines that share one scale."""

    def __init__(self):
        self.clear()

    def clear(self):
        """Forget all values."""
        self._rows = []  # pairs of a place and its numbers, none in a gap
        self._shown = 0  # how many of them count: those after a place where one stands do not

    def stand(self, place):
        """Show nothing after this place; what is added next follows it.

        Returns:
            Whether that changes anything.
        """
        shown = len(self._rows)
        while shown and self._rows[shown - 1][0] > place:
            shown -= 1
        before, self._shown = self._shown, shown
        return shown != before

    @property
    def last(self):
        """The numbers of the last step that is shown, a single one by itself; None if none is."""
        row = self._rows[self._shown - 1][1] if self._shown else []
        return row[0] if len(row) == 1 else row or None

    def add(self, place, row):
        """Add a step.

        Args:
            place: its episode and step; where it does not follow the one before there is a gap.
            row: a number for each line, None for a gap.
        """
        if self._shown < len(self._rows):
            self._rows = self._rows[: self._shown]
        if self._rows:
            episode, step = self._rows[-1][0]
            if place != (episode, step + 1):
                self._rows.append((place, []))
        self._rows.append((place, row))
        while len(self._rows) > POINTS:
            self._rows.pop(0)
        self._shown = len(self._rows)

    def paths(self):
        """Return the lines, each as SVG's ``d`` of a path, and the lowest and highest value."""
        rows = [row for _, row in self._rows[: self._shown]]
        values = [value for row in rows for value in row if value is not None]
        if not values:
            return [], 0.0, 0.0
        low, high = min(values), max(values)
        scale = (HEIGHT - 2 * EDGE) / ((high - low) or 1.0)
        count = max([len(row) for row in rows])
        return [_path(rows, line, low, scale) for line in range(count)], low, high


def _path(rows, line, low, scale):
    parts, pen = [], False
    for i, row in enumerate(rows):
        value = row[line] if line < len(row) else None
        if value is None:
            pen = False
            continue
        x, y = i * WIDTH // POINTS, HEIGHT - EDGE - int((value - low) * scale)
        # A line to its own start is a dot: a value between two gaps is seen, too.
        parts.append(LINE % (x, y) if pen else DOT % (x, y, x, y))
        pen = True
    return "".join(parts)
