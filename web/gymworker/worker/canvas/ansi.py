r"""Text with ANSI colours, as ``render_mode="ansi"`` gives it. Runs in the worker.

lines("a\x1b[41mb\x1b[0m")  # [[(0, "a", TEXT, None), (1, "b", TEXT, "#e5534b")]]
"""

import re

TEXT, PAPER = "#e6edf3", "#161b22"
"""Colours of text and background: a terminal's, which a light page and a dark one both suit."""

COLORS = ("#484f58", "#e5534b", "#57ab5a", "#c69026", "#539bf5", "#b083f0", "#39c5cf", "#adbac7")
BRIGHT = ("#768390", "#ff938a", "#6bc46d", "#daaa3f", "#6cb6ff", "#dcbdfb", "#56d4dd", "#ffffff")

ESCAPE = re.compile(r"\x1b\[([0-9;]*)([A-Za-z])")

TYPE_CHECKING = False
if TYPE_CHECKING:
    Run = tuple[int, str, str, str | None]


class Style:
    """The colours in force; they last over the ends of lines."""

    def __init__(self) -> None:
        self.text: str = TEXT
        self.paper: str | None = None
        self.inverse = False

    def apply(self, codes: "list[int]") -> None:
        """Follow the numbers of one escape sequence; those of no colour change nothing."""
        while codes:
            code = codes.pop(0)
            if code == 0:
                self.__init__()  # type: ignore[misc]
            elif code in (7, 27):
                self.inverse = code == 7
            elif code in (38, 48):  # 256 colours, or red, green and blue
                self._set(code - 38, _extended(codes))
            elif code in (39, 49):
                self._set(code - 39, None)
            elif 30 <= code % 60 < 48 and code % 10 < 8 and code < 108:
                palette = BRIGHT if code >= 90 else COLORS
                self._set((code % 60 - 30) // 10 * 10, palette[code % 10])

    def _set(self, which: int, color: "str | None") -> None:
        if which:
            self.paper = color
        else:
            self.text = color or TEXT


def lines(text: str) -> "list[list[Run]]":
    """Return the runs of each line: column, text, colour, and that of the background or None.

    Tabs are widened to 8 columns; escape sequences other than colours are left out.
    """
    style = Style()
    return [_runs(line.expandtabs(8), style) for line in text.rstrip("\n").split("\n")]


def _runs(line: str, style: Style) -> "list[Run]":
    found: list[Run] = []
    column = start = 0
    for match in [*ESCAPE.finditer(line), None]:
        piece = line[start : match.start() if match else len(line)].replace("\r", "")
        if piece:
            color, paper = style.text, style.paper
            if style.inverse:
                color, paper = paper or PAPER, color
            found.append((column, piece, color, paper))
            column += len(piece)
        if match:
            start = match.end()
            if match[2] == "m":
                style.apply([int(code or 0) for code in match[1].split(";")])
    return found


def _extended(codes: "list[int]") -> "str | None":
    """Take a colour of the extended kinds off the front of the codes."""
    kind = codes.pop(0) if codes else 0
    if kind == 2 and len(codes) >= 3:
        red, green, blue = codes.pop(0), codes.pop(0), codes.pop(0)
        return f"rgb({red} {green} {blue})"
    if kind != 5 or not codes:
        return None
    index = codes.pop(0)
    if index < 16:
        return (COLORS + BRIGHT)[index]
    if index >= 232:
        level = 8 + 10 * (index - 232)
        return f"rgb({level} {level} {level})"
    index -= 16
    red, green, blue = (
        0 if not n else 55 + 40 * n for n in (index // 36, index // 6 % 6, index % 6)
    )
    return f"rgb({red} {green} {blue})"
