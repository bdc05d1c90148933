"""pygame's codes of keys, and what a browser calls these keys. Runs in the worker.

A code is that of the key's character, such as ``ord("a")``. A key without one has a code of its
own: in pygame 2 its place on the keyboard (a scancode of SDL) and a bit that says so, in pygame 1 a
number from 256 on. The keys of the keypad are what they type.
"""

_PLACE = 1 << 30
"""The bit that makes a scancode a key code."""

_BY_PLACE = {
    57: ("CapsLock",),
    58: tuple(f"F{number}" for number in range(1, 13)),
    70: ("PrintScreen", "ScrollLock", "Pause", "Insert", "Home", "PageUp", "Delete", "End"),
    78: ("PageDown", "ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp", "NumLock"),
    84: ("/", "*", "-", "+", "Enter", "1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "."),
    101: ("ContextMenu", "Power", "="),
    104: tuple(f"F{number}" for number in range(13, 25)),
    116: ("Execute", "Help", "ContextMenu", "Select", "BrowserStop", "Again", "Undo", "Cut"),
    124: ("Copy", "Paste", "Find", "AudioVolumeMute", "AudioVolumeUp", "AudioVolumeDown"),
    133: (",", "="),
    154: ("PrintScreen", "Cancel", "Clear"),
    180: ("€", "¢"),
    224: ("Control", "Shift", "Alt", "Meta", "Control", "Shift", "Alt", "Meta"),
    257: ("AltGraph",),
    270: ("BrowserBack",),
}
"""Names of keys by the scancode of the first, those next to it in order."""

_OF_PYGAME_1 = {
    12: ("Clear",),
    19: ("Pause",),
    256: ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", ".", "/", "*", "-", "+", "Enter", "="),
    273: ("ArrowUp", "ArrowDown", "ArrowRight", "ArrowLeft"),
    277: ("Insert", "Home", "End", "PageUp", "PageDown"),
    282: tuple(f"F{number}" for number in range(1, 16)),
    300: ("NumLock", "CapsLock", "ScrollLock", "Shift", "Shift", "Control", "Control"),
    307: ("Alt", "Alt", "Meta", "Meta", "Meta", "Meta", "AltGraph"),
    315: ("Help", "PrintScreen", "PrintScreen", "Pause", "ContextMenu", "Power", "€", "Undo"),
}

PYGAME_KEYS = {
    **{8: "Backspace", 9: "Tab", 13: "Enter", 27: "Escape", 127: "Delete"},
    **{first + i: name for first, names in _OF_PYGAME_1.items() for i, name in enumerate(names)},
    **{_PLACE + at + i: name for at, names in _BY_PLACE.items() for i, name in enumerate(names)},
}
"""Keys by their code: those without a character, and those whose character has a name."""

NAMED_KEYS = {name for name in PYGAME_KEYS.values() if len(name) > 1}
"""Keys whose ``KeyboardEvent.key`` is a name rather than a character."""
