"""Which key an event is about, and what stands on its cap. Runs on the page.

A key is what it types. One that types no letter of English (another script, a dead key, an input
method) is what stands there on an English keyboard, which is what ``event.code`` says.
"""

from gymworker.keynames import pressed_name

GLYPHS = {
    "ArrowLeft": "←",
    "ArrowRight": "→",
    "ArrowUp": "↑",
    "ArrowDown": "↓",
    " ": "Space",
    "Escape": "Esc",
    "Control": "Ctrl",
    "PageUp": "Page Up",
    "PageDown": "Page Down",
}
NAMES = {
    "ArrowLeft": "Left arrow",
    "ArrowRight": "Right arrow",
    "ArrowUp": "Up arrow",
    "ArrowDown": "Down arrow",
    "Escape": "Escape",
    "Control": "Control",
}

SCROLLING = ("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", " ", "PageUp", "PageDown", "Home")
SCROLLING += ("End",)
"""What scrolls a page."""

NAMELESS = ("", "Dead", "Process", "Unidentified")
"""What ``event.key`` is while the key itself has no name."""

SIGNS = {
    "Space": " ",
    "Minus": "-",
    "Equal": "=",
    "BracketLeft": "[",
    "BracketRight": "]",
    "Backslash": "\\",
    "Semicolon": ";",
    "Quote": "'",
    "Backquote": "`",
    "Comma": ",",
    "Period": ".",
    "Slash": "/",
    "NumpadAdd": "+",
    "NumpadSubtract": "-",
    "NumpadMultiply": "*",
    "NumpadDivide": "/",
    "NumpadDecimal": ".",
    "NumpadEnter": "Enter",
}
"""Codes of keys that are not called like what they type."""

SIDED = ("Shift", "Control", "Alt", "Meta")
"""Keys of which a keyboard has a left and a right one."""


def glyph(key):
    """Return what stands on a key's cap."""
    return GLYPHS.get(key, key.upper() if len(key) == 1 else key)


def spoken(key):
    """Return a key's name for people who listen."""
    return NAMES.get(key, glyph(key))


def english(code):
    """Return what a key is called on an English keyboard, from its ``KeyboardEvent.code``."""
    if code.startswith("Key"):
        return code[3:].lower()
    for row in ("Digit", "Numpad"):
        if code.startswith(row) and code[len(row) :].isdigit():
            return code[len(row) :]
    for name in SIDED:
        if code in (name + "Left", name + "Right"):
            return name
    return SIGNS.get(code, code)


def key_of(event, wanted):
    """Return the name of the key that a ``KeyboardEvent`` is about.

    Args:
        event: the event.
        wanted: the keys that mean something.
    """
    key, there = pressed_name(event.key or ""), english(event.code or "")
    if key in NAMELESS:
        return there
    if key in wanted or there not in wanted:
        return key
    if len(key) > 1:  # such as ArrowLeft, which 4 of the keypad is without NumLock
        return there if (event.code or "").startswith("Numpad") else key
    # A digit may need Shift, or be typed with it, where Shift is a key of the game.
    return there if there.isdigit() or ord(key) > 126 else key


def chosen(event):
    """Return the name of the key that somebody chose by pressing it, "" if it has none."""
    key, there = pressed_name(event.key or ""), english(event.code or "")
    foreign = len(key) == 1 and ord(key) > 126 and (event.code or "").startswith("Key")
    return there if foreign or key in NAMELESS else key
