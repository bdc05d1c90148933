"""Names of environments with keyword arguments, as text. Needs no document.

    FrozenLake-v1                                       Gymnasium's ids
    FrozenLake-v1(is_slippery=False, map_name="8x8")
    pettingzoo.classic.connect_four_v3                  PettingZoo's modules

The values are Python's literals. They are read here and never run: they may come from a link.
"""

from gymworker.page.named import is_module

SIGNS = "_-.:/"
"""What an id has beside letters and digits."""

ESCAPES = {"n": "\n", "t": "\t"}

DEEPEST = 8
"""Brackets in brackets: the page's Python has a small stack."""

WORDS = {"True": True, "False": False, "None": None}


def read(text):
    """Return an id and its keyword arguments, a dict.

    Args:
        text: as the module's docstring shows it; the version has to be there.

    Raises:
        ValueError: why it cannot be read, as a sentence.
    """
    text = text.strip()
    id, bracket, _ = text.partition("(")
    id = id.strip()
    if not is_id(id):
        raise ValueError(
            "Expected an id with its version, such as CartPole-v1, or a module, such as "
            "pettingzoo.classic.chess_v6, not “" + _short(id) + "”."
        )  # fmt: skip
    if not bracket:
        return id, {}
    reader = _Reader(text, text.index("(") + 1)
    arguments = reader.pairs(")", reader.name, "=")
    reader.space()
    if reader.at < len(text):
        reader.fail("the end")
    return id, arguments


def write(id, arguments):
    """Return what ``read`` reads; the same arguments give the same text."""
    if not arguments:
        return id
    given = [name + "=" + _literal(arguments[name]) for name in sorted(arguments)]
    return id + "(" + ", ".join(given) + ")"


def same(text):
    """Return a text as ``write`` has it; None if it cannot be read."""
    try:
        return write(*read(text))
    except ValueError:
        return None


def is_id(text):
    """Tell whether a text is an id with a version, or a module with one."""
    if is_module(text):
        return True
    name, dash, version = text.rpartition("-v")
    return bool(dash and name) and version.isdigit() and all(_of_id(sign) for sign in name)


class _Reader:
    """Reads Python's literals, one after the other."""

    def __init__(self, text, at):
        self._text, self.at = text, at
        self._depth = 0

    def space(self):
        while self.at < len(self._text) and self._text[self.at] in " \t\r\n":
            self.at += 1

    def fail(self, expected):
        rest = self._text[self.at :]
        came = "“" + _short(rest) + "”" if rest else "the end"
        raise ValueError("Expected " + expected + " in the arguments, got " + came + ".")

    def pairs(self, end, key, between):
        """Read up to an end what has two parts each; return a dict."""
        found = {}
        while not self._ends(end):
            name = key()
            if name in found:
                raise ValueError("Expected each name once, got " + str(name) + " twice.")
            self._take(between)
            found[name] = self.value()
            self._comma(end)
        return found

    def name(self):
        self.space()
        start = self.at
        while self.at < len(self._text) and _of_id(self._text[self.at], "_"):
            self.at += 1
        if start == self.at or self._text[start].isdigit():
            self.at = start
            self.fail('the name of one, as in map_name="8x8",')
        return self._text[start : self.at]

    def value(self):
        self.space()
        sign = self._text[self.at : self.at + 1]
        if sign and sign in "\"'":
            return self._string(sign)
        if sign == "[" or sign == "(":
            return self._items("]" if sign == "[" else ")")
        if sign == "{":
            return self._dict()
        start = self.at
        while self.at < len(self._text) and _of_id(self._text[self.at], "+-._"):
            self.at += 1
        word = self._text[start : self.at]
        if word in WORDS:
            return WORDS[word]
        if word[-1:].isdigit() or word.endswith("."):
            for kind in (int, float):
                try:
                    return kind(word)
                except ValueError:
                    pass
        self.at = start
        return self.fail('a value such as 3, 0.5, True, None, "text" or [1, 2]')

    def _dict(self):
        self._deeper()
        self.at += 1
        found = self.pairs("}", self._key, ":")
        self._depth -= 1
        return found

    def _key(self):
        self.space()
        start = self.at
        key = self.value()
        if isinstance(key, (list, dict, tuple)):
            self.at = start
            self.fail("a text or a number for a key")
        return key

    def _deeper(self):
        self._depth += 1
        if self._depth > DEEPEST:
            self.fail("fewer brackets in brackets")

    def _string(self, quote):
        self.at += 1
        found = ""
        while self.at < len(self._text):
            sign = self._text[self.at]
            self.at += 1
            if sign == quote:
                return found
            if sign == "\\":
                sign = self._text[self.at : self.at + 1]
                sign = ESCAPES.get(sign, sign)
                self.at += 1
            found += sign
        return self.fail("the end of a text, " + quote + ",")

    def _items(self, end):
        self._deeper()
        self.at += 1
        found, comma = [], False
        while not self._ends(end):
            found.append(self.value())
            comma = self._comma(end)
        self._depth -= 1
        if end == "]":
            return found
        return found[0] if len(found) == 1 and not comma else tuple(found)

    def _ends(self, end):
        """Go past an end, if it is there."""
        self.space()
        if self._text[self.at : self.at + 1] != end:
            return False
        self.at += 1
        return True

    def _comma(self, end):
        """Go past a comma, which may only miss before an end; tell whether it is there."""
        self.space()
        sign = self._text[self.at : self.at + 1]
        if sign == ",":
            self.at += 1
        elif sign != end:
            self.fail("a comma or " + end)
        return sign == ","

    def _take(self, sign):
        self.space()
        if self._text[self.at : self.at + 1] != sign:
            self.fail(sign)
        self.at += 1


def _literal(value):
    if isinstance(value, str):
        for sign, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t")):
            value = value.replace(sign, escaped)
        return '"' + value + '"'
    if isinstance(value, dict):
        pairs = [_literal(key) + ": " + _literal(item) for key, item in value.items()]
        return "{" + ", ".join(sorted(pairs)) + "}"  # MicroPython's dicts have no order
    if isinstance(value, list):
        return "[" + ", ".join([_literal(item) for item in value]) + "]"
    if isinstance(value, tuple):
        return "(" + "".join([_literal(item) + ", " for item in value]).strip() + ")"
    return repr(value)


def _of_id(sign, signs=SIGNS):
    return sign.isalpha() or sign.isdigit() or sign in signs


def _short(text):
    return text if len(text) <= 40 else text[:39] + "…"
