"""The numbers that pygame gives to flags, kinds of events and keys."""

from __future__ import annotations

from ._lacking import attributes_of

# Flags of a Surface and of the display.
SRCALPHA = 0x00010000
SRCCOLORKEY = 0x00001000
SWSURFACE = 0
HWSURFACE = 1
ASYNCBLIT = 4
HWACCEL = 0x00000100
RLEACCEL = 0x00004000
PREALLOC = 0x01000000
FULLSCREEN = -0x80000000
OPENGL = 0x00000002
RESIZABLE = 0x00000010
NOFRAME = 0x00000020
SHOWN = 64
HIDDEN = 128
SCALED = 0x00000200
DOUBLEBUF = 0x40000000

# Ways of drawing one Surface on another.
BLEND_RGB_ADD = BLEND_ADD = 1
BLEND_RGB_SUB = BLEND_SUB = 2
BLEND_RGB_MULT = BLEND_MULT = 3
BLEND_RGB_MIN = BLEND_MIN = 4
BLEND_RGB_MAX = BLEND_MAX = 5

# Kinds of events.
NOEVENT = 0
QUIT = 256
KEYDOWN = 768
KEYUP = 769
TEXTINPUT = 771
MOUSEMOTION = 1024
MOUSEBUTTONDOWN = 1025
MOUSEBUTTONUP = 1026
MOUSEWHEEL = 1027
JOYAXISMOTION = 1536
JOYBUTTONDOWN = 1539
JOYBUTTONUP = 1540
ACTIVEEVENT = 32768
VIDEORESIZE = 32769
VIDEOEXPOSE = 32770
WINDOWRESIZED = 32777
WINDOWCLOSE = 32786
USEREVENT = 32865
NUMEVENTS = 65535

BUTTON_LEFT, BUTTON_MIDDLE, BUTTON_RIGHT, BUTTON_WHEELUP, BUTTON_WHEELDOWN = 1, 2, 3, 4, 5

KMOD_NONE = 0
KMOD_LSHIFT, KMOD_RSHIFT, KMOD_SHIFT = 1, 2, 3
KMOD_LCTRL, KMOD_RCTRL, KMOD_CTRL = 64, 128, 192
KMOD_LALT, KMOD_RALT, KMOD_ALT = 256, 512, 768

# Keys that write something have the number of what they write; the others that of their place on
# a keyboard, with this bit.
_PLACE = 1 << 30

KEYS: dict[str, int] = {
    **{f"K_{sign}": ord(sign) for sign in "abcdefghijklmnopqrstuvwxyz0123456789"},
    **{f"K_F{number}": _PLACE + 57 + number for number in range(1, 13)},
    **{f"K_KP{digit}": _PLACE + 88 + digit for digit in range(1, 10)},
    **{f"K_KP_{digit}": _PLACE + 88 + digit for digit in range(1, 10)},
    "K_UNKNOWN": 0,
    "K_BACKSPACE": 8,
    "K_TAB": 9,
    "K_RETURN": 13,
    "K_ESCAPE": 27,
    "K_SPACE": 32,
    "K_EXCLAIM": 33,
    "K_QUOTEDBL": 34,
    "K_HASH": 35,
    "K_DOLLAR": 36,
    "K_PERCENT": 37,
    "K_AMPERSAND": 38,
    "K_QUOTE": 39,
    "K_LEFTPAREN": 40,
    "K_RIGHTPAREN": 41,
    "K_ASTERISK": 42,
    "K_PLUS": 43,
    "K_COMMA": 44,
    "K_MINUS": 45,
    "K_PERIOD": 46,
    "K_SLASH": 47,
    "K_COLON": 58,
    "K_SEMICOLON": 59,
    "K_LESS": 60,
    "K_EQUALS": 61,
    "K_GREATER": 62,
    "K_QUESTION": 63,
    "K_AT": 64,
    "K_LEFTBRACKET": 91,
    "K_BACKSLASH": 92,
    "K_RIGHTBRACKET": 93,
    "K_CARET": 94,
    "K_UNDERSCORE": 95,
    "K_BACKQUOTE": 96,
    "K_DELETE": 127,
    "K_CAPSLOCK": _PLACE + 57,
    "K_INSERT": _PLACE + 73,
    "K_HOME": _PLACE + 74,
    "K_PAGEUP": _PLACE + 75,
    "K_END": _PLACE + 77,
    "K_PAGEDOWN": _PLACE + 78,
    "K_RIGHT": _PLACE + 79,
    "K_LEFT": _PLACE + 80,
    "K_DOWN": _PLACE + 81,
    "K_UP": _PLACE + 82,
    "K_KP_DIVIDE": _PLACE + 84,
    "K_KP_MULTIPLY": _PLACE + 85,
    "K_KP_MINUS": _PLACE + 86,
    "K_KP_PLUS": _PLACE + 87,
    "K_KP_ENTER": _PLACE + 88,
    "K_KP0": _PLACE + 98,
    "K_KP_0": _PLACE + 98,
    "K_KP_PERIOD": _PLACE + 99,
    "K_LCTRL": _PLACE + 224,
    "K_LSHIFT": _PLACE + 225,
    "K_LALT": _PLACE + 226,
    "K_LMETA": _PLACE + 227,
    "K_RCTRL": _PLACE + 228,
    "K_RSHIFT": _PLACE + 229,
    "K_RALT": _PLACE + 230,
    "K_RMETA": _PLACE + 231,
}

__all__ = [
    *(name for name in dir() if name.isupper() and name[0] != "_" and name != "KEYS"),
    *(name for name in KEYS),
]


def __getattr__(name: str) -> int:
    """Return the number of a key."""
    try:
        return KEYS[name]
    except KeyError:
        attributes_of(__name__)(name)
