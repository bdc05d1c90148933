"""What keys are called: a key has one name, however it is spelled. Runs everywhere.

pressed_name("A") == pressed_name("a") == "a"
pressed_name("Space") == " "
"""

ALIASES = {"Space": " ", "Spacebar": " ", "Esc": "Escape", "Return": "Enter"}
"""Other names of keys: those of older browsers, and what people call them."""

_CAPITALS = (
    (0xC0, 0xD6, 32),
    (0xD8, 0xDE, 32),
    (0x391, 0x3AB, 32),
    (0x400, 0x40F, 80),
    (0x410, 0x42F, 32),
)
"""First, last, and how far off the small letter is: Latin, Greek, Cyrillic."""


def pressed_name(key: str) -> str:
    """Return the one name of a key that went down or up: letters in lower case, no alias.

    Args:
        key: as ``KeyboardEvent.key`` has it, or an alias.
    """
    if len(key) != 1:
        return ALIASES.get(key, key)
    lower = key.lower()
    if lower != key:
        return lower if len(lower) == 1 else key
    code = ord(key)  # MicroPython's `lower` knows the letters of English
    for first, last, distance in _CAPITALS:
        if first <= code <= last:
            return chr(code + distance)
    return key
