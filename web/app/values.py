"""Values of an environment as text: whatever they are, they are shown. Needs no document.

Environments return anything: nan, None, text, huge ints, arrays, objects by agent. Nothing here
raises, and nothing that it returns is long. Runs on the page and in tests.
"""

LONGEST = 150
"""Characters of what is shown of a value."""

SCORE = 40
"""Characters of what is shown of a score, and of an item of a value."""

MOST = 12
"""Items that are shown of a list, and agents of a score."""

DEEPEST = 5
"""Containers in containers that are shown."""

NOTHING = "\u2013"
INF = float("inf")
BIG = 1e9


def amount(value):
    """Return a score as text; one that all agents have is shown once."""
    try:
        return _cut(_amount(value), SCORE if not isinstance(value, dict) else LONGEST)
    except Exception:  # of whatever kind the value is
        return _kind(value)


def written(value):
    """Return an observation, an action or the like as one line, cut where it is long."""
    try:
        return _cut(_written(value, 0), LONGEST)
    except Exception:
        return _kind(value)


def total(value):
    """Return the sum of a score, by agent, objective or not, as a finite float; None if none."""
    try:
        found = _sum(value)
        return found if abs(found) < INF else None  # nan is not less
    except Exception:
        return None


def _sum(value):
    value = _plain(value)
    if isinstance(value, dict):
        value = list(value.values())
    elif not _is_vector(value):
        return float(value)
    found = 0.0
    for part in value:
        found += _sum(part)
    return found


def _amount(value):
    value = _plain(value)
    if value is None:
        return NOTHING
    if isinstance(value, dict):
        parts = [(str(name), _amount(item)) for name, item in value.items()]
        if not parts:
            return NOTHING
        if all(part[1] == parts[0][1] for part in parts):
            return parts[0][1]
        shown = [name + " " + text for name, text in parts[:MOST]]
        return " · ".join(shown) + (" · …" if len(parts) > MOST else "")
    if isinstance(value, float):
        if not abs(value) < INF:
            return _special(value)
        if abs(value) >= BIG:
            return f"{value:.4g}"
        return f"{value:.0f}" if value == int(value) else f"{value:.2f}"
    if _is_vector(value):
        return "[" + ", ".join([_amount(part) for part in value]) + "]"
    return _written(value, 0)


def _is_vector(value):
    """Tell whether a value is a score of a few numbers, as of several objectives."""
    if not isinstance(value, (list, tuple)) and len(getattr(value, "shape", ())) != 1:
        return False
    if not 0 < len(value) <= MOST:
        return False
    return all(type(_plain(part)) in (int, float) for part in value)


def _written(value, depth):
    value = _plain(value)
    if isinstance(value, float):
        if not abs(value) < INF:
            return _special(value)
        return f"{value:.4f}" if abs(value) < BIG else f"{value:.6g}"
    if isinstance(value, (str, bytes, bytearray)):
        return _item(_text(value), depth)
    if isinstance(value, (dict, tuple, list, set, frozenset)) and depth >= DEEPEST:
        return "…"
    if isinstance(value, dict):
        parts = [
            _item(_text(str(key)), 1) + ": " + _written(item, depth + 1)
            for key, item in list(value.items())[:MOST]
        ]
        return "{" + ", ".join(parts) + (", …}" if len(value) > MOST else "}")
    if hasattr(value, "shape"):
        return _array(value, depth)
    if isinstance(value, (tuple, list, set, frozenset)):
        return _items(list(value)[:MOST], len(value), depth)
    return _item(_text(str(value)), depth)


def _item(text, depth):
    """Return a text of a value; in a container it leaves room for the others."""
    return _cut(text, SCORE) if depth else text


def _array(value, depth):
    shape = value.shape
    if len(shape) == 0:
        return _written(value.item(), depth + 1)
    if len(shape) > 1:
        return "array " + str(shape)
    return _items([value[i] for i in range(min(len(value), MOST))], len(value), depth)


def _items(shown, count, depth):
    parts = [_written(item, depth + 1) for item in shown]
    return "[" + ", ".join(parts) + (", …]" if count > MOST else "]")


def _plain(value):
    """Return the number in a NumPy scalar, or in an array of one; anything else as it is."""
    shape = getattr(value, "shape", None)
    if shape is None:
        return value.item() if hasattr(value, "dtype") and hasattr(value, "item") else value
    return value.item() if shape == () else value


def _special(value):
    return "nan" if value != value else "∞" if value > 0 else "-∞"


def _text(value):
    """Return text on one line; what is cut away later is not looked at."""
    text = value[: LONGEST + 1] if isinstance(value, str) else str(value[: LONGEST + 1])
    for sign in ("\r", "\n", "\t"):
        text = text.replace(sign, " ")
    return text


def _cut(text, length):
    return text if len(text) <= length else text[: length - 1] + "…"


def _kind(value):
    """Return what is known of a value that cannot even say what it is."""
    return "a value of the type " + str(type(value).__name__)
